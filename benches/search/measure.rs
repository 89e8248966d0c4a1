//! Recall, precision, rank and time of one engine.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use crate::queries::{Kind, Query};

/// A search engine under test. Cases are named by their number.
pub(crate) trait Engine {
    /// Its name in the table.
    fn name(&self) -> &'static str;
    /// The first ten hits, as a searcher gets them; this is what the time is taken of.
    fn top(&self, query: &str) -> Vec<u32>;
    /// Every hit, in no order.
    fn all(&self, query: &str) -> Vec<u32>;
}

/// Sums over queries.
#[derive(Clone, Default)]
pub(crate) struct Sums {
    pub(crate) queries: usize,
    recall: f64,
    precision: f64,
    reciprocal_rank: f64,
    gain: f64,
    times: Vec<Duration>,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.queries += other.queries;
        self.recall += other.recall;
        self.precision += other.precision;
        self.reciprocal_rank += other.reciprocal_rank;
        self.gain += other.gain;
        self.times.extend(&other.times);
    }

    #[allow(clippy::cast_precision_loss)] // hundreds of queries
    fn mean(&self, sum: f64) -> f64 {
        sum / self.queries.max(1) as f64
    }

    /// `recall / precision / MRR / nDCG@10`.
    pub(crate) fn quality(&self) -> String {
        let parts = [self.recall, self.precision, self.reciprocal_rank, self.gain];
        parts.map(|sum| format!("{:.3}", self.mean(sum))).join(" / ")
    }

    /// Median and 99th percentile in milliseconds.
    pub(crate) fn speed(&self) -> String {
        let mut times = self.times.clone();
        times.sort_unstable();
        let at = |share: usize| {
            times
                .get((times.len().saturating_sub(1)) * share / 100)
                .copied()
                .unwrap_or_default()
        };
        format!("{:.1} / {:.1}", at(50).as_secs_f64() * 1e3, at(99).as_secs_f64() * 1e3)
    }
}

/// A query that did not go right.
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) query: String,
    pub(crate) missed: Vec<u32>,
    pub(crate) wrong: Vec<u32>,
    pub(crate) relevant: usize,
}

/// What one engine did at one level of noise.
pub(crate) struct Measured {
    pub(crate) kinds: BTreeMap<Kind, Sums>,
    pub(crate) failures: Vec<Failure>,
}

impl Measured {
    pub(crate) fn total(&self, of: impl Fn(Kind) -> bool) -> Sums {
        let mut total = Sums::default();
        self.kinds
            .iter()
            .filter(|(kind, _)| of(**kind))
            .for_each(|(_, sums)| total.add(sums));
        total
    }
}

pub(crate) fn measure(engine: &dyn Engine, queries: &[Query]) -> Measured {
    let mut measured = Measured {
        kinds: BTreeMap::new(),
        failures: Vec::new(),
    };
    for query in queries {
        let started = Instant::now();
        let top = engine.top(&query.text);
        let took = started.elapsed();
        let found = engine.all(&query.text);
        let grades: HashMap<u32, u8> = query.relevant.iter().copied().collect();
        let right = found.iter().filter(|case| grades.contains_key(case)).count();
        let sums = measured.kinds.entry(query.kind).or_default();
        sums.queries += 1;
        sums.times.push(took);
        sums.recall += if grades.is_empty() {
            1.0
        } else {
            ratio(right, grades.len())
        };
        sums.precision += if grades.is_empty() {
            f64::from(u8::from(found.is_empty()))
        } else {
            ratio(right, found.len())
        };
        sums.reciprocal_rank += if grades.is_empty() {
            f64::from(u8::from(found.is_empty()))
        } else {
            let rank = top.iter().position(|case| grades.contains_key(case));
            rank.map_or(0.0, |rank| ratio(1, rank + 1))
        };
        sums.gain += gain(&top, &grades);
        if right < grades.len() || right < found.len() {
            measured.failures.push(Failure {
                kind: query.kind,
                query: query.text.clone(),
                missed: grades.keys().filter(|case| !found.contains(case)).copied().collect(),
                wrong: found
                    .iter()
                    .filter(|case| !grades.contains_key(case))
                    .copied()
                    .collect(),
                relevant: grades.len(),
            });
        }
    }
    measured
}

/// A share; of nothing, everything was found. No hit where there should be one is a precision of 0.
#[allow(clippy::cast_precision_loss)] // thousands of cases
fn ratio(part: usize, whole: usize) -> f64 {
    match (part, whole) {
        (0, 0) => 0.0,
        (part, whole) => part as f64 / whole as f64,
    }
}

/// nDCG of the first ten.
#[allow(clippy::cast_precision_loss)]
fn gain(top: &[u32], grades: &HashMap<u32, u8>) -> f64 {
    let discounted = |grades: &mut dyn Iterator<Item = u8>| -> f64 {
        let worth = |(rank, grade): (usize, u8)| f64::from((1_u32 << grade) - 1) / ((rank + 2) as f64).log2();
        grades.take(10).enumerate().map(worth).sum()
    };
    if grades.is_empty() {
        return f64::from(u8::from(top.is_empty()));
    }
    let mut ideal: Vec<u8> = grades.values().copied().collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let got = discounted(&mut top.iter().map(|case| grades.get(case).copied().unwrap_or(0)));
    got / discounted(&mut ideal.into_iter())
}
