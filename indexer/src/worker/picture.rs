//! How a page looks, in 256 bits: whether the page, brought to 17 × 16 fields, gets lighter from each field to the next (the
//! difference hash of N. Krawetz). Another scan of the same sheet, lighter, smaller or a little turned, differs in few bits.

use image::GrayImage;
use juanzong::catalogue::Picture;

use crate::decode::PageImage;
use crate::prepare::resized_gray;

/// Fields across, one more than bits, and down.
const ACROSS: u32 = 17;
const DOWN: u32 = 16;
/// Shades of gray by which a field must be lighter: paper is never quite even.
const LIGHTER: u8 = 4;
/// Bits that are set at least on a page that shows something.
const LEAST: u32 = 12;

/// How a page looks; `None` for one on which there is hardly anything.
pub(super) fn picture(page: &PageImage) -> Option<Picture> {
    let gray = match page {
        PageImage::Gray(image) => resized_gray(image, (ACROSS, DOWN)),
        PageImage::Rgb(image) => resized_gray(
            &image::DynamicImage::ImageRgb8(image.clone()).to_luma8(),
            (ACROSS, DOWN),
        ),
    };
    let picture = bits(&gray);
    let set: u32 = picture.iter().map(|byte| byte.count_ones()).sum();
    (set >= LEAST).then_some(picture)
}

fn bits(fields: &GrayImage) -> Picture {
    let mut picture = [0; 32];
    let pairs = (0..DOWN).flat_map(|y| (0..ACROSS - 1).map(move |x| (x, y)));
    for (at, (x, y)) in pairs.enumerate() {
        let shade = |x| fields.get_pixel_checked(x, y).map_or(0, |pixel| pixel.0[0]);
        let lighter = shade(x + 1) > shade(x).saturating_add(LIGHTER);
        if let Some(byte) = picture.get_mut(at / 8) {
            *byte |= u8::from(lighter) << (at % 8);
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use image::{Luma, RgbImage};

    use super::*;

    /// Lines of words of random length, as a page has.
    fn page(seed: u32) -> GrayImage {
        let mut state = seed.wrapping_mul(2_654_435_761).max(1);
        let mut next = move || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state
        };
        let mut page = GrayImage::from_pixel(850, 1_200, Luma([250]));
        for line in 0..24 {
            let (mut x, y) = (60 + next() % 120, 80 + line * 44);
            while x < 780 {
                let word = 20 + next() % 90;
                for (dx, dy) in (0..word).flat_map(|dx| (0..20).map(move |dy| (dx, dy))) {
                    if x + dx < 800 {
                        page.put_pixel(x + dx, y + dy, Luma([40]));
                    }
                }
                x += word + 10 + next() % 120;
            }
        }
        page
    }

    fn distance(a: &Picture, b: &Picture) -> u32 {
        a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    #[test]
    fn another_scan_differs_little_and_another_page_much() {
        let first = page(1);
        let of = |image: GrayImage| picture(&PageImage::Gray(image)).unwrap();
        let original = of(first.clone());
        // Darker, smaller, in colour, moved by three pixels.
        let darker = GrayImage::from_fn(850, 1_200, |x, y| Luma([first.get_pixel(x, y).0[0] / 8 * 7]));
        let moved = GrayImage::from_fn(850, 1_200, |x, y| {
            *first.get_pixel(x.saturating_sub(3), y.saturating_sub(2))
        });
        let smaller = resized_gray(&first, (600, 847));
        let coloured = RgbImage::from_fn(850, 1_200, |x, y| image::Rgb([first.get_pixel(x, y).0[0]; 3]));
        for scan in [
            of(darker),
            of(moved),
            of(smaller),
            picture(&PageImage::Rgb(coloured)).unwrap(),
        ] {
            assert!(distance(&original, &scan) <= 14, "{}", distance(&original, &scan));
        }
        for other in 2..12 {
            assert!(distance(&original, &of(page(other))) > 40);
        }
    }

    #[test]
    fn an_empty_page_has_no_picture() {
        let empty = GrayImage::from_fn(850, 1_200, |x, y| {
            Luma([248 + u8::try_from((x * 7 + y * 3) % 5).unwrap()])
        });
        assert_eq!(picture(&PageImage::Gray(empty)), None);
    }
}
