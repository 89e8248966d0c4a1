//! Seals (印章): where they are, what is under them, and what they say.
//!
//! A seal is found by its shape: a ring, an oval or a box of red ink, or a ring of gray ink in a scan without colour.
//! Its ink is taken out of the page so that the print under it can be read; its own text is unrolled to straight
//! strips for a line recogniser. Red print that is no seal (红头) stays.

mod blob;
mod fade;
mod map;
mod ring;
#[cfg(test)]
mod tests;
mod uncover;
mod unroll;

use image::GrayImage;
use juanzong::record::PixelBox;

use super::gray::to_gray;
use crate::decode::PageImage;

pub use fade::fade;
pub use uncover::uncover;
pub use unroll::unroll;

/// The outline of a seal in pixels of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SealShape {
    /// A circle or an oval.
    Ellipse {
        /// Centre, x and y.
        centre: (f32, f32),
        /// Half of the width and half of the height of the outline, before the turn; equal for a circle.
        radii: (f32, f32),
        /// How far the width is turned clockwise from level, in degrees; 0 for a circle.
        turn: f32,
    },
    /// A box; its sides are those of the area.
    Rectangle,
}

/// What kind of ink a seal shows in the scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealInk {
    /// Red or orange.
    Red,
    /// Gray or black, in a scan or a copy without colour.
    Gray,
}

/// A seal on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundSeal {
    /// The smallest upright box around it, in pixels of the page.
    pub area: PixelBox,
    /// Its outline.
    pub shape: SealShape,
    /// Its ink.
    pub ink: SealInk,
}

impl FoundSeal {
    /// The same seal on a page of `factor` times the size.
    #[must_use]
    pub fn scaled(&self, factor: u32) -> Self {
        self.mapped(|v| v * factor, factor as f32)
    }

    /// The same seal on a page whose sides are divided by `divisor`.
    #[must_use]
    pub fn reduced(&self, divisor: u32) -> Self {
        self.mapped(|v| v / divisor.max(1), 1.0 / divisor.max(1) as f32)
    }

    fn mapped(&self, side: impl Fn(u32) -> u32, by: f32) -> Self {
        Self {
            area: PixelBox {
                x0: side(self.area.x0),
                y0: side(self.area.y0),
                x1: side(self.area.x1),
                y1: side(self.area.y1),
            },
            shape: match self.shape {
                SealShape::Ellipse { centre, radii, turn } => SealShape::Ellipse {
                    centre: (centre.0 * by, centre.1 * by),
                    radii: (radii.0 * by, radii.1 * by),
                    turn,
                },
                SealShape::Rectangle => SealShape::Rectangle,
            },
            ink: self.ink,
        }
    }

    /// How far out a point lies: 0 in the middle, 1 on the outline.
    fn reach(&self, x: f32, y: f32) -> f32 {
        match self.shape {
            SealShape::Ellipse { centre, radii, turn } => {
                let (sin, cos) = turn.to_radians().sin_cos();
                let (dx, dy) = (x - centre.0, y - centre.1);
                let (along, across) = (dx * cos + dy * sin, dy * cos - dx * sin);
                (along / radii.0.max(1.0)).hypot(across / radii.1.max(1.0))
            }
            SealShape::Rectangle => {
                let (a, b) = (self.area.x0 as f32, self.area.x1 as f32);
                let (c, d) = (self.area.y0 as f32, self.area.y1 as f32);
                let away = |v: f32, low: f32, high: f32| (2.0 * v - low - high).abs() / (high - low).max(1.0);
                away(x, a, b).max(away(y, c, d))
            }
        }
    }

    /// Whether two seals are the same one.
    fn meets(&self, other: &Self) -> bool {
        let (a, b) = (self.area, other.area);
        let shared = |a0: u32, a1: u32, b0: u32, b1: u32| a1.min(b1).saturating_sub(a0.max(b0));
        let common = f64::from(shared(a.x0, a.x1, b.x0, b.x1)) * f64::from(shared(a.y0, a.y1, b.y0, b.y1));
        let smaller = (f64::from(a.width()) * f64::from(a.height())).min(f64::from(b.width()) * f64::from(b.height()));
        common > 0.6 * smaller
    }
}

/// The part of a line's box where the seal has its own text around the rim, 0 to 1. Print that crosses the middle of
/// a seal has a low share, a piece of the rim text a high one (above 0.7); for a box-shaped seal it is the part
/// inside.
pub fn covers(seal: &FoundSeal, line: PixelBox) -> f32 {
    const STEPS: u32 = 24;
    /// From here on outwards the name stands in a round seal.
    const RIM: f32 = 0.55;
    let band = match seal.shape {
        SealShape::Ellipse { .. } => RIM..=1.05,
        SealShape::Rectangle => 0.0..=1.05,
    };
    let (mut inside, mut all) = (0_u16, 0_u16);
    for j in 0..STEPS {
        for i in 0..STEPS {
            let at =
                |from: u32, length: u32, step: u32| from as f32 + length as f32 * (step as f32 + 0.5) / STEPS as f32;
            let reach = seal.reach(at(line.x0, line.width(), i), at(line.y0, line.height(), j));
            inside += u16::from(band.contains(&reach));
            all += 1;
        }
    }
    f32::from(inside) / f32::from(all)
}

/// Finds the seals of an upright page of `dpi` dots per inch, from top to bottom: round, oval and box-shaped ones in
/// red, and round ones in gray or black.
pub fn find(page: &PageImage, dpi: u32) -> Vec<FoundSeal> {
    find_with(page, &to_gray(page), dpi)
}

/// The same where the brightness of the page is at hand.
pub(super) fn find_with(page: &PageImage, gray: &GrayImage, dpi: u32) -> Vec<FoundSeal> {
    let size = (page.width(), page.height());
    let mut found = Vec::new();
    if let PageImage::Rgb(image) = page {
        found.extend(blob::find_red(&map::red(image, dpi), dpi, size));
    }
    for seal in blob::find_gray(&map::ink(gray, dpi), dpi, size) {
        if !found.iter().any(|other: &FoundSeal| other.meets(&seal)) {
            found.push(seal);
        }
    }
    found.sort_by_key(|seal| (seal.area.y0, seal.area.x0));
    found
}
