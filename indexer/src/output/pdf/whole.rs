//! A new PDF/A-2u file: one scan a page, text over it.

use std::io::{Read, Seek, Write};

use juanzong::record::PageRecord;
use pdf_writer::types::OutputIntentSubtype;
use pdf_writer::{Chunk, Content, Finish, Name, Rect, Ref, TextStr};

use super::super::{Error, Remark};
use super::geometry::Map;
use super::letters::{FONT, Letters, OBJECTS as FONT_OBJECTS, write_stream};
use super::objects::Objects;
use super::{archival, picture, text_layer};
use crate::decode::{Picture, PictureColour};

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const METADATA: Ref = Ref::new(4);
const PROFILE: Ref = Ref::new(5);
const FONT_REF: Ref = Ref::new(6);
const IMAGE: Name<'_> = Name(b"Scan");

/// Size of a page of which nothing is known, in points: A4.
const A4: (f64, f64) = (595.28, 841.89);
/// Longest side of a page in points (ISO 19005-2, 6.1.13).
const MAX_SIDE: f64 = 14_400.0;
/// Shortest side.
const MIN_SIDE: f64 = 3.0;
/// Long side of A4 paper in inches: what a page is taken for when its resolution is not known.
const A4_INCHES: f64 = 11.69;

/// Writes a new file.
pub(super) struct Whole<W> {
    objects: Objects<W>,
    pages: Vec<Ref>,
    next: i32,
    title: String,
    archival: bool,
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
        let mut objects = Objects::new(out);
        // Bytes above 127 tell programs that move files that this is no text.
        objects.bytes(b"%PDF-1.7\n%\xe5\x8d\xb7\xe5\xae\x97\n")?;
        Ok(Self {
            objects,
            pages: Vec::new(),
            next: FONT_REF.get() + FONT_OBJECTS,
            title: title.to_owned(),
            archival: true,
            redrawn: false,
        })
    }

    fn next_ref(&mut self) -> Result<Ref, Error> {
        let id = self.next;
        self.next = id.checked_add(1).ok_or(Error::TooManyObjects)?;
        Ok(Ref::new(id))
    }

    pub(super) fn sheet(
        &mut self,
        sheet: Sheet<'_>,
        file: &mut (impl Read + Seek),
        letters: &mut Letters,
    ) -> Result<(), Error> {
        let (page_ref, content_ref, image_ref) = (self.next_ref()?, self.next_ref()?, self.next_ref()?);
        self.pages.push(page_ref);
        let (width, height) = size(&sheet);
        let mut content = Vec::new();
        let has_image = sheet.scan.is_some();
        if let Some((scan, carried)) = sheet.scan {
            self.archival &= !matches!(scan.colour, PictureColour::Cmyk { .. });
            self.redrawn |= scan.drawn;
            let coded = picture::coded_bytes(scan, carried, file)?;
            picture::write(&mut self.objects, image_ref, scan, &coded)?;
            let rotation = sheet.record.map_or(0, |record| record.rotation);
            content.extend_from_slice(&place_image(scan, rotation, (width, height)));
        } else {
            // The number is in the table of contents of the file all the same.
            let mut chunk = Chunk::new();
            chunk.indirect(image_ref).primitive(0);
            self.objects.object(&chunk)?;
        }
        if let Some(record) = sheet.record.filter(|r| r.width > 0 && r.height > 0) {
            let to_points = Map::scale(1.0 / f64::from(record.width), 1.0 / f64::from(record.height))
                .then(Map::flip())
                .then(Map::scale(width, height));
            content.extend_from_slice(&text_layer::content(&record.text, record.skew, to_points, letters));
        }
        write_stream(&mut self.objects, content_ref, &content)?;
        let mut chunk = Chunk::new();
        let mut page = chunk.page(page_ref);
        #[allow(clippy::cast_possible_truncation)] // points of a page
        page.parent(PAGES)
            .media_box(Rect::new(0.0, 0.0, width as f32, height as f32))
            .contents(content_ref);
        let mut resources = page.resources();
        resources.fonts().pair(FONT, FONT_REF);
        if has_image {
            resources.x_objects().pair(IMAGE, image_ref);
        }
        resources.finish();
        page.finish();
        self.objects.object(&chunk)
    }

    pub(super) fn finish(&mut self, letters: &Letters) -> Result<Vec<Remark>, Error> {
        letters.write(&mut self.objects, FONT_REF)?;
        let mut chunk = Chunk::new();
        let count = i32::try_from(self.pages.len()).map_err(|_| Error::TooManyObjects)?;
        chunk.pages(PAGES).kids(self.pages.iter().copied()).count(count);
        self.objects.object(&chunk)?;

        let mut chunk = Chunk::new();
        let mut info = chunk.indirect(INFO).dict();
        info.pair(Name(b"Title"), TextStr(&self.title));
        info.pair(Name(b"Producer"), TextStr(&archival::producer()));
        info.finish();
        self.objects.object(&chunk)?;

        let mut chunk = Chunk::new();
        chunk.metadata(METADATA, archival::xmp(&self.title, self.archival).as_bytes());
        self.objects.object(&chunk)?;

        let profile = archival::srgb_profile()?;
        let mut chunk = Chunk::new();
        chunk.icc_profile(PROFILE, &profile).n(3).finish();
        self.objects.object(&chunk)?;

        let mut chunk = Chunk::new();
        let mut catalog = chunk.indirect(CATALOG).start::<pdf_writer::writers::Catalog<'_>>();
        catalog.pages(PAGES).metadata(METADATA).lang(TextStr("zh-CN"));
        let mut intents = catalog.output_intents();
        intents
            .push()
            .subtype(OutputIntentSubtype::PDFA)
            .output_condition_identifier(TextStr("sRGB"))
            .info(TextStr("sRGB IEC61966-2.1"))
            .dest_output_profile(PROFILE);
        intents.finish();
        catalog.finish();
        self.objects.object(&chunk)?;

        let id = hex::encode(self.objects.digest());
        let trailer = format!("/Root 1 0 R /Info 3 0 R /ID [<{id}> <{id}>] ");
        let size = u32::try_from(self.next).map_err(|_| Error::TooManyObjects)?;
        self.objects.finish_with_table(size, trailer.as_bytes(), true)?;
        let mut remarks = Vec::new();
        if self.redrawn {
            remarks.push(Remark::Redrawn);
        }
        if !self.archival {
            remarks.push(Remark::NotArchival);
        }
        Ok(remarks)
    }
}

