//! What a black seal covers most, taken out: its rim and its star.
//!
//! Nothing tells black ink of a seal from print, but no character is as solid as the star in the middle, or as long as the rim. With
//! both gone what is left of the line under them is read as a line with gaps, and not as one line with half a star in it.

use image::{GrayImage, Luma};
use imageproc::distance_transform::Norm;
use imageproc::morphology::{dilate_mut, open};

use super::fade::with_margin;
use super::{FoundSeal, SealShape};

/// Darker than this is ink.
const INK: u8 = 128;
/// Where the rim lies, as parts of the way out.
const RIM: std::ops::RangeInclusive<f32> = 0.9..=1.06;
/// Half of the width of the thickest stroke of print, as a part of the radius of the seal (42 mm across, print of 16 points).
const STROKE: f32 = 0.035;
/// Blurred edges of what is taken out, in pixels.
const EDGE: u8 = 3;

/// The page without the rim and the solid parts of a seal; `None` for seals that are not round.
pub fn uncover(gray: &GrayImage, seal: &FoundSeal) -> Option<GrayImage> {
    let SealShape::Ellipse { radii, .. } = seal.shape else {
        return None;
    };
    let area = with_margin(seal, gray.dimensions());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a few pixels
    let stroke = (radii.0.min(radii.1) * STROKE).clamp(2.0, 60.0) as u8;
    let ink = GrayImage::from_fn(area.width(), area.height(), |x, y| {
        Luma([if gray.get_pixel(area.x0 + x, area.y0 + y).0[0] < INK {
            255
        } else {
            0
        }])
    });
    let mut solid = open(&ink, Norm::LInf, stroke);
    dilate_mut(&mut solid, Norm::LInf, EDGE);
    let mut page = gray.clone();
    for (x, y, solid) in solid.enumerate_pixels() {
        let (x, y) = (area.x0 + x, area.y0 + y);
        #[allow(clippy::cast_precision_loss)] // pixels
        let reach = seal.reach(x as f32, y as f32);
        if solid.0[0] > 0 && reach <= *RIM.end() || RIM.contains(&reach) {
            page.put_pixel(x, y, Luma([255]));
        }
    }
    Some(page)
}

#[cfg(test)]
mod tests {
    use juanzong::record::PixelBox;

    use super::super::SealInk;
    use super::*;

    #[test]
    fn rim_and_star_go_and_print_stays() {
        let (centre, radius) = ((300.0_f32, 300.0_f32), 250.0_f32);
        let out = |x: u32, y: u32| (x as f32 - centre.0).hypot(y as f32 - centre.1);
        let rim = |x, y| (240.0..=252.0).contains(&out(x, y));
        let star = |x: u32, y: u32| x.abs_diff(300) < 40 && y.abs_diff(300) < 40;
        let stroke =
            |x: u32, y: u32| (330..336).contains(&y) && (100..500).contains(&x) || x == 390 && (350..380).contains(&y);
        let gray = GrayImage::from_fn(600, 600, |x, y| {
            Luma([if rim(x, y) || star(x, y) || stroke(x, y) {
                0
            } else {
                255
            }])
        });
        let seal = FoundSeal {
            area: PixelBox::from([48, 48, 552, 552]),
            shape: SealShape::Ellipse {
                centre,
                radii: (radius, radius),
                turn: 0.0,
            },
            ink: SealInk::Gray,
        };
        let page = uncover(&gray, &seal).unwrap();
        for (x, y, pixel) in page.enumerate_pixels() {
            let covered = star(x, y) || out(x, y) > 224.0;
            if stroke(x, y) && !covered && x.abs_diff(300) > 44 {
                assert_eq!(pixel.0, [0], "print at {x} {y}");
            } else if !stroke(x, y) {
                assert_eq!(pixel.0, [255], "{x} {y}");
            }
        }
        let boxed = FoundSeal {
            shape: SealShape::Rectangle,
            ..seal
        };
        assert!(uncover(&gray, &boxed).is_none());
    }
}
