//! Text → tokens: normalise, lexicon, words, bigrams.
//!
//! Two views of every text, both positioned by **letter index** (see [`NormalisedText`]), so that they can be compared
//! and so that phrases ignore spaces, line ends and punctuation:
//! - [`Analyser::words`]: every dictionary word at every place. Words rank.
//! - [`Analyser::grams`]: every letter and every pair of letters. A phrase of pairs is a substring match; grams
//!   guarantee recall, whatever the word list holds.
//!
//! Queries are cut by [`Analyser::segment`]. The same [`Analyser`] must serve index and query: its fingerprint says so.

pub mod dictionary;
mod error;
mod folding;
mod grams;
mod lexicon;
mod normalise;
mod normalised_text;
mod numbers;
#[cfg(test)]
mod tests;
mod token;
mod words;

use std::path::Path;
use std::sync::Arc;

use jieba_rs::Jieba;
use sha2::{Digest, Sha256};

pub use error::Error;
pub use normalised_text::{Break, Letter, NormalisedText};
pub use token::Token;

use dictionary::Dictionaries;
use folding::Folding;

/// Raised whenever code of this module changes the tokens of any text.
const ANALYSIS_VERSION: u32 = 2;

/// The release of `jieba-rs` in `Cargo.lock`: its general dictionary is part of the analysis.
const JIEBA_VERSION: &str = "0.11.0";

/// Everything that turns text into letters and tokens: one for index, query, suggestion and highlighter.
/// Cheap to clone, and shared between threads.
#[derive(Clone)]
pub struct Analyser(Arc<Inner>);

struct Inner {
    dictionaries: Dictionaries,
    folding: Folding,
    jieba: Jieba,
    fingerprint: String,
}

impl Analyser {
    /// The analyser with the dictionaries that are part of the program. Takes a noticeable part of a second and some
    /// ten megabytes: build one and clone it.
    ///
    /// # Errors
    /// When a built-in dictionary is malformed (a fault of the program).
    pub fn builtin() -> Result<Self, Error> {
        Ok(Self::new(Dictionaries::builtin()?))
    }

    /// The analyser with the dictionaries of a folder; see [`Dictionaries::load`].
    ///
    /// # Errors
    /// When a dictionary cannot be read or is malformed.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        Ok(Self::new(Dictionaries::load(folder)?))
    }

    /// The analyser with these dictionaries.
    pub fn new(dictionaries: Dictionaries) -> Self {
        let folding = Folding::new(&dictionaries.variants);
        Self(Arc::new(Inner {
            jieba: lexicon::lexicon(&dictionaries, &folding),
            fingerprint: fingerprint(&dictionaries),
            folding,
            dictionaries,
        }))
    }

    /// The tables behind it.
    pub fn dictionaries(&self) -> &Dictionaries {
        &self.0.dictionaries
    }

    /// Identifies the analysis (64 hexadecimal digits): two analysers with the same fingerprint give the same tokens.
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    /// The letters of a text in their one form, with their places in the original.
    pub fn normalise(&self, text: &str) -> NormalisedText {
        normalise::normalise(&self.0.folding, text)
    }

    /// Every dictionary word of two or more letters, at every place, also inside longer words; single Han letters that
    /// no word covers; runs of other letters and digits as one word. Ascending by (position, length).
    pub fn words(&self, text: &NormalisedText) -> Vec<Token> {
        words::words(&self.0.jieba, text)
    }

    /// Every single letter and every pair of neighbouring letters, whatever stood between them, and four in a row of
    /// digits and Latin letters; position = letter index. Ascending by (position, length).
    pub fn grams(&self, text: &NormalisedText) -> Vec<Token> {
        grams::grams(text)
    }

    /// The most likely words, not overlapping and together covering every letter.
    pub fn segment(&self, text: &NormalisedText) -> Vec<Token> {
        words::segment(&self.0.jieba, text)
    }
}

impl std::fmt::Debug for Analyser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Analyser").field(&self.0.fingerprint).finish()
    }
}

fn fingerprint(dictionaries: &Dictionaries) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("analysis {ANALYSIS_VERSION}\njieba {JIEBA_VERSION}\n"));
    for (file, checksum) in dictionaries.checksums() {
        hash.update(format!("{file} {checksum}\n"));
    }
    hex::encode(hash.finalize())
}

/// Whether a letter is a Han character, the script of dictionary words.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Offsets are `u32`; a text of more than 4 Gi characters does not reach the analysis, so nothing is lost here.
fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
