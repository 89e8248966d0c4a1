//! What is counted of a group of cases, exactly and so that the counts of two groups can be put together.

use std::collections::BTreeMap;

use crate::record::Outcome;

use super::clock::{TimeResult, Unknown};
use super::measure::Measure;

/// What one case adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its pages.
    pub pages: u64,
    /// What was decided; `None` when it is not known.
    pub outcome: Option<Outcome>,
    /// Working days from acceptance to decision.
    pub elapsed: Option<u32>,
    /// Judged by the law.
    pub by_law: TimeResult,
    /// Judged by what was promised.
    pub by_promise: TimeResult,
    /// Mean confidence of its text in parts of [`WHOLE_CONFIDENCE`]; `None` without text.
    pub confidence: Option<u64>,
    /// Whether it is of high OCR quality.
    pub high_quality: bool,
    /// Whether nothing that is expected is missing.
    pub complete: bool,
}

/// A confidence of 1.
pub const WHOLE_CONFIDENCE: u64 = 10_000;

/// The counts of a group of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    cases: u64,
    pages: u64,
    refused: u64,
    decided: u64,
    /// Working days from acceptance to decision.
    days: Days,
    within_limit: u64,
    of_limit: u64,
    within_promise: u64,
    of_promise: u64,
    unknown: [u64; Unknown::COUNT],
    confidence: u64,
    with_text: u64,
    high_quality: u64,
    complete: u64,
}

/// A figure with what it was made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The figure; `None` when there is nothing to make it of.
    pub value: Option<f64>,
    /// For a share: the cases that count.
    pub part: Option<u64>,
    /// For a share, a median or a mean: the cases it was made of.
    pub of: Option<u64>,
}

impl Tally {
    /// Counts a case.
    pub fn add(&mut self, case: &Counted) {
        self.cases += 1;
        self.pages += case.pages;
        match case.outcome {
            Some(Outcome::Refused) => {
                self.refused += 1;
                self.decided += 1;
            }
            Some(Outcome::Granted | Outcome::Changed | Outcome::Renewed) => self.decided += 1,
            _ => {}
        }
        if let Some(days) = case.elapsed {
            self.days.add(days, 1);
        }
        match case.by_law {
            TimeResult::Within { .. } => {
                self.within_limit += 1;
                self.of_limit += 1;
            }
            TimeResult::Over { .. } => self.of_limit += 1,
            TimeResult::Unknown(why) => self.unknown[why.index()] += 1,
        }
        match case.by_promise {
            TimeResult::Within { .. } => {
                self.within_promise += 1;
                self.of_promise += 1;
            }
            TimeResult::Over { .. } => self.of_promise += 1,
            TimeResult::Unknown(_) => {}
        }
        if let Some(confidence) = case.confidence {
            self.confidence += confidence;
            self.with_text += 1;
            self.high_quality += u64::from(case.high_quality);
        }
        self.complete += u64::from(case.complete);
    }

    /// Adds the counts of other cases.
    pub fn merge(&mut self, other: Self) {
        self.cases += other.cases;
        self.pages += other.pages;
        self.refused += other.refused;
        self.decided += other.decided;
        self.days.merge(other.days);
        self.within_limit += other.within_limit;
        self.of_limit += other.of_limit;
        self.within_promise += other.within_promise;
        self.of_promise += other.of_promise;
        for (mine, theirs) in self.unknown.iter_mut().zip(other.unknown) {
            *mine += theirs;
        }
        self.confidence += other.confidence;
        self.with_text += other.with_text;
        self.high_quality += other.high_quality;
        self.complete += other.complete;
    }

    /// How many cases.
    pub fn cases(&self) -> u64 {
        self.cases
    }

    /// Why the times of how many cases cannot be computed, by [`Unknown::index`].
    pub fn unknown(&self) -> [u64; Unknown::COUNT] {
        self.unknown
    }

    /// A figure of these cases.
    pub fn figure(&self, measure: Measure) -> Figure {
        match measure {
            Measure::Cases => Figure::count(self.cases),
            Measure::Pages => Figure::count(self.pages),
            Measure::RefusalRate => Figure::share(self.refused, self.decided),
            Measure::MedianDays => self.of_days(self.days.median()),
            Measure::P90Days => self.of_days(self.days.nearest_rank(90)),
            Measure::WithinLimit => Figure::share(self.within_limit, self.of_limit),
            Measure::WithinPromise => Figure::share(self.within_promise, self.of_promise),
            Measure::NotComputable => Figure::share(self.unknown.iter().sum(), self.cases),
            Measure::Confidence => Figure {
                value: (self.with_text > 0).then(|| ratio(self.confidence, self.with_text * WHOLE_CONFIDENCE)),
                part: None,
                of: Some(self.with_text),
            },
            Measure::HighQuality => Figure::share(self.high_quality, self.with_text),
            Measure::Complete => Figure::share(self.complete, self.cases),
        }
    }

    fn of_days(&self, value: Option<f64>) -> Figure {
        Figure {
            value,
            part: None,
            of: Some(self.days.cases),
        }
    }
}

impl Figure {
    fn count(count: u64) -> Self {
        Self {
            value: Some(ratio(count, 1)),
            part: None,
            of: None,
        }
    }

    fn share(part: u64, of: u64) -> Self {
        Self {
            value: (of > 0).then(|| ratio(part, of)),
            part: Some(part),
            of: Some(of),
        }
    }
}

/// Counts of cases and pages are far below 2^53, so nothing is lost.
#[allow(clippy::cast_precision_loss)]
fn ratio(part: u64, of: u64) -> f64 {
    part as f64 / of as f64
}

