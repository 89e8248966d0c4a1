//! Recognisers: from a prepared page to lines of words with boxes and confidence.

mod engine;
mod hocr;
mod lines;
pub mod ppocr;
mod tesseract;

use juanzong::record::PixelBox;

pub use engine::{Engine, Reader};
pub use lines::{Direction, FoundLines, LineDetector, LineReader, LineRequest};

use crate::prepare::PreparedPage;

/// A character (or a few that the engine cannot tell apart) as recognised.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RawSymbol {
    /// The characters.
    pub text: String,
    /// The box in pixels of the prepared image.
    pub area: PixelBox,
    /// 0 to 1.
    pub confidence: f32,
    /// What it may be instead, each with its confidence, the likeliest first.
    pub alternatives: Vec<(String, f32)>,
}

impl RawSymbol {
    /// Takes another reading, by its place among the alternatives, for the first one, which stays as an alternative. Both
    /// speak for the character that is there now: their confidences are added.
    pub fn prefer(&mut self, alternative: usize) {
        let Some((text, confidence)) = self.alternatives.get_mut(alternative) else {
            return;
        };
        std::mem::swap(text, &mut self.text);
        let sum = self.confidence + *confidence;
        *confidence = self.confidence;
        self.confidence = sum;
    }
}

/// A word as the engine divides them; for Han text that division means nothing.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RawWord {
    /// The symbols from left to right, never empty.
    pub symbols: Vec<RawSymbol>,
}

/// A line as recognised.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RawLine {
    /// The words from left to right, never empty.
    pub words: Vec<RawWord>,
    /// The box of the line in pixels of the prepared image.
    pub area: PixelBox,
}

impl RawLine {
    /// Every symbol of the line.
    pub fn symbols(&self) -> impl Iterator<Item = &RawSymbol> {
        self.words.iter().flat_map(|w| &w.symbols)
    }

    /// The characters of the line, without spaces.
    pub fn text(&self) -> String {
        self.symbols().map(|symbol| symbol.text.as_str()).collect()
    }
}

/// What went wrong in a recogniser.
#[derive(Debug, thiserror::Error)]
pub enum RecogniseError {
    /// The engine or its language data is not installed.
    #[error("engine `{engine}` cannot be started: {reason}")]
    Unavailable {
        /// Name of the engine.
        engine: &'static str,
        /// What it said.
        reason: String,
    },
    /// The engine gave up on this page.
    #[error("engine `{engine}` failed on the page: {reason}")]
    Page {
        /// Name of the engine.
        engine: &'static str,
        /// What it said.
        reason: String,
    },
    /// The engine's answer could not be understood.
    #[error("engine `{engine}` gave an answer that cannot be read: {reason}")]
    Answer {
        /// Name of the engine.
        engine: &'static str,
        /// What was wrong with it.
        reason: String,
    },
}

/// Reads the text of prepared pages.
pub trait Recogniser {
    /// Name and version, as it is kept with the text.
    fn name(&self) -> String;

    /// Reads one page: lines in the engine's order, boxes in pixels of the prepared image.
    fn recognise(&mut self, page: &PreparedPage) -> Result<Vec<RawLine>, RecogniseError>;
}
