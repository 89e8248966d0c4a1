//! Brightness of a page, and halving of pages that are finer than any reader needs.

use image::{GrayImage, RgbImage};

use crate::decode::PageImage;

/// Pages finer than this are halved (and halved again) before everything else, in dots per inch.
pub const FINEST_DPI: u32 = 400;

/// The brightness of a page.
pub fn to_gray(page: &PageImage) -> GrayImage {
    match page {
        PageImage::Gray(image) => image.clone(),
        PageImage::Rgb(image) => {
            // ITU-R BT.601 in 256ths, which fits into 16 bits: several times faster than a division.
            let gray = image.as_raw().chunks_exact(3).map(|p| {
                let sum = 77 * u16::from(p[0]) + 150 * u16::from(p[1]) + 29 * u16::from(p[2]) + 128;
                (sum >> 8).to_le_bytes()[0]
            });
            GrayImage::from_raw(image.width(), image.height(), gray.collect())
                .unwrap_or_else(|| GrayImage::new(image.width(), image.height()))
        }
    }
}

/// The page at a power of two of its size so that it has at most [`FINEST_DPI`], its new resolution, and how many
/// pixels of the given page make one pixel of it along a side. `None` when the page is not finer than that.
pub fn halved(page: &PageImage, dpi: u32) -> Option<(PageImage, u32, u32)> {
    let (mut dpi, mut factor) = (dpi, 1);
    let mut result: Option<PageImage> = None;
    while dpi > FINEST_DPI && page.width() / factor >= 2 && page.height() / factor >= 2 {
        result = Some(match result.as_ref().unwrap_or(page) {
            PageImage::Gray(image) => {
                let (width, height, raw) = halve::<1>(image.as_raw(), image.width(), image.height());
                PageImage::Gray(GrayImage::from_raw(width, height, raw)?)
            }
            PageImage::Rgb(image) => {
                let (width, height, raw) = halve::<3>(image.as_raw(), image.width(), image.height());
                PageImage::Rgb(RgbImage::from_raw(width, height, raw)?)
            }
        });
        (dpi, factor) = (dpi / 2, factor * 2);
    }
    result.map(|page| (page, dpi, factor))
}

/// Means of two by two pixels of `N` bytes; a last odd row or column is left out.
fn halve<const N: usize>(raw: &[u8], width: u32, height: u32) -> (u32, u32, Vec<u8>) {
    let (columns, rows) = ((width / 2) as usize, (height / 2) as usize);
    let stride = width as usize * N;
    let mut result = Vec::with_capacity(columns * rows * N);
    for pair in raw.chunks_exact(stride * 2).take(rows) {
        let (upper, lower) = pair.split_at(stride);
        for (a, b) in upper.chunks_exact(2 * N).zip(lower.chunks_exact(2 * N)) {
            for channel in 0..N {
                let sum = u16::from(a[channel])
                    + u16::from(a[channel + N])
                    + u16::from(b[channel])
                    + u16::from(b[channel + N]);
                result.push(((sum + 2) >> 2).to_le_bytes()[0]);
            }
        }
    }
    (width / 2, height / 2, result)
}

#[cfg(test)]
mod tests {
    use image::{Luma, Rgb};

    use super::*;
    use crate::decode::luminance;

    #[test]
    fn fine_pages_are_halved_until_they_are_coarse_enough() {
        let page = PageImage::Gray(GrayImage::from_fn(9, 5, |x, _| {
            Luma([if x % 2 == 0 { 0 } else { 100 }])
        }));
        assert!(halved(&page, 400).is_none());
        let (half, dpi, factor) = halved(&page, 600).unwrap();
        assert_eq!((half.width(), half.height(), dpi, factor), (4, 2, 300, 2));
        assert!(matches!(half, PageImage::Gray(image) if image.pixels().all(|p| p.0[0] == 50)));
        let (quarter, dpi, factor) = halved(&page, 1200).unwrap();
        assert_eq!((quarter.width(), quarter.height(), dpi, factor), (2, 1, 300, 4));
        let red = PageImage::Rgb(RgbImage::from_pixel(4, 4, Rgb([200, 30, 40])));
        assert!(
            matches!(halved(&red, 600), Some((PageImage::Rgb(image), ..)) if image.pixels().all(|p| p.0 == [200, 30, 40]))
        );
        assert!(halved(&PageImage::Gray(GrayImage::new(1, 5000)), 600).is_none());
    }

    #[test]
    fn brightness_is_the_usual_one() {
        for colour in [[0, 0, 0], [255, 255, 255], [200, 30, 40], [10, 220, 90]] {
            let gray = to_gray(&PageImage::Rgb(RgbImage::from_pixel(2, 2, Rgb(colour))));
            assert!(gray.get_pixel(0, 0).0[0].abs_diff(luminance(colour)) <= 1);
        }
    }
}
