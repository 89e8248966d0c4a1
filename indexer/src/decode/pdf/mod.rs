//! PDF: the text layer of born-digital pages, the picture of all pages.

mod fonts;
mod hidden;
mod original;
mod page_tree;
mod places;
mod rebuilt;
mod render;
mod survey;
mod syntax;
mod text_layer;
mod trailer;
mod widths;

use std::cell::OnceCell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Dict, Name, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro::hayro_syntax::xref::XRef;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use pdf_extract::Document;

use self::page_tree::Leaf;
use self::render::{Observed, Purpose, Target};
use self::survey::Survey;
pub use self::text_layer::Glyph;
use super::DecodedPage;
use super::failure::{Failure, FailureCode};
use super::original::PdfTrailer;

/// A page with fewer painted letters than this is no text page: a stamp or a page number on a scan.
const MIN_GLYPHS: usize = 8;

/// Pictures that cover more of the page than this are the page; letters beside them are additions to a scan.
/// The hidden text under a scan comes from a recogniser that we don't know, so such a page is recognised anew.
const MAX_PICTURE_SHARE: f64 = 0.5;

/// Form objects nested deeper than this are not handed to the text reader, which does not watch its depth.
const MAX_FORM_DEPTH: usize = 12;

/// A page with more form objects than this, counted along every way to them, is not handed to it either.
const MAX_FORMS: usize = 1_000;

/// An opened PDF file: the cross-reference table and the page tree have been read.
pub struct PdfFile {
    bytes: Arc<Vec<u8>>,
    pdf: Pdf,
    leaves: Vec<Leaf>,
    /// The same file in the text reader, opened when a page first needs it.
    document: OnceCell<Option<Document>>,
    /// What is needed to add to the file, looked for when it is first asked for.
    trailer: OnceCell<Option<PdfTrailer>>,
}

impl PdfFile {
    /// Reads the file, its cross-reference table and its page tree.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let bytes = Arc::new(fs::read(path).map_err(super::io_failure)?);
        let ends = trailer::is_whole(&bytes);
        let cut_off = || Failure::new(FailureCode::Truncated, "the file ends before its cross-references do");
        let pdf = match Pdf::new(Arc::clone(&bytes)) {
            Ok(pdf) => pdf,
            Err(LoadPdfError::Decryption(error)) => return Err(decryption_failure(error)),
            Err(LoadPdfError::Invalid) if !ends => return Err(cut_off()),
            Err(LoadPdfError::Invalid) => {
                return Err(Failure::new(
                    FailureCode::Damaged,
                    "no valid cross-reference table or page tree",
                ));
            }
        };
        // What a cut file still shows may lack pages or pictures without a trace.
        if !ends {
            return Err(cut_off());
        }
        let leaves = page_tree::walk(&pdf)?;
        Ok(Self {
            bytes,
            pdf,
            leaves,
            document: OnceCell::new(),
            trailer: OnceCell::new(),
        })
    }

    /// The number of pages in the page tree, missing ones included.
    pub fn pages(&self) -> u32 {
        u32::try_from(self.leaves.len()).unwrap_or(u32::MAX)
    }

    /// Decodes one page, counted from 1.
    pub fn page(&self, number: u32) -> Result<DecodedPage, Failure> {
        let leaf = self.leaves.get((number as usize).saturating_sub(1));
        let page = match leaf {
            Some(Leaf::Page(index)) => self.pdf.pages().get(*index),
            Some(Leaf::Missing) | None => None,
        };
        let page = page.ok_or_else(|| Failure::new(FailureCode::PageMissing, "no such page object"))?;
        check_content(page)?;
        let observed = Observed::new();
        let survey = Survey::of(page, &observed.settings);
        if let Some(decoded) = self.born_digital(page, &survey, &observed)? {
            return Ok(decoded);
        }
        let target = Target::choose(page, &survey, Purpose::Recognition)?;
        let image = render::draw(page, target, &observed);
        if observed.image_failed() {
            return Err(Failure::new(
                FailureCode::DamagedImage,
                "a picture on the page cannot be decoded",
            ));
        }
        Ok(DecodedPage::scan(image, target.dpi))
    }

    /// The page with its text layer, when it is a text page and the layer is sane.
    fn born_digital<'a>(
        &'a self,
        page: &'a Page<'a>,
        survey: &Survey,
        observed: &Observed,
    ) -> Result<Option<DecodedPage>, Failure> {
        if survey.visible_letters().count() < MIN_GLYPHS
            || survey.picture_share() > MAX_PICTURE_SHARE
            || survey.vertical_text
            || !FormSearch::new(page.xref()).ends(page.resources())
        {
            return Ok(None);
        }
        let target = Target::choose(page, survey, Purpose::Reading)?;
        let size = (u32::from(target.width), u32::from(target.height));
        let glyphs = self.document().and_then(|document| {
            let number = number_in(document, page.raw().obj_id()?)?;
            let to_pixels = target.scale(page);
            let origins: Vec<_> = survey.letters.iter().map(|letter| to_pixels * letter.origin).collect();
            text_layer::extract(document, number, target.transform(page), size, &origins)
        });
        let Some(glyphs) = glyphs.filter(|g| text_layer::is_sane(g)) else {
            return Ok(None);
        };
        let image = render::draw(page, target, observed).without_false_colour();
        Ok(Some(DecodedPage {
            image,
            dpi: target.dpi,
            text_layer: Some(glyphs),
        }))
    }

    fn document(&self) -> Option<&Document> {
        self.document
            .get_or_init(|| {
                let load = || {
                    let mut document = Document::load_mem(&self.bytes).ok()?;
                    if document.is_encrypted() {
                        // With the empty password, as readers do for files that only restrict printing.
                        document.decrypt("").ok()?;
                    }
                    widths::write_out_ranges(&mut document);
                    Some(document)
                };
                catch_unwind(AssertUnwindSafe(load)).ok().flatten()
            })
            .as_ref()
    }
}

