use image::{GrayImage, Luma, Rgb, RgbImage};
use juanzong::record::PixelBox;
use proptest::prelude::*;

use super::{FoundSeal, SealInk, SealShape, covers, fade, find, unroll};
use crate::decode::PageImage;
use crate::prepare::to_gray;

const RED: [u8; 3] = [205, 45, 50];
const PRINT: [u8; 3] = [25, 25, 25];
const PAPER: [u8; 3] = [250, 250, 247];

/// A seal as drawn: `name` blocks around the rim, each longer towards the centre than the one before it.
#[derive(Clone, Copy)]
struct Drawn {
    centre: (f32, f32),
    radii: (f32, f32),
    /// Turn of the whole seal in degrees.
    turn: f32,
    name: u8,
    caption: bool,
}

const ROUND: Drawn = Drawn {
    centre: (820.0, 900.0),
    radii: (248.0, 248.0),
    turn: 0.0,
    name: 9,
    caption: true,
};

impl Drawn {
    fn inked(&self, x: u32, y: u32) -> bool {
        let (dx, dy) = (x as f32 - self.centre.0, y as f32 - self.centre.1);
        let (sin, cos) = self.turn.to_radians().sin_cos();
        let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
        let out = (u / self.radii.0).hypot(v / self.radii.1);
        let size = self.radii.0.min(self.radii.1);
        if out > 1.0 || (1.0 - out) * size < 14.0 {
            return out <= 1.0;
        }
        // From the top clockwise; the name takes 240 degrees.
        let angle = (u / self.radii.0).atan2(-v / self.radii.1).to_degrees() + 120.0;
        let step = 240.0 / f32::from(self.name);
        let (number, part) = ((angle / step).floor(), (angle / step).fract());
        let length = 0.16 + 0.1 * (number + 1.0) / f32::from(self.name);
        let rim = (0.0..240.0).contains(&angle) && part < 0.7 && out < 0.88 && out > 0.88 - length;
        let below = self.caption && (0.5..0.68).contains(&(v / size)) && u.abs() < 0.5 * size && u.abs() % 40.0 < 28.0;
        // Something like a star: five beams.
        let beam = (5.0 * u.atan2(-v)).cos() > 0.2 && u.hypot(v) < 0.3 * size;
        rim || below || beam
    }
}

fn page(seal: &Drawn, ink: [u8; 3]) -> RgbImage {
    drawn(seal, ink, true)
}

fn drawn(seal: &Drawn, ink: [u8; 3], print: bool) -> RgbImage {
    RgbImage::from_fn(1654, 1754, |x, y| {
        let line =
            print && y > 150 && y % 120 < 34 && (150..1500).contains(&x) && (x / 9 + y / 11) % 4 != 0 && x % 46 < 40;
        Rgb(match (line, seal.inked(x, y)) {
            (true, true) => PRINT.map(|v| v / 2 + 6),
            (true, false) => PRINT,
            (false, true) => ink,
            (false, false) => PAPER,
        })
    })
}

fn check(found: &[FoundSeal], drawn: &Drawn, ink: SealInk) {
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].ink, ink);
    let SealShape::Ellipse { centre, radii, .. } = found[0].shape else {
        panic!("{found:?}");
    };
    let slack = 0.03 * drawn.radii.0.max(drawn.radii.1);
    for (is, should) in [
        (centre.0, drawn.centre.0),
        (centre.1, drawn.centre.1),
        (radii.0, drawn.radii.0),
        (radii.1, drawn.radii.1),
    ] {
        assert!((is - should).abs() <= slack, "{is} for {should}: {found:?}");
    }
}

#[test]
fn round_seals_are_found_in_red_orange_and_gray() {
    for turn in [0.0, 14.0] {
        let drawn = Drawn { turn, ..ROUND };
        for ink in [RED, [235, 120, 60], [170, 30, 45], [240, 160, 165]] {
            check(&find(&PageImage::Rgb(page(&drawn, ink)), 300), &drawn, SealInk::Red);
        }
        let gray = to_gray(&PageImage::Rgb(page(&drawn, RED)));
        check(&find(&PageImage::Gray(gray), 300), &drawn, SealInk::Gray);
    }
}

