//! From the probability map of the detection network to regions of text.
//!
//! The network (DB: Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020) marks the
//! core of each line, shrunk from its edges. Connected pixels are one region; it is grown back when it is boxed.

use super::hull::{Point, convex_hull, smallest_rectangle};

/// Pixels at least this probable belong to text.
const THRESHOLD: f32 = 0.3;
/// Regions with a lower mean probability are not believed.
const MIN_SCORE: f32 = 0.5;
/// How far a core is grown, in units of its area divided by its circumference.
const GROWTH: f32 = 1.6;
/// Cores with fewer pixels than this on their short side are specks.
const MIN_SIDE: f32 = 2.0;
/// A region this many times longer than thick has a direction of its own.
pub(super) const ELONGATED: f32 = 3.0;
/// Regions kept of one page; a page of print has fewer than 300.
const MAX_REGIONS: usize = 2_000;

/// A region of text as found: in pixels of the map, or of the page after [`Region::scaled`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Region {
    /// Corners of the convex hull of its core.
    pub(super) hull: Vec<Point>,
    /// Angle of its longer side, radians, positive clockwise, within a quarter turn of level.
    pub(super) angle: f32,
    /// Length of the longer side of the core.
    pub(super) length: f32,
    /// Length of the shorter side of the core.
    pub(super) thickness: f32,
    /// Mean probability, 0 to 1.
    pub(super) score: f32,
}

impl Region {
    /// The same region on a page of another scale, which may differ a little between the axes.
    pub(super) fn scaled(&self, (x, y): (f32, f32)) -> Self {
        let (sin, cos) = self.angle.sin_cos();
        let along = (cos * x).hypot(sin * y);
        let across = (sin * x).hypot(cos * y);
        Self {
            hull: self.hull.iter().map(|p| Point { x: p.x * x, y: p.y * y }).collect(),
            angle: (sin * y).atan2(cos * x),
            length: self.length * along,
            thickness: self.thickness * across,
            score: self.score,
        }
    }

    /// The box around the region along axes turned by `angle`: its middle, half its length and half its height along
    /// those axes, grown back to the edges of the print.
    pub(super) fn extent(&self, angle: f32) -> Extent {
        let (sin, cos) = angle.sin_cos();
        let mut low = (f32::INFINITY, f32::INFINITY);
        let mut high = (f32::NEG_INFINITY, f32::NEG_INFINITY);
        for point in &self.hull {
            let (u, v) = (cos * point.x + sin * point.y, cos * point.y - sin * point.x);
            low = (low.0.min(u), low.1.min(v));
            high = (high.0.max(u), high.1.max(v));
        }
        let (width, height) = (high.0 - low.0, high.1 - low.1);
        let growth = width * height * GROWTH / (2.0 * (width + height)).max(1.0);
        Extent {
            low: (low.0 - growth, low.1 - growth),
            high: (high.0 + growth, high.1 + growth),
        }
    }
}

/// A box along turned axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    pub(super) low: (f32, f32),
    pub(super) high: (f32, f32),
}

/// Finds the regions of a map of `width` columns.
pub(super) fn find(map: &[f32], width: usize) -> Vec<Region> {
    if width == 0 {
        return Vec::new();
    }
    let height = map.len() / width;
    let mut seen = vec![false; map.len()];
    let mut regions = Vec::new();
    let mut stack = Vec::new();
    for start in 0..width * height {
        if seen[start] || map[start] < THRESHOLD {
            continue;
        }
        seen[start] = true;
        stack.push(start);
        let mut core = Core::new(start / width);
        while let Some(at) = stack.pop() {
            let (x, y) = (at % width, at / width);
            core.add(x, y, map[at]);
            for ny in y.saturating_sub(1)..(y + 2).min(height) {
                for nx in x.saturating_sub(1)..(x + 2).min(width) {
                    let next = ny * width + nx;
                    if !seen[next] && map[next] >= THRESHOLD {
                        seen[next] = true;
                        stack.push(next);
                    }
                }
            }
        }
        if let Some(region) = core.into_region() {
            regions.push(region);
            if regions.len() >= MAX_REGIONS {
                break;
            }
        }
    }
    regions
}

/// Sums over pixels from which their main axis follows.
#[derive(Default)]
struct Moments {
    count: f64,
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
}

impl Moments {
    #[allow(clippy::cast_precision_loss)] // pixels of a small map
    fn add(&mut self, x: usize, y: usize) {
        let (x, y) = (x as f64, y as f64);
        self.count += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.yy += y * y;
        self.xy += x * y;
    }

