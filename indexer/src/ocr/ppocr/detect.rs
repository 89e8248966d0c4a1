//! Finding lines of text with the detection network.

use image::GrayImage;
use juanzong::record::PixelBox;

use super::models::{ModelFolder, Purpose};
use super::regions::{self, ELONGATED, Extent, Region};
use super::runtime::{Network, Runtime, RuntimeError};
use crate::ocr::{Direction, FoundLines};
use crate::prepare::{Transform, resized_gray};

/// Long side of what the network sees: above 960 nothing is gained but time (`ocr.md`).
const LONG_SIDE: u32 = 800;
/// The network halves its input five times.
const MULTIPLE: u32 = 32;
/// Sides are never stretched beyond this: a page of one line stays a line.
const MIN_SIDE: u32 = 64;
/// Skews above this are not the skew of a scan, in radians (10°).
const MAX_SKEW: f32 = 0.175;

/// The detection network.
pub(super) struct Detector {
    network: Network,
    input: Vec<f32>,
}

impl Detector {
    pub(super) fn load(runtime: &Runtime, models: &ModelFolder) -> Result<Self, RuntimeError> {
        Ok(Self {
            network: runtime.network(models, Purpose::Detection)?,
            input: Vec::new(),
        })
    }

    /// The lines of a page, as boxes on its straight canvas, and how the canvas lies on the page.
    pub(super) fn detect(&mut self, page: &GrayImage) -> Result<FoundLines, RuntimeError> {
        let (width, height) = network_size(page.dimensions());
        let small = resized_gray(page, (width, height));
        let scale = (ratio(page.width(), width), ratio(page.height(), height));
        let regions: Vec<Region> = self
            .regions(&small)?
            .iter()
            .map(|region| region.scaled(scale))
            .collect();
        Ok(lines_of(&regions, page.dimensions()))
    }

    fn regions(&mut self, small: &GrayImage) -> Result<Vec<Region>, RuntimeError> {
        let (width, height) = (small.width() as usize, small.height() as usize);
        self.input.clear();
        for _ in 0..3 {
            self.input
                .extend(small.as_raw().iter().map(|p| f32::from(*p) / 127.5 - 1.0));
        }
        self.network.run([1, 3, height, width], &self.input, |shape, map| {
            if map.len() != width * height {
                return Err(RuntimeError::Shape(shape.to_vec()));
            }
            Ok(regions::find(map, width))
        })
    }
}

fn ratio(page: u32, map: u32) -> f32 {
    #[allow(clippy::cast_precision_loss)] // pixels
    let ratio = page as f32 / map.max(1) as f32;
    ratio
}

/// The size that a page is brought to: multiples of 32, the long side near [`LONG_SIDE`].
fn network_size((width, height): (u32, u32)) -> (u32, u32) {
    let longest = width.max(height).max(1);
    let side = |side: u32| {
        let scaled = u64::from(side) * u64::from(LONG_SIDE) / u64::from(longest);
        let scaled = u32::try_from(scaled).unwrap_or(LONG_SIDE).clamp(MIN_SIDE, LONG_SIDE);
        (scaled + MULTIPLE / 2) / MULTIPLE * MULTIPLE
    };
    (side(width), side(height))
}

fn lines_of(regions: &[Region], page: (u32, u32)) -> FoundLines {
    let direction = direction(regions);
    let skew = skew(regions, direction);
    let (to_page, canvas) = Transform::straight_to_page(skew.to_degrees(), page);
    let Some(from_page) = to_page.inverse() else {
        return FoundLines::none(page);
    };
    let (sin, cos) = skew.sin_cos();
    let mut boxes: Vec<PixelBox> = regions
        .iter()
        .filter_map(|region| {
            let Extent { low, high } = region.extent(skew);
            let (u, v) = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
            let middle = (f64::from(cos * u - sin * v), f64::from(sin * u + cos * v));
            let (x, y) = from_page.apply(middle);
            let (half_width, half_height) = (f64::from(high.0 - low.0) / 2.0, f64::from(high.1 - low.1) / 2.0);
            let area = cut(x - half_width, y - half_height, x + half_width, y + half_height, canvas);
            (area.width() > 3 && area.height() > 3).then_some(area)
        })
        .collect();
    boxes.sort_by_key(|area| (area.y0, area.x0, area.y1, area.x1));
    FoundLines {
        boxes,
        skew: skew.to_degrees(),
        to_page,
        canvas,
        direction,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to the canvas
fn cut(x0: f64, y0: f64, x1: f64, y1: f64, (width, height): (u32, u32)) -> PixelBox {
    let on = |v: f64, limit: u32| v.round().clamp(0.0, f64::from(limit)) as u32;
    PixelBox {
        x0: on(x0, width),
        y0: on(y0, height),
        x1: on(x1, width),
        y1: on(y1, height),
    }
}

/// Whether most of the text runs across the page or down it.
fn direction(regions: &[Region]) -> Direction {
    let quarter = std::f32::consts::FRAC_PI_4;
    let (mut across, mut down) = (0.0_f32, 0.0_f32);
    for region in regions.iter().filter(|r| r.length >= ELONGATED * r.thickness) {
        // By length, so that many short cells do not outvote the lines.
        if region.angle.abs() <= quarter {
            across += region.length;
        } else {
            down += region.length;
        }
    }
    if down > across {
        Direction::Down
    } else {
        Direction::Across
    }
}

/// The skew of the page in radians: the median of the angles of its lines, the longer ones counting more.
fn skew(regions: &[Region], direction: Direction) -> f32 {
    let mut angles: Vec<(f32, f32)> = regions
        .iter()
        .filter(|region| region.length >= ELONGATED * region.thickness)
        .map(|region| {
            let angle = match direction {
                Direction::Across => region.angle,
                // Text that runs down leans like text that runs across does.
                Direction::Down => region.angle - region.angle.signum() * std::f32::consts::FRAC_PI_2,
            };
            (angle, region.length)
        })
        .filter(|(angle, _)| angle.abs() <= MAX_SKEW)
        .collect();
    angles.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f32 = angles.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    for (angle, weight) in angles {
        below += weight;
        if below >= all / 2.0 {
            return angle;
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_brought_to_a_size_that_the_network_takes() {
        assert_eq!(network_size((2480, 3508)), (576, 800));
        assert_eq!(network_size((3508, 2480)), (800, 576));
        assert_eq!(network_size((1, 5000)), (64, 800));
        assert_eq!(network_size((0, 0)), (64, 64));
    }
}
