//! Takes the ink of a seal out of the page, so that only the print under it is left.

use image::{GrayImage, RgbImage};
use juanzong::record::PixelBox;

use super::super::grid::{byte, place};
use super::map::{paper_redness, redness};
use super::{FoundSeal, SealInk, SealShape};
use crate::decode::PageImage;

/// The part of the way from print to paper at which gray ink of a seal must lie at least to be told from print.
const DISTINCT: f32 = 0.24;
/// And by how many levels.
const LEVELS: f32 = 24.0;

/// Takes the ink of `seal` out of `gray`, the brightness of `page`, and says whether it did. A gray seal is left
/// where its ink is as dark as the print of the page: nothing could tell them apart.
pub fn fade(page: &PageImage, gray: &mut GrayImage, seal: &FoundSeal) -> bool {
    if gray.dimensions() != (page.width(), page.height()) {
        return false;
    }
    match (page, seal.ink) {
        (PageImage::Rgb(image), SealInk::Red) => fade_red(image, gray, seal),
        (_, SealInk::Red) => false,
        (_, SealInk::Gray) => fade_gray(gray, seal),
    }
}

/// The area of a seal with a margin for blurred edges, on a page of this size.
pub(super) fn with_margin(seal: &FoundSeal, (width, height): (u32, u32)) -> PixelBox {
    let margin = seal.area.width().max(seal.area.height()) / 40 + 3;
    PixelBox {
        x0: seal.area.x0.saturating_sub(margin),
        y0: seal.area.y0.saturating_sub(margin),
        x1: (seal.area.x1 + margin).min(width),
        y1: (seal.area.y1 + margin).min(height),
    }
}

/// How red ink and paper look in one place of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct RedInk {
    /// Brightness of the paper, and its red.
    pub(super) paper: f32,
    pub(super) paper_red: f32,
    /// Brightness, red and redness of the ink over paper.
    pub(super) luma: f32,
    pub(super) red: f32,
    pub(super) redness: f32,
    /// Redness of the paper.
    pub(super) base: f32,
}

impl RedInk {
    /// Looks at the pixels of an area; `None` without red ink.
    pub(super) fn of(image: &RgbImage, area: PixelBox) -> Option<Self> {
        let base = paper_redness(image);
        let mut by_redness = [0_u32; 256];
        let pixels = || {
            (area.y0..area.y1)
                .step_by(2)
                .flat_map(move |y| (area.x0..area.x1).step_by(2).map(move |x| image.get_pixel(x, y).0))
        };
        let mut paper = [0_u32; 256];
        let mut paper_red = [0_u32; 256];
        for pixel in pixels() {
            let red = redness(pixel);
            by_redness[usize::from(red)] += 1;
            if red < base.saturating_add(14) {
                paper[usize::from(luma(pixel))] += 1;
                paper_red[usize::from(pixel[0])] += 1;
            }
        }
        for (level, count) in by_redness.iter_mut().enumerate() {
            if level < usize::from(base) + 24 {
                *count = 0;
            }
        }
        // Ink at full strength: redder than most of what is red at all.
        let full = quantile(&by_redness, 0.7)?;
        let (mut lumas, mut reds) = ([0_u32; 256], [0_u32; 256]);
        for pixel in pixels() {
            if redness(pixel).saturating_add(8) >= full {
                lumas[usize::from(luma(pixel))] += 1;
                reds[usize::from(pixel[0])] += 1;
            }
        }
        Some(Self {
            paper: f32::from(quantile(&paper, 0.75)?),
            paper_red: f32::from(quantile(&paper_red, 0.75)?),
            luma: f32::from(quantile(&lumas, 0.5)?),
            red: f32::from(quantile(&reds, 0.5)?),
            redness: f32::from(full),
            base: f32::from(base),
        })
    }
}

/// The level below which this share of a histogram lies.
fn quantile(histogram: &[u32; 256], share: f64) -> Option<u8> {
    let total: u32 = histogram.iter().sum();
    if total == 0 {
        return None;
    }
    let mut below = 0;
    (0_u8..=255).find(|level| {
        below += histogram[usize::from(*level)];
        f64::from(below) >= share * f64::from(total)
    })
}

#[inline]
pub(super) fn luma([r, g, b]: [u8; 3]) -> u8 {
    let sum = 77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b) + 128;
    (sum >> 8).to_le_bytes()[0]
}

/// Red ink lets red light through: where it lies, the red channel shows paper or print. In JPEG files the colour is
/// smeared over the edges of the ink, so each pixel takes the strongest colour around it, as far as it is bright
/// enough to have that: black print under the seal has none.
fn fade_red(image: &RgbImage, gray: &mut GrayImage, seal: &FoundSeal) -> bool {
    let area = with_margin(seal, gray.dimensions());
    let Some(ink) = RedInk::of(image, area) else {
        return false;
    };
    let (width, height) = (area.width() as usize, area.height() as usize);
    // How much redder than brightness alone: the red channel less the brightness.
    let mut excess = vec![0_u8; width * height];
    for (y, row) in (area.y0..area.y1).zip(excess.chunks_exact_mut(width.max(1))) {
        for (x, value) in (area.x0..area.x1).zip(row) {
            let pixel = image.get_pixel(x, y).0;
            *value = pixel[0].saturating_sub(luma(pixel));
        }
    }
    let reach = if seal.area.width() > 330 { 2 } else { 1 };
    let near = largest_around(&excess, width, height, reach);
    let full = (ink.red - ink.luma).max(8.0);
    let paper_excess = (ink.paper_red - ink.paper).max(0.0);
    let gain = (ink.paper / ink.red.max(1.0) - 1.0).max(0.0);
    for y in area.y0..area.y1 {
        for x in area.x0..area.x1 {
            if seal.reach(x as f32, y as f32) > 1.08 {
                continue;
            }
            let at = (y - area.y0) as usize * width + (x - area.x0) as usize;
            let strength = (f32::from(near[at]) - paper_excess) / full;
            if strength < 0.12 {
                continue;
            }
            let strength = strength.min(1.0);
            let level = f32::from(gray.get_pixel(x, y).0[0]);
            let red = level + f32::from(near[at]) * (level / ink.luma.max(1.0)).min(1.0);
            let light = red * (1.0 + gain * strength);
            gray.get_pixel_mut(x, y).0 = [byte(light.clamp(level, ink.paper.max(level)))];
        }
    }
    true
}

