//! The scan as image object, its coded bytes as they are (ISO 32000-1, 8.9.5).

use std::io::{Read, Seek, SeekFrom, Write};

use pdf_writer::{Chunk, Filter, Finish, Ref};

use super::super::Error;
use super::objects::Objects;
use crate::decode::{Coding, Picture, PictureColour};

/// The coded bytes: those that came along, else those at their places in the scan file.
pub(super) fn coded_bytes(
    picture: &Picture,
    carried: Vec<u8>,
    file: &mut (impl Read + Seek),
) -> Result<Vec<u8>, Error> {
    if picture.places.is_empty() {
        return Ok(carried);
    }
    let mut bytes = Vec::new();
    for place in &picture.places {
        let length = place.end.saturating_sub(place.start);
        file.seek(SeekFrom::Start(place.start))?;
        let before = bytes.len() as u64;
        file.by_ref().take(length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 - before != length {
            return Err(Error::ScanChanged);
        }
    }
    Ok(bytes)
}

/// Writes the image object.
pub(super) fn write<W: Write>(objects: &mut Objects<W>, id: Ref, picture: &Picture, coded: &[u8]) -> Result<(), Error> {
    let pixels = |value: u32| i32::try_from(value).map_err(|_| Error::TooManyObjects);
    let (columns, rows) = (pixels(picture.width)?, pixels(picture.height)?);
    let mut chunk = Chunk::new();
    let mut image = chunk.image_xobject(id, coded);
    image.width(columns).height(rows);
    image.bits_per_component(i32::from(picture.bits));
    match picture.coding {
        Coding::Jpeg { plain_rgb } => {
            image.filter(Filter::DctDecode);
            if plain_rgb {
                image.decode_parms().color_transform(false);
            }
        }
        Coding::Fax {
            k,
            black_is_one,
            byte_aligned,
            end_of_block,
        } => {
            image.filter(Filter::CcittFaxDecode);
            image
                .decode_parms()
                .k(i32::from(k))
                .columns(columns)
                .rows(rows)
                .black_is_1(black_is_one)
                .encoded_byte_align(byte_aligned)
                .end_of_block(end_of_block);
        }
        Coding::PngRows => {
            image.filter(Filter::FlateDecode);
            image
                .decode_parms()
                .predictor(pdf_writer::types::Predictor::PngOptimum)
                .colors(i32::from(picture.colour.components()))
                .bits_per_component(i32::from(picture.bits))
                .columns(columns);
        }
    }
    match &picture.colour {
        PictureColour::Gray => image.color_space().device_gray(),
        PictureColour::Rgb => image.color_space().device_rgb(),
        PictureColour::Cmyk { inverted } => {
            image.color_space().device_cmyk();
            if *inverted {
                image.decode([1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
            }
        }
        PictureColour::Palette { table } => {
            let last = i32::try_from(table.len() / 3).unwrap_or(1) - 1;
            image.color_space().indexed(pdf_writer::Name(b"DeviceRGB"), last, table);
        }
    }
    image.finish();
    Ok(objects.object(&chunk)?)
}
