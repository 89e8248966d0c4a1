//! Which characters make a word, and where a space belongs.

use juanzong::record::PixelBox;

use crate::ocr::{RawLine, RawSymbol};

/// A gap this much of the line's height makes a space between Latin words.
const SPACE: f32 = 0.22;

/// A word of the page: one Han character or mark, or a run of Latin letters and digits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) area: PixelBox,
    pub(super) confidence: f32,
    /// Whether a space stands before it.
    pub(super) space_before: bool,
    /// Other readings of its characters: index in the word, character, confidence.
    pub(super) alternatives: Vec<(usize, String, f32)>,
    symbols: usize,
}

/// The words of a line.
pub(super) fn words(line: &RawLine) -> Vec<Word> {
    let height = line.symbols().map(|s| s.area.height()).max().unwrap_or(0);
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )] // pixels
    let space = (height as f32 * SPACE) as u32;
    let mut words: Vec<Word> = Vec::new();
    for raw in &line.words {
        for (index, symbol) in raw.symbols.iter().enumerate() {
            let latin = is_latin(&symbol.text);
            if let Some(last) = words.last_mut()
                && latin
                && is_latin(&last.text)
            {
                let gap = symbol.area.x0.saturating_sub(last.area.x1);
                if index > 0 || gap <= space {
                    last.push(symbol);
                    continue;
                }
            }
            let after_latin = words.last().is_some_and(|w| is_latin(&w.text));
            words.push(Word {
                text: symbol.text.clone(),
                area: symbol.area,
                confidence: symbol.confidence,
                space_before: latin && after_latin,
                alternatives: alternatives(symbol, 0),
                symbols: 1,
            });
        }
    }
    words
}

impl Word {
    fn push(&mut self, symbol: &RawSymbol) {
        let length = self.text.chars().count();
        self.alternatives.extend(alternatives(symbol, length));
        self.text.push_str(&symbol.text);
        self.area = self.area.union(symbol.area);
        #[allow(clippy::cast_precision_loss)] // a few characters
        let count = self.symbols as f32;
        self.confidence = (self.confidence * count + symbol.confidence) / (count + 1.0);
        self.symbols += 1;
    }
}

/// Other readings of a symbol that stands at `at` in its word; those of one character for one character.
fn alternatives(symbol: &RawSymbol, at: usize) -> Vec<(usize, String, f32)> {
    let single = |text: &str| text.chars().count() == 1;
    if !single(&symbol.text) {
        return Vec::new();
    }
    let others = symbol.alternatives.iter().filter(|(text, _)| single(text));
    others
        .map(|(text, confidence)| (at, text.clone(), *confidence))
        .collect()
}

/// Letters, digits and the marks inside numbers, dates and addresses.
fn is_latin(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic() || c.is_ascii_alphanumeric())
}
