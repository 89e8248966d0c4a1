//! From a file to its pages, one page at a time.
//!
//! The bytes decide what a file is, not its name. Sizes are checked from the headers before pixels are decoded.
//! The libraries behind this module may still loop, panic or ask for too much memory on hostile input:
//! it runs in a child process (`worker`) with limits, and only there.

mod failure;
pub mod limits;
mod original;
mod page_image;
mod pdf;
mod raster;
mod resolution;
#[cfg(test)]
mod tests;
mod tiff;

use std::fs;
use std::path::Path;

pub use failure::{Failure, FailureCode};
pub use original::{
    CleanPage, Coding, Form, OWN_FONT, Original, PdfPage, PdfTrailer, Picture, PictureColour, PrintedLetter,
};
pub use page_image::{PageImage, luminance};
pub use pdf::Glyph;

use crate::source::MediaType;

/// One decoded page.
#[derive(Clone, Debug)]
pub struct DecodedPage {
    /// The page as its file shows it: rotation entries and orientation tags are applied.
    pub image: PageImage,
    /// Resolution in dots per inch, when the file states one that can be believed.
    pub dpi: Option<u32>,
    /// The letters of the text layer with boxes in pixels of `image`, of a born-digital page whose text is sane.
    pub text_layer: Option<Vec<Glyph>>,
}

impl DecodedPage {
    /// A page that is only a picture.
    pub fn scan(image: PageImage, dpi: Option<u32>) -> Self {
        Self {
            image: image.without_false_colour(),
            dpi,
            text_layer: None,
        }
    }
}

/// An opened scan file.
pub enum ScanFile {
    /// A PDF document.
    Pdf(Box<pdf::PdfFile>),
    /// A TIFF file.
    Tiff(tiff::TiffFile),
    /// A picture file with one page.
    Raster(raster::RasterFile, MediaType),
}

impl ScanFile {
    /// Opens a file and reads what tells the number of its pages, but no page.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let metadata = fs::metadata(path).map_err(io_failure)?;
        if !metadata.is_file() {
            return Err(Failure::new(FailureCode::Unreadable, "not a regular file"));
        }
        if metadata.len() == 0 {
            return Err(Failure::new(FailureCode::EmptyFile, "0 bytes"));
        }
        if metadata.len() > limits::MAX_FILE_BYTES {
            let detail = format!("{} bytes; the limit is {}", metadata.len(), limits::MAX_FILE_BYTES);
            return Err(Failure::new(FailureCode::FileTooLarge, detail));
        }
        let media_type = MediaType::of_file(path).map_err(io_failure)?;
        let file = match media_type {
            Some(MediaType::Pdf) => Self::Pdf(Box::new(pdf::PdfFile::open(path)?)),
            Some(MediaType::Tiff) => Self::Tiff(tiff::TiffFile::open(path)?),
            Some(other) => Self::Raster(raster::RasterFile::open(path, other)?, other),
            None => {
                let detail = "the first bytes are of no format that is read";
                return Err(Failure::new(FailureCode::UnknownFormat, detail));
            }
        };
        match file.pages() {
            0 => Err(Failure::new(FailureCode::NoPages, "no pages")),
            pages if pages > limits::MAX_PAGES => {
                let detail = format!("{pages} pages; the limit is {}", limits::MAX_PAGES);
                Err(Failure::new(FailureCode::TooManyPages, detail))
            }
            _ => Ok(file),
        }
    }

    /// What the file is, by its bytes.
    pub fn media_type(&self) -> MediaType {
        match self {
            Self::Pdf(_) => MediaType::Pdf,
            Self::Tiff(_) => MediaType::Tiff,
            Self::Raster(_, media_type) => *media_type,
        }
    }

    /// The number of pages, at least 1.
    pub fn pages(&self) -> u32 {
        match self {
            Self::Pdf(file) => file.pages(),
            Self::Tiff(file) => file.pages(),
            Self::Raster(..) => 1,
        }
    }

    /// Decodes one page, counted from 1. Earlier pages are not kept.
    pub fn page(&self, number: u32) -> Result<DecodedPage, Failure> {
        self.check_number(number)?;
        match self {
            Self::Pdf(file) => file.page(number),
            Self::Tiff(file) => file.page(number),
            Self::Raster(file, _) => file.page(),
        }
    }

    fn check_number(&self, number: u32) -> Result<(), Failure> {
        if number == 0 || number > self.pages() {
            let detail = format!("page {number} of {}", self.pages());
            return Err(Failure::new(FailureCode::PageOutOfRange, detail));
        }
        Ok(())
    }
}

#[allow(clippy::needless_pass_by_value)] // used as a function in `map_err`
fn io_failure(error: std::io::Error) -> Failure {
    let code = match error.kind() {
        std::io::ErrorKind::UnexpectedEof => FailureCode::Truncated,
        _ => FailureCode::Unreadable,
    };
    // The kind only: the text may hold a path.
    Failure::new(code, error.kind().to_string())
}

/// A library's message cut to a length that fits a table, in one line.
fn short(message: &str) -> String {
    message
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(160)
        .collect()
}
