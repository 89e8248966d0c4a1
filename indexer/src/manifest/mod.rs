//! Manifests: a table that gives the archival code, the files and the fields of each case (CSV or XLSX).
//!
//! A row that holds a fault is refused whole and every fault is named with row and column; the other rows stand. What
//! can be wrong, and what is only worth knowing, is one table: [`crate::report::FindingCode`].

mod cells;
mod contradictions;
mod error;
mod files;
mod headings;
mod mapping;
mod rows;
#[cfg(test)]
mod tests;
mod values;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use juanzong::analysis::dictionary::Dictionaries;
use juanzong::record::{ArchivalCode, CivilDate, Fact};

pub use contradictions::contradictions;
pub use error::Error;
pub use files::DeclaredPages;
pub use headings::{Column, Headings, Meaning};
pub use mapping::{Error as MappingError, Mapping, source_of};
pub use values::{Checked, FieldRules};

use crate::isolate::ReaderPool;
use crate::report::{ColumnMeaning, Finding, FindingCode, Severity, Shape};
use crate::table::{self, Sheet, csv};

/// A CSV larger than this is refused: a county's whole archive fits many times.
const BYTES_MOST: u64 = 256 << 20;
/// Separators are tried on the first rows of a CSV, in bytes of text.
const SAMPLE: usize = 64 << 10;
/// First bytes of a ZIP, and so of an XLSX.
const ZIP: &[u8] = b"PK\x03\x04";
/// First bytes of an OLE container: an XLS, or an XLSX with a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What a manifest is measured against.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// Dates after this day have not happened yet.
    pub today: CivilDate,
    /// Regions, agencies and matters that there are.
    pub dictionaries: &'a Dictionaries,
    /// What the headings of this source mean.
    pub mapping: &'a Mapping,
}

/// A manifest that was read.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The file, as the user gave it.
    pub path: PathBuf,
    /// How it was understood.
    pub shape: Shape,
    /// The good rows in their order.
    pub rows: Vec<Row>,
    /// The refused rows in their order.
    pub refused: Vec<Refused>,
    /// Everything that was found, in the order of the table.
    pub findings: Vec<Finding>,
}

/// One good row: one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Row of the table as Excel numbers it, from 1.
    pub number: u32,
    /// 档号
    pub archival_code: ArchivalCode,
    /// 文件: folders or files, with `/` between parts; empty when the folder carries the archival code as its name.
    pub files: Vec<String>,
    /// 页数, when it is given.
    pub pages: Option<DeclaredPages>,
    /// The fields given.
    pub facts: Vec<Fact>,
}

/// A refused row, as far as it matters for the files: they must not come in by another way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Row of the table.
    pub number: u32,
    /// 档号, when it can be read.
    pub archival_code: Option<ArchivalCode>,
    /// Files that it names, as far as they can be read.
    pub files: Vec<String>,
    /// Whether the fault lies in the very cells that say which files are meant.
    pub unclear: bool,
}

impl Manifest {
    /// Whether its rows can be imported: no fault concerns the table as a whole.
    pub fn is_usable(&self) -> bool {
        self.findings.iter().all(|f| f.code.severity() != Severity::Table)
    }

    /// Refuses a manifest whose rows cannot be imported.
    ///
    /// # Errors
    /// [`Error::Unusable`] with the manifest, whose findings the message lists.
    pub fn require_usable(&self) -> Result<(), Error> {
        if self.is_usable() {
            return Ok(());
        }
        let manifest = Box::new(self.clone());
        Err(Error::Unusable { manifest })
    }

