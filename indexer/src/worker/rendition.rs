//! The two images of a page that people see: one to read, one to find it by.

use jpeg_encoder::{ColorType, Encoder, EncodingError, SamplingFactor};

use crate::decode::PageImage;
use crate::prepare::resized;

/// Long side of the reading image: A4 at about 190 dpi.
const READING_SIDE: u32 = 2200;
const READING_QUALITY: u8 = 80;

/// Long side of the thumbnail.
const THUMBNAIL_SIDE: u32 = 320;
const THUMBNAIL_QUALITY: u8 = 75;

/// The upright page as JPEG, at reading size and as thumbnail; gray stays gray.
pub(super) fn images(page: &PageImage) -> Result<(Vec<u8>, Vec<u8>), EncodingError> {
    let reading = reduced(page, READING_SIDE);
    let reading = reading.as_ref().unwrap_or(page);
    let thumbnail = reduced(reading, THUMBNAIL_SIDE);
    let thumbnail = thumbnail.as_ref().unwrap_or(reading);
    Ok((jpeg(reading, READING_QUALITY)?, jpeg(thumbnail, THUMBNAIL_QUALITY)?))
}

/// The page with this long side, when it is larger.
fn reduced(page: &PageImage, long_side: u32) -> Option<PageImage> {
    let (width, height) = (page.width(), page.height());
    let longest = width.max(height);
    if longest <= long_side {
        return None;
    }
    let side = |s: u32| {
        let scaled = (u64::from(s) * u64::from(long_side) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(long_side).max(1)
    };
    Some(resized(page, (side(width), side(height))))
}

fn jpeg(page: &PageImage, quality: u8) -> Result<Vec<u8>, EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    // Seals and red heads are read by people too: colour at half the resolution is what scanners write.
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let side = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX); // at most the reading size
    let (width, height) = (side(page.width()), side(page.height()));
    match page {
        PageImage::Gray(image) => encoder.encode(image.as_raw(), width, height, ColorType::Luma)?,
        PageImage::Rgb(image) => encoder.encode(image.as_raw(), width, height, ColorType::Rgb)?,
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
        let (reading, _) = images(&page).unwrap();
        let reading = image::load_from_memory(&reading).unwrap();
        assert_eq!((reading.width(), reading.height()), (1555, 2200));
        assert_eq!(reading.color(), image::ColorType::L8);
        let small = PageImage::Rgb(RgbImage::new(3508, 40));
        let (_, small) = images(&small).unwrap();
        let small = image::load_from_memory(&small).unwrap();
        assert_eq!((small.width(), small.height()), (320, 4));
        let tiny = PageImage::Rgb(RgbImage::new(3, 2));
        let (tiny, _) = images(&tiny).unwrap();
        let tiny = image::load_from_memory(&tiny).unwrap();
        assert_eq!((tiny.width(), tiny.height()), (3, 2));
    }
}
