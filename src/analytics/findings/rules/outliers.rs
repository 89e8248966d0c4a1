//! Years of an agency that do not fit its other years: by the rate of refusals, and by how long decisions take.
//!
//! Rates are compared as `asin √p` and durations as `ln(1 + days)`, so that their spread depends little on their size. How much
//! years scatter is learnt from all agencies together. A year is told when its improbability is below one hundredth divided by the number of years that are looked at (Bonferroni): of a
//! hundred archives in which nothing is unusual one has a false alarm of a rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::examine::Reference;
use super::super::names::Names;
use super::super::rule::Rule;
use super::super::seen::{Examiner, SeenCase};
use super::super::significance::{LEAST_YEARS, Spread, Year, median};
use crate::record::Outcome;

/// Probability of a false alarm of a rule in a whole archive.
const FALSE_ALARM: f64 = 0.01;
/// Cases of a year, at least.
const LEAST_CASES: u32 = 20;
/// A rate that differs by less, and a mean duration that differs by a smaller part, does not matter, however sure it is.
const LEAST_RATE: f64 = 0.05;
const LEAST_RATIO: f64 = 1.25;

/// What is counted of an agency in a year.
#[derive(Clone, Debug, Default)]
struct Tally {
    decided: u32,
    refused: Vec<u64>,
    timed: u32,
    days: f64,
    logarithms: f64,
    squares: f64,
}

/// Counts of all agencies and years.
pub(in super::super) struct Outliers {
    reference: Arc<Reference>,
    tallies: BTreeMap<u32, BTreeMap<u32, Tally>>,
}

impl Outliers {
    pub(in super::super) fn new(reference: Arc<Reference>) -> Self {
        Self {
            reference,
            tallies: BTreeMap::new(),
        }
    }
}

impl Examiner for Outliers {
    fn see(&mut self, case: &SeenCase<'_>) {
        let fields = &case.row.fields;
        let (Some(agency), Some(decided)) = (case.agency, fields.decided_on) else {
            return;
        };
        let Some(Outcome::Granted | Outcome::Refused | Outcome::Renewed | Outcome::Changed) = fields.outcome else {
            return;
        };
        let tally = self
            .tallies
            .entry(agency)
            .or_default()
            .entry(decided.year())
            .or_default();
        tally.decided += 1;
        if fields.outcome == Some(Outcome::Refused) {
            tally.refused.push(case.key());
        }
        let days = fields
            .accepted_on
            .map(|from| self.reference.working_days().between(from, decided));
        if let Some(Ok(days)) = days {
            let logarithm = f64::from(days).ln_1p();
            tally.timed += 1;
            tally.days += f64::from(days);
            tally.logarithms += logarithm;
            tally.squares += logarithm * logarithm;
        }
    }

    fn tell(&mut self, names: &Names, found: &mut Vec<Draft>) {
        let tallies = std::mem::take(&mut self.tallies);
        tell_rule(&tallies, names, &Rates, found);
        tell_rule(&tallies, names, &Durations, found);
    }
}

/// What is compared of the years.
trait Measure {
    /// The year, when there is enough of it.
    fn year(&self, tally: &Tally) -> Option<Year>;
    /// In what it can be told: a share, days.
    fn value(&self, tally: &Tally) -> f64;
    /// Whether a difference matters.
    fn matters(&self, value: f64, usual: f64) -> bool;
    fn draft(&self, subject: String, year: (u32, &Tally), usual: f64) -> Draft;
}

