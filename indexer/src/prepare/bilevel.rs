//! Black-and-white scans get soft edges: specks fade, and strokes that the threshold broke come together.

use image::GrayImage;
use imageproc::filter::gaussian_blur_f32;

/// Radius of the softening in inches.
const RADIUS: f32 = 0.0033;

/// Softens a page of two colours; other pages stay as they are.
pub(super) fn soften(image: GrayImage, dpi: u32) -> GrayImage {
    if !is_bilevel(&image) {
        return image;
    }
    #[allow(clippy::cast_precision_loss)] // a few hundred
    let sigma = (dpi as f32 * RADIUS).clamp(0.5, 2.0);
    gaussian_blur_f32(&image, sigma)
}

/// Whether nearly all pixels are black or white.
fn is_bilevel(image: &GrayImage) -> bool {
    let (mut between, mut seen) = (0_usize, 0_usize);
    for pixel in image.pixels().step_by(11) {
        seen += 1;
        between += usize::from((16..240).contains(&pixel.0[0]));
    }
    between * 200 <= seen
}
