//! Text → tokens: normalise, lexicon, words, bigrams.

pub mod dictionary;
mod error;
mod grams;
mod normalise;
mod normalised_text;
mod token;
mod words;

use std::sync::Arc;

use jieba_rs::Jieba;

pub use error::Error;
pub use normalised_text::{Break, Letter, NormalisedText};
pub use token::Token;

/// Everything that turns text into letters and tokens: one for the index, the query and the highlighter.
/// Cheap to clone, and shared between threads.
#[derive(Clone)]
pub struct Analyser(Arc<Inner>);

struct Inner {
    jieba: Jieba,
    fingerprint: String,
}

impl Analyser {
    /// The analyser with the dictionaries that are part of the program.
    ///
    /// # Errors
    /// When a built-in dictionary is malformed (a fault of the program).
    pub fn builtin() -> Result<Self, Error> {
        Ok(Self(Arc::new(Inner {
            jieba: Jieba::new(),
            fingerprint: "0".to_owned(),
        })))
    }

    /// Identifies the analysis: two analysers with the same fingerprint give the same tokens.
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    /// The letters of a text in their one form, with their places in the original.
    pub fn normalise(&self, text: &str) -> NormalisedText {
        normalise::normalise(text)
    }

    /// Every dictionary word of two or more letters, at every place, also inside longer words; single Han letters that
    /// no word covers; runs of other letters and digits as one word. Ascending by (position, length).
    pub fn words(&self, text: &NormalisedText) -> Vec<Token> {
        words::words(&self.0.jieba, text)
    }

    /// Every single letter and every pair of neighbouring letters, position = letter index.
    pub fn grams(&self, text: &NormalisedText) -> Vec<Token> {
        grams::grams(text)
    }

    /// The most likely words, not overlapping and covering every letter.
    pub fn segment(&self, text: &NormalisedText) -> Vec<Token> {
        words::segment(&self.0.jieba, text)
    }
}

impl std::fmt::Debug for Analyser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Analyser").field(&self.0.fingerprint).finish()
    }
}
