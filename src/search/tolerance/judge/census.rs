//! What all candidates of a term together show: which changes were seen, which strings are others than the term.

use std::collections::{BTreeSet, HashMap};

use crate::search::tolerance::align::{Change, Place};

use super::numbers::Numbers;
use super::weights::{ENOUGH, SLACK};

/// Counts over the candidates, in cases.
#[derive(Default)]
pub(super) struct Census {
    /// Cases in which each change was seen.
    seen: HashMap<Change, f32>,
    /// For each letter the cases with a place that has it right and something else wrong.
    right: Vec<f32>,
    /// Cases with each way in which the digits of the term were seen changed, with what else was changed.
    numbers: HashMap<(Vec<Change>, Vec<Change>), f32>,
    /// Strings that seem to be others, as what makes them different, with the cases that hold them.
    others: HashMap<Vec<Change>, f32>,
    /// For each letter how many more cases have something else there than errors explain; no limit while there are
    /// too few cases to tell.
    excess: Vec<f32>,
}

/// Strings that differ from the term at one letter.
#[derive(Clone, Copy, Default)]
pub(super) struct Others {
    /// Cases that hold one of them.
    pub(super) cases: f32,
    /// How many different ones there are.
    pub(super) kinds: f32,
}

impl Census {
    /// Counts the changes of all candidates; the other strings are added by [`Self::add_others`], for which they are
    /// needed.
    pub(super) fn new(letters: usize, exact: f32, numbers: &Numbers, candidates: &[&[Place]]) -> Self {
        let mut census = Self {
            right: vec![0.0; letters],
            excess: vec![f32::MAX; letters + 1],
            ..Self::default()
        };
        for places in candidates {
            let changes: BTreeSet<Change> = places.iter().flat_map(Place::all).collect();
            for change in changes {
                *census.seen.entry(change).or_default() += 1.0;
            }
            for (at, right) in census.right.iter_mut().enumerate() {
                let here = places.iter().any(|place| place.all().all(|change| change.at() != at));
                *right += f32::from(u8::from(here));
            }
            let changed: BTreeSet<_> = places.iter().map(|place| numbers.changed(place)).collect();
            for changed in changed.into_iter().filter(|(digits, _)| !digits.is_empty()) {
                *census.numbers.entry(changed).or_default() += 1.0;
            }
        }
        census.limit_others(exact);
        census
    }

    /// Errors fall on every letter alike: where many more cases differ than at the quietest letters, something else is
    /// meant.
    fn limit_others(&mut self, exact: f32) {
        if exact < ENOUGH {
            return;
        }
        let mut counts = vec![0.0_f32; self.right.len()];
        for (change, count) in &self.seen {
            if let Some(slot) = counts.get_mut(change.at()) {
                *slot += count;
            }
        }
        let mut sorted = counts.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let usual = sorted[(sorted.len() - 1) / 4];
        for (slot, count) in self.excess.iter_mut().zip(counts) {
            *slot = (count - SLACK * (usual + usual.sqrt())).max(0.0);
        }
    }

    /// Takes the strings of a case for others, by what makes them different.
    pub(super) fn add_others(&mut self, strings: BTreeSet<Vec<Change>>) {
        for string in strings.into_iter().filter(|string| !string.is_empty()) {
            *self.others.entry(string).or_default() += 1.0;
        }
    }

    /// Cases in which a change was seen.
    pub(super) fn seen(&self, change: Change) -> f32 {
        self.seen.get(&change).copied().unwrap_or(0.0)
    }

    /// Cases that have this letter right where something else is wrong: copies of other strings that have it, too.
    pub(super) fn right(&self, at: usize) -> f32 {
        self.right.get(at).copied().unwrap_or(0.0)
    }

    /// Cases in which the digits were changed in just this way, and nothing else than here.
    pub(super) fn number(&self, digits: &[Change], place: &Place) -> f32 {
        let same = self.numbers.iter();
        let same =
            same.filter(|((changed, rest), _)| changed == digits && rest.iter().all(|change| place.has(*change)));
        same.map(|(_, cases)| cases).sum()
    }

    /// Different numbers that are the term's but for one digit.
    pub(super) fn next_numbers(&self) -> f32 {
        let single = |changed: &&(Vec<Change>, Vec<Change>)| {
            matches!(changed.0.as_slice(), [Change::Other { .. }]) && changed.1.is_empty()
        };
        #[allow(clippy::cast_precision_loss)] // thousands
        let count = self.numbers.keys().filter(single).count() as f32;
        count
    }

    pub(super) fn excess(&self, at: usize) -> f32 {
        self.excess.get(at).copied().unwrap_or(f32::MAX)
    }

    /// Strings that differ from the term here, and elsewhere only as this place does.
    pub(super) fn others_at(&self, at: usize, place: &Place) -> Others {
        let fits = |string: &Vec<Change>| {
            string.iter().any(|change| change.at() == at)
                && string.iter().all(|change| change.at() == at || place.has(*change))
        };
        let mut others = Others::default();
        for (_, cases) in self.others.iter().filter(|(string, _)| fits(string)) {
            others.cases += cases;
            others.kinds += 1.0;
        }
        others
    }
}
