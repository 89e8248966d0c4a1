//! Circles and ovals on a map of ink: candidates by a vote for centres, then a fit to the ring itself.

use super::super::grid::{Grid, place};

/// Directions in which a ring is looked at.
const RAYS: usize = 96;
/// Ink around a ring stands out from both of its sides by this much of 255.
const RIDGE: f32 = 18.0;
/// Steepness of an edge that votes; a full step has 1020.
const EDGE: i32 = 180;
/// Candidates that are looked at.
const CANDIDATES: usize = 24;

/// An ellipse in cells of a map.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ellipse {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) wide: f32,
    pub(super) high: f32,
    /// Radians, clockwise.
    pub(super) turn: f32,
}

impl Ellipse {
    pub(super) fn circle(x: f32, y: f32, radius: f32) -> Self {
        Self {
            x,
            y,
            wide: radius,
            high: radius,
            turn: 0.0,
        }
    }

    /// The point in a direction, and how far out it is.
    fn at(&self, angle: f32) -> (f32, f32, f32) {
        let (sin, cos) = (angle - self.turn).sin_cos();
        let radius = self.wide * self.high / (self.high * cos).hypot(self.wide * sin).max(0.1);
        (angle.cos(), angle.sin(), radius)
    }

    /// Half of the width and of the height of the upright box around it.
    pub(super) fn half(&self) -> (f32, f32) {
        let (sin, cos) = self.turn.sin_cos();
        (
            (self.wide * cos).hypot(self.high * sin),
            (self.wide * sin).hypot(self.high * cos),
        )
    }
}

/// What a fit found out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub(super) ellipse: Ellipse,
    /// Share of the directions in which the ring shows, 0 to 1.
    pub(super) shown: f32,
}

/// The likeliest centres of circles of `least` to `most` cells, the surest first.
pub(super) fn centres(map: &Grid, least: f32, most: f32) -> Vec<(f32, f32)> {
    let (width, height) = (map.width, map.height);
    if width < 8 || height < 8 {
        return Vec::new();
    }
    let mut votes = vec![0_u16; width * height];
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let at = |dx: usize, dy: usize| i32::from(map.cells[(y + dy - 1) * width + x + dx - 1]);
            let gx = at(2, 0) + 2 * at(2, 1) + at(2, 2) - at(0, 0) - 2 * at(0, 1) - at(0, 2);
            let gy = at(0, 2) + 2 * at(1, 2) + at(2, 2) - at(0, 0) - 2 * at(1, 0) - at(2, 0);
            if gx * gx + gy * gy < EDGE * EDGE {
                continue;
            }
            vote(
                &mut votes,
                (width, height),
                (x, y),
                (gx as f32, gy as f32),
                (least, most),
            );
        }
    }
    peaks(&votes, width, height)
}

/// An edge votes for all centres on the line across it, both ways: a ring has an outer and an inner edge.
fn vote(
    votes: &mut [u16],
    (width, height): (usize, usize),
    (x, y): (usize, usize),
    (gx, gy): (f32, f32),
    (least, most): (f32, f32),
) {
    // In 65536ths of a cell.
    const ONE: f32 = 65536.0;
    let length = gx.hypot(gy);
    #[allow(clippy::cast_possible_truncation)] // at most one cell
    let (step_x, step_y) = ((gx / length * ONE) as i64, (gy / length * ONE) as i64);
    let (from, to) = (i64::from(place(least)), i64::from(place(most)));
    #[allow(clippy::cast_possible_wrap)] // maps have a few hundred cells a side
    let (x, y) = (((x as i64) << 16) + 32768, ((y as i64) << 16) + 32768);
    for (low, high) in [(from, to), (-to, -from)] {
        for radius in low..=high {
            let column = usize::try_from((x + radius * step_x) >> 16).unwrap_or(usize::MAX);
            let row = usize::try_from((y + radius * step_y) >> 16).unwrap_or(usize::MAX);
            if column < width && row < height {
                let cell = &mut votes[row * width + column];
                *cell = cell.saturating_add(1);
            }
        }
    }
}

