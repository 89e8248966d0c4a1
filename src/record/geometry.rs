//! Boxes on a page.

use serde::{Deserialize, Serialize};

/// An axis-aligned box in pixels of a page: origin at the top left, `x1` and `y1` exclusive.
///
/// Written as `[x0, y0, x1, y1]` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "[u32; 4]", into = "[u32; 4]")]
pub struct PixelBox {
    /// Left edge.
    pub x0: u32,
    /// Top edge.
    pub y0: u32,
    /// Right edge, exclusive.
    pub x1: u32,
    /// Bottom edge, exclusive.
    pub y1: u32,
}

impl From<[u32; 4]> for PixelBox {
    fn from([x0, y0, x1, y1]: [u32; 4]) -> Self {
        Self { x0, y0, x1, y1 }
    }
}

impl From<PixelBox> for [u32; 4] {
    fn from(value: PixelBox) -> Self {
        [value.x0, value.y0, value.x1, value.y1]
    }
}

impl PixelBox {
    /// Width in pixels; 0 when the edges are crossed.
    pub fn width(self) -> u32 {
        self.x1.saturating_sub(self.x0)
    }

    /// Height in pixels; 0 when the edges are crossed.
    pub fn height(self) -> u32 {
        self.y1.saturating_sub(self.y0)
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Whether the two boxes share at least one pixel.
    pub fn overlaps(self, other: Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    /// The vertical strip of this box that covers the parts `from..to` of `of` equal parts,
    /// used to box some characters of a word whose characters have no boxes of their own.
    #[must_use]
    pub fn strip(self, from: usize, to: usize, of: usize) -> Self {
        let of = of.max(1) as u64;
        let width = u64::from(self.width());
        let at = |part: usize| {
            let offset = width * (part as u64).min(of) / of;
            self.x0 + u32::try_from(offset).unwrap_or(self.width())
        };
        Self {
            x0: at(from),
            x1: at(to),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_lies_inside_and_follows_the_characters() {
        let area = PixelBox::from([100, 10, 200, 30]);
        assert_eq!(area.strip(0, 10, 10), area);
        assert_eq!(area.strip(2, 4, 10), PixelBox::from([120, 10, 140, 30]));
        assert_eq!(area.strip(0, 5, 0).x1, 200);
    }

    #[test]
    fn overlap_excludes_touching_edges() {
        let left = PixelBox::from([0, 0, 10, 10]);
        assert!(!left.overlaps(PixelBox::from([10, 0, 20, 10])));
        assert!(left.overlaps(PixelBox::from([9, 9, 20, 20])));
    }
}
