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
mod person_numbers;
mod pinyin;
#[cfg(test)]
mod tests;
mod thesaurus;
mod token;
mod words;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use jieba_rs::Jieba;
use sha2::{Digest, Sha256};

pub use error::Error;
pub use normalised_text::{Break, Letter, NormalisedText};
pub use person_numbers::{NumberHashes, NumberKeeper, TakenNumbers};
pub use pinyin::{Sound, SoundPattern, SoundReading, are_homophones, homophones, letters_read, readings};
pub use thesaurus::Thesaurus;
pub use token::Token;

use dictionary::Dictionaries;
use folding::Folding;

/// Raised whenever code of this module changes the tokens of any text.
const ANALYSIS_VERSION: u32 = 2;

/// The release of `jieba-rs` in `Cargo.lock`: its general dictionary is part of the analysis.
const JIEBA_VERSION: &str = "0.11.0";

/// The release of `pinyin` in `Cargo.lock`: its readings are part of the analysis.
const PINYIN_VERSION: &str = "0.11.0";

/// Everything that turns text into letters and tokens: one for index, query, suggestion and highlighter.
/// Cheap to clone, and shared between threads.
///
/// It has two halves. One makes the tokens, and an index has to be read with the one it was written with; the other is
/// only looked into while a query is read ([`Self::dictionaries`], [`Self::thesaurus`]) and may change at any time.
#[derive(Clone)]
pub struct Analyser {
    tokens: Arc<Tokens>,
    tables: Arc<Tables>,
    numbers: Option<Arc<dyn NumberKeeper>>,
}

struct Tokens {
    folding: Folding,
    jieba: Jieba,
    fingerprint: String,
    files: Vec<(&'static str, String)>,
}

struct Tables {
    dictionaries: Dictionaries,
    thesaurus: Thesaurus,
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

    /// The analyser with an archive's own dictionaries beside the built-in ones; see [`Dictionaries::extended`].
    ///
    /// # Errors
    /// When a dictionary cannot be read or is malformed.
    pub fn extended(folder: &Path) -> Result<Self, Error> {
        Ok(Self::new(Dictionaries::extended(folder)?))
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
        let tokens = Tokens {
            jieba: lexicon::lexicon(&dictionaries, &folding),
            fingerprint: fingerprint(&dictionaries),
            folding,
            files: dictionaries.index_files().to_vec(),
        };
        Self {
            tables: Arc::new(Tables::new(dictionaries, &tokens.folding)),
            tokens: Arc::new(tokens),
            numbers: None,
        }
    }

    /// The analyser with changed dictionaries. When they make the same tokens, which is soon told, only what queries
    /// look into is made anew.
    #[must_use]
    pub fn with_dictionaries(&self, dictionaries: Dictionaries) -> Self {
        if fingerprint(&dictionaries) == self.tokens.fingerprint {
            Self {
                tables: Arc::new(Tables::new(dictionaries, &self.tokens.folding)),
                tokens: Arc::clone(&self.tokens),
                numbers: self.numbers.clone(),
            }
        } else {
            Self::new(dictionaries).with_number_keeper(self.numbers.clone())
        }
    }

    /// The analyser that makes the tokens of this one and reads queries as `other` does.
    #[must_use]
    pub fn with_tables_of(&self, other: &Self) -> Self {
        Self {
            tokens: Arc::clone(&self.tokens),
            tables: Arc::clone(&other.tables),
            numbers: self.numbers.clone(),
        }
    }

    /// The same with somebody who keeps the numbers of persons; `None` leaves them in the texts.
    #[must_use]
    pub fn with_number_keeper(&self, numbers: Option<Arc<dyn NumberKeeper>>) -> Self {
        Self {
            numbers,
            ..self.clone()
        }
    }

    /// Who keeps the numbers of persons.
    pub fn numbers(&self) -> Option<&Arc<dyn NumberKeeper>> {
        self.numbers.as_ref()
    }

