//! JPEG, PNG, BMP and WebP: one picture, one page.

mod original;

pub(super) use original::frame;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::error::{ImageError, LimitErrorKind};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use super::failure::{Failure, FailureCode};
use super::page_image::{PageImage, check_size};
use super::{DecodedPage, resolution};
use crate::source::MediaType;

/// Memory that one picture decoder may take.
const MAX_DECODER_BYTES: u64 = 768 << 20;

/// An opened picture file: its header has been read and its size is allowed.
pub struct RasterFile {
    bytes: Vec<u8>,
    media_type: MediaType,
}

impl RasterFile {
    /// Reads the file and checks its header.
    pub fn open(path: &Path, media_type: MediaType) -> Result<Self, Failure> {
        let bytes = fs::read(path).map_err(super::io_failure)?;
        check_completeness(&bytes, media_type)?;
        if media_type == MediaType::Bmp {
            check_bitmap_header(&bytes)?;
        }
        let (width, height) = reader(&bytes, media_type)
            .into_dimensions()
            .map_err(|e| image_failure(&e))?;
        check_size(width, height)?;
        Ok(Self { bytes, media_type })
    }

    /// Decodes the picture.
    pub fn page(&self) -> Result<DecodedPage, Failure> {
        let (image, orientation) = self.decode()?;
        let dpi = match self.media_type {
            MediaType::Jpeg => resolution::of_jpeg(&self.bytes),
            MediaType::Png => resolution::of_png(&self.bytes),
            MediaType::Bmp => resolution::of_bmp(&self.bytes),
            MediaType::Webp | MediaType::Pdf | MediaType::Tiff => None,
        };
        Ok(DecodedPage::scan(image.oriented(orientation), dpi))
    }

    /// The pixels as they are stored, and how they have to be turned.
    fn decode(&self) -> Result<(PageImage, Orientation), Failure> {
        let mut decoder = reader(&self.bytes, self.media_type)
            .into_decoder()
            .map_err(|e| image_failure(&e))?;
        let (width, height) = decoder.dimensions();
        check_size(width, height)?;
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let image = DynamicImage::from_decoder(decoder).map_err(|e| image_failure(&e))?;
        Ok((PageImage::from_dynamic(image), orientation))
    }
}

fn reader(bytes: &[u8], media_type: MediaType) -> ImageReader<Cursor<&[u8]>> {
    let format = match media_type {
        MediaType::Png => ImageFormat::Png,
        MediaType::Bmp => ImageFormat::Bmp,
        MediaType::Webp => ImageFormat::WebP,
        MediaType::Jpeg | MediaType::Pdf | MediaType::Tiff => ImageFormat::Jpeg,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    reader
}

/// Whether the file has the end that its format asks for, as far as that can be told without decoding.
fn check_completeness(bytes: &[u8], media_type: MediaType) -> Result<(), Failure> {
    match media_type {
        MediaType::Jpeg if !jpeg_is_complete(bytes) => {
            Err(Failure::new(FailureCode::Truncated, "no end-of-image marker"))
        }
        MediaType::Webp if !riff_is_complete(bytes) => {
            Err(Failure::new(FailureCode::Truncated, "shorter than its header says"))
        }
        _ => Ok(()),
    }
}

/// A RIFF file gives its length after the first four bytes.
fn riff_is_complete(bytes: &[u8]) -> bool {
    match bytes.get(4..8).and_then(|length| <[u8; 4]>::try_from(length).ok()) {
        Some(length) => bytes.len() as u64 >= u64::from(u32::from_le_bytes(length)) + 8,
        None => false,
    }
}

/// Decoders paint the missing rest of a cut JPEG gray without a word. Half a page lost in silence is worse
/// than a page that is named as failed, so a JPEG without its end marker is refused. Bytes after the marker don't matter.
fn jpeg_is_complete(bytes: &[u8]) -> bool {
    let scan = memchr::memmem::rfind(bytes, &[0xff, 0xda]).unwrap_or(0);
    bytes
        .get(scan..)
        .is_some_and(|tail| memchr::memmem::find(tail, &[0xff, 0xd9]).is_some())
}

/// The decoder multiplies width and height of a bitmap before it checks them; look first.
fn check_bitmap_header(bytes: &[u8]) -> Result<(), Failure> {
    let field = |at: usize| {
        let field = bytes.get(at..at + 4)?;
        Some(i32::from_le_bytes(field.try_into().ok()?))
    };
    match (field(14), field(18), field(22)) {
        (Some(12), ..) => Ok(()),
        (Some(_), Some(width), Some(height)) if width > 0 => check_size(width.unsigned_abs(), height.unsigned_abs()),
        (Some(_), Some(_), Some(_)) => Err(Failure::new(FailureCode::DamagedImage, "bitmap of negative width")),
        _ => Err(Failure::new(FailureCode::Truncated, "the bitmap header is cut off")),
    }
}

fn image_failure(error: &ImageError) -> Failure {
    let code = match error {
        ImageError::Limits(e) if matches!(e.kind(), LimitErrorKind::DimensionError) => FailureCode::PageTooLarge,
        ImageError::Limits(_) => FailureCode::MemoryLimit,
        ImageError::Unsupported(_) => FailureCode::Unsupported,
        ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => FailureCode::Truncated,
        _ if speaks_of_the_end(&error.to_string()) => FailureCode::Truncated,
        _ => FailureCode::DamagedImage,
    };
    Failure::new(code, super::short(&error.to_string()))
}

/// Not every decoder has an error of its own for data that ends too early.
fn speaks_of_the_end(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    [
        "unexpected end",
        "exhausted",
        "unexpected eof",
        "failed to fill whole buffer",
        "too short",
    ]
    .iter()
    .any(|phrase| message.contains(phrase))
}
