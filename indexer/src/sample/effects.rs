//! What scanning does to paper, in graded levels; pixel kernels only, what is done where is told by `scan`.

use image::{GrayImage, Luma, Pixel, imageops};
use imageproc::contrast::adaptive_threshold;
use imageproc::definitions::{Clamp, Image};
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng as _;

/// Pixels that the effects work on: one or three bytes.
pub(super) trait Dot: Pixel<Subpixel = u8> + Send + Sync {}
impl<P: Pixel<Subpixel = u8> + Send + Sync> Dot for P {}

/// Turns an image clockwise about its centre by `degrees`; the corners that come in have the colour `outside`.
pub(super) fn skew<P: Dot>(image: &Image<P>, degrees: f32, outside: P) -> Image<P>
where
    u8: Into<f32> + Clamp<f32>,
{
    let (x, y) = centre(image.dimensions());
    let turn = Projection::translate(x, y) * Projection::rotate(degrees.to_radians()) * Projection::translate(-x, -y);
    warp(image, turn, Interpolation::Bilinear, Border::Constant(outside))
}

/// Where a point of an image goes when the image is skewed.
pub(super) fn skew_point((px, py): (f32, f32), size: (u32, u32), degrees: f32) -> (f32, f32) {
    let (x, y) = centre(size);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (dx, dy) = (px - x, py - y);
    (x + dx * cos - dy * sin, y + dx * sin + dy * cos)
}

#[allow(clippy::cast_precision_loss)] // page sizes
fn centre((width, height): (u32, u32)) -> (f32, f32) {
    (width as f32 / 2.0, height as f32 / 2.0)
}

/// Lets the back of the sheet show through: `back` mirrored, faint.
pub(super) fn bleed_through<P: Dot>(image: &mut Image<P>, back: &Image<Luma<u8>>, strength: f32) {
    let (width, height) = image.dimensions();
    let (back_width, back_height) = back.dimensions();
    for y in 0..height.min(back_height) {
        for x in 0..width.min(back_width) {
            let dark = 255 - back.get_pixel(back_width - 1 - x, y).0[0];
            if dark > 8 {
                let keep = 1.0 - strength * f32::from(dark) / 255.0;
                for channel in image.get_pixel_mut(x, y).channels_mut() {
                    *channel = byte(f32::from(*channel) * keep);
                }
            }
        }
    }
}

/// Shades the page by a factor per row and one per column.
pub(super) fn shade<P: Dot>(image: &mut Image<P>, rows: &[f32], columns: &[f32]) {
    let channels = usize::from(P::CHANNEL_COUNT);
    let width = image.width() as usize;
    if width == 0 {
        return;
    }
    let samples: &mut [u8] = image.as_mut();
    for (line, row) in samples.chunks_exact_mut(width * channels).zip(rows) {
        for (dot, column) in line.chunks_exact_mut(channels).zip(columns) {
            let factor = row * column;
            for channel in dot {
                *channel = byte(f32::from(*channel) * factor);
            }
        }
    }
}

/// Darkness of an uneven background along one side of the page: a slope with slow waves.
pub(super) fn waves(rng: &mut ChaCha8Rng, length: u32, depth: f32) -> Vec<f32> {
    let phase: f32 = rng.random_range(0.0..std::f32::consts::TAU);
    let slope: f32 = rng.random_range(-1.0..1.0);
    let cycles: f32 = rng.random_range(0.6..1.8);
    (0..length)
        .map(|at| {
            let t = ratio(at, length);
            let wave = 0.5 + 0.35 * (phase + t * cycles * std::f32::consts::TAU).sin() + 0.3 * slope * (t - 0.5);
            1.0 - depth * wave.clamp(0.0, 1.0)
        })
        .collect()
}

/// Darkens a side profile around a fold: a sharp edge with a shadow fading away on one side.
pub(super) fn fold(profile: &mut [f32], place: f32, depth: f32) {
    let length = u32::try_from(profile.len()).unwrap_or(u32::MAX);
    for (at, value) in (0..length).zip(profile) {
        let distance = ratio(at, length) - place;
        let reach = if distance < 0.0 { 0.006 } else { 0.06 };
        *value *= 1.0 - depth * (-(distance / reach).powi(2)).exp();
    }
}

#[allow(clippy::cast_precision_loss)] // page sizes
fn ratio(at: u32, length: u32) -> f32 {
    at as f32 / length.max(1) as f32
}

/// Pulls all tones towards a light grey: `kept` of the contrast is left.
pub(super) fn fade<P: Dot>(image: &mut Image<P>, kept: f32) {
    let mut table = [0_u8; 256];
    for (tone, value) in (0_u8..=255).zip(&mut table) {
        *value = byte(228.0 - (255.0 - f32::from(tone)) * kept);
    }
    let samples: &mut [u8] = image.as_mut();
    for sample in samples {
        *sample = table[usize::from(*sample)];
    }
}

/// Adds noise of the given standard deviation in grey levels, the same on all channels of a pixel.
pub(super) fn noise<P: Dot>(image: &mut Image<P>, rng: &mut ChaCha8Rng, deviation: f32) {
    // The sum of four bytes has a standard deviation of 147.8 and is near enough to normal.
    let scale = deviation / 147.8;
    each_row(image, rng, 4, |dot, random| {
        let sum: u32 = random.iter().map(|b| u32::from(*b)).sum();
        let shift = (f32::from(u16::try_from(sum).unwrap_or(510)) - 510.0) * scale;
        for channel in dot {
            *channel = byte(f32::from(*channel) + shift);
        }
    });
}

