//! TIFF: every page of the file, in all codings that scanners and fax servers write.

mod directory;
mod fax;
mod original;
mod overlay;
mod pixels;

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use image::metadata::Orientation;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::{TiffError, TiffFormatError};

use self::directory::{Directory, Layout, PageEntry, tag};
use self::fax::FaxCoding;
use self::overlay::Overlay;
use super::failure::{Failure, FailureCode};
use super::limits::MAX_PIXELS;
use super::page_image::{PageImage, check_size};
use super::{DecodedPage, resolution};

/// Photometric interpretation: indices into a colour table.
const PALETTE: u64 = 3;
/// Photometric interpretation: 0 is black.
const BLACK_IS_ZERO: u64 = 1;

/// An opened TIFF file: the chain of its directories has been read, no pixels yet.
pub struct TiffFile {
    path: PathBuf,
    layout: Layout,
    pages: Vec<PageEntry>,
}

impl TiffFile {
    /// Reads the chain of directories.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let mut file = BufReader::new(File::open(path).map_err(super::io_failure)?);
        let (layout, pages) = directory::read_chain(&mut file)?;
        Ok(Self {
            path: path.to_path_buf(),
            layout,
            pages,
        })
    }

    /// The number of pages; previews and masks are not counted.
    pub fn pages(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(u32::MAX)
    }

    /// Decodes one page, counted from 1.
    pub fn page(&self, number: u32) -> Result<DecodedPage, Failure> {
        let directory = self.directory(number)?;
        let mut file = BufReader::new(File::open(&self.path).map_err(super::io_failure)?);
        let width = side(directory, &mut file, tag::WIDTH)?;
        let height = side(directory, &mut file, tag::HEIGHT)?;
        check_size(width, height)?;
        let compression = directory.value(&mut file, tag::COMPRESSION)?.unwrap_or(1);
        let dpi = stated_resolution(directory, &mut file)?;
        let orientation = orientation(directory, &mut file)?;
        let image = match FaxCoding::from_compression(compression) {
            Some(coding) => {
                let image = fax::decode(&mut file, directory, coding, (width, height))?;
                square_pixels(PageImage::Gray(image), dpi)
            }
            None => square_pixels(self.decode(file, directory)?, dpi),
        };
        let dpi = dpi.and_then(|(x, y)| resolution::believed(x.max(y)));
        Ok(DecodedPage::scan(image.oriented(orientation), dpi))
    }

    fn directory(&self, number: u32) -> Result<&Directory, Failure> {
        match self.pages.get((number as usize).saturating_sub(1)) {
            Some(Ok(directory)) => Ok(directory),
            Some(Err(failure)) => Err(failure.clone()),
            None => Err(Failure::new(FailureCode::PageOutOfRange, format!("page {number}"))),
        }
    }

    /// Everything but fax goes through the picture decoder, started at the directory of the page.
    fn decode(&self, mut file: BufReader<File>, directory: &Directory) -> Result<PageImage, Failure> {
        let mut patches = vec![self.layout.first_directory(directory.offset)];
        let bits = directory.value(&mut file, tag::BITS_PER_SAMPLE)?.unwrap_or(1);
        let mut palette = None;
        if directory.value(&mut file, tag::PHOTOMETRIC)? == Some(PALETTE)
            && let Some(field) = directory.field(tag::PHOTOMETRIC)
        {
            patches.push((field, self.layout.bytes(BLACK_IS_ZERO, 2)));
            let colors = directory.values(&mut file, tag::COLOR_MAP)?;
            if bits > 8 || colors.len() != 3 << bits {
                return Err(Failure::new(
                    FailureCode::Damaged,
                    "the colour table does not fit the pixels",
                ));
            }
            palette = Some(colors);
        }
        if directory.value(&mut file, tag::FILL_ORDER)? == Some(2) && bits < 8 {
            let code = FailureCode::Unsupported;
            return Err(Failure::new(code, "reversed bit order outside CCITT coding"));
        }
        let reader = Overlay::new(file, patches).map_err(super::io_failure)?;
        let mut decoder = Decoder::new(reader)
            .map_err(|e| tiff_failure(&e))?
            .with_limits(limits());
        let (width, height) = decoder.dimensions().map_err(|e| tiff_failure(&e))?;
        let color = decoder.colortype().map_err(|e| tiff_failure(&e))?;
        let mut data = DecodingResult::U8(Vec::new());
        let layout = decoder.read_image_to_buffer(&mut data).map_err(|e| tiff_failure(&e))?;
        let sample_bytes = usize::from(color.bit_depth()).div_ceil(8).max(1);
        let samples = pixels::Samples {
            width,
            height,
            color,
            data,
            plane: layout
                .plane_stride
                .filter(|_| layout.planes > 1)
                .map(|stride| stride.get() / sample_bytes),
        };
        pixels::to_page(samples, palette.as_deref())
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    // Up to four samples of 16 bits.
    let bytes = usize::try_from(MAX_PIXELS * 8).unwrap_or(usize::MAX);
    limits.decoding_buffer_size = bytes;
    limits.intermediate_buffer_size = bytes;
    limits
}

