//! All steps on a page that need not know its lines, in their order.

use image::GrayImage;

use super::blank::{Blank, is_blank};
use super::gray::{halved, to_gray};
use super::seals::{self, FoundSeal};
use super::{background, bilevel, bleed, border};
use crate::decode::PageImage;

#[cfg(test)]
mod tests;

/// A step of the preparation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The page was finer than any reader needs, and was reduced.
    Reduced,
    /// Black borders or corners were whitened.
    Border,
    /// The ink of at least one seal was taken out.
    SealInk,
    /// Salt and pepper was taken out.
    Specks,
    /// Shadows were evened out, or faint print darkened.
    Background,
    /// The print of the back was taken out.
    ShowThrough,
}

/// A page whose print can be read.
#[derive(Clone, Debug)]
pub struct CleanPage {
    /// Dark print on light paper, without the ink of seals.
    pub gray: GrayImage,
    /// Resolution of `gray` in dots per inch.
    pub dpi: u32,
    /// Pixels of the upright page per pixel of `gray` along a side: 1, or a power of two for very fine scans.
    pub scale: u32,
    /// The seals, in pixels of the upright page, from top to bottom.
    pub seals: Vec<FoundSeal>,
    /// Whether the ink of each seal was taken out of `gray`, in the order of `seals`.
    pub faded: Vec<bool>,
    /// Why there is nothing to read, if so; the other fields are good all the same.
    pub blank: Option<Blank>,
    /// What was done, in this order.
    pub steps: Vec<Step>,
}

/// Prepares an upright page of `dpi` dots per inch for detection and recognition at its own resolution, which is
/// halved above [`super::FINEST_DPI`]. Skew stays: it is a matter of geometry, not of pixels.
pub fn clean(page: &PageImage, dpi: u32) -> CleanPage {
    let reduced = halved(page, dpi);
    let (page, dpi, scale) = match &reduced {
        Some((page, dpi, scale)) => (page, *dpi, *scale),
        None => (page, dpi, 1),
    };
    let mut steps = Vec::new();
    let mut note = |done: bool, step: Step| {
        if done {
            steps.push(step);
        }
    };
    note(scale > 1, Step::Reduced);
    let mut gray = to_gray(page);
    let found = seals::find_with(page, &gray, dpi);
    let faded: Vec<bool> = found.iter().map(|seal| seals::fade(page, &mut gray, seal)).collect();
    note(faded.contains(&true), Step::SealInk);
    note(border::whiten(&mut gray, dpi), Step::Border);
    // A threshold has decided already what is paper and what is print, and `ppocr` reads hard edges as well as soft
    // ones: `bilevel::soften` is for tesseract.
    if !bilevel::is_bilevel(&gray) {
        note(bilevel::despeckle(&mut gray), Step::Specks);
        note(background::flatten(&mut gray, dpi), Step::Background);
        note(bleed::suppress(&mut gray, dpi), Step::ShowThrough);
    }
    let blank = if found.is_empty() { is_blank(&gray, dpi) } else { None };
    CleanPage {
        gray,
        dpi,
        scale,
        seals: found.iter().map(|seal| seal.scaled(scale)).collect(),
        faded,
        blank,
        steps,
    }
}
