//! JSON Lines: a row a line, and what the table says about itself in the last.

use std::io::Write;

use serde_json::json;

use super::{Cell, Form, Heading, Note};
use crate::export::Error;

/// A table as lines. The last is `{"about": […]}`; all before it are rows.
pub(super) struct LinesTable<W> {
    out: W,
}

impl<W: Write> LinesTable<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Form for LinesTable<W> {
    fn head(&mut self, _: &[Heading]) -> Result<(), Error> {
        Ok(())
    }

    fn row(&mut self, _: Vec<Cell>, line: &[u8]) -> Result<(), Error> {
        Ok(self.out.write_all(line)?)
    }

    fn finish(mut self: Box<Self>, notes: Vec<Note>) -> Result<(), Error> {
        serde_json::to_writer(&mut self.out, &json!({ "about": notes }))?;
        self.out.write_all(b"\n")?;
        Ok(self.out.flush()?)
    }
}
