//! The blocking part of a search: which cases, in what order, how many, with which facet counts.

use std::collections::HashSet;
use std::time::Instant;

use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue, SortByString};
use tantivy::collector::{Collector, Count, TopDocs};
use tantivy::query::Query;
use tantivy::{DocAddress, Order, TantivyError};

use crate::index::{CASE_DATE, CASE_KEY, NUMBER_SORT, Snapshot};

use super::facets::{Counts, FacetCounter};
use super::plan::{QueryPlan, with_keys, without};
use super::{Error, MatchKind, SearchRequest, Sort};

/// A case that matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FoundCase {
    pub(super) case_key: u64,
    pub(super) score: f32,
    pub(super) matched: MatchKind,
}

/// What one snapshot of the index says.
pub(super) struct Executed {
    pub(super) total: u64,
    pub(super) cases: Vec<FoundCase>,
    pub(super) counts: Counts,
}

/// Runs a plan. The deadline is looked at between the steps: tantivy cannot be interrupted inside one.
pub(super) fn execute(
    snapshot: &Snapshot,
    plan: &QueryPlan,
    request: &SearchRequest,
    deadline: Instant,
) -> Result<Executed, Error> {
    let run = Run {
        snapshot,
        request,
        deadline,
    };
    let (total, cases) = match request.sort {
        Sort::Relevance => run.by_relevance(plan)?,
        _ => run.by_value(plan)?,
    };
    let counts = if request.facets.is_empty() {
        Counts::new()
    } else {
        let query = plan.tolerant.as_ref().unwrap_or(&plan.exact);
        run.search("count facets", query.as_ref(), &FacetCounter::new(request))?
    };
    Ok(Executed { total, cases, counts })
}

struct Run<'a> {
    snapshot: &'a Snapshot,
    request: &'a SearchRequest,
    deadline: Instant,
}

impl Run<'_> {
    /// Exact hits by score, then tolerant ones by score.
    fn by_relevance(&self, plan: &QueryPlan) -> Result<(u64, Vec<FoundCase>), Error> {
        let (offset, size) = (self.request.offset(), self.request.size);
        let exact = plan.selected(plan.exact.as_ref());
        let (mut total, mut cases) = self.best(exact.as_ref(), MatchKind::Exact, offset, size)?;
        if let Some(tolerant) = &plan.tolerant {
            let rest = without(plan.selected(tolerant.as_ref()), plan.exact.box_clone());
            let passed = usize::try_from(total).unwrap_or(usize::MAX);
            let missing = size - cases.len();
            let (more, tolerant) = if missing == 0 {
                (
                    self.search("count tolerant hits", rest.as_ref(), &Count)? as u64,
                    Vec::new(),
                )
            } else {
                self.best(
                    rest.as_ref(),
                    MatchKind::Tolerant,
                    offset.saturating_sub(passed),
                    missing,
                )?
            };
            total += more;
            cases.extend(tolerant);
        }
        Ok((total, cases))
    }

    fn best(
        &self,
        query: &dyn Query,
        matched: MatchKind,
        offset: usize,
        limit: usize,
    ) -> Result<(u64, Vec<FoundCase>), Error> {
        let order = ((SortBySimilarityScore, Order::Desc), by_key());
        let top = TopDocs::with_limit(limit).and_offset(offset).order_by(order);
        let (total, top) = self.search("rank hits", query, &(Count, top))?;
        let cases = top.into_iter().map(|((score, key), _)| {
            Ok(FoundCase {
                case_key: key.ok_or_else(no_key)?,
                score,
                matched,
            })
        });
        Ok((total as u64, cases.collect::<Result<_, Error>>()?))
    }

    /// All hits by a value of theirs, exact and tolerant mixed.
    fn by_value(&self, plan: &QueryPlan) -> Result<(u64, Vec<FoundCase>), Error> {
        let query = plan.selected(plan.tolerant.as_ref().unwrap_or(&plan.exact).as_ref());
        let date = || SortByStaticFastValue::<u64>::for_field(CASE_DATE);
        let (total, keys) = match self.request.sort {
            Sort::DateDescending | Sort::Relevance => {
                self.sorted(query.as_ref(), |top| top.order_by(((date(), Order::Desc), by_key())))?
            }
            Sort::DateAscending => self.sorted(query.as_ref(), |top| top.order_by(((date(), Order::Asc), by_key())))?,
            Sort::Number => {
                let number = SortByString::for_field(NUMBER_SORT);
                self.sorted(query.as_ref(), |top| top.order_by(((number, Order::Asc), by_key())))?
            }
        };
        let exact = match &plan.tolerant {
            None => keys.iter().copied().collect(),
            Some(_) => self.exact_among(&keys, plan)?,
        };
        let cases = keys.into_iter().map(|case_key| FoundCase {
            case_key,
            score: 0.0,
            matched: if exact.contains(&case_key) {
                MatchKind::Exact
            } else {
                MatchKind::Tolerant
            },
        });
        Ok((total, cases.collect()))
    }

    fn sorted<K, C>(&self, query: &dyn Query, order: impl FnOnce(TopDocs) -> C) -> Result<(u64, Vec<u64>), Error>
    where
        C: Collector<Fruit = Vec<((K, Option<u64>), DocAddress)>>,
        K: Send + 'static,
    {
        let top = TopDocs::with_limit(self.request.size).and_offset(self.request.offset());
        let (total, top) = self.search("sort hits", query, &(Count, order(top)))?;
        let keys = top.into_iter().map(|((_, key), _)| key.ok_or_else(no_key));
        Ok((total as u64, keys.collect::<Result<_, Error>>()?))
    }

    fn exact_among(&self, keys: &[u64], plan: &QueryPlan) -> Result<HashSet<u64>, Error> {
        if keys.is_empty() {
            return Ok(HashSet::new());
        }
        let mine = with_keys(&self.snapshot.fields, keys);
        let query = tantivy::query::BooleanQuery::intersection(vec![mine, plan.exact.box_clone()]);
        let top = TopDocs::with_limit(keys.len()).order_by(by_key());
        let found = self.search("tell exact hits", &query, &top)?;
        Ok(found.into_iter().filter_map(|(key, _)| key).collect())
    }

    fn search<C: Collector>(&self, action: &'static str, query: &dyn Query, collector: &C) -> Result<C::Fruit, Error> {
        if Instant::now() >= self.deadline {
            return Err(Error::DeadlineExceeded);
        }
        let result = self.snapshot.searcher.search(query, collector);
        result.map_err(|source| Error::Tantivy { action, source })
    }
}

/// The last word on the order of two hits, so that paging is stable whatever the segments are.
fn by_key() -> (SortByStaticFastValue<u64>, Order) {
    (SortByStaticFastValue::for_field(CASE_KEY), Order::Asc)
}

fn no_key() -> Error {
    Error::Tantivy {
        action: "read the key of a hit",
        source: TantivyError::InternalError("a document has no case key".to_owned()),
    }
}
