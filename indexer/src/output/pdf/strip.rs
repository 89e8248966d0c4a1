//! Where a line of print lies on the upright page, and how steep the text over it may be.

use juanzong::record::PixelBox;

/// A line this much higher than wide runs from top to bottom.
const VERTICAL: f64 = 1.8;
/// How far a line may rise from end to end, in heights of the line. Readers take what lies more than half a height above
/// or below the first word for another line; the first letter stands in the middle of the rise.
const MAX_RISE: f64 = 0.9;
/// Skew below this is no skew.
const MIN_SKEW: f64 = 0.05;

/// A line of print on the upright page, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Strip {
    /// Left end of the lower edge.
    pub(super) corner: (f64, f64),
    /// Direction of the text, of length 1.
    pub(super) along: (f64, f64),
    /// From the lower to the upper edge, of length 1.
    pub(super) up: (f64, f64),
    pub(super) length: f64,
    pub(super) height: f64,
}

impl Strip {
    /// Where a line lies whose box is `area`, which is the box around the turned line.
    pub(super) fn of(area: PixelBox, skew: f64, characters: usize) -> Self {
        let area = visible(area);
        let (w, h) = (f64::from(area.width()), f64::from(area.height()));
        let (x0, y0, y1) = (f64::from(area.x0), f64::from(area.y0), f64::from(area.y1));
        if characters > 1 && h > VERTICAL * w {
            return Self {
                corner: (x0, y0),
                along: (0.0, 1.0),
                up: (1.0, 0.0),
                length: h,
                height: w,
            };
        }
        let level = Self {
            corner: (x0, y1),
            along: (1.0, 0.0),
            up: (0.0, -1.0),
            length: w,
            height: h,
        };
        if skew.abs() < MIN_SKEW || skew.abs() > 20.0 {
            return level;
        }
        let (length, height) = unturned(w, h, skew);
        // Rounded boxes of short lines may give anything.
        if !(length > 0.0 && height > 0.3 * h.min(w)) {
            return level;
        }
        Self {
            corner: (x0 + (w - length) / 2.0, f64::midpoint(y0, y1) + height / 2.0),
            length,
            height,
            ..level
        }
        .tilted(skew, height)
    }

    /// The same line with letters of another height about its middle, following the skew as far as they let it; a line
    /// from top to bottom loses the rim of its box at both ends, too.
    pub(super) fn tilted(self, skew: f64, height: f64) -> Self {
        let half = self.length / 2.0;
        let centre = (
            self.corner.0 + self.along.0 * half + self.up.0 * self.height / 2.0,
            self.corner.1 + self.along.1 * half + self.up.1 * self.height / 2.0,
        );
        let (along, up, length) = if self.is_vertical() {
            (self.along, self.up, (self.length - (self.height - height)).max(half))
        } else if skew.abs() < MIN_SKEW || skew.abs() > 20.0 {
            (self.along, self.up, self.length)
        } else {
            let (along, up) = directions(skew, height, self.length);
            (along, up, self.length)
        };
        Self {
            corner: (
                centre.0 - along.0 * length / 2.0 - up.0 * height / 2.0,
                centre.1 - along.1 * length / 2.0 - up.1 * height / 2.0,
            ),
            along,
            up,
            length,
            height,
        }
    }

    /// Whether the text runs from top to bottom.
    pub(super) fn is_vertical(self) -> bool {
        self.along.0 < 0.5
    }

    /// The same line with letters of another height, about the same middle.
    pub(super) fn with_height(self, height: f64) -> Self {
        let off = (self.height - height) / 2.0;
        Self {
            corner: (self.corner.0 + self.up.0 * off, self.corner.1 + self.up.1 * off),
            height,
            ..self
        }
    }

    /// Upper edge at the start of the line.
    pub(super) fn top(self) -> f64 {
        if self.is_vertical() {
            self.corner.1
        } else {
            self.corner.1 + self.up.1 * self.height
        }
    }
}

/// Direction of a line and its upward normal. Long lines follow the skew in part only.
pub(super) fn directions(skew: f64, height: f64, length: f64) -> ((f64, f64), (f64, f64)) {
    let most = (MAX_RISE * height / length.max(1.0)).min(1.0);
    let sin = skew.to_radians().sin().clamp(-most, most);
    let cos = (1.0 - sin * sin).sqrt();
    ((cos, sin), (sin, -cos))
}

/// A box without extent gets one pixel, so that its text is not lost.
fn visible(area: PixelBox) -> PixelBox {
    PixelBox {
        x1: area.x1.max(area.x0 + 1),
        y1: area.y1.max(area.y0 + 1),
        ..area
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
    fn letters_of_another_height_keep_the_middle() {
        let area = PixelBox {
            x0: 100,
            y0: 200,
            x1: 500,
            y1: 240,
        };
        let strip = Strip::of(area, 0.0, 10).with_height(20.0);
        assert_eq!((strip.corner, strip.top()), ((100.0, 230.0), 210.0));
        let column = PixelBox {
            x0: 100,
            y0: 200,
            x1: 140,
            y1: 400,
        };
        assert!(Strip::of(column, 0.0, 5).is_vertical() && !Strip::of(column, 0.0, 1).is_vertical());
    }
}
