//! Lists of documents: all that a query finds, and as a query those that were chosen before.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentOrdinal, SegmentReader, TERMINATED, TantivyError};

/// Documents with their scores, ascending, by segment.
pub(in crate::search) type Chosen = HashMap<SegmentId, Arc<Vec<(DocId, Score)>>>;

/// Matches exactly the chosen documents, each with its score.
#[derive(Clone, Debug)]
pub(in crate::search) struct ChosenQuery(pub(in crate::search) Arc<Chosen>);

impl Query for ChosenQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ChosenWeight(Arc::clone(&self.0))))
    }
}

struct ChosenWeight(Arc<Chosen>);

impl Weight for ChosenWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        match self.0.get(&reader.segment_id()) {
            Some(documents) if !documents.is_empty() => Ok(Box::new(ChosenScorer::new(Arc::clone(documents), boost))),
            _ => Ok(Box::new(EmptyScorer)),
        }
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let documents = self.0.get(&reader.segment_id());
        let found = documents.and_then(|d| d.binary_search_by_key(&doc, |(doc, _)| *doc).ok().map(|at| d[at].1));
        match found {
            Some(score) => Ok(Explanation::new("chosen before", score)),
            None => Err(TantivyError::InvalidArgument(
                "not among the chosen documents".to_owned(),
            )),
        }
    }
}

pub(in crate::search) struct ChosenScorer {
    documents: Arc<Vec<(DocId, Score)>>,
    at: usize,
    boost: Score,
}

impl ChosenScorer {
    pub(in crate::search) fn new(documents: Arc<Vec<(DocId, Score)>>, boost: Score) -> Self {
        Self {
            documents,
            at: 0,
            boost,
        }
    }
}

/// Where the first of some documents is that does not come before another. What is near is found soon, however long the
/// list: who walks through it mostly goes a few steps.
pub(in crate::search) fn position(documents: &[(DocId, Score)], target: DocId) -> usize {
    let is_before = |at: usize| documents.get(at).is_some_and(|(doc, _)| *doc < target);
    let mut reach = 1;
    while is_before(reach - 1) {
        reach *= 2;
    }
    let near = reach / 2..reach.min(documents.len());
    near.start + documents[near].partition_point(|(doc, _)| *doc < target)
}

impl DocSet for ChosenScorer {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.documents.get(self.at..).unwrap_or_default();
        self.at += position(rest, target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.documents.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.documents.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for ChosenScorer {
    fn score(&mut self) -> Score {
        self.documents.get(self.at).map_or(0.0, |(_, score)| *score) * self.boost
    }
}

/// Collects all documents, ascending, by segment.
pub(super) struct Documents;

pub(super) struct SegmentDocuments(SegmentOrdinal, Vec<DocId>);

impl Collector for Documents {
    type Fruit = Vec<Vec<DocId>>;
    type Child = SegmentDocuments;

    fn for_segment(&self, ordinal: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentDocuments> {
        Ok(SegmentDocuments(ordinal, Vec::new()))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, mut segments: Vec<(SegmentOrdinal, Vec<DocId>)>) -> tantivy::Result<Self::Fruit> {
        segments.sort_unstable_by_key(|(ordinal, _)| *ordinal);
        Ok(segments.into_iter().map(|(_, docs)| docs).collect())
    }
}

impl SegmentCollector for SegmentDocuments {
    type Fruit = (SegmentOrdinal, Vec<DocId>);

    fn collect(&mut self, doc: DocId, _: Score) {
        self.1.push(doc);
    }

    fn harvest(self) -> Self::Fruit {
        (self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_that_does_not_come_before(docs in prop::collection::btree_set(0_u32..300, 0..200), target in 0_u32..310) {
            let docs: Vec<(DocId, Score)> = docs.into_iter().map(|doc| (doc, 0.0)).collect();
            let expected = docs.iter().take_while(|(doc, _)| *doc < target).count();
            prop_assert_eq!(position(&docs, target), expected);
        }
    }
}
