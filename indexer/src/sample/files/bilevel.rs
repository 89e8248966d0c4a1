//! 1-bit images and their Group 4 (ITU-T T.6) coding.

use fax::encoder::Encoder;
use fax::{Color, VecWriter};
use image::GrayImage;

/// Codes an image of black (0) and white (255) pixels; black pixels are coded as black runs.
pub(super) fn group4(image: &GrayImage) -> Vec<u8> {
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
