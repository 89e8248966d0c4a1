//! The text of one page with its geometry (`OcrPage` in the JSON of `juanzong-indexer ocr`).

use std::ops::Range;

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

/// Another reading of one character of a line, which the recogniser held for possible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// Index of the character in the text of the line.
    pub at: usize,
    /// What it may be instead: one character.
    pub text: String,
    /// Confidence of this reading, 0 to 1.
    pub confidence: f32,
}

/// What a line is on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineRole {
    /// Running text, titles, signatures.
    #[default]
    Body,
    /// Repeated at the top of pages (页眉).
    Header,
    /// Repeated at the bottom of pages (页脚).
    Footer,
    /// The number of the page (页码).
    PageNumber,
    /// A line in a cell of a table; the lines of one cell stand together in reading order.
    Cell {
        /// Number of the table on the page, from 0.
        table: u16,
        /// Row of the cell's top left corner, from 0.
        row: u16,
        /// Column of the cell's top left corner, from 0.
        column: u16,
    },
}

impl LineRole {
    /// Whether this is the role of a line of which nothing else is known.
    pub fn is_body(&self) -> bool {
        *self == Self::Body
    }
}

/// One line of text.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
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
    /// Other readings of single characters, by character, the likelier first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
    /// What the line is on its page.
    #[serde(default, skip_serializing_if = "LineRole::is_body")]
    pub role: LineRole,
}

impl TextLine {
    /// The box around some characters of the line (a range of character indices of `text`): the union of the boxes
    /// of the words they lie in, cut proportionally where only a part of a word is meant. A line whose words do not
    /// spell it is cut into equal parts. `None` when the range holds no visible character or the line has no geometry.
    pub fn area_of(&self, characters: Range<usize>) -> Option<PixelBox> {
        let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let before = |at: usize| self.text.chars().take(at).filter(|c| !c.is_whitespace()).count();
        let (from, to, all) = (before(characters.start), before(characters.end), visible(&self.text));
        if from >= to || self.area.width() == 0 || self.area.height() == 0 {
            return None;
        }
        if self.words.iter().map(|word| visible(&word.text)).sum::<usize>() != all {
            return Some(self.area.strip(from, to, all));
        }
        let mut at = 0;
        let mut area: Option<PixelBox> = None;
        for word in &self.words {
            let length = visible(&word.text);
            let (first, last) = (from.max(at), to.min(at + length));
            if first < last {
                let part = word.area.strip(first - at, last - at, length);
                area = Some(area.map_or(part, |a| a.union(part)));
            }
            at += length;
        }
        area
    }
}

/// A seal (印章) on the page; its text is kept apart from the text that it stands on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seal {
    /// The text around the rim, then across the middle; empty when it could not be read.
    pub text: String,
    /// Its box in pixels of the upright page.
    #[serde(rename = "box")]
    pub area: PixelBox,
    /// Confidence of the recogniser, 0 to 1; 0 when nothing was read.
    pub confidence: f32,
}

/// A label of a form and the value that stands beside or below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// Indices into the lines of the page that make the label, in reading order.
    pub label: Vec<usize>,
    /// Indices into the lines of the page that make the value; empty when the field was left blank.
    pub value: Vec<usize>,
}

/// The text of one page: lines in reading order.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct PageText {
    /// The lines in reading order.
    pub lines: Vec<TextLine>,
    /// The seals, from top to bottom; their text is not among the lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<Seal>,
    /// Labels and values of forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<FormField>,
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
                ..TextLine::default()
            })
            .collect();
        Self {
            lines,
            ..Self::default()
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x0: u32, x1: u32) -> TextWord {
        TextWord {
            text: text.into(),
            area: PixelBox::from([x0, 0, x1, 10]),
            confidence: 1.0,
        }
    }

    #[test]
    fn characters_are_boxed_by_their_words_and_parts_of_words() {
        let line = TextLine {
            text: "准予 ABCD号".into(),
            area: PixelBox::from([0, 0, 100, 10]),
            confidence: 1.0,
            words: vec![
                word("准", 0, 10),
                word("予", 10, 20),
                word("ABCD", 40, 80),
                word("号", 80, 90),
            ],
            ..TextLine::default()
        };
        let area = |range| line.area_of(range).map(<[u32; 4]>::from);
        assert_eq!(area(0..2), Some([0, 0, 20, 10]));
        assert_eq!(area(4..6), Some([50, 0, 70, 10]));
        assert_eq!(area(5..8), Some([60, 0, 90, 10]));
        assert_eq!(area(2..3), None);
        assert_eq!(area(90..95), None);
    }

    #[test]
    fn a_line_without_words_is_cut_evenly_and_imported_text_has_no_box() {
        let line = TextLine {
            text: "准予许可".into(),
            area: PixelBox::from([0, 0, 100, 10]),
            confidence: 1.0,
            ..TextLine::default()
        };
        assert_eq!(line.area_of(1..2), Some(PixelBox::from([25, 0, 50, 10])));
        assert_eq!(PageText::without_geometry("准予").lines[0].area_of(0..1), None);
    }
}