fn tell_rule(
    tallies: &BTreeMap<u32, BTreeMap<u32, Tally>>,
    names: &Names,
    measure: &impl Measure,
    found: &mut Vec<Draft>,
) {
    let measured = tallies.iter().map(|(agency, years)| {
        let years: Vec<(u32, &Tally, Year)> = years
            .iter()
            .filter_map(|(year, tally)| Some((*year, tally, measure.year(tally)?)))
            .collect();
        (*agency, years)
    });
    let measured: Vec<_> = measured.filter(|(_, years)| years.len() > LEAST_YEARS).collect();
    let looked_at: usize = measured.iter().map(|(_, years)| years.len()).sum();
    #[allow(clippy::cast_precision_loss)] // years of agencies
    let improbable = FALSE_ALARM / looked_at.max(1) as f64;
    let histories = measured
        .iter()
        .map(|(_, years)| years.iter().map(|(.., year)| *year).collect());
    let spread = Spread::of(&histories.collect::<Vec<_>>());
    for (agency, years) in measured {
        for (at, (year, tally, measured)) in years.iter().enumerate() {
            let others = || {
                years
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != at)
                    .map(|(_, other)| other)
            };
            let compared: Vec<Year> = others().map(|(.., other)| *other).collect();
            if spread
                .improbability(*measured, &compared)
                .is_none_or(|p| p > improbable)
            {
                continue;
            }
            let usual = median(&mut others().map(|(_, tally, _)| measure.value(tally)).collect::<Vec<_>>());
            if measure.matters(measure.value(tally), usual) {
                let subject = format!("{} {year}", names.name(agency));
                found.push(measure.draft(subject, (*year, tally), usual).of_place(agency, *year));
            }
        }
    }
}

struct Rates;

impl Measure for Rates {
    #[allow(clippy::cast_precision_loss)] // cases
    fn year(&self, tally: &Tally) -> Option<Year> {
        let (n, k) = (f64::from(tally.decided), tally.refused.len() as f64);
        // Anscombe's form of the arcsine, of nearly constant variance.
        let mean = ((k + 0.375) / (n + 0.75)).sqrt().asin();
        let variance = 1.0 / (4.0 * n + 2.0);
        (tally.decided >= LEAST_CASES).then_some(Year { mean, variance })
    }

    #[allow(clippy::cast_precision_loss)] // cases
    fn value(&self, tally: &Tally) -> f64 {
        tally.refused.len() as f64 / f64::from(tally.decided.max(1))
    }

    fn matters(&self, value: f64, usual: f64) -> bool {
        (value - usual).abs() >= LEAST_RATE
    }

    fn draft(&self, subject: String, (year, tally): (u32, &Tally), usual: f64) -> Draft {
        let detail = Detail::Rate {
            year,
            share: rounded(self.value(tally) * 1000.0),
            usual: rounded(usual * 1000.0),
        };
        Draft::new(Rule::RefusalRateOutlier, subject, tally.refused.clone(), detail)
    }
}

struct Durations;

impl Measure for Durations {
    fn year(&self, tally: &Tally) -> Option<Year> {
        let n = f64::from(tally.timed);
        let mean = tally.logarithms / n;
        // Days are whole: what was cut off has a variance of 1/12 of a day, however alike they look.
        let of_days = (1.0 / 12.0) * (-2.0 * mean).exp() / n;
        let variance = (tally.squares / n - mean * mean).max(0.0) / (n - 1.0) + of_days;
        (tally.timed >= LEAST_CASES).then_some(Year { mean, variance })
    }

    fn value(&self, tally: &Tally) -> f64 {
        tally.days / f64::from(tally.timed.max(1))
    }

    fn matters(&self, value: f64, usual: f64) -> bool {
        let (value, usual) = (value + 1.0, usual + 1.0);
        value >= usual * LEAST_RATIO || usual >= value * LEAST_RATIO
    }

    fn draft(&self, subject: String, (year, tally): (u32, &Tally), usual: f64) -> Draft {
        let detail = Detail::Duration {
            year,
            mean: rounded(self.value(tally) * 10.0),
            usual: rounded(usual * 10.0),
        };
        Draft::new(Rule::DurationOutlier, subject, Vec::new(), detail)
    }
}

/// A value of this room, none of which is negative or large.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn rounded(value: f64) -> u32 {
    value.round().clamp(0.0, 1e9) as u32
}