    /// How messages call it.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// Today's date in China (UTC+8, without summer time): the day on which an approval cannot be later.
pub fn today() -> CivilDate {
    const EIGHT_HOURS: u64 = 8 * 3600;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let days = i64::try_from((seconds + EIGHT_HOURS) / 86_400).unwrap_or(i64::MAX);
    // A clock outside of 1900 to 2199 is broken; then no date is in the future.
    let last = || CivilDate::new(2199, 12, 31);
    CivilDate::of_unix_days(days)
        .or_else(last)
        .unwrap_or_else(|| unreachable!("2199-12-31 is a date"))
}

/// Reads a manifest. CSV may be UTF-8 (with or without byte order mark), UTF-16 with one, or GB18030, separated by comma,
/// semicolon or tab; a workbook is decoded in a child process of `pool`, and its first sheet with headings counts.
///
/// # Errors
/// When the file as a whole cannot be read. What is wrong with its headings and rows is in the manifest.
pub async fn read(path: &Path, pool: &ReaderPool, rules: &Rules<'_>) -> Result<Manifest, Error> {
    let read_error = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let mut head = Vec::new();
    let mut file = std::fs::File::open(path).map_err(read_error)?;
    std::io::Read::read_to_end(&mut std::io::Read::take(&mut file, 8), &mut head).map_err(read_error)?;
    if head.starts_with(OLE) {
        return Err(Error::OldFormat { path: path.to_owned() });
    }
    if head.starts_with(ZIP) {
        let sheets = pool.workbook(path).await.map_err(|failure| Error::Workbook {
            path: path.to_owned(),
            failure,
        })?;
        return Ok(choose(path, sheets, rules));
    }
    let bytes = file.metadata().map_err(read_error)?.len();
    if bytes > BYTES_MOST {
        return Err(Error::TooLarge { path: path.to_owned() });
    }
    read_csv(path, &std::fs::read(path).map_err(read_error)?, rules)
}

/// Reads the bytes of a CSV.
fn read_csv(path: &Path, bytes: &[u8], rules: &Rules<'_>) -> Result<Manifest, Error> {
    let (text, encoding) = table::decode(bytes);
    let (separator, rest, first_row) = match csv::declared_separator(&text) {
        Some((separator, rest)) => (separator, rest, 2),
        None => (separator_of(&text, rules.mapping), text.as_str(), 1),
    };
    let sheet = csv::parse(rest, separator, first_row).map_err(|_| Error::TooLarge { path: path.to_owned() })?;
    let headings = Headings::find(&sheet, rules.mapping);
    if headings.is_none() && (text.contains('\u{fffd}') || text.contains('\0')) {
        return Err(Error::Encoding { path: path.to_owned() });
    }
    let mut manifest = interpret(path, &sheet, headings, rules);
    manifest.shape.encoding = Some(encoding);
    manifest.shape.separator = Some(separator);
    Ok(manifest)
}

/// The separator under which the first rows have most known headings.
fn separator_of(text: &str, mapping: &Mapping) -> char {
    let sample = text.get(..text.floor_char_boundary(SAMPLE)).unwrap_or(text);
    let known = |separator: char| {
        csv::parse(sample, separator, 1)
            .ok()
            .and_then(|sheet| Headings::find(&sheet, mapping))
            .map_or(0, |headings| headings.known())
    };
    let mut best = (csv::SEPARATORS[0], 0);
    for separator in csv::SEPARATORS {
        let count = known(separator);
        if count > best.1 {
            best = (separator, count);
        }
    }
    best.0
}

/// The first sheet with the archival code among its headings, else the first with headings, else the first.
fn choose(path: &Path, mut sheets: Vec<Sheet>, rules: &Rules<'_>) -> Manifest {
    let found: Vec<Option<Headings>> = sheets.iter().map(|s| Headings::find(s, rules.mapping)).collect();
    let with_code = found
        .iter()
        .position(|h| h.as_ref().is_some_and(|h| h.column_of(Column::ArchivalCode).is_some()));
    let at = with_code
        .or_else(|| found.iter().position(Option::is_some))
        .unwrap_or_default();
    if sheets.is_empty() {
        sheets.push(Sheet::default());
    }
    let headings = found.get(at).cloned().flatten();
    let mut manifest = interpret(path, &sheets[at], headings, rules);
    let others = found
        .iter()
        .enumerate()
        .filter(|(other, h)| *other != at && h.is_some());
    let passed_over = others.map(|_| Finding::new(FindingCode::SheetPassedOver));
    manifest.findings.splice(0..0, passed_over.take(1));
    manifest
}

/// Reads the rows of a table under its headings.
fn interpret(path: &Path, sheet: &Sheet, headings: Option<Headings>, rules: &Rules<'_>) -> Manifest {
    let mut manifest = Manifest {
        path: path.to_owned(),
        ..Manifest::default()
    };
    manifest.shape.sheet.clone_from(&sheet.name);
    let Some(headings) = headings else {
        let first = sheet.rows.first().map_or(1, |row| row.number);
        manifest
            .findings
            .push(Finding::in_row(FindingCode::HeadingMissing, first));
        if let Some(likely) = Headings::likely(sheet, rules.mapping) {
            let named = (0..likely.names.len()).map(|at| likely.place(at));
            manifest.shape.likely = named.filter(|place| !place.heading.is_empty()).collect();
        }
        return manifest;
    };
    manifest.shape.heading_row = Some(headings.row);
    manifest.shape.columns = used(&headings);
    manifest.findings = headings.findings();
    if let Some(row) = sheet.open_quote {
        manifest.findings.push(Finding::in_row(FindingCode::QuoteOpen, row));
    }
    if !manifest.is_usable() {
        return manifest;
    }
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let origin = format!("manifest:{name}");
    let measures = values::Measures {
        today: rules.today,
        dictionaries: rules.dictionaries,
        since_1904: sheet.since_1904,
    };
    let mut earlier = Earlier::default();
    let mut last = headings.row;
    for row in sheet.rows.iter().filter(|r| r.number > headings.row && !r.is_blank()) {
        if row.number > last + 1 {
            manifest.findings.push(Finding::in_row(FindingCode::BlankRow, last + 1));
        }
        last = row.number;
        manifest.shape.rows += 1;
        let read = rows::read(row, &headings, &measures, &origin);
        let (duplicate, repeated) = earlier.meet(&read, row.number, &headings);
        let (mut result, findings) = read.finish(&headings);
        if duplicate.is_some() {
            result = result.and_then(|row| {
                Err(Refused {
                    number: row.number,
                    archival_code: Some(row.archival_code),
                    files: row.files,
                    unclear: false,
                })
            });
        }
        manifest.findings.extend(findings);
        manifest.findings.extend(duplicate.into_iter().chain(repeated));
        match result {
            Ok(row) => manifest.rows.push(row),
            Err(refused) => manifest.refused.push(refused),
        }
    }
    manifest
}

/// Numbers met in earlier rows.
#[derive(Default)]
struct Earlier {
    archival_codes: HashMap<ArchivalCode, u32>,
    document_numbers: HashMap<String, u32>,
}

impl Earlier {
    /// What this row repeats: its archival code, its document number. Refused rows count too: that a code was given twice
    /// is to be known even when the first of the two has another fault.
    fn meet(&mut self, read: &rows::ReadRow, number: u32, headings: &Headings) -> (Option<Finding>, Option<Finding>) {
        let place = |column| headings.column_of(column).map(|at| headings.place(at));
        let code = read.archival_code();
        let finding = |code_of_finding, column, other: u32| {
            Finding::in_row(code_of_finding, number)
                .column(place(column))
                .of(code)
                .other_row(Some(other))
        };
        let first = code.and_then(|code| {
            let first = *self.archival_codes.entry(code.clone()).or_insert(number);
            (first != number).then_some(first)
        });
        let duplicate = first.map(|first| finding(FindingCode::CodeDuplicate, Column::ArchivalCode, first));
        let first = read.document_number().and_then(|text| {
            let first = *self.document_numbers.entry(text.to_owned()).or_insert(number);
            (first != number && duplicate.is_none()).then_some(first)
        });
        let column = Column::Field(juanzong::record::FieldName::DocumentNumber);
        let repeated = first.map(|first| finding(FindingCode::DocumentNumberRepeated, column, first));
        (duplicate, repeated)
    }
}

fn used(headings: &Headings) -> Vec<ColumnMeaning> {
    let columns = headings.meanings.iter().enumerate();
    columns
        .filter_map(|(at, meaning)| {
            let code = match meaning {
                Meaning::Column(Column::ArchivalCode) => "archival_code",
                Meaning::Column(Column::Files) => "files",
                Meaning::Column(Column::Pages) => "pages",
                Meaning::Column(Column::Field(field)) => field.code(),
                _ => return None,
            };
            Some(ColumnMeaning {
                place: headings.place(at),
                code,
            })
        })
        .collect()
}
