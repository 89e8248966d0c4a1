//! How much of each pixel in the area of a seal the seal's own ink covers.

use super::super::fade::{GrayInk, RedInk, luma, with_margin};
use super::super::map::redness;
use super::super::{FoundSeal, SealInk};
use crate::decode::PageImage;
use crate::prepare::gray::to_gray;
use crate::prepare::grid::byte;

/// Ink of a seal: 0 none, 255 full.
pub(super) struct Coverage {
    /// Where the area begins on the page.
    pub(super) origin: (f32, f32),
    pub(super) width: usize,
    pub(super) height: usize,
    values: Vec<u8>,
}

impl Coverage {
    /// Looks at the area of a seal; print over it becomes what is around the print.
    pub(super) fn of(page: &PageImage, seal: &FoundSeal) -> Option<Self> {
        let area = with_margin(seal, (page.width(), page.height()));
        let (width, height) = (area.width() as usize, area.height() as usize);
        if width < 8 || height < 8 {
            return None;
        }
        let mut values = vec![0_u8; width * height];
        let mut hidden = vec![false; width * height];
        let places = || (area.y0..area.y1).flat_map(move |y| (area.x0..area.x1).map(move |x| (x, y)));
        match (page, seal.ink) {
            (PageImage::Rgb(image), SealInk::Red) => {
                let ink = RedInk::of(image, area)?;
                let full = (ink.redness - ink.base).max(8.0);
                for ((x, y), (value, hidden)) in places().zip(values.iter_mut().zip(&mut hidden)) {
                    let pixel = image.get_pixel(x, y).0;
                    let share = (f32::from(redness(pixel)) - ink.base) / full;
                    *value = byte(share * 255.0);
                    *hidden = f32::from(luma(pixel)) < 0.75 * ink.luma && f32::from(pixel[0]) < 0.7 * ink.red;
                }
            }
            (_, SealInk::Red) => return None,
            (_, SealInk::Gray) => {
                let gray = to_gray(page);
                let ink = GrayInk::of(&gray, seal)?;
                let print = if ink.is_distinct() {
                    ink.print + 0.5 * (ink.seal - ink.print)
                } else {
                    -1.0
                };
                let full = (ink.paper - ink.seal).max(8.0);
                for ((x, y), (value, hidden)) in places().zip(values.iter_mut().zip(&mut hidden)) {
                    let level = f32::from(gray.get_pixel(x, y).0[0]);
                    *value = byte((ink.paper - level) / full * 255.0);
                    *hidden = level < print;
                }
            }
        }
        let mut coverage = Self {
            origin: (area.x0 as f32, area.y0 as f32),
            width,
            height,
            values,
        };
        coverage.fill(widened(&hidden, width));
        Some(coverage)
    }

    /// Fills hidden places from their edges inwards with the mean of what is known around them.
    fn fill(&mut self, mut hidden: Vec<bool>) {
        const ROUNDS: usize = 12;
        for _ in 0..ROUNDS {
            let mut filled = Vec::new();
            for (at, _) in hidden.iter().enumerate().filter(|(_, hidden)| **hidden) {
                let (x, y) = (at % self.width, at / self.width);
                let (mut sum, mut count) = (0_u32, 0_u32);
                for ny in y.saturating_sub(1)..(y + 2).min(self.height) {
                    for nx in x.saturating_sub(1)..(x + 2).min(self.width) {
                        if !hidden[ny * self.width + nx] {
                            sum += u32::from(self.values[ny * self.width + nx]);
                            count += 1;
                        }
                    }
                }
                if count >= 2 {
                    filled.push((at, u8::try_from(sum / count).unwrap_or(u8::MAX)));
                }
            }
            if filled.is_empty() {
                break;
            }
            for (at, value) in filled {
                self.values[at] = value;
                hidden[at] = false;
            }
        }
        for (value, hidden) in self.values.iter_mut().zip(hidden) {
            if hidden {
                *value = 0;
            }
        }
    }

    /// The ink at a place of the area, between its pixels; 0 outside.
    #[inline]
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x - 0.5, y - 0.5);
        if x < 0.0 || y < 0.0 {
            return 0.0;
        }
        let (left, top) = (
            crate::prepare::grid::place(x) as usize,
            crate::prepare::grid::place(y) as usize,
        );
        if left + 1 >= self.width || top + 1 >= self.height {
            return 0.0;
        }
        let (fx, fy) = (x.fract(), y.fract());
        let value = |dx: usize, dy: usize| f32::from(self.values[(top + dy) * self.width + left + dx]);
        let upper = value(0, 0) + (value(1, 0) - value(0, 0)) * fx;
        let lower = value(0, 1) + (value(1, 1) - value(0, 1)) * fx;
        upper + (lower - upper) * fy
    }

    /// Takes the ink away where `inside` says so; places are middles of pixels of the area.
    pub(super) fn erase(&mut self, inside: impl Fn(f32, f32) -> bool) {
        for y in 0..self.height {
            for x in 0..self.width {
                if inside(x as f32 + 0.5, y as f32 + 0.5) {
                    self.values[y * self.width + x] = 0;
                }
            }
        }
    }
}

/// The blurred edges of print belong to it.
fn widened(hidden: &[bool], width: usize) -> Vec<bool> {
    let mut wide = hidden.to_vec();
    for (at, _) in hidden.iter().enumerate().filter(|(_, hidden)| **hidden) {
        let x = at % width;
        for near in [at.wrapping_sub(width), at + width] {
            if let Some(value) = wide.get_mut(near) {
                *value = true;
            }
        }
        if x > 0 {
            wide[at - 1] = true;
        }
        if x + 1 < width {
            wide[at + 1] = true;
        }
    }
    wide
}
