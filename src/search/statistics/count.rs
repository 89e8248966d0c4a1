//! Counts the cells of statistics in one pass over the matching cases, exactly: each segment for itself, with the numbers
//! of its fast fields, and the segments beside each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use crate::analysis::Analyser;
use crate::analytics::{Clock, Counted, Dimension, Measure, Tally, Unknown};
use crate::index::{COMPLETE, CONFIDENCE, OcrQuality, PAGES};
use crate::record::Outcome;

use super::super::number_hash::NumberMap;
use super::super::verdict::{CaseTime, TimesOfSegment};
use super::super::{Facet, limits};
use super::groups::{Groups, NONE, Slot};

/// The values of a cell, one for each dimension; `None` for cases without one.
pub(super) type Values = Vec<Option<String>>;

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Cells {
    pub(super) cells: HashMap<Values, Tally>,
    /// For each dimension: of which values the groups of several consist, as far as they were met.
    pub(super) members: Vec<BTreeMap<String, BTreeSet<String>>>,
    /// Whether there are more cells than may be; those that are here are no answer then.
    pub(super) too_many: bool,
}

/// Counts cells.
pub(super) struct CellCounter {
    pub(super) by: Vec<Dimension>,
    pub(super) needs: Needs,
    pub(super) clock: Arc<Clock>,
    pub(super) analyser: Analyser,
}

/// What has to be read of each case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    pages: bool,
    outcome: bool,
    time: bool,
    text: bool,
    complete: bool,
}

impl Needs {
    pub(super) fn of(measures: &[Measure], by: &[Dimension]) -> Self {
        let any = |wanted: &[Measure]| measures.iter().any(|measure| wanted.contains(measure));
        Self {
            pages: any(&[Measure::Pages]),
            outcome: any(&[Measure::RefusalRate]),
            time: by.contains(&Dimension::TimeLimit) || measures.iter().any(|measure| is_of_time(*measure)),
            text: any(&[Measure::Confidence, Measure::HighQuality]),
            complete: any(&[Measure::Complete]),
        }
    }
}

/// Whether a measure asks for the time that cases took.
pub(super) fn is_of_time(measure: Measure) -> bool {
    matches!(
        measure,
        Measure::MedianDays | Measure::P90Days | Measure::WithinLimit | Measure::WithinPromise | Measure::NotComputable
    )
}

