//! Single letters and pairs of letters.
//!
//! Position = letter index, and pairs are made across spaces, line ends and punctuation alike. So a phrase of pairs is a
//! substring match on letters, whatever the scanner or the recogniser did to what stands between them; that a phrase
//! may also match across the end of a sentence is the accepted price.

use super::normalised_text::NormalisedText;
use super::token::Token;

/// Every letter and every pair, ascending by (position, length).
pub(super) fn grams(text: &NormalisedText) -> Vec<Token> {
    let count = text.len();
    let mut tokens = Vec::with_capacity(count * 2);
    for start in 0..count {
        tokens.push(Token::of_letters(text, start, start + 1));
        if start + 2 <= count {
            tokens.push(Token::of_letters(text, start, start + 2));
        }
    }
    tokens
}
