//! Other readings of single letters, which the recogniser held for possible, at the positions of the letters.
//!
//! Their tokens are marked by a sign that no letter has, so that what was searched as typed is not found by them: they
//! only help to find what was misread.

use crate::analysis::{Analyser, NormalisedText};

/// The first sign of every token with another reading. It is for private use, so no text has it as a letter.
pub(crate) const OTHER: char = '\u{e000}';

/// What stands between letters and other readings on the way to the tokenizer: no character at all.
const READINGS: char = '\u{10fffe}';

/// Another reading of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OtherReading {
    /// Index of the character in the text.
    pub(super) at: usize,
    pub(super) letter: char,
}

/// A pair in which one letter is another reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MarkedGram {
    pub(super) text: String,
    /// Index of its first letter.
    pub(super) position: usize,
    pub(super) length: usize,
}

/// The letters of a text and other readings by index of the letter in one string, for tantivy's tokenizers take nothing
/// else.
pub(super) fn with_readings(text: &NormalisedText, others: &[(u32, char)]) -> String {
    let mut out = text.marked();
    if !others.is_empty() {
        out.push(READINGS);
        for (at, letter) in others {
            out.push_str(&format!("{letter}{at} "));
        }
    }
    out
}

/// The letters ([`NormalisedText::marked`]) and other readings again.
pub(super) fn split(text: &str) -> (&str, Vec<(u32, char)>) {
    let Some((text, others)) = text.split_once(READINGS) else {
        return (text, Vec::new());
    };
    let read = |other: &str| {
        let mut chars = other.chars();
        let letter = chars.next()?;
        Some((chars.as_str().parse().ok()?, letter))
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

/// The marked pairs of every other reading, ascending by position, as tantivy needs them: it keeps the differences of the
/// positions of a term.
pub(super) fn grams_of_readings(text: &NormalisedText, others: &[(u32, char)]) -> Vec<MarkedGram> {
    let letter = |at: usize| text.letters().get(at).map(|letter| letter.ch);
    let mut grams = Vec::new();
    for &(position, other) in others {
        let at = position as usize;
        let mut put = |text: String, position: usize| {
            grams.push(MarkedGram {
                text,
                position,
                length: 2,
            });
        };
        if let Some(before) = at.checked_sub(1)
            && let Some(letter) = letter(before)
        {
            put(format!("{OTHER}{letter}{other}"), before);
        }
        if let Some(after) = letter(at + 1) {
            put(format!("{OTHER}{other}{after}"), at);
        }
    }
    // Two readings of one letter that are its neighbours make the same pair here and one letter before: of `一〇二` with
    // 〇 read as 一 or 二, `一二` twice.
    grams.sort_by_key(|gram| gram.position);
    grams
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::testing::analyser;

    #[test]
    fn readings_go_with_the_letters_and_come_back() {
        let others = [
            OtherReading { at: 2, letter: '開' },
            OtherReading { at: 1, letter: '，' },
            OtherReading { at: 0, letter: '许' },
        ];
        let letters = analyser().normalise("许，间\u{10fffe}");
        // The letter itself and what is no letter are no other readings.
        let others = readings_by_letter(&letters, &others, analyser());
        assert_eq!(others, [(1, '开')]);
        let joined = with_readings(&letters, &others);
        let (text, read) = split(&joined);
        assert_eq!((text, read.as_slice()), (letters.marked().as_str(), &others[..]));
        let gram = MarkedGram {
            text: "\u{e000}许开".to_owned(),
            position: 0,
            length: 2,
        };
        assert_eq!(grams_of_readings(&letters, &others), [gram]);
        assert_eq!(split("许"), ("许", Vec::new()));
    }

    #[test]
    fn two_readings_that_are_the_neighbours_keep_the_order() {
        let letters = analyser().normalise("甲乙丙");
        let found = grams_of_readings(&letters, &[(1, '甲'), (1, '丙')]);
        let same: Vec<usize> = found
            .iter()
            .filter(|g| g.text == "\u{e000}甲丙")
            .map(|g| g.position)
            .collect();
        assert_eq!(same, [0, 1]);
    }

    proptest::proptest! {
        #[test]
        fn positions_never_go_back(text in "[甲乙丙]{1,8}", others in proptest::collection::vec((0_u32..8, proptest::sample::select(vec!['甲', '乙', '丙'])), 0..8)) {
            let found = grams_of_readings(&analyser().normalise(&text), &others);
            proptest::prop_assert!(found.windows(2).all(|pair| pair[0].position <= pair[1].position));
        }
    }
}
