//! Facet counts, in one pass over the matching cases.
//!
//! The pass runs on the query without the facet selections. A case that satisfies all of them counts in every facet;
//! one that fails in exactly one counts in that facet alone, so each facet is counted under all other filters but not
//! its own. Counting is exact: by ordinals of the fast fields, with one counter for each value of a segment, so the
//! memory is bounded by the number of distinct values and no aggregation limit is needed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{ColumnIndex, RowId, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use crate::analysis::dictionary::Dictionaries;
use crate::record::RegionCode;

use super::{Facet, FacetValue, SearchRequest, limits};

/// Documents that are counted together.
const TOGETHER: usize = 512;

/// Counts of the values of each facet asked for.
pub(super) type Counts = BTreeMap<Facet, HashMap<String, u64>>;

/// Counts facets; the query it runs on must leave the facet selections out.
pub(super) struct FacetCounter {
    requested: BTreeSet<Facet>,
    selected: BTreeMap<Facet, BTreeSet<String>>,
}

impl FacetCounter {
    pub(super) fn new(request: &SearchRequest) -> Self {
        Self {
            requested: request.facets.clone(),
            selected: request.filters.clone(),
        }
    }
}

impl Collector for FacetCounter {
    type Fruit = Counts;
    type Child = SegmentCounter;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounter> {
        let facets: BTreeSet<Facet> = self.requested.iter().chain(self.selected.keys()).copied().collect();
        let mut columns = Vec::new();
        for facet in facets {
            let column = segment.fast_fields().str(facet.code())?;
            let selected = match (self.selected.get(&facet), &column) {
                (None, _) => None,
                (Some(_), None) => Some(Vec::new()),
                (Some(values), Some(column)) => {
                    let mut ordinals = Vec::new();
                    for value in values {
                        ordinals.extend(column.dictionary().term_ord(value)?);
                    }
                    Some(ordinals)
                }
            };
            let values = match &column {
                Some(column) if self.requested.contains(&facet) => column.num_terms(),
                _ => 0,
            };
            columns.push(FacetColumn {
                facet,
                column,
                selected,
                counts: vec![0; values],
                alone: Vec::new(),
                rows: Rows::default(),
            });
        }
        Ok(SegmentCounter {
            columns,
            waiting: Vec::with_capacity(TOGETHER),
            sorted: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<io::Result<Counts>>) -> tantivy::Result<Counts> {
        let none: Counts = self.requested.iter().map(|facet| (*facet, HashMap::new())).collect();
        segments.into_iter().try_fold(none, |merged, segment| {
            Ok(together(merged, segment.map_err(TantivyError::from)?))
        })
    }
}

/// The counts of two sets of cases that have none in common.
pub(super) fn together(mut counts: Counts, more: Counts) -> Counts {
    for (facet, more) in more {
        let total = counts.entry(facet).or_default();
        for (value, count) in more {
            *total.entry(value).or_default() += count;
        }
    }
    counts
}

/// Counts in one segment.
pub(super) struct SegmentCounter {
    columns: Vec<FacetColumn>,
    /// Documents that count in every facet and are not counted yet.
    waiting: Vec<DocId>,
    /// How many were sorted since the last were counted.
    sorted: usize,
}

struct FacetColumn {
    facet: Facet,
    /// `None` when no case of the segment has a value.
    column: Option<StrColumn>,
    /// Ordinals of the selected values; `None` when nothing is selected.
    selected: Option<Vec<u64>>,
    /// One counter for each ordinal; none when the facet is only filtered by.
    counts: Vec<u64>,
    /// Documents that count in this facet alone and are not counted yet.
    alone: Vec<DocId>,
    rows: Rows,
}

/// Room for the rows of some documents and for their ordinals.
#[derive(Default)]
struct Rows {
    documents: Vec<DocId>,
    rows: Vec<RowId>,
    ordinals: Vec<u64>,
}

impl FacetColumn {
    fn fails(&self, doc: DocId) -> bool {
        let Some(selected) = &self.selected else {
            return false;
        };
        let Some(column) = &self.column else { return true };
        !column.term_ords(doc).any(|ordinal| selected.contains(&ordinal))
    }

    /// Counts many documents at once: looking up each by itself takes several times as long.
    fn count(&mut self, documents: &[DocId]) {
        let Some(column) = self.column.as_ref().filter(|_| !self.counts.is_empty()) else {
            return;
        };
        let Rows {
            documents: with_value,
            rows,
            ordinals,
        } = &mut self.rows;
        let column = column.ords();
        let rows = match &column.index {
            ColumnIndex::Full => documents,
            _ => {
                with_value.clear();
                rows.clear();
                column.row_ids_for_docs(documents, with_value, rows);
                rows.as_slice()
            }
        };
        ordinals.resize(rows.len(), 0);
        column.values.get_vals(rows, ordinals);
        for ordinal in ordinals {
            let slot = usize::try_from(*ordinal).ok().and_then(|at| self.counts.get_mut(at));
            if let Some(count) = slot {
                *count += 1;
            }
        }
    }

    fn into_counts(self) -> io::Result<(Facet, HashMap<String, u64>)> {
        let counted: Vec<(u64, u64)> = (0..).zip(self.counts).filter(|(_, count)| *count > 0).collect();
        let ordinals: Vec<u64> = counted.iter().map(|(ordinal, _)| *ordinal).collect();
        let mut values = Vec::with_capacity(ordinals.len());
        if let Some(column) = &self.column {
            let collect = |bytes: &[u8]| values.push(String::from_utf8_lossy(bytes).into_owned());
            column.dictionary().sorted_ords_to_term_cb(&ordinals, collect)?;
        }
        Ok((
            self.facet,
            values
                .into_iter()
                .zip(counted.iter().map(|(_, count)| *count))
                .collect(),
        ))
    }
}

impl SegmentCounter {
    /// Where a document counts that may fail in a selection: everywhere, in one facet alone, or nowhere.
    fn sort(&mut self, doc: DocId) {
        let mut failing = self.columns.iter_mut().filter(|column| column.fails(doc));
        match (failing.next(), failing.next()) {
            (None, _) => self.waiting.push(doc),
            (Some(only), None) => only.alone.push(doc),
            (Some(_), Some(_)) => {}
        }
    }

    fn count_waiting(&mut self) {
        for column in &mut self.columns {
            column.count(&self.waiting);
            let mut alone = std::mem::take(&mut column.alone);
            column.count(&alone);
            alone.clear();
            column.alone = alone;
        }
        self.waiting.clear();
        self.sorted = 0;
    }
}

impl SegmentCollector for SegmentCounter {
    type Fruit = io::Result<Counts>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.sort(doc);
        self.sorted += 1;
        if self.sorted == TOGETHER {
            self.count_waiting();
        }
    }

    fn harvest(mut self) -> io::Result<Counts> {
        self.count_waiting();
        let requested = self.columns.into_iter().filter(|column| !column.counts.is_empty());
        requested.map(FacetColumn::into_counts).collect()
    }
}

/// The facets as they are shown: years from the latest, other values from the most frequent, then by value;
/// selected values always, others up to [`limits::FACET_VALUES`].
pub(super) fn present(
    counts: Counts,
    request: &SearchRequest,
    dictionaries: &Dictionaries,
) -> BTreeMap<String, Vec<FacetValue>> {
    let mut shown = BTreeMap::new();
    for (facet, mut counts) in counts {
        let selected = request.filters.get(&facet);
        for value in selected.into_iter().flatten() {
            counts.entry(value.clone()).or_insert(0);
        }
        let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
        match facet {
            Facet::Year => counts.sort_by(|a, b| b.0.cmp(&a.0)),
            _ => counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0))),
        }
        let values = counts.into_iter().enumerate().filter_map(|(rank, (value, count))| {
            let is_selected = selected.is_some_and(|values| values.contains(&value));
            (is_selected || rank < limits::FACET_VALUES).then(|| FacetValue {
                label: facet.label_of(&value, dictionaries),
                value,
                count,
                selected: is_selected,
            })
        });
        let mut values: Vec<FacetValue> = values.collect();
        if facet == Facet::Region {
            tell_apart(&mut values, dictionaries);
        }
        shown.insert(facet.code().to_owned(), values);
    }
    shown
}

