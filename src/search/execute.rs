//! The blocking part of a search: which cases, in what order, how many, with which facet counts.

use std::time::Instant;

use tantivy::collector::{Collector, Count};
use tantivy::query::{BooleanQuery, Query};
use tantivy::{DocAddress, TantivyError};

use crate::index::{OcrQuality, Snapshot};

use super::cursor::Cursor;
use super::facets::{Counts, FacetCounter, together};
use super::order::{Place, Ranked};
use super::plan::{Plan, QueryPlan, with_keys, without};
use super::walk::keys_of;
use super::{Error, Facet, MatchKind, SearchRequest, Sort};

/// Part by which the score of a case may have changed for the reason that others were added or taken away; when it has
/// changed more, so has the case.
const DRIFT: f32 = 0.05;

/// A case that matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FoundCase {
    pub(super) case_key: u64,
    pub(super) score: f32,
    pub(super) matched: MatchKind,
    pub(super) ocr_quality: Option<OcrQuality>,
    /// Where the snapshot has it.
    pub(super) address: DocAddress,
}

/// What one snapshot of the index says.
pub(super) struct Executed {
    pub(super) total: u64,
    pub(super) cases: Vec<FoundCase>,
    /// What asks for the cases behind these.
    pub(super) next: Option<String>,
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
    let Found {
        total,
        mut hits,
        counts,
    } = match request.sort {
        Sort::Relevance => run.by_relevance(plan)?,
        _ => run.by_value(plan)?,
    };
    let more = hits.len() > request.size;
    hits.truncate(request.size);
    let next = hits.last().filter(|_| more).map(|last| {
        let cursor = Cursor {
            matched: last.matched,
            place: last.place.clone(),
        };
        cursor.encode(request)
    });
    let counts = match counts {
        Some(counts) => counts,
        None if request.facets.is_empty() => Counts::new(),
        None => {
            let query = plan.tolerant.as_ref().unwrap_or(&plan.exact);
            run.search("count facets", query.as_ref(), &FacetCounter::new(request))?
        }
    };
    Ok(Executed {
        total,
        cases: run.cases(&hits, plan)?,
        next,
        counts,
    })
}

struct Run<'a> {
    snapshot: &'a Snapshot,
    request: &'a SearchRequest,
    deadline: Instant,
}

/// A hit with its place.
struct Placed {
    matched: MatchKind,
    place: Place,
    address: DocAddress,
}

/// Hits in their order.
struct Found {
    total: u64,
    hits: Vec<Placed>,
    /// Facet counts, when one look at the cases was enough for both.
    counts: Option<Counts>,
}

