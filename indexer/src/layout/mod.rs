//! From recognised lines, or the letters of a text layer, to the text of a page.
//!
//! Han characters stand without spaces between them, lines in reading order, boxes in pixels of the upright page.

mod glyphs;
mod join;
mod noise;
mod order;
#[cfg(test)]
mod tests;

use juanzong::record::{PageText, TextLine, TextWord};

pub use glyphs::lines_of_glyphs;

use crate::ocr::RawLine;
use crate::prepare::Transform;

/// Puts the lines of a page into reading order, joins their characters into words and maps the boxes to the page.
pub fn assemble(lines: Vec<RawLine>, to_page: Transform, page_size: (u32, u32)) -> PageText {
    let lines = order::reading_order(lines)
        .into_iter()
        .filter_map(|line| {
            let words = noise::without_rules(join::words(&line));
            text_line(words, to_page, page_size)
        })
        .filter(|line| !noise::is_noise(line))
        .collect();
    PageText {
        lines,
        ..PageText::default()
    }
}

fn text_line(words: Vec<join::Word>, to_page: Transform, page_size: (u32, u32)) -> Option<TextLine> {
    let mut text = String::new();
    let mut characters = 0.0_f32;
    let mut confidence = 0.0_f32;
    let mut done: Vec<TextWord> = Vec::with_capacity(words.len());
    for word in words {
        if word.space_before && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.text);
        #[allow(clippy::cast_precision_loss)] // a line has far fewer than 2^24 characters
        let count = word.text.chars().count() as f32;
        characters += count;
        confidence += count * word.confidence;
        done.push(TextWord {
            text: word.text,
            area: to_page.apply_to_box(word.area, page_size),
            confidence: word.confidence,
        });
    }
    let area = done.iter().map(|w| w.area).reduce(juanzong::record::PixelBox::union)?;
    Some(TextLine {
        text,
        area,
        confidence: confidence / characters,
        words: done,
        ..TextLine::default()
    })
}