impl Collector for CellCounter {
    type Fruit = Cells;
    type Child = SegmentCells;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCells> {
        let dictionaries = self.analyser.dictionaries();
        let groups = self.by.iter().map(|by| Groups::new(*by, segment, dictionaries));
        Ok(SegmentCells {
            groups: groups.collect::<io::Result<_>>()?,
            columns: Columns::new(self, segment)?,
            cells: NumberMap::default(),
            too_many: false,
            failed: None,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<io::Result<SegmentCounts>>) -> tantivy::Result<Cells> {
        let dimensions = self.by.len();
        let mut all = Cells {
            members: vec![BTreeMap::new(); dimensions],
            ..Cells::default()
        };
        let mut together: Vec<Together> = self.by.iter().map(|_| Together::default()).collect();
        let mut cells: NumberMap<Cell, Tally> = NumberMap::default();
        for segment in segments {
            let segment = segment.map_err(TantivyError::from)?;
            all.too_many |= segment.too_many;
            // Names are compared once for each value, not for each cell.
            let of_dimensions = segment.values.into_iter().zip(&mut together);
            let slots: Vec<NumberMap<Slot, Slot>> = of_dimensions
                .map(|(values, together)| {
                    let of_all = values.into_iter().map(|(slot, value)| (slot, together.slot(value)));
                    of_all.collect()
                })
                .collect();
            for (cell, tally) in segment.cells {
                let of_segment = slots_of(cell, dimensions).zip(&slots);
                let cell = cell_of(of_segment.map(|(slot, slots)| slots.get(&slot).copied().unwrap_or(NONE)));
                cells.entry(cell).or_default().merge(tally);
            }
            for (all, members) in all.members.iter_mut().zip(segment.members) {
                for (group, members) in members {
                    all.entry(group).or_default().extend(members);
                }
            }
        }
        all.too_many |= cells.len() > limits::STATISTICS_CELLS;
        let value = |(slot, together): (Slot, &Together)| {
            let value = usize::try_from(slot).ok().and_then(|at| together.values.get(at));
            value.cloned().flatten()
        };
        let named = cells.into_iter().map(|(cell, tally)| {
            let values: Values = slots_of(cell, dimensions).zip(&together).map(value).collect();
            (values, tally)
        });
        all.cells = named.collect();
        Ok(all)
    }
}

/// What a segment tells of its cases.
struct Columns {
    pages: Option<Column<u64>>,
    outcome: Option<(StrColumn, Vec<Option<Outcome>>)>,
    times: Option<TimesOfSegment>,
    confidence: Option<Column<u64>>,
    quality: Option<(StrColumn, Vec<bool>)>,
    complete: Option<Column<u64>>,
}

impl Columns {
    fn new(counter: &CellCounter, segment: &SegmentReader) -> tantivy::Result<Self> {
        let needs = counter.needs;
        let fast = segment.fast_fields();
        let number = |needed: bool, name| match needed {
            true => fast.column_opt(name),
            false => Ok(None),
        };
        Ok(Self {
            pages: number(needs.pages, PAGES)?,
            outcome: closed(needs.outcome, Facet::Outcome, segment, Outcome::parse)?,
            times: match needs.time {
                true => Some(TimesOfSegment::new(&counter.clock, segment)?),
                false => None,
            },
            confidence: number(needs.text, CONFIDENCE)?,
            quality: closed(needs.text, Facet::OcrQuality, segment, |code| {
                OcrQuality::from_code(code) == Some(OcrQuality::High)
            })?,
            complete: number(needs.complete, COMPLETE)?,
        })
    }

    fn read(&mut self, doc: DocId) -> io::Result<Counted> {
        let number = |column: &Option<Column<u64>>| column.as_ref().and_then(|column| column.first(doc));
        let time = match &mut self.times {
            Some(times) => times.of(doc)?,
            None => CaseTime::unknown(Unknown::NoDates),
        };
        Ok(Counted {
            pages: number(&self.pages).unwrap_or(0),
            outcome: value(&self.outcome, doc).flatten(),
            elapsed: time.elapsed,
            by_law: time.by_law,
            by_promise: time.by_promise,
            confidence: number(&self.confidence),
            high_quality: value(&self.quality, doc).unwrap_or(false),
            complete: number(&self.complete) == Some(1),
        })
    }
}

/// A column of a closed list, with what each of its ordinals stands for.
fn closed<T>(
    needed: bool,
    facet: Facet,
    segment: &SegmentReader,
    read: impl Fn(&str) -> T,
) -> tantivy::Result<Option<(StrColumn, Vec<T>)>> {
    let column = match needed {
        true => segment.fast_fields().str(facet.code())?,
        false => None,
    };
    let Some(column) = column else { return Ok(None) };
    let ordinals: Vec<u64> = (0..column.num_terms() as u64).collect();
    let mut values = Vec::with_capacity(ordinals.len());
    let collect = |bytes: &[u8]| values.push(read(&String::from_utf8_lossy(bytes)));
    column.dictionary().sorted_ords_to_term_cb(&ordinals, collect)?;
    Ok(Some((column, values)))
}

fn value<T: Copy>(column: &Option<(StrColumn, Vec<T>)>, doc: DocId) -> Option<T> {
    let (column, values) = column.as_ref()?;
    let ordinal = column.term_ords(doc).next()?;
    usize::try_from(ordinal).ok().and_then(|at| values.get(at)).copied()
}

/// Slots of a cell as one number, the last dimension in its lowest bits.
type Cell = u64;
const _: () = assert!(Dimension::MOST * Slot::BITS as usize <= Cell::BITS as usize);

fn cell_of(slots: impl Iterator<Item = Slot>) -> Cell {
    slots.fold(0, |cell, slot| cell << Slot::BITS | Cell::from(slot))
}

/// The slots of a cell of so many dimensions.
#[allow(clippy::cast_possible_truncation)] // that is what takes them apart
fn slots_of(cell: Cell, dimensions: usize) -> impl Iterator<Item = Slot> {
    let shifts = (0..dimensions).rev().map(|at| at * Slot::BITS as usize);
    shifts.map(move |shift| (cell >> shift) as Slot)
}

/// Counts in one segment.
pub(super) struct SegmentCells {
    groups: Vec<Groups>,
    columns: Columns,
    cells: NumberMap<Cell, Tally>,
    too_many: bool,
    failed: Option<io::Error>,
}

/// What was counted in one segment.
pub(super) struct SegmentCounts {
    cells: NumberMap<Cell, Tally>,
    /// For each dimension what the slots stand for that were met.
    values: Vec<NumberMap<Slot, Option<String>>>,
    members: Vec<BTreeMap<String, BTreeSet<String>>>,
    too_many: bool,
}

impl SegmentCollector for SegmentCells {
    type Fruit = io::Result<SegmentCounts>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if self.too_many || self.failed.is_some() {
            return;
        }
        let case = match self.columns.read(doc) {
            Ok(case) => case,
            Err(error) => {
                self.failed = Some(error);
                return;
            }
        };
        let cell = cell_of(self.groups.iter_mut().map(|groups| groups.slot(doc, case.by_law)));
        self.cells.entry(cell).or_default().add(&case);
        self.too_many = self.cells.len() > limits::STATISTICS_CELLS;
    }

    fn harvest(self) -> io::Result<SegmentCounts> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let Self { groups, cells, .. } = self;
        let mut values = vec![NumberMap::default(); groups.len()];
        for cell in cells.keys() {
            let of_dimensions = slots_of(*cell, groups.len()).zip(&groups).zip(&mut values);
            for ((slot, groups), values) in of_dimensions {
                values.entry(slot).or_insert_with(|| groups.value(slot));
            }
        }
        Ok(SegmentCounts {
            members: groups.iter().map(Groups::members).collect(),
            cells,
            values,
            too_many: self.too_many,
        })
    }
}

/// The values of a dimension that were met in any segment, each with a slot that is the same for all of them.
#[derive(Default)]
struct Together {
    slots: HashMap<Option<String>, Slot>,
    values: Vec<Option<String>>,
}

impl Together {
    fn slot(&mut self, value: Option<String>) -> Slot {
        *self.slots.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            Slot::try_from(self.values.len() - 1).unwrap_or(NONE)
        })
    }
}
