//! Manifests: a table that gives the archival code, the files and the fields of each case (CSV).
//!
//! A row that holds a value its field cannot take is refused whole and named with row and column; the other rows
//! stand. XLSX and learnt mappings come with part 3 of the plan (`docs/architecture.md`).

mod headings;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use juanzong::record::{ArchivalCode, CaseFields, Fact, FactSource, SecurityClass};
use thiserror::Error;

pub use headings::Column;

/// A manifest larger than this is refused: a county's whole archive fits many times.
const BYTES_MOST: u64 = 256 * 1024 * 1024;

/// A manifest that could be read.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The good rows in their order.
    pub rows: Vec<Row>,
    /// The refused rows, and rows with a note.
    pub faults: Vec<RowFault>,
}

/// One good row: one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Row of the table, counted from 1 with the heading.
    pub number: usize,
    /// 档号
    pub archival_code: ArchivalCode,
    /// 文件: folders or files, as written; empty when the folder carries the archival code as its name.
    pub files: Vec<String>,
    /// The fields given.
    pub facts: Vec<Fact>,
}

/// Why a row was refused. The value itself is not repeated: it may be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Row of the table, counted from 1 with the heading.
    pub number: usize,
    /// Heading of the column, as written in the file.
    pub column: String,
    /// What is wrong.
    pub problem: RowProblem,
}

/// What can be wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowProblem {
    /// The archival code is missing or not one.
    NoArchivalCode,
    /// The same archival code stands in an earlier row.
    DuplicateArchivalCode,
    /// The value does not fit the field (a date that does not exist, an unknown outcome, …).
    UnfitValue,
    /// 绝密 never enters such a system.
    TopSecret,
    /// The row has more cells than the heading.
    TooManyCells,
}

impl RowProblem {
    /// Chinese and English wording.
    pub fn messages(self) -> (&'static str, &'static str) {
        match self {
            Self::NoArchivalCode => ("档号缺失或无效", "the archival code is missing or not valid"),
            Self::DuplicateArchivalCode => ("档号与前面的行重复", "the archival code repeats an earlier row"),
            Self::UnfitValue => ("内容不符合该栏的格式", "the value does not fit this column"),
            Self::TopSecret => (
                "绝密材料不得进入本系统",
                "top-secret material must not enter this system",
            ),
            Self::TooManyCells => ("单元格多于表头", "there are more cells than headings"),
        }
    }
}

/// Why a manifest could not be read at all.
#[derive(Debug, Error)]
pub enum Error {
    /// The file could not be read.
    #[error("the manifest `{path}` could not be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The file is not a CSV.
    #[error("the manifest `{path}` is not a CSV file (save it as CSV, UTF-8 or GB18030)")]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// Neither UTF-8 nor GB18030.
    #[error("the manifest `{path}` is neither UTF-8 nor GB18030")]
    Encoding {
        /// The file.
        path: PathBuf,
    },
    /// The file is too large.
    #[error("the manifest `{path}` has {bytes} bytes, more than {BYTES_MOST}")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// The CSV is broken.
    #[error("the manifest `{path}` is broken at row {row}")]
    Csv {
        /// The file.
        path: PathBuf,
        /// Row, counted from 1 with the heading.
        row: usize,
        /// What the reader says.
        #[source]
        source: csv::Error,
    },
    /// No column gives the archival code.
    #[error("the manifest `{path}` has no column `档号` (archival_code)")]
    NoCodeColumn {
        /// The file.
        path: PathBuf,
    },
    /// Two columns mean the same field.
    #[error("the manifest `{path}` has two columns for `{heading}`")]
    RepeatedColumn {
        /// The file.
        path: PathBuf,
        /// The second heading.
        heading: String,
    },
}

/// Reads a manifest: CSV in UTF-8 (with or without byte order mark) or GB18030, Chinese or English headings.
/// Columns with unknown headings are passed over.
pub fn read(path: &Path) -> Result<Manifest, Error> {
    let is_csv = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    if !is_csv {
        return Err(Error::Format { path: path.to_owned() });
    }
    let read_error = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let bytes = fs::metadata(path).map_err(read_error)?.len();
    if bytes > BYTES_MOST {
        return Err(Error::TooLarge {
            path: path.to_owned(),
            bytes,
        });
    }
    let bytes = fs::read(path).map_err(read_error)?;
    let text = decode(&bytes).ok_or_else(|| Error::Encoding { path: path.to_owned() })?;
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    parse(&text, path, &format!("manifest:{name}"))
}

