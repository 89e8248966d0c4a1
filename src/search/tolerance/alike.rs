//! Cases that hold the same instead of a term are judged together: of thousands there are some hundreds of kinds.

use std::collections::HashMap;

use super::align::{Place, Placed};
use super::term_search::Seen;

/// Cases, in kinds of those at whose places the very same letters stand, between the same letters.
pub(super) struct Alike<'s> {
    /// The first of each kind, and how many there are.
    kinds: Vec<(&'s Seen, usize)>,
    /// The kind of each case.
    of: Vec<usize>,
}

/// All that is judged of a case.
type Kind<'s> = Vec<(&'s [Placed], &'s [u16])>;

impl<'s> Alike<'s> {
    pub(super) fn new(seen: &'s [Seen]) -> Self {
        let mut known: HashMap<Kind<'s>, usize> = HashMap::new();
        let mut kinds: Vec<(&Seen, usize)> = Vec::new();
        let each = seen.iter().map(|seen| {
            let places = seen.places.iter().map(|place| place.changes.as_slice());
            let kind: Kind<'s> = places.zip(seen.read.iter().map(Vec::as_slice)).collect();
            let kind = *known.entry(kind).or_insert(kinds.len());
            if kind == kinds.len() {
                kinds.push((seen, 0));
            }
            kinds[kind].1 += 1;
            kind
        });
        let of = each.collect();
        Self { kinds, of }
    }

    /// The places of each kind, and how many cases have them.
    pub(super) fn places(&self) -> Vec<(&'s [Place], f32)> {
        #[allow(clippy::cast_precision_loss)] // thousands
        let each = self
            .kinds
            .iter()
            .map(|(seen, cases)| (seen.places.as_slice(), *cases as f32));
        each.collect()
    }

    /// For each case what its kind is judged to be.
    pub(super) fn judged(&self, judge: impl FnMut(&'s Seen) -> f32) -> Vec<f32> {
        let kinds: Vec<f32> = self.kinds.iter().map(|(seen, _)| *seen).map(judge).collect();
        self.of.iter().map(|kind| kinds[*kind]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::align::Change;
    use super::*;

    #[test]
    fn what_is_the_same_wherever_it_stands_is_of_a_kind() {
        let seen = |doc: u32, start: usize, after: u16| {
            let changes = vec![Placed {
                change: Change::Lost { at: 1 },
                before: 20,
                after,
                offered: false,
            }];
            let end = start + 3;
            Seen {
                segment: 0,
                doc,
                places: vec![Place { start, end, changes }],
                stretches: vec![0],
                read: vec![vec![20, after]],
            }
        };
        let cases = [seen(3, 7, 30), seen(5, 9, 31), seen(8, 2, 30)];
        let alike = Alike::new(&cases);
        let counts: Vec<f32> = alike.places().iter().map(|(_, cases)| *cases).collect();
        assert_eq!(counts, [2.0, 1.0]);
        assert_eq!(
            alike.judged(|seen| if seen.doc == 3 { 0.5 } else { 0.25 }),
            [0.5, 0.25, 0.5]
        );
    }
}