/// Gives regions of the same name (城区 of two cities) the names of those that contain them, too.
fn tell_apart(values: &mut [FacetValue], dictionaries: &Dictionaries) {
    let mut named: HashMap<String, u32> = HashMap::new();
    for value in values.iter() {
        *named.entry(value.label.clone()).or_default() += 1;
    }
    for value in values {
        let twice = named.get(&value.label).is_some_and(|times| *times > 1);
        let code = RegionCode::parse(&value.value).filter(|_| twice);
        if let Some(name) = code.and_then(|code| dictionaries.regions.full_name(&code)) {
            value.label = name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_the_same_name_are_told_apart() {
        let dictionaries = Dictionaries::builtin().unwrap();
        let request = SearchRequest::from_pairs([("q", "")]).unwrap();
        // 朝阳区 of 北京市 and of 长春市; 灵丘县 is one of its name.
        let codes = ["110105", "220104", "140224", "999999"];
        let counts = codes.map(|code| (code.to_owned(), 1)).into_iter().collect();
        let shown = present(Counts::from([(Facet::Region, counts)]), &request, &dictionaries);
        let label = |code: &str| {
            let value = shown["region"].iter().find(|value| value.value == code);
            value.unwrap().label.clone()
        };
        assert_eq!(
            codes.map(label),
            ["北京市朝阳区", "吉林省长春市朝阳区", "灵丘县", "999999"]
        );
    }
}
