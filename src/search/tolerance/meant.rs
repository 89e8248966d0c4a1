//! What the searcher may have meant: a term that stands nowhere, not even misread, was mistyped.

use std::collections::HashMap;

use crate::analysis::are_homophones;
use crate::index::unit;
use crate::search::Error;
use crate::search::plan::Planner;
use crate::search::tree::Term;

use super::BELIEVED;
use super::align::{Change, Place};
use super::candidates::Care;
use super::term_search::{BySegment, Seen, TermSearch, count};

/// Score of a case that holds what was meant, among those that hold it misread.
const MEANT: f32 = 2.0;
/// Most strings that a mistyped term is taken for.
const MOST_MEANT: usize = 3;
/// Fewest letters of a term to which the nearest string is offered when nothing else is found.
const NEAREST_LETTERS: usize = 5;

/// What it costs to take a letter for one that looks like it, sounds like it, or is any other.
const ALIKE: u32 = 2;
const SOUNDS_ALIKE: u32 = 3;
const ONE_LETTER: u32 = 5;

/// The strings nearest to a term.
pub(super) struct Nearest {
    pub(super) texts: Vec<String>,
    /// How many cases hold the most frequent, when it is but a letter away.
    pub(super) held: usize,
    /// Whether they differ in one letter that looks like the typed one.
    pub(super) alike: bool,
}

impl TermSearch<'_> {
    /// The cases that hold what the searcher may have meant, right or misread.
    pub(super) fn mistyped(&self, planner: &Planner<'_>, meant: &[String]) -> Result<BySegment, Error> {
        let mut segments = self.nothing();
        for meant in meant {
            let term = Term {
                letters: self.analyser.normalise(meant),
                values: Vec::new(),
                person_number: None,
                ..self.term.clone()
            };
            let search = self.of(&term);
            let exact = search.search(planner.as_typed(&term).as_ref())?;
            let seen = search.look(&exact, Care::Usual)?;
            #[allow(clippy::cast_precision_loss)] // only the magnitude counts
            let probabilities = search.judged(&seen, count(&exact) as f32);
            let misread = search.at_least(&seen, &probabilities, BELIEVED);
            for ((segment, exact), misread) in segments.iter_mut().zip(exact).zip(misread) {
                segment.extend(exact.into_iter().map(|doc| (doc, MEANT)).chain(misread));
            }
        }
        for segment in &mut segments {
            segment.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)));
            segment.dedup_by_key(|(doc, _)| *doc);
        }
        Ok(segments)
    }

    /// What is nearest to a term that stands nowhere: it was mistyped. The strings that the most cases hold.
    pub(super) fn nearest(&self, seen: &[Seen]) -> Nearest {
        let mut least = u32::MAX;
        let mut meant: HashMap<String, usize> = HashMap::new();
        for place in seen.iter().flat_map(|seen| &seen.places) {
            let Some(cost) = self.cost(place).filter(|cost| *cost <= least) else {
                continue;
            };
            if cost < least {
                (least, meant) = (cost, HashMap::new());
            }
            *meant.entry(self.changed(place)).or_default() += 1;
        }
        let mut meant: Vec<(usize, String)> = meant.into_iter().map(|(text, count)| (count, text)).collect();
        meant.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        // What stands seldom beside what stands often is itself an error.
        let most = meant.first().map_or(0, |(count, _)| *count);
        meant.retain(|(count, _)| 2 * count > most);
        Nearest {
            held: if least <= ONE_LETTER { most } else { 0 },
            alike: least <= ALIKE,
            texts: meant.into_iter().take(MOST_MEANT).map(|(_, text)| text).collect(),
        }
    }

    /// How far what stands at a place is from the term, when it may be meant by it; digits never are mistyped.
    fn cost(&self, place: &Place) -> Option<u32> {
        let mut cost = 0;
        for placed in &place.changes {
            cost += match placed.change {
                Change::Other { at, read } => {
                    let sought = *self.chars.get(at)?;
                    let read = char::from_u32(u32::from(read))?;
                    if sought.is_ascii_digit() || read.is_ascii_digit() {
                        return None;
                    }
                    if self.looks_like(sought, read) {
                        ALIKE
                    } else if are_homophones(sought, read) {
                        SOUNDS_ALIKE
                    } else {
                        ONE_LETTER
                    }
                }
                Change::Lost { at } if self.chars.get(at)?.is_ascii_digit() => return None,
                Change::Lost { .. } | Change::Stray { .. } => ONE_LETTER + 1,
            };
        }
        // In quotes, and in short words, only what looks or sounds alike is taken for it.
        let long_enough = (self.chars.len() >= NEAREST_LETTERS && !self.term.quoted) || cost <= SOUNDS_ALIKE;
        (long_enough && place.changes.len() <= (self.chars.len() / 4).max(1)).then_some(cost)
    }

    /// Whether one letter is taken for the other, whichever way.
    fn looks_like(&self, a: char, b: char) -> bool {
        let confusions = &self.analyser.dictionaries().confusions;
        let taken = |a: char, b: char| confusions.read_as(a).iter().any(|confusion| confusion.read == b);
        taken(a, b) || taken(b, a)
    }

    /// The term with the changes of a place.
    fn changed(&self, place: &Place) -> String {
        let mut units: Vec<u16> = Vec::with_capacity(self.chars.len());
        for (at, c) in self.chars.iter().enumerate() {
            let here = || {
                place
                    .changes
                    .iter()
                    .map(|placed| placed.change)
                    .filter(|change| change.at() == at)
            };
            units.extend(here().filter_map(|change| match change {
                Change::Stray { read, .. } => Some(read),
                _ => None,
            }));
            match here().find(|change| !matches!(change, Change::Stray { .. })) {
                Some(Change::Other { read, .. }) => units.push(read),
                Some(_) => {}
                None => units.push(unit(*c)),
            }
        }
        String::from_utf16_lossy(&units)
    }
}