    /// The tables behind it.
    pub fn dictionaries(&self) -> &Dictionaries {
        &self.tables.dictionaries
    }

    /// Other names of the things a query names.
    pub fn thesaurus(&self) -> &Thesaurus {
        &self.tables.thesaurus
    }

    /// Name and text of each file from which [`Self::load`] makes the same tokens again.
    pub fn files(&self) -> &[(&'static str, String)] {
        &self.tokens.files
    }

    /// Identifies the analysis (64 hexadecimal digits): two analysers with the same fingerprint give the same tokens.
    pub fn fingerprint(&self) -> &str {
        &self.tokens.fingerprint
    }

    /// The letters of a text in their one form, with their places in the original.
    pub fn normalise(&self, text: &str) -> NormalisedText {
        normalise::normalise(&self.tokens.folding, text)
    }

    /// Every dictionary word of two or more letters, at every place, also inside longer words; single Han letters that
    /// no word covers; runs of other letters and digits as one word. Ascending by (position, length).
    pub fn words(&self, text: &NormalisedText) -> Vec<Token> {
        tokens(text, self.word_spans(text))
    }

    /// The letters of each of [`Self::words`].
    pub fn word_spans(&self, text: &NormalisedText) -> Vec<Range<usize>> {
        words::words(&self.tokens.jieba, text)
    }

    /// Every single letter and every pair of neighbouring letters, whatever stood between them, and four in a row of
    /// digits and Latin letters; position = letter index. Ascending by (position, length).
    pub fn grams(&self, text: &NormalisedText) -> Vec<Token> {
        tokens(text, self.gram_spans(text))
    }

    /// The letters of each of [`Self::grams`].
    pub fn gram_spans(&self, text: &NormalisedText) -> Vec<Range<usize>> {
        grams::grams(text)
    }

    /// How a name sounds: for every Han letter its readings, and for every pair of letters their initials; position =
    /// letter index.
    pub fn sounds(&self, text: &NormalisedText) -> Vec<Token> {
        pinyin::sounds(text)
    }

    /// Whether letters are one ordinary word of the dictionaries; names of persons are none.
    pub fn is_word(&self, letters: &str) -> bool {
        /// Names of persons, in the dictionary of jieba.
        const PERSON: &str = "nr";
        let jieba = &self.tokens.jieba;
        jieba.has_word(letters)
            && jieba
                .tag(letters, false)
                .iter()
                .all(|part| !part.tag.starts_with(PERSON))
    }

    /// The most likely words, not overlapping and together covering every letter.
    pub fn segment(&self, text: &NormalisedText) -> Vec<Token> {
        tokens(text, words::segment(&self.tokens.jieba, text))
    }
}

fn tokens(text: &NormalisedText, spans: Vec<Range<usize>>) -> Vec<Token> {
    spans
        .into_iter()
        .map(|span| Token::of_letters(text, span.start, span.end))
        .collect()
}

impl Tables {
    fn new(dictionaries: Dictionaries, folding: &Folding) -> Self {
        Self {
            thesaurus: Thesaurus::new(&dictionaries, |text| normalise::normalise(folding, text).as_string()),
            dictionaries,
        }
    }
}

impl std::fmt::Debug for Analyser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Analyser").field(&self.tokens.fingerprint).finish()
    }
}

fn fingerprint(dictionaries: &Dictionaries) -> String {
    let mut hash = Sha256::new();
    hash.update(format!(
        "analysis {ANALYSIS_VERSION}\njieba {JIEBA_VERSION}\npinyin {PINYIN_VERSION}\n"
    ));
    for (file, text) in dictionaries.index_files() {
        hash.update(format!("{file} {}\n", hex::encode(Sha256::digest(text))));
    }
    hex::encode(hash.finalize())
}

/// Whether a letter is a Han character, the script of dictionary words.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Offsets are `u32`; a text of more than 4 Gi characters does not reach the analysis, so nothing is lost here.
fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