/// The highest places of the smoothed votes, apart from each other.
fn peaks(votes: &[u16], width: usize, height: usize) -> Vec<(f32, f32)> {
    const REACH: usize = 2;
    const APART: f32 = 6.0;
    let mut across = vec![0_u32; votes.len()];
    for (sums, row) in across.chunks_exact_mut(width).zip(votes.chunks_exact(width)) {
        for x in REACH..width - REACH {
            sums[x] = row[x - REACH..=x + REACH].iter().map(|v| u32::from(*v)).sum();
        }
    }
    let mut best: Vec<(u32, usize, usize)> = Vec::new();
    let mut sums = vec![0_u32; width];
    for y in REACH..height.saturating_sub(REACH) {
        sums.fill(0);
        for row in across[(y - REACH) * width..(y + REACH + 1) * width].chunks_exact(width) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        best.extend(
            sums.iter()
                .enumerate()
                .filter(|(_, sum)| **sum > 40)
                .map(|(x, sum)| (*sum, x, y)),
        );
    }
    best.sort_unstable_by(|a, b| b.cmp(a));
    let mut centres: Vec<(f32, f32)> = Vec::new();
    for (_, x, y) in best.into_iter().take(4000) {
        let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
        if centres.iter().all(|c| (c.0 - x).hypot(c.1 - y) > APART) {
            centres.push((x, y));
            if centres.len() == CANDIDATES {
                break;
            }
        }
    }
    centres
}

/// The best ring about a centre, with a radius of `least` to `most` cells; the centre may be off by a few cells.
pub(super) fn around(map: &Grid, (x, y): (f32, f32), least: f32, most: f32) -> Option<Fit> {
    let rays: Vec<(f32, f32)> = (0..RAYS)
        .map(|ray| (angle_of(ray).cos(), angle_of(ray).sin()))
        .collect();
    let mut best: Option<(usize, f32)> = None;
    let mut radius = least;
    while radius <= most {
        let shown = ridge_count(map, (x, y), radius, &rays);
        // The outermost of several rings that show about equally well.
        if best.is_none_or(|(count, _)| shown * 20 >= count * 19) {
            best = Some((best.map_or(shown, |(count, _)| count.max(shown)), radius));
        }
        radius += 1.0;
    }
    let (count, radius) = best?;
    if count * 3 < RAYS {
        return None;
    }
    let first = fit(map, Ellipse::circle(x, y, radius), 4.0, false)?;
    let second = fit(map, first.ellipse, 2.0, false)?;
    // An outline that is a little oval is fitted as such only when that shows more of it.
    let oval = fit(map, second.ellipse, 2.5, true).filter(|oval| oval.shown > second.shown + 0.04);
    Some(oval.unwrap_or(second))
}

/// In how many directions the ink of a circle stands out from both sides; a quick look at single cells.
fn ridge_count(map: &Grid, (x, y): (f32, f32), radius: f32, rays: &[(f32, f32)]) -> usize {
    #[allow(clippy::cast_possible_truncation)] // saturates, and is then outside
    let cell = |dx: f32, dy: f32, r: f32| {
        map.get((x + dx * r).floor() as i32, (y + dy * r).floor() as i32)
            .unwrap_or(0)
    };
    let stands_out = |&&(dx, dy): &&(f32, f32)| {
        let on = (-1_i8..=1)
            .map(|step| cell(dx, dy, radius + f32::from(step)))
            .max()
            .unwrap_or(0);
        let off = cell(dx, dy, radius - 4.0).max(cell(dx, dy, radius + 4.0));
        f32::from(on) > f32::from(off) + RIDGE
    };
    rays.iter().filter(stands_out).count()
}

fn angle_of(ray: usize) -> f32 {
    ray as f32 * std::f32::consts::TAU / RAYS as f32
}

/// Where the ridge of ink nearest to the ellipse lies in a direction: its distance from the centre.
fn ridge(map: &Grid, ellipse: &Ellipse, angle: f32, slack: f32) -> Option<f32> {
    /// Rings of seals are at most 2 mm thick: four cells.
    const SIDE: f32 = 3.0;
    let (dx, dy, radius) = ellipse.at(angle);
    let ink = |r: f32| map.between(ellipse.x + dx * r, ellipse.y + dy * r);
    let mut best: Option<(f32, f32)> = None;
    let mut r = radius - slack;
    while r <= radius + slack {
        let here = ink(r);
        let height = here - ink(r - SIDE).max(ink(r + SIDE));
        if height > RIDGE && best.is_none_or(|(h, _)| height > h) {
            best = Some((height, r));
        }
        r += 0.5;
    }
    best.map(|(_, r)| r)
}

/// Fits a circle or an ellipse to the ridge of ink near `start`.
pub(super) fn fit(map: &Grid, start: Ellipse, slack: f32, oval: bool) -> Option<Fit> {
    let mut points: Vec<(f32, f32)> = (0..RAYS)
        .filter_map(|ray| {
            let angle = angle_of(ray);
            let r = ridge(map, &start, angle, slack)?;
            Some((start.x + r * angle.cos(), start.y + r * angle.sin()))
        })
        .collect();
    let mut ellipse = start;
    for limit in [2.0, 1.2, 1.2] {
        if points.len() < RAYS / 3 {
            return None;
        }
        ellipse = if oval {
            conic(&points, &start)?
        } else {
            circle(&points)?
        };
        points.retain(|point| off(&ellipse, *point) < limit);
    }
    Some(Fit {
        ellipse,
        shown: points.len() as f32 / RAYS as f32,
    })
}

