//! Paths: the curves that fill areas.

use ab_glyph::{OutlineCurve, Point, point};

/// Closed contours, each a chain of curves; filled by the non-zero rule.
pub(in crate::sample) type Path = Vec<OutlineCurve>;

/// How far the handles of a quarter circle stand off, in radii.
const QUARTER: f32 = 0.552_284_8;

fn polygon(points: &[Point]) -> Path {
    let next = points.iter().cycle().skip(1);
    points
        .iter()
        .zip(next)
        .map(|(a, b)| OutlineCurve::Line(*a, *b))
        .collect()
}

/// A path moved to the right.
pub(in crate::sample) fn shift(path: &[OutlineCurve], right: f32) -> Path {
    map(path, |p| point(p.x + right, p.y))
}

/// A rectangle.
pub(in crate::sample) fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Path {
    polygon(&[
        point(x, y),
        point(x + width, y),
        point(x + width, y + height),
        point(x, y + height),
    ])
}

/// A square standing on a corner.
pub(in crate::sample) fn diamond(x: f32, y: f32, radius: f32) -> Path {
    polygon(&[
        point(x, y - radius),
        point(x + radius, y),
        point(x, y + radius),
        point(x - radius, y),
    ])
}

/// A circle; `reverse` turns its contour round, which makes it a hole in a larger one.
pub(in crate::sample) fn circle(x: f32, y: f32, radius: f32, reverse: bool) -> Path {
    let corners = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0)];
    let mut path = Path::new();
    for pair in corners.windows(2) {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        let at = |dx: f32, dy: f32| point(x + dx * radius, y + dy * radius);
        let (a, b) = (at(ax, ay), at(bx, by));
        let a_handle = at(ax + bx * QUARTER, ay + by * QUARTER);
        let b_handle = at(bx + ax * QUARTER, by + ay * QUARTER);
        if reverse {
            path.insert(0, OutlineCurve::Cubic(b, b_handle, a_handle, a));
        } else {
            path.push(OutlineCurve::Cubic(a, a_handle, b_handle, b));
        }
    }
    path
}

/// A five-pointed star, one point up, turned clockwise by `angle` radians.
pub(super) fn star(x: f32, y: f32, radius: f32, angle: f32) -> Path {
    const INNER: f32 = 0.381_966;
    let points: Vec<Point> = (0..10_u8)
        .map(|corner| {
            let turn = angle + f32::from(corner) * std::f32::consts::PI / 5.0;
            let reach = if corner % 2 == 0 { radius } else { radius * INNER };
            point(x + reach * turn.sin(), y - reach * turn.cos())
        })
        .collect();
    polygon(&points)
}

/// Applies a map to every point.
pub(in crate::sample) fn map(path: &[OutlineCurve], f: impl Fn(Point) -> Point) -> Path {
    path.iter()
        .map(|curve| match *curve {
            OutlineCurve::Line(a, b) => OutlineCurve::Line(f(a), f(b)),
            OutlineCurve::Quad(a, b, c) => OutlineCurve::Quad(f(a), f(b), f(c)),
            OutlineCurve::Cubic(a, b, c, d) => OutlineCurve::Cubic(f(a), f(b), f(c), f(d)),
        })
        .collect()
}
