//! A new PDF/A-2u file: one scan a page, text over it.

use std::io::{Read, Seek, Write};

use juanzong::pdf::{A4, Book, Description, HiddenText, Sheet as BookSheet, paper_size};
use juanzong::record::PageRecord;

use super::super::{Error, PROGRAM, Remark, VERSION};
use super::geometry::Map;
use super::picture;
use crate::decode::{Picture, PictureColour};

/// Writes a new file.
pub(super) struct Whole<W> {
    book: Book<W>,
    redrawn: bool,
}

/// What stands on a page.
pub(super) struct Sheet<'a> {
    /// The scan and its coded bytes.
    pub(super) scan: Option<(&'a Picture, Vec<u8>)>,
    /// The text; `None` when the page could not be read.
    pub(super) record: Option<&'a PageRecord>,
}

impl<W: Write> Whole<W> {
    pub(super) fn new(out: W, title: &str) -> Result<Self, Error> {
        let description = Description {
            title: title.to_owned(),
            producer: format!("{PROGRAM} {VERSION}"),
            ..Description::default()
        };
        Ok(Self {
            book: Book::new(out, description)?,
            redrawn: false,
        })
    }

    pub(super) fn sheet(&mut self, sheet: Sheet<'_>, file: &mut (impl Read + Seek)) -> Result<(), Error> {
        let size = size(&sheet);
        let mut image = None;
        if let Some((scan, carried)) = sheet.scan {
            if matches!(scan.colour, PictureColour::Cmyk { .. }) {
                self.book.give_up_archival();
            }
            self.redrawn |= scan.drawn;
            let coded = picture::coded_bytes(scan, carried, file)?;
            let id = self.book.next_ref()?;
            picture::write(self.book.objects(), id, scan, &coded)?;
            let rotation = sheet.record.map_or(0, |record| record.rotation);
            image = Some((id, upright(scan, rotation, size)));
        }
        let text = sheet.record.map(|record| HiddenText {
            text: &record.text,
            skew: record.skew,
            pixels: (record.width, record.height),
        });
        Ok(self.book.page(&BookSheet {
            size,
            image,
            text,
            print: None,
            below: 0.0,
        })?)
    }

    pub(super) fn finish(&mut self) -> Result<Vec<Remark>, Error> {
        self.book.end()?;
        let mut remarks = Vec::new();
        if self.redrawn {
            remarks.push(Remark::Redrawn);
        }
        if !self.book.is_archival() {
            remarks.push(Remark::NotArchival);
        }
        Ok(remarks)
    }
}

/// Size of the upright page in points.
fn size(sheet: &Sheet<'_>) -> (f64, f64) {
    let pixels = match (sheet.record, &sheet.scan) {
        (Some(record), _) if record.width > 0 && record.height > 0 => (record.width, record.height),
        (_, Some((scan, _))) if scan.orientation > 4 => (scan.height, scan.width),
        (_, Some((scan, _))) => (scan.width, scan.height),
        _ => return A4,
    };
    paper_size(pixels, sheet.record.and_then(|record| record.dpi))
}

/// The scan upright over the whole page.
fn upright(scan: &Picture, rotation: u32, (width, height): (f64, f64)) -> Map {
    Map::flip()
        .then(Map::orient(scan.orientation))
        .then(Map::turn(rotation))
        .then(Map::flip())
        .then(Map::scale(width, height))
}
