//! Single letters, pairs of letters, and quads inside of numbers.
//!
//! Position = letter index, and pairs are made across spaces, line ends and punctuation alike. So a phrase of pairs is a
//! substring match on letters, whatever the scanner or the recogniser did to what stands between them; that a phrase
//! may also match across the end of a sentence is the accepted price.
//!
//! Of the hundred pairs of digits each stands in most cases, so pairs tell nothing about a long number. Quads do.

use std::ops::Range;

use super::normalised_text::NormalisedText;

/// Length of a quad.
const QUAD: usize = 4;

/// Every letter, every pair and every quad, ascending by (position, length).
pub(super) fn grams(text: &NormalisedText) -> Vec<Range<usize>> {
    let count = text.len();
    let mut spans = Vec::with_capacity(count * 2);
    for start in 0..count {
        spans.push(start..start + 1);
        if start + 2 <= count {
            spans.push(start..start + 2);
        }
        let quad = text.letters().get(start..start + QUAD);
        if quad.is_some_and(|quad| quad.iter().all(|letter| letter.ch.is_ascii_alphanumeric())) {
            spans.push(start..start + QUAD);
        }
    }
    spans
}
