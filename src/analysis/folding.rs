//! One character → its letters, without regard to its neighbours.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::dictionary::Variants;
use super::normalised_text::Break;

/// The block that nearly every Han character of a text lies in; looked up by index.
const HAN: Range<u32> = 0x4E00..0xA000;
/// Where the punctuation of Chinese texts and full-width characters lie: one letter of eight in a text. They are folded once
/// and then looked up; taking a character apart costs twenty times a look.
const SIGNS: [Range<u32>; 3] = [0x2000..0x2070, 0x3000..0x3100, 0xFF00..0xFFF0];

/// What one character becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Folded {
    /// One letter.
    One(char),
    /// Several letters (`㎡` → `m`, `2`).
    Many(Vec<char>),
    /// No letter but a break between letters.
    Break(Break),
}

/// The character table: compatibility forms, accents, case, 繁→简 and variant forms.
pub(super) struct Folding {
    /// One entry for each character of [`HAN`].
    han: Vec<char>,
    /// The variants outside that block.
    rare: HashMap<char, char>,
    /// What the characters of each of [`SIGNS`] become; nothing for what is no character.
    signs: [Vec<Option<Folded>>; SIGNS.len()],
}

impl Folding {
    pub(super) fn new(variants: &Variants) -> Self {
        let mut han: Vec<char> = HAN.filter_map(char::from_u32).collect();
        let mut rare = HashMap::new();
        for (variant, form) in variants.iter() {
            match Self::han_index(variant) {
                Some(index) => han[index] = form,
                None => {
                    rare.insert(variant, form);
                }
            }
        }
        let mut folding = Self {
            han,
            rare,
            signs: Default::default(),
        };
        let signs = SIGNS.map(|block| {
            block
                .map(|code| Some(folding.take_apart(char::from_u32(code)?)))
                .collect()
        });
        folding.signs = signs;
        folding
    }

    fn han_index(c: char) -> Option<usize> {
        let code = u32::from(c);
        HAN.contains(&code).then(|| (code - HAN.start) as usize)
    }

    /// The one form of a letter that is already free of compatibility forms and upper case.
    fn variant(&self, c: char) -> char {
        match Self::han_index(c) {
            Some(index) => self.han[index],
            None => self.rare.get(&c).copied().unwrap_or(c),
        }
    }

    /// What `c` becomes. Folding a result again gives the same result.
    pub(super) fn fold(&self, c: char) -> Folded {
        if let Some(index) = Self::han_index(c) {
            return Folded::One(self.han[index]);
        }
        if c.is_ascii() {
            return if c.is_ascii_alphanumeric() {
                Folded::One(c.to_ascii_lowercase())
            } else {
                Folded::Break(break_of(c))
            };
        }
        let code = u32::from(c);
        let sign = SIGNS.iter().zip(&self.signs).find(|(block, _)| block.contains(&code));
        match sign.and_then(|(block, folded)| folded[(code - block.start) as usize].as_ref()) {
            Some(folded) => folded.clone(),
            None => self.take_apart(c),
        }
    }

    /// What a character becomes that is neither of the block of Han nor ASCII.
    fn take_apart(&self, c: char) -> Folded {
        // Decomposed first, so that `é` as one character and as `e` + accent are the same letter; composed again for
        // the sake of Hangul syllables. A variant may be given for a form that decomposition would take apart.
        let letters: Vec<char> = std::iter::once(self.variant(c))
            .nfkd()
            .flat_map(char::to_lowercase)
            .nfkd()
            .filter(|c| c.is_alphanumeric())
            .nfc()
            .map(|c| self.variant(c))
            .collect();
        match letters.as_slice() {
            [] => Folded::Break(break_of(c)),
            [only] => Folded::One(*only),
            _ => Folded::Many(letters),
        }
    }
}

/// How strongly a character that is no letter separates its neighbours.
fn break_of(c: char) -> Break {
    match c {
        '。' | '．' | '｡' | ';' | '；' | '!' | '！' | '?' | '？' | '…' | '⋯' => Break::Sentence,
        // Rules of a table, which OCR reads as bars between the letters.
        '|' | '｜' | '¦' | '\u{2500}'..='\u{257F}' => Break::Space,
        // Invisible: joiners, soft hyphen, byte order mark, variation selectors.
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' => Break::None,
        c if is_combining_mark(c) => Break::None,
        c if c.is_whitespace() || c.is_control() => Break::Space,
        _ => Break::Punctuation,
    }
}
