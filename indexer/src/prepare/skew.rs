//! How far the lines of a page lean, and setting them straight.

use image::{GrayImage, Luma};

use super::Transform;

/// Skew below this is left alone, in degrees.
pub(super) const MIN_DEGREES: f32 = 0.3;
/// Skew beyond this is not looked for, in degrees.
const MAX_DEGREES: f64 = 8.0;
/// Width in pixels of the image that is searched.
const SEARCH_WIDTH: u32 = 800;

/// Dark points of a reduced page, for projections.
struct Ink {
    points: Vec<(f64, f64)>,
    width: f64,
    height: f64,
}

impl Ink {
    /// The ends of vertical runs of ink: text lines have them at their upper and lower edges,
    /// and dark patches have few.
    fn of(image: &GrayImage) -> Self {
        let step = (image.width().max(image.height()) / SEARCH_WIDTH).max(1);
        let (width, height) = (image.width() / step, image.height() / step);
        let threshold = imageproc::contrast::otsu_level(image);
        // A third of the pixels: thin strokes count, specks don't.
        let enough = (step * step).div_ceil(3);
        let mut points = Vec::new();
        let mut above = vec![false; width as usize];
        let row_bytes = image.width() as usize;
        let mut rows = image.as_raw().chunks_exact(row_bytes.max(1));
        for y in 0..height {
            let mut counts = vec![0_u32; width as usize];
            for row in rows.by_ref().take(step as usize) {
                for (count, cell) in counts.iter_mut().zip(row.chunks_exact(step as usize)) {
                    *count += cell.iter().map(|level| u32::from(*level <= threshold)).sum::<u32>();
                }
            }
            for ((x, above), count) in (0..width).zip(&mut above).zip(counts) {
                let here = count >= enough;
                if *above && !here {
                    points.push((f64::from(x), f64::from(y)));
                }
                *above = here;
            }
        }
        Self {
            points,
            width: f64::from(width),
            height: f64::from(height),
        }
    }

    /// How unevenly the points fall on rows that lean by `degrees`; highest when the rows are text lines.
    fn sharpness(&self, degrees: f64) -> f64 {
        let slope = degrees.to_radians().tan();
        let offset = (self.width * slope).abs();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a row of the page
        let rows = (self.height + 2.0 * offset) as usize + 2;
        let mut counts = vec![0_u32; rows];
        for (x, y) in &self.points {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // not negative by the offset
            let row = (y - x * slope + offset) as usize;
            if let Some(count) = counts.get_mut(row) {
                *count += 1;
            }
        }
        counts
            .windows(2)
            .map(|pair| f64::from(pair[0].abs_diff(pair[1])).powi(2))
            .sum()
    }

    /// The lean at which the rows are sharpest, in degrees.
    fn best_angle(&self) -> f64 {
        let search = |from: f64, to: f64, step: f64| {
            let mut best = (f64::NEG_INFINITY, 0.0);
            let mut degrees = from;
            while degrees <= to + step / 2.0 {
                let sharpness = self.sharpness(degrees);
                if sharpness > best.0 {
                    best = (sharpness, degrees);
                }
                degrees += step;
            }
            best.1
        };
        let coarse = search(-MAX_DEGREES, MAX_DEGREES, 0.5);
        let fine = search(coarse - 0.5, coarse + 0.5, 0.1);
        search(fine - 0.1, fine + 0.1, 0.02)
    }
}

/// The skew of the text in degrees, positive clockwise; 0 when there is too little ink to tell.
pub(super) fn estimate(image: &GrayImage) -> f32 {
    let ink = Ink::of(image);
    if ink.points.len() < 200 {
        return 0.0;
    }
    let angle = ink.best_angle();
    // At the end of the range it is not a lean but something else.
    if angle.abs() > MAX_DEGREES - 0.3 {
        return 0.0;
    }
    #[allow(clippy::cast_possible_truncation)] // a small angle
    let angle = angle as f32;
    angle
}

/// The image turned back by `degrees`, in a frame that keeps its corners, and the way back.
pub(super) fn straighten(image: &GrayImage, degrees: f32) -> (GrayImage, Transform) {
    let radians = f64::from(degrees).to_radians();
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let (sin, cos) = (radians.sin().abs(), radians.cos());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a little more than the page
    let (new_width, new_height) = (
        (width * cos + height * sin).ceil() as u32,
        (width * sin + height * cos).ceil() as u32,
    );
    let margin = (
        (f64::from(new_width) - width) / 2.0,
        (f64::from(new_height) - height) / 2.0,
    );
    let back = Transform::translation(-margin.0, -margin.1)
        .then(Transform::rotation_about(radians, (width / 2.0, height / 2.0)));
    (sampled(image, back, (new_width, new_height)), back)
}

/// An image whose pixels lie at `place` of their own position in `source`, with bilinear interpolation.
///
/// In fixed point along each row: twice as fast as a general projection.
fn sampled(source: &GrayImage, place: Transform, (width, height): (u32, u32)) -> GrayImage {
    const PAPER: u8 = 245;
    const ONE: i64 = 1 << 16;
    #[allow(clippy::cast_possible_truncation)] // pixels of a page, times 2^16
    let fixed = |(x, y): (f64, f64)| ((x * ONE as f64) as i64, (y * ONE as f64) as i64);
    let (columns, rows) = (i64::from(source.width()), i64::from(source.height()));
    let stride = source.width() as usize;
    let pixels = source.as_raw();
    let mut result = GrayImage::from_pixel(width, height, Luma([PAPER]));
    let origin = fixed(place.apply((0.0, 0.0)));
    let along = fixed(place.apply((1.0, 0.0)));
    let step = (along.0 - origin.0, along.1 - origin.1);
    for (y, row) in (0_u32..).zip(result.chunks_exact_mut(width.max(1) as usize)) {
        let (mut u, mut v) = fixed(place.apply((0.0, f64::from(y))));
        for pixel in row {
            let (left, top) = (u >> 16, v >> 16);
            if (0..columns - 1).contains(&left) && (0..rows - 1).contains(&top) {
                let (right_share, lower_share) = (u & (ONE - 1), v & (ONE - 1));
                let at = usize::try_from(top).unwrap_or(0) * stride + usize::try_from(left).unwrap_or(0);
                let level = |index: usize| i64::from(pixels[index]);
                let mix = |a: i64, b: i64, share: i64| a * ONE + (b - a) * share;
                let upper = mix(level(at), level(at + 1), right_share) >> 8;
                let lower = mix(level(at + stride), level(at + stride + 1), right_share) >> 8;
                *pixel = u8::try_from((mix(upper, lower, lower_share) + (1 << 23)) >> 24).unwrap_or(u8::MAX);
            }
            u += step.0;
            v += step.1;
        }
    }
    result
}
