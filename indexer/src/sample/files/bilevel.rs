//! 1-bit images and their Group 4 (ITU-T T.6) coding.

use fax::encoder::Encoder;
use fax::{Color, VecWriter};
use image::GrayImage;

/// Codes an image of black (0) and white (255) pixels; black pixels are coded as black runs.
pub(super) fn group4(image: &GrayImage) -> Vec<u8> {
    let rows = image
        .rows()
        .map(|row| row.map(|pixel| if pixel.0[0] < 128 { Color::Black } else { Color::White }));
    group4_rows(image.width(), rows)
}

/// Codes rows that need not lie in memory.
fn group4_rows(width: u32, rows: impl Iterator<Item = impl Iterator<Item = Color>>) -> Vec<u8> {
    let mut encoder = Encoder::new(VecWriter::new());
    for row in rows {
        match encoder.encode_line(row, width) {
            Ok(()) => {}
            Err(never) => match never {},
        }
    }
    match encoder.finish() {
        Ok(writer) => writer.finish(),
        Err(never) => match never {},
    }
}

/// A white page with one black square in its middle.
pub(super) fn group4_square(side: u32, square: u32) -> Vec<u8> {
    let inside = move |at: u32| (at >= (side - square) / 2) && at < (side + square) / 2;
    let colour = move |x: u32, y: u32| {
        if inside(x) && inside(y) {
            Color::Black
        } else {
            Color::White
        }
    };
    group4_rows(side, (0..side).map(|y| (0..side).map(move |x| colour(x, y))))
}
