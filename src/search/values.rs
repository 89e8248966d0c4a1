//! The agencies and matters that an index holds: few enough to be looked through.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::index::Snapshot;

use super::{Error, Facet, limits};

/// A value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedValue {
    /// As it stands in the cases.
    pub(super) text: String,
    /// In the letters of the normaliser.
    pub(super) letters: Vec<char>,
}

/// The values of the facets whose names are suggested and found by sound.
#[derive(Debug, Default)]
pub(super) struct ValueTable {
    agencies: Vec<NamedValue>,
    matters: Vec<NamedValue>,
}

impl ValueTable {
    /// The values of a facet, the most frequent first.
    pub(super) fn of(&self, facet: Facet) -> &[NamedValue] {
        match facet {
            Facet::Agency => &self.agencies,
            Facet::Matter => &self.matters,
            _ => &[],
        }
    }

    fn read(snapshot: &Snapshot) -> Result<Self, Error> {
        Ok(Self {
            agencies: values(snapshot, Facet::Agency)?,
            matters: values(snapshot, Facet::Matter)?,
        })
    }
}

fn values(snapshot: &Snapshot, facet: Facet) -> Result<Vec<NamedValue>, Error> {
    let failed = |source| Error::Tantivy {
        action: "read the values of a facet",
        source,
    };
    let field = super::plan::facet_field(&snapshot.fields, facet);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for segment in snapshot.searcher.segment_readers() {
        let inverted = segment.inverted_index(field).map_err(failed)?;
        let mut stream = inverted.terms().stream().map_err(|e| failed(e.into()))?;
        while stream.advance() {
            if let Ok(value) = std::str::from_utf8(stream.key()) {
                *counts.entry(value.to_owned()).or_default() += u64::from(stream.value().doc_freq);
            }
        }
    }
    let mut values: Vec<(String, u64)> = counts.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values.truncate(limits::VALUES_LOOKED_THROUGH);
    let named = values.into_iter().map(|(text, _)| NamedValue {
        letters: snapshot
            .analyser
            .normalise(&text)
            .letters()
            .iter()
            .map(|letter| letter.ch)
            .collect(),
        text,
    });
    Ok(named.collect())
}

/// Keeps the table of the last state of the index.
#[derive(Default)]
pub(super) struct ValueCache(Mutex<Option<Kept>>);

struct Kept {
    /// Of which snapshot.
    state: (u64, u64),
    table: Arc<ValueTable>,
}

impl ValueCache {
    /// The table of a snapshot.
    pub(super) fn get(&self, snapshot: &Snapshot) -> Result<Arc<ValueTable>, Error> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.state == snapshot.state) {
            return Ok(Arc::clone(&kept.table));
        }
        let table = Arc::new(ValueTable::read(snapshot)?);
        *kept = Some(Kept {
            state: snapshot.state,
            table: Arc::clone(&table),
        });
        Ok(table)
    }
}
