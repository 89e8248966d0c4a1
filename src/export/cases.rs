//! All cases that match, in the order of their archival codes, a few at a time.

use std::io::Write;

use super::columns::{CaseRow, Column};
use super::provenance::About;
use super::table::{TableFormat, TableWriter};
use super::{Error, ExportOptions};
use crate::archive::{Archive, View};
use crate::record::ArchivalCode;
use crate::search::{AllMatches, MatchKind};

/// Codes looked at in one go: most need not match.
const CODES: u32 = 2_000;
/// Cases read in one go.
const CASES: usize = 200;

/// The walk through the cases that match.
pub(super) struct Walk<'a> {
    archive: &'a Archive,
    matches: &'a AllMatches,
    after: Option<ArchivalCode>,
    left: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(archive: &'a Archive, matches: &'a AllMatches) -> Self {
        Self {
            archive,
            matches,
            after: None,
            left: matches.len(),
        }
    }

    /// Keys of the next cases, at least one; `None` when there are no more.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<(u64, MatchKind)>>, Error> {
        while self.left > 0 {
            let codes = self.archive.catalogue().cases_after(self.after.as_ref(), CODES).await?;
            let Some((_, last)) = codes.last() else { break };
            self.after = Some(last.clone());
            let found: Vec<(u64, MatchKind)> = codes
                .iter()
                .filter_map(|(key, _)| Some((*key, self.matches.kind(*key)?)))
                .collect();
            self.left = self.left.saturating_sub(found.len());
            if !found.is_empty() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Writes all cases as a table; returns how many.
pub(super) async fn write_table(
    view: &View,
    matches: &AllMatches,
    format: TableFormat,
    options: &ExportOptions,
    out: impl Write,
) -> Result<u64, Error> {
    let archive = view.archive();
    let columns = Column::all();
    let name = options.pick("案卷", "Cases");
    let mut table = TableWriter::begin(format, options, name, super::case_headings(options.labels), out)?;
    let analyser = archive.index().analyser();
    let dictionaries = analyser.dictionaries();
    let mut walk = Walk::new(archive, matches);
    while let Some(found) = walk.next().await? {
        for found in found.chunks(CASES) {
            for row in rows(view, found).await? {
                let cell = |column: &Column| column.cell(&row, options, dictionaries);
                table.row(columns.iter().map(cell).collect())?;
            }
        }
    }
    let about = About {
        view,
        criteria: &matches.criteria,
        index: Some((&matches.generation, matches.sequence)),
        more: Vec::new(),
        count: ("案卷数", "Cases", table.rows()),
    };
    table.finish(about.notes(options))
}

async fn rows(view: &View, found: &[(u64, MatchKind)]) -> Result<Vec<CaseRow>, Error> {
    let catalogue = view.archive().catalogue();
    let keys: Vec<u64> = found.iter().map(|(key, _)| *key).collect();
    let extents = catalogue.extents(&keys).await?;
    let mut rows = Vec::with_capacity(keys.len());
    for case in catalogue.summaries(&keys).await? {
        let matched = found.iter().find(|(key, _)| *key == case.case_key);
        let facts = catalogue.facts(case.case_key).await?;
        let (Some((_, matched)), Some(facts), true) = (matched, facts, view.sees(&case)) else {
            continue;
        };
        rows.push(CaseRow {
            extent: extents.get(&case.case_key).copied().unwrap_or_default(),
            matched: *matched,
            facts,
            case,
        });
    }
    Ok(rows)
}
