//! One token.

use super::normalised_text::NormalisedText;
use super::offset;

/// A piece of normalised text with its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// Its letters.
    pub text: String,
    /// Index of its first letter.
    pub position: u32,
    /// How many letters it has.
    pub length: u32,
    /// Where it begins in the original text, in characters.
    pub from: u32,
    /// Where it ends (exclusive) in the original text, in characters.
    pub to: u32,
}

impl Token {
    /// The token of the letters `start..end`, which must not be empty and must lie inside the text.
    pub(super) fn of_letters(text: &NormalisedText, start: usize, end: usize) -> Self {
        let letters = &text.letters()[start..end];
        Self {
            text: letters.iter().map(|letter| letter.ch).collect(),
            position: offset(start),
            length: offset(end - start),
            from: letters.first().map_or(0, |letter| letter.from),
            to: letters.last().map_or(0, |letter| letter.to),
        }
    }
}