#[test]
fn ovals_and_boxes_are_found_in_red() {
    let oval = Drawn {
        radii: (266.0, 178.0),
        turn: 6.0,
        ..ROUND
    };
    let found = find(&PageImage::Rgb(page(&oval, RED)), 300);
    check(&found, &oval, SealInk::Red);
    assert!(matches!(found[0].shape, SealShape::Ellipse { turn, .. } if (turn - 6.0).abs() < 3.0));
    let boxed = PageImage::Rgb(RgbImage::from_fn(1200, 1200, |x, y| {
        let inside = (500..740).contains(&x) && (600..830).contains(&y);
        let frame = inside && !((512..728).contains(&x) && (612..818).contains(&y));
        let text = inside && (x / 30) % 2 == 0 && (640..790).contains(&y) && (y / 20) % 2 == 0;
        Rgb(if frame || text { RED } else { PAPER })
    }));
    let found = find(&boxed, 300);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].shape, SealShape::Rectangle);
    let area = found[0].area;
    for (is, should) in [(area.x0, 500), (area.y0, 600), (area.x1, 740), (area.y1, 830)] {
        assert!(is.abs_diff(should) <= 8, "{area:?}");
    }
}

#[test]
fn print_and_tables_are_no_seals() {
    let nothing = Drawn {
        centre: (-9000.0, 0.0),
        ..ROUND
    };
    assert_eq!(find(&PageImage::Rgb(page(&nothing, RED)), 300), []);
    let table = GrayImage::from_fn(1654, 1754, |x, y| {
        Luma([if x % 160 < 5 || y % 90 < 5 { 20 } else { 250 }])
    });
    assert_eq!(find(&PageImage::Gray(table), 300), []);
    let heading = RgbImage::from_fn(1654, 900, |x, y| {
        let inked = (300..420).contains(&y) && (200..1400).contains(&x) && x % 140 < 110 && (x / 14 + y / 12) % 3 != 0;
        Rgb(if inked { RED } else { PAPER })
    });
    assert_eq!(find(&PageImage::Rgb(heading), 300), []);
}

#[test]
fn print_under_a_seal_stays_and_its_ink_goes() {
    for gray_only in [false, true] {
        let image = page(&ROUND, RED);
        let page = if gray_only {
            PageImage::Gray(to_gray(&PageImage::Rgb(image.clone())))
        } else {
            PageImage::Rgb(image.clone())
        };
        let mut gray = to_gray(&page);
        let found = find(&page, 300);
        assert!(fade(&page, &mut gray, &found[0]));
        let (mut lost, mut left, mut print, mut ink) = (0, 0, 0, 0);
        for (x, y, pixel) in image.enumerate_pixels() {
            let level = gray.get_pixel(x, y).0[0];
            if pixel.0 == PRINT || pixel.0 == PRINT.map(|v| v / 2 + 6) {
                print += 1;
                lost += u32::from(level > 110);
            } else if pixel.0 == RED {
                ink += 1;
                left += u32::from(level < 190);
            }
        }
        assert!(
            lost * 100 < print,
            "{lost} of {print} pixels of print are lost (gray: {gray_only})"
        );
        // Next to print some of the ink may stay.
        assert!(
            left * 100 < ink * 12,
            "{left} of {ink} pixels of ink are left (gray: {gray_only})"
        );
    }
}

/// A black seal of a fax cannot be told from the print; it is found, and left alone.
#[test]
fn ink_as_dark_as_the_print_is_left_alone() {
    let fax = PageImage::Gray(to_gray(&PageImage::Rgb(page(&ROUND, PRINT))));
    let found = find(&fax, 300);
    check(&found, &ROUND, SealInk::Gray);
    let mut gray = to_gray(&fax);
    assert!(!fade(&fax, &mut gray, &found[0]));
    assert_eq!(gray, to_gray(&fax));
}

