//! The order of the hits, and the places in it.
//!
//! Every order ends with the key of the case, never with where tantivy keeps it, so that neither merges nor commits
//! exchange equal hits. Scores are compared in steps of [`STEP`]: the last bits of a sum of scores depend on the order in
//! which a segment adds them, and must not decide.

use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn, TermOrdHit};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use crate::index::{CASE_DATE, CASE_KEY, NUMBER_SORT};

use super::Sort;

/// Least difference of two scores. A quarter per mille of a usual score, thousands of times what sums differ by.
const STEP: f32 = 1.0 / 256.0;

/// Where a case stands in the order of the hits; what the order does not look at is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// Score in steps.
    pub(super) steps: u32,
    /// Date of the case as a number; 0 when it has none.
    pub(super) date: u64,
    /// Document number in its sortable form.
    pub(super) number: Option<String>,
    /// Key of the case.
    pub(super) key: u64,
}

impl Place {
    /// The score that the order went by.
    #[allow(clippy::cast_precision_loss)] // scores are thousands at most
    pub(super) fn score(&self) -> Score {
        self.steps as Score * STEP
    }

    /// What two places are compared by: the smaller stands before.
    fn rank(&self, sort: Sort) -> (u64, bool, &str, u64, u64) {
        match sort {
            Sort::Relevance => (falling(self.steps.into()), false, "", falling(self.date), self.key),
            Sort::DateDescending => (falling(self.date), false, "", 0, self.key),
            Sort::DateAscending => (undated_last(self.date), false, "", 0, self.key),
            Sort::Number => {
                let number = self.number.as_deref();
                (0, number.is_none(), number.unwrap_or_default(), 0, self.key)
            }
        }
    }
}

fn falling(value: u64) -> u64 {
    u64::MAX - value
}

fn undated_last(date: u64) -> u64 {
    if date == 0 { u64::MAX } else { date }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // scores are positive and thousands at most
fn steps(score: Score) -> u32 {
    (score / STEP).round() as u32
}

/// Counts all cases and collects the first of them in an order.
pub(super) struct Ranked<'a> {
    pub(super) sort: Sort,
    /// Only cases behind this place are collected; all are counted.
    pub(super) after: Option<&'a Place>,
    /// How many are collected.
    pub(super) limit: usize,
}

/// What was collected.
pub(super) struct RankedCases {
    pub(super) total: u64,
    /// In their order.
    pub(super) cases: Vec<(Place, DocAddress)>,
}

impl Collector for Ranked<'_> {
    type Fruit = RankedCases;
    type Child = SegmentRanked;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentRanked> {
        let fast = segment.fast_fields();
        let numbers = match self.sort {
            Sort::Number => fast.str(NUMBER_SORT)?,
            _ => None,
        };
        let after = self
            .after
            .map(|place| self.behind(place, numbers.as_ref()))
            .transpose()?;
        Ok(SegmentRanked {
            sort: self.sort,
            segment: ordinal,
            dates: fast.u64(CASE_DATE)?,
            keys: fast.u64(CASE_KEY)?,
            numbers,
            after,
            limit: self.limit,
            total: 0,
            first: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<RankedCases>>) -> tantivy::Result<RankedCases> {
        let mut merged = RankedCases {
            total: 0,
            cases: Vec::new(),
        };
        for segment in segments {
            let segment = segment?;
            merged.total += segment.total;
            merged.cases.extend(segment.cases);
        }
        merged
            .cases
            .sort_by(|(a, _), (b, _)| a.rank(self.sort).cmp(&b.rank(self.sort)));
        merged.cases.truncate(self.limit);
        Ok(merged)
    }
}

impl Ranked<'_> {
    /// The last rank of a segment that does not stand behind a place.
    fn behind(&self, place: &Place, numbers: Option<&StrColumn>) -> tantivy::Result<Rank> {
        Ok(match self.sort {
            Sort::Relevance => [falling(place.steps.into()), falling(place.date), place.key],
            Sort::DateDescending => [falling(place.date), 0, place.key],
            Sort::DateAscending => [undated_last(place.date), 0, place.key],
            Sort::Number => match (&place.number, numbers) {
                (None, _) => [NO_NUMBER, 0, place.key],
                // A segment without numbers: all of it.
                (Some(_), None) => [0; 3],
                (Some(number), Some(column)) => match column.dictionary().term_ord_or_next(number)? {
                    TermOrdHit::Exact(ordinal) => [ordinal, 0, place.key],
                    // All of the numbers before the next one; when that is the first, nothing.
                    TermOrdHit::Next(next) => next.checked_sub(1).map_or([0; 3], |last| [last, u64::MAX, u64::MAX]),
                },
            },
        })
    }
}

