//! Affine maps in the notation of PDF: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.

/// `[a b c d e f]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Map(pub [f64; 6]);

impl Map {
    /// Stretches both axes.
    pub fn scale(x: f64, y: f64) -> Self {
        Self([x, 0.0, 0.0, y, 0.0, 0.0])
    }

    /// This map, and then another.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let (x, y) = (
            next.vector(self.vector((1.0, 0.0))),
            next.vector(self.vector((0.0, 1.0))),
        );
        let origin = next.point(self.point((0.0, 0.0)));
        Self([x.0, x.1, y.0, y.1, origin.0, origin.1])
    }

    /// Where a point goes.
    pub fn point(self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Where a direction goes.
    pub fn vector(self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, ..] = self.0;
        (a * x + c * y, b * x + d * y)
    }

    /// Turns the unit square (y downwards) clockwise by a multiple of 90 degrees.
    pub fn turn(clockwise: u32) -> Self {
        Self::orient(match clockwise % 360 {
            90 => 6,
            180 => 3,
            270 => 8,
            _ => 1,
        })
    }

    /// Turns and mirrors the unit square (y downwards) as EXIF says (values 1 to 8).
    pub fn orient(orientation: u8) -> Self {
        Self(match orientation {
            2 => [-1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
            3 => [-1.0, 0.0, 0.0, -1.0, 1.0, 1.0],
            4 => [1.0, 0.0, 0.0, -1.0, 0.0, 1.0],
            5 => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            6 => [0.0, 1.0, -1.0, 0.0, 1.0, 0.0],
            7 => [0.0, -1.0, -1.0, 0.0, 1.0, 1.0],
            8 => [0.0, -1.0, 1.0, 0.0, 0.0, 1.0],
            _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        })
    }

    /// Turns the unit square upside down: between y upwards and y downwards.
    pub fn flip() -> Self {
        Self::orient(4)
    }
}

/// A number as PDF writes it: no exponent, four digits after the point at most.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_and_their_opposites() {
        for (turn, back) in [(0, 0), (90, 270), (180, 180), (270, 90)] {
            let there_and_back = Map::turn(turn).then(Map::turn(back));
            assert_eq!(there_and_back.point((0.25, 0.75)), (0.25, 0.75));
        }
        // The top left corner of a page that is turned to the right becomes its top right corner.
        assert_eq!(Map::turn(90).point((0.0, 0.0)), (1.0, 0.0));
        assert_eq!(Map::orient(5).point((0.2, 0.6)), (0.6, 0.2));
        assert_eq!(number(-0.000_01), "0");
        assert_eq!(number(12.5), "12.5");
    }
}
