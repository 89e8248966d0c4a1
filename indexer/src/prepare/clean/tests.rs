use image::{GrayImage, Luma, Rgb, RgbImage};
use proptest::prelude::*;

use super::{Step, clean};
use crate::decode::PageImage;
use crate::prepare::blank::{Blank, is_blank};
use crate::prepare::{bilevel, bleed, border};

const WIDTH: u32 = 1240;
const HEIGHT: u32 = 1754;
/// These pages are A4.
const DPI: u32 = 150;

/// The same numbers on every run.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}

/// Whether something like a stroke of print lies here.
fn stroke(x: u32, y: u32) -> bool {
    let inside = (150..WIDTH - 150).contains(&x) && (150..HEIGHT - 150).contains(&y);
    inside && y % 44 < 20 && x % 24 < 20 && (x % 8 < 3 || y % 10 < 2)
}

fn paper() -> GrayImage {
    let mut noise = Noise(77);
    GrayImage::from_fn(WIDTH, HEIGHT, |_, _| {
        Luma([u8::try_from(238 + noise.next() % 8).unwrap()])
    })
}

/// Print of this level, sharp.
fn printed(level: u8) -> GrayImage {
    let mut page = paper();
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        if stroke(x, y) {
            pixel.0 = [level];
        }
    }
    page
}

/// The print of the back: mirrored, between the lines, soft, of this depth.
fn with_back(mut page: GrayImage, depth: f32) -> GrayImage {
    let mut back = GrayImage::from_pixel(WIDTH, HEIGHT, Luma([0]));
    for (x, y, pixel) in back.enumerate_pixels_mut() {
        if stroke(WIDTH - 1 - x, y + 22) {
            pixel.0 = [255];
        }
    }
    let back = imageproc::filter::gaussian_blur_f32(&back, 1.8);
    for (pixel, back) in page.pixels_mut().zip(back.pixels()) {
        let keep = 1.0 - depth * f32::from(back.0[0]) / 255.0;
        pixel.0 = [crate::prepare::grid::byte(f32::from(pixel.0[0]) * keep)];
    }
    page
}

/// How much ink lies where the back, and where the front has its strokes: mean darkness against paper.
fn ink(page: &GrayImage) -> (f64, f64) {
    let (mut front, mut fronts, mut back, mut backs) = (0.0, 0.0, 0.0, 0.0);
    for (x, y, pixel) in page.enumerate_pixels() {
        let dark = 242.0 - f64::from(pixel.0[0]);
        if stroke(x, y) {
            (front, fronts) = (front + dark, fronts + 1.0);
        } else if stroke(WIDTH - 1 - x, y + 22) && y % 44 > 24 {
            (back, backs) = (back + dark, backs + 1.0);
        }
    }
    (front / fronts, back / backs)
}

#[test]
fn the_back_goes_and_the_front_stays() {
    for depth in [0.22, 0.3, 0.36] {
        let before = with_back(printed(35), depth);
        let mut after = before.clone();
        assert!(bleed::suppress(&mut after, DPI), "depth {depth}");
        let ((front_before, back_before), (front, back)) = (ink(&before), ink(&after));
        assert!(back < back_before * 0.25, "{depth}: {back_before} to {back}");
        assert!(front > front_before * 0.97, "{depth}: {front_before} to {front}");
    }
}

#[test]
fn pages_without_a_back_are_left_alone() {
    // Dark print, faint print, and dark print with faint sharp notes between the lines.
    let mut notes = printed(35);
    for (x, y, pixel) in notes.enumerate_pixels_mut() {
        if stroke(x + 7, y + 22) && y % 44 > 22 {
            pixel.0 = [190];
        }
    }
    for (name, page) in [
        ("dark", printed(35)),
        ("faint", printed(185)),
        ("notes", notes),
        ("paper", paper()),
    ] {
        let mut after = page.clone();
        assert!(!bleed::suppress(&mut after, DPI), "{name}");
        assert_eq!(after, page, "{name}");
    }
}

#[test]
fn nothing_but_dust_holes_and_folds_is_blank() {
    let mut page = paper();
    let mut noise = Noise(5);
    for _ in 0..60 {
        let (x, y) = (noise.next() % (WIDTH - 8), noise.next() % (HEIGHT - 8));
        for (dx, dy) in [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2)] {
            page.put_pixel(x + dx, y + dy, Luma([60]));
        }
    }
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let hole = [600, 1100]
                .iter()
                .any(|h| y.abs_diff(*h).pow(2) + x.abs_diff(70).pow(2) < 18 * 18);
            let fold = y.abs_diff(877) < 3;
            let shade = u8::try_from(x * 40 / WIDTH).unwrap();
            let level = page.get_pixel(x, y).0[0];
            page.put_pixel(
                x,
                y,
                Luma([if hole {
                    25
                } else if fold {
                    130
                } else {
                    level - shade
                }]),
            );
        }
    }
    assert_eq!(is_blank(&page, DPI), Some(Blank::Paper));
    assert_eq!(
        is_blank(&GrayImage::from_pixel(WIDTH, HEIGHT, Luma([12])), DPI),
        Some(Blank::Dark)
    );
    let gradient = GrayImage::from_fn(WIDTH, HEIGHT, |_, y| {
        Luma([u8::try_from(60 + y * 180 / HEIGHT).unwrap()])
    });
    assert_eq!(is_blank(&gradient, DPI), Some(Blank::Paper));
    let grain = GrayImage::from_fn(WIDTH, HEIGHT, |_, _| Luma([180 + noise.next().to_le_bytes()[1] % 40]));
    assert_eq!(is_blank(&grain, DPI), Some(Blank::Paper));
}

