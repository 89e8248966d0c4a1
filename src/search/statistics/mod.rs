//! Statistics: figures of the cases that match a search, by one or two dimensions.
//!
//! The cases are those that the same search would list, for the same viewer and from one snapshot of the index: what is
//! counted passes through the very plan of the search. Each cell says by which search its cases are listed.

mod count;
mod groups;
mod link;
mod request;
mod response;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use tantivy::Executor;
use tantivy::query::EnableScoring;

use crate::analytics::{Clock, Dimension, Measure, Tally, Unknown};
use crate::index::Snapshot;

use super::{Error, SearchRequest, Searcher, VisibleCases, limits};
use count::{CellCounter, Cells, Needs, Values, is_of_time};
use link::{Link, label};

pub use request::StatisticsRequest;
pub use response::{
    CellAnswer, DimensionAnswer, DimensionValue, FigureAnswer, MeasureAnswer, PeriodAnswer, StatisticsResponse,
};

/// Most threads that count the segments of one index.
const THREADS: usize = 4;

/// Where segments are counted beside each other; all requests share it.
static COUNTING: LazyLock<Executor> = LazyLock::new(|| {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    // Without more threads it takes longer.
    Executor::multi_thread(threads, "statistics-").unwrap_or_else(|_| Executor::single_thread())
});

impl Searcher {
    /// Statistics of all visible cases that match. Blocks.
    ///
    /// # Errors
    /// As of [`Self::find`], and [`Error::TooManyCells`].
    pub fn statistics(
        &self,
        request: &StatisticsRequest,
        visible: &VisibleCases,
        deadline: Instant,
    ) -> Result<StatisticsResponse, Error> {
        let started = Instant::now();
        let snapshot = self.index().snapshot()?;
        let clock = Arc::new(Clock::new(snapshot.analyser.dictionaries()));
        let mut counted = Vec::new();
        let mut understood = None;
        for search in request.periods() {
            let answers = self.answers().of(&snapshot, visible);
            let (tree, plan) = self.plan(&snapshot, &search, visible, answers, deadline)?;
            if Instant::now() >= deadline {
                return Err(Error::DeadlineExceeded);
            }
            let all = plan.selected(plan.tolerant.as_ref().unwrap_or(&plan.exact).as_ref());
            let counter = CellCounter {
                by: request.by.clone(),
                needs: Needs::of(&request.measures, &request.by),
                clock: Arc::clone(&clock),
                analyser: snapshot.analyser.clone(),
            };
            let scoring = EnableScoring::disabled_from_searcher(&snapshot.searcher);
            let cells = snapshot
                .searcher
                .search_with_executor(all.as_ref(), &counter, &COUNTING, scoring);
            let cells = cells.map_err(|source| Error::Tantivy {
                action: "count statistics",
                source,
            })?;
            if cells.too_many {
                return Err(Error::TooManyCells {
                    most: limits::STATISTICS_CELLS,
                });
            }
            understood.get_or_insert(tree.understood);
            counted.push((search, cells));
        }
        let answer = Answer {
            request,
            snapshot: &snapshot,
            orders: orders(&request.by, &counted),
        };
        let mut response = answer.of(counted);
        response.understood = understood.unwrap_or_default();
        response.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(response)
    }
}

/// The values of each dimension in the order in which they are shown.
fn orders(by: &[Dimension], counted: &[(SearchRequest, Cells)]) -> Vec<Vec<Option<String>>> {
    let order = |(at, dimension): (usize, &Dimension)| {
        let mut cases: HashMap<&Option<String>, u64> = HashMap::new();
        for (values, tally) in counted.iter().flat_map(|(_, cells)| &cells.cells) {
            if let Some(value) = values.get(at) {
                *cases.entry(value).or_default() += tally.cases();
            }
        }
        let mut values: Vec<(&Option<String>, u64)> = cases.into_iter().collect();
        values.sort_by(|(a, of_a), (b, of_b)| {
            let frequent = match dimension.is_time() {
                true => std::cmp::Ordering::Equal,
                false => of_b.cmp(of_a),
            };
            a.is_none().cmp(&b.is_none()).then(frequent).then_with(|| a.cmp(b))
        });
        values.into_iter().map(|(value, _)| value.clone()).collect()
    };
    by.iter().enumerate().map(order).collect()
}

/// Puts the counts into the form of the answer.
struct Answer<'a> {
    request: &'a StatisticsRequest,
    snapshot: &'a Snapshot,
    orders: Vec<Vec<Option<String>>>,
}