/// The lengths of the blocks in a strip from left to right.
fn blocks(strip: &GrayImage) -> Vec<u32> {
    let ink = |x: u32| {
        (0..strip.height())
            .filter(|y| strip.get_pixel(x, *y).0[0] < 128)
            .count()
    };
    let columns: Vec<u32> = (0..strip.width()).map(|x| u32::try_from(ink(x)).unwrap()).collect();
    columns
        .split(|ink| *ink < 3)
        .filter(|run| run.len() > 5)
        .map(|run| run.iter().copied().max().unwrap())
        .collect()
}

#[test]
fn the_rim_reads_clockwise_from_the_gap_below_and_then_the_line() {
    for (turn, radii) in [(0.0, (248.0, 248.0)), (-12.0, (248.0, 248.0)), (18.0, (190.0, 190.0))] {
        let drawn = Drawn { turn, radii, ..ROUND };
        let page = PageImage::Rgb(self::drawn(&drawn, RED, false));
        let found = find(&page, 300);
        let strips = unroll(&page, &found[0]);
        assert_eq!(strips.len(), 2, "turned by {turn}");
        let lengths = blocks(&strips[0]);
        assert_eq!(lengths.len(), 9, "turned by {turn}: {lengths:?}");
        assert!(lengths[8] * 4 > lengths[0] * 5, "{lengths:?}");
        assert!(lengths.windows(2).all(|pair| pair[0] <= pair[1] + 2), "{lengths:?}");
        assert!(strips.iter().all(|strip| (48..=64).contains(&strip.height())));
        assert!(blocks(&strips[1]).len() >= 5);
    }
}

#[test]
fn rim_text_is_covered_and_print_across_the_middle_is_not() {
    let seal = FoundSeal {
        area: PixelBox::from([572, 652, 1068, 1148]),
        shape: SealShape::Ellipse {
            centre: (820.0, 900.0),
            radii: (248.0, 248.0),
            turn: 0.0,
        },
        ink: SealInk::Gray,
    };
    assert!(covers(&seal, PixelBox::from([740, 670, 900, 730])) > 0.9);
    assert!(covers(&seal, PixelBox::from([650, 900, 990, 940])) < 0.4);
    assert!(covers(&seal, PixelBox::from([200, 900, 1400, 940])) < 0.3);
    assert!(covers(&seal, PixelBox::from([100, 100, 300, 140])) < 0.01);
    let boxed = FoundSeal {
        shape: SealShape::Rectangle,
        ..seal
    };
    assert!(covers(&boxed, PixelBox::from([650, 900, 990, 940])) > 0.99);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_pixels_any_size_and_any_outline_are_survived(
        (width, height) in prop_oneof![(1_u32..90, 1_u32..90), Just((1, 3000)), Just((3000, 1)), Just((2, 2))],
        dpi in prop_oneof![Just(1_u32), Just(72), Just(100), Just(150), Just(300), Just(600)],
        seed in any::<u32>(),
        (x, y, rx, ry, turn) in (-50.0_f32..200.0, -50.0_f32..200.0, 0.0_f32..300.0, 0.0_f32..300.0, -90.0_f32..90.0),
        corners in proptest::array::uniform4(0_u32..90),
    ) {
        let mut state = seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()
        };
        let image = RgbImage::from_fn(width, height, |_, _| { let [r, g, b, _] = next(); Rgb([r, g, b]) });
        let area = PixelBox::from([
            corners[0].min(corners[2]).min(width), corners[1].min(corners[3]).min(height),
            corners[0].max(corners[2]).min(width), corners[1].max(corners[3]).min(height),
        ]);
        for page in [PageImage::Rgb(image.clone()), PageImage::Gray(to_gray(&PageImage::Rgb(image)))] {
            let mut gray = to_gray(&page);
            let mut seals = find(&page, dpi);
            for shape in [SealShape::Ellipse { centre: (x, y), radii: (rx, ry), turn }, SealShape::Rectangle] {
                seals.extend([SealInk::Red, SealInk::Gray].map(|ink| FoundSeal { area, shape, ink }));
            }
            for seal in seals {
                fade(&page, &mut gray, &seal);
                unroll(&page, &seal);
                let share = covers(&seal, area);
                prop_assert!((0.0..=1.0).contains(&share));
            }
        }
    }
}
