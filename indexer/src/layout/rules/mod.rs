//! Ruled lines of a page: the frames of tables and forms, underlines, separators.
//!
//! They are found before recognition, because a detected line of text that crosses a vertical rule belongs to two
//! cells and is cut there, and used after it, because only they tell which cell a line belongs to.

mod select;
mod split;
#[cfg(test)]
mod tests;
mod trace;

use image::GrayImage;
use juanzong::record::PixelBox;

pub use split::split;

use crate::prepare::{Transform, crop};

/// Resolution at which rules are found best, in dots per inch: hairlines still darken a pixel, and noise is averaged.
pub const RULE_DPI: u32 = 120;

/// Longest side of the image in which rules are looked for, in pixels: A3 at [`RULE_DPI`], and what claims to be larger.
const LONGEST_SIDE: u32 = 2400;
/// Long side of A4 paper in inches, for pages of which the resolution isn't known.
const A4_INCHES: f64 = 11.69;

/// A straight ruled line, horizontal or vertical, in pixels of the straight page.
///
/// `from` and `to` are positions along the line (x of a horizontal one, y of a vertical one), `at_from` and `at_to`
/// its position across at either end: what is left of the skew makes them differ a little.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Where it starts, along.
    pub from: f64,
    /// Where it ends, along.
    pub to: f64,
    /// Position across at the start.
    pub at_from: f64,
    /// Position across at the end.
    pub at_to: f64,
    /// Thickness.
    pub thickness: f64,
    /// Share of its length that is seen, 0 to 1.
    pub filled: f64,
    /// The group of crossing rules (a table or a frame) that it belongs to; `None` for one that stands alone.
    pub group: Option<usize>,
}

impl Rule {
    /// Length along.
    pub fn length(&self) -> f64 {
        self.to - self.from
    }

    /// Position across at a position along, also beyond the ends.
    pub fn at(&self, along: f64) -> f64 {
        let length = self.length();
        if length <= 0.0 {
            return self.at_from;
        }
        self.at_from + (self.at_to - self.at_from) * (along - self.from) / length
    }

    /// How much of the stretch `from..to` it covers, in pixels.
    pub(super) fn overlap(&self, from: f64, to: f64) -> f64 {
        (self.to.min(to) - self.from.max(from)).max(0.0)
    }

    fn scaled(self, factor: f64) -> Self {
        Self {
            from: self.from * factor,
            to: self.to * factor,
            at_from: self.at_from * factor,
            at_to: self.at_to * factor,
            thickness: self.thickness * factor,
            ..self
        }
    }
}

/// The ruled lines of a page, in pixels of the straight page; `Rules::default()` for a page of which no image exists.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rules {
    /// The horizontal ones.
    pub horizontal: Vec<Rule>,
    /// The vertical ones.
    pub vertical: Vec<Rule>,
    /// Pixels per millimetre of paper; 0 without an image.
    pub millimetre: f64,
}

/// Finds the ruled lines of a page at its own resolution, which `to_page` leads to from the straight `canvas`.
///
/// `dpi` is the resolution of the page; that of an A4 page when it isn't known.
pub fn of_page(page: &GrayImage, to_page: Transform, canvas: (u32, u32), dpi: Option<u32>) -> Rules {
    let longest = canvas.0.max(canvas.1).max(1);
    let dpi = dpi.map_or(f64::from(longest) / A4_INCHES, f64::from).max(1.0);
    let scale = (dpi / f64::from(RULE_DPI))
        .max(f64::from(longest) / f64::from(LONGEST_SIDE))
        .max(1.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // not larger than the page
    let (width, height, reduced_dpi) = (
        (f64::from(canvas.0) / scale) as u32,
        (f64::from(canvas.1) / scale) as u32,
        (dpi / scale).round() as u32,
    );
    let reduced = crop(
        page,
        to_page,
        PixelBox::from([0, 0, canvas.0, canvas.1]),
        (width, height),
    );
    find(&reduced, reduced_dpi, scale)
}

/// Finds the ruled lines of a straightened page.
///
/// `image` is the page or a reduced copy of about [`RULE_DPI`] (it is not made smaller here), `dpi` its resolution,
/// `scale` the number of straight pixels per pixel of `image`. Lines may lean by half a degree, have gaps of a
/// millimetre, and be of any darkness that stands out from their surroundings. Strokes of characters are left out:
/// they are short, or they touch no other rule.
pub fn find(image: &GrayImage, dpi: u32, scale: f64) -> Rules {
    let millimetre = f64::from(dpi.max(1)) / 25.4;
    let contrast = trace::contrast(image);
    let vertical = trace::vertical(image, millimetre, contrast);
    let horizontal = trace::vertical(&trace::transposed(image), millimetre, contrast);
    let (horizontal, vertical) = select::rules(horizontal, vertical, millimetre);
    let scaled = |rules: Vec<Rule>| rules.into_iter().map(|rule| rule.scaled(scale)).collect();
    Rules {
        horizontal: scaled(horizontal),
        vertical: scaled(vertical),
        millimetre: millimetre * scale,
    }
}