#[test]
fn one_page_number_is_not_blank() {
    for level in [30, 150, 195] {
        let mut page = paper();
        // A digit 7, 3.5 mm high, and nothing else.
        for step in 0..21 {
            for thick in 0..3 {
                page.put_pixel(612 + step * 12 / 21, 1650 + thick, Luma([level]));
                page.put_pixel(624 - step / 3 + thick, 1650 + step, Luma([level]));
            }
        }
        assert_eq!(is_blank(&page, DPI), None, "{level}");
    }
    assert_eq!(is_blank(&printed(190), DPI), None);
}

#[test]
fn borders_are_whitened_and_frames_stay() {
    let mut page = printed(35);
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        // A black strip on the left, a wedge at the top, and a frame of print that touches nothing.
        if x < 40 || y < x / 30 {
            pixel.0 = [18];
        }
        if (100..1140).contains(&x) && (100..104).contains(&y) {
            pixel.0 = [30];
        }
    }
    assert!(border::whiten(&mut page, DPI));
    for (x, y) in [(2, 2), (20, 900), (38, 1700), (1200, 20), (1235, 38)] {
        assert!(page.get_pixel(x, y).0[0] > 200, "{x} {y}");
    }
    assert_eq!(page.get_pixel(600, 101).0[0], 30);
    let (front, _) = ink(&page);
    assert!(front > 190.0);
    let mut black = GrayImage::from_pixel(400, 500, Luma([5]));
    assert!(!border::whiten(&mut black, DPI));
}

#[test]
fn specks_go_strokes_stay_and_faxes_get_soft_edges() {
    let mut page = GrayImage::from_fn(WIDTH, HEIGHT, |x, y| Luma([if stroke(x, y) { 0 } else { 255 }]));
    let straight = page.clone();
    let mut noise = Noise(9);
    for _ in 0..9_000 {
        let (x, y) = (noise.next() % WIDTH, noise.next() % HEIGHT);
        page.put_pixel(x, y, Luma([if noise.next().is_multiple_of(3) { 255 } else { 0 }]));
    }
    let wrong = |page: &GrayImage| page.pixels().zip(straight.pixels()).filter(|(a, b)| a != b).count();
    let before = wrong(&page);
    assert!(bilevel::despeckle(&mut page));
    assert!(wrong(&page) * 4 < before, "{before} to {}", wrong(&page));
    assert!(bilevel::soften(&mut page, DPI));
    assert!(page.pixels().any(|p| (60..200).contains(&p.0[0])));
    assert!(!bilevel::soften(&mut page, DPI));
    assert!(!bilevel::despeckle(&mut printed(40)));
}

#[test]
fn a_clean_page_tells_what_was_done_and_a_fine_one_is_reduced() {
    let page = clean(&PageImage::Gray(printed(35)), DPI);
    assert_eq!((page.steps.as_slice(), page.scale, page.dpi), ([].as_slice(), 1, DPI));
    assert_eq!(page.blank, None);
    let fine = RgbImage::from_fn(2400, 2400, |x, y| {
        let out = f32::hypot(x as f32 - 1200.0, y as f32 - 1200.0);
        Rgb(if (468.0..496.0).contains(&out) {
            [205, 45, 50]
        } else {
            [250; 3]
        })
    });
    let page = clean(&PageImage::Rgb(fine), 600);
    assert_eq!((page.gray.dimensions(), page.scale, page.dpi), ((1200, 1200), 2, 300));
    assert_eq!(page.steps, [Step::Reduced, Step::SealInk]);
    assert_eq!(page.faded, [true]);
    assert!(page.seals[0].area.x0.abs_diff(704) < 16 && page.seals[0].area.x1.abs_diff(1696) < 16);
    assert!(page.gray.pixels().all(|p| p.0[0] > 200));
    let backed = clean(&PageImage::Gray(with_back(printed(35), 0.3)), DPI);
    assert_eq!(backed.steps, [Step::ShowThrough]);
    assert_eq!(clean(&PageImage::Gray(paper()), DPI).blank, Some(Blank::Paper));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_page_is_survived(
        (width, height) in prop_oneof![(1_u32..200, 1_u32..200), Just((1, 1)), Just((1, 5000)), Just((5000, 1))],
        dpi in prop_oneof![Just(1_u32), Just(72), Just(100), Just(200), Just(300), Just(600), Just(2400)],
        kind in 0_u8..4,
        seed in 1_u32..,
    ) {
        let mut noise = Noise(seed);
        let gray = GrayImage::from_fn(width, height, |x, _| Luma([match kind {
            0 => 255,
            1 => 0,
            2 => noise.next().to_le_bytes()[2],
            _ => x.to_le_bytes()[0],
        }]));
        let page = clean(&PageImage::Gray(gray.clone()), dpi);
        prop_assert_eq!(page.gray.width(), width / page.scale);
        prop_assert_eq!(page.gray.height(), height / page.scale);
        let colour = RgbImage::from_fn(width, height, |x, y| {
            let level = gray.get_pixel(x, y).0[0];
            Rgb([level, level / 2, 255 - level])
        });
        clean(&PageImage::Rgb(colour), dpi);
    }
}
