//! What all candidates of a term together show: which changes were seen, which strings are others than the term.

use std::collections::HashMap;

use crate::search::tolerance::align::{Change, Place};

use super::numbers::Numbers;
use super::weights::{ENOUGH, SLACK};

/// Most changes of a place of which every part is looked up.
const MOST_LOOKED_UP: usize = 6;

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
    strings: HashMap<Vec<Change>, f32>,
    /// The same for each letter at which they differ, by what else makes them different, ascending.
    others: HashMap<usize, HashMap<Vec<Change>, Others>>,
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
    pub(super) fn new(letters: usize, exact: f32, numbers: &Numbers, candidates: &[(&[Place], f32)]) -> Self {
        let mut census = Self {
            right: vec![0.0; letters],
            excess: vec![f32::MAX; letters + 1],
            ..Self::default()
        };
        let mut changes: Vec<Change> = Vec::new();
        for (places, cases) in candidates.iter().copied() {
            changes.clear();
            changes.extend(places.iter().flat_map(Place::all));
            changes.sort_unstable();
            changes.dedup();
            for change in changes.iter().copied() {
                *census.seen.entry(change).or_default() += cases;
            }
            for (at, right) in census.right.iter_mut().enumerate() {
                let here = places.iter().any(|place| place.all().all(|change| change.at() != at));
                *right += if here { cases } else { 0.0 };
            }
            let changed = places.iter().map(|place| numbers.changed(place));
            let mut changed: Vec<_> = changed.filter(|(digits, _)| !digits.is_empty()).collect();
            changed.sort_unstable();
            changed.dedup();
            for changed in changed {
                *census.numbers.entry(changed).or_default() += cases;
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

    /// Takes the strings of so many cases for others, by what makes them different.
    pub(super) fn add_others(&mut self, mut strings: Vec<Vec<Change>>, cases: f32) {
        strings.sort_unstable();
        strings.dedup();
        for string in strings.into_iter().filter(|string| !string.is_empty()) {
            *self.strings.entry(string).or_default() += cases;
        }
    }

    /// Sorts the other strings by where they differ, after the last was added.
    pub(super) fn sort_others(&mut self) {
        for (string, cases) in std::mem::take(&mut self.strings) {
            let mut letters: Vec<usize> = string.iter().map(|change| change.at()).collect();
            letters.sort_unstable();
            letters.dedup();
            for at in letters {
                let others = self.others.entry(at).or_default();
                let others = others.entry(elsewhere(string.iter().copied(), at)).or_default();
                others.cases += cases;
                others.kinds += 1.0;
            }
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
        let Some(strings) = self.others.get(&at) else {
            return Others::default();
        };
        let here = elsewhere(place.all(), at);
        let mut others = Others::default();
        let mut add = |more: &Others| {
            others.cases += more.cases;
            others.kinds += more.kinds;
        };
        // As many lookups as there are ways to differ as this place does, or a look at all: whichever is less.
        if here.len() <= MOST_LOOKED_UP && 1 << here.len() < strings.len() {
            for some in 0..1_usize << here.len() {
                let some = here.iter().enumerate().filter(|(number, _)| some >> number & 1 == 1);
                let some: Vec<Change> = some.map(|(_, change)| *change).collect();
                strings.get(&some).into_iter().for_each(&mut add);
            }
        } else {
            let fits = |string: &Vec<Change>| string.iter().all(|change| here.binary_search(change).is_ok());
            let fitting = strings.iter().filter(|(string, _)| fits(string));
            fitting.for_each(|(_, others)| add(others));
        }
        others
    }
}

/// The changes at other letters, ascending.
fn elsewhere(changes: impl Iterator<Item = Change>, at: usize) -> Vec<Change> {
    let mut changes: Vec<Change> = changes.filter(|change| change.at() != at).collect();
    changes.sort_unstable();
    changes.dedup();
    changes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::search::tolerance::align::Placed;

    fn change() -> impl Strategy<Value = Change> {
        (0..5_usize, 0..4_u16).prop_map(|(at, kind)| match kind {
            0 => Change::Lost { at },
            1 => Change::Stray { at: at + 1, read: 9 },
            read => Change::Other { at, read },
        })
    }

    proptest! {
        #[test]
        fn others_are_those_of_a_look_at_every_string(
            cases in prop::collection::vec(prop::collection::btree_set(prop::collection::vec(change(), 0..4), 0..4), 0..30),
            place in prop::collection::vec(change(), 0..7),
            at in 0..6_usize,
        ) {
            let mut census = Census::default();
            for strings in &cases {
                census.add_others(strings.iter().cloned().collect(), 1.0);
            }
            census.sort_others();
            let placed = |change: &Change| Placed { change: *change, before: 0, after: 0, offered: false };
            let place = Place { start: 0, end: 0, changes: place.iter().map(placed).collect() };
            let fits = |string: &&Vec<Change>| {
                string.iter().any(|change| change.at() == at)
                    && string.iter().all(|change| change.at() == at || place.has(*change))
            };
            let held: Vec<&Vec<Change>> = cases.iter().flatten().filter(fits).collect();
            let kinds: BTreeSet<_> = held.iter().collect();
            let others = census.others_at(at, &place);
            #[allow(clippy::cast_precision_loss)]
            let expected = (held.len() as f32, kinds.len() as f32);
            prop_assert_eq!((others.cases, others.kinds), expected);
        }
    }
}
