//! Bringing a page to the resolution at which recognisers read best.

use image::GrayImage;
use image::imageops::{FilterType, resize};

use super::TEXT_DPI;

/// Long side of A4 paper in inches.
const A4_INCHES: f64 = 11.69;

/// Resolutions this close to the wanted one are left alone: scaling costs time and blurs.
const NEAR: std::ops::RangeInclusive<u32> = 270..=330;

/// Most pixels after scaling; larger pages are brought to a lower resolution instead.
const MAX_PIXELS: f64 = 40.0e6;

/// A scaled page and the factors that lead back.
pub(super) struct Scaled {
    pub(super) image: GrayImage,
    pub(super) dpi: u32,
    pub(super) factor_x: f64,
    pub(super) factor_y: f64,
}

/// The resolution of a page of which only the pixels are known, if it is A4 paper.
pub fn estimate_dpi(width: u32, height: u32) -> u32 {
    let dpi = f64::from(width.max(height)) / A4_INCHES;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
    let dpi = dpi.round().clamp(72.0, 1200.0) as u32;
    dpi
}

/// Scales to about [`TEXT_DPI`].
pub(super) fn to_text_resolution(image: GrayImage, dpi: u32) -> Scaled {
    if NEAR.contains(&dpi) {
        return Scaled {
            image,
            dpi,
            factor_x: 1.0,
            factor_y: 1.0,
        };
    }
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let wanted = f64::from(TEXT_DPI) / f64::from(dpi.max(1));
    let factor = wanted.min((MAX_PIXELS / (width * height)).sqrt()).min(4.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most MAX_PIXELS
    let side = |s: f64| (s * factor).round().max(1.0) as u32;
    let (new_width, new_height) = (side(width), side(height));
    let filter = if factor > 1.0 {
        FilterType::CatmullRom
    } else {
        FilterType::Triangle
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // near TEXT_DPI
    let new_dpi = (f64::from(dpi) * factor).round() as u32;
    Scaled {
        image: resize(&image, new_width, new_height, filter),
        dpi: new_dpi,
        factor_x: width / f64::from(new_width),
        factor_y: height / f64::from(new_height),
    }
}
