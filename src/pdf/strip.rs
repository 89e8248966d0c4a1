//! Where the letters of a line of print lie on the upright page.

use crate::record::PixelBox;

/// A line this much higher than wide runs from top to bottom.
const VERTICAL: f64 = 1.8;
/// Skew outside these degrees is none, or no skew of a scan.
const SKEW: std::ops::RangeInclusive<f64> = 0.05..=20.0;
/// Height of letters over print, in widths of its letters: boxes of detectors may be much higher than the print.
const LETTER_HEIGHT: f64 = 0.95;

/// A line of print, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Strip {
    /// Left end.
    pub(super) left: f64,
    /// From the left to the right end.
    pub(super) width: f64,
    /// The middle of the print.
    pub(super) centre: (f64, f64),
    /// Height of a letter.
    pub(super) height: f64,
    /// How much lower the print lies for each pixel to the right.
    pub(super) slope: f64,
    /// Whether the text runs from top to bottom.
    pub(super) vertical: bool,
}

/// How much lower the print of a page lies for each pixel to the right; `skew` in degrees, positive clockwise.
pub(super) fn slope(skew: f64) -> f64 {
    if SKEW.contains(&skew.abs()) {
        skew.to_radians().tan()
    } else {
        0.0
    }
}

impl Strip {
    /// The line whose box is `area`, which is the box around the turned line, with so many characters that are `ems` wide
    /// together.
    pub(super) fn of(area: PixelBox, skew: f64, characters: usize, ems: f64) -> Self {
        // A box without extent gets one pixel, so that its text is not lost.
        let (w, h) = (f64::from(area.width().max(1)), f64::from(area.height().max(1)));
        let (x0, y0) = (f64::from(area.x0), f64::from(area.y0));
        let level = Self {
            left: x0,
            width: w,
            centre: (x0 + w / 2.0, y0 + h / 2.0),
            height: h,
            slope: 0.0,
            vertical: characters > 1 && h > VERTICAL * w,
        };
        if level.vertical {
            #[allow(clippy::cast_precision_loss)] // characters of a line
            let height = h / characters as f64;
            return Self { height, ..level };
        }
        let turned = Self::unturned(level, skew).unwrap_or(level);
        Self {
            height: turned.height.min(LETTER_HEIGHT * turned.width / ems.max(0.5)),
            ..turned
        }
    }

    fn unturned(level: Self, skew: f64) -> Option<Self> {
        let slope = slope(skew);
        let (length, height) = unturned(level.width, level.height, skew);
        // Rounded boxes of short lines may give anything.
        let sane = length > 0.0 && height > 0.3 * level.height.min(level.width);
        (slope != 0.0 && sane).then(|| {
            let width = length * skew.to_radians().cos();
            Self {
                left: level.centre.0 - width / 2.0,
                width,
                height,
                slope,
                ..level
            }
        })
    }
}

/// Length and height of the rectangle that, turned by `degrees`, has a box of `w` by `h` around it.
fn unturned(w: f64, h: f64, degrees: f64) -> (f64, f64) {
    let (sin, cos) = degrees.abs().to_radians().sin_cos();
    let scale = cos * cos - sin * sin;
    ((w * cos - h * sin) / scale, (h * cos - w * sin) / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_line_is_found_in_its_box() {
        let (length, height, degrees) = (1000.0_f64, 50.0, 1.5_f64);
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (found_length, found_height) = unturned(length * cos + height * sin, length * sin + height * cos, degrees);
        assert!((found_length - length).abs() < 1e-6 && (found_height - height).abs() < 1e-6);
    }

    #[test]
    fn letters_are_as_high_as_print_is_wide_at_most() {
        let area = PixelBox {
            x0: 100,
            y0: 200,
            x1: 500,
            y1: 270,
        };
        let strip = Strip::of(area, 0.0, 10, 10.0);
        assert_eq!((strip.left, strip.centre), (100.0, (300.0, 235.0)));
        assert!((strip.height - 38.0).abs() < 1e-9 && strip.slope == 0.0);
        let column = PixelBox {
            x0: 100,
            y0: 200,
            x1: 140,
            y1: 400,
        };
        let strip = Strip::of(column, 0.0, 5, 5.0);
        assert!(strip.vertical && (strip.height - 40.0).abs() < 1e-9);
        assert!(!Strip::of(column, 0.0, 1, 1.0).vertical);
    }
}
