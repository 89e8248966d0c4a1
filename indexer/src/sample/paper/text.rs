//! Setting text: measuring, breaking into lines, placing glyphs.

use std::cell::Cell;

use super::super::Error;
use super::super::fonts::{Face, Fonts};
use super::super::truth::Role;
use super::{BLACK, Line, PlacedGlyph, Rgb, Sheet};

/// How text looks and what it is.
#[derive(Clone, Copy, Debug)]
pub(in crate::sample) struct Style {
    pub(in crate::sample) face: Face,
    /// Size of the em in points.
    pub(in crate::sample) size: f32,
    pub(in crate::sample) colour: Rgb,
    pub(in crate::sample) role: Role,
    /// Extra space after each character, in points.
    pub(in crate::sample) spacing: f32,
}

impl Style {
    pub(in crate::sample) const fn new(face: Face, size: f32, role: Role) -> Self {
        Self {
            face,
            size,
            colour: BLACK,
            role,
            spacing: 0.0,
        }
    }

    #[must_use]
    pub(in crate::sample) const fn coloured(self, colour: Rgb) -> Self {
        Self { colour, ..self }
    }

    #[must_use]
    pub(in crate::sample) const fn spaced(self, spacing: f32) -> Self {
        Self { spacing, ..self }
    }

    #[must_use]
    pub(in crate::sample) const fn sized(self, size: f32) -> Self {
        Self { size, ..self }
    }
}

/// Characters that may not begin a line.
const NOT_FIRST: &str = "，。；：、！？）》〕”’％%℃";
/// Characters that may not end a line.
const NOT_LAST: &str = "（《〔“‘";

/// The compositor's desk: the faces, and whether a character was found in none of them.
pub(in crate::sample) struct Desk<'a> {
    fonts: &'a Fonts,
    missing: Cell<Option<char>>,
}

impl<'a> Desk<'a> {
    pub(in crate::sample) fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            missing: Cell::new(None),
        }
    }

    /// Fails if any text set so far had a character without glyph.
    pub(in crate::sample) fn check(&self) -> Result<(), Error> {
        self.missing.get().map_or(Ok(()), |c| Err(Error::GlyphMissing(c)))
    }

    fn glyphs(&self, text: &str, style: &Style) -> Vec<PlacedGlyph> {
        let mut x = 0.0;
        let mut placed = Vec::new();
        for character in text.chars() {
            let (face, id) = self.fonts.glyph(style.face, character).unwrap_or_else(|| {
                self.missing.set(Some(character));
                (style.face, ab_glyph::GlyphId(0))
            });
            let advance = self.fonts.advance(face, id) * style.size + style.spacing;
            placed.push(PlacedGlyph { face, id, x, advance });
            x += advance;
        }
        placed
    }

    /// Width of a text in points.
    pub(in crate::sample) fn width(&self, text: &str, style: &Style) -> f32 {
        let glyphs = self.glyphs(text, style);
        let end = glyphs.last().map_or(0.0, |last| last.x + last.advance);
        end - if glyphs.is_empty() { 0.0 } else { style.spacing }
    }

    /// Sets one line with its left end at `x` on the baseline `y`.
    pub(in crate::sample) fn left(&self, sheet: &mut Sheet, text: &str, style: &Style, (x, y): (f32, f32)) {
        self.set(sheet, text, style, (x, y), None);
    }

    /// Sets one line centred on `x`.
    pub(in crate::sample) fn centre(&self, sheet: &mut Sheet, text: &str, style: &Style, (x, y): (f32, f32)) {
        let width = self.width(text, style);
        self.set(sheet, text, style, (x - width / 2.0, y), None);
    }

    /// Sets one line with its right end at `x`.
    pub(in crate::sample) fn right(&self, sheet: &mut Sheet, text: &str, style: &Style, (x, y): (f32, f32)) {
        let width = self.width(text, style);
        self.set(sheet, text, style, (x - width, y), None);
    }

    /// Sets one line; `fit` spreads it to exactly that width where less than an em has to be spread over the line.
    pub(super) fn set(&self, sheet: &mut Sheet, text: &str, style: &Style, (x, y): (f32, f32), fit: Option<f32>) {
        if text.trim().is_empty() {
            return;
        }
        let mut glyphs = self.glyphs(text, style);
        let rest = fit.map_or(0.0, |fit| fit - self.width(text, style));
        let gaps = glyphs.len().saturating_sub(1);
        #[allow(clippy::cast_precision_loss)] // characters of one line
        let extra = if gaps > 0 && rest.abs() < style.size * 2.5 {
            rest / gaps as f32
        } else {
            0.0
        };
        let mut shift = x;
        for glyph in &mut glyphs {
            glyph.x += shift;
            glyph.advance += extra;
            shift += extra;
        }
        sheet.lines.push(Line {
            text: text.to_owned(),
            glyphs,
            y,
            size: style.size,
            colour: style.colour,
            role: style.role,
        });
    }

    /// Breaks a text into lines: the first at most `first` points wide, the others `width`. Latin words and numbers
    /// stay whole, punctuation does not begin a line, an opening bracket does not end one.
    pub(in crate::sample) fn break_lines(&self, text: &str, style: &Style, first: f32, width: f32) -> Vec<String> {
        let characters: Vec<char> = text.chars().collect();
        let glyphs = self.glyphs(text, style);
        let mut lines = Vec::new();
        let mut start = 0;
        while start < characters.len() {
            let room = if lines.is_empty() { first } else { width };
            let left = glyphs[start].x;
            let fits = |end: usize| glyphs[end - 1].x + glyphs[end - 1].advance - style.spacing - left <= room + 0.01;
            let mut end = start + 1;
            while end < characters.len() && fits(end + 1) {
                end += 1;
            }
            if end < characters.len() {
                end = break_before(&characters, start, end);
            }
            lines.push(characters[start..end].iter().collect::<String>().trim().to_owned());
            start = end;
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}

/// Moves a line end back to where a line may break; `end` when there is no such place.
fn break_before(characters: &[char], start: usize, end: usize) -> usize {
    let allowed = |at: usize| {
        let (before, after) = (characters[at - 1], characters[at]);
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        !(NOT_FIRST.contains(after) || NOT_LAST.contains(before) || (word(before) && word(after)))
    };
    (start + 1..=end).rev().find(|at| allowed(*at)).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_chinese_typography_allows() {
        let fonts = Fonts::load().unwrap();
        let desk = Desk::new(&fonts);
        let style = Style::new(Face::Song, 10.0, Role::Body);
        let text = "你单位于2019年提交的申请（受理编号：20190444），本机关已依法受理，经审查《食品经营许可管理办法》符合规定。";
        for width in [73.0, 80.0, 88.0, 120.0, 155.0] {
            let lines = desk.break_lines(text, &style, width - 20.0, width);
            assert_eq!(lines.concat(), text, "nothing is lost at {width}");
            for line in &lines {
                assert!(!line.starts_with(|c| NOT_FIRST.contains(c)), "{line}");
                assert!(!line.ends_with(|c| NOT_LAST.contains(c)), "{line}");
            }
        }
        desk.check().unwrap();
        desk.width("\u{10fffd}", &style);
        assert!(matches!(desk.check(), Err(Error::GlyphMissing(_))));
    }
}
