//! Red seals (公章) fade out where they lie over text; red headings (红头) stay.
//!
//! A seal is found by its shape: a red area about as high as wide, of the size that seals have.

use image::{GrayImage, RgbImage};

use crate::decode::{PageImage, luminance};

/// Side of a cell of the red map in millimetres.
const CELL_MM: f64 = 1.0;
/// Sides of seals in millimetres: round ones of agencies have 38 to 50, ovals are smaller one way.
const SEAL_MM: std::ops::RangeInclusive<f64> = 24.0..=66.0;
/// Longest to shortest side of a seal.
const MAX_ASPECT: f64 = 1.7;
/// A pixel is red when its red is this much above its green and blue.
const RED: i16 = 36;

/// Brightness of the page, with the ink of seals made light.
pub(super) fn to_gray_without_seals(page: &PageImage, dpi: u32) -> GrayImage {
    let image = match page {
        PageImage::Gray(image) => return image.clone(),
        PageImage::Rgb(image) => image,
    };
    let gray = image.pixels().map(|p| luminance(p.0)).collect();
    let mut gray = GrayImage::from_raw(image.width(), image.height(), gray)
        .unwrap_or_else(|| GrayImage::new(image.width(), image.height()));
    for area in find(image, dpi) {
        for y in area.y0..area.y1 {
            for x in area.x0..area.x1 {
                let pixel = image.get_pixel(x, y).0;
                let red = redness(pixel);
                if red > RED / 2 {
                    // Red ink over paper becomes paper; over black print the red channel shows the print.
                    let light = i16::from(pixel[0]) + (red - RED / 2) / 2;
                    gray.get_pixel_mut(x, y).0 = [u8::try_from(light).unwrap_or(u8::MAX)];
                }
            }
        }
    }
    gray
}

fn redness([r, g, b]: [u8; 3]) -> i16 {
    i16::from(r) - i16::from(g.max(b))
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SealArea {
    pub(super) x0: u32,
    pub(super) y0: u32,
    pub(super) x1: u32,
    pub(super) y1: u32,
}

/// The areas of seals on a page.
pub(super) fn find(image: &RgbImage, dpi: u32) -> Vec<SealArea> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a few pixels
    let cell = (f64::from(dpi) * CELL_MM / 25.4).round().max(2.0) as u32;
    let map = RedMap::of(image, cell);
    let mut seen = vec![false; map.cells.len()];
    let mut found = Vec::new();
    for start in 0..map.cells.len() {
        if !map.cells[start] || seen[start] {
            continue;
        }
        let [x0, y0, x1, y1] = map.component(start, &mut seen);
        let (wide, high) = (f64::from(x1 - x0 + 1) * CELL_MM, f64::from(y1 - y0 + 1) * CELL_MM);
        if SEAL_MM.contains(&wide) && SEAL_MM.contains(&high) && wide.max(high) / wide.min(high) <= MAX_ASPECT {
            found.push(SealArea {
                x0: x0.saturating_sub(1) * cell,
                y0: y0.saturating_sub(1) * cell,
                x1: ((x1 + 2) * cell).min(image.width()),
                y1: ((y1 + 2) * cell).min(image.height()),
            });
        }
    }
    found
}

/// Which cells of a coarse grid hold red ink.
struct RedMap {
    width: u32,
    height: u32,
    cells: Vec<bool>,
}

impl RedMap {
    fn of(image: &RgbImage, cell: u32) -> Self {
        let (width, height) = (image.width().div_ceil(cell), image.height().div_ceil(cell));
        let mut counts = vec![0_u32; width as usize * height as usize];
        for (x, y, pixel) in image.enumerate_pixels() {
            if redness(pixel.0) > RED {
                counts[((y / cell) * width + x / cell) as usize] += 1;
            }
        }
        let enough = (cell * cell / 12).max(1);
        Self {
            width,
            height,
            cells: counts.into_iter().map(|c| c >= enough).collect(),
        }
    }

    /// Flood-fills over gaps of up to two cells; gives the box of the component in cells, inclusive.
    fn component(&self, start: usize, seen: &mut [bool]) -> [u32; 4] {
        let place = |index: usize| {
            let index = u32::try_from(index).unwrap_or_default();
            (index % self.width, index / self.width)
        };
        let (x, y) = place(start);
        let mut bounds = [x, y, x, y];
        let mut queue = vec![start];
        seen[start] = true;
        while let Some(index) = queue.pop() {
            let (x, y) = place(index);
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
            for ny in y.saturating_sub(2)..=(y + 2).min(self.height - 1) {
                for nx in x.saturating_sub(2)..=(x + 2).min(self.width - 1) {
                    let neighbour = (ny * self.width + nx) as usize;
                    if self.cells[neighbour] && !seen[neighbour] {
                        seen[neighbour] = true;
                        queue.push(neighbour);
                    }
                }
            }
        }
        bounds
    }
}
