//! A workbook: the cases on its first sheets, what was asked for on the last.

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::cases::Table;
use super::columns::{Cell, Column};
use super::{Error, ExportOptions};

/// Rows of a sheet.
const ROWS: u32 = 1_048_576;
/// Longest text of a cell, in units of UTF-16.
const LONGEST: usize = 32_767;

/// A table as workbook, with real dates and numbers. Texts are cells of type text with the mark of a text, so that none
/// becomes a formula, also when it is edited or saved as CSV by a program that keeps the mark.
///
/// A workbook is put together from its sheets at the end; until then their rows are in temporary files.
pub(super) struct XlsxTable<W> {
    out: W,
    book: Workbook,
    columns: Vec<Column>,
    headings: Vec<&'static str>,
    sheet_name: &'static str,
    /// Sheets of cases so far, and the next row of the last.
    sheets: usize,
    next: u32,
    text: Format,
    date: Format,
    head: Format,
}

impl<W: Write> XlsxTable<W> {
    pub(super) fn new(out: W, options: &ExportOptions) -> Result<Self, Error> {
        Ok(Self {
            out,
            book: Workbook::new(),
            columns: Vec::new(),
            headings: Vec::new(),
            sheet_name: options.pick("案卷", "Cases"),
            sheets: 0,
            next: 0,
            text: Format::new().set_quote_prefix(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            head: Format::new().set_bold().set_quote_prefix(),
        })
    }

    fn begin_sheet(&mut self) -> Result<(), Error> {
        self.end_sheet()?;
        self.sheets += 1;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(match self.sheets {
            1 => self.sheet_name.to_owned(),
            n => format!("{} {n}", self.sheet_name),
        })?;
        sheet.set_freeze_panes(1, 1)?;
        for ((column, heading), at) in self.columns.iter().zip(&self.headings).zip(0..) {
            sheet.set_column_width(at, f64::from(column.width()))?;
            sheet.write_string_with_format(0, at, *heading, &self.head)?;
        }
        self.next = 1;
        Ok(())
    }

    /// Lets people filter by any column.
    fn end_sheet(&mut self) -> Result<(), Error> {
        let last = u16::try_from(self.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        let Some(at) = self.sheets.checked_sub(1) else {
            return Ok(());
        };
        let sheet = self.book.worksheet_from_index(at)?;
        sheet.autofilter(0, 0, self.next.saturating_sub(1), last)?;
        Ok(())
    }
}

impl<W: Write> Table for XlsxTable<W> {
    fn head(&mut self, columns: &[Column], options: &ExportOptions) -> Result<(), Error> {
        self.columns = columns.to_vec();
        self.headings = columns.iter().map(|column| column.heading(options.labels)).collect();
        self.begin_sheet()
    }

    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Error> {
        if self.next == ROWS {
            self.begin_sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheets.saturating_sub(1))?;
        for (cell, at) in cells.into_iter().zip(0..) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => write_text(sheet, (self.next, at), &text, &self.text)?,
                Cell::Number(number) => {
                    sheet.write_number(self.next, at, number)?;
                }
                Cell::Date(date) => match excel_date(date) {
                    Some(day) => {
                        sheet.write_datetime_with_format(self.next, at, &day, &self.date)?;
                    }
                    // Workbooks know no days before 1900.
                    None => write_text(sheet, (self.next, at), &date.to_string(), &self.text)?,
                },
            }
        }
        self.next += 1;
        Ok(())
    }

    fn finish(mut self, notes: &[(String, String)], options: &ExportOptions) -> Result<(), Error> {
        self.end_sheet()?;
        let sheet = self.book.add_worksheet();
        sheet.set_name(options.pick("导出说明", "About this export"))?;
        sheet.set_column_width(0, 22)?;
        sheet.set_column_width(1, 80)?;
        for ((name, value), row) in notes.iter().zip(0..) {
            sheet.write_string_with_format(row, 0, name, &self.head)?;
            write_text(sheet, (row, 1), value, &self.text)?;
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
pub(super) fn fitting(text: &str) -> String {
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
