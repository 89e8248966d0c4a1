use image::{GrayImage, Luma};
use juanzong::record::PixelBox;
use proptest::prelude::*;

use super::{RULE_DPI, Rules, find, split};
use crate::layout::testing::{PAGE, grid, line, rule, text};

const INK: u8 = 90;

/// A page at [`RULE_DPI`].
fn paper() -> GrayImage {
    GrayImage::from_pixel(992, 1403, Luma([225]))
}

fn fill(image: &mut GrayImage, [x0, y0, x1, y1]: [u32; 4]) {
    for y in y0..y1 {
        for x in x0..x1 {
            image.put_pixel(x, y, Luma([INK]));
        }
    }
}

/// A horizontal line of one pixel that falls by `slope`, with a gap of `gap` pixels in every 40.
fn horizontal(image: &mut GrayImage, y: f64, x0: u32, x1: u32, slope: f64, gap: u32) {
    for x in x0..x1 {
        if x % 40 >= gap {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // on the page
            image.put_pixel(x, (y + f64::from(x) * slope) as u32, Luma([INK]));
        }
    }
}

fn vertical(image: &mut GrayImage, x: f64, y0: u32, y1: u32, slope: f64, gap: u32) {
    for y in y0..y1 {
        if y % 40 >= gap {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // on the page
            image.put_pixel((x - f64::from(y) * slope) as u32, y, Luma([INK]));
        }
    }
}

#[test]
fn a_leaning_table_of_broken_hairlines_is_found() {
    for (slope, gap) in [(0.0, 0), (0.005, 0), (-0.005, 3), (0.003, 4)] {
        let mut image = paper();
        for y in [200.0, 260.0, 340.0, 500.0] {
            horizontal(&mut image, y, 110, 900, slope, gap);
        }
        for x in [112.0, 300.0, 480.0, 896.0] {
            vertical(&mut image, x, 203, 502, slope, gap);
        }
        let found = find(&image, RULE_DPI, 2.0);
        assert_eq!(
            (found.horizontal.len(), found.vertical.len()),
            (4, 4),
            "slope {slope}, gap {gap}: {found:?}"
        );
        assert!(
            found
                .horizontal
                .iter()
                .chain(&found.vertical)
                .all(|r| r.group == Some(0))
        );
        // In straight pixels, which are half as large here.
        let second = found
            .horizontal
            .iter()
            .find(|r| (r.at(1000.0) - 2.0 * (260.0 + 500.0 * slope)).abs() < 3.0);
        assert!(second.is_some_and(|r| r.length() > 1560.0), "{found:?}");
    }
}

#[test]
fn strokes_of_characters_are_no_rules() {
    let mut image = paper();
    // A line of 一, a column of 丨, both closely set, and a large 目 of a title.
    for at in 0..25 {
        fill(&mut image, [100 + at * 24, 300, 118 + at * 24, 302]);
    }
    for at in 0..12 {
        fill(&mut image, [500, 400 + at * 24, 502, 418 + at * 24]);
    }
    for y in [100, 114, 128, 142] {
        fill(&mut image, [400, y, 430, y + 2]);
    }
    for x in [400, 430] {
        fill(&mut image, [x, 100, x + 2, 144]);
    }
    let found = find(&image, RULE_DPI, 1.0);
    assert!(found.horizontal.is_empty() && found.vertical.is_empty(), "{found:?}");
}

#[test]
fn a_separator_is_a_rule_of_no_table() {
    let mut image = paper();
    fill(&mut image, [100, 300, 800, 303]);
    let found = find(&image, RULE_DPI, 1.0);
    assert_eq!(found.vertical.len(), 0);
    assert_eq!(found.horizontal.iter().map(|r| r.group).collect::<Vec<_>>(), [None]);
}

#[test]
fn empty_pages_have_no_rules_and_patterns_come_to_an_end() {
    for image in [
        GrayImage::new(0, 0),
        GrayImage::new(1, 900),
        GrayImage::new(992, 1403),
        GrayImage::from_pixel(992, 1403, Luma([255])),
    ] {
        let found = find(&image, RULE_DPI, 1.0);
        assert!(found.horizontal.is_empty() && found.vertical.is_empty());
    }
    let patterns: [fn(u32, u32) -> bool; 3] = [
        |x, _| x % 7 == 0,
        |x, y| (x + y) % 2 == 0,
        |x, y| x % 30 == 0 || y % 30 == 0,
    ];
    for pattern in patterns {
        let image = GrayImage::from_fn(992, 1403, |x, y| Luma([if pattern(x, y) { 0 } else { 255 }]));
        let found = find(&image, RULE_DPI, 1.0);
        let area = PixelBox::from([100, 100, 300, 130]);
        assert!(!split(vec![area], &found).is_empty());
        assert_eq!(text(vec![line(100, 100, "甲乙")], &found, PAGE), "甲乙");
    }
}

fn boxes(list: &[[u32; 4]]) -> Vec<PixelBox> {
    list.iter().copied().map(PixelBox::from).collect()
}

#[test]
fn a_box_is_cut_at_the_rules_it_crosses() {
    let rules = grid(&[100.0, 300.0, 600.0], &[100.0, 160.0, 220.0]);
    for (given, expected) in [
        // Two cells in one box.
        ([110, 115, 580, 145], vec![[110, 115, 298, 145], [302, 115, 580, 145]]),
        // A box that reaches a little over the rules around it.
        ([96, 98, 290, 150], vec![[102, 102, 290, 150]]),
        // Two rows in one box.
        ([110, 110, 200, 210], vec![[110, 110, 200, 158], [110, 162, 200, 210]]),
        // Outside the table nothing is cut.
        ([110, 300, 580, 330], vec![[110, 300, 580, 330]]),
        ([10, 10, 10, 40], vec![[10, 10, 10, 40]]),
    ] {
        assert_eq!(split(boxes(&[given]), &rules), boxes(&expected), "{given:?}");
    }
    assert_eq!(split(boxes(&[[1, 2, 3, 4]]), &Rules::default()), boxes(&[[1, 2, 3, 4]]));
}

#[test]
fn a_line_above_a_rule_is_not_cut_by_it() {
    // The vertical rule begins below the box.
    let rules = grid(&[100.0, 300.0, 600.0], &[100.0, 160.0]);
    assert_eq!(
        split(boxes(&[[110, 60, 580, 104]]), &rules),
        boxes(&[[110, 60, 580, 98]])
    );
}

proptest! {
    #[test]
    fn pieces_are_disjoint_and_inside(
        (x, y, w, h) in (0_u32..900, 0_u32..900, 0_u32..500, 0_u32..200),
        ruled in prop::collection::vec((0.0_f64..1000.0, 0.0_f64..1000.0, 1.0_f64..900.0, any::<bool>()), 0..20),
    ) {
        let mut rules = Rules { millimetre: 5.0, ..Rules::default() };
        for (at, from, length, is_vertical) in ruled {
            let list = if is_vertical { &mut rules.vertical } else { &mut rules.horizontal };
            list.push(rule(at, from, from + length, 0));
        }
        let whole = PixelBox::from([x, y, x + w, y + h]);
        let pieces = split(vec![whole], &rules);
        prop_assert!(!pieces.is_empty());
        for (index, piece) in pieces.iter().enumerate() {
            prop_assert_eq!(whole.union(*piece), whole);
            prop_assert!(pieces[..index].iter().all(|other| !other.overlaps(*piece)));
        }
    }
}
