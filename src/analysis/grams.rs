//! Single letters and pairs of letters.

use super::normalised_text::NormalisedText;
use super::token::Token;

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
