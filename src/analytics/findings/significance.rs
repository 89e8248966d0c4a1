//! How improbable it is that a year is like the others: the spread of years is learnt from all agencies together.
//!
//! Each agency has its own level, the median of its other years. How much years scatter around their levels beyond what chance
//! makes of their numbers of cases is estimated once, robustly, from all of them; and from how unlike agencies are in this comes
//! how much their own scatter counts against that of all: the empirical Bayes estimate of G. K. Smyth (2004), "Linear models and
//! empirical Bayes methods for assessing differential expression in microarray experiments", sections 3 and 6.2.

use std::f64::consts::FRAC_PI_2;

/// A year of an agency: some mean, and the variance that chance gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Year {
    pub(super) mean: f64,
    /// Above 0.
    pub(super) variance: f64,
}

/// Years besides the one that is looked at, at least.
pub(super) const LEAST_YEARS: usize = 5;
/// The median of the square of a standard normal value.
const MEDIAN_OF_SQUARES: f64 = 0.454_936;
/// A year farther from its level than this many standard deviations says nothing about how ordinary years scatter.
const ORDINARY: f64 = 4.0;
/// A year is no exception when one in so many others went half as far the same way: then that is history, too.
const ONE_IN: usize = 5;
/// An agency whose variance is so many times that of a middling one is unlike the others.
const UNLIKE: f64 = 3.0;
/// An agency whose years are all the same scatters less than chance would have it; how much less says nothing.
const STILL: f64 = 0.05;
/// Unlikeness of agencies is taken as large as it may be at 95 %: with few agencies little is learnt from the others.
const CONFIDENCE: f64 = 1.645;

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

/// How much years of all agencies scatter around their levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    /// Variance between years, beside that of chance.
    between: f64,
    /// By what the variance is multiplied in a middling agency.
    factor: f64,
    /// As much as how many degrees of freedom of an agency's own this counts; 0 when nothing can be learnt from the others.
    freedom: f64,
}

impl Spread {
    /// What the histories of agencies say; those with too few years say nothing.
    pub(super) fn of(agencies: &[Vec<Year>]) -> Self {
        let histories: Vec<(&[Year], f64)> = agencies
            .iter()
            .filter(|years| years.len() > LEAST_YEARS)
            .map(|years| (years.as_slice(), level(years)))
            .collect();
        let mut spread = Self {
            between: between(&histories),
            factor: 1.0,
            freedom: 0.0,
        };
        let own: Vec<Own> = histories
            .iter()
            .map(|(years, level)| spread.own(years, *level))
            .collect();
        let agencies = count(own.len());
        if own.len() < 2 {
            return spread;
        }
        // The logarithm of a variance is spread by its degrees of freedom, and by how unlike agencies are.
        let logarithms: Vec<f64> = own
            .iter()
            .map(|own| own.factor.max(STILL).ln() - digamma(own.freedom / 2.0) + (own.freedom / 2.0).ln())
            .collect();
        let mean = logarithms.iter().sum::<f64>() / agencies;
        let squares: f64 = logarithms.iter().map(|log| (log - mean).powi(2)).sum();
        let by_chance = own.iter().map(|own| trigamma(own.freedom / 2.0)).sum::<f64>() / agencies;
        let unlike = squares / low_chi_square(agencies - 1.0) - by_chance;
        let all = own.iter().map(|own| own.freedom).sum();
        spread.freedom = if unlike > 0.0 {
            (2.0 * inverse_trigamma(unlike)).min(all)
        } else {
            all
        };
        spread.factor = (mean + digamma(spread.freedom / 2.0) - (spread.freedom / 2.0).ln()).exp();
        spread
    }

    /// The probability that a year differs so much from the others, or more, when it is one of them: two-sided,
    /// by Student's t. `None` with too few others, and for a year that is not alone with what it shows.
    pub(super) fn improbability(&self, year: Year, others: &[Year]) -> Option<f64> {
        if others.len() < LEAST_YEARS {
            return None;
        }
        let level = level(others);
        let distance = year.mean - level;
        let same_way = others
            .iter()
            .filter(|other| (other.mean - level) * distance.signum() >= distance.abs() / 2.0)
            .count();
        if same_way * ONE_IN >= others.len() {
            return None;
        }
        let own = self.own(others, level);
        let (factor, freedom) = self.judged_by(&own);
        let of_year = (factor * (self.between + year.variance)).max(year.variance);
        let by_chance = others.iter().map(|other| other.variance).sum::<f64>() / count(others.len());
        let of_others = (factor * (self.between + by_chance)).max(by_chance);
        let t = distance / (of_year + of_others * FRAC_PI_2 / count(others.len())).sqrt();
        t.is_finite().then(|| two_sided(t, whole(freedom)))
    }

