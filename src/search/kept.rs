//! Lists of documents that are worked out once for a segment and kept.
//!
//! Some parts of queries are dear and come again and again: the dozens of names that an agency had, each a phrase of
//! pairs that stand in every case; and the cases that a viewer may see. What such a part finds in a segment never changes,
//! as segments are never changed, so it is kept by segment and a commit costs only its new segments. What is deleted is
//! left out later, by whoever collects.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use super::plan::Plan;
use super::tolerance::ChosenScorer;

/// Most documents that are kept over all lists: 64 MiB.
const DOCUMENTS: usize = 8 << 20;

/// Documents of a segment with their scores, ascending; also those that are deleted.
pub(super) type List = Arc<Vec<(DocId, Score)>>;

/// The lists that are kept.
#[derive(Default)]
pub(super) struct KeptLists(Mutex<Lists>);

#[derive(Default)]
struct Lists {
    by_segment: HashMap<(SegmentId, Arc<str>), List>,
    documents: usize,
}

impl KeptLists {
    /// The same documents and scores as a query, which must not depend on what other segments hold. The name tells it
    /// from every other query.
    pub(super) fn query(self: &Arc<Self>, query: Plan, name: String) -> Plan {
        Box::new(self.kept(query, name))
    }

    /// The lists of that query, one for each segment of the index.
    pub(super) fn lists(
        self: &Arc<Self>,
        query: Plan,
        name: String,
        searcher: &Searcher,
    ) -> tantivy::Result<Vec<List>> {
        let weight = KeptWeight {
            kept: self.kept(query, name),
            searcher: searcher.clone(),
        };
        searcher
            .segment_readers()
            .iter()
            .map(|segment| weight.list(segment))
            .collect()
    }

    fn kept(self: &Arc<Self>, query: Plan, name: String) -> KeptQuery {
        KeptQuery {
            query: Arc::new(query),
            name: name.into(),
            lists: Arc::clone(self),
        }
    }

    fn get(&self, segment: SegmentId, name: &Arc<str>) -> Option<List> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.by_segment.get(&(segment, Arc::clone(name))).cloned()
    }

    fn put(&self, segment: SegmentId, name: &Arc<str>, list: &List) {
        if list.len() > DOCUMENTS {
            return;
        }
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (segment, Arc::clone(name));
        if lists.by_segment.contains_key(&place) {
            return;
        }
        // Those of segments that were merged away go with the rest.
        if lists.documents + list.len() > DOCUMENTS {
            *lists = Lists::default();
        }
        lists.documents += list.len();
        lists.by_segment.insert(place, Arc::clone(list));
    }
}

#[derive(Clone)]
struct KeptQuery {
    query: Arc<Plan>,
    name: Arc<str>,
    lists: Arc<KeptLists>,
}

impl fmt::Debug for KeptQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeptQuery").field(&self.name).finish()
    }
}

impl Query for KeptQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let Some(searcher) = scoring.searcher() else {
            return self.query.weight(scoring);
        };
        Ok(Box::new(KeptWeight {
            kept: self.clone(),
            searcher: searcher.clone(),
        }))
    }
}

struct KeptWeight {
    kept: KeptQuery,
    searcher: Searcher,
}

impl KeptWeight {
    /// Only made where something is not kept yet. Kept are the scores, too, whoever comes first.
    fn inner(&self) -> tantivy::Result<Box<dyn Weight>> {
        self.kept
            .query
            .weight(EnableScoring::enabled_from_searcher(&self.searcher))
    }

    fn list(&self, reader: &SegmentReader) -> tantivy::Result<List> {
        let KeptQuery { name, lists, .. } = &self.kept;
        let segment = reader.segment_id();
        if let Some(list) = lists.get(segment, name) {
            return Ok(list);
        }
        let mut found = self.inner()?.scorer(reader, 1.0)?;
        let mut list = Vec::new();
        while found.doc() != TERMINATED {
            list.push((found.doc(), found.score()));
            found.advance();
        }
        let list = Arc::new(list);
        lists.put(segment, name, &list);
        Ok(list)
    }
}

impl Weight for KeptWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let list = self.list(reader)?;
        match list.is_empty() {
            true => Ok(Box::new(EmptyScorer)),
            false => Ok(Box::new(ChosenScorer::new(list, boost))),
        }
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.inner()?.explain(reader, doc)
    }
}
