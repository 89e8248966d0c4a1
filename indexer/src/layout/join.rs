//! Which characters make a word, and where a space belongs.

use juanzong::record::PixelBox;

use crate::ocr::RawLine;

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
                    last.push(&symbol.text, symbol.area, symbol.confidence);
                    continue;
                }
            }
            let after_latin = words.last().is_some_and(|w| is_latin(&w.text));
            words.push(Word {
                text: symbol.text.clone(),
                area: symbol.area,
                confidence: symbol.confidence,
                space_before: latin && after_latin,
                symbols: 1,
            });
        }
    }
    words
}

impl Word {
    fn push(&mut self, text: &str, area: PixelBox, confidence: f32) {
        self.text.push_str(text);
        self.area = self.area.union(area);
        #[allow(clippy::cast_precision_loss)] // a few characters
        let count = self.symbols as f32;
        self.confidence = (self.confidence * count + confidence) / (count + 1.0);
        self.symbols += 1;
    }
}

/// Letters, digits and the marks inside numbers, dates and addresses.
fn is_latin(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic() || c.is_ascii_alphanumeric())
}
