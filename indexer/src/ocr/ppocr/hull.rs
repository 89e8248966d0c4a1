//! The little geometry that regions of text need.

/// A point in pixels; y points down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
}

/// The sides of a turned rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rectangle {
    /// Angle of the longer side in radians, positive clockwise, from -π/2 (exclusive) to π/2.
    pub(super) angle: f32,
    /// Length of the longer side.
    pub(super) length: f32,
    /// Length of the shorter side.
    pub(super) thickness: f32,
}

/// The convex hull of some points, in order of their going round (Andrew's monotone chain).
pub(super) fn convex_hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut hull = half(points.iter());
    hull.pop();
    let mut other = half(points.iter().rev());
    other.pop();
    hull.append(&mut other);
    hull
}

fn half<'p>(points: impl Iterator<Item = &'p Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = chain.as_slice()
            && (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) <= 0.0
        {
            chain.pop();
        }
        chain.push(*point);
    }
    chain
}

/// The rectangle of the smallest area around a convex hull; one of its sides lies on a side of the hull.
pub(super) fn smallest_rectangle(hull: &[Point]) -> Option<Rectangle> {
    let following = hull.iter().cycle().skip(1);
    let mut best: Option<(f32, Rectangle)> = None;
    for (a, b) in hull.iter().zip(following) {
        let angle = (b.y - a.y).atan2(b.x - a.x);
        let (sin, cos) = angle.sin_cos();
        let along = spread(hull.iter().map(|p| cos * p.x + sin * p.y));
        let across = spread(hull.iter().map(|p| cos * p.y - sin * p.x));
        let area = along * across;
        if best.is_none_or(|(smallest, _)| area < smallest) {
            let (angle, length, thickness) = if along >= across {
                (angle, along, across)
            } else {
                (angle + std::f32::consts::FRAC_PI_2, across, along)
            };
            let rectangle = Rectangle {
                angle: within_quarter_turns(angle),
                length,
                thickness,
            };
            best = Some((area, rectangle));
        }
    }
    best.map(|(_, rectangle)| rectangle)
}

fn spread(values: impl Iterator<Item = f32>) -> f32 {
    let (low, high) = values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| {
        (low.min(v), high.max(v))
    });
    high - low
}

/// The same direction of an undirected line, from -π/2 (exclusive) to π/2.
fn within_quarter_turns(angle: f32) -> f32 {
    use std::f32::consts::{FRAC_PI_2, PI};
    let mut angle = angle % PI;
    if angle <= -FRAC_PI_2 {
        angle += PI;
    } else if angle > FRAC_PI_2 {
        angle -= PI;
    }
    angle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_rectangle_is_found() {
        let (sin, cos) = 0.2_f32.sin_cos();
        let corners = [(0.0, 0.0), (100.0, 0.0), (100.0, 10.0), (0.0, 10.0), (50.0, 5.0)];
        let points = corners.map(|(x, y)| Point {
            x: cos * x - sin * y,
            y: sin * x + cos * y,
        });
        let hull = convex_hull(points.to_vec());
        assert_eq!(hull.len(), 4);
        let found = smallest_rectangle(&hull).unwrap();
        assert!((found.angle - 0.2).abs() < 1e-4);
        assert!((found.length - 100.0).abs() < 1e-2 && (found.thickness - 10.0).abs() < 1e-2);
    }

    #[test]
    fn few_points_have_no_area() {
        assert_eq!(smallest_rectangle(&convex_hull(Vec::new())), None);
        let flat = smallest_rectangle(&convex_hull(vec![Point { x: 0.0, y: 0.0 }, Point { x: 3.0, y: 4.0 }])).unwrap();
        assert!((flat.length - 5.0).abs() < 1e-5 && flat.thickness.abs() < 1e-5);
    }
}
