//! Writes scanned pages and born-digital sheets into files of each format.

mod bilevel;
mod image_pdf;
mod jbig2;
mod single;
#[cfg(test)]
mod tests;
mod text_pdf;
mod tiff_file;

use serde::{Deserialize, Serialize};

use super::Error;
use super::scan::Scan;

pub(super) use text_pdf::{TextFonts, text_pdf};

/// Format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Format {
    /// PDF whose pages are JPEG images.
    PdfJpeg,
    /// PDF whose pages are 1-bit images, CCITT Group 4.
    PdfG4,
    /// PDF whose pages are 1-bit images, JBIG2 (generic region, arithmetic coding).
    PdfJbig2,
    /// Born-digital PDF with real text.
    PdfText,
    /// TIFF, 1-bit, CCITT Group 4, several pages.
    TiffG4,
    /// TIFF, grey or colour, LZW, several pages.
    TiffLzw,
    /// JPEG, one page.
    Jpeg,
    /// PNG, one page.
    Png,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 8] = [
        Self::PdfJpeg,
        Self::PdfG4,
        Self::PdfJbig2,
        Self::PdfText,
        Self::TiffG4,
        Self::TiffLzw,
        Self::Jpeg,
        Self::Png,
    ];

    /// Ending of the file name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::PdfJpeg | Self::PdfG4 | Self::PdfJbig2 | Self::PdfText => "pdf",
            Self::TiffG4 | Self::TiffLzw => "tif",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// Whether a file holds exactly one page.
    pub fn is_single_page(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png)
    }

    /// Whether pages have one bit per pixel.
    pub fn is_bilevel(self) -> bool {
        matches!(self, Self::PdfG4 | Self::PdfJbig2 | Self::TiffG4)
    }

    /// Whether pages are compressed with loss.
    pub(super) fn is_jpeg(self) -> bool {
        matches!(self, Self::PdfJpeg | Self::Jpeg)
    }
}

/// A TIFF file of a few KiB with one black-and-white page of `side` by `side` pixels.
pub(super) fn large_page(side: u32) -> Result<Vec<u8>, Error> {
    tiff_file::group4_square(side, side / 4, 600).map_err(|reason| Error::Encode {
        file: "large page".to_owned(),
        reason,
    })
}

/// Encodes scanned pages; born-digital files are written by [`text_pdf()`].
pub(super) fn encode(file: &str, format: Format, scans: &[Scan]) -> Result<Vec<u8>, Error> {
    let fault = |reason: String| Error::Encode {
        file: file.to_owned(),
        reason,
    };
    match format {
        Format::PdfJpeg | Format::PdfG4 | Format::PdfJbig2 => image_pdf::encode(format, scans).map_err(fault),
        Format::TiffG4 => tiff_file::group4(scans).map_err(fault),
        Format::TiffLzw => tiff_file::lzw(scans).map_err(fault),
        Format::Jpeg | Format::Png => {
            let [scan] = scans else {
                return Err(fault(format!(
                    "{} pages do not fit into a single-page format",
                    scans.len()
                )));
            };
            let encoded = if format == Format::Png {
                single::png(scan)
            } else {
                single::jpeg(scan, true)
            };
            encoded.map_err(fault)
        }
        Format::PdfText => Err(fault("a born-digital file has no scanned pages".to_owned())),
    }
}
