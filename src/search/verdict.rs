//! Whether cases were decided in time: read from the fast fields of a segment, for filters and for statistics.
//!
//! It is reckoned when it is asked for, not when the index is written: holidays and time limits are tables that an archive
//! edits, and no index has to be made anew for them.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::analytics::clock::LimitsOfPlace;
use crate::analytics::{CaseTimes, Clock, ExcludedTime, TimeResult, TimeVerdict, Unknown, Yardstick};
use crate::index::{ACCEPTED_ON, DECIDED_ON, EXCLUDED_TIME, EXTENDED};
use crate::record::CivilDate;

use super::Facet;
use super::number_hash::NumberMap;

/// The ordinal of a case without a name.
const NO_ORDINAL: u64 = u64::MAX;

/// What a segment tells of the time that its cases took.
pub(super) struct TimesOfSegment {
    clock: Arc<Clock>,
    accepted_on: Option<Column<u64>>,
    decided_on: Option<Column<u64>>,
    extended: Option<Column<u64>>,
    excluded: Option<Column<u64>>,
    matter: Option<StrColumn>,
    agency: Option<StrColumn>,
    /// Limits by the ordinals of matter and agency.
    limits: NumberMap<(u64, u64), LimitsOfPlace>,
    times: Vec<ExcludedTime>,
}

/// The time that a case took.
#[derive(Clone, Copy, Debug)]
pub(super) struct CaseTime {
    /// Working days from acceptance to decision.
    pub(super) elapsed: Option<u32>,
    pub(super) by_law: TimeResult,
    pub(super) by_promise: TimeResult,
}

impl CaseTime {
    pub(super) fn unknown(why: Unknown) -> Self {
        Self {
            elapsed: None,
            by_law: TimeResult::Unknown(why),
            by_promise: TimeResult::Unknown(why),
        }
    }
}

impl TimesOfSegment {
    pub(super) fn new(clock: &Arc<Clock>, segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self {
            clock: Arc::clone(clock),
            accepted_on: fast.column_opt(ACCEPTED_ON)?,
            decided_on: fast.column_opt(DECIDED_ON)?,
            extended: fast.column_opt(EXTENDED)?,
            excluded: fast.column_opt(EXCLUDED_TIME)?,
            matter: fast.str(Facet::Matter.code())?,
            agency: fast.str(Facet::Agency.code())?,
            limits: NumberMap::default(),
            times: Vec::new(),
        })
    }

    /// The time that a case took.
    ///
    /// # Errors
    /// When the names of its matter or agency cannot be read.
    pub(super) fn of(&mut self, doc: DocId) -> std::io::Result<CaseTime> {
        let first = |column: &Option<Column<u64>>| column.as_ref().and_then(|column| column.first(doc));
        let day = |column| first(column).and_then(CivilDate::of_number);
        let mut excluded = std::mem::take(&mut self.times);
        excluded.clear();
        if let Some(column) = &self.excluded {
            excluded.extend(column.values_for_doc(doc).map(ExcludedTime::of_number));
        }
        let accepted_on = day(&self.accepted_on);
        let taken = self.clock.reckon(CaseTimes {
            accepted_on,
            decided_on: day(&self.decided_on),
            extended: first(&self.extended).is_some(),
            excluded: &excluded,
        });
        self.times = excluded;
        let (taken, accepted) = match (taken, accepted_on) {
            (Ok(taken), Some(accepted)) => (taken, accepted),
            (taken, _) => return Ok(CaseTime::unknown(taken.err().unwrap_or(Unknown::NoAcceptance))),
        };
        let limit = self.limits(doc)?.on(accepted);
        Ok(CaseTime {
            elapsed: Some(taken.elapsed),
            by_law: taken.against(limit, Yardstick::Law),
            by_promise: taken.against(limit, Yardstick::Promise),
        })
    }

    fn limits(&mut self, doc: DocId) -> std::io::Result<&LimitsOfPlace> {
        let ordinal = |column: &Option<StrColumn>| column.as_ref().and_then(|column| column.term_ords(doc).next());
        let place = match self.clock.has_limits() {
            true => (ordinal(&self.matter), ordinal(&self.agency)),
            false => (None, None),
        };
        let known = (place.0.unwrap_or(NO_ORDINAL), place.1.unwrap_or(NO_ORDINAL));
        if !self.limits.contains_key(&known) {
            let name = |column: &Option<StrColumn>, ordinal: Option<u64>| -> std::io::Result<Option<String>> {
                let (Some(column), Some(ordinal)) = (column, ordinal) else {
                    return Ok(None);
                };
                let mut name = String::new();
                column.ord_to_str(ordinal, &mut name)?;
                Ok(Some(name))
            };
            let (matter, agency) = (name(&self.matter, place.0)?, name(&self.agency, place.1)?);
            let limits = self.clock.limits_of(matter.as_deref(), agency.as_deref());
            self.limits.insert(known, limits);
        }
        Ok(&self.limits[&known])
    }
}

/// The result without its figures.
pub(super) fn verdict(result: TimeResult) -> TimeVerdict {
    match result {
        TimeResult::Within { .. } => TimeVerdict::Within,
        TimeResult::Over { .. } => TimeVerdict::Over,
        TimeResult::Unknown(_) => TimeVerdict::Unknown,
    }
}

/// The cases with some of these results, judged by the law.
#[derive(Clone, Debug)]
pub(super) struct VerdictQuery {
    pub(super) clock: Arc<Clock>,
    pub(super) wanted: BTreeSet<TimeVerdict>,
}

impl Query for VerdictQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(VerdictWeight(self.clone())))
    }
}

struct VerdictWeight(VerdictQuery);

impl Weight for VerdictWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut docs = VerdictDocs {
            times: TimesOfSegment::new(&self.0.clock, reader)?,
            wanted: self.0.wanted.clone(),
            doc: 0,
            end: reader.max_doc(),
        };
        docs.settle();
        Ok(Box::new(ConstScorer::new(docs, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut docs = self.scorer(reader, 1.0)?;
        match docs.doc() <= doc && docs.seek(doc) == doc {
            true => Ok(Explanation::new("decided in the time asked for", 1.0)),
            false => Err(TantivyError::InvalidArgument("another result".to_owned())),
        }
    }
}

/// Goes through all documents of a segment and stands on those that are wanted.
struct VerdictDocs {
    times: TimesOfSegment,
    wanted: BTreeSet<TimeVerdict>,
    doc: DocId,
    end: DocId,
}

impl VerdictDocs {
    /// Goes on to the next document that is wanted, unless it stands on one.
    fn settle(&mut self) -> DocId {
        while self.doc < self.end {
            // What cannot be read is not known.
            let verdict = self
                .times
                .of(self.doc)
                .map_or(TimeVerdict::Unknown, |time| verdict(time.by_law));
            if self.wanted.contains(&verdict) {
                return self.doc;
            }
            self.doc += 1;
        }
        self.doc = TERMINATED;
        TERMINATED
    }
}

impl DocSet for VerdictDocs {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc += 1;
            self.settle();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.doc = target;
            self.settle();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.end
    }
}