/// Turns a share of the pixels black or white, in small specks.
pub(super) fn speckle<P: Dot>(image: &mut Image<P>, rng: &mut ChaCha8Rng, share: f32) {
    let limit = u16::try_from(byte_pair(share)).unwrap_or(u16::MAX);
    each_row(image, rng, 2, |dot, random| {
        let value = u16::from_be_bytes([random[0], random[1]]);
        if value < limit {
            dot.fill(if value % 3 == 0 { 255 } else { 40 });
        }
    });
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // share is 0 to 1
fn byte_pair(share: f32) -> u32 {
    (share.clamp(0.0, 1.0) * 65_535.0) as u32
}

/// Visits every pixel with some random bytes of its own.
fn each_row<P: Dot>(image: &mut Image<P>, rng: &mut ChaCha8Rng, bytes: usize, mut visit: impl FnMut(&mut [u8], &[u8])) {
    let channels = usize::from(P::CHANNEL_COUNT);
    let width = image.width() as usize;
    if width == 0 {
        return;
    }
    let mut random = vec![0_u8; width * bytes];
    let samples: &mut [u8] = image.as_mut();
    for line in samples.chunks_exact_mut(width * channels) {
        rng.fill_bytes(&mut random);
        for (dot, random) in line.chunks_exact_mut(channels).zip(random.chunks_exact(bytes)) {
            visit(dot, random);
        }
    }
}

/// Makes every pixel black or white: black if it is darker by `depth` than the mean around it (up to `radius` pixels
/// away), or dark in any case.
pub(super) fn threshold(image: &mut GrayImage, radius: u32, depth: u8) {
    const DARK: u8 = 48;
    let (width, height) = image.dimensions();
    let whole = image.clone();
    // In strips that overlap by the radius: the sums behind the means have 32 bits, and an A3 page is too large for them.
    let most = STRIP.max(radius + 1);
    for top in (0..height).step_by(most as usize) {
        let rows = most.min(height - top);
        let above = top.min(radius);
        let below = (height - top - rows).min(radius);
        let strip = imageops::crop_imm(&whole, 0, top - above, width, above + rows + below).to_image();
        let local = adaptive_threshold(&strip, radius, i32::from(depth));
        for y in 0..rows {
            for x in 0..width {
                let tone = image.get_pixel_mut(x, top + y);
                tone.0[0] = if tone.0[0] < DARK {
                    0
                } else {
                    local.get_pixel(x, above + y).0[0]
                };
            }
        }
    }
}

/// Rows of an image that are thresholded at a time.
const STRIP: u32 = 1_000;

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
fn byte(value: f32) -> u8 {
    value.clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::facts::random;

    #[test]
    fn a_point_goes_where_the_pixels_go() {
        let mut image = GrayImage::from_pixel(400, 600, Luma([255]));
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            image.put_pixel(60 + dx, 500 + dy, Luma([0]));
        }
        for degrees in [-2.5, 1.2, 2.5] {
            let turned = skew(&image, degrees, Luma([255]));
            let (x, y) = skew_point((60.5, 500.5), image.dimensions(), degrees);
            let darkest = turned.enumerate_pixels().min_by_key(|(_, _, p)| p.0[0]).unwrap();
            #[allow(clippy::cast_precision_loss)]
            let distance = (darkest.0 as f32 - x).hypot(darkest.1 as f32 - y);
            assert!(distance < 1.5, "{degrees}: off by {distance}");
        }
    }

    #[test]
    fn noise_has_the_deviation_asked_for() {
        let mut image = GrayImage::from_pixel(500, 500, Luma([128]));
        noise(&mut image, &mut random(1, 1, 1), 10.0);
        let squares: f64 = image.pixels().map(|p| (f64::from(p.0[0]) - 128.0).powi(2)).sum();
        let deviation = (squares / 250_000.0).sqrt();
        assert!((9.5..10.8).contains(&deviation), "{deviation}");
    }

    #[test]
    fn thresholds_in_strips_are_those_of_the_whole() {
        let mut image = GrayImage::from_fn(60, 2_400, |x, y| {
            Luma([u8::try_from(60 + (x * 7 + y * 13 + (y / 90) * 31) % 190).unwrap()])
        });
        let whole = adaptive_threshold(&image, 12, 9);
        let tones = image.clone();
        threshold(&mut image, 12, 9);
        for (x, y, tone) in image.enumerate_pixels() {
            let expected = if tones.get_pixel(x, y).0[0] < 48 {
                0
            } else {
                whole.get_pixel(x, y).0[0]
            };
            assert_eq!(tone.0[0], expected, "{x} {y}");
        }
    }

    /// A sheet of A3 at 300 dpi is 17 million pixels: their sum has more than 32 bits.
    #[test]
    fn a_large_sheet_is_thresholded() {
        let mut image = GrayImage::from_pixel(4_961, 3_508, Luma([255]));
        threshold(&mut image, 15, 10);
        assert!(image.pixels().all(|p| p.0[0] == 255));
    }

    #[test]
    fn the_back_is_mirrored_and_fades_into_the_paper() {
        let mut image = GrayImage::from_pixel(10, 4, Luma([200]));
        let mut back = GrayImage::from_pixel(10, 4, Luma([255]));
        back.put_pixel(1, 2, Luma([0]));
        bleed_through(&mut image, &back, 0.5);
        assert_eq!(image.get_pixel(8, 2).0[0], 100);
        assert_eq!(image.get_pixel(1, 2).0[0], 200);
    }
}