/// How many cases took how many days. Few different numbers of days are met however many cases there are, so counts are kept, not
/// the days of each case: putting groups together and finding the middle cost the same for ten cases and a million.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Days {
    cases: u64,
    /// Cases by days, for days below [`COMMON_DAYS`].
    common: Vec<u32>,
    /// The others.
    rare: BTreeMap<u32, u32>,
}

/// Days below this are counted in a list, of which each group has its own.
const COMMON_DAYS: u32 = 128;

impl Days {
    fn add(&mut self, days: u32, cases: u32) {
        self.cases += u64::from(cases);
        if days >= COMMON_DAYS {
            *self.rare.entry(days).or_default() += cases;
            return;
        }
        let at = days as usize;
        if at >= self.common.len() {
            self.common.resize(at + 1, 0);
        }
        self.common[at] += cases;
    }

    fn merge(&mut self, other: Self) {
        if self.cases == 0 {
            *self = other;
            return;
        }
        for (days, cases) in (0..).zip(other.common).chain(other.rare) {
            if cases > 0 {
                self.add(days, cases);
            }
        }
    }

    /// The days of the case at a place among all, counted from 0, when they are in order.
    fn at(&self, place: u64) -> Option<u32> {
        let common = (0..).zip(self.common.iter().copied());
        let rare = self.rare.iter().map(|(days, cases)| (*days, *cases));
        let mut before = 0;
        let mut counts = common.chain(rare);
        counts.find_map(|(days, cases)| {
            before += u64::from(cases);
            (place < before).then_some(days)
        })
    }

    /// The middle one, or the mean of the two in the middle.
    fn median(&self) -> Option<f64> {
        let last = self.cases.checked_sub(1)?;
        let (low, high) = (self.at(last / 2)?, self.at(last.div_ceil(2))?);
        Some(f64::from(low) / 2.0 + f64::from(high) / 2.0)
    }

    /// The smallest number of days that at least `percent` of the cases do not exceed.
    fn nearest_rank(&self, percent: u64) -> Option<f64> {
        let rank = (self.cases * percent).div_ceil(100).max(1);
        self.at(rank - 1).map(f64::from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn case(days: u32) -> Counted {
        let by_law = match days {
            0..=20 => TimeResult::Within { used: days, limit: 20 },
            _ => TimeResult::Over { used: days, limit: 20 },
        };
        Counted {
            pages: 3,
            outcome: Some(if days.is_multiple_of(3) {
                Outcome::Refused
            } else {
                Outcome::Granted
            }),
            elapsed: Some(days),
            by_law,
            by_promise: by_law,
            confidence: Some(9_000),
            high_quality: days.is_multiple_of(2),
            complete: true,
        }
    }

    fn of(days: &[u32]) -> Tally {
        let mut tally = Tally::default();
        for days in days {
            tally.add(&case(*days));
        }
        tally
    }

    #[test]
    fn percentiles_are_those_of_the_textbook() {
        for (days, middle, ninetieth) in [
            (&[][..], None, None),
            (&[7][..], Some(7.0), Some(7.0)),
            (&[3, 1, 2][..], Some(2.0), Some(3.0)),
            (&[4, 1][..], Some(2.5), Some(4.0)),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10][..], Some(5.5), Some(9.0)),
            (&[11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10][..], Some(6.0), Some(10.0)),
            (&[127, 128, 4_000_000, 127][..], Some(127.5), Some(4_000_000.0)),
            (&[900, 1, 500][..], Some(500.0), Some(900.0)),
        ] {
            let tally = of(days);
            assert_eq!(tally.figure(Measure::MedianDays).value, middle, "{days:?}");
            assert_eq!(tally.figure(Measure::P90Days).value, ninetieth, "{days:?}");
        }
    }

    #[test]
    fn of_no_cases_no_share_is_told() {
        let none = Tally::default();
        for measure in Measure::ALL {
            let figure = none.figure(*measure);
            match measure {
                Measure::Cases | Measure::Pages => assert_eq!(figure.value, Some(0.0)),
                _ => assert_eq!(figure.value, None, "{}", measure.code()),
            }
        }
    }

    #[test]
    fn what_cannot_be_computed_counts_in_no_share_of_the_limit() {
        let unknown = TimeResult::Unknown(Unknown::NoDecision);
        let mut tally = of(&[5, 25]);
        tally.add(&Counted {
            elapsed: None,
            outcome: None,
            by_law: unknown,
            by_promise: unknown,
            confidence: None,
            complete: false,
            ..case(0)
        });
        let share = |part, of| Figure::share(part, of);
        assert_eq!(tally.figure(Measure::WithinLimit), share(1, 2));
        assert_eq!(tally.figure(Measure::NotComputable), share(1, 3));
        assert_eq!(tally.figure(Measure::Complete), share(2, 3));
        assert_eq!(tally.figure(Measure::RefusalRate), share(0, 2));
        assert_eq!(tally.figure(Measure::Confidence).value, Some(0.9));
        assert_eq!(tally.unknown()[Unknown::NoDecision.index()], 1);
    }

    proptest! {
        #[test]
        fn two_groups_together_are_one(days in prop::collection::vec(0u32..300, 0..40), cut in 0usize..40) {
            let cut = cut.min(days.len());
            let mut together = of(&days[..cut]);
            together.merge(of(&days[cut..]));
            let one = of(&days);
            for measure in Measure::ALL {
                prop_assert_eq!(together.figure(*measure), one.figure(*measure));
            }
        }
    }
}
