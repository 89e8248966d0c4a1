//! The normaliser.

use unicode_normalization::UnicodeNormalization;

use super::normalised_text::{Break, Letter, NormalisedText};
use super::token::offset;

pub(super) fn normalise(text: &str) -> NormalisedText {
    let mut normalised = NormalisedText::default();
    let mut pending = Break::None;
    for (index, original) in text.chars().enumerate() {
        for ch in std::iter::once(original).nfkc().flat_map(char::to_lowercase) {
            if ch.is_alphanumeric() {
                let letter = Letter {
                    ch,
                    from: offset(index),
                    to: offset(index + 1),
                };
                normalised.push(letter, std::mem::take(&mut pending));
            } else {
                pending = pending.max(break_of(ch));
            }
        }
    }
    normalised
}

fn break_of(ch: char) -> Break {
    match ch {
        '。' | ';' | '!' | '?' | '…' => Break::Sentence,
        c if c.is_whitespace() || c.is_control() || c == '|' => Break::Space,
        _ => Break::Punctuation,
    }
}
