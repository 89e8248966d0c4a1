//! Which characters are taken for which.

use std::collections::BTreeMap;

use super::edit::{Change, Edit, align};
use super::fold;

/// How often each character was read as another, was not read, or was read where there is none.
///
/// Only changes between two runs of at least two right characters count: elsewhere, as where a line stands in another
/// place, the alignment says nothing about single characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusions {
    /// (what is there, what was read) → how often.
    pub replaced: BTreeMap<(char, char), u32>,
    /// What is there and was not read → how often.
    pub dropped: BTreeMap<char, u32>,
    /// What was read and is not there → how often.
    pub invented: BTreeMap<char, u32>,
}

impl Confusions {
    /// Adds those of a page.
    pub fn add_page(&mut self, truth: &str, read: &str) {
        let (truth, read) = (fold(truth), fold(read));
        let edits = align(&truth, &read);
        let sure = |edit: Option<&Edit>| edit.is_some_and(|e| e.change == Change::Equal && e.from.len() >= 2);
        for (at, edit) in edits.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| edits.get(at));
            if !(sure(before) && sure(edits.get(at + 1))) {
                continue;
            }
            let (from, to) = (&truth[edit.from.clone()], &read[edit.to.clone()]);
            match (edit.change, from, to) {
                (Change::Replace, from, to) if from.len() <= 2 => {
                    for pair in from.iter().copied().zip(to.iter().copied()) {
                        *self.replaced.entry(pair).or_default() += 1;
                    }
                }
                (Change::Delete, [one], _) => *self.dropped.entry(*one).or_default() += 1,
                (Change::Insert, _, [one]) => *self.invented.entry(*one).or_default() += 1,
                _ => {}
            }
        }
    }

    /// The most frequent ones as `川>用:3`, `川>:2` for what was dropped, `>人:4` for what was invented.
    pub fn most_frequent(&self, count: usize) -> Vec<String> {
        let replaced = self.replaced.iter().map(|((a, b), n)| (*n, format!("{a}>{b}:{n}")));
        let dropped = self.dropped.iter().map(|(a, n)| (*n, format!("{a}>:{n}")));
        let invented = self.invented.iter().map(|(b, n)| (*n, format!(">{b}:{n}")));
        let mut all: Vec<(u32, String)> = replaced.chain(dropped).chain(invented).collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        all.into_iter().take(count).map(|(_, text)| text).collect()
    }
}
