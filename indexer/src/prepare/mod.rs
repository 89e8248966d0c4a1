//! From a page as it came in to a gray image that a recogniser reads well, and the way back.
//!
//! Each step is a small file of its own. The steps here are those that lowered the character error rate of
//! the recogniser on scans (`docs/benchmarks.md`).

pub mod background;
pub mod bilevel;
pub mod blank;
pub mod bleed;
pub mod border;
mod clean;
mod crop;
mod gray;
mod grid;
mod resize;
mod scale;
pub mod seals;
mod skew;
#[cfg(test)]
mod tests;
mod transform;

use image::GrayImage;

pub use clean::{CleanPage, Step, clean};
pub use crop::crop;
pub use gray::{FINEST_DPI, halved, to_gray};
pub use resize::{resized, resized_gray};
pub use scale::estimate_dpi;
pub use transform::Transform;

use crate::decode::PageImage;

/// A page ready for recognition.
#[derive(Clone, Debug)]
pub struct PreparedPage {
    /// Dark text on light paper, straight lines, about [`TEXT_DPI`].
    pub image: GrayImage,
    /// Resolution of `image` in dots per inch.
    pub dpi: u32,
    /// Skew that was taken out, in degrees, positive clockwise.
    pub skew: f32,
    /// From pixels of `image` to pixels of the upright page.
    pub to_page: Transform,
    /// Width and height of the upright page.
    pub page_size: (u32, u32),
}

impl PreparedPage {
    /// The image turned clockwise by a multiple of 90 degrees; boxes on it have no meaning on the page.
    #[must_use]
    pub fn turned(&self, clockwise: u32) -> Self {
        match PageImage::Gray(self.image.clone()).turned(clockwise) {
            PageImage::Gray(image) => self.with_image(image),
            PageImage::Rgb(_) => self.clone(),
        }
    }

    /// Another image with the resolution of this page; boxes on it have no meaning on the page.
    #[must_use]
    pub fn with_image(&self, image: GrayImage) -> Self {
        Self {
            image,
            dpi: self.dpi,
            skew: self.skew,
            to_page: self.to_page,
            page_size: self.page_size,
        }
    }
}

/// The resolution that the recogniser was trained for.
pub const TEXT_DPI: u32 = 300;

/// The brightness of a page without the ink of its seals.
fn without_seals(page: &PageImage, dpi: u32) -> GrayImage {
    let mut gray = to_gray(page);
    for seal in seals::find_with(page, &gray, dpi) {
        seals::fade(page, &mut gray, &seal);
    }
    gray
}

/// Prepares an upright page; `dpi` is its resolution, estimated from the size of A4 paper when it isn't known.
pub fn prepare(page: &PageImage, dpi: Option<u32>) -> PreparedPage {
    let page_size = (page.width(), page.height());
    let dpi = dpi.unwrap_or_else(|| estimate_dpi(page_size.0, page_size.1));
    let mut gray = without_seals(page, dpi);
    bilevel::soften(&mut gray, dpi);
    let scaled = scale::to_text_resolution(gray, dpi);
    let mut image = scaled.image;
    background::flatten(&mut image, scaled.dpi);
    let skew = skew::estimate(&image);
    let mut to_page = Transform::scale(scaled.factor_x, scaled.factor_y);
    if skew.abs() >= skew::MIN_DEGREES {
        let (straight, back) = skew::straighten(&image, skew);
        image = straight;
        to_page = back.then(to_page);
    }
    PreparedPage {
        image,
        dpi: scaled.dpi,
        skew,
        to_page,
        page_size,
    }
}
