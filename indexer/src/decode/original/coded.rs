//! Pixels coded for PDF: without loss by PNG rows or Group 4, and as JPEG for pages that had to be drawn.

use fax::encoder::Encoder;
use fax::{Color, VecWriter};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GrayImage};

use super::{Coding, Original, Picture, PictureColour, fits};
use crate::decode::PageImage;
use crate::decode::failure::{Failure, FailureCode};

/// Quality of pages that had to be drawn: no damage to letters can be seen, a tenth of the size.
const DRAWN_QUALITY: u8 = 88;

/// Codes a page without loss: black and white by Group 4, all else by PNG rows.
pub(in crate::decode) fn lossless(page: &PageImage, orientation: u8) -> Result<(Original, Vec<u8>), Failure> {
    let (width, height) = (page.width(), page.height());
    let (coding, colour, bits, bytes) = match page {
        PageImage::Gray(image) if image.as_raw().iter().all(|v| *v == 0 || *v == 255) => {
            let coding = Coding::Fax {
                k: -1,
                black_is_one: false,
                byte_aligned: false,
                end_of_block: true,
            };
            (coding, PictureColour::Gray, 1, group4(image))
        }
        PageImage::Gray(image) => {
            let rows = png_rows(image.as_raw(), (width, height), png::ColorType::Grayscale)?;
            (Coding::PngRows, PictureColour::Gray, 8, rows)
        }
        PageImage::Rgb(image) => {
            let rows = png_rows(image.as_raw(), (width, height), png::ColorType::Rgb)?;
            (Coding::PngRows, PictureColour::Rgb, 8, rows)
        }
    };
    let picture = Picture {
        width,
        height,
        orientation,
        coding,
        colour,
        bits,
        places: Vec::new(),
        drawn: false,
    };
    Ok((Original::Picture(Box::new(picture)), fits(bytes)?))
}

/// A page that had to be drawn.
pub(in crate::decode) fn jpeg_of_drawn(page: &PageImage) -> Result<(Original, Vec<u8>), Failure> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, DRAWN_QUALITY);
    let (colour, written) = match page {
        PageImage::Gray(image) => (
            PictureColour::Gray,
            encoder.encode(image, image.width(), image.height(), ExtendedColorType::L8),
        ),
        PageImage::Rgb(image) => (
            PictureColour::Rgb,
            encoder.encode(image, image.width(), image.height(), ExtendedColorType::Rgb8),
        ),
    };
    written.map_err(|e| Failure::new(FailureCode::DamagedImage, crate::decode::short(&e.to_string())))?;
    let picture = Picture {
        width: page.width(),
        height: page.height(),
        orientation: 1,
        coding: Coding::Jpeg { plain_rgb: false },
        colour,
        bits: 8,
        places: Vec::new(),
        drawn: true,
    };
    Ok((Original::Picture(Box::new(picture)), fits(bytes)?))
}

fn group4(image: &GrayImage) -> Vec<u8> {
    let mut encoder = Encoder::new(VecWriter::new());
    for row in image.rows() {
        let colours = row.map(|pixel| if pixel.0[0] < 128 { Color::Black } else { Color::White });
        match encoder.encode_line(colours, image.width()) {
            Ok(()) => {}
            Err(never) => match never {},
        }
    }
    match encoder.finish() {
        Ok(writer) => writer.finish(),
        Err(never) => match never {},
    }
}

/// The data of a PNG file is what `FlateDecode` with predictor 15 reads, so the PNG writer does the work.
fn png_rows(samples: &[u8], (width, height): (u32, u32), colour: png::ColorType) -> Result<Vec<u8>, Failure> {
    let failure = |e: png::EncodingError| Failure::new(FailureCode::DamagedImage, crate::decode::short(&e.to_string()));
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().map_err(failure)?;
    writer.write_image_data(samples).map_err(failure)?;
    writer.finish().map_err(failure)?;
    let mut rows = Vec::with_capacity(file.len());
    for (kind, place) in chunks(&file) {
        if &kind == b"IDAT" {
            rows.extend_from_slice(file.get(place).unwrap_or_default());
        }
    }
    Ok(rows)
}

/// The chunks of a PNG file: kind, and where the data stands. Ends at the first that is cut off.
pub(in crate::decode) fn chunks(file: &[u8]) -> Vec<([u8; 4], std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 8;
    while let Some(&[a, b, c, d, k0, k1, k2, k3]) = file.get(at..at + 8).and_then(|head| head.as_array::<8>()) {
        let Ok(length) = usize::try_from(u32::from_be_bytes([a, b, c, d])) else {
            break;
        };
        let data = at + 8..(at + 8).saturating_add(length);
        if data.end > file.len() {
            break;
        }
        at = data.end.saturating_add(4);
        found.push(([k0, k1, k2, k3], data));
    }
    found
}
