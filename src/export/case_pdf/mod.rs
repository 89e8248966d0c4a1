//! The pages of a case as a searchable PDF (双层PDF): the page images that the indexer made, the text over them in reading
//! order with what people corrected, and a bookmark for each document.
//!
//! Every page of the case has its place: one that could not be read says so, and text without an image is printed.

pub(super) mod certified;
mod font;
pub(super) mod lines;
mod notice;
mod print;

use std::io::Write;

use pdf_writer::{Chunk, Filter, Finish, Name, Ref};

use super::privacy::Privacy;
use super::{Error, ExportOptions, provenance};
use crate::archive::{Archive, Labels};
use crate::catalogue::{CaseSummary, CorrectedPage, DocumentSummary, Rendition};
use crate::page_image::{self, Drawing};
use crate::pdf::geometry::Map;
use crate::pdf::{A4, Book, Description, HiddenText, Print, Sheet, paper_size};
use crate::record::{FieldName, PixelBox};

pub use certified::Certificate;
use certified::Strip;
pub use font::PrintFont;
use notice::Notice;

/// Under this name pages know the font that is printed with.
const PRINT: Name<'_> = Name(b"Print");

/// What an exported PDF holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PdfCounts {
    /// Pages of the file.
    pub pages: u32,
    /// Documents and pages that could not be read, for which a page stands that says so.
    pub unreadable: u32,
    /// Pages of the case that have no image and whose text was printed.
    pub printed: u32,
    /// Pages on whose image personal data was blackened.
    pub blackened: u32,
}

/// Writes the case.
pub(super) async fn write<W: Write>(
    archive: &Archive,
    case: &CaseSummary,
    options: &ExportOptions,
    font: impl FnOnce() -> Result<PrintFont, Error>,
    out: W,
) -> Result<PdfCounts, Error> {
    let catalogue = archive.catalogue();
    let facts = catalogue.facts(case.case_key).await?.ok_or(Error::Vanished)?;
    let privacy = Privacy::of(options, &facts);
    let mut volume = Volume {
        book: Book::new(out, description(case, &privacy, options))?,
        archive,
        privacy,
        font: None,
        load: Some(font),
        counts: PdfCounts::default(),
        strip: None,
    };
    let documents = catalogue.documents(case.case_key).await?;
    volume.documents(case.case_key, documents, options.labels).await?;
    volume.finish()
}

/// What the file says about itself.
fn description(case: &CaseSummary, privacy: &Privacy, options: &ExportOptions) -> Description {
    let value = |field| case.fields.get(field).map(|value| privacy.value(field, &value));
    let code = case.archival_code.to_string();
    let mut subject = format!("档号：{code}；个人信息：{}", provenance::privacy_note(options));
    if options.unmasked.is_some() {
        // Who shows personal data says when; all else in the file stays the same from one export to the next.
        subject.push_str(&format!("；导出时间：{}", provenance::now()));
    }
    let keywords: Vec<String> = [
        Some(code.clone()),
        value(FieldName::DocumentNumber),
        value(FieldName::Matter),
    ]
    .into_iter()
    .flatten()
    .collect();
    Description {
        title: value(FieldName::Title).unwrap_or(code),
        producer: provenance::program(),
        author: value(FieldName::Agency),
        subject: Some(subject),
        keywords: Some(keywords.join(", ")),
    }
}

/// The file as it grows.
struct Volume<'a, W, F> {
    book: Book<W>,
    archive: &'a Archive,
    privacy: Privacy,
    /// The font and its object, once something was printed.
    font: Option<(PrintFont, Ref)>,
    load: Option<F>,
    counts: PdfCounts,
    /// What is printed below each page.
    strip: Option<Strip>,
}