impl Run<'_> {
    /// How many hits are looked for: one more than wanted, to know whether there are more.
    fn wanted(&self) -> usize {
        self.request.size + 1
    }

    /// Exact hits by score, then tolerant ones by score.
    fn by_relevance(&self, plan: &QueryPlan) -> Result<Found, Error> {
        let after = match &self.request.after {
            Some(cursor) => Some((cursor.matched, self.anchored(cursor, plan)?)),
            None => None,
        };
        let behind = |kind| {
            after
                .as_ref()
                .filter(|(matched, _)| *matched == kind)
                .map(|(_, place)| place)
        };
        let exact = plan.selected(plan.exact.as_ref());
        let offset = self.request.offset();
        let mut found = match behind(MatchKind::Tolerant) {
            Some(_) => self.counted(exact.as_ref(), plan)?,
            None => {
                let after = behind(MatchKind::Exact);
                self.best(exact.as_ref(), MatchKind::Exact, after, offset, plan)?
            }
        };
        if let Some(rest) = tolerant_only(plan) {
            let missing = self.wanted() - found.hits.len();
            let passed = usize::try_from(found.total).unwrap_or(usize::MAX);
            let more = match missing {
                0 => self.counted(rest.as_ref(), plan)?,
                _ => {
                    let after = behind(MatchKind::Tolerant);
                    let offset = offset.saturating_sub(passed);
                    self.best(rest.as_ref(), MatchKind::Tolerant, after, offset, plan)?
                }
            };
            found.total += more.total;
            found.hits.extend(more.hits.into_iter().take(missing));
            found.counts = found.counts.zip(more.counts).map(|(exact, rest)| together(exact, rest));
        }
        Ok(found)
    }

    /// What counts facets beside the hits: when nothing is selected these are all cases that are counted.
    fn counter(&self, plan: &QueryPlan) -> Option<FacetCounter> {
        let beside = plan.selections.is_empty() && !self.request.facets.is_empty();
        beside.then(|| FacetCounter::new(self.request))
    }

    fn best(
        &self,
        query: &dyn Query,
        matched: MatchKind,
        after: Option<&Place>,
        offset: usize,
        plan: &QueryPlan,
    ) -> Result<Found, Error> {
        let collector = self.ranked(after, offset + self.wanted());
        let (ranked, counts) = self.search("rank hits", query, &(collector, self.counter(plan)))?;
        let hits = ranked.cases.into_iter().skip(offset).map(|(place, address)| Placed {
            matched,
            place,
            address,
        });
        Ok(Found {
            total: ranked.total,
            hits: hits.collect(),
            counts,
        })
    }

    /// Where the last hit of the answer before stands now. Each commit changes every score a little; as the hits around
    /// it change with it, they are neither left out nor shown twice.
    fn anchored(&self, cursor: &Cursor, plan: &QueryPlan) -> Result<Place, Error> {
        let mut place = cursor.place.clone();
        let query = match cursor.matched {
            MatchKind::Exact => Some(plan.selected(plan.exact.as_ref())),
            MatchKind::Tolerant => tolerant_only(plan),
        };
        if let Some(query) = query {
            let mine = BooleanQuery::intersection(vec![query, with_keys(&self.snapshot.fields, &[place.key])]);
            let found = self.search("find the place of a hit", &mine, &self.ranked(None, 1))?;
            if let Some((now, _)) = found.cases.first()
                && (now.score() - place.score()).abs() <= place.score() * DRIFT
            {
                place.steps = now.steps;
            }
        }
        Ok(place)
    }

    /// All hits by a value of theirs, exact and tolerant mixed.
    fn by_value(&self, plan: &QueryPlan) -> Result<Found, Error> {
        let query = plan.selected(plan.tolerant.as_ref().unwrap_or(&plan.exact).as_ref());
        let after = self.request.after.as_ref().map(|cursor| &cursor.place);
        let kind = match plan.tolerant {
            Some(_) => MatchKind::Tolerant,
            None => MatchKind::Exact,
        };
        self.best(query.as_ref(), kind, after, self.request.offset(), plan)
    }

    /// What is told of the hits that are shown.
    fn cases(&self, hits: &[Placed], plan: &QueryPlan) -> Result<Vec<FoundCase>, Error> {
        let keys: Vec<u64> = hits.iter().map(|hit| hit.place.key).collect();
        let exact = match (&plan.tolerant, self.request.sort) {
            (Some(_), sort) if sort != Sort::Relevance && !keys.is_empty() => {
                let mine = with_keys(&self.snapshot.fields, &keys);
                let query = BooleanQuery::intersection(vec![mine, plan.exact.box_clone()]);
                keys_of(self.snapshot, &query, self.deadline)?
            }
            _ => Vec::new(),
        };
        let case = |hit: &Placed| {
            Ok(FoundCase {
                case_key: hit.place.key,
                score: hit.place.score(),
                matched: match exact.binary_search(&hit.place.key) {
                    Ok(_) => MatchKind::Exact,
                    Err(_) => hit.matched,
                },
                ocr_quality: self.ocr_quality(hit.address)?,
                address: hit.address,
            })
        };
        hits.iter().map(case).collect()
    }

    fn ocr_quality(&self, address: DocAddress) -> Result<Option<OcrQuality>, Error> {
        let read = || -> Result<Option<OcrQuality>, TantivyError> {
            let segment = self.snapshot.searcher.segment_reader(address.segment_ord);
            let Some(column) = segment.fast_fields().str(Facet::OcrQuality.code())? else {
                return Ok(None);
            };
            let mut code = String::new();
            if let Some(ordinal) = column.term_ords(address.doc_id).next() {
                column.ord_to_str(ordinal, &mut code)?;
            }
            Ok(OcrQuality::from_code(&code))
        };
        read().map_err(|source| Error::Tantivy {
            action: "read the quality of a hit",
            source,
        })
    }

    fn ranked<'c>(&self, after: Option<&'c Place>, limit: usize) -> Ranked<'c> {
        Ranked {
            sort: self.request.sort,
            after,
            limit,
        }
    }

    /// Hits of which none is shown.
    fn counted(&self, query: &dyn Query, plan: &QueryPlan) -> Result<Found, Error> {
        let (total, counts) = self.search("count hits", query, &(Count, self.counter(plan)))?;
        Ok(Found {
            total: total as u64,
            hits: Vec::new(),
            counts,
        })
    }

    fn search<C: Collector>(&self, action: &'static str, query: &dyn Query, collector: &C) -> Result<C::Fruit, Error> {
        if Instant::now() >= self.deadline {
            return Err(Error::DeadlineExceeded);
        }
        let result = self.snapshot.searcher.search(query, collector);
        result.map_err(|source| Error::Tantivy { action, source })
    }
}

/// The selected tolerant hits without the exact ones; `None` when nothing may match tolerantly.
fn tolerant_only(plan: &QueryPlan) -> Option<Plan> {
    let tolerant = plan.tolerant.as_ref()?;
    Some(without(plan.selected(tolerant.as_ref()), plan.exact.box_clone()))
}
