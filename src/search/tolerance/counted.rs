//! In how many cases letters stand.

use std::collections::HashMap;

use tantivy::Term as IndexTerm;

use crate::index::{GramField, Snapshot};
use crate::search::kept_answers::AnswersOf;

use super::judge::Frequencies;

/// Document frequencies, each asked for once.
pub(super) struct Counted<'a> {
    snapshot: &'a Snapshot,
    answers: AnswersOf<'a>,
    field: GramField,
    known: HashMap<Vec<u16>, f32>,
}

impl<'a> Counted<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, answers: AnswersOf<'a>, field: GramField) -> Self {
        Self {
            snapshot,
            answers,
            field,
            known: HashMap::new(),
        }
    }
}

impl Frequencies for Counted<'_> {
    fn of(&mut self, letters: &[u16]) -> f32 {
        if let Some(known) = self.known.get(letters) {
            return *known;
        }
        let field = self.field.of_length(letters.len());
        let count = || {
            let term = IndexTerm::from_field_text(field, &String::from_utf16_lossy(letters));
            // What cannot be read counts as never seen; the search itself fails elsewhere then.
            let frequency = self.snapshot.searcher.doc_freq(&term).unwrap_or(0);
            u32::try_from(frequency).unwrap_or(u32::MAX)
        };
        #[allow(clippy::cast_precision_loss)] // only the magnitude counts
        let frequency = self.answers.frequency(field, letters, count) as f32 + self.snapshot.cases_with_part(letters);
        self.known.insert(letters.to_vec(), frequency);
        frequency
    }
}
