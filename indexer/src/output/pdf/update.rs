//! Text added to a PDF by an incremental update (ISO 32000-1, 7.5.6): the file itself stays as it is, byte for byte, and
//! newer versions of its page dictionaries follow it.

use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom, Write};

use juanzong::record::{PageRecord, TextSource};
use pdf_writer::Ref;

use super::super::{Error, Remark};
use super::geometry::Map;
use super::letters::{FONT, Letters, OBJECTS as FONT_OBJECTS, compressed, write_stream};
use super::objects::Objects;
use super::old_text::{self, Hidden};
use super::text_layer;
use crate::decode::{Form, PdfPage, PdfTrailer};

/// Writes the update.
pub(super) struct Update<W> {
    objects: Objects<W>,
    trailer: PdfTrailer,
    font: Ref,
    next: i32,
    pages: usize,
    remarks: BTreeSet<Remark>,
    /// Form objects that have their new version already.
    forms: BTreeSet<(u32, u16)>,
}

impl<W: Write> Update<W> {
    /// Copies the file; its length must be the one that it had when it was read.
    pub(super) fn new(out: W, trailer: PdfTrailer, file: &mut (impl Read + Seek)) -> Result<Self, Error> {
        let mut objects = Objects::new(out);
        file.seek(SeekFrom::Start(0))?;
        let mut buffer = vec![0; 256 << 10];
        let mut left = trailer.length;
        let mut last = b'\n';
        while left > 0 {
            let want = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let Some(piece) = buffer.get_mut(..want) else { break };
            let count = file.read(piece)?;
            let piece = piece.get(..count).unwrap_or_default();
            if count == 0 {
                return Err(Error::ScanChanged);
            }
            objects.bytes(piece)?;
            last = piece.last().copied().unwrap_or(last);
            left -= count as u64;
        }
        if file.read(&mut [0])? != 0 {
            return Err(Error::ScanChanged);
        }
        let first = i32::try_from(trailer.first_free).map_err(|_| Error::TooManyObjects)?;
        let mut update = Self {
            objects,
            trailer,
            font: Ref::new(first.max(1)),
            next: first.max(1) + FONT_OBJECTS,
            pages: 0,
            remarks: BTreeSet::new(),
            forms: BTreeSet::new(),
        };
        // Objects begin on a line of their own; nothing is added when the file gets no text.
        if last != b'\n' && last != b'\r' {
            update.objects.bytes(b"\n")?;
        }
        Ok(update)
    }

    /// Adds the text of a page to it, unless it has that text already. Hidden text that says something else is taken out.
    pub(super) fn page(&mut self, page: &PdfPage, record: &PageRecord, letters: &mut Letters) -> Result<(), Error> {
        if page.file != self.trailer {
            return Err(Error::ScanChanged);
        }
        let upright_already = record.rotation == 0;
        if record.source == TextSource::TextLayer && upright_already {
            return Ok(());
        }
        let text = old_text::without_printed(page, record);
        let (wanted, clean) = match (
            old_text::compare(&page.hidden_text, &text, record.confidence),
            &page.clean,
        ) {
            (Hidden::Nothing, _) => (true, None),
            (Hidden::Other, Some(clean)) => {
                self.remarks.insert(Remark::ReplacedTextLayer);
                (true, Some(clean))
            }
            (Hidden::Same, _) => {
                self.remarks.insert(Remark::KeptTextLayer);
                (false, None)
            }
            (Hidden::Other, None) => {
                self.remarks.insert(Remark::DoubtfulTextLayer);
                // Better twice than only wrong; but ours no second time.
                (page.own_font.is_empty(), None)
            }
        };
        let content = if wanted {
            text_layer::content(&text, record.skew, map(page, record), letters)
        } else {
            Vec::new()
        };
        if content.is_empty() && clean.is_none() && upright_already {
            return Ok(());
        }
        self.pages += 1;
        // Before what the page paints: where its own content ends the graphics state may be any.
        let mut contents = Vec::new();
        if !content.is_empty() {
            contents.extend(self.stream(&content)?);
        }
        match clean {
            Some(clean) => {
                contents.extend(self.stream(&clean.content)?);
                for form in &clean.forms {
                    self.form(form)?;
                }
            }
            None => contents.extend_from_slice(&page.contents),
        }
        // Text that stays may be ours.
        let mut fonts = page.fonts.clone();
        if content.is_empty() {
            fonts.extend_from_slice(&page.own_font);
        } else {
            fonts.extend_from_slice(b"/");
            fonts.extend_from_slice(FONT.0);
            fonts.extend_from_slice(format!(" {} 0 R ", self.font.get()).as_bytes());
        }
        let rotate = (page.rotate + record.rotation) % 360;
        let body = [
            b"<< ",
            page.entries.as_slice(),
            format!("/Rotate {rotate} /Contents [").as_bytes(),
            &contents,
            b"] /Resources << ",
            &page.resources,
            b"/Font << ",
            &fonts,
            b">> >> >>",
        ]
        .concat();
        Ok(self.objects.raw_object(page.object, &body)?)
    }

    /// Writes a new stream; gives a reference to it.
    fn stream(&mut self, content: &[u8]) -> Result<Vec<u8>, Error> {
        let own = Ref::new(self.next);
        self.next = self.next.checked_add(1).ok_or(Error::TooManyObjects)?;
        write_stream(&mut self.objects, own, content)?;
        Ok(format!("{} 0 R ", own.get()).into_bytes())
    }

    /// Writes the new version of a form object. Pages may share it.
    fn form(&mut self, form: &Form) -> Result<(), Error> {
        if !self.forms.insert(form.object) {
            return Ok(());
        }
        let packed = compressed(&form.content)?;
        let body = [
            b"<< ",
            form.entries.as_slice(),
            format!("/Filter /FlateDecode /Length {} >>\nstream\n", packed.len()).as_bytes(),
            &packed,
            b"\nendstream",
        ]
        .concat();
        Ok(self.objects.raw_object(form.object, &body)?)
    }

    pub(super) fn finish(&mut self, letters: &Letters) -> Result<Vec<Remark>, Error> {
        let remarks = self.remarks.iter().copied().collect();
        if self.pages == 0 {
            self.objects.flush()?;
            return Ok(remarks);
        }
        if !letters.is_empty() {
            letters.write(&mut self.objects, self.font)?;
        }
        let size = u32::try_from(self.next).map_err(|_| Error::TooManyObjects)?;
        let mut entries = format!("/Prev {} ", self.trailer.previous).into_bytes();
        entries.extend_from_slice(&self.trailer.entries);
        if self.trailer.stream {
            self.objects.finish_with_stream(size, &entries)?;
        } else {
            self.objects.finish_with_table(size, &entries, false)?;
        }
        Ok(remarks)
    }
}

/// From pixels of the upright page to the coordinates of the PDF page.
fn map(page: &PdfPage, record: &PageRecord) -> Map {
    let side = |pixels: u32| 1.0 / f64::from(pixels.max(1));
    Map::scale(side(record.width), side(record.height))
        .then(Map::turn(360 - record.rotation % 360))
        .then(Map::scale(page.shown.0, page.shown.1))
        .then(Map(page.to_page))
}
