//! CSV (RFC 4180) as spreadsheet programs read it.

use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use super::{Cell, Form, Heading, Note, guarded};
use crate::export::Error;

/// What Excel wants at the beginning, to take the file for UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

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

impl<W: Write> Form for CsvTable<W> {
    fn head(&mut self, headings: &[Heading]) -> Result<(), Error> {
        self.columns = headings.len();
        self.record(headings.iter().map(|heading| heading.label.as_str()))
    }

    fn row(&mut self, cells: Vec<Cell>, _: &[u8]) -> Result<(), Error> {
        for cell in &cells {
            let text = cell.text();
            // A number is no formula, whatever its sign.
            let shown = match cell {
                Cell::Whole(_) | Cell::Real(_) | Cell::Share(_) => text.as_str().into(),
                _ => guarded(&text),
            };
            self.writer.write_field(shown.as_bytes())?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    fn finish(mut self: Box<Self>, notes: Vec<Note>) -> Result<(), Error> {
        for note in &notes {
            let name = format!("# {}", note.label);
            let rest = std::iter::repeat_n("", self.columns.saturating_sub(2));
            self.record([name.as_str(), &note.value].into_iter().chain(rest))?;
        }
        Ok(self.writer.flush()?)
    }
}
