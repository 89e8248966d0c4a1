//! JPEG and PNG files as PDF can carry them without touching their coded bytes.

use std::ops::Range;

use super::RasterFile;
use crate::decode::failure::Failure;
use crate::decode::original::{Coding, Original, Picture, PictureColour, chunks, lossless};
use crate::source::MediaType;

impl RasterFile {
    /// The picture of the file, in its own coding where PDF knows it.
    pub(in crate::decode) fn original(&self) -> Result<(Original, Vec<u8>), Failure> {
        let (page, orientation) = self.decode()?;
        let orientation = orientation.to_exif();
        let copied = match self.media_type {
            MediaType::Jpeg => jpeg(&self.bytes),
            MediaType::Png => png(&self.bytes),
            MediaType::Bmp | MediaType::Webp | MediaType::Pdf | MediaType::Tiff => None,
        };
        match copied {
            Some(picture) => {
                let picture = Picture { orientation, ..picture };
                Ok((Original::Picture(Box::new(picture)), Vec::new()))
            }
            None => lossless(&page, orientation),
        }
    }
}

/// What the frame header of a JPEG stream says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) struct Frame {
    pub(in crate::decode) width: u32,
    pub(in crate::decode) height: u32,
    pub(in crate::decode) components: u8,
    /// Whether the components are named `R`, `G`, `B`.
    named_rgb: bool,
    /// Whether an Adobe marker is there: then 0 means full ink in CMYK.
    pub(in crate::decode) adobe: bool,
}

/// The frame of a stream that PDF readers decode: baseline, extended or progressive, Huffman-coded, 8 bits.
pub(in crate::decode) fn frame(bytes: &[u8]) -> Option<Frame> {
    let mut rest = bytes.get(2..)?;
    let mut adobe = false;
    loop {
        let [0xff, marker, high, low, ..] = *rest else {
            return None;
        };
        // Fill bytes before a marker.
        if marker == 0xff {
            rest = rest.get(1..)?;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(4..2 + length)?;
        match marker {
            0xee => adobe |= segment.starts_with(b"Adobe"),
            0xc0..=0xc2 => {
                let &[precision, h0, h1, w0, w1, components] = segment.first_chunk::<6>()?;
                let names: Vec<u8> = segment.get(6..)?.iter().step_by(3).copied().collect();
                return (precision == 8).then_some(Frame {
                    width: u32::from(u16::from_be_bytes([w0, w1])),
                    height: u32::from(u16::from_be_bytes([h0, h1])),
                    components,
                    named_rgb: names == b"RGB",
                    adobe,
                });
            }
            // Lossless, hierarchical or arithmetic; or the scan comes before any frame.
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xda => return None,
            _ => {}
        }
        rest = rest.get(2 + length..)?;
    }
}

fn jpeg(bytes: &[u8]) -> Option<Picture> {
    let frame = frame(bytes)?;
    let colour = match frame.components {
        1 => PictureColour::Gray,
        3 => PictureColour::Rgb,
        4 => PictureColour::Cmyk { inverted: frame.adobe },
        _ => return None,
    };
    // A height of 0 is given later in the stream; readers of PDF do not look for it.
    (frame.width > 0 && frame.height > 0).then(|| Picture {
        width: frame.width,
        height: frame.height,
        orientation: 1,
        coding: Coding::Jpeg {
            plain_rgb: frame.named_rgb && !frame.adobe,
        },
        colour,
        bits: 8,
        places: std::iter::once(0..bytes.len() as u64).collect(),
        drawn: false,
    })
}

/// A PNG without transparency and interlacing: its data is what PDF calls Flate with predictor 15.
fn png(bytes: &[u8]) -> Option<Picture> {
    let chunks = chunks(bytes);
    let data = |place: &Range<usize>| bytes.get(place.clone());
    let (_, header) = chunks.first().filter(|(kind, _)| kind == b"IHDR")?;
    let &[w0, w1, w2, w3, h0, h1, h2, h3, bits, colour, _, _, interlaced] = data(header)?.first_chunk::<13>()?;
    if interlaced != 0 || chunks.iter().any(|(kind, _)| kind == b"tRNS") {
        return None;
    }
    let colour = match colour {
        0 => PictureColour::Gray,
        2 => PictureColour::Rgb,
        3 => {
            let (_, palette) = chunks.iter().find(|(kind, _)| kind == b"PLTE")?;
            let table = data(palette)?.to_vec();
            if table.is_empty() || table.len() % 3 != 0 || table.len() > 768 {
                return None;
            }
            PictureColour::Palette { table }
        }
        // With alpha.
        _ => return None,
    };
    let places: Vec<Range<u64>> = chunks
        .iter()
        .filter(|(kind, _)| kind == b"IDAT")
        .map(|(_, place)| place.start as u64..place.end as u64)
        .collect();
    (!places.is_empty()).then(|| Picture {
        width: u32::from_be_bytes([w0, w1, w2, w3]),
        height: u32::from_be_bytes([h0, h1, h2, h3]),
        orientation: 1,
        coding: Coding::PngRows,
        colour,
        bits,
        places,
        drawn: false,
    })
}
