//! Plain text: pages separated by form feeds.

use std::io::Write;

use juanzong::record::PageRecord;

use super::{Error, PageWriter, Remark, Scan};
use crate::decode::Failure;

/// Writes plain text.
pub(super) struct TextWriter<W> {
    out: W,
    begun: bool,
}

impl<W: Write> TextWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, begun: false }
    }

    fn separate(&mut self) -> Result<(), Error> {
        if self.begun {
            self.out.write_all(b"\n\x0c")?;
        }
        self.begun = true;
        Ok(())
    }
}

impl<W: Write + Send> PageWriter for TextWriter<W> {
    fn page(&mut self, page: &PageRecord, _: Option<Scan>) -> Result<(), Error> {
        self.separate()?;
        Ok(self.out.write_all(page.text.text().as_bytes())?)
    }

    fn failed(&mut self, _: u32, _: &Failure, _: Option<Scan>) -> Result<(), Error> {
        self.separate()
    }

    fn finish(&mut self) -> Result<Vec<Remark>, Error> {
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        Ok(Vec::new())
    }
}
