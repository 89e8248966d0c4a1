//! A new PDF/A-2u file, page by page: pictures with invisible text over them, and bookmarks.
//!
//! Nothing of a page is kept after it was written, so a file of many pages takes no more memory than a small one.

use std::io::Write;

use pdf_writer::types::OutputIntentSubtype;
use pdf_writer::{Chunk, Content, Finish, Name, Rect, Ref, TextStr};

use super::archival::{self, Description};
use super::geometry::Map;
use super::letters::{FONT, Letters, OBJECTS as FONT_OBJECTS, write_stream};
use super::objects::Objects;
use super::{Error, text_layer};
use crate::record::PageText;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const METADATA: Ref = Ref::new(4);
const PROFILE: Ref = Ref::new(5);
const FONT_REF: Ref = Ref::new(6);
const IMAGE: Name<'_> = Name(b"Scan");

/// Size of a page of which nothing is known, in points: A4.
pub const A4: (f64, f64) = (595.28, 841.89);
/// Longest side of a page in points (ISO 19005-2, 6.1.13).
const MAX_SIDE: f64 = 14_400.0;
/// Shortest side.
const MIN_SIDE: f64 = 3.0;
/// Long side of A4 paper in inches: what a page is taken for when its resolution is not known.
const A4_INCHES: f64 = 11.69;

/// Writes a new file.
pub struct Book<W> {
    objects: Objects<W>,
    letters: Letters,
    pages: Vec<Ref>,
    /// Titles, and the index of the page that each leads to.
    bookmarks: Vec<(String, usize)>,
    next: i32,
    description: Description,
    archival: bool,
}

/// What stands on a page.
#[derive(Default)]
pub struct Sheet<'a> {
    /// Width and height in points.
    pub size: (f64, f64),
    /// Room below it in points, into which only the print reaches.
    pub below: f64,
    /// The image object, and where its unit square (y upwards) lies on the page.
    pub image: Option<(Ref, Map)>,
    /// The invisible text.
    pub text: Option<HiddenText<'a>>,
    /// What is printed.
    pub print: Option<Print<'a>>,
}

/// What is printed on a page.
pub struct Print<'a> {
    /// The operators.
    pub content: Vec<u8>,
    /// The fonts that they use.
    pub fonts: &'a [(Name<'a>, Ref)],
}

/// The text of a page, whose boxes are in pixels of the upright page.
#[derive(Clone, Copy, Debug)]
pub struct HiddenText<'a> {
    /// The text.
    pub text: &'a PageText,
    /// Its skew in degrees, positive clockwise.
    pub skew: f32,
    /// Width and height of the page in pixels; nothing is written when one is 0.
    pub pixels: (u32, u32),
}

