//! From recognised lines, or the letters of a text layer, to the text of a page.
//!
//! Han characters stand without spaces between them, lines in reading order, boxes in pixels of the upright page.
//! Before recognition [`rules::find`] finds the ruled lines of the page and [`rules::split`] cuts the detected boxes
//! at them; afterwards [`assemble`] puts the lines into the cells of tables, into columns and rows.

mod amounts;
mod arrange;
mod codes;
mod columns;
mod doubts;
mod form;
mod glyphs;
mod grid;
mod groups;
mod han;
mod join;
mod noise;
mod order;
mod roles;
pub mod rules;
mod simplified;
mod spaced;
pub mod stack;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod wrapped;

use juanzong::record::{Alternative, PageText, PixelBox, TextLine, TextWord};

pub use glyphs::lines_of_glyphs;
pub(crate) use han::is_han;
pub use rules::Rules;

use crate::ocr::RawLine;
use crate::prepare::Transform;

/// Puts the lines of a page into reading order, joins their characters into words and maps the boxes to the page.
///
/// Lines and rules are in pixels of the straight page, `to_page` leads from there to the upright page of `page_size`.
/// The order of `lines` has no influence.
pub fn assemble(lines: Vec<RawLine>, rules: &Rules, to_page: Transform, page_size: (u32, u32)) -> PageText {
    let mut lines: Vec<RawLine> = lines
        .into_iter()
        .filter(|line| line.symbols().next().is_some())
        .collect();
    simplified::decide(&mut lines);
    doubts::decide(&mut lines);
    let arranged = arrange::arrange(lines, rules, sheet(to_page, page_size));
    let mut done: Vec<TextLine> = Vec::with_capacity(arranged.lines.len());
    // The boxes on the straight page, on which rows are level.
    let mut areas: Vec<PixelBox> = Vec::with_capacity(arranged.lines.len());
    for (mut line, role) in arranged.lines {
        amounts::with_commas(&mut line);
        codes::with_digits(&mut line);
        let words = noise::without_rules(join::words(&line));
        let Some(text) = text_line(words, to_page, page_size) else {
            continue;
        };
        if !noise::is_noise(&text) {
            done.push(TextLine { role, ..text });
            areas.push(line.area);
        }
    }
    roles::mark(&mut done, page_size.1);
    let form = form::fields(&done, &areas, &arranged.tables);
    PageText {
        lines: done,
        form,
        ..PageText::default()
    }
}

/// Left edge, width and height of the page in the coordinates of the lines.
fn sheet(to_page: Transform, (width, height): (u32, u32)) -> (f64, f64, f64) {
    let (width, height) = (f64::from(width), f64::from(height));
    let Some(from_page) = to_page.inverse() else {
        return (0.0, width, height);
    };
    let (middle, _) = from_page.apply((width / 2.0, height / 2.0));
    let length = |(x, y): (f64, f64)| x.hypot(y);
    let width = length(from_page.apply_vector((width, 0.0)));
    let height = length(from_page.apply_vector((0.0, height)));
    (middle - width / 2.0, width, height)
}

fn text_line(words: Vec<join::Word>, to_page: Transform, page_size: (u32, u32)) -> Option<TextLine> {
    let mut text = String::new();
    let mut characters = 0.0_f32;
    let mut confidence = 0.0_f32;
    let mut done: Vec<TextWord> = Vec::with_capacity(words.len());
    let mut alternatives: Vec<Alternative> = Vec::new();
    let mut length = 0;
    for word in words {
        if word.space_before && !text.is_empty() {
            text.push(' ');
            length += 1;
        }
        text.push_str(&word.text);
        let others = word.alternatives.into_iter();
        alternatives.extend(others.map(|(at, text, confidence)| Alternative {
            at: length + at,
            text,
            confidence,
        }));
        length += word.text.chars().count();
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
    let area = done.iter().map(|w| w.area).reduce(PixelBox::union)?;
    Some(TextLine {
        text,
        area,
        confidence: confidence / characters,
        words: done,
        alternatives,
        ..TextLine::default()
    })
}
