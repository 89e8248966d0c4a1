//! The pages of a file as they stand in it, for outputs that carry the scan itself (searchable PDF).
//!
//! Where the format of the file and the format of the output agree, the coded bytes are named by their place in the
//! file, so that they can be copied bit for bit; else the pixels are coded anew without loss. Only a PDF page that must
//! be drawn (the file is encrypted or damaged) is coded with loss.

mod coded;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::{ScanFile, limits};
pub(super) use coded::{chunks, jpeg_of_drawn, lossless};

/// A page for an output that carries the scan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Original {
    /// One picture that is the page.
    Picture(Box<Picture>),
    /// A page of a PDF whose file can be added to.
    PdfPage(Box<PdfPage>),
}

/// The picture of a page in one of the codings that PDF knows (ISO 32000-1, 7.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Columns of the coded picture.
    pub width: u32,
    /// Rows of the coded picture.
    pub height: u32,
    /// How it has to be turned and mirrored to be shown as the file wants it: the values 1 to 8 of EXIF.
    pub orientation: u8,
    /// How the samples are coded.
    pub coding: Coding,
    /// What the samples mean.
    pub colour: PictureColour,
    /// Bits of one sample.
    pub bits: u8,
    /// Where the coded bytes stand in the file, in order; empty when they come with the message instead.
    pub places: Vec<Range<u64>>,
    /// Whether the page had to be drawn, so that this is a copy and not the original.
    pub drawn: bool,
}

/// How the samples of a picture are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "coding", rename_all = "snake_case")]
pub enum Coding {
    /// A whole JPEG stream (`DCTDecode`).
    Jpeg {
        /// Whether three components are RGB though no marker in the stream says so.
        plain_rgb: bool,
    },
    /// CCITT Group 3 or 4 (`CCITTFaxDecode`).
    Fax {
        /// `K`: -1 Group 4, 0 Group 3 one-dimensional, 1 mixed.
        k: i8,
        /// Whether black runs mean samples of 1.
        black_is_one: bool,
        /// Whether each row starts on a byte.
        byte_aligned: bool,
        /// Whether the data ends with an end-of-block code.
        end_of_block: bool,
    },
    /// zlib over rows that each start with the number of a PNG filter (`FlateDecode`, predictor 15).
    PngRows,
}

/// What the samples of a picture mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "colour", rename_all = "snake_case")]
pub enum PictureColour {
    /// One component, 0 is black.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow, black.
    Cmyk {
        /// Whether 0 means full ink, as Adobe's programs write it.
        inverted: bool,
    },
    /// Indices into a table of RGB colours.
    Palette {
        /// Three bytes for each colour.
        table: Vec<u8>,
    },
}

impl PictureColour {
    /// Components of one pixel.
    pub fn components(&self) -> u8 {
        match self {
            Self::Gray | Self::Palette { .. } => 1,
            Self::Rgb => 3,
            Self::Cmyk { .. } => 4,
        }
    }
}

/// What is needed to add something to a page of a PDF file by an incremental update (ISO 32000-1, 7.5.6).
///
/// Pieces of PDF syntax are written anew from the parsed objects; they never hold streams.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PdfPage {
    /// Object number and generation of the page.
    pub object: (u32, u16),
    /// Entries of the page dictionary without `Contents`, `Resources` and `Rotate`.
    pub entries: Vec<u8>,
    /// References to the content streams.
    pub contents: Vec<u8>,
    /// Entries of the resources of the page, inherited or not, without `Font`.
    pub resources: Vec<u8>,
    /// Entries of the font resources.
    pub fonts: Vec<u8>,
    /// Clockwise rotation with which the page is shown: 0, 90, 180, 270.
    pub rotate: u32,
    /// Size of the page as it is shown, in units of its own coordinates.
    pub shown: (f64, f64),
    /// From the page as it is shown (y downwards) to its own coordinates: `[a b c d e f]` as in PDF.
    pub to_page: [f64; 6],
    /// Letters of text that is not painted, as the text under a scan.
    pub hidden_letters: usize,
    /// The file that the page stands in.
    pub file: PdfTrailer,
}

/// Where and how a PDF file can be added to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfTrailer {
    /// Offset of the last cross-reference section, to which the new one points back.
    pub previous: u64,
    /// Whether that section is a stream; the new one has to be of the same kind.
    pub stream: bool,
    /// The first object number that is free.
    pub first_free: u32,
    /// Entries of the trailer that are kept: `Root`, `Info`, `ID`.
    pub entries: Vec<u8>,
    /// Length of the file in bytes.
    pub length: u64,
}

impl ScanFile {
    /// The page, counted from 1, as it stands in the file; the bytes beside it hold the coded picture when it has no
    /// place in the file.
    ///
    /// # Errors
    /// The failures of decoding.
    pub fn original(&self, number: u32) -> Result<(Original, Vec<u8>), Failure> {
        self.check_number(number)?;
        match self {
            Self::Pdf(file) => file.original(number),
            Self::Tiff(file) => file.original(number),
            Self::Raster(file, _) => file.original(),
        }
    }
}

/// Refuses a coded picture that does not fit a message to the parent.
fn fits(bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
    if bytes.len() > limits::MAX_PICTURE_BYTES {
        let detail = format!("coded picture of {} bytes", bytes.len());
        return Err(Failure::new(super::FailureCode::PageTooLarge, detail));
    }
    Ok(bytes)
}
