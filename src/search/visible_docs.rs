//! Walks through those cases a query finds that a viewer may see.
//!
//! The filter of the viewer is turned into lists of documents once for an input or a query: it is asked some hundred
//! times, and as a query it would be worked out each time.

use std::sync::Arc;
use std::time::Instant;

use tantivy::query::{EnableScoring, Query};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::index::{Fields, Snapshot};

use super::kept::{KeptLists, List};
use super::plan::visible_lists;
use super::tolerance::position;
use super::{Error, VisibleCases};

/// The documents that may be seen.
pub(super) struct VisibleDocs<'a> {
    snapshot: &'a Snapshot,
    /// For each segment, ascending; `None` when all may be seen.
    listed: Option<Vec<List>>,
    deadline: Instant,
}

/// Documents that were walked through, by segment.
pub(super) struct Looked<'a> {
    /// Each segment in the order of the index.
    pub(super) found: Vec<(&'a SegmentReader, Vec<DocId>)>,
    /// Whether they are all that the query finds.
    pub(super) all: bool,
}

impl<'a> VisibleDocs<'a> {
    pub(super) fn new(
        visible: &VisibleCases,
        snapshot: &'a Snapshot,
        kept: &Arc<KeptLists>,
        deadline: Instant,
    ) -> Result<Self, Error> {
        if Instant::now() >= deadline {
            return Err(Error::DeadlineExceeded);
        }
        let listed = visible_lists(visible, &snapshot.fields, kept, &snapshot.searcher);
        Ok(Self {
            snapshot,
            listed: listed.map_err(failed)?,
            deadline,
        })
    }

    /// The visible documents that a query finds, of each segment its share of at most `most`.
    pub(super) fn look(&self, query: &dyn Query, most: usize) -> Result<Looked<'a>, Error> {
        let searcher = &self.snapshot.searcher;
        let weight = query
            .weight(EnableScoring::disabled_from_searcher(searcher))
            .map_err(failed)?;
        let segments = searcher.segment_readers();
        let docs_of_all: u64 = segments.iter().map(|segment| u64::from(segment.max_doc())).sum();
        let mut looked = Looked {
            found: Vec::new(),
            all: true,
        };
        for (ordinal, segment) in segments.iter().enumerate() {
            if Instant::now() >= self.deadline {
                return Err(Error::DeadlineExceeded);
            }
            let share = (most as u64).saturating_mul(segment.max_doc().into()) / docs_of_all.max(1);
            let share = usize::try_from(share).unwrap_or(usize::MAX).max(100);
            let listed = self.listed.as_ref().map(|listed| listed[ordinal].as_slice());
            let mut docs = weight.scorer(segment, 1.0).map_err(failed)?;
            let mut found = Vec::new();
            looked.all &= walk(docs.as_mut(), segment, listed, share, &mut found);
            looked.found.push((segment, found));
        }
        Ok(looked)
    }

    /// Whether a query finds any visible document.
    pub(super) fn any(&self, query: &dyn Query) -> Result<bool, Error> {
        Ok(self.count_up_to(query, 1)? > 0)
    }

    /// The fields of the index.
    pub(super) fn fields(&self) -> &Fields {
        &self.snapshot.fields
    }

    /// Whether every case may be seen.
    pub(super) fn sees_all(&self) -> bool {
        self.listed.is_none()
    }

    /// How many visible documents a query finds, counted up to a number.
    pub(super) fn count_up_to(&self, query: &dyn Query, most: usize) -> Result<u64, Error> {
        let searcher = &self.snapshot.searcher;
        let scoring = EnableScoring::disabled_from_searcher(searcher);
        let weight = query.weight(scoring).map_err(failed)?;
        let mut found = Vec::new();
        for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
            let listed = self.listed.as_ref().map(|listed| listed[ordinal].as_slice());
            let mut docs = weight.scorer(segment, 1.0).map_err(failed)?;
            if !walk(docs.as_mut(), segment, listed, most, &mut found) {
                break;
            }
        }
        Ok(found.len() as u64)
    }

    /// How many visible documents a query finds.
    pub(super) fn count(&self, query: &dyn Query) -> Result<u64, Error> {
        match self.listed {
            None => query
                .count(&self.snapshot.searcher)
                .map(|count| count as u64)
                .map_err(failed),
            Some(_) => self.count_up_to(query, usize::MAX),
        }
    }
}

/// Collects documents that are listed and not deleted, at most so many; whether there are no more. The one side jumps to
/// where the other is, so the shorter one decides about the time.
fn walk<D: DocSet + ?Sized>(
    docs: &mut D,
    segment: &SegmentReader,
    listed: Option<&[(DocId, Score)]>,
    most: usize,
    found: &mut Vec<DocId>,
) -> bool {
    let mut doc = docs.doc();
    let mut rest = listed;
    while doc != TERMINATED {
        if let Some(list) = rest {
            let here = &list[position(list, doc)..];
            rest = Some(here);
            match here.first() {
                None => return true,
                Some((next, _)) if *next > doc => {
                    doc = docs.seek(*next);
                    continue;
                }
                Some(_) => {}
            }
        }
        if !segment.is_deleted(doc) {
            if found.len() == most {
                return false;
            }
            found.push(doc);
        }
        doc = docs.advance();
    }
    true
}

fn failed(source: TantivyError) -> Error {
    Error::Tantivy {
        action: "look through the visible cases",
        source,
    }
}
