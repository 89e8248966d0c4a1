//! Multi-page TIFF files.

use std::io::Cursor;

use image::DynamicImage;
use tiff::encoder::colortype::{ColorType, Gray8, RGB8};
use tiff::encoder::{Compression, Rational, TiffEncoder, TiffValue};
use tiff::tags::{ResolutionUnit, Tag};

use super::super::scan::Scan;
use super::bilevel;

type Encoder<'a> = TiffEncoder<Cursor<&'a mut Vec<u8>>>;

/// CCITT Group 4, one strip a page.
pub(super) fn group4(scans: &[Scan]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut encoder: Encoder<'_> = TiffEncoder::new(Cursor::new(&mut bytes)).map_err(text)?;
    let count = u16::try_from(scans.len()).unwrap_or(u16::MAX);
    for (number, scan) in (0_u16..).zip(scans) {
        let image = scan.image.to_luma8();
        let data = bilevel::group4(&image);
        group4_page(&mut encoder, &data, image.dimensions(), scan.truth.dpi, (number, count))?;
    }
    Ok(bytes)
}

/// One page of black and white: a black square in the middle of a large white sheet.
pub(super) fn group4_square(side: u32, square: u32, dpi: u32) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut encoder: Encoder<'_> = TiffEncoder::new(Cursor::new(&mut bytes)).map_err(text)?;
    let data = bilevel::group4_square(side, square);
    group4_page(&mut encoder, &data, (side, side), dpi, (0, 1))?;
    Ok(bytes)
}

/// Writes a page whose data are coded already, with its number from 0 and the number of pages.
fn group4_page(
    encoder: &mut Encoder<'_>,
    data: &[u8],
    (width, height): (u32, u32),
    dpi: u32,
    (number, count): (u16, u16),
) -> Result<(), String> {
    let length = u32::try_from(data.len()).map_err(|_| "a page is above 4 GB".to_owned())?;
    let mut page = encoder.image_directory().map_err(text)?;
    let offset = page.write_data(data).map_err(text)?;
    let offset = u32::try_from(offset).map_err(|_| "the file is above 4 GB".to_owned())?;
    let resolution = Rational { n: dpi, d: 1 };
    page.write_tag(Tag::NewSubfileType, 2_u32).map_err(text)?; // a page of a multi-page document
    page.write_tag(Tag::ImageWidth, width).map_err(text)?;
    page.write_tag(Tag::ImageLength, height).map_err(text)?;
    page.write_tag(Tag::BitsPerSample, 1_u16).map_err(text)?;
    page.write_tag(Tag::Compression, 4_u16).map_err(text)?;
    page.write_tag(Tag::PhotometricInterpretation, 0_u16).map_err(text)?; // white is zero
    page.write_tag(Tag::FillOrder, 1_u16).map_err(text)?;
    page.write_tag(Tag::StripOffsets, offset).map_err(text)?;
    page.write_tag(Tag::SamplesPerPixel, 1_u16).map_err(text)?;
    page.write_tag(Tag::RowsPerStrip, height).map_err(text)?;
    page.write_tag(Tag::StripByteCounts, length).map_err(text)?;
    page.write_tag(Tag::XResolution, resolution.clone()).map_err(text)?;
    page.write_tag(Tag::YResolution, resolution).map_err(text)?;
    page.write_tag(Tag::ResolutionUnit, ResolutionUnit::Inch.to_u16())
        .map_err(text)?;
    page.write_tag(
        Tag::Unknown(297), // PageNumber
        [number, count].as_slice(),
    )
    .map_err(text)?;
    page.finish().map_err(text)
}

/// LZW, grey or colour.
pub(super) fn lzw(scans: &[Scan]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut encoder: Encoder<'_> = TiffEncoder::new(Cursor::new(&mut bytes))
        .map_err(text)?
        .with_compression(Compression::Lzw);
    for scan in scans {
        match &scan.image {
            DynamicImage::ImageRgb8(image) => page::<RGB8>(&mut encoder, scan, image.as_raw())?,
            image => page::<Gray8>(&mut encoder, scan, image.to_luma8().as_raw())?,
        }
    }
    Ok(bytes)
}

fn page<C: ColorType<Inner = u8>>(encoder: &mut Encoder<'_>, scan: &Scan, pixels: &[u8]) -> Result<(), String>
where
    [u8]: TiffValue,
{
    let mut image = encoder
        .new_image::<C>(scan.image.width(), scan.image.height())
        .map_err(text)?;
    image.resolution(
        ResolutionUnit::Inch,
        Rational {
            n: scan.truth.dpi,
            d: 1,
        },
    );
    image.write_data(pixels).map_err(text)
}

#[allow(clippy::needless_pass_by_value)] // for map_err
fn text(error: tiff::TiffError) -> String {
    error.to_string()
}
