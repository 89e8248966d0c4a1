//! Single-page files: JPEG and PNG.

use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{DynamicImage, ImageEncoder};

use super::super::scan::Scan;
use super::super::truth::Colour;

/// A JPEG file; with its resolution and, where the page is stored turned, an EXIF orientation.
pub(super) fn jpeg(scan: &Scan, exif: bool) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let quality = scan.truth.degradations.jpeg_quality.clamp(1, 100);
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder.set_pixel_density(PixelDensity::dpi(u16::try_from(scan.truth.dpi).unwrap_or(300)));
    if exif && scan.truth.exif_orientation != 1 {
        encoder
            .set_exif_metadata(orientation_block(scan.truth.exif_orientation))
            .map_err(|e| e.to_string())?;
    }
    encoder.encode_image(&scan.image).map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// An EXIF block (a TIFF structure, little-endian) that holds the orientation alone.
fn orientation_block(orientation: u8) -> Vec<u8> {
    let mut block = b"II\x2a\x00\x08\x00\x00\x00\x01\x00".to_vec();
    block.extend([0x12, 0x01, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00]); // tag 0x0112, SHORT, one value
    block.extend([orientation, 0, 0, 0]);
    block.extend([0; 4]); // no further directory
    block
}

/// A PNG file with its resolution; 1-bit pages as grey.
pub(super) fn png(scan: &Scan) -> Result<Vec<u8>, String> {
    let (pixels, colour) = match (&scan.image, scan.truth.colour) {
        (DynamicImage::ImageRgb8(image), Colour::Rgb) => (image.as_raw().clone(), png::ColorType::Rgb),
        (image, _) => (image.to_luma8().into_raw(), png::ColorType::Grayscale),
    };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, scan.image.width(), scan.image.height());
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = scan.truth.dpi * 10_000 / 254;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(|e| e.to_string())?;
    writer.write_image_data(&pixels).map_err(|e| e.to_string())?;
    writer.finish().map_err(|e| e.to_string())?;
    Ok(bytes)
}
