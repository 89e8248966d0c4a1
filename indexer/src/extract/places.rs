//! Where in a document the name of a field can stand, found once for all fields.
//!
//! There are some hundred names of fields and a page has a thousand characters: looking for each name at each of them is
//! most of the time that reading facts from a text takes.

use std::collections::HashMap;

use super::glyphs::Glyph;
use super::reading::Line;

/// No name of a field is longer, with what may stand around it.
const LONGEST: usize = 32;
/// Lines over which a name may be broken.
const LINES: usize = 3;

/// The characters of a flow by where they stand.
#[derive(Default)]
pub(super) struct Places {
    by_character: HashMap<char, Vec<usize>>,
}

impl Places {
    pub(super) fn of(flow: &[Glyph]) -> Self {
        let mut places = Self::default();
        for (at, glyph) in flow.iter().enumerate() {
            places.by_character.entry(glyph.c).or_default().push(at);
        }
        places
    }

    /// Where a name begins or a misread one may: at its first character, or so far before a colon. Ascending.
    pub(super) fn of_name(&self, name: &[char]) -> Vec<usize> {
        let of = |c: char| self.by_character.get(&c).into_iter().flatten().copied();
        let mut places: Vec<usize> = name.first().into_iter().flat_map(|first| of(*first)).collect();
        places.extend(of('：').filter_map(|colon| colon.checked_sub(name.len())));
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// A label without brackets and number in front.
pub(super) struct BareLabel {
    pub(super) name: Vec<char>,
    /// What stood in the brackets: `签章`.
    pub(super) remark: String,
}

impl BareLabel {
    pub(super) fn of(label: &str) -> Self {
        let label = label.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '、' | '*' | '※'));
        let mut bare = Self {
            name: Vec::new(),
            remark: String::new(),
        };
        let mut depth = 0_usize;
        for c in label.chars() {
            match c {
                '（' => depth += 1,
                '）' => depth = depth.saturating_sub(1),
                '/' => break,
                c if depth > 0 => bare.remark.push(c),
                c => bare.name.push(c),
            }
        }
        bare
    }
}

/// What a few lines say together if they are a label.
pub(super) struct LineLabel {
    pub(super) label: BareLabel,
    /// Characters of the lines before the last one.
    pub(super) before: usize,
}

/// For each line what it says together with none, one or two of those that follow. Lines too long for a label have none.
pub(super) fn line_labels(lines: &[Line<'_>]) -> Vec<Vec<LineLabel>> {
    let labels = |at: usize| {
        let mut joined = String::new();
        let mut labels = Vec::new();
        if lines[at].glyphs.is_empty() {
            return labels;
        }
        let mut count = 0;
        for part in lines[at..].iter().take(LINES) {
            joined.push_str(&part.compact);
            let before = count;
            count += part.glyphs.len();
            if before > LONGEST || (before == 0 && count > LONGEST) {
                break;
            }
            let label = BareLabel::of(joined.trim_end_matches('：'));
            labels.push(LineLabel { label, before });
        }
        labels
    };
    (0..lines.len()).map(labels).collect()
}
