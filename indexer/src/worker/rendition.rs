//! The two images of a page that people see: one to read, one to find it by.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize, thumbnail};
use image::{ExtendedColorType, ImageResult};

use crate::decode::PageImage;

/// Long side of the reading image: A4 at about 190 dpi.
const READING_SIDE: u32 = 2200;
const READING_QUALITY: u8 = 80;

/// Long side of the thumbnail.
const THUMBNAIL_SIDE: u32 = 320;
const THUMBNAIL_QUALITY: u8 = 75;

/// The upright page at reading size, as JPEG; gray stays gray.
pub(super) fn reading_image(page: &PageImage) -> ImageResult<Vec<u8>> {
    match reduced(page, READING_SIDE) {
        Some((width, height)) => {
            let filter = FilterType::Triangle;
            let small = match page {
                PageImage::Gray(image) => PageImage::Gray(resize(image, width, height, filter)),
                PageImage::Rgb(image) => PageImage::Rgb(resize(image, width, height, filter)),
            };
            jpeg(&small, READING_QUALITY)
        }
        None => jpeg(page, READING_QUALITY),
    }
}

/// The upright page as a small JPEG.
pub(super) fn thumbnail_image(page: &PageImage) -> ImageResult<Vec<u8>> {
    let (width, height) = reduced(page, THUMBNAIL_SIDE).unwrap_or((page.width(), page.height()));
    let small = match page {
        PageImage::Gray(image) => PageImage::Gray(thumbnail(image, width, height)),
        PageImage::Rgb(image) => PageImage::Rgb(thumbnail(image, width, height)),
    };
    jpeg(&small, THUMBNAIL_QUALITY)
}

/// The size with this long side, when the page is larger.
fn reduced(page: &PageImage, long_side: u32) -> Option<(u32, u32)> {
    let (width, height) = (page.width(), page.height());
    let longest = width.max(height);
    if longest <= long_side {
        return None;
    }
    let side = |s: u32| {
        let scaled = (u64::from(s) * u64::from(long_side) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(long_side).max(1)
    };
    Some((side(width), side(height)))
}

fn jpeg(page: &PageImage, quality: u8) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    match page {
        PageImage::Gray(image) => encoder.encode(image, image.width(), image.height(), ExtendedColorType::L8)?,
        PageImage::Rgb(image) => encoder.encode(image, image.width(), image.height(), ExtendedColorType::Rgb8)?,
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, RgbImage};

    use super::*;

    #[test]
    fn sizes_and_colours() {
        let page = PageImage::Gray(GrayImage::from_pixel(2480, 3508, image::Luma([255])));
        let reading = image::load_from_memory(&reading_image(&page).unwrap()).unwrap();
        assert_eq!((reading.width(), reading.height()), (1555, 2200));
        assert_eq!(reading.color(), image::ColorType::L8);
        let small = PageImage::Rgb(RgbImage::new(3508, 40));
        let small = image::load_from_memory(&thumbnail_image(&small).unwrap()).unwrap();
        assert_eq!((small.width(), small.height()), (320, 4));
        let tiny = PageImage::Rgb(RgbImage::new(3, 2));
        let tiny = image::load_from_memory(&reading_image(&tiny).unwrap()).unwrap();
        assert_eq!((tiny.width(), tiny.height()), (3, 2));
    }
}
