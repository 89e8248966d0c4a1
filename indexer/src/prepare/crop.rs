//! Pieces of a page as a recogniser wants them: straight, at a given size, taken from the page's own pixels.

use image::{GrayImage, Luma};
use juanzong::record::PixelBox;

use super::Transform;

/// Beyond this many page pixels per pixel of the piece, several samples are averaged so that thin strokes survive.
const FINE: f64 = 1.3;
/// Samples along one side at most.
const MAX_SAMPLES: u32 = 6;

/// The part `area` of a straight page, scaled to `width` × `height` pixels.
///
/// `to_page` leads from straight coordinates to pixels of `page`; what lies outside the page is white. One
/// interpolation in all, whatever the turn and the scale.
pub fn crop(page: &GrayImage, to_page: Transform, area: PixelBox, (width, height): (u32, u32)) -> GrayImage {
    let mut piece = GrayImage::from_pixel(width, height, Luma([255]));
    if page.width() == 0 || page.height() == 0 || width == 0 || height == 0 {
        return piece;
    }
    let step_x = f64::from(area.width()) / f64::from(width);
    let step_y = f64::from(area.height()) / f64::from(height);
    let (fine_x, fine_y) = (samples(step_x), samples(step_y));
    let origin = to_page.apply((f64::from(area.x0), f64::from(area.y0)));
    let (right, down) = (to_page.apply_vector((step_x, 0.0)), to_page.apply_vector((0.0, step_y)));
    let offsets = offsets(fine_x, fine_y, right, down);
    #[allow(clippy::cast_precision_loss)] // at most 36
    let share = 1.0 / offsets.len() as f32;
    for (row, pixels) in (0_u32..).zip(piece.rows_mut()) {
        let mut x = origin.0 + f64::from(row) * down.0;
        let mut y = origin.1 + f64::from(row) * down.1;
        for pixel in pixels {
            let sum: f32 = offsets.iter().map(|(dx, dy)| bilinear(page, x + dx, y + dy)).sum();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a mean of bytes
            let value = (sum * share + 0.5) as u8;
            pixel.0 = [value];
            x += right.0;
            y += right.1;
        }
    }
    piece
}

/// How many samples along a side of one pixel of the piece.
fn samples(step: f64) -> u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small and positive
    let wanted = (step / FINE).ceil() as u32;
    wanted.clamp(1, MAX_SAMPLES)
}

/// Where the samples of a pixel lie, from its top left corner, in page pixels.
fn offsets(fine_x: u32, fine_y: u32, right: (f64, f64), down: (f64, f64)) -> Vec<(f64, f64)> {
    let mut offsets = Vec::new();
    for j in 0..fine_y {
        for i in 0..fine_x {
            let u = (f64::from(i) + 0.5) / f64::from(fine_x);
            let v = (f64::from(j) + 0.5) / f64::from(fine_y);
            // Half a pixel back: the value of a pixel belongs to its middle.
            offsets.push((u * right.0 + v * down.0 - 0.5, u * right.1 + v * down.1 - 0.5));
        }
    }
    offsets
}

/// The brightness between four pixels; white outside the page.
#[inline]
fn bilinear(page: &GrayImage, x: f64, y: f64) -> f32 {
    let (width, height) = page.dimensions();
    if x <= -1.0 || y <= -1.0 || x >= f64::from(width) || y >= f64::from(height) {
        return 255.0;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to the page
    let (x0, y0) = (x.max(0.0) as usize, y.max(0.0) as usize);
    #[allow(clippy::cast_possible_truncation)] // fractions
    #[allow(clippy::cast_precision_loss)]
    let (fx, fy) = ((x.max(0.0) - x0 as f64) as f32, (y.max(0.0) - y0 as f64) as f32);
    let stride = width as usize;
    let (x1, y1) = ((x0 + 1).min(stride - 1), (y0 + 1).min(height as usize - 1));
    let raw = page.as_raw();
    let at = |x: usize, y: usize| f32::from(raw[y * stride + x]);
    let top = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * fx;
    let bottom = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * fx;
    top + (bottom - top) * fy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> GrayImage {
        GrayImage::from_fn(60, 40, |x, y| Luma([u8::try_from(x * 3 + y).unwrap()]))
    }

    #[test]
    fn the_same_size_is_the_same_piece() {
        let piece = crop(&page(), Transform::IDENTITY, PixelBox::from([5, 6, 25, 16]), (20, 10));
        for (x, y, pixel) in piece.enumerate_pixels() {
            assert_eq!(pixel, page().get_pixel(x + 5, y + 6));
        }
    }

    #[test]
    fn a_reduced_piece_is_a_mean_and_outside_is_white() {
        let stripes = GrayImage::from_fn(40, 40, |x, _| Luma([if x % 2 == 0 { 0 } else { 255 }]));
        let piece = crop(&stripes, Transform::IDENTITY, PixelBox::from([0, 0, 40, 40]), (10, 10));
        assert!(piece.pixels().all(|p| (100..156).contains(&p.0[0])));
        let outside = crop(
            &stripes,
            Transform::translation(500.0, 0.0),
            PixelBox::from([0, 0, 9, 9]),
            (9, 9),
        );
        assert!(outside.pixels().all(|p| p.0[0] == 255));
    }

    proptest::proptest! {
        #[test]
        fn any_piece_of_any_page_has_its_size(
            (pw, ph) in (0_u32..20, 0_u32..20),
            (x, y, w, h) in (0_u32..40, 0_u32..40, 0_u32..40, 0_u32..40),
            (ow, oh) in (0_u32..50, 0_u32..50),
            turn in -3.0_f64..3.0,
        ) {
            let page = GrayImage::new(pw, ph);
            let to_page = Transform::rotation_about(turn, (9.0, 9.0));
            let piece = crop(&page, to_page, PixelBox::from([x, y, x + w, y + h]), (ow, oh));
            proptest::prop_assert_eq!(piece.dimensions(), (ow, oh));
        }
    }
}
