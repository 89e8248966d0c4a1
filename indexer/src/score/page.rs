//! The figures of a page, and of many.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::fold::contains;
use super::{Truth, distance, fold, strict};

/// The fields that are looked for, by their names in the truth.
pub const FIELDS: [&str; 4] = ["文号", "统一社会信用代码", "身份证号", "申请人名称"];

/// What was read of one page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PageScore {
    /// Edits between truth and what was read, after folding; wrong order counts.
    pub edits: usize,
    /// Characters of the truth after folding.
    pub characters: usize,
    /// Edits without folding.
    pub strict_edits: usize,
    /// Characters of the truth without blanks.
    pub strict_characters: usize,
    /// Characters of the truth that were not read anywhere on the page.
    pub missed: usize,
    /// Characters that were read and stand nowhere on the page.
    pub extra: usize,
    /// Lines of two characters and more that were read exactly, wherever.
    pub lines_found: usize,
    /// Lines of two characters and more.
    pub lines: usize,
    /// Per field of the page: whether its value was read exactly.
    pub fields: BTreeMap<String, bool>,
}

impl PageScore {
    /// Compares what was read with what is there.
    pub fn of(truth: &Truth, read: &str) -> Self {
        let text = truth.text();
        let (there, seen) = (fold(&text), fold(read));
        let (strict_there, strict_seen) = (strict(&text), strict(read));
        let common = in_common(&there, &seen);
        let lines = truth.lines.iter().map(|line| fold(&line.text));
        let lines: Vec<Vec<char>> = lines.filter(|line| line.len() > 1).collect();
        let fields = truth.fields.iter();
        Self {
            edits: distance(&there, &seen),
            strict_edits: distance(&strict_there, &strict_seen),
            strict_characters: strict_there.len(),
            missed: there.len() - common,
            extra: seen.len() - common,
            lines_found: lines.iter().filter(|line| contains(&seen, line)).count(),
            lines: lines.len(),
            fields: fields
                .map(|(name, value)| (name.clone(), contains(&seen, &fold(value))))
                .collect(),
            characters: there.len(),
        }
    }

    /// Edits per character; of a page without text, per one character.
    #[allow(clippy::cast_precision_loss)] // far fewer than 2^52 characters
    pub fn error_rate(&self) -> f64 {
        self.edits as f64 / self.characters.max(1) as f64
    }
}

/// How many characters two texts have in common, in whatever order.
fn in_common(a: &[char], b: &[char]) -> usize {
    let mut left: HashMap<char, usize> = HashMap::new();
    for character in a {
        *left.entry(*character).or_default() += 1;
    }
    b.iter()
        .filter(|character| match left.get_mut(character) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        })
        .count()
}

/// The figures of many pages, weighted by their characters; shares in per cent.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// How many pages.
    pub pages: usize,
    /// Character error rate after folding.
    pub cer: f64,
    /// Character error rate without folding.
    pub strict_cer: f64,
    /// Error rate of the page in the middle.
    pub median_cer: f64,
    /// Characters not read anywhere on their page.
    pub missed: f64,
    /// Characters read that stand nowhere on their page, in per cent of those that are there.
    pub extra: f64,
    /// Lines read exactly.
    pub lines: f64,
    /// Per field of [`FIELDS`]: read exactly, and how many there are.
    pub fields: BTreeMap<String, (usize, usize)>,
}

impl Summary {
    /// Sums pages up.
    #[allow(clippy::cast_precision_loss)] // far fewer than 2^52 characters
    pub fn of<'a>(pages: impl IntoIterator<Item = &'a PageScore>) -> Self {
        let pages: Vec<&PageScore> = pages.into_iter().collect();
        let sum = |value: fn(&PageScore) -> usize| pages.iter().map(|page| value(page)).sum::<usize>() as f64;
        let share = |part: f64, whole: f64| 100.0 * part / whole.max(1.0);
        let characters = sum(|p| p.characters);
        let mut rates: Vec<f64> = pages.iter().map(|page| page.error_rate()).collect();
        rates.sort_by(f64::total_cmp);
        let field = |name: &str| {
            let found: Vec<bool> = pages.iter().filter_map(|p| p.fields.get(name)).copied().collect();
            (found.iter().filter(|right| **right).count(), found.len())
        };
        Self {
            pages: pages.len(),
            cer: share(sum(|p| p.edits), characters),
            strict_cer: share(sum(|p| p.strict_edits), sum(|p| p.strict_characters)),
            median_cer: rates.get(rates.len() / 2).map_or(0.0, |rate| 100.0 * rate),
            missed: share(sum(|p| p.missed), characters),
            extra: share(sum(|p| p.extra), characters),
            lines: share(sum(|p| p.lines_found), sum(|p| p.lines)),
            fields: FIELDS.iter().map(|name| ((*name).to_owned(), field(name))).collect(),
        }
    }
}