impl<W: Write, F: FnOnce() -> Result<PrintFont, Error>> Volume<'_, W, F> {
    /// Writes documents with their pages.
    async fn documents(&mut self, case_key: u64, documents: Vec<DocumentSummary>, labels: Labels) -> Result<(), Error> {
        let catalogue = self.archive.catalogue();
        let pages = catalogue.page_addresses(case_key).await?;
        for document in documents {
            self.book.bookmark(self.bookmark(&document, labels));
            let mut empty = true;
            for address in pages.iter().filter(|page| page.document == document.ordinal) {
                let page = catalogue
                    .corrected_page(case_key, address.document, address.page)
                    .await?;
                if let Some(page) = page {
                    self.page(&document, page)?;
                    empty = false;
                }
            }
            if empty {
                let notice = Notice::of_document(&self.shown(&document), document.failure.as_deref());
                self.notice(&notice)?;
            }
        }
        Ok(())
    }

    fn bookmark(&self, document: &DocumentSummary, labels: Labels) -> String {
        let kind = match labels {
            Labels::Chinese => document.kind.label_zh(),
            Labels::English => document.kind.label_en(),
        };
        format!("{}. {}（{kind}）", document.ordinal, self.privacy.text(&document.title))
    }

    /// The document with its names as they may be shown.
    fn shown(&self, document: &DocumentSummary) -> DocumentSummary {
        DocumentSummary {
            title: self.privacy.text(&document.title),
            source_name: self.privacy.text(&document.source_name),
            ..document.clone()
        }
    }

    fn page(&mut self, document: &DocumentSummary, page: CorrectedPage) -> Result<(), Error> {
        let (address, mut record) = (page.address, page.page);
        if let Some((code, _)) = &record.failure {
            let notice = Notice::of_page(&self.shown(document), address.page, code);
            return self.notice(&notice);
        }
        let directory = self.archive.directory();
        let jpeg = directory.read_page_image(&address.content_id, address.page, Rendition::Reading)?;
        let (text, mut hidden) = self.privacy.page(std::mem::take(&mut record.text));
        record.text = text;
        hidden.extend(self.privacy.areas(&address.content_id, address.page));
        let blackened = u32::from(!hidden.is_empty());
        let upright = (record.width, record.height);
        let Some((jpeg, pixels, gray)) = jpeg.and_then(|jpeg| drawn(jpeg, upright, hidden)) else {
            self.counts.printed += 1;
            let note = notice::no_image(&record);
            let lines = record.text.lines.iter().map(|line| line.text.as_str());
            let lines: Vec<&str> = std::iter::once(note).chain(lines).collect();
            return self.print(|font| print::text_pages(font, &lines));
        };
        self.counts.pages += 1;
        self.counts.blackened += blackened;
        let image = self.book.next_ref()?;
        write_image(&mut self.book, image, &jpeg, pixels, gray)?;
        let known = upright.0 > 0 && upright.1 > 0;
        let size = paper_size(if known { upright } else { pixels }, record.dpi.filter(|_| known));
        let (strip, fonts) = self.strip(size.0)?;
        let fonts: Vec<(Name<'_>, Ref)> = fonts.map(|id| (PRINT, id)).into_iter().collect();
        self.book.page(&Sheet {
            size,
            below: self.below(size.0),
            image: Some((image, Map::scale(size.0, size.1))),
            text: Some(HiddenText {
                text: &record.text,
                skew: record.skew,
                pixels: upright,
            }),
            print: Some(Print {
                content: strip,
                fonts: &fonts,
            }),
        })?;
        Ok(())
    }

    fn notice(&mut self, notice: &Notice) -> Result<(), Error> {
        self.counts.unreadable += 1;
        self.print(|font| vec![print::notice_page(font, notice)])
    }

    /// Prints pages of A4.
    fn print(&mut self, set: impl FnOnce(&mut PrintFont) -> Vec<Vec<u8>>) -> Result<(), Error> {
        let Some((font, id)) = self.loaded()? else {
            return Ok(());
        };
        let id = *id;
        for mut content in set(font) {
            self.counts.pages += 1;
            content.extend(self.strip(A4.0)?.0);
            self.book.page(&Sheet {
                size: A4,
                below: self.below(A4.0),
                print: Some(Print {
                    content,
                    fonts: &[(PRINT, id)],
                }),
                ..Sheet::default()
            })?;
        }
        Ok(())
    }

    /// The font, and its object.
    fn loaded(&mut self) -> Result<Option<&mut (PrintFont, Ref)>, Error> {
        if let Some(load) = self.load.take() {
            let id = self.book.next_ref()?;
            self.font = Some((load()?, id));
        }
        Ok(self.font.as_mut())
    }

    /// What is printed below a page of this width, and the font for it; nothing when nothing is.
    fn strip(&mut self, width: f64) -> Result<(Vec<u8>, Option<Ref>), Error> {
        let Some(mut strip) = self.strip.take() else {
            return Ok((Vec::new(), None));
        };
        let drawn = self.loaded()?.map(|(font, id)| (strip.draw(font, width), Some(*id)));
        self.strip = Some(strip);
        Ok(drawn.unwrap_or_default())
    }

    /// Room for it.
    fn below(&self, width: f64) -> f64 {
        self.strip.as_ref().map_or(0.0, |_| Strip::height(width))
    }

    fn finish(mut self) -> Result<PdfCounts, Error> {
        if let Some((font, id)) = &self.font {
            font.write(&mut self.book, *id)?;
        }
        self.book.end()?;
        Ok(self.counts)
    }
}

/// An image as it goes into the file, with its size and whether it is gray; `None` when it is damaged. One on which nothing
/// has to be hidden stays as it is, bit for bit.
fn drawn(jpeg: Vec<u8>, page_size: (u32, u32), hidden: Vec<PixelBox>) -> Option<(Vec<u8>, (u32, u32), bool)> {
    let drawing = Drawing {
        width: None,
        page_size,
        boxes: Vec::new(),
        hidden: hidden.into_iter().map(widened).collect(),
    };
    let drawn = page_image::draw(jpeg, &drawing).and_then(|jpeg| {
        let (pixels, gray) = page_image::form(&jpeg)?;
        Ok((jpeg, pixels, gray))
    });
    drawn
        .inspect_err(|error| tracing::warn!(%error, "the image of a page is damaged; its text is printed"))
        .ok()
}

/// Writes a JPEG image as it is.
fn write_image<W: Write>(
    book: &mut Book<W>,
    id: Ref,
    jpeg: &[u8],
    (width, height): (u32, u32),
    gray: bool,
) -> Result<(), Error> {
    let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    let mut chunk = Chunk::new();
    let mut image = chunk.image_xobject(id, jpeg);
    image.width(side(width)).height(side(height)).bits_per_component(8);
    image.filter(Filter::DctDecode);
    if gray {
        image.color_space().device_gray();
    } else {
        image.color_space().device_rgb();
    }
    image.finish();
    Ok(book.objects().object(&chunk)?)
}

/// Boxes of a recogniser may cut off edges of what they hold.
fn widened(area: PixelBox) -> PixelBox {
    let margin = area.height() / 6;
    PixelBox {
        x0: area.x0.saturating_sub(margin),
        y0: area.y0.saturating_sub(margin),
        x1: area.x1.saturating_add(margin),
        y1: area.y1.saturating_add(margin),
    }
}
