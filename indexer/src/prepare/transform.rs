//! The way back from the prepared image to the page.

use juanzong::record::PixelBox;

/// An affine map of pixel coordinates: `x' = a·x + b·y + c`, `y' = d·x + e·y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transform {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    e: f64,
    f: f64,
}

impl Transform {
    /// Leaves everything where it is.
    pub const IDENTITY: Self = Self::scale(1.0, 1.0);

    /// Multiplies both coordinates.
    pub const fn scale(x: f64, y: f64) -> Self {
        Self {
            a: x,
            b: 0.0,
            c: 0.0,
            d: 0.0,
            e: y,
            f: 0.0,
        }
    }

    /// Moves by an offset.
    pub const fn translation(x: f64, y: f64) -> Self {
        Self {
            a: 1.0,
            b: 0.0,
            c: x,
            d: 0.0,
            e: 1.0,
            f: y,
        }
    }

    /// Turns by `radians` (clockwise on the page, whose y axis points down) about a point.
    pub fn rotation_about(radians: f64, (x, y): (f64, f64)) -> Self {
        let (sin, cos) = radians.sin_cos();
        Self {
            a: cos,
            b: -sin,
            c: x - cos * x + sin * y,
            d: sin,
            e: cos,
            f: y - sin * x - cos * y,
        }
    }

    /// This map, and then another.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self {
            a: next.a * self.a + next.b * self.d,
            b: next.a * self.b + next.b * self.e,
            c: next.a * self.c + next.b * self.f + next.c,
            d: next.d * self.a + next.e * self.d,
            e: next.d * self.b + next.e * self.e,
            f: next.d * self.c + next.e * self.f + next.f,
        }
    }

    /// Where a point goes.
    pub fn apply(self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f)
    }

    /// Where a vector goes: like a point, without the offset.
    pub fn apply_vector(self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.a * x + self.b * y, self.d * x + self.e * y)
    }

    /// From the canvas of a page set straight to the page, for a page with this skew in degrees (positive clockwise),
    /// and the size of that canvas: all of the page lies on it.
    pub fn straight_to_page(skew: f32, (width, height): (u32, u32)) -> (Self, (u32, u32)) {
        let radians = f64::from(skew).to_radians();
        let (sin, cos) = (radians.sin().abs(), radians.cos().abs());
        let (w, h) = (f64::from(width), f64::from(height));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most 1.5 times the page
        let side = |along: f64, across: f64| (along * cos + across * sin).ceil() as u32;
        let canvas = (side(w, h), side(h, w));
        let centre = (f64::from(canvas.0) / 2.0, f64::from(canvas.1) / 2.0);
        let to_page =
            Self::rotation_about(radians, centre).then(Self::translation(w / 2.0 - centre.0, h / 2.0 - centre.1));
        (to_page, canvas)
    }

    /// The map that leads back; `None` for a map that flattens the plane.
    pub fn inverse(self) -> Option<Self> {
        let determinant = self.a * self.e - self.b * self.d;
        if determinant.abs() < 1e-12 {
            return None;
        }
        let (a, b) = (self.e / determinant, -self.b / determinant);
        let (d, e) = (-self.d / determinant, self.a / determinant);
        Some(Self {
            a,
            b,
            c: -(a * self.c + b * self.f),
            d,
            e,
            f: -(d * self.c + e * self.f),
        })
    }

    /// The smallest upright box around a mapped box, cut to a page of the given size.
    pub fn apply_to_box(self, area: PixelBox, (width, height): (u32, u32)) -> PixelBox {
        let (x0, y0) = (f64::from(area.x0), f64::from(area.y0));
        let (x1, y1) = (f64::from(area.x1), f64::from(area.y1));
        let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|p| self.apply(p));
        let low = |pick: fn(&(f64, f64)) -> f64| corners.iter().map(pick).fold(f64::INFINITY, f64::min);
        let high = |pick: fn(&(f64, f64)) -> f64| corners.iter().map(pick).fold(f64::NEG_INFINITY, f64::max);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to the page
        let cut = |v: f64, limit: u32| v.round().clamp(0.0, f64::from(limit)) as u32;
        PixelBox {
            x0: cut(low(|p| p.0), width),
            y0: cut(low(|p| p.1), height),
            x1: cut(high(|p| p.0), width),
            y1: cut(high(|p| p.1), height),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straightened_page_lies_on_its_canvas_and_leads_back() {
        let (to_page, canvas) = Transform::straight_to_page(3.0, (2480, 3508));
        let from_page = to_page.inverse().unwrap();
        for corner in [(0.0, 0.0), (2480.0, 0.0), (0.0, 3508.0), (2480.0, 3508.0)] {
            let (x, y) = from_page.apply(corner);
            assert!((-1e-6..=f64::from(canvas.0)).contains(&x) && (-1e-6..=f64::from(canvas.1)).contains(&y));
            let (back_x, back_y) = to_page.apply((x, y));
            assert!((back_x - corner.0).abs() < 1e-6 && (back_y - corner.1).abs() < 1e-6);
        }
        // A line that falls to the right on the page is level on the canvas.
        let (start, end) = (
            from_page.apply((100.0, 100.0)),
            from_page.apply((1100.0, 100.0 + 1000.0 * 3_f64.to_radians().tan())),
        );
        assert!((start.1 - end.1).abs() < 1e-6);
        assert_eq!(Transform::scale(0.0, 1.0).inverse(), None);
    }
}
