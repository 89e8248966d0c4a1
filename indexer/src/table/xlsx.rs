//! XLSX through `calamine`. A workbook is a ZIP of XML and may be made to swell: this runs in a child process with
//! limits on memory and time (decision 0070), and only there.

use std::fs;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use calamine::{DataRef, Dimensions, Reader, Sheet as SheetOf, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{Cell, MOST_CELLS, MOST_COLUMNS, MOST_TEXT, Sheet, TableRow};
use crate::decode::{Failure, FailureCode};

/// Largest workbook that is opened, in bytes as it lies on the disk.
const MOST_BYTES: u64 = 128 << 20;
/// Most sheets that are looked at.
const MOST_SHEETS: usize = 64;

/// Reads all sheets of a workbook that people see as such, hidden ones last: a table that somebody hid is seldom the
/// one to be imported.
pub fn read_workbook(path: &Path) -> Result<Vec<Sheet>, Failure> {
    let file = fs::File::open(path).map_err(|e| Failure::new(FailureCode::Unreadable, e.kind().to_string()))?;
    let bytes = file
        .metadata()
        .map_err(|e| Failure::new(FailureCode::Unreadable, e.kind().to_string()))?
        .len();
    if bytes > MOST_BYTES {
        let detail = format!("{bytes} bytes; the limit is {MOST_BYTES}");
        return Err(Failure::new(FailureCode::FileTooLarge, detail));
    }
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(failure)?;
    let since_1904 = workbook.has_1904_epoch();
    let mut sheets: Vec<SheetOf> = workbook.sheets_metadata().to_vec();
    sheets.retain(|s| s.typ == SheetType::WorkSheet);
    sheets.sort_by_key(|s| s.visible != SheetVisible::Visible);
    if sheets.is_empty() {
        return Err(Failure::new(FailureCode::NoPages, "no worksheet"));
    }
    let mut budget = Budget { cells: 0, text: 0 };
    let mut read = Vec::new();
    for sheet in sheets.iter().take(MOST_SHEETS) {
        let merged = workbook.merge_cells_by_sheet_name(&sheet.name).map_err(failure)?;
        let mut rows = rows(&mut workbook, &sheet.name, &mut budget)?;
        fill_merged(&mut rows, &merged);
        read.push(Sheet {
            name: sheet.name.clone(),
            since_1904,
            rows,
            open_quote: None,
        });
    }
    Ok(read)
}

struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    /// Counts a cell and the empty ones before it, which take their place in memory.
    fn spend(&mut self, cell: &Cell, places: usize) -> Result<(), Failure> {
        self.cells += places;
        if let Cell::Text(text) = cell {
            self.text += text.len();
        }
        if self.cells > MOST_CELLS || self.text > MOST_TEXT {
            let detail = format!("more than {MOST_CELLS} cells or {MOST_TEXT} bytes of text");
            return Err(Failure::new(FailureCode::FileTooLarge, detail));
        }
        Ok(())
    }
}

/// The rows with content. The reader goes from cell to cell: a single cell at the far corner costs one cell, not a sheet.
fn rows<R: Read + Seek>(workbook: &mut Xlsx<R>, name: &str, budget: &mut Budget) -> Result<Vec<TableRow>, Failure> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(failure)?;
    let mut rows: Vec<TableRow> = Vec::new();
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(failure)? {
        let cell = match (record.value, record.formula.is_some()) {
            (DataRef::Empty, true) => Cell::NotCalculated,
            (value, _) => cell_of(value),
        };
        if cell == Cell::Empty {
            continue;
        }
        let (row, column) = (record.pos.0.saturating_add(1), record.pos.1 as usize);
        if column >= MOST_COLUMNS {
            let detail = format!("row {row} has more than {MOST_COLUMNS} columns");
            return Err(Failure::new(FailureCode::FileTooLarge, detail));
        }
        if rows.last().is_none_or(|last| last.number != row) {
            rows.push(TableRow {
                number: row,
                cells: Vec::new(),
            });
        }
        if let Some(last) = rows.last_mut() {
            budget.spend(&cell, (column + 1).saturating_sub(last.cells.len()))?;
            put(last, column, cell);
        }
    }
    // Excel writes rows in order; other programs may not.
    rows.sort_by_key(|row| row.number);
    Ok(rows)
}

fn put(row: &mut TableRow, column: usize, cell: Cell) {
    if row.cells.len() <= column {
        row.cells.resize(column + 1, Cell::Empty);
    }
    if let Some(place) = row.cells.get_mut(column) {
        *place = cell;
    }
}

fn cell_of(value: DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text.to_owned()),
        #[allow(clippy::cast_precision_loss)] // Excel itself keeps numbers as f64
        DataRef::Int(number) => Cell::Number(number as f64),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::Bool(value) => Cell::Text(if value { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(date) if date.is_datetime() => Cell::Date(date.as_f64()),
        DataRef::DateTime(duration) => Cell::Number(duration.as_f64()),
        DataRef::Error(_) => Cell::Failed,
    }
}

/// A cell that spans several rows says the same of each; its value stands in the first only. Spans across columns are
/// titles and stay where they are.
fn fill_merged(rows: &mut [TableRow], merged: &[Dimensions]) {
    for span in merged {
        let (first, last, column) = (span.start.0, span.end.0, span.start.1 as usize);
        if last <= first || column >= MOST_COLUMNS {
            continue;
        }
        let from = rows.partition_point(|row| row.number <= first.saturating_add(1));
        let Some(value) = from
            .checked_sub(1)
            .and_then(|at| rows.get(at))
            .filter(|row| row.number == first.saturating_add(1))
            .and_then(|row| row.cells.get(column))
            .cloned()
        else {
            continue;
        };
        let rest = rows.get_mut(from..).unwrap_or_default();
        for row in rest.iter_mut().take_while(|row| row.number <= last.saturating_add(1)) {
            if row.cells.get(column).is_none_or(|cell| *cell == Cell::Empty) {
                put(row, column, value.clone());
            }
        }
    }
}

/// The text of the library's error may quote the file and is not repeated.
#[allow(clippy::needless_pass_by_value)] // used as a function in `map_err`
fn failure(error: XlsxError) -> Failure {
    match error {
        XlsxError::Password => Failure::new(FailureCode::PasswordProtected, "the workbook asks for a password"),
        XlsxError::Io(e) => Failure::new(FailureCode::Unreadable, e.kind().to_string()),
        XlsxError::Zip(_) => Failure::new(FailureCode::Damaged, "the container of the workbook is damaged"),
        _ => Failure::new(FailureCode::Damaged, "the workbook is damaged"),
    }
}
