//! Sheets of paper: what stands where, in points, before it becomes pixels or PDF.
//!
//! Origin at the top left, y downwards, 72 points an inch. A sheet is drawn in the order shapes, lines, seals.

mod flow;
mod ornament;
mod path;
mod seal;
mod table;
mod text;

use ab_glyph::GlyphId;

pub(super) use flow::{Flow, Margins};
pub(super) use ornament::{code_square, frame};
pub(super) use path::{Path, circle, diamond, map as map_path, rectangle, shift as shift_path};
pub(super) use seal::Seal;
pub(super) use table::{Cell, Table};
pub(super) use text::{Desk, Style};

use super::fonts::Face;
use super::truth::Role;

/// Points in a number of millimetres.
pub(super) const fn mm(millimetres: f32) -> f32 {
    millimetres * 72.0 / 25.4
}

/// Width and height of A4 in points.
pub(super) const A4: (f32, f32) = (mm(210.0), mm(297.0));

/// A colour, red green blue.
pub(super) type Rgb = [u8; 3];

pub(super) const BLACK: Rgb = [24, 24, 26];
pub(super) const RED: Rgb = [208, 22, 30];
pub(super) const SEAL_RED: Rgb = [214, 36, 44];
pub(super) const WHITE: Rgb = [255, 255, 255];

/// One glyph in place.
#[derive(Clone, Debug)]
pub(super) struct PlacedGlyph {
    pub(super) face: Face,
    pub(super) id: GlyphId,
    /// Left end of the advance box.
    pub(super) x: f32,
    /// How far the pen moves, in points.
    pub(super) advance: f32,
}

/// One line of text in place. `glyphs` has one entry per character of `text`.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) glyphs: Vec<PlacedGlyph>,
    /// Baseline.
    pub(super) y: f32,
    /// Size of the em in points.
    pub(super) size: f32,
    pub(super) colour: Rgb,
    pub(super) role: Role,
}

/// A filled path.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) path: Path,
    pub(super) colour: Rgb,
    /// 0 to 1.
    pub(super) opacity: f32,
}

/// One sheet.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) width: f32,
    pub(super) height: f32,
    /// Colour of the paper.
    pub(super) tint: Rgb,
    pub(super) shapes: Vec<Shape>,
    pub(super) lines: Vec<Line>,
    pub(super) seals: Vec<Seal>,
}

impl Sheet {
    /// An empty white sheet.
    pub(super) fn new((width, height): (f32, f32)) -> Self {
        Self {
            width,
            height,
            tint: WHITE,
            shapes: Vec::new(),
            lines: Vec::new(),
            seals: Vec::new(),
        }
    }

    /// Adds a filled path.
    pub(super) fn fill(&mut self, path: Path, colour: Rgb) {
        self.shapes.push(Shape {
            path,
            colour,
            opacity: 1.0,
        });
    }

    /// Adds a straight rule of some thickness from one point to another, horizontal or vertical.
    pub(super) fn rule(&mut self, (x0, y0): (f32, f32), (x1, y1): (f32, f32), thickness: f32, colour: Rgb) {
        let half = thickness / 2.0;
        let path = rectangle(x0 - half, y0 - half, x1 - x0 + thickness, y1 - y0 + thickness);
        self.fill(path, colour);
    }

    /// Adds the outline of a box.
    pub(super) fn outline(&mut self, x: f32, y: f32, width: f32, height: f32, thickness: f32, colour: Rgb) {
        self.rule((x, y), (x + width, y), thickness, colour);
        self.rule((x, y + height), (x + width, y + height), thickness, colour);
        self.rule((x, y), (x, y + height), thickness, colour);
        self.rule((x + width, y), (x + width, y + height), thickness, colour);
    }
}
