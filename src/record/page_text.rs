//! The text of one page with its geometry (`OcrPage` in the JSON of `juanzong-indexer ocr`).

use serde::{Deserialize, Serialize};

use super::PixelBox;

/// Where the text of a page comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSource {
    /// Read from the page image by a recogniser.
    Ocr,
    /// Taken from the text layer of a born-digital file.
    TextLayer,
    /// Handed over as text with a bulk import; there is no geometry.
    Import,
}

impl TextSource {
    /// The stable code stored in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ocr => "ocr",
            Self::TextLayer => "text_layer",
            Self::Import => "import",
        }
    }

    /// The source with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Ocr, Self::TextLayer, Self::Import]
            .into_iter()
            .find(|s| s.code() == code)
    }
}

/// A word: the smallest piece of text that has a box of its own (often one Han character).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextWord {
    /// The characters, without surrounding spaces.
    pub text: String,
    /// Its box in pixels of the upright page.
    #[serde(rename = "box")]
    pub area: PixelBox,
    /// Confidence of the recogniser, 0 to 1.
    pub confidence: f32,
}

/// One line of text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    /// The text in reading order, with no spaces between Han characters.
    pub text: String,
    /// The box of the whole line in pixels of the upright page.
    #[serde(rename = "box")]
    pub area: PixelBox,
    /// Confidence of the recogniser, 0 to 1.
    pub confidence: f32,
    /// The words in reading order; their texts joined without spaces are `text` without spaces.
    pub words: Vec<TextWord>,
}

/// The text of one page: lines in reading order.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct PageText {
    /// The lines in reading order.
    pub lines: Vec<TextLine>,
}

impl PageText {
    /// The text in reading order, lines separated by `\n`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line.text);
        }
        text
    }

    /// Text without geometry (bulk import): one line per `\n`, empty boxes, no words.
    pub fn without_geometry(text: &str) -> Self {
        let lines = text
            .lines()
            .map(|line| TextLine {
                text: line.to_owned(),
                area: PixelBox::default(),
                confidence: 1.0,
                words: Vec::new(),
            })
            .collect();
        Self { lines }
    }

    /// Mean confidence of the lines weighted by their characters, 0 to 1; `None` on a page without text.
    pub fn confidence(&self) -> Option<f32> {
        let mut characters = 0.0_f32;
        let mut sum = 0.0_f32;
        for line in &self.lines {
            #[allow(clippy::cast_precision_loss)] // a line has far fewer than 2^24 characters
            let weight = line.text.chars().count() as f32;
            characters += weight;
            sum += weight * line.confidence;
        }
        (characters > 0.0).then(|| sum / characters)
    }
}