fn side(directory: &Directory, file: &mut (impl Read + Seek), tag: u16) -> Result<u32, Failure> {
    let value = directory
        .value(file, tag)?
        .ok_or_else(|| Failure::new(FailureCode::Damaged, format!("tag {tag} is missing")))?;
    u32::try_from(value).map_err(|_| Failure::new(FailureCode::PageTooLarge, format!("{value} pixels a side")))
}

/// How the page has to be turned and mirrored to be shown.
fn orientation(directory: &Directory, file: &mut (impl Read + Seek)) -> Result<Orientation, Failure> {
    let value = directory.value(file, tag::ORIENTATION)?;
    Ok(value
        .and_then(|o| u8::try_from(o).ok())
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms))
}

/// Horizontal and vertical resolution in dots per inch.
fn stated_resolution(directory: &Directory, file: &mut (impl Read + Seek)) -> Result<Option<(f64, f64)>, Failure> {
    let factor = match directory.value(file, tag::RESOLUTION_UNIT)? {
        None | Some(2) => 1.0,
        Some(3) => 2.54,
        Some(_) => return Ok(None),
    };
    let x = directory.rational(file, tag::X_RESOLUTION)?;
    let y = directory.rational(file, tag::Y_RESOLUTION)?.or(x);
    Ok(x.zip(y).map(|(x, y)| (x * factor, y * factor)))
}

/// Fax pages have fewer rows than columns to the inch (204 x 98 or 204 x 196): stretched, so that characters keep
/// their shape.
fn square_pixels(image: PageImage, dpi: Option<(f64, f64)>) -> PageImage {
    let Some((x, y)) = dpi else { return image };
    if resolution::believed(x.max(y)).is_none() || !(0.2..=0.95).contains(&(x.min(y) / x.max(y))) {
        return image;
    }
    let scaled = |side: u32, own: f64, other: f64| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most five times a checked side
        let pixels = (f64::from(side) * (other / own).max(1.0)).round() as u32;
        pixels
    };
    let (width, height) = (scaled(image.width(), x, y), scaled(image.height(), y, x));
    if check_size(width, height).is_err() {
        return image;
    }
    let filter = image::imageops::FilterType::Triangle;
    match image {
        PageImage::Gray(image) => PageImage::Gray(image::imageops::resize(&image, width, height, filter)),
        PageImage::Rgb(image) => PageImage::Rgb(image::imageops::resize(&image, width, height, filter)),
    }
}

fn tiff_failure(error: &TiffError) -> Failure {
    let code = match error {
        TiffError::FormatError(TiffFormatError::CycleInOffsets) => FailureCode::PageTreeCycle,
        TiffError::FormatError(TiffFormatError::CompressedDataCorrupt(_)) => FailureCode::DamagedImage,
        TiffError::FormatError(_) | TiffError::IntSizeError | TiffError::UsageError(_) => FailureCode::Damaged,
        TiffError::UnsupportedError(_) => FailureCode::Unsupported,
        TiffError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => FailureCode::Truncated,
        TiffError::IoError(_) => FailureCode::DamagedImage,
        TiffError::LimitsExceeded => FailureCode::PageTooLarge,
    };
    Failure::new(code, super::short(&error.to_string()))
}
