//! Tables that are written row by row, in three forms by one piece: CSV, workbook, JSON Lines. What a table says about itself
//! (what was asked for, by whom, from what state) stands at its end, with a checksum of its rows that is the same in every form.

mod csv;
mod guard;
mod json_lines;
mod xlsx;

use std::io::Write;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::{Error, ExportOptions};
use crate::record::CivilDate;

pub(super) use guard::guarded;
#[cfg(test)]
pub(super) use xlsx::fitting;
pub use xlsx::{SHEET_ROWS, sheets_of};

/// The forms in which tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Values separated by commas.
    Csv,
    /// A workbook.
    Xlsx,
    /// A JSON object a line.
    JsonLines,
}

impl TableFormat {
    /// The form with this code: `csv`, `xlsx` or `jsonl`.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Csv, Self::Xlsx, Self::JsonLines]
            .into_iter()
            .find(|format| format.code() == code)
    }

    /// Its code, which is the ending of the names of such files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::JsonLines => "jsonl",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::JsonLines => "application/jsonl",
        }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A day.
    Date(CivilDate),
    /// A whole number.
    Whole(u64),
    /// Any number.
    Real(f64),
    /// A part of a whole, from 0 to 1.
    Share(f64),
    /// Several texts.
    List(Vec<String>),
}

impl Cell {
    /// A text, or nothing where there is none.
    pub(super) fn of_text(text: Option<&str>) -> Self {
        text.filter(|text| !text.is_empty())
            .map_or(Self::Empty, |text| Self::Text(text.to_owned()))
    }

    /// A day written `2019-05-07`; anything else stays a text.
    pub(super) fn of_date(text: Option<&str>) -> Self {
        let date = |text: &str| CivilDate::parse(text).map_or_else(|| Self::Text(text.to_owned()), Self::Date);
        text.map_or(Self::Empty, date)
    }

    /// As CSV and texts of workbooks write it.
    fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Date(date) => date.to_string(),
            Self::Whole(number) => number.to_string(),
            Self::Real(number) | Self::Share(number) => number.to_string(),
            Self::List(texts) => texts.join(" "),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Date(date) => serializer.collect_str(date),
            Self::Whole(number) => serializer.serialize_u64(*number),
            Self::Real(number) | Self::Share(number) => serializer.serialize_f64(*number),
            Self::List(texts) => texts.serialize(serializer),
        }
    }
}

/// A column: what it is called, and how wide it is in a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The stable code, the name in JSON Lines.
    pub code: String,
    /// The name as people read it.
    pub label: String,
    /// Width in characters.
    pub width: u8,
}

/// Something that a table says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The stable code.
    #[serde(rename = "name")]
    pub code: &'static str,
    /// Its name as people read it.
    #[serde(skip)]
    pub label: String,
    /// What is said.
    pub value: String,
}

/// One form of tables.
trait Form {
    fn head(&mut self, headings: &[Heading]) -> Result<(), Error>;

    /// Writes a row; `line` is the same as JSON, with a line end.
    fn row(&mut self, cells: Vec<Cell>, line: &[u8]) -> Result<(), Error>;

    /// Writes what the table says about itself, and ends it.
    fn finish(self: Box<Self>, notes: Vec<Note>) -> Result<(), Error>;
}

/// A table under way: takes no more memory than a row.
pub struct TableWriter<'w> {
    form: Box<dyn Form + 'w>,
    headings: Vec<Heading>,
    options: ExportOptions,
    rows: u64,
    hash: Sha256,
    line: Vec<u8>,
}

impl<'w> TableWriter<'w> {
    /// Begins a table. `name` is that of its sheet.
    ///
    /// # Errors
    /// When the output fails.
    pub fn begin(
        format: TableFormat,
        options: &ExportOptions,
        name: &str,
        headings: Vec<Heading>,
        out: impl Write + 'w,
    ) -> Result<Self, Error> {
        let mut form: Box<dyn Form + 'w> = match format {
            TableFormat::Csv => Box::new(csv::CsvTable::new(out, !options.no_byte_order_mark)?),
            TableFormat::Xlsx => Box::new(xlsx::XlsxTable::new(out, name, options)),
            TableFormat::JsonLines => Box::new(json_lines::LinesTable::new(out)),
        };
        form.head(&headings)?;
        Ok(Self {
            form,
            headings,
            options: options.clone(),
            rows: 0,
            hash: Sha256::new(),
            line: Vec::new(),
        })
    }

    /// Writes a row: a cell for each column.
    ///
    /// # Errors
    /// When the output fails.
    pub fn row(&mut self, cells: Vec<Cell>) -> Result<(), Error> {
        debug_assert_eq!(cells.len(), self.headings.len());
        self.line.clear();
        let mut json = serde_json::Serializer::new(&mut self.line);
        let named = self.headings.iter().map(|heading| heading.code.as_str());
        Serializer::collect_map(&mut json, named.zip(&cells))?;
        self.line.push(b'\n');
        self.hash.update(&self.line);
        self.rows += 1;
        self.form.row(cells, &self.line)
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// SHA-256 of the rows so far as JSON Lines, in hexadecimal digits.
    pub fn checksum(&self) -> String {
        hex::encode(self.hash.clone().finalize())
    }

    /// Says what the table is about, and ends it; returns its rows.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish(self, mut notes: Vec<Note>) -> Result<u64, Error> {
        let checksum = self.checksum();
        notes.push(self.options.note("checksum", "数据校验和", "Checksum", checksum));
        let how = self.options.pick(
            "SHA-256，按各行的 JSONL 形式（含换行）依次计算；CSV、XLSX、JSONL 相同",
            "SHA-256 of the rows as JSON Lines, line ends included; the same in CSV, XLSX and JSONL",
        );
        notes.push(
            self.options
                .note("checksum_of", "校验和算法", "Checksum of", how.to_owned()),
        );
        self.form.finish(notes)?;
        Ok(self.rows)
    }
}
