//! Where thousands of cases may hold a misread copy, a part of them tells of all.
//!
//! Cases that share the very same grams with a term have lost the very same ones: mostly to an error at the same letter.
//! Of each such group some are looked at; when nearly all or nearly none of those are believed to hold the term, so is the
//! rest, unseen. Only groups of which that cannot be said are looked at wholly.

use std::collections::{BTreeMap, HashSet};

use tantivy::DocId;

use super::BELIEVED;
use super::candidates::Candidate;
use super::term_search::{BySegment, Seen};

/// Up to so many candidates are all looked at.
const FEW: usize = 1_500;
/// Most candidates that are looked at.
const MOST: usize = 4_000;
/// Candidates of a group that tell of the others.
const EXAMPLES: usize = 50;
/// Part of the examples from which all are believed, or none.
const NEARLY_ALL: f32 = 0.96;
const NEARLY_NONE: f32 = 0.04;

/// A case, by segment and number.
pub(super) type Case = (usize, DocId);

/// The candidates of a term, in groups of those that share the same grams.
#[derive(Default)]
pub(super) struct Groups(Vec<Group>);

#[derive(Default)]
struct Group {
    examples: Vec<Case>,
    rest: Vec<Case>,
}

impl Groups {
    /// Of few candidates all are examples.
    pub(super) fn new(found: &[Candidate]) -> Self {
        if found.len() <= FEW {
            return Self(vec![Group {
                examples: found.iter().map(Candidate::case).collect(),
                rest: Vec::new(),
            }]);
        }
        let mut alike: BTreeMap<u32, Vec<Case>> = BTreeMap::new();
        for candidate in found {
            alike
                .entry(candidate.share.to_bits())
                .or_default()
                .push(candidate.case());
        }
        // Shares are not negative, so that the order of their bits is theirs; those that share most come first.
        let mut left = MOST;
        let groups = alike.into_values().rev().map(|cases| {
            let every = cases.len().div_ceil(EXAMPLES);
            let mut group = Group::default();
            for (number, case) in cases.into_iter().enumerate() {
                let example = number.is_multiple_of(every);
                if example && left == 0 {
                    return Group::default();
                }
                left -= usize::from(example);
                let side = if example { &mut group.examples } else { &mut group.rest };
                side.push(case);
            }
            group
        });
        Self(groups.collect())
    }

    /// What is to be looked at first.
    pub(super) fn examples(&self) -> Vec<Case> {
        let mut cases: Vec<Case> = self.0.iter().flat_map(|group| group.examples.iter().copied()).collect();
        // In the order of the store, of which whole blocks are read.
        cases.sort_unstable();
        cases
    }

    /// The rest of the groups of which the examples tell nothing, no more of them than may be looked at.
    pub(super) fn undecided(&mut self, seen: &[Seen], probabilities: &[f32]) -> Vec<Case> {
        let believed = believed(seen, probabilities);
        let looked: usize = self.0.iter().map(|group| group.examples.len()).sum();
        let mut cases = Vec::new();
        for group in &mut self.0 {
            if (NEARLY_NONE..NEARLY_ALL).contains(&group.share_of(&believed)) {
                cases.append(&mut group.rest);
            }
        }
        cases.truncate(MOST.saturating_sub(looked));
        cases.sort_unstable();
        cases
    }

    /// Adds those that are believed unseen.
    pub(super) fn add_unseen(&self, seen: &[Seen], probabilities: &[f32], tolerant: &mut BySegment) {
        if self.0.iter().all(|group| group.rest.is_empty()) {
            return;
        }
        let believed = believed(seen, probabilities);
        for group in &self.0 {
            let share = group.share_of(&believed);
            if share >= NEARLY_ALL {
                for (segment, doc) in &group.rest {
                    tolerant[*segment].push((*doc, share));
                }
            }
        }
        for segment in tolerant {
            segment.sort_unstable_by_key(|(doc, _)| *doc);
        }
    }
}

impl Group {
    /// Part of the examples that are believed.
    fn share_of(&self, believed: &HashSet<Case>) -> f32 {
        #[allow(clippy::cast_precision_loss)] // dozens
        let share = self.examples.iter().filter(|case| believed.contains(*case)).count() as f32
            / self.examples.len().max(1) as f32;
        share
    }
}

fn believed(seen: &[Seen], probabilities: &[f32]) -> HashSet<Case> {
    let believed = seen
        .iter()
        .zip(probabilities)
        .filter(|(_, probability)| **probability >= BELIEVED);
    believed.map(|(seen, _)| (seen.segment, seen.doc)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(count: u32, share: f32) -> impl Iterator<Item = Candidate> {
        (0..count).map(move |doc| Candidate { segment: 0, doc, share })
    }

    /// Looks at cases of which those are believed that `holds` names.
    fn looked(cases: &[Case], holds: impl Fn(DocId) -> bool) -> (Vec<Seen>, Vec<f32>) {
        let seen = cases.iter().map(|(segment, doc)| Seen {
            segment: *segment,
            doc: *doc,
            places: Vec::new(),
            stretches: Vec::new(),
            read: Vec::new(),
        });
        let probabilities = cases.iter().map(|(_, doc)| f32::from(u8::from(holds(*doc))));
        (seen.collect(), probabilities.collect())
    }

    fn decided(found: &[Candidate], holds: impl Fn(DocId) -> bool) -> (usize, usize) {
        let mut groups = Groups::new(found);
        let examples = groups.examples();
        let (seen, probabilities) = looked(&examples, &holds);
        let more = groups.undecided(&seen, &probabilities);
        let (seen, probabilities) = looked(&[examples.as_slice(), more.as_slice()].concat(), holds);
        let mut tolerant: BySegment = vec![Vec::new()];
        groups.add_unseen(&seen, &probabilities, &mut tolerant);
        (seen.len(), tolerant[0].len())
    }

    #[test]
    fn few_are_all_looked_at() {
        let found: Vec<Candidate> = candidates(1_000, 0.5).collect();
        assert_eq!(decided(&found, |_| true), (1_000, 0));
    }

    #[test]
    fn of_many_a_part_tells() {
        let found: Vec<Candidate> = candidates(10_000, 0.5).collect();
        assert_eq!(decided(&found, |_| true), (EXAMPLES, 10_000 - EXAMPLES));
        assert_eq!(decided(&found, |_| false), (EXAMPLES, 0));
        // Where it cannot be said more are looked at, and none is taken unseen.
        let (looked, unseen) = decided(&found, |doc| doc % 400 < 200);
        assert!(looked > EXAMPLES && looked <= MOST, "{looked}");
        assert_eq!(unseen, 0);
    }

    #[test]
    fn groups_are_decided_apart() {
        let many = candidates(5_000, 0.8).chain(candidates(5_000, 0.4).map(|candidate| Candidate {
            doc: candidate.doc + 5_000,
            ..candidate
        }));
        let found: Vec<Candidate> = many.collect();
        let (looked, unseen) = decided(&found, |doc| doc < 5_000);
        assert_eq!((looked, unseen), (2 * EXAMPLES, 5_000 - EXAMPLES));
    }
}
