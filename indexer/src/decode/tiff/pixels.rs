//! The colour forms of TIFF, as gray or RGB.

use image::{GrayImage, RgbImage};
use tiff::ColorType;
use tiff::decoder::DecodingResult;

use crate::decode::failure::{Failure, FailureCode};
use crate::decode::page_image::PageImage;

/// Samples of a page as the decoder gives them.
pub(super) struct Samples {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) color: ColorType,
    pub(super) data: DecodingResult,
    /// Samples from one plane to the next; `None` when the samples of a pixel are side by side.
    pub(super) plane: Option<usize>,
}

/// Turns samples into a page; `palette` holds the colours of an indexed picture, 16 bits a sample.
pub(super) fn to_page(samples: Samples, palette: Option<&[u64]>) -> Result<PageImage, Failure> {
    let Samples {
        width,
        height,
        color,
        data,
        plane,
    } = samples;
    let depth = color.bit_depth();
    let channels = usize::from(color.num_samples());
    let bytes = match data {
        DecodingResult::U8(bytes) if depth < 8 => unpack(&bytes, width as usize * channels, depth, palette.is_none())?,
        DecodingResult::U8(bytes) => bytes,
        DecodingResult::U16(words) => words.into_iter().map(|w| (w >> 8) as u8).collect(),
        _ => return Err(unsupported(color)),
    };
    let bytes = match plane {
        Some(stride) if channels > 1 => interleave(&bytes, stride, width as usize * height as usize, channels)?,
        _ => bytes,
    };
    if let Some(palette) = palette {
        let third = palette.len() / 3;
        let at = |index: usize| {
            palette
                .get(index)
                .map_or(0, |v| u8::try_from(v >> 8).unwrap_or(u8::MAX))
        };
        return rgb(
            width,
            height,
            bytes.iter().map(|&i| {
                let i = usize::from(i);
                [at(i), at(third + i), at(2 * third + i)]
            }),
        );
    }
    match color {
        ColorType::Gray(_) => GrayImage::from_raw(width, height, bytes)
            .map(PageImage::Gray)
            .ok_or_else(short_data),
        ColorType::GrayA(_) | ColorType::Multiband { .. } => {
            let gray = bytes.chunks_exact(channels.max(1)).map(|p| p[0]).collect();
            GrayImage::from_raw(width, height, gray)
                .map(PageImage::Gray)
                .ok_or_else(short_data)
        }
        ColorType::RGB(_) | ColorType::RGBA(_) => {
            rgb(width, height, bytes.chunks_exact(channels).map(|p| [p[0], p[1], p[2]]))
        }
        ColorType::CMYK(_) | ColorType::CMYKA(_) => rgb(
            width,
            height,
            bytes.chunks_exact(channels).map(|p| {
                let ink = |c: u8| {
                    let paper = u32::from(255 - c) * u32::from(255 - p[3]);
                    u8::try_from((paper + 127) / 255).unwrap_or(u8::MAX)
                };
                [ink(p[0]), ink(p[1]), ink(p[2])]
            }),
        ),
        ColorType::YCbCr(_) => rgb(
            width,
            height,
            bytes.chunks_exact(3).map(|p| from_ycbcr([p[0], p[1], p[2]])),
        ),
        other => Err(unsupported(other)),
    }
}

fn rgb(width: u32, height: u32, pixels: impl Iterator<Item = [u8; 3]>) -> Result<PageImage, Failure> {
    RgbImage::from_raw(width, height, pixels.flatten().collect())
        .map(PageImage::Rgb)
        .ok_or_else(short_data)
}

/// Spreads packed samples of 1, 2 or 4 bits over a byte each; `scaled` makes the highest value 255.
fn unpack(packed: &[u8], row_samples: usize, depth: u8, scaled: bool) -> Result<Vec<u8>, Failure> {
    if !matches!(depth, 1 | 2 | 4) {
        return Err(Failure::new(FailureCode::Unsupported, format!("{depth} bits a sample")));
    }
    let per_byte = 8 / usize::from(depth);
    let mask = (1_u8 << depth) - 1;
    let factor = if scaled { 255 / mask } else { 1 };
    let mut samples = Vec::with_capacity(packed.len() * per_byte);
    for row in packed.chunks(row_samples.div_ceil(per_byte)) {
        let row_start = samples.len();
        for byte in row {
            for place in (0..per_byte).rev() {
                samples.push((byte >> (place * usize::from(depth)) & mask) * factor);
            }
        }
        samples.truncate(row_start + row_samples);
    }
    Ok(samples)
}

fn interleave(bytes: &[u8], stride: usize, pixels: usize, channels: usize) -> Result<Vec<u8>, Failure> {
    let mut interleaved = vec![0; pixels * channels];
    for channel in 0..channels {
        let plane = bytes
            .get(channel * stride..channel * stride + pixels)
            .ok_or_else(short_data)?;
        for (to, from) in interleaved.iter_mut().skip(channel).step_by(channels).zip(plane) {
            *to = *from;
        }
    }
    Ok(interleaved)
}

/// ITU-R BT.601, full range, as JPEG uses it.
fn from_ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to 0..=255
    let clamp = |v: f32| v.round().clamp(0.0, 255.0) as u8;
    [
        clamp(y + 1.402 * cr),
        clamp(y - 0.344_136 * cb - 0.714_136 * cr),
        clamp(y + 1.772 * cb),
    ]
}

fn unsupported(color: ColorType) -> Failure {
    Failure::new(FailureCode::Unsupported, format!("TIFF pixels of type {color:?}"))
}

fn short_data() -> Failure {
    Failure::new(FailureCode::Truncated, "fewer samples than pixels")
}
