//! Whole pages in another size, by area: no stroke falls between two samples.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{GrayImage, RgbImage};

use crate::decode::PageImage;

/// A page brought to `width` × `height` pixels.
pub fn resized(page: &PageImage, (width, height): (u32, u32)) -> PageImage {
    match page {
        PageImage::Gray(image) => PageImage::Gray(resized_gray(image, (width, height))),
        PageImage::Rgb(image) => {
            let pixels = scaled(image.as_raw(), image.dimensions(), (width, height), PixelType::U8x3);
            let resized = pixels.and_then(|pixels| RgbImage::from_raw(width, height, pixels));
            PageImage::Rgb(resized.unwrap_or_else(|| RgbImage::new(width, height)))
        }
    }
}

/// A gray page brought to `width` × `height` pixels.
pub fn resized_gray(image: &GrayImage, (width, height): (u32, u32)) -> GrayImage {
    let pixels = scaled(image.as_raw(), image.dimensions(), (width, height), PixelType::U8);
    let resized = pixels.and_then(|pixels| GrayImage::from_raw(width, height, pixels));
    resized.unwrap_or_else(|| GrayImage::new(width, height))
}

/// `None` only for an image without pixels.
fn scaled(pixels: &[u8], from: (u32, u32), to: (u32, u32), kind: PixelType) -> Option<Vec<u8>> {
    let source = ImageRef::new(from.0, from.1, pixels, kind).ok()?;
    let mut target = Image::new(to.0, to.1, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    Some(target.into_vec())
}

#[cfg(test)]
mod tests {
    use image::{Luma, Rgb};

    use super::*;

    #[test]
    fn sizes_and_means() {
        let stripes = GrayImage::from_fn(400, 300, |x, _| Luma([if x % 2 == 0 { 0 } else { 255 }]));
        let small = resized_gray(&stripes, (40, 30));
        assert_eq!(small.dimensions(), (40, 30));
        assert!(small.pixels().all(|p| (100..156).contains(&p.0[0])));
        let red = PageImage::Rgb(RgbImage::from_pixel(90, 50, Rgb([200, 10, 10])));
        let PageImage::Rgb(small) = resized(&red, (9, 5)) else {
            panic!("colour stays")
        };
        assert!(small.pixels().all(|p| p.0 == [200, 10, 10]));
    }

    #[test]
    fn nothing_stays_nothing() {
        assert_eq!(resized_gray(&GrayImage::new(0, 0), (4, 4)).dimensions(), (4, 4));
        assert_eq!(resized_gray(&GrayImage::new(4, 4), (0, 0)).dimensions(), (0, 0));
    }
}