/// Size of the upright page in points: by the resolution, else as if its long side were that of A4.
fn size(sheet: &Sheet<'_>) -> (f64, f64) {
    let pixels = match (sheet.record, &sheet.scan) {
        (Some(record), _) if record.width > 0 && record.height > 0 => (record.width, record.height),
        (_, Some((scan, _))) if scan.orientation > 4 => (scan.height, scan.width),
        (_, Some((scan, _))) => (scan.width, scan.height),
        _ => return A4,
    };
    let (width, height) = (f64::from(pixels.0), f64::from(pixels.1));
    let long = width.max(height);
    let dpi = sheet
        .record
        .and_then(|record| record.dpi)
        .map_or(long / A4_INCHES, f64::from);
    let dpi = dpi.max(long * 72.0 / MAX_SIDE);
    let points = |side: f64| (side * 72.0 / dpi).max(MIN_SIDE);
    (points(width), points(height))
}

/// Operators that show the scan upright over the whole page.
fn place_image(scan: &Picture, rotation: u32, (width, height): (f64, f64)) -> Vec<u8> {
    let Map(matrix) = Map::flip()
        .then(Map::orient(scan.orientation))
        .then(Map::turn(rotation))
        .then(Map::flip())
        .then(Map::scale(width, height));
    #[allow(clippy::cast_possible_truncation)] // points of a page
    let matrix = matrix.map(|v| v as f32);
    let mut content = Content::new();
    content.save_state();
    content.transform(matrix);
    content.x_object(IMAGE);
    content.restore_state();
    let mut bytes = content.finish().to_vec();
    bytes.push(b'\n');
    bytes
}
