//! All cases that match, for exports and measurements: not a page of them, and from one snapshot of the index.

use std::time::Instant;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Query;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::analysis::dictionary::Dictionaries;
use crate::index::{CASE_KEY, Snapshot};
use crate::record::CivilDate;

use super::narrow::{FILTERS, Narrowing};
use super::{Error, MatchKind, SearchRequest, Searcher, VisibleCases};

/// Every case that matches a request; takes eight bytes a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllMatches {
    /// Keys, ascending.
    keys: Vec<u64>,
    /// Keys of the exact ones, ascending; `None` when all are.
    exact: Option<Vec<u64>>,
    /// What was looked for.
    pub criteria: Criteria,
    /// Name of the generation of the index.
    pub generation: String,
    /// Every change of the catalogue up to this sequence was found.
    pub sequence: u64,
}

/// What was looked for, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// The query as it was typed.
    pub query: String,
    /// How it was read, in Chinese.
    pub understood: String,
    /// What was selected.
    pub selections: Vec<Selected>,
    /// Cases of this date or later.
    pub from: Option<CivilDate>,
    /// Cases of this date or earlier.
    pub to: Option<CivilDate>,
}

/// The selected values of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Name of its parameter.
    pub code: &'static str,
    /// Its Chinese name.
    pub label_zh: &'static str,
    /// The values, in Chinese.
    pub values: Vec<String>,
}

impl Selected {
    /// All that a request selects: facet values, then the other filters.
    pub(super) fn of(request: &SearchRequest, dictionaries: &Dictionaries) -> Vec<Self> {
        let facets = request.filters.iter().map(|(facet, values)| Self {
            code: facet.code(),
            label_zh: facet.label_zh(),
            values: values.iter().map(|value| facet.label_of(value, dictionaries)).collect(),
        });
        let others = FILTERS.iter().map(|&(code, label_zh)| Self {
            code,
            label_zh,
            values: request
                .narrowing()
                .filter(|(name, _)| *name == code)
                .map(|(name, value)| Narrowing::label_of(name, value))
                .collect(),
        });
        facets.chain(others.filter(|other| !other.values.is_empty())).collect()
    }
}

impl Criteria {
    /// Those of a request that was read so.
    fn of(request: &SearchRequest, understood: String, dictionaries: &Dictionaries) -> Self {
        Self {
            query: request.query.clone(),
            understood,
            selections: Selected::of(request, dictionaries),
            from: request.from,
            to: request.to,
        }
    }
}

impl AllMatches {
    /// Number of the cases.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether nothing matches.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Keys of the cases, ascending.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// How a case matches; `None` when it does not.
    pub fn kind(&self, case_key: u64) -> Option<MatchKind> {
        self.keys.binary_search(&case_key).ok()?;
        match &self.exact {
            Some(exact) if exact.binary_search(&case_key).is_err() => Some(MatchKind::Tolerant),
            _ => Some(MatchKind::Exact),
        }
    }
}

impl Searcher {
    /// What a request looks for, in words, when it was understood so.
    pub fn criteria(&self, request: &SearchRequest, understood: &str) -> Criteria {
        let analyser = self.index().wanted_analyser();
        Criteria::of(request, understood.to_owned(), analyser.dictionaries())
    }

    /// The blocking part of an export: all visible cases that match, exact and tolerant ones. Order, page and size of the
    /// request do not matter.
    ///
    /// # Errors
    /// As of [`Self::find`].
    pub fn find_all(
        &self,
        request: &SearchRequest,
        visible: &VisibleCases,
        deadline: Instant,
    ) -> Result<AllMatches, Error> {
        let snapshot = self.index().snapshot()?;
        let answers = self.answers().of(&snapshot, visible);
        let (tree, plan) = self.plan(&snapshot, request, visible, answers, deadline)?;
        let all = plan.selected(plan.tolerant.as_ref().unwrap_or(&plan.exact).as_ref());
        let keys = keys_of(&snapshot, all.as_ref(), deadline)?;
        let exact = match &plan.tolerant {
            Some(_) => Some(keys_of(
                &snapshot,
                plan.selected(plan.exact.as_ref()).as_ref(),
                deadline,
            )?),
            None => None,
        };
        Ok(AllMatches {
            keys,
            exact,
            criteria: Criteria::of(request, tree.understood, snapshot.analyser.dictionaries()),
            generation: snapshot.generation,
            sequence: snapshot.sequence,
        })
    }
}

/// The keys of all cases that a query finds, ascending.
pub(super) fn keys_of(snapshot: &Snapshot, query: &dyn Query, deadline: Instant) -> Result<Vec<u64>, Error> {
    if Instant::now() >= deadline {
        return Err(Error::DeadlineExceeded);
    }
    let found = snapshot.searcher.search(query, &Keys);
    found.map_err(|source| Error::Tantivy {
        action: "collect all hits",
        source,
    })
}

/// Collects the keys of all cases.
struct Keys;

impl Collector for Keys {
    type Fruit = Vec<u64>;
    type Child = SegmentKeys;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentKeys> {
        Ok(SegmentKeys {
            column: segment.fast_fields().u64(CASE_KEY)?,
            keys: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<u64>>) -> tantivy::Result<Vec<u64>> {
        let mut keys = segments.concat();
        keys.sort_unstable();
        Ok(keys)
    }
}

struct SegmentKeys {
    column: Column<u64>,
    keys: Vec<u64>,
}

impl SegmentCollector for SegmentKeys {
    type Fruit = Vec<u64>;

    fn collect(&mut self, document: DocId, _: Score) {
        self.keys.extend(self.column.first(document));
    }

    fn harvest(self) -> Vec<u64> {
        self.keys
    }
}
