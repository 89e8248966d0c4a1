//! A workbook: the rows on its first sheets, what was asked for on the last.

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::{Cell, Form, Heading, Note};
use crate::archive::Labels;
use crate::export::{Error, ExportOptions};

/// Rows of a sheet, with that of the headings.
const ROWS: u32 = 1_048_576;
/// Most rows of a table on one sheet; what is beyond stands on further sheets, each with the headings.
pub const SHEET_ROWS: u64 = ROWS as u64 - 1;
/// Longest text of a cell, in units of UTF-16.
const LONGEST: usize = 32_767;

/// Sheets that so many rows take.
pub fn sheets_of(rows: u64) -> u64 {
    rows.div_ceil(SHEET_ROWS).max(1)
}

/// A table as workbook, with real dates and numbers. Texts are cells of type text with the mark of a text, so that none
/// becomes a formula, also when it is edited or saved as CSV by a program that keeps the mark.
///
/// A workbook is put together from its sheets at the end; until then their rows are in temporary files.
pub(super) struct XlsxTable<W> {
    out: W,
    book: Workbook,
    headings: Vec<Heading>,
    sheet_name: String,
    options: ExportOptions,
    /// Sheets of rows so far, the next row of the last, and rows in all.
    sheets: usize,
    next: u32,
    rows: u64,
    text: Format,
    date: Format,
    share: Format,
    head: Format,
}

impl<W: Write> XlsxTable<W> {
    pub(super) fn new(out: W, name: &str, options: &ExportOptions) -> Self {
        Self {
            out,
            book: Workbook::new(),
            headings: Vec::new(),
            sheet_name: name.to_owned(),
            options: options.clone(),
            sheets: 0,
            next: 0,
            rows: 0,
            text: Format::new().set_quote_prefix(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            share: Format::new().set_num_format("0.0%"),
            head: Format::new().set_bold().set_quote_prefix(),
        }
    }

    fn begin_sheet(&mut self) -> Result<(), Error> {
        self.end_sheet()?;
        self.sheets += 1;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(match self.sheets {
            1 => self.sheet_name.clone(),
            n => format!("{} {n}", self.sheet_name),
        })?;
        sheet.set_freeze_panes(1, 1)?;
        for (heading, at) in self.headings.iter().zip(0..) {
            sheet.set_column_width(at, f64::from(heading.width))?;
            sheet.write_string_with_format(0, at, &heading.label, &self.head)?;
        }
        self.next = 1;
        Ok(())
    }

    /// Lets people filter by any column.
    fn end_sheet(&mut self) -> Result<(), Error> {
        let last = u16::try_from(self.headings.len()).unwrap_or(u16::MAX).saturating_sub(1);
        let Some(at) = self.sheets.checked_sub(1) else {
            return Ok(());
        };
        let sheet = self.book.worksheet_from_index(at)?;
        sheet.autofilter(0, 0, self.next.saturating_sub(1), last)?;
        Ok(())
    }
}

impl<W: Write> Form for XlsxTable<W> {
    fn head(&mut self, headings: &[Heading]) -> Result<(), Error> {
        self.headings = headings.to_vec();
        self.begin_sheet()
    }

    fn row(&mut self, cells: Vec<Cell>, _: &[u8]) -> Result<(), Error> {
        if self.next == ROWS {
            self.begin_sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheets.saturating_sub(1))?;
        for (cell, at) in cells.into_iter().zip(0..) {
            match cell {
                Cell::Empty => {}
                Cell::Whole(number) => {
                    // Counts and years: far below what a cell holds exactly.
                    #[allow(clippy::cast_precision_loss)]
                    sheet.write_number(self.next, at, number as f64)?;
                }
                Cell::Real(number) => {
                    sheet.write_number(self.next, at, number)?;
                }
                Cell::Share(number) => {
                    sheet.write_number_with_format(self.next, at, number, &self.share)?;
                }
                // Workbooks know no days before 1900.
                Cell::Date(date) => match excel_date(date) {
                    Some(day) => {
                        sheet.write_datetime_with_format(self.next, at, &day, &self.date)?;
                    }
                    None => write_text(sheet, (self.next, at), &date.to_string(), &self.text)?,
                },
                cell => write_text(sheet, (self.next, at), &cell.text(), &self.text)?,
            }
        }
        self.next += 1;
        self.rows += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>, mut notes: Vec<Note>) -> Result<(), Error> {
        self.end_sheet()?;
        if self.sheets > 1 {
            let (rows, sheets) = (self.rows, self.sheets);
            let told = match self.options.labels {
                Labels::Chinese => format!("共 {rows} 行，分列于 {sheets} 个工作表，每表至多 {SHEET_ROWS} 行"),
                Labels::English => format!("{rows} rows on {sheets} sheets, at most {SHEET_ROWS} on each"),
            };
            notes.push(self.options.note("sheets", "工作表", "Sheets", told));
        }
        let sheet = self.book.add_worksheet();
        sheet.set_name(self.options.pick("导出说明", "About this export"))?;
        sheet.set_column_width(0, 22)?;
        sheet.set_column_width(1, 80)?;
        for (note, row) in notes.iter().zip(0..) {
            sheet.write_string_with_format(row, 0, &note.label, &self.head)?;
            write_text(sheet, (row, 1), &note.value, &self.text)?;
        }
        // The parts of a workbook are not written in their order.
        let mut whole = tempfile::tempfile()?;
        self.book.save_to_writer(&mut whole)?;
        whole.rewind()?;
        io::copy(&mut whole, &mut self.out)?;
        Ok(self.out.flush()?)
    }
}

fn write_text(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str, format: &Format) -> Result<(), Error> {
    sheet.write_string_with_format(row, column, fitting(text), format)?;
    Ok(())
}

/// As much of a text as a cell holds.
pub(in crate::export) fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut units = 1;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= LONGEST
    });
    kept.chain(['…']).collect()
}

fn excel_date(date: crate::record::CivilDate) -> Option<ExcelDateTime> {
    let part = |part: u32| u8::try_from(part).ok();
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, part(date.month())?, part(date.day())?).ok()
}
