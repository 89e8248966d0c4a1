//! Text as letters, with the way back to the original.

use std::ops::Range;

use super::offset;

/// One letter of a normalised text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Letter {
    /// The letter in its one form.
    pub ch: char,
    /// Where its source begins in the original text, in characters.
    pub from: u32,
    /// Where its source ends (exclusive) in the original text, in characters.
    pub to: u32,
}

/// What stood between two letters in the original. Ordered by strength.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Break {
    /// Nothing.
    #[default]
    None,
    /// Spaces, line ends or rules of a table: layout, which may fall inside a word.
    Space,
    /// Punctuation.
    Punctuation,
    /// The end of a clause or sentence: `。；！？…`.
    Sentence,
}

/// The signs of [`NormalisedText::marked`]: code points that are no characters, so no letter is one of them.
const MARKS: [(Break, char); 3] = [
    (Break::Space, '\u{10ffff}'),
    (Break::Punctuation, '\u{fffff}'),
    (Break::Sentence, '\u{ffffe}'),
];

/// The letters of a text: Han characters, letters and digits in their one form. Spaces and punctuation are not letters;
/// what stood between two letters is kept as a [`Break`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NormalisedText {
    letters: Vec<Letter>,
    /// For each letter what stood before it.
    breaks: Vec<Break>,
}

impl NormalisedText {
    pub(super) fn push(&mut self, letter: Letter, before: Break) {
        self.letters.push(letter);
        self.breaks.push(before);
    }

    /// The letters in order.
    pub fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// Whether there is no letter at all.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// How many letters there are.
    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// What stood before the letter at `index`; nothing outside the text.
    pub fn break_before(&self, index: usize) -> Break {
        self.breaks.get(index).copied().unwrap_or_default()
    }

    /// The letters as one string, without anything between them.
    pub fn as_string(&self) -> String {
        self.letters.iter().map(|letter| letter.ch).collect()
    }

    /// The letters of a span as a string, in place of what was in it.
    pub(super) fn copy(&self, span: Range<usize>, into: &mut String) {
        into.clear();
        into.extend(self.letters[span].iter().map(|letter| letter.ch));
    }

    /// The letters as one string, with signs that no letter is for what stood between them: all that making tokens takes.
    pub fn marked(&self) -> String {
        let mut marked = String::with_capacity(self.letters.len() * 3);
        for (letter, before) in self.letters.iter().zip(&self.breaks) {
            marked.extend(MARKS.iter().find(|(kind, _)| kind == before).map(|(_, mark)| *mark));
            marked.push(letter.ch);
        }
        marked
    }

    /// What [`Self::marked`] was made of; each letter comes from itself.
    pub fn from_marked(marked: &str) -> Self {
        let mut text = Self::default();
        let mut before = Break::None;
        for ch in marked.chars() {
            match MARKS.iter().find(|(_, mark)| *mark == ch) {
                Some((kind, _)) => before = *kind,
                None => {
                    let from = offset(text.letters.len());
                    let letter = Letter { ch, from, to: from + 1 };
                    text.push(letter, std::mem::take(&mut before));
                }
            }
        }
        text
    }

    /// Every place where the letters of `needle` stand one after the other, as character ranges in the **original**
    /// text; leftmost first, not overlapping. Spaces and punctuation between letters do not matter on either side.
    pub fn find_all(&self, needle: &Self) -> Vec<Range<u32>> {
        let (Some(first), length) = (needle.letters.first(), needle.letters.len()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(window) = self.letters.get(at..at + length) {
            let matches = window[0].ch == first.ch && window.iter().zip(&needle.letters).all(|(a, b)| a.ch == b.ch);
            if matches {
                found.push(window[0].from..window[length - 1].to);
                at += length;
            } else {
                at += 1;
            }
        }
        found
    }
}
