//! Searchable PDF (双层PDF): the scan as it is, and invisible text over its print.
//!
//! Scans that are no PDF become a new file of level PDF/A-2u. A PDF keeps its bytes and gets the text by an incremental
//! update; that does not claim PDF/A, because what was there before is not checked. A PDF that cannot be added to
//! (encrypted, damaged) has to be written anew before ([`ScanFile::rebuild`](crate::decode::ScanFile::rebuild)); its pages
//! are drawn into a new file when that was not done.

mod old_text;
mod picture;
mod update;
mod whole;

use std::fs::File;
use std::io::Write;

use juanzong::pdf::{geometry, letters, objects, text_layer};
use juanzong::record::PageRecord;

use self::letters::Letters;
use self::update::Update;
use self::whole::{Sheet, Whole};
use super::{Error, PageWriter, Remark, Scan};
use crate::decode::{Failure, Original};

/// Writes a searchable PDF.
pub struct PdfWriter<W> {
    state: State<W>,
    file: File,
    name: String,
    /// Of a file that gets its text by an update.
    letters: Letters,
    /// Pages at the beginning that could not be read at all, when it is not known yet what the file becomes.
    blank: usize,
}

enum State<W> {
    Undecided(Option<W>),
    Whole(Box<Whole<W>>),
    Update(Box<Update<W>>),
}

impl<W: Write> PdfWriter<W> {
    /// Writes to `out`; coded pictures are copied from `file`, the scan file, whose name is the title.
    pub fn new(out: W, file: File, name: &str) -> Self {
        Self {
            state: State::Undecided(Some(out)),
            file,
            name: name.to_owned(),
            letters: Letters::default(),
            blank: 0,
        }
    }

    /// The new file, begun when it is not yet.
    fn whole(&mut self) -> Result<&mut Whole<W>, Error> {
        if let State::Undecided(out) = &mut self.state
            && let Some(out) = out.take()
        {
            let mut whole = Whole::new(out, &self.name)?;
            for _ in 0..std::mem::take(&mut self.blank) {
                let nothing = Sheet {
                    scan: None,
                    record: None,
                };
                whole.sheet(nothing, &mut self.file)?;
            }
            self.state = State::Whole(Box::new(whole));
        }
        match &mut self.state {
            State::Whole(whole) => Ok(whole),
            // Its first page could be added to, and this one cannot.
            State::Undecided(_) | State::Update(_) => Err(Error::ScanChanged),
        }
    }

    fn write(&mut self, record: Option<&PageRecord>, scan: Option<Scan>) -> Result<(), Error> {
        match scan.map(|scan| (scan.original, scan.bytes)) {
            Some((Original::PdfPage(page), _)) => {
                if let State::Undecided(out) = &mut self.state
                    && let Some(out) = out.take()
                {
                    let update = Update::new(out, page.file.clone(), &mut self.file)?;
                    self.state = State::Update(Box::new(update));
                }
                match (&mut self.state, record) {
                    (State::Update(update), Some(record)) => update.page(&page, record, &mut self.letters),
                    (State::Update(_), None) => Ok(()),
                    _ => Err(Error::ScanChanged),
                }
            }
            Some((Original::Picture(picture), bytes)) => {
                self.whole()?;
                self.sheet(Sheet {
                    scan: Some((&picture, bytes)),
                    record,
                })
            }
            None => match &mut self.state {
                // The page stays as it is in its file.
                State::Update(_) => Ok(()),
                State::Undecided(_) if record.is_none() => {
                    self.blank += 1;
                    Ok(())
                }
                State::Undecided(_) | State::Whole(_) => {
                    self.whole()?;
                    self.sheet(Sheet { scan: None, record })
                }
            },
        }
    }

    fn sheet(&mut self, sheet: Sheet<'_>) -> Result<(), Error> {
        match &mut self.state {
            State::Whole(whole) => whole.sheet(sheet, &mut self.file),
            State::Undecided(_) | State::Update(_) => Err(Error::ScanChanged),
        }
    }
}

impl<W: Write + Send> PageWriter for PdfWriter<W> {
    fn page(&mut self, page: &PageRecord, scan: Option<Scan>) -> Result<(), Error> {
        self.write(Some(page), scan)
    }

    fn failed(&mut self, _: u32, _: &Failure, scan: Option<Scan>) -> Result<(), Error> {
        self.write(None, scan)
    }

    fn finish(&mut self) -> Result<Vec<Remark>, Error> {
        if let State::Undecided(_) = self.state {
            self.whole()?;
        }
        match &mut self.state {
            State::Whole(whole) => whole.finish(),
            State::Update(update) => update.finish(&self.letters),
            State::Undecided(_) => Err(Error::ScanChanged),
        }
    }

    fn wants_scans(&self) -> bool {
        true
    }
}
