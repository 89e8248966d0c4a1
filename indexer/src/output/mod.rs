//! Pages written as text, JSON, hOCR, ALTO and searchable PDF (双层PDF), one page at a time.
//!
//! A writer gets the pages in order and keeps none of them, so a file of many pages takes no more memory than a
//! small one. A page that could not be read keeps its place in every format that counts pages.

mod alto;
mod blocks;
mod hocr;
mod json;
pub mod pdf;
#[cfg(test)]
mod tests;
mod text;

use std::io::{self, Write};

use clap::ValueEnum;
use juanzong::record::PageRecord;

use crate::decode::{Failure, Original};

/// The forms in which pages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum OutputFormat {
    /// Plain text, pages separated by form feeds.
    #[default]
    Text,
    /// Lines and words with boxes and confidence.
    Json,
    /// hOCR 1.2: XHTML with boxes.
    Hocr,
    /// ALTO 4.4: XML of libraries and archives.
    Alto,
    /// Searchable PDF: the scan with invisible text over it.
    Pdf,
}

impl OutputFormat {
    /// The extension of files of this format, without dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Hocr => "hocr",
            Self::Alto => "xml",
            Self::Pdf => "pdf",
        }
    }
}

/// Why an output could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The output, or the scan that is copied into it, failed.
    #[error("cannot write the output")]
    Io(#[from] io::Error),
    /// A page cannot be put into JSON.
    #[error("cannot write a page as JSON")]
    Json(#[from] serde_json::Error),
    /// The scan is no longer what it was when it was read.
    #[error("the scan changed while it was read")]
    ScanChanged,
    /// The document has more objects than the format can number.
    #[error("too many pages for one PDF")]
    TooManyObjects,
}

impl From<juanzong::pdf::Error> for Error {
    fn from(error: juanzong::pdf::Error) -> Self {
        match error {
            juanzong::pdf::Error::Io(error) => Self::Io(error),
            juanzong::pdf::Error::TooManyObjects => Self::TooManyObjects,
        }
    }
}

/// A page as it stands in its file, with its coded picture when that has no place there.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// What the page is.
    pub original: Original,
    /// The coded picture; empty when it has a place in the file.
    pub bytes: Vec<u8>,
}

/// Something about an output that its user should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// The pages of the PDF had to be drawn, because it is encrypted or damaged.
    Redrawn,
    /// The PDF had to be written anew around its pictures, because it is encrypted or damaged.
    Rebuilt,
    /// Some pages kept the text layer that they had.
    KeptTextLayer,
    /// Hidden text that differs from what was read was replaced on some pages.
    ReplacedTextLayer,
    /// Some pages have hidden text that differs from what was read and could not be taken out.
    DoubtfulTextLayer,
    /// The file does not claim PDF/A because of the colours of its pictures.
    NotArchival,
}

impl Remark {
    /// Chinese and English wording.
    pub fn messages(self) -> (&'static str, &'static str) {
        match self {
            Self::Redrawn => (
                "原PDF已加密或结构损坏，已按页面图像重建",
                "the PDF is encrypted or damaged; its pages were drawn anew",
            ),
            Self::Rebuilt => (
                "原PDF已加密或结构损坏，已重写文件结构，页面图像未改动",
                "the PDF is encrypted or damaged; it was written anew, its pictures are unchanged",
            ),
            Self::ReplacedTextLayer => (
                "部分页面原有隐藏文字与识别结果不符，已替换",
                "hidden text that differs from what was read was replaced on some pages",
            ),
            Self::DoubtfulTextLayer => (
                "部分页面原有隐藏文字与识别结果不符且无法移除，与新文字并存",
                "hidden text of some pages differs from what was read but cannot be taken out; it stays beside ours",
            ),
            Self::KeptTextLayer => ("部分页面保留原有文字层", "some pages keep the text layer that they had"),
            Self::NotArchival => (
                "图像为CMYK颜色，未声明PDF/A",
                "the pictures are CMYK, so the file does not claim PDF/A",
            ),
        }
    }
}

/// Writes the pages of one file, in order, each exactly once.
pub trait PageWriter: Send {
    /// Writes a page that was read. `scan` is there when [`PageWriter::wants_scans`].
    ///
    /// # Errors
    /// When the output fails; it cannot be completed then.
    fn page(&mut self, page: &PageRecord, scan: Option<Scan>) -> Result<(), Error>;

    /// Keeps the place of a page that could not be read; `scan` is there when its picture could be had after all.
    ///
    /// # Errors
    /// As [`PageWriter::page`].
    fn failed(&mut self, number: u32, failure: &Failure, scan: Option<Scan>) -> Result<(), Error>;

    /// Ends the output.
    ///
    /// # Errors
    /// As [`PageWriter::page`].
    fn finish(&mut self) -> Result<Vec<Remark>, Error>;

    /// Whether pages have to come with their scan.
    fn wants_scans(&self) -> bool {
        false
    }
}

/// A writer of a format without scans; `name` is the name of the file that was read. `None` for [`OutputFormat::Pdf`],
/// which is made by [`pdf::PdfWriter::new`].
pub fn text_writer<'w>(
    format: OutputFormat,
    name: &str,
    out: impl Write + Send + 'w,
) -> Option<Box<dyn PageWriter + 'w>> {
    let name = name.to_owned();
    match format {
        OutputFormat::Text => Some(Box::new(text::TextWriter::new(out))),
        OutputFormat::Json => Some(Box::new(json::JsonWriter::new(out, name))),
        OutputFormat::Hocr => Some(Box::new(hocr::HocrWriter::new(out, name))),
        OutputFormat::Alto => Some(Box::new(alto::AltoWriter::new(out, name))),
        OutputFormat::Pdf => None,
    }
}

/// The program that wrote a file.
const PROGRAM: &str = "juanzong-indexer";
/// Its version.
const VERSION: &str = env!("CARGO_PKG_VERSION");
