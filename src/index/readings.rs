//! Other readings of single letters, which the recogniser held for possible, at the positions of the letters.
//!
//! Their tokens are marked by a sign that no letter has, so that what was searched as typed is not found by them: they
//! only help to find what was misread.

use crate::analysis::{Analyser, NormalisedText, Token};

/// The first sign of every token with another reading. It is for private use, so no text has it as a letter.
pub(crate) const OTHER: char = '\u{e000}';

/// What stands between a text and its other readings on the way to the tokenizer: no character at all.
const READINGS: char = '\u{10fffe}';

/// Another reading of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OtherReading {
    /// Index of the character in the text.
    pub(super) at: usize,
    pub(super) letter: char,
}

/// A text and its other readings in one string, for tantivy's tokenizers take nothing else.
pub(super) fn with_readings(text: &str, others: &[OtherReading]) -> String {
    let mut out: String = text.chars().filter(|c| *c != READINGS).collect();
    if !others.is_empty() {
        out.push(READINGS);
        for other in others {
            out.push_str(&format!("{}{} ", other.letter, other.at));
        }
    }
    out
}

/// The text and its other readings again.
pub(super) fn split(text: &str) -> (&str, Vec<OtherReading>) {
    let Some((text, others)) = text.split_once(READINGS) else {
        return (text, Vec::new());
    };
    let read = |other: &str| {
        let mut chars = other.chars();
        let letter = chars.next()?;
        Some(OtherReading {
            at: chars.as_str().parse().ok()?,
            letter,
        })
    };
    (text, others.split(' ').filter_map(read).collect())
}

/// Other readings in their one form by index of the letter, ascending; those that say nothing new left out.
pub(super) fn readings_by_letter(
    text: &NormalisedText,
    others: &[OtherReading],
    analyser: &Analyser,
) -> Vec<(u32, char)> {
    let mut found = Vec::new();
    for other in others {
        let folded = analyser.normalise(other.letter.encode_utf8(&mut [0; 4]));
        let [letter] = folded.letters() else { continue };
        let at = text.letters().partition_point(|l| (l.to as usize) <= other.at);
        let printed = text.letters().get(at).filter(|l| l.from as usize <= other.at);
        if printed.is_some_and(|printed| printed.ch != letter.ch) {
            found.push((u32::try_from(at).unwrap_or(u32::MAX), letter.ch));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The marked letter and pairs of every other reading.
pub(super) fn grams_of_readings(text: &NormalisedText, others: &[OtherReading], analyser: &Analyser) -> Vec<Token> {
    let letters = text.letters();
    let mut tokens = Vec::new();
    for (position, other) in readings_by_letter(text, others, analyser) {
        let at = position as usize;
        let mut put = |text: String, position: u32, length: u32| {
            tokens.push(Token {
                text,
                position,
                length,
                from: 0,
                to: 0,
            });
        };
        if let Some(before) = at.checked_sub(1).and_then(|at| letters.get(at)) {
            put(format!("{OTHER}{}{other}", before.ch), position - 1, 2);
        }
        put(format!("{OTHER}{other}"), position, 1);
        if let Some(after) = letters.get(at + 1) {
            put(format!("{OTHER}{other}{}", after.ch), position, 2);
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::testing::analyser;

    #[test]
    fn readings_go_with_the_text_and_come_back() {
        let others = [
            OtherReading { at: 2, letter: '開' },
            OtherReading { at: 1, letter: '，' },
            OtherReading { at: 0, letter: '许' },
        ];
        let joined = with_readings("许，间\u{10fffe}", &others);
        let (text, read) = split(&joined);
        assert_eq!((text, read.as_slice()), ("许，间", &others[..]));
        let normalised = analyser().normalise(text);
        // The letter itself and what is no letter are no other readings.
        assert_eq!(readings_by_letter(&normalised, &read, analyser()), [(1, '开')]);
        let tokens: Vec<(String, u32)> = grams_of_readings(&normalised, &read, analyser())
            .into_iter()
            .map(|token| (token.text, token.position))
            .collect();
        assert_eq!(tokens, [("\u{e000}许开".to_owned(), 0), ("\u{e000}开".to_owned(), 1)]);
        assert_eq!(split("许"), ("许", Vec::new()));
    }
}
