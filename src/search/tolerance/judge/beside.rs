//! What else stands in the same case.

use crate::search::tolerance::align::{Change, Place};

use super::weights::SURELY_ANOTHER;

/// The other places of a case beside one that is judged.
#[derive(Default)]
pub(super) struct Beside<'a> {
    pub(super) places: &'a [Place],
    /// Probability of each, judged alone.
    pub(super) alone: &'a [f32],
    /// Index of the one that is judged.
    pub(super) number: usize,
}

impl<'a> Beside<'a> {
    fn others(&self) -> impl Iterator<Item = (&'a Place, f32)> {
        let number = self.number;
        let all = self.places.iter().zip(self.alone.iter().copied()).enumerate();
        all.filter(move |(other, _)| *other != number).map(|(_, place)| place)
    }

    /// Copies of the term that have this letter right.
    pub(super) fn right(&self, at: usize) -> f32 {
        let right = self
            .others()
            .filter(|(place, _)| place.all().all(|change| change.at() != at));
        right.map(|(_, probability)| probability).sum()
    }

    /// Places that have another letter here and are surely other strings.
    pub(super) fn surely_another(&self, at: usize) -> f32 {
        #[allow(clippy::cast_precision_loss)] // a handful
        let others = self
            .others()
            .filter(|(place, probability)| *probability < SURELY_ANOTHER && place.all().any(|change| change.at() == at))
            .count() as f32;
        others
    }

    /// Places with the same change.
    pub(super) fn same(&self, change: Change) -> f32 {
        #[allow(clippy::cast_precision_loss)] // a handful
        let same = self.others().filter(|(place, _)| place.has(change)).count() as f32;
        same
    }
}
