//! A row of the table → a case to be imported, or what is wrong with it.

use juanzong::record::{ArchivalCode, Fact, FactSource, FieldName};

use super::cells::{self, Value};
use super::contradictions::{contradictions, given};
use super::files::{self, DeclaredPages};
use super::headings::{Column, Headings, Meaning};
use super::values::{self, Measures};
use super::{Refused, Row};
use crate::report::{Finding, FindingCode};
use crate::table::{Cell, TableRow};

/// A row as far as it could be read.
pub(super) struct ReadRow {
    number: u32,
    archival_code: Option<ArchivalCode>,
    files: Vec<String>,
    pages: Option<DeclaredPages>,
    facts: Vec<Fact>,
    /// Everything that is wrong or worth knowing, in the order of the columns.
    findings: Vec<(FindingCode, Option<usize>)>,
}

/// Reads a row; every cell is looked at, also after a fault.
pub(super) fn read(row: &TableRow, headings: &Headings, measures: &Measures<'_>, origin: &str) -> ReadRow {
    let mut read = ReadRow {
        number: row.number,
        archival_code: None,
        files: Vec::new(),
        pages: None,
        facts: Vec::new(),
        findings: Vec::new(),
    };
    for (at, cell) in row.cells.iter().enumerate() {
        match headings.meanings.get(at) {
            Some(Meaning::Column(column)) => read.cell(at, cell, *column, measures, origin),
            Some(_) if headings.names.get(at).is_some_and(|name| !name.is_empty()) => {}
            _ if cell.is_blank() => {}
            _ => {
                read.findings.push((FindingCode::TooManyCells, Some(at)));
                break;
            }
        }
    }
    let code_column = headings.column_of(Column::ArchivalCode);
    if read.archival_code.is_none() && !read.findings.iter().any(|(_, at)| at.is_some() && *at == code_column) {
        read.findings.push((FindingCode::CodeMissing, code_column));
    }
    read.contradictions(headings);
    read
}

impl ReadRow {
    fn cell(&mut self, at: usize, cell: &Cell, column: Column, measures: &Measures<'_>, origin: &str) {
        let value = match cells::value(cell, column, measures.since_1904) {
            Ok(Some(value)) => value,
            Ok(None) => return,
            Err(code) => return self.findings.push((code, Some(at))),
        };
        let outcome = match column {
            Column::ArchivalCode => self.code(&value, at),
            Column::Files => match files::names(&value.text()) {
                Ok((names, twice)) => {
                    self.files = names;
                    if twice {
                        self.findings.push((FindingCode::FileRepeated, Some(at)));
                    }
                    Ok(())
                }
                Err(code) => Err(code),
            },
            Column::Pages => files::pages(&value).map(|pages| self.pages = Some(pages)),
            Column::Field(field) => self.field(field, &value, at, measures, origin),
        };
        if let Err(code) = outcome {
            self.findings.push((code, Some(at)));
        }
    }

    fn code(&mut self, value: &Value, at: usize) -> Result<(), FindingCode> {
        if !matches!(value, Value::Text(_)) {
            self.findings.push((FindingCode::CodeIsNumber, Some(at)));
        }
        let text = value.text();
        // A code has digits or letters; a row of dashes or dots is none.
        let plausible = text.chars().any(char::is_alphanumeric);
        self.archival_code = ArchivalCode::parse(&text).filter(|_| plausible);
        if self.archival_code.is_none() {
            return Err(FindingCode::CodeInvalid);
        }
        Ok(())
    }

    fn field(
        &mut self,
        field: FieldName,
        value: &Value,
        at: usize,
        measures: &Measures<'_>,
        origin: &str,
    ) -> Result<(), FindingCode> {
        let checked = values::check_for_record(field, value, measures)?;
        if let Some(doubt) = checked.notes.iter().find(|note| note.is_doubt()) {
            return Err(*doubt);
        }
        self.findings.extend(checked.notes.iter().map(|note| (*note, Some(at))));
        let Some((canonical, as_read)) = checked.value else {
            return Ok(());
        };
        self.facts.push(Fact {
            field,
            as_read,
            value: canonical,
            source: FactSource::Catalogue,
            origin: origin.to_owned(),
            evidence: None,
        });
        Ok(())
    }

    /// What two good cells of the row say against each other; the later field is the one that is named.
    fn contradictions(&mut self, headings: &Headings) {
        let at = |field| headings.column_of(Column::Field(field));
        let found = contradictions(&self.facts).into_iter();
        self.findings.extend(found.map(|(code, field)| (code, at(field))));
    }

    /// 文号 of the row.
    pub(super) fn document_number(&self) -> Option<&str> {
        given(&self.facts, FieldName::DocumentNumber)
    }

    /// 档号 of the row.
    pub(super) fn archival_code(&self) -> Option<&ArchivalCode> {
        self.archival_code.as_ref()
    }

    /// A good row, or a refused one, and its findings with their places.
    pub(super) fn finish(self, headings: &Headings) -> (Result<Row, Refused>, Vec<Finding>) {
        let refused = self.findings.iter().any(|(code, _)| code.severity().refuses());
        let naming = [Column::ArchivalCode, Column::Files].map(|c| headings.column_of(c));
        let unclear = self
            .findings
            .iter()
            .any(|(code, at)| code.severity().refuses() && at.is_some() && naming.contains(at));
        let findings = self
            .findings
            .iter()
            .map(|(code, at)| {
                Finding::in_row(*code, self.number)
                    .column(at.map(|at| headings.place(at)))
                    .of(self.archival_code.as_ref())
            })
            .collect();
        let row = match (refused, self.archival_code) {
            (false, Some(archival_code)) => Ok(Row {
                number: self.number,
                archival_code,
                files: self.files,
                pages: self.pages,
                facts: self.facts,
            }),
            (_, archival_code) => Err(Refused {
                number: self.number,
                archival_code,
                files: self.files,
                unclear,
            }),
        };
        (row, findings)
    }
}