    /// The direction in which the pixels spread most, in radians, from -π/2 to π/2; `None` when there is none.
    fn angle(&self) -> Option<f32> {
        let (mx, my) = (self.x / self.count, self.y / self.count);
        let (sxx, syy) = (self.xx / self.count - mx * mx, self.yy / self.count - my * my);
        let sxy = self.xy / self.count - mx * my;
        let angle = 0.5 * (2.0 * sxy).atan2(sxx - syy);
        #[allow(clippy::cast_possible_truncation)] // an angle
        let angle = angle as f32;
        angle.is_finite().then_some(angle)
    }
}

/// Connected pixels: leftmost and rightmost of each row, which is all that a hull needs.
struct Core {
    top: usize,
    rows: Vec<(usize, usize)>,
    sum: f32,
    count: usize,
    moments: Moments,
}

impl Core {
    fn new(top: usize) -> Self {
        Self {
            top,
            rows: Vec::new(),
            sum: 0.0,
            count: 0,
            moments: Moments::default(),
        }
    }

    fn add(&mut self, x: usize, y: usize, probability: f32) {
        self.sum += probability;
        self.count += 1;
        self.moments.add(x, y);
        if y < self.top {
            // The scan meets the topmost pixel first, so nothing lies above it.
            return;
        }
        let row = y - self.top;
        if self.rows.len() <= row {
            self.rows.resize(row + 1, (usize::MAX, 0));
        }
        let (left, right) = self.rows[row];
        self.rows[row] = (left.min(x), right.max(x));
    }

    #[allow(clippy::cast_precision_loss)] // pixels of a small map
    fn into_region(self) -> Option<Region> {
        let score = self.sum / self.count as f32;
        if score < MIN_SCORE {
            return None;
        }
        let mut points = Vec::with_capacity(self.rows.len() * 4);
        for (row, (left, right)) in self.rows.iter().enumerate() {
            if left > right {
                continue;
            }
            let y = (self.top + row) as f32;
            // A pixel is an area, not a point.
            for (x, y) in [
                (*left as f32, y),
                (*left as f32, y + 1.0),
                (*right as f32 + 1.0, y),
                (*right as f32 + 1.0, y + 1.0),
            ] {
                points.push(Point { x, y });
            }
        }
        let hull = convex_hull(points);
        let rectangle = smallest_rectangle(&hull)?;
        if rectangle.thickness < MIN_SIDE {
            return None;
        }
        // The sides of the rectangle follow the steps between pixels; all pixels together know the angle better.
        let angle = self.moments.angle().unwrap_or(rectangle.angle);
        let elongated = rectangle.length >= ELONGATED * rectangle.thickness;
        Some(Region {
            hull,
            angle: if elongated { angle } else { rectangle.angle },
            length: rectangle.length,
            thickness: rectangle.thickness,
            score,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(width: usize, height: usize, inside: impl Fn(f32, f32) -> bool) -> Vec<f32> {
        (0..width * height)
            .map(|at| {
                #[allow(clippy::cast_precision_loss)]
                let (x, y) = ((at % width) as f32, (at / width) as f32);
                if inside(x, y) { 0.9 } else { 0.05 }
            })
            .collect()
    }

    #[test]
    fn two_lines_are_two_regions_with_their_angle() {
        let slope = 0.05_f32;
        let line =
            move |x: f32, y: f32, top: f32| (10.0..190.0).contains(&x) && (0.0..6.0).contains(&(y - top - slope * x));
        let map = map(200, 100, |x, y| line(x, y, 10.0) || line(x, y, 50.0));
        let regions = find(&map, 200);
        assert_eq!(regions.len(), 2);
        for region in &regions {
            assert!((region.angle - slope.atan()).abs() < 0.01, "{}", region.angle);
            assert!((region.score - 0.9).abs() < 1e-4);
            let extent = region.extent(region.angle);
            let height = extent.high.1 - extent.low.1;
            assert!((12.0..20.0).contains(&height), "grown to {height}");
        }
    }

    #[test]
    fn specks_and_doubtful_regions_are_left_out() {
        assert!(find(&map(50, 50, |x, y| x == 7.0 && y == 7.0), 50).is_empty());
        let faint: Vec<f32> = map(50, 50, |x, _| x > 10.0).into_iter().map(|p| p * 0.4).collect();
        assert!(find(&faint, 50).is_empty());
        assert!(find(&[], 0).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_map_is_taken(width in 1_usize..40, values in proptest::collection::vec(0.0_f32..1.0, 0..900)) {
            for region in find(&values, width) {
                let extent = region.extent(region.angle);
                proptest::prop_assert!(extent.low.0 <= extent.high.0 && extent.low.1 <= extent.high.1);
            }
        }
    }
}
