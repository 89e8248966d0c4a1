//! CSV (RFC 4180) as spreadsheet programs read it.

use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use super::cases::Table;
use super::columns::{Cell, Column};
use super::guard::guarded;
use super::{Error, ExportOptions};

/// What Excel wants at the beginning, to take the file for UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A table as CSV. What it says about itself are rows at its end whose first cell begins with `#`, which programs that
/// read CSV can leave out as comments.
pub(super) struct CsvTable<W: Write> {
    writer: Writer<W>,
    columns: usize,
}

impl<W: Write> CsvTable<W> {
    pub(super) fn new(mut out: W, byte_order_mark: bool) -> Result<Self, Error> {
        if byte_order_mark {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        Ok(Self {
            writer: WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out),
            columns: 0,
        })
    }

    fn record<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
        for text in texts {
            self.writer.write_field(guarded(text).as_bytes())?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }
}

impl<W: Write> Table for CsvTable<W> {
    fn head(&mut self, columns: &[Column], options: &ExportOptions) -> Result<(), Error> {
        self.columns = columns.len();
        self.record(columns.iter().map(|column| column.heading(options.labels)))
    }

    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Error> {
        let texts: Vec<String> = cells
            .into_iter()
            .map(|cell| match cell {
                Cell::Empty => String::new(),
                Cell::Text(text) => text,
                Cell::Date(date) => date.to_string(),
                Cell::Number(number) => number.to_string(),
            })
            .collect();
        self.record(texts.iter().map(String::as_str))
    }

    fn finish(mut self, notes: &[(String, String)], _: &ExportOptions) -> Result<(), Error> {
        for (name, value) in notes {
            let name = format!("# {name}");
            let rest = std::iter::repeat_n("", self.columns.saturating_sub(2));
            self.record([name.as_str(), value].into_iter().chain(rest))?;
        }
        Ok(self.writer.flush()?)
    }
}
