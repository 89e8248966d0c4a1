//! Running text over several sheets.

use super::super::fonts::Face;
use super::super::truth::Role;
use super::{Desk, Sheet, Style, mm};

/// White space around the text area, in points.
#[derive(Clone, Copy, Debug)]
pub(in crate::sample) struct Margins {
    pub(in crate::sample) top: f32,
    pub(in crate::sample) bottom: f32,
    pub(in crate::sample) left: f32,
    pub(in crate::sample) right: f32,
}

impl Margins {
    /// GB/T 9704: top 37 mm, left 28 mm, text area 156 mm by 225 mm.
    pub(in crate::sample) const OFFICIAL: Self = Self {
        top: mm(37.0),
        bottom: mm(35.0),
        left: mm(28.0),
        right: mm(26.0),
    };
    /// Forms use the sheet more fully.
    pub(in crate::sample) const FORM: Self = Self {
        top: mm(24.0),
        bottom: mm(20.0),
        left: mm(22.0),
        right: mm(20.0),
    };
}

/// Sheets that fill up from top to bottom.
pub(in crate::sample) struct Flow<'a> {
    pub(in crate::sample) desk: &'a Desk<'a>,
    margins: Margins,
    sheets: Vec<Sheet>,
    sheet: Sheet,
    /// Where the next thing begins.
    pub(in crate::sample) y: f32,
}

impl<'a> Flow<'a> {
    /// Sheets of this width and height in points.
    pub(in crate::sample) fn new(desk: &'a Desk<'a>, margins: Margins, size: (f32, f32)) -> Self {
        Self {
            desk,
            margins,
            sheets: Vec::new(),
            sheet: Sheet::new(size),
            y: margins.top,
        }
    }

    /// The sheet being filled.
    pub(in crate::sample) fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    pub(in crate::sample) fn left(&self) -> f32 {
        self.margins.left
    }

    pub(in crate::sample) fn right(&self) -> f32 {
        self.sheet.width - self.margins.right
    }

    pub(in crate::sample) fn width(&self) -> f32 {
        self.right() - self.left()
    }

    /// Lower end of the text area.
    pub(in crate::sample) fn bottom(&self) -> f32 {
        self.sheet.height - self.margins.bottom
    }

    /// Leaves white space.
    pub(in crate::sample) fn skip(&mut self, height: f32) {
        self.y += height;
    }

    /// Begins a new sheet unless `height` is still free on this one.
    pub(in crate::sample) fn need(&mut self, height: f32) {
        if self.y + height > self.bottom() + 0.5 && self.y > self.margins.top {
            let size = (self.sheet.width, self.sheet.height);
            let full = std::mem::replace(&mut self.sheet, Sheet::new(size));
            self.sheets.push(full);
            self.y = self.margins.top;
        }
    }

    /// A paragraph, its first line indented by `indent` characters, spread to the full width.
    pub(in crate::sample) fn paragraph(&mut self, text: &str, style: &Style, indent: f32, leading: f32) {
        let indent = indent * style.size;
        let width = self.width();
        let lines = self.desk.break_lines(text, style, width - indent, width);
        let last = lines.len().saturating_sub(1);
        for (at, line) in lines.iter().enumerate() {
            self.need(leading);
            let inset = if at == 0 { indent } else { 0.0 };
            let fit = (at < last).then_some(width - inset);
            let baseline = self.y + leading * 0.5 + style.size * 0.36;
            let x = self.left() + inset;
            self.desk.set(&mut self.sheet, line, style, (x, baseline), fit);
            self.y += leading;
        }
    }

    /// Centred text, broken into balanced lines where it is too wide.
    pub(in crate::sample) fn centred(&mut self, text: &str, style: &Style, leading: f32) {
        let full = self.desk.width(text, style);
        let rows = (full / self.width()).ceil().max(1.0);
        let width = if rows > 1.0 {
            (full / rows + style.size * 1.2).min(self.width())
        } else {
            self.width()
        };
        for line in self.desk.break_lines(text, style, width, width) {
            self.need(leading);
            let centre = (self.left() + self.right()) / 2.0;
            let baseline = self.y + leading * 0.5 + style.size * 0.36;
            self.desk.centre(&mut self.sheet, &line, style, (centre, baseline));
            self.y += leading;
        }
    }

    /// One line ending `inset` points before the right margin; gives the centre of what was set.
    pub(in crate::sample) fn right_line(&mut self, text: &str, style: &Style, inset: f32, leading: f32) -> (f32, f32) {
        self.need(leading);
        let end = self.right() - inset;
        let baseline = self.y + leading * 0.5 + style.size * 0.36;
        self.desk.right(&mut self.sheet, text, style, (end, baseline));
        let centre = (end - self.desk.width(text, style) / 2.0, self.y + leading / 2.0);
        self.y += leading;
        centre
    }

    /// All sheets; with page numbers in the form of GB/T 9704 (`— 1 —`, odd ones right, even ones left) if asked for.
    pub(in crate::sample) fn finish(mut self, numbered: bool) -> Vec<Sheet> {
        let (left, right) = (self.left(), self.right());
        self.sheets.push(self.sheet);
        if numbered {
            let style = Style::new(Face::Song, 14.0, Role::PageNumber);
            for (number, sheet) in (1_u32..).zip(&mut self.sheets) {
                let text = format!("— {number} —");
                let y = sheet.height - self.margins.bottom + mm(9.5);
                if number % 2 == 1 {
                    self.desk.right(sheet, &text, &style, (right - style.size, y));
                } else {
                    self.desk.left(sheet, &text, &style, (left + style.size, y));
                }
            }
        }
        self.sheets
    }
}
