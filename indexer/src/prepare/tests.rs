use image::{GrayImage, Luma, Rgb, RgbImage};
use imageproc::geometric_transformations::{Interpolation, rotate_about_center};
use juanzong::record::PixelBox;
use proptest::prelude::*;

use super::{Transform, prepare, seals, to_gray};
use crate::decode::PageImage;

/// Something like lines of text: rows of small dark blocks on light paper.
fn text_page(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| {
        let inside = x > 200 && x < width - 200 && y > 200 && y < height - 200;
        let ink = inside && y % 80 < 36 && x % 44 < 36 && (x / 7 + y / 9) % 3 != 0;
        Luma([if ink { 30 } else { 240 }])
    })
}

#[test]
fn skew_is_found_and_taken_out() {
    let straight = text_page(1700, 2200);
    for degrees in [-3.0_f32, -0.6, 1.5, 4.0] {
        let leaning = rotate_about_center(
            &straight,
            degrees.to_radians(),
            Interpolation::Bilinear,
            imageproc::geometric_transformations::Border::Constant(Luma([240])),
        );
        let page = prepare(&PageImage::Gray(leaning), Some(300));
        assert!((page.skew - degrees).abs() < 0.15, "{degrees}: {}", page.skew);
        let again = prepare(&PageImage::Gray(page.image), Some(300));
        assert!(again.skew.abs() < 0.2, "{degrees}: {}", again.skew);
    }
    let page = prepare(&PageImage::Gray(straight), Some(300));
    assert!(page.skew.abs() < 0.1);
    assert_eq!(page.to_page, Transform::IDENTITY);
}

#[test]
fn boxes_find_their_way_back() {
    // A mark on a leaning page of 200 dpi; where it is on the prepared page must lead back to where it was.
    let mut page = rotate_about_center(
        &text_page(1400, 1800),
        2.0_f32.to_radians(),
        Interpolation::Bilinear,
        imageproc::geometric_transformations::Border::Constant(Luma([240])),
    );
    for y in 60..90 {
        for x in 900..960 {
            page.put_pixel(x, y, Luma([0]));
        }
    }
    let prepared = prepare(&PageImage::Gray(page), Some(200));
    assert!((prepared.skew - 2.0).abs() < 0.15);
    assert_eq!(prepared.dpi, 300);
    // The mark is the only ink in the upper margin.
    let margin = 190;
    let dark = |x: u32, y: u32| prepared.image.get_pixel(x, y).0[0] < 100;
    let (mut x0, mut y0, mut x1, mut y1) = (u32::MAX, u32::MAX, 0, 0);
    for y in 0..margin {
        for x in 0..prepared.image.width() {
            if dark(x, y) {
                (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1));
            }
        }
    }
    let back = prepared
        .to_page
        .apply_to_box(PixelBox { x0, y0, x1, y1 }, prepared.page_size);
    for (found, expected) in [(back.x0, 900), (back.y0, 60), (back.x1, 960), (back.y1, 90)] {
        assert!(found.abs_diff(expected) <= 6, "{back:?}");
    }
}

/// A red ring of 42 mm over black print at 300 dpi, and a red heading.
fn sealed_page() -> RgbImage {
    RgbImage::from_fn(2480, 3508, |x, y| {
        let (dx, dy) = (i64::from(x) - 1700, i64::from(y) - 2700);
        let distance = (dx * dx + dy * dy).isqrt();
        let ring = (225..=248).contains(&distance);
        let print = (2650..2700).contains(&y) && (1300..2100).contains(&x) && x % 50 < 40;
        let heading = (300..450).contains(&y) && (500..2000).contains(&x) && x % 190 < 150;
        Rgb(match (print, ring, heading) {
            (true, true, _) => [60, 10, 10],
            (true, ..) => [25, 25, 25],
            (_, true, _) | (.., true) => [205, 45, 50],
            _ => [250, 250, 248],
        })
    })
}

#[test]
fn seals_fade_and_red_headings_stay() {
    let page = PageImage::Rgb(sealed_page());
    let found = seals::find(&page, 300);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].area.x0 < 1460 && found[0].area.x1 > 1940, "{found:?}");
    let mut gray = to_gray(&page);
    assert!(seals::fade(&page, &mut gray, &found[0]));
    assert!(gray.get_pixel(1700, 2700 - 236).0[0] > 220, "the ring over paper");
    assert!(gray.get_pixel(1462, 2680).0[0] < 110, "print under the ring");
    assert!(gray.get_pixel(1710, 2660).0[0] < 40, "print inside the ring");
    assert!(gray.get_pixel(600, 400).0[0] < 110, "the heading");
}

#[test]
fn shadows_are_evened_and_faint_print_is_darkened() {
    let shaded = GrayImage::from_fn(1700, 2200, |x, y| {
        let paper = 120 + x * 120 / 1700;
        let ink = x % 200 > 100 && x % 200 < 130 && y % 90 < 40;
        Luma([u8::try_from(if ink { paper * 6 / 10 } else { paper }).unwrap()])
    });
    let page = prepare(&PageImage::Gray(shaded), Some(300)).image;
    let (left, right) = (page.get_pixel(60, 1070).0[0], page.get_pixel(1660, 1070).0[0]);
    assert!(left > 215 && right > 215, "{left} {right}");
    assert!(page.get_pixel(115, 1000).0[0] < 150);
}

#[test]
fn blank_and_tiny_pages_are_survived() {
    for (width, height) in [(1, 1), (3, 900), (1700, 2200)] {
        for level in [0, 128, 255] {
            let page = prepare(
                &PageImage::Gray(GrayImage::from_pixel(width, height, Luma([level]))),
                None,
            );
            assert_eq!(page.page_size, (width, height));
        }
    }
}

proptest! {
    #[test]
    fn transforms_compose(x in -500.0..500.0, y in -500.0..500.0, degrees in -10.0..10.0_f64, factor in 0.2..4.0) {
        let turn = Transform::rotation_about(degrees.to_radians(), (100.0, 50.0));
        let both = turn.then(Transform::scale(factor, factor));
        let (px, py) = turn.apply((x, y));
        let (qx, qy) = both.apply((x, y));
        prop_assert!((px * factor - qx).abs() < 1e-6 && (py * factor - qy).abs() < 1e-6);
        let back = Transform::rotation_about(-degrees.to_radians(), (100.0, 50.0)).apply((px, py));
        prop_assert!((back.0 - x).abs() < 1e-6 && (back.1 - y).abs() < 1e-6);
    }

    #[test]
    fn mapped_boxes_stay_on_the_page(edges in proptest::array::uniform4(0_u32..5000), degrees in -10.0..10.0_f64) {
        let area = Transform::rotation_about(degrees.to_radians(), (500.0, 500.0))
            .apply_to_box(PixelBox::from(edges), (1000, 1400));
        prop_assert!(area.x0 <= area.x1 && area.x1 <= 1000 && area.y0 <= area.y1 && area.y1 <= 1400);
    }
}
