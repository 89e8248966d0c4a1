//! The pages of a file as they stand in it, for outputs that carry the scan itself (searchable PDF).
//!
//! Where the format of the file and the format of the output agree, the coded bytes are named by their place in the
//! file, so that they can be copied bit for bit; else the pixels are coded anew without loss. Only a PDF page that must
//! be drawn (the file can neither be added to nor written anew) is coded with loss.

mod coded;

use std::io::{self, Write};
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
    /// Entries of the font resources, without that of [`OWN_FONT`].
    pub fonts: Vec<u8>,
    /// The entry of [`OWN_FONT`]; empty when the page has no text layer of ours.
    pub own_font: Vec<u8>,
    /// Clockwise rotation with which the page is shown: 0, 90, 180, 270.
    pub rotate: u32,
    /// Size of the page as it is shown, in units of its own coordinates.
    pub shown: (f64, f64),
    /// From the page as it is shown (y downwards) to its own coordinates: `[a b c d e f]` as in PDF.
    pub to_page: [f64; 6],
    /// Text that is not seen, as the text under a scan; U+FFFD for letters whose font does not say what they are.
    pub hidden_text: String,
    /// The page without that text; `None` when it has none or when it cannot be taken out without touching more.
    pub clean: Option<CleanPage>,
    /// Letters that are seen, with the place where each starts: pixels and letters may both be print of a page.
    pub print: Vec<PrintedLetter>,
    /// The file that the page stands in.
    pub file: PdfTrailer,
}

/// A letter that is painted on a PDF page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrintedLetter {
    /// Where it starts on the page as it is shown (y downwards), as shares of its width and height.
    pub place: (f64, f64),
    /// What it stands for, or U+FFFD.
    pub text: String,
}

/// What a page and its form objects become without their hidden text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CleanPage {
    /// The content of the page.
    pub content: Vec<u8>,
    /// New versions of form objects.
    pub forms: Vec<Form>,
}

/// A new version of a form object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// Object number and generation.
    pub object: (u32, u16),
    /// Entries of its dictionary without those of length and coding.
    pub entries: Vec<u8>,
    /// Its content, not coded.
    pub content: Vec<u8>,
}

/// Under this name pages know the font of the text layers that this program writes.
pub const OWN_FONT: &[u8] = juanzong::pdf::letters::FONT.0;

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

impl ScanFile {
    /// Writes a PDF that nothing can be added to anew, with its objects as they are; `false`, and nothing is written, when
    /// the file can be added to or is no PDF.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn rebuild(&self, out: &mut impl Write) -> io::Result<bool> {
        match self {
            Self::Pdf(file) if file.needs_rebuilding() => file.rebuild(out).map(|()| true),
            Self::Pdf(_) | Self::Tiff(_) | Self::Raster(..) => Ok(false),
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