/// The number under which the text reader knows the page; the two readers may disagree about broken trees.
fn number_in(document: &Document, page: ObjectIdentifier) -> Option<u32> {
    let pages = document.get_pages();
    pages
        .into_iter()
        .find(|(_, (object, generation))| *object == page.obj_number && i32::from(*generation) == page.gen_number)
        .map(|(number, _)| number)
}

/// A page whose content or pictures are missing would be drawn as white paper without a word.
fn check_content(page: &Page<'_>) -> Result<(), Failure> {
    if page.raw().contains_key(b"Contents") && page.page_stream().is_none() {
        return Err(Failure::new(
            FailureCode::Damaged,
            "the content of the page cannot be decoded",
        ));
    }
    let mut operations = page.typed_operations();
    while let Some(operation) = operations.next() {
        if let TypedInstruction::XObject(object) = operation
            && page.resources().get_x_object(object.0).is_none()
        {
            return Err(Failure::new(
                FailureCode::DamagedImage,
                "a picture of the page is missing",
            ));
        }
    }
    Ok(())
}

/// Looks through the form objects of a page for nesting that the text reader would not survive.
struct FormSearch<'a> {
    xref: &'a XRef,
    ancestors: Vec<ObjectIdentifier>,
    seen: usize,
}

impl<'a> FormSearch<'a> {
    fn new(xref: &'a XRef) -> Self {
        Self {
            xref,
            ancestors: Vec::new(),
            seen: 0,
        }
    }

    /// Whether the forms below these resources end before they become too deep or too many, and never in themselves.
    fn ends(&mut self, resources: &Resources<'_>) -> bool {
        let objects = &resources.x_objects;
        objects.keys().all(|name| match objects.get_ref(&*name) {
            Some(reference) => self.object_ends(reference.into()),
            // Streams are always referred to (ISO 32000-1, 7.3.8.1).
            None => true,
        })
    }

    fn object_ends(&mut self, id: ObjectIdentifier) -> bool {
        self.seen += 1;
        if self.seen > MAX_FORMS || self.ancestors.len() >= MAX_FORM_DEPTH || self.ancestors.contains(&id) {
            return false;
        }
        // Asked of the table itself: from inside an object the library does not resolve that object again.
        let form = self.xref.get::<Stream<'_>>(id).filter(|s| {
            s.dict()
                .get::<Name<'_>>(b"Subtype")
                .is_some_and(|kind| kind.as_ref() == b"Form")
        });
        let Some(form) = form else { return true };
        let Some(own) = form.dict().get::<Dict<'_>>(b"Resources") else {
            // It draws with what its parent has, itself among it.
            let content = form.decoded_data().unwrap_or_default();
            return memchr::memmem::find(&content, b"Do").is_none();
        };
        self.ancestors.push(id);
        let ends = self.ends(&Resources::new(own));
        self.ancestors.pop();
        ends
    }
}

fn decryption_failure(error: DecryptionError) -> Failure {
    match error {
        DecryptionError::PasswordProtected => Failure::new(
            FailureCode::PasswordProtected,
            "the file cannot be opened without its password",
        ),
        DecryptionError::UnsupportedAlgorithm => Failure::new(FailureCode::Unsupported, "unknown encryption"),
        DecryptionError::MissingIDEntry | DecryptionError::InvalidEncryption => {
            Failure::new(FailureCode::Damaged, "the encryption of the file is damaged")
        }
    }
}
