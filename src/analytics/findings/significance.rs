//! How improbable it is that a year is like the others.

/// A year of an agency: some mean, and the variance that chance gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Year {
    pub(super) mean: f64,
    pub(super) variance: f64,
}

/// Years besides the one that is looked at, at least.
pub(super) const LEAST_YEARS: usize = 5;
/// A median absolute deviation of normally distributed values times this is their standard deviation.
const OF_DEVIATION: f64 = 1.4826;

/// The median of some values; 0 of none.
pub(super) fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let (middle, count) = (values.len() / 2, values.len());
    match (
        values.get(middle),
        middle.checked_sub(1).and_then(|before| values.get(before)),
    ) {
        (Some(at), Some(before)) if count.is_multiple_of(2) => f64::midpoint(*at, *before),
        (Some(at), _) => *at,
        (None, _) => 0.0,
    }
}

/// The probability that a year differs so much from the others, or more, when it is one of them: two-sided, by Student's t
/// on the distance from their median, whose scale is their median absolute deviation, and never less than what chance alone
/// makes. An outlier among the others does not hide another one. `None` with too few others.
///
/// A deviation from half of the values tells about as much as half as many values, so it has half the degrees of freedom.
#[allow(clippy::cast_precision_loss)] // years
pub(super) fn improbability(year: Year, others: &[Year]) -> Option<f64> {
    let count = others.len();
    if count < LEAST_YEARS {
        return None;
    }
    let mut means: Vec<f64> = others.iter().map(|other| other.mean).collect();
    let centre = median(&mut means);
    let mut distances: Vec<f64> = means.iter().map(|mean| (mean - centre).abs()).collect();
    let n = count as f64;
    let deviation = OF_DEVIATION * median(&mut distances) * n / (n - 0.8);
    let by_chance = others.iter().map(|other| other.variance).sum::<f64>() / n;
    let spread = (deviation * deviation).max(by_chance);
    // The spread of the others holds what chance does to each of them; a smaller year has more of it.
    let of_year = spread + (year.variance - by_chance).max(0.0);
    let of_centre = spread * std::f64::consts::FRAC_PI_2 / n;
    let t = (year.mean - centre) / (of_year + of_centre).sqrt();
    let freedom = u32::try_from((count - 1) / 2).unwrap_or(u32::MAX).max(1);
    if t.is_finite() {
        Some(two_sided(t, freedom))
    } else {
        None
    }
}

/// The probability that Student's t with these degrees of freedom is so far from 0, or farther: by its finite series
/// (Abramowitz and Stegun, 26.7.3 and 26.7.4).
fn two_sided(t: f64, freedom: u32) -> f64 {
    let n = f64::from(freedom);
    let theta = (t.abs() / n.sqrt()).atan();
    let (sin, cos) = (theta.sin(), theta.cos());
    let within = if freedom.is_multiple_of(2) {
        let (mut term, mut sum) = (1.0, 1.0);
        for k in (2..freedom).step_by(2) {
            term *= cos * cos * f64::from(k - 1) / f64::from(k);
            sum += term;
        }
        sin * sum
    } else {
        let (mut term, mut sum) = (cos, 0.0);
        for k in (3..=freedom).step_by(2) {
            sum += term;
            term *= cos * cos * f64::from(k - 1) / f64::from(k);
        }
        (theta + sin * sum) * std::f64::consts::FRAC_2_PI
    };
    (1.0 - within).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two-sided 5 % and 0.1 % points from published tables of Student's t.
    #[test]
    fn the_tails_are_those_of_the_tables() {
        for (freedom, t, expected) in [
            (1, 12.706, 0.05),
            (2, 4.303, 0.05),
            (3, 3.182, 0.05),
            (4, 2.776, 0.05),
            (7, 2.365, 0.05),
            (10, 2.228, 0.05),
            (3, 12.924, 0.001),
            (7, 5.408, 0.001),
            (10, 4.587, 0.001),
        ] {
            let found = two_sided(t, freedom);
            assert!((found - expected).abs() < expected * 0.01, "{freedom} {t}: {found}");
        }
        assert!((two_sided(0.0, 5) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_year_beside_itself_is_told_and_an_ordinary_one_is_not() {
        let year = |mean: f64| Year { mean, variance: 0.0004 };
        let usual: Vec<Year> = [0.10, 0.12, 0.11, 0.09, 0.13, 0.10, 0.11, 0.12].map(year).into();
        assert!(improbability(year(0.6), &usual).unwrap() < 0.001);
        assert!(improbability(year(0.12), &usual).unwrap() > 0.3);
        // Another outlier among the others does not hide it.
        let mut with_another = usual.clone();
        with_another.push(year(0.7));
        assert!(improbability(year(0.6), &with_another).unwrap() < 0.002);
        assert!(improbability(year(0.6), &usual[..4]).is_none());
        // All alike: what chance makes of them is the scale.
        let alike = [year(0.1); 8];
        assert!(improbability(year(0.11), &alike).unwrap() > 0.3);
    }

    /// False alarms of ordinary years are as rare as is said.
    #[test]
    fn false_alarms_are_as_rare_as_they_are_said_to_be() {
        use rand::{RngExt, SeedableRng};
        let mut rng = rand::rngs::SmallRng::seed_from_u64(7);
        let (mut alarms, all) = (0, 20_000);
        for _ in 0..all {
            // Sums of twelve uniform values are nearly normal.
            let mut normal = || (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
            let years: Vec<Year> = (0..12)
                .map(|_| Year {
                    mean: normal(),
                    variance: 0.2,
                })
                .collect();
            alarms += usize::from(improbability(years[0], &years[1..]).unwrap() < 0.01);
        }
        assert!(alarms * 100 <= all, "{alarms} of {all}");
    }
}