/// How far from an ellipse a point lies, along its ray.
fn off(ellipse: &Ellipse, (x, y): (f32, f32)) -> f32 {
    let (dx, dy) = (x - ellipse.x, y - ellipse.y);
    (dx.hypot(dy) - ellipse.at(dy.atan2(dx)).2).abs()
}

/// The circle nearest to points: x² + y² = a·x + b·y + c.
fn circle(points: &[(f32, f32)]) -> Option<Ellipse> {
    let rows = points.iter().map(|(x, y)| {
        let (x, y) = (f64::from(*x), f64::from(*y));
        ([x, y, 1.0], x * x + y * y)
    });
    let [a, b, c] = least_squares(rows)?;
    let (x, y) = (a / 2.0, b / 2.0);
    let radius = (c + x * x + y * y).max(0.0).sqrt();
    #[allow(clippy::cast_possible_truncation)] // cells of a map
    let circle = Ellipse::circle(x as f32, y as f32, radius as f32);
    (circle.wide > 1.0).then_some(circle)
}

/// The ellipse nearest to points: a·x² + b·xy + c·y² + d·x + e·y = 1, about the middle of the last one.
fn conic(points: &[(f32, f32)], about: &Ellipse) -> Option<Ellipse> {
    let size = f64::from(about.wide.max(about.high).max(1.0));
    let rows = points.iter().map(|(x, y)| {
        let (x, y) = (f64::from(x - about.x) / size, f64::from(y - about.y) / size);
        ([x * x, x * y, y * y, x, y], 1.0)
    });
    let [a, b, c, d, e] = least_squares(rows)?;
    let determinant = 4.0 * a * c - b * b;
    if determinant <= 1e-9 {
        return None;
    }
    let (x, y) = ((b * e - 2.0 * c * d) / determinant, (b * d - 2.0 * a * e) / determinant);
    // About its centre the conic is a·x² + b·xy + c·y² = level.
    let level = 1.0 + a * x * x + b * x * y + c * y * y;
    let turn = 0.5 * b.atan2(a - c);
    let (sin, cos) = turn.sin_cos();
    let along = a * cos * cos + b * sin * cos + c * sin * sin;
    let across = a * sin * sin - b * sin * cos + c * cos * cos;
    if along <= 0.0 || across <= 0.0 || level <= 0.0 {
        return None;
    }
    let (mut wide, mut high) = ((level / along).sqrt() * size, (level / across).sqrt() * size);
    let mut turn = turn;
    // The wide side is the one nearer to level.
    if turn.abs() > std::f64::consts::FRAC_PI_4 {
        std::mem::swap(&mut wide, &mut high);
        turn -= turn.signum() * std::f64::consts::FRAC_PI_2;
    }
    #[allow(clippy::cast_possible_truncation)] // cells of a map
    let ellipse = Ellipse {
        x: (x * size) as f32 + about.x,
        y: (y * size) as f32 + about.y,
        wide: wide as f32,
        high: high as f32,
        turn: turn as f32,
    };
    (ellipse.wide > 1.0 && ellipse.high > 1.0 && ellipse.wide.max(ellipse.high) < about.wide.max(about.high) * 1.5)
        .then_some(ellipse)
}

/// Solves for the factors of the columns whose sums come nearest to the values.
fn least_squares<const N: usize>(rows: impl Iterator<Item = ([f64; N], f64)>) -> Option<[f64; N]> {
    let mut matrix = [[0.0; N]; N];
    let mut right = [0.0; N];
    for (row, value) in rows {
        for i in 0..N {
            for j in 0..N {
                matrix[i][j] += row[i] * row[j];
            }
            right[i] += row[i] * value;
        }
    }
    for i in 0..N {
        let pivot = (i..N).max_by(|a, b| matrix[*a][i].abs().total_cmp(&matrix[*b][i].abs()))?;
        matrix.swap(i, pivot);
        right.swap(i, pivot);
        if matrix[i][i].abs() < 1e-9 {
            return None;
        }
        for k in i + 1..N {
            let factor = matrix[k][i] / matrix[i][i];
            let pivot = matrix[i];
            for (value, above) in matrix[k].iter_mut().zip(pivot).skip(i) {
                *value -= factor * above;
            }
            right[k] -= factor * right[i];
        }
    }
    let mut solution = [0.0; N];
    for i in (0..N).rev() {
        let rest: f64 = (i + 1..N).map(|j| matrix[i][j] * solution[j]).sum();
        solution[i] = (right[i] - rest) / matrix[i][i];
    }
    Some(solution)
}