/// What two documents of one segment are compared by: the smaller stands before. Numbers are compared by their ordinals.
type Rank = [u64; 3];

const NO_NUMBER: u64 = u64::MAX;

/// The first cases of one segment.
pub(super) struct SegmentRanked {
    sort: Sort,
    segment: SegmentOrdinal,
    dates: Column<u64>,
    keys: Column<u64>,
    numbers: Option<StrColumn>,
    after: Option<Rank>,
    limit: usize,
    total: u64,
    /// The last on top.
    first: BinaryHeap<(Rank, DocId)>,
}

impl SegmentRanked {
    fn date(&self, doc: DocId) -> u64 {
        self.dates.first(doc).unwrap_or(0)
    }

    fn key(&self, doc: DocId) -> u64 {
        self.keys.first(doc).unwrap_or(0)
    }

    fn place(&self, rank: Rank, doc: DocId) -> tantivy::Result<Place> {
        let mut place = Place {
            key: self.key(doc),
            ..Place::default()
        };
        match self.sort {
            Sort::Relevance => {
                place.steps = u32::try_from(falling(rank[0])).unwrap_or(u32::MAX);
                place.date = self.date(doc);
            }
            Sort::DateDescending | Sort::DateAscending => place.date = self.date(doc),
            Sort::Number => {
                if let Some(numbers) = self.numbers.as_ref().filter(|_| rank[0] != NO_NUMBER) {
                    let mut number = String::new();
                    numbers.ord_to_str(rank[0], &mut number).map_err(TantivyError::from)?;
                    place.number = Some(number);
                }
            }
        }
        Ok(place)
    }
}

impl SegmentCollector for SegmentRanked {
    type Fruit = tantivy::Result<RankedCases>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        let first = match self.sort {
            Sort::Relevance => falling(steps(score).into()),
            Sort::DateDescending => falling(self.date(doc)),
            Sort::DateAscending => undated_last(self.date(doc)),
            Sort::Number => {
                let ordinal = self.numbers.as_ref().and_then(|numbers| numbers.ords().first(doc));
                ordinal.unwrap_or(NO_NUMBER)
            }
        };
        let full = self.first.len() >= self.limit;
        // Most cases end here, without a look at the other columns.
        let last = self.first.peek().map_or(u64::MAX, |(rank, _)| rank[0]);
        if full && first > last || self.after.is_some_and(|after| first < after[0]) {
            return;
        }
        let second = match self.sort {
            Sort::Relevance => falling(self.date(doc)),
            _ => 0,
        };
        let rank = [first, second, self.key(doc)];
        if self.after.is_some_and(|after| rank <= after) {
            return;
        }
        if !full {
            self.first.push((rank, doc));
        } else if let Some(mut last) = self.first.peek_mut()
            && rank < last.0
        {
            *last = (rank, doc);
        }
    }

    fn harvest(self) -> Self::Fruit {
        let cases = self.first.iter().map(|(rank, doc)| {
            let place = self.place(*rank, *doc)?;
            Ok((place, DocAddress::new(self.segment, *doc)))
        });
        Ok(RankedCases {
            total: self.total,
            cases: cases.collect::<tantivy::Result<_>>()?,
        })
    }
}
