//! Text added to a PDF by an incremental update (ISO 32000-1, 7.5.6): the file itself stays as it is, byte for byte, and
//! newer versions of its page dictionaries follow it.

use std::io::{Read, Seek, SeekFrom, Write};

use juanzong::record::{PageRecord, TextSource};
use pdf_writer::{Chunk, Ref};

use super::super::{Error, Remark};
use super::geometry::Map;
use super::letters::{FONT, Letters, OBJECTS as FONT_OBJECTS, write_stream};
use super::objects::Objects;
use super::text_layer;
use crate::decode::{PdfPage, PdfTrailer};

/// A page keeps its hidden text when that has at least this share of the letters that were read.
const GOOD_SHARE: f64 = 0.7;

/// Writes the update.
pub(super) struct Update<W> {
    objects: Objects<W>,
    trailer: PdfTrailer,
    font: Ref,
    /// `q`, so that what the page leaves behind does not move its text.
    save: Ref,
    next: i32,
    pages: usize,
    kept: bool,
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
            save: Ref::new(first.max(1) + FONT_OBJECTS),
            next: first.max(1) + FONT_OBJECTS + 1,
            pages: 0,
            kept: false,
        };
        // Objects begin on a line of their own; nothing is added when the file gets no text.
        if last != b'\n' && last != b'\r' {
            update.objects.bytes(b"\n")?;
        }
        Ok(update)
    }

    /// Adds the text of a page to it, unless it has that text already.
    pub(super) fn page(&mut self, page: &PdfPage, record: &PageRecord, letters: &mut Letters) -> Result<(), Error> {
        if page.file != self.trailer {
            return Err(Error::ScanChanged);
        }
        let upright_already = record.rotation == 0;
        if record.source == TextSource::TextLayer && upright_already {
            return Ok(());
        }
        let content = if has_text(page, record) {
            self.kept = true;
            if upright_already {
                return Ok(());
            }
            Vec::new()
        } else {
            text_layer::content(&record.text, record.skew, map(page, record), letters)
        };
        if content.is_empty() && upright_already {
            return Ok(());
        }
        self.pages += 1;
        let mut body = b"<< ".to_vec();
        body.extend_from_slice(&page.entries);
        let rotate = (page.rotate + record.rotation) % 360;
        body.extend_from_slice(format!("/Rotate {rotate} /Contents [").as_bytes());
        if content.is_empty() {
            body.extend_from_slice(&page.contents);
            body.extend_from_slice(b"] /Resources << ");
            body.extend_from_slice(&page.resources);
            body.extend_from_slice(b"/Font << ");
            body.extend_from_slice(&page.fonts);
        } else {
            let own = Ref::new(self.next);
            self.next = self.next.checked_add(1).ok_or(Error::TooManyObjects)?;
            write_stream(&mut self.objects, own, &[b"\nQ\n", content.as_slice()].concat())?;
            body.extend_from_slice(format!("{} 0 R ", self.save.get()).as_bytes());
            body.extend_from_slice(&page.contents);
            body.extend_from_slice(format!("{} 0 R] /Resources << ", own.get()).as_bytes());
            body.extend_from_slice(&page.resources);
            body.extend_from_slice(b"/Font << ");
            body.extend_from_slice(&page.fonts);
            body.extend_from_slice(b"/");
            body.extend_from_slice(FONT.0);
            body.extend_from_slice(format!(" {} 0 R ", self.font.get()).as_bytes());
        }
        body.extend_from_slice(b">> >> >>");
        Ok(self.objects.raw_object(page.object, &body)?)
    }

    pub(super) fn finish(&mut self, letters: &Letters) -> Result<Vec<Remark>, Error> {
        let remarks = if self.kept {
            vec![Remark::KeptTextLayer]
        } else {
            Vec::new()
        };
        if self.pages == 0 {
            self.objects.flush()?;
            return Ok(remarks);
        }
        if !letters.is_empty() {
            letters.write(&mut self.objects, self.font)?;
            let mut chunk = Chunk::new();
            chunk.stream(self.save, b"q\n");
            self.objects.object(&chunk)?;
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

/// Whether the page has its text already: ours from an earlier run, or that of another program under the scan.
fn has_text(page: &PdfPage, record: &PageRecord) -> bool {
    let ours = [b"/".as_slice(), FONT.0, b" "].concat();
    if page.fonts.windows(ours.len()).any(|w| w == ours) {
        return true;
    }
    let lines = record.text.lines.iter().flat_map(|line| line.text.chars());
    let read = lines.filter(|c| !c.is_whitespace()).count();
    #[allow(clippy::cast_precision_loss)] // letters of a page
    let enough = page.hidden_letters as f64 >= read as f64 * GOOD_SHARE;
    page.hidden_letters > 0 && enough
}

/// From pixels of the upright page to the coordinates of the PDF page.
fn map(page: &PdfPage, record: &PageRecord) -> Map {
    let side = |pixels: u32| 1.0 / f64::from(pixels.max(1));
    Map::scale(side(record.width), side(record.height))
        .then(Map::turn(360 - record.rotation % 360))
        .then(Map::scale(page.shown.0, page.shown.1))
        .then(Map(page.to_page))
}
