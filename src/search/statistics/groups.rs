//! To which group a document of a segment belongs, by one dimension.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

use crate::analysis::dictionary::Dictionaries;
use crate::analytics::{Dimension, Offices, TimeResult, TimeVerdict};
use crate::index::CASE_DATE;

use super::super::Facet;
use super::super::narrow::category_of;
use super::super::verdict::verdict;

/// A group of one segment; [`NONE`] for cases that have no value.
pub(super) type Slot = u32;

/// The group of the cases that have no value.
pub(super) const NONE: Slot = Slot::MAX;

/// The groups of a segment by one dimension.
pub(super) enum Groups {
    /// By the values of a facet, each of which is in a group or in none.
    Values {
        column: Option<StrColumn>,
        /// Group of each ordinal.
        slots: Vec<Slot>,
        /// Name of each group.
        names: Vec<String>,
        /// Value of each ordinal, where a group has several.
        members: Option<Vec<String>>,
        /// Which ordinals were met.
        met: Vec<bool>,
    },
    /// By the month of the date of the case.
    Months(Option<Column<u64>>),
    /// By its quarter.
    Quarters(Option<Column<u64>>),
    /// By whether it was decided in time.
    TimeLimit,
}

impl Groups {
    pub(super) fn new(dimension: Dimension, segment: &SegmentReader, dictionaries: &Dictionaries) -> io::Result<Self> {
        let date = || segment.fast_fields().column_opt(CASE_DATE).map_err(io::Error::other);
        let Some(facet) = facet_of(dimension) else {
            return Ok(match dimension {
                Dimension::Month => Self::Months(date()?),
                Dimension::Quarter => Self::Quarters(date()?),
                _ => Self::TimeLimit,
            });
        };
        let column = segment.fast_fields().str(facet.code()).map_err(io::Error::other)?;
        let mut values = Vec::new();
        if let Some(column) = &column {
            let ordinals: Vec<u64> = (0..column.num_terms() as u64).collect();
            let collect = |bytes: &[u8]| values.push(String::from_utf8_lossy(bytes).into_owned());
            column.dictionary().sorted_ords_to_term_cb(&ordinals, collect)?;
        }
        let offices = (dimension == Dimension::Office).then(|| Offices::new(&dictionaries.agencies));
        let mut known: HashMap<String, Slot> = HashMap::new();
        let mut names = Vec::new();
        let slots = values.iter().map(|value| {
            let Some(group) = group_of(dimension, value, dictionaries, offices.as_ref()) else {
                return NONE;
            };
            *known.entry(group).or_insert_with_key(|group| {
                names.push(group.clone());
                Slot::try_from(names.len() - 1).unwrap_or(NONE)
            })
        });
        Ok(Self::Values {
            slots: slots.collect(),
            names,
            met: vec![false; values.len()],
            members: (dimension == Dimension::Office).then_some(values),
            column,
        })
    }

    /// The group of a document.
    pub(super) fn slot(&mut self, doc: DocId, by_law: TimeResult) -> Slot {
        let date = |column: &Option<Column<u64>>| column.as_ref().and_then(|column| column.first(doc));
        let number = |number: u64| Slot::try_from(number).unwrap_or(NONE);
        match self {
            Self::Values { column, slots, met, .. } => {
                // Regions have a value for each level, of which one at most is in a group.
                let ordinals = column.iter().flat_map(|column| column.term_ords(doc));
                for ordinal in ordinals.filter_map(|ordinal| usize::try_from(ordinal).ok()) {
                    if let Some(&slot) = slots.get(ordinal).filter(|slot| **slot != NONE) {
                        met[ordinal] = true;
                        return slot;
                    }
                }
                NONE
            }
            Self::Months(column) => date(column).map_or(NONE, |date| number(date / 100)),
            Self::Quarters(column) => date(column).map_or(NONE, |date| {
                let (year, month) = (date / 10_000, date / 100 % 100);
                number(year * 10 + month.div_ceil(3))
            }),
            Self::TimeLimit => verdict(by_law) as Slot,
        }
    }

    /// The value of a group, as it stands in requests; `None` for [`NONE`].
    pub(super) fn value(&self, slot: Slot) -> Option<String> {
        if slot == NONE {
            return None;
        }
        match self {
            Self::Values { names, .. } => usize::try_from(slot).ok().and_then(|at| names.get(at)).cloned(),
            Self::Months(_) => Some(format!("{:04}-{:02}", slot / 100, slot % 100)),
            Self::Quarters(_) => Some(format!("{:04}Q{}", slot / 10, slot % 10)),
            Self::TimeLimit => {
                let verdicts = TimeVerdict::ALL.iter();
                let mut found = verdicts.filter(|verdict| **verdict as Slot == slot);
                found.next().map(|verdict| verdict.code().to_owned())
            }
        }
    }

    /// The values that were met of each group of several.
    pub(super) fn members(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        if let Self::Values {
            slots,
            members: Some(members),
            met,
            ..
        } = self
        {
            let met = met.iter().zip(members).zip(slots).filter(|((met, _), _)| **met);
            for ((_, member), slot) in met {
                let group = self.value(*slot).unwrap_or_default();
                all.entry(group).or_default().insert(member.clone());
            }
        }
        all
    }
}

/// The facet whose values are grouped; `None` for what is no facet.
pub(super) fn facet_of(dimension: Dimension) -> Option<Facet> {
    match dimension {
        Dimension::Year => Some(Facet::Year),
        Dimension::Agency | Dimension::Office => Some(Facet::Agency),
        Dimension::Province | Dimension::City | Dimension::County => Some(Facet::Region),
        Dimension::Matter | Dimension::Category => Some(Facet::Matter),
        Dimension::Outcome => Some(Facet::Outcome),
        Dimension::ApplicantKind => Some(Facet::ApplicantKind),
        Dimension::OcrQuality => Some(Facet::OcrQuality),
        Dimension::Retention => Some(Facet::Retention),
        Dimension::Quarter | Dimension::Month | Dimension::TimeLimit => None,
    }
}

/// The group of a value; `None` for regions of another level. `offices` are given to join agencies.
fn group_of(
    dimension: Dimension,
    value: &str,
    dictionaries: &Dictionaries,
    offices: Option<&Offices<'_>>,
) -> Option<String> {
    let at_level = match dimension {
        Dimension::Province => value.ends_with("0000"),
        Dimension::City => value.ends_with("00") && !value.ends_with("0000"),
        Dimension::County => !value.ends_with("00"),
        _ => true,
    };
    at_level.then(|| match (dimension, offices) {
        (_, Some(offices)) => offices.joined(value),
        (Dimension::Category, None) => category_of(value, dictionaries).to_owned(),
        _ => value.to_owned(),
    })
}
