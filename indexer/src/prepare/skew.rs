//! How far the lines of a page lean, and setting them straight.

use image::{GrayImage, Luma};
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};

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
        let dark = |x: u32, y: u32| {
            let mut count = 0;
            for dy in 0..step {
                for dx in 0..step {
                    count += u32::from(image.get_pixel(x * step + dx, y * step + dy).0[0] <= threshold);
                }
            }
            count >= enough
        };
        let mut points = Vec::new();
        let mut above = vec![false; width as usize];
        for y in 0..height {
            for (x, above) in (0..width).zip(&mut above) {
                let here = dark(x, y);
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
    #[allow(clippy::cast_possible_truncation)] // pixels
    let projection = Projection::translate(-(width / 2.0) as f32, -(height / 2.0) as f32)
        .and_then(Projection::rotate(-degrees.to_radians()))
        .and_then(Projection::translate(
            (width / 2.0 + margin.0) as f32,
            (height / 2.0 + margin.1) as f32,
        ));
    let mut straight = GrayImage::new(new_width, new_height);
    warp_into(
        image,
        projection,
        Interpolation::Bilinear,
        Border::Constant(Luma([245])),
        &mut straight,
    );
    let back = Transform::translation(-margin.0, -margin.1)
        .then(Transform::rotation_about(radians, (width / 2.0, height / 2.0)));
    (straight, back)
}
