//! The text of a seal as straight strips: the name around the rim, then the lines across the middle.

mod frame;
mod ink;

use image::{GrayImage, Luma};

use super::{FoundSeal, SealShape};
use crate::decode::PageImage;
use crate::prepare::grid::{byte, place};
use frame::Frame;
use ink::Coverage;

/// Height of the strips in pixels.
const HEIGHT: u32 = 56;
/// White at both ends of a strip.
const MARGIN: u32 = 24;
/// Strips are cut off at this width.
const MAX_WIDTH: u32 = 3000;

/// The text of a seal of this page in strips of equal height, dark on white, that read from left to right: first the
/// rim from the gap at the bottom clockwise, then the lines across the middle from top to bottom. Print that lies
/// over the seal is left out. Empty when the seal shows no text.
pub fn unroll(page: &PageImage, seal: &FoundSeal) -> Vec<GrayImage> {
    let Some(mut ink) = Coverage::of(page, seal) else {
        return Vec::new();
    };
    match seal.shape {
        SealShape::Ellipse { .. } => {
            let Some(frame) = Frame::of(seal, &ink) else {
                return Vec::new();
            };
            let lines = frame.lines(&ink);
            let straight: Vec<GrayImage> = lines.iter().filter_map(|line| frame.cut(&ink, *line)).collect();
            for line in lines {
                frame.erase(&mut ink, line);
            }
            frame.rim(&ink).into_iter().chain(straight).collect()
        }
        SealShape::Rectangle => rows(&ink),
    }
}

/// A strip from a function that tells the ink (0 to 255) at a place: along 0 to `length`, down 0 to `tall`, in pixels
/// of the page.
fn strip(length: f32, tall: f32, ink: impl Fn(f32, f32) -> f32) -> Option<GrayImage> {
    let zoom = HEIGHT as f32 / tall.max(1.0);
    let inner = place(length * zoom);
    if !(HEIGHT / 3..=MAX_WIDTH).contains(&inner) {
        return None;
    }
    let mut image = GrayImage::from_pixel(inner + 2 * MARGIN, HEIGHT, Luma([255]));
    // Small strips are made from several samples a pixel.
    let fine = if zoom < 0.7 {
        [-0.25_f32, 0.25].as_slice()
    } else {
        &[0.0]
    };
    for y in 0..HEIGHT {
        for x in 0..inner {
            let mut sum = 0.0;
            for dy in fine {
                for dx in fine {
                    sum += ink((x as f32 + 0.5 + dx) / zoom, (y as f32 + 0.5 + dy) / zoom);
                }
            }
            let mean = sum / (fine.len() * fine.len()) as f32;
            image.put_pixel(x + MARGIN, y, Luma([byte(255.0 - mean)]));
        }
    }
    Some(image)
}

/// The lines of a box-shaped seal, without its frame.
fn rows(ink: &Coverage) -> Vec<GrayImage> {
    let (width, height) = (ink.width as f32, ink.height as f32);
    let (left, top) = (width * 0.09, height * 0.09);
    let (wide, high) = (width - 2.0 * left, height - 2.0 * top);
    frame::runs(high, |y| {
        let row = (0_u8..60).map(|i| ink.at(left + wide * (f32::from(i) + 0.5) / 60.0, top + y));
        row.sum::<f32>() / 60.0 > 12.0
    })
    .into_iter()
    .filter(|(from, to)| to - from > high * 0.15)
    .filter_map(|(from, to)| strip(wide, to - from + 4.0, |x, y| ink.at(left + x, top + from - 2.0 + y)))
    .collect()
}