    /// The scatter by which a year of an agency is judged, and its degrees of freedom: what the agency and all together say,
    /// and never less than the agency's own. One that is unlike all others is judged by itself.
    fn judged_by(&self, own: &Own) -> (f64, f64) {
        let freedom = self.freedom + own.freedom;
        let together = (self.freedom * self.factor + own.freedom * own.factor) / freedom;
        if own.factor > UNLIKE * self.factor {
            (own.factor, own.freedom)
        } else {
            (together.max(own.factor), freedom)
        }
    }

    /// The scatter of one agency, in parts of what all of them have.
    fn own(&self, years: &[Year], level: f64) -> Own {
        let mut squares: Vec<f64> = years
            .iter()
            .map(|year| (year.mean - level).powi(2) / (self.between + year.variance))
            .collect();
        let middling = (median(&mut squares) / MEDIAN_OF_SQUARES).max(1.0);
        // Sorted by `median`. At least four fifths are kept, whatever they are.
        let least = years.len() - years.len() / ONE_IN;
        let ordinary = squares.partition_point(|square| *square <= ORDINARY.powi(2) * middling);
        let kept = &squares[..ordinary.max(least)];
        let freedom = (count(kept.len()) - 1.0).max(1.0);
        Own {
            factor: kept.iter().sum::<f64>() / freedom,
            freedom,
        }
    }
}

/// The scatter of one agency.
struct Own {
    factor: f64,
    freedom: f64,
}

/// Variance between years beside that of chance: that at which half of all years are as near to their levels as half of all normal
/// values are to their mean.
fn between(histories: &[(&[Year], f64)]) -> f64 {
    // Years are nearer to a level that was made of them.
    let squares: Vec<(f64, f64)> = histories
        .iter()
        .flat_map(|(years, level)| {
            let of_level = count(years.len()) / (count(years.len()) - 1.0);
            years
                .iter()
                .map(move |year| ((year.mean - level).powi(2) * of_level, year.variance))
        })
        .collect();
    let excess = |between: f64| {
        let mut ratios: Vec<f64> = squares
            .iter()
            .map(|(square, chance)| square / (between + chance))
            .collect();
        median(&mut ratios) > MEDIAN_OF_SQUARES
    };
    let (mut low, mut high) = (
        0.0,
        squares
            .iter()
            .map(|(square, _)| square)
            .fold(0.0, |a: f64, b| a.max(*b))
            * 4.0,
    );
    if !excess(0.0) {
        return 0.0;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if excess(middle) { low = middle } else { high = middle }
    }
    high
}

/// The level of an agency: the median of its years, which unusual ones do not move.
fn level(years: &[Year]) -> f64 {
    let mut means: Vec<f64> = years.iter().map(|year| year.mean).collect();
    median(&mut means)
}

#[allow(clippy::cast_precision_loss)] // years of agencies
fn count(number: usize) -> f64 {
    number as f64
}

/// Degrees of freedom as a whole number from 1 to 1,000, where Student's t has long become normal.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the range
fn whole(freedom: f64) -> u32 {
    freedom.clamp(1.0, 1_000.0) as u32
}

/// A value that χ² with these degrees of freedom exceeds in 95 of 100 cases (Wilson and Hilferty).
fn low_chi_square(freedom: f64) -> f64 {
    let of_cube = 2.0 / (9.0 * freedom);
    (freedom * (1.0 - of_cube - CONFIDENCE * of_cube.sqrt()).powi(3)).max(freedom / 100.0)
}

/// The derivative of ln Γ, of values above 0: by recurrence and its asymptotic series (Abramowitz and Stegun, 6.3.5 and 6.3.18).
fn digamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 8.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    sum + x.ln() - 0.5 / x - square * (1.0 / 12.0 - square * (1.0 / 120.0 - square / 252.0))
}

/// Its derivative (Abramowitz and Stegun, 6.4.6 and 6.4.12).
fn trigamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 8.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    sum + 1.0 / x + square / 2.0 + square / x * (1.0 / 6.0 - square * (1.0 / 30.0 - square / 42.0))
}

/// Where [`trigamma`] has a value above 0; between 10⁻⁴ and 10⁵.
fn inverse_trigamma(value: f64) -> f64 {
    let (mut low, mut high) = (1e-4_f64, 1e5_f64);
    for _ in 0..60 {
        let middle = (low * high).sqrt();
        if trigamma(middle) > value {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
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
mod tests;
