//! Tables as people keep them: CSV in whatever coding, XLSX. Cells come as they stand, with their row; what they mean is
//! for others to say.

pub mod csv;
mod encoding;
pub mod serial;
#[cfg(test)]
mod tests;
mod xlsx;

use serde::{Deserialize, Serialize};

pub use encoding::{Encoding, decode, encoding_of};
pub use xlsx::read_workbook;

/// Most columns of a table.
pub const MOST_COLUMNS: usize = 512;
/// Most rows of a table: what Excel can hold.
pub const MOST_ROWS: u32 = 1_048_576;
/// Most cells with content in all sheets of a workbook together.
const MOST_CELLS: usize = 4_000_000;
/// Most text in all cells of a workbook together, in bytes.
const MOST_TEXT: usize = 96 << 20;

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing.
    #[default]
    #[serde(rename = "-")]
    Empty,
    /// Text, as it stands.
    #[serde(rename = "t")]
    Text(String),
    /// A number; Excel keeps 15 significant digits.
    #[serde(rename = "n")]
    Number(f64),
    /// A number that is shown as a date: days of the calendar of its workbook ([`serial::date`]).
    #[serde(rename = "d")]
    Date(f64),
    /// A formula that failed: `#N/A`, `#REF!`, …
    #[serde(rename = "e")]
    Failed,
    /// A formula without a stored result.
    #[serde(rename = "f")]
    NotCalculated,
}

impl Cell {
    /// Whether there is nothing to be seen in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// A row that has content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// Number of the row as Excel shows it, from 1; hidden and blank rows count.
    pub number: u32,
    /// Its cells from column A on.
    pub cells: Vec<Cell>,
}

impl TableRow {
    /// Whether there is nothing to be seen in the row.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }
}

/// One table: a sheet of a workbook, or a CSV file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Name of the sheet; empty for CSV.
    pub name: String,
    /// Whether its dates count from 1904 (workbooks of old Macintosh versions of Excel).
    pub since_1904: bool,
    /// The rows with content, in order.
    pub rows: Vec<TableRow>,
    /// The row in which a quotation mark opens that nothing closes (CSV only); from there on cells cannot be told.
    pub open_quote: Option<u32>,
}

/// The letters by which Excel names a column: 0 is A, 26 is AA.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().collect()
}