/// The largest value within `reach` pixels, both ways.
fn largest_around(values: &[u8], width: usize, height: usize, reach: usize) -> Vec<u8> {
    let mut across = values.to_vec();
    for (to, from) in across
        .chunks_exact_mut(width.max(1))
        .zip(values.chunks_exact(width.max(1)))
    {
        for step in 1..=reach.min(width.saturating_sub(1)) {
            for (to, from) in to[step..].iter_mut().zip(from) {
                *to = (*to).max(*from);
            }
            for (to, from) in to.iter_mut().zip(&from[step..]) {
                *to = (*to).max(*from);
            }
        }
    }
    let mut both = across.clone();
    for step in 1..=reach.min(height.saturating_sub(1)) {
        for (to, from) in both[step * width..].iter_mut().zip(&across) {
            *to = (*to).max(*from);
        }
        for (to, from) in both.iter_mut().zip(&across[step * width..]) {
            *to = (*to).max(*from);
        }
    }
    both
}

/// How a gray seal and what is around it look.
#[derive(Clone, Copy, Debug)]
pub(super) struct GrayInk {
    pub(super) paper: f32,
    /// Level of the seal's ink.
    pub(super) seal: f32,
    /// Level of the print on the page.
    pub(super) print: f32,
}

impl GrayInk {
    /// Looks at a seal and its page; `None` for a seal that isn't round.
    pub(super) fn of(gray: &GrayImage, seal: &FoundSeal) -> Option<Self> {
        let SealShape::Ellipse { centre, radii, .. } = seal.shape else {
            return None;
        };
        let mut page = [0_u32; 256];
        for level in gray.as_raw().iter().step_by(17) {
            page[usize::from(*level)] += 1;
        }
        let mut around = [0_u32; 256];
        for y in (seal.area.y0..seal.area.y1).step_by(2) {
            for x in (seal.area.x0..seal.area.x1).step_by(2) {
                around[usize::from(gray.get_pixel(x, y).0[0])] += 1;
            }
        }
        // The darkest place on each ray through the ring, from means of three pixels because of noise.
        let mut ring = [0_u32; 256];
        let thick = place(radii.0.max(radii.1) * 0.09).max(3);
        for ray in 0_u16..240 {
            let (sin, cos) = (f32::from(ray) * std::f32::consts::TAU / 240.0).sin_cos();
            let level = |inwards: u32| {
                let (rx, ry) = (radii.0 - inwards as f32, radii.1 - inwards as f32);
                gray.get_pixel_checked(place(centre.0 + rx * cos), place(centre.1 + ry * sin))
                    .map(|p| u16::from(p.0[0]))
            };
            let darkest = (0..thick)
                .filter_map(|inwards| Some((level(inwards)? + level(inwards + 1)? + level(inwards + 2)?) / 3))
                .min();
            if let Some(darkest) = darkest {
                ring[usize::from(darkest)] += 1;
            }
        }
        Some(Self {
            paper: f32::from(quantile(&around, 0.8)?),
            seal: f32::from(quantile(&ring, 0.5)?),
            print: f32::from(quantile(&page, 0.012)?),
        })
    }

    pub(super) fn is_distinct(self) -> bool {
        let above = self.seal - self.print;
        above >= LEVELS && above >= DISTINCT * (self.paper - self.print) && self.paper - self.seal >= LEVELS
    }
}

/// Print is darker than the seal: what is near to dark pixels stays, everything else becomes paper.
fn fade_gray(gray: &mut GrayImage, seal: &FoundSeal) -> bool {
    let Some(ink) = GrayInk::of(gray, seal).filter(|ink| ink.is_distinct()) else {
        return false;
    };
    let area = with_margin(seal, gray.dimensions());
    let (width, height) = (area.width() as usize, area.height() as usize);
    let core = ink.print + 0.5 * (ink.seal - ink.print);
    let mut dark = vec![0_u8; width * height];
    for (y, row) in (area.y0..area.y1).zip(dark.chunks_exact_mut(width.max(1))) {
        for (x, value) in (area.x0..area.x1).zip(row) {
            *value = u8::from(f32::from(gray.get_pixel(x, y).0[0]) < core);
        }
    }
    let near = largest_around(&dark, width, height, 1);
    let far = largest_around(&near, width, height, 1);
    // The edges of print run from print to paper; on the seal they run from print to seal.
    let stretch = (ink.paper - ink.print) / (ink.seal - ink.print);
    for y in area.y0..area.y1 {
        for x in area.x0..area.x1 {
            if seal.reach(x as f32, y as f32) > 1.06 {
                continue;
            }
            let at = (y - area.y0) as usize * width + (x - area.x0) as usize;
            let level = f32::from(gray.get_pixel(x, y).0[0]);
            let stretched = ink.print + (level - ink.print).max(0.0) * stretch;
            let light = match (near[at], far[at]) {
                (1, _) => (level + stretched) / 2.0,
                (_, 1) => stretched,
                _ => ink.paper,
            };
            gray.get_pixel_mut(x, y).0 = [byte(light.clamp(level, ink.paper.max(level)))];
        }
    }
    true
}
