//! TIFF pages as PDF can carry them: a single strip of fax coding or of JPEG as it stands, all else without loss.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use super::directory::{Directory, tag};
use super::fax::{self, FaxCoding};
use super::{TiffFile, orientation, side};
use crate::decode::failure::Failure;
use crate::decode::original::{Coding, Original, Picture, PictureColour, lossless};
use crate::decode::page_image::{PageImage, check_size};
use crate::decode::raster::frame;

/// Compression: JPEG streams (TIFF Technical Note 2).
const JPEG: u64 = 7;
/// Photometric interpretation: red, green, blue.
const RGB: u64 = 2;

impl TiffFile {
    /// The page, counted from 1, in its own coding where PDF knows it.
    pub(in crate::decode) fn original(&self, number: u32) -> Result<(Original, Vec<u8>), Failure> {
        let directory = self.directory(number)?;
        let mut file = BufReader::new(File::open(&self.path).map_err(crate::decode::io_failure)?);
        let size = (
            side(directory, &mut file, tag::WIDTH)?,
            side(directory, &mut file, tag::HEIGHT)?,
        );
        check_size(size.0, size.1)?;
        let orientation = orientation(directory, &mut file)?.to_exif();
        let compression = directory.value(&mut file, tag::COMPRESSION)?.unwrap_or(1);
        if let Some(coding) = FaxCoding::from_compression(compression) {
            // Decoded in any case: only what was seen to be whole is copied.
            let page = fax::decode(&mut file, directory, coding, size)?;
            return match fax_strip(&mut file, directory, coding)? {
                Some((coding, place)) => {
                    let picture = Picture {
                        width: size.0,
                        height: size.1,
                        orientation,
                        coding,
                        colour: PictureColour::Gray,
                        bits: 1,
                        places: vec![place],
                        drawn: false,
                    };
                    Ok((Original::Picture(Box::new(picture)), Vec::new()))
                }
                None => lossless(&PageImage::Gray(page), orientation),
            };
        }
        if compression == JPEG
            && let Some((picture, bytes)) = jpeg_strip(&mut file, directory, size)?
        {
            let picture = Picture { orientation, ..picture };
            // Decoded in any case, as above.
            self.decode(file, directory)?;
            return Ok((Original::Picture(Box::new(picture)), bytes));
        }
        lossless(&self.decode(file, directory)?, orientation)
    }
}

/// The only strip of a page and its place in the file; `None` when there are several or tiles.
fn only_strip(file: &mut (impl Read + Seek), directory: &Directory) -> Result<Option<std::ops::Range<u64>>, Failure> {
    let offsets = directory.values(file, tag::STRIP_OFFSETS)?;
    let lengths = directory.values(file, tag::STRIP_BYTE_COUNTS)?;
    Ok(match (offsets.as_slice(), lengths.as_slice()) {
        (&[offset], &[length]) => Some(offset..offset.saturating_add(length)),
        _ => None,
    })
}

fn fax_strip(
    file: &mut (impl Read + Seek),
    directory: &Directory,
    coding: FaxCoding,
) -> Result<Option<(Coding, std::ops::Range<u64>)>, Failure> {
    // With the bits of each byte reversed it is no stream that PDF knows.
    if directory.value(file, tag::FILL_ORDER)? == Some(2) {
        return Ok(None);
    }
    let two_dimensional = directory.value(file, tag::T4_OPTIONS)?.unwrap_or(0) & 1 != 0;
    let coding = Coding::Fax {
        k: match coding {
            FaxCoding::Group4 => -1,
            FaxCoding::Group3 if two_dimensional => 1,
            FaxCoding::Group3 | FaxCoding::ModifiedHuffman => 0,
        },
        black_is_one: directory.value(file, tag::PHOTOMETRIC)? == Some(super::BLACK_IS_ZERO),
        byte_aligned: coding == FaxCoding::ModifiedHuffman,
        end_of_block: coding == FaxCoding::Group4,
    };
    Ok(only_strip(file, directory)?.map(|place| (coding, place)))
}

/// A page of one JPEG strip, joined with the tables that stand apart.
fn jpeg_strip(
    file: &mut (impl Read + Seek),
    directory: &Directory,
    size: (u32, u32),
) -> Result<Option<(Picture, Vec<u8>)>, Failure> {
    let Some(place) = only_strip(file, directory)? else {
        return Ok(None);
    };
    file.seek(SeekFrom::Start(place.start))
        .map_err(crate::decode::io_failure)?;
    let mut strip = Vec::new();
    file.take(place.end - place.start)
        .read_to_end(&mut strip)
        .map_err(crate::decode::io_failure)?;
    let tables: Vec<u8> = directory
        .values(file, tag::JPEG_TABLES)?
        .into_iter()
        .filter_map(|byte| u8::try_from(byte).ok())
        .collect();
    let mut stream = vec![0xff, 0xd8];
    if let Some(inner) = tables.strip_prefix(&[0xff, 0xd8]) {
        stream.extend_from_slice(inner.strip_suffix(&[0xff, 0xd9]).unwrap_or(inner));
    }
    let Some(body) = strip.strip_prefix(&[0xff, 0xd8]) else {
        return Ok(None);
    };
    stream.extend_from_slice(body);
    let Some(frame) = frame(&stream).filter(|f| (f.width, f.height) == size) else {
        return Ok(None);
    };
    let photometric = directory.value(file, tag::PHOTOMETRIC)?;
    let colour = match frame.components {
        1 if photometric == Some(super::BLACK_IS_ZERO) => PictureColour::Gray,
        3 => PictureColour::Rgb,
        _ => return Ok(None),
    };
    let plain_rgb = photometric == Some(RGB) && !frame.adobe;
    let as_it_stands = stream == strip;
    let picture = Picture {
        width: size.0,
        height: size.1,
        orientation: 1,
        coding: Coding::Jpeg { plain_rgb },
        colour,
        bits: 8,
        places: if as_it_stands { vec![place] } else { Vec::new() },
        drawn: false,
    };
    Ok(Some((picture, if as_it_stands { Vec::new() } else { stream })))
}