impl Answer<'_> {
    fn of(&self, counted: Vec<(SearchRequest, Cells)>) -> StatisticsResponse {
        let periods: Vec<PeriodAnswer> = counted
            .into_iter()
            .map(|(search, cells)| self.period(&search, cells))
            .collect();
        StatisticsResponse {
            total: periods.first().map_or(0, |period| period.whole.cases),
            took_ms: 0,
            understood: String::new(),
            generation: self.snapshot.generation.clone(),
            sequence: self.snapshot.sequence,
            measures: self.request.measures.iter().copied().map(measure).collect(),
            dimensions: self.dimensions(),
            periods,
        }
    }

    fn dimensions(&self) -> Vec<DimensionAnswer> {
        let dictionaries = self.snapshot.analyser.dictionaries();
        let dimensions = self.request.by.iter().zip(&self.orders);
        let dimension = |(dimension, values): (&Dimension, &Vec<Option<String>>)| DimensionAnswer {
            code: dimension.code().to_owned(),
            label: dimension.label_zh().to_owned(),
            label_en: dimension.label_en().to_owned(),
            values: values
                .iter()
                .map(|value| DimensionValue {
                    value: value.clone(),
                    label: label(*dimension, value.as_deref(), |facet, value| {
                        facet.label_of(value, dictionaries)
                    }),
                })
                .collect(),
        };
        dimensions.map(dimension).collect()
    }

    fn period(&self, search: &SearchRequest, counted: Cells) -> PeriodAnswer {
        let Cells { cells, members, .. } = counted;
        let mut whole = Tally::default();
        let mut alone: Vec<HashMap<Values, Tally>> = match self.request.by.len() {
            2 => vec![HashMap::new(); 2],
            _ => Vec::new(),
        };
        for (values, tally) in &cells {
            whole.merge(tally.clone());
            for (margin, value) in alone.iter_mut().zip(values) {
                margin.entry(vec![value.clone()]).or_default().merge(tally.clone());
            }
        }
        let dimensions: Vec<usize> = (0..self.request.by.len()).collect();
        let margins = alone.into_iter().zip(&dimensions);
        PeriodAnswer {
            from: search.from,
            to: search.to,
            whole: self.cell(search, &[], &members, (Vec::new(), whole)),
            margins: margins
                .map(|(cells, &at)| self.cells(search, &[at], &members, cells))
                .collect(),
            cells: self.cells(search, &dimensions, &members, cells),
        }
    }

    /// The cells by some of the dimensions, in the order of their values.
    fn cells(
        &self,
        search: &SearchRequest,
        dimensions: &[usize],
        members: &[Members],
        cells: HashMap<Values, Tally>,
    ) -> Vec<CellAnswer> {
        let places: Vec<HashMap<&Option<String>, usize>> = dimensions
            .iter()
            .map(|&at| self.orders[at].iter().zip(0..).collect())
            .collect();
        let mut cells: Vec<(Values, Tally)> = cells.into_iter().collect();
        let place = |values: &Values| -> Vec<Option<usize>> {
            let of_dimensions = places.iter().zip(values);
            of_dimensions
                .map(|(places, value)| places.get(value).copied())
                .collect()
        };
        cells.sort_by_cached_key(|(values, _)| place(values));
        let cells = cells.into_iter();
        cells.map(|cell| self.cell(search, dimensions, members, cell)).collect()
    }

    fn cell(
        &self,
        search: &SearchRequest,
        dimensions: &[usize],
        members: &[Members],
        (values, tally): (Values, Tally),
    ) -> CellAnswer {
        let mut link = Link::of(search);
        for (&at, value) in dimensions.iter().zip(&values) {
            link = link.narrow(self.request.by[at], value.as_deref(), &members[at]);
        }
        let measures = &self.request.measures;
        let figures = measures.iter().map(|measure| {
            let figure = tally.figure(*measure);
            let figure = FigureAnswer {
                value: figure.value,
                part: figure.part,
                of: figure.of,
            };
            (measure.code().to_owned(), figure)
        });
        let figures = figures.collect();
        let reasons = Unknown::reasons().iter().zip(tally.unknown());
        let reasons = reasons.filter(|(_, count)| *count > 0 && measures.iter().any(|measure| is_of_time(*measure)));
        CellAnswer {
            cases: tally.cases(),
            figures,
            not_computable: reasons.map(|((code, ..), count)| ((*code).to_owned(), count)).collect(),
            query: link.encode(),
            values,
        }
    }
}

/// The values of which the groups of a dimension consist.
type Members = BTreeMap<String, std::collections::BTreeSet<String>>;

fn measure(measure: Measure) -> MeasureAnswer {
    let (definition, definition_en) = measure.definition();
    MeasureAnswer {
        code: measure.code().to_owned(),
        label: measure.label_zh().to_owned(),
        label_en: measure.label_en().to_owned(),
        unit: measure.unit().code().to_owned(),
        definition: definition.to_owned(),
        definition_en: definition_en.to_owned(),
    }
}