impl<W: Write> Book<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// When the output fails.
    pub fn new(out: W, description: Description) -> Result<Self, Error> {
        let mut objects = Objects::new(out);
        // Bytes above 127 tell programs that move files that this is no text.
        objects.bytes(b"%PDF-1.7\n%\xe5\x8d\xb7\xe5\xae\x97\n")?;
        Ok(Self {
            objects,
            letters: Letters::default(),
            pages: Vec::new(),
            bookmarks: Vec::new(),
            next: FONT_REF.get() + FONT_OBJECTS,
            description,
            archival: true,
        })
    }

    /// A number for an object that the caller writes with [`Self::objects`].
    ///
    /// # Errors
    /// [`Error::TooManyObjects`].
    pub fn next_ref(&mut self) -> Result<Ref, Error> {
        let id = self.next;
        self.next = id.checked_add(1).ok_or(Error::TooManyObjects)?;
        Ok(Ref::new(id))
    }

    /// Where objects of the caller go.
    pub fn objects(&mut self) -> &mut Objects<W> {
        &mut self.objects
    }

    /// The file does not claim PDF/A.
    pub fn give_up_archival(&mut self) {
        self.archival = false;
    }

    /// Whether the file claims PDF/A.
    pub fn is_archival(&self) -> bool {
        self.archival
    }

    /// A bookmark that leads to the next page.
    pub fn bookmark(&mut self, title: String) {
        self.bookmarks.push((title, self.pages.len()));
    }

    /// Writes a page.
    ///
    /// # Errors
    /// When the output fails.
    pub fn page(&mut self, sheet: &Sheet<'_>) -> Result<(), Error> {
        let (page_ref, content_ref) = (self.next_ref()?, self.next_ref()?);
        self.pages.push(page_ref);
        let (width, height) = sheet.size;
        let mut content = Vec::new();
        if let Some((_, map)) = sheet.image {
            content.extend_from_slice(&place_image(map));
        }
        if let Some(hidden) = sheet.text.filter(|t| t.pixels.0 > 0 && t.pixels.1 > 0) {
            let (columns, rows) = hidden.pixels;
            let to_points = Map::scale(1.0 / f64::from(columns), 1.0 / f64::from(rows))
                .then(Map::flip())
                .then(Map::scale(width, height));
            content.extend_from_slice(&text_layer::content(
                hidden.text,
                hidden.skew,
                to_points,
                &mut self.letters,
            ));
        }
        let fonts = match &sheet.print {
            Some(print) => {
                content.extend_from_slice(&print.content);
                print.fonts
            }
            None => &[],
        };
        write_stream(&mut self.objects, content_ref, &content)?;
        let mut chunk = Chunk::new();
        let mut page = chunk.page(page_ref);
        #[allow(clippy::cast_possible_truncation)] // points of a page
        page.parent(PAGES)
            .media_box(Rect::new(0.0, -sheet.below as f32, width as f32, height as f32))
            .contents(content_ref);
        let mut resources = page.resources();
        let mut named = resources.fonts();
        named.pair(FONT, FONT_REF);
        for (name, font) in fonts {
            named.pair(*name, *font);
        }
        named.finish();
        if let Some((image, _)) = sheet.image {
            resources.x_objects().pair(IMAGE, image);
        }
        resources.finish();
        page.finish();
        self.objects.object(&chunk)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the output fails.
    pub fn end(&mut self) -> Result<(), Error> {
        self.letters.write(&mut self.objects, FONT_REF)?;
        let mut chunk = Chunk::new();
        let count = i32::try_from(self.pages.len()).map_err(|_| Error::TooManyObjects)?;
        chunk.pages(PAGES).kids(self.pages.iter().copied()).count(count);
        self.objects.object(&chunk)?;

        let mut chunk = Chunk::new();
        let mut info = chunk.indirect(INFO).dict();
        for (name, text) in self.description.entries() {
            info.pair(Name(name), TextStr(text));
        }
        info.finish();
        self.objects.object(&chunk)?;

        let mut chunk = Chunk::new();
        chunk.metadata(METADATA, archival::xmp(&self.description, self.archival).as_bytes());
        self.objects.object(&chunk)?;

        let profile = archival::srgb_profile()?;
        let mut chunk = Chunk::new();
        chunk.icc_profile(PROFILE, &profile).n(3).finish();
        self.objects.object(&chunk)?;

        let outline = self.outline()?;
        let mut chunk = Chunk::new();
        let mut catalog = chunk.indirect(CATALOG).start::<pdf_writer::writers::Catalog<'_>>();
        catalog.pages(PAGES).metadata(METADATA).lang(TextStr("zh-CN"));
        if let Some(outline) = outline {
            catalog.outlines(outline);
            catalog.page_mode(pdf_writer::types::PageMode::UseOutlines);
        }
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
        self.objects.finish_with_table(size, trailer.as_bytes(), true)
    }
}

impl<W: Write> Book<W> {
    /// Writes the bookmarks; `None` when there are none.
    fn outline(&mut self) -> Result<Option<Ref>, Error> {
        let bookmarks = std::mem::take(&mut self.bookmarks);
        let marks: Vec<(String, Ref)> = bookmarks
            .into_iter()
            .filter_map(|(title, page)| Some((title, *self.pages.get(page)?)))
            .collect();
        let count = i32::try_from(marks.len()).map_err(|_| Error::TooManyObjects)?;
        if marks.is_empty() {
            return Ok(None);
        }
        let root = self.next_ref()?;
        let items: Vec<Ref> = marks.iter().map(|_| self.next_ref()).collect::<Result<_, _>>()?;
        let mut chunk = Chunk::new();
        let mut outline = chunk.outline(root);
        if let (Some(first), Some(last)) = (items.first(), items.last()) {
            outline.first(*first).last(*last).count(count);
        }
        outline.finish();
        self.objects.object(&chunk)?;
        for (at, (title, page)) in marks.iter().enumerate() {
            let Some(id) = items.get(at) else { continue };
            let mut chunk = Chunk::new();
            let mut item = chunk.outline_item(*id);
            item.title(TextStr(title)).parent(root);
            if let Some(before) = at.checked_sub(1).and_then(|at| items.get(at)) {
                item.prev(*before);
            }
            if let Some(after) = items.get(at + 1) {
                item.next(*after);
            }
            item.dest().page(*page).fit();
            item.finish();
            self.objects.object(&chunk)?;
        }
        Ok(Some(root))
    }
}

/// Size in points of a page of so many pixels: by its resolution, else as if its long side were that of A4.
pub fn paper_size((columns, rows): (u32, u32), dpi: Option<u32>) -> (f64, f64) {
    let (width, height) = (f64::from(columns), f64::from(rows));
    let long = width.max(height);
    let dpi = dpi.filter(|dpi| *dpi > 0).map_or(long / A4_INCHES, f64::from);
    let dpi = dpi.max(long * 72.0 / MAX_SIDE);
    let points = |side: f64| (side * 72.0 / dpi).max(MIN_SIDE);
    (points(width), points(height))
}

/// Operators that show an image.
fn place_image(Map(matrix): Map) -> Vec<u8> {
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