fn decode(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
}

fn parse(text: &str, path: &Path, origin: &str) -> Result<Manifest, Error> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = reader.records().enumerate().map(|(at, record)| {
        record
            .map_err(|source| Error::Csv {
                path: path.to_owned(),
                row: at + 1,
                source,
            })
            .map(|r| (at + 1, r))
    });
    let headings: Vec<String> = match records.next() {
        Some(first) => first?.1.iter().map(|h| h.trim().to_owned()).collect(),
        None => Vec::new(),
    };
    let columns: Vec<Option<Column>> = headings.iter().map(|h| Column::named(h)).collect();
    if !columns.contains(&Some(Column::ArchivalCode)) {
        return Err(Error::NoCodeColumn { path: path.to_owned() });
    }
    for (at, column) in columns.iter().enumerate() {
        if column.is_some() && columns[..at].contains(column) {
            return Err(Error::RepeatedColumn {
                path: path.to_owned(),
                heading: headings[at].clone(),
            });
        }
    }

    let mut manifest = Manifest::default();
    let mut seen: HashMap<ArchivalCode, usize> = HashMap::new();
    for record in records {
        let (number, record) = record?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match row(number, &record, &headings, &columns, origin) {
            Ok(row) if seen.contains_key(&row.archival_code) => manifest.faults.push(RowFault {
                number,
                column: headings[code_column(&columns)].clone(),
                problem: RowProblem::DuplicateArchivalCode,
            }),
            Ok(row) => {
                seen.insert(row.archival_code.clone(), number);
                manifest.rows.push(row);
            }
            Err(fault) => manifest.faults.push(fault),
        }
    }
    Ok(manifest)
}

fn code_column(columns: &[Option<Column>]) -> usize {
    columns
        .iter()
        .position(|c| *c == Some(Column::ArchivalCode))
        .unwrap_or_default()
}

fn row(
    number: usize,
    record: &csv::StringRecord,
    headings: &[String],
    columns: &[Option<Column>],
    origin: &str,
) -> Result<Row, RowFault> {
    let fault = |column: &str, problem| RowFault {
        number,
        column: column.to_owned(),
        problem,
    };
    if record.len() > columns.len() && record.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty()) {
        return Err(fault("", RowProblem::TooManyCells));
    }
    let mut archival_code = None;
    let mut files = Vec::new();
    let mut facts = Vec::new();
    for ((cell, column), heading) in record.iter().zip(columns).zip(headings) {
        let cell = cell.trim();
        let Some(column) = column.filter(|_| !cell.is_empty()) else {
            continue;
        };
        match column {
            Column::ArchivalCode => archival_code = ArchivalCode::parse(cell),
            Column::Files => {
                files = cell
                    .split([';', '；', '|', '\n'])
                    .map(|f| f.trim().to_owned())
                    .filter(|f| !f.is_empty())
                    .collect();
            }
            Column::Field(field) => {
                if cell == "绝密" && SecurityClass::parse(cell).is_none() {
                    return Err(fault(heading, RowProblem::TopSecret));
                }
                let mut fields = CaseFields::default();
                if !fields.set(field, cell) {
                    return Err(fault(heading, RowProblem::UnfitValue));
                }
                let value = fields.get(field).unwrap_or_default();
                facts.push(Fact {
                    field,
                    as_read: (value != cell).then(|| cell.to_owned()),
                    value,
                    source: FactSource::Catalogue,
                    origin: origin.to_owned(),
                    evidence: None,
                });
            }
        }
    }
    let Some(archival_code) = archival_code else {
        return Err(fault(&headings[code_column(columns)], RowProblem::NoArchivalCode));
    };
    Ok(Row {
        number,
        archival_code,
        files,
        facts,
    })
}

#[cfg(test)]
mod tests;
