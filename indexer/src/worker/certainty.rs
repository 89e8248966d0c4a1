//! How sure a reader was.

use crate::ocr::RawLine;

/// How sure a reader was of some lines.
#[derive(Default)]
pub(super) struct Certainty {
    /// Confidences of all characters added up.
    pub(super) sum: f32,
    /// Number of characters.
    pub(super) characters: usize,
}

impl Certainty {
    pub(super) fn of(line: Option<&RawLine>) -> Self {
        let mut certainty = Self::default();
        certainty.add(line);
        certainty
    }

    pub(super) fn add(&mut self, line: Option<&RawLine>) {
        for symbol in line.into_iter().flat_map(RawLine::symbols) {
            self.sum += symbol.confidence;
            self.characters += 1;
        }
    }

    /// Mean confidence of a character; 0 without any.
    pub(super) fn mean(&self) -> f32 {
        #[allow(clippy::cast_precision_loss)] // a few lines
        let mean = self.sum / self.characters.max(1) as f32;
        mean
    }
}
