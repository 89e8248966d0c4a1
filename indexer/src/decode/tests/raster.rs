use std::io::Cursor;

use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{DynamicImage, ExtendedColorType, ImageFormat, Rgb, RgbImage};

use super::{UPPER_LEFT, UPPER_RIGHT, corner, dark_quarters, open, page};
use crate::decode::{FailureCode, PageImage};
use crate::source::MediaType;

fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes);
    encoder.set_pixel_density(PixelDensity::dpi(300));
    let image = corner(80, 60);
    encoder.encode(&image, 80, 60, ExtendedColorType::L8).unwrap();
    bytes
}

/// Puts an EXIF segment with this orientation after the start of the file.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).unwrap();
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&exif);
    bytes.extend_from_slice(&jpeg[2..]);
    bytes
}

#[test]
fn jpeg_with_its_resolution_and_orientation() {
    let plain = page(&jpeg(), 1);
    assert_eq!(plain.dpi, Some(300));
    assert_eq!((plain.image.width(), plain.image.height()), (80, 60));
    assert_eq!(dark_quarters(&plain.image), UPPER_LEFT);
    assert!(plain.text_layer.is_none());
    // 6: to be turned by 90 degrees clockwise.
    let turned = page(&with_orientation(&jpeg(), 6), 1);
    assert_eq!((turned.image.width(), turned.image.height()), (60, 80));
    assert_eq!(dark_quarters(&turned.image), UPPER_RIGHT);
}

#[test]
fn other_pictures() {
    for (format, media_type) in [
        (ImageFormat::Png, MediaType::Png),
        (ImageFormat::Bmp, MediaType::Bmp),
        (ImageFormat::WebP, MediaType::Webp),
    ] {
        let mut bytes = Cursor::new(Vec::new());
        let mut colored = DynamicImage::ImageLuma8(corner(80, 60)).into_rgb8();
        for x in 40..80 {
            colored.put_pixel(x, 50, Rgb([220, 20, 20]));
        }
        DynamicImage::ImageRgb8(colored).write_to(&mut bytes, format).unwrap();
        let file = open(bytes.get_ref()).unwrap();
        assert_eq!((file.media_type(), file.pages()), (media_type, 1));
        let page = file.page(1).unwrap();
        assert_eq!(dark_quarters(&page.image), UPPER_LEFT, "{format:?}");
        assert!(matches!(page.image, PageImage::Rgb(_)));
        assert_eq!(file.page(2).unwrap_err().code, FailureCode::PageOutOfRange);
    }
}

#[test]
fn a_picture_without_colour_becomes_gray() {
    let mut bytes = Cursor::new(Vec::new());
    let image = RgbImage::from_pixel(50, 50, Rgb([200, 198, 196]));
    DynamicImage::ImageRgb8(image)
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    assert!(matches!(page(bytes.get_ref(), 1).image, PageImage::Gray(_)));
}

#[test]
fn bytes_after_the_end_of_a_jpeg_do_no_harm_and_missing_ones_are_named() {
    let mut long = jpeg();
    long.extend_from_slice(b"appended by a scanner");
    assert_eq!(dark_quarters(&page(&long, 1).image), UPPER_LEFT);
    let whole = jpeg();
    for length in [whole.len() - 2, whole.len() / 2, 30] {
        assert_eq!(
            open(&whole[..length]).err().unwrap().code,
            FailureCode::Truncated,
            "{length}"
        );
    }
}
