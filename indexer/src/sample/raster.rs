//! Turns sheets into pixels.

use ab_glyph::{OutlineCurve, Point, point};
use ab_glyph_rasterizer::Rasterizer;
use image::{Rgb, RgbImage};

use super::fonts::Fonts;
use super::paper::{Line, Sheet};

/// A box in pixels: left, top, right, bottom.
pub(super) type Ink = [f32; 4];

/// A sheet as an image, with the ink box of each of its lines.
pub(super) struct Rendered {
    pub(super) image: RgbImage,
    pub(super) ink: Vec<Ink>,
}

/// How a path is mixed with what it covers.
#[derive(Clone, Copy)]
enum Blend {
    /// Opaque ink, with this share.
    Over(f32),
    /// Stamp ink: lets black through, is worn in places.
    Stamp,
}

/// Draws a sheet at a resolution.
pub(super) fn render(sheet: &Sheet, fonts: &Fonts, dpi: u32) -> Rendered {
    let scale = scale_of(dpi);
    let (width, height) = pixels(sheet, dpi);
    let mut image = RgbImage::from_pixel(width, height, Rgb(sheet.tint));
    let mut raster = Rasterizer::new(0, 0);
    let scaled = |p: Point| point(p.x * scale, p.y * scale);
    for shape in &sheet.shapes {
        let path: Vec<OutlineCurve> = super::paper::map_path(&shape.path, scaled);
        fill(&mut image, &mut raster, &path, shape.colour, Blend::Over(shape.opacity));
    }
    let mut ink = Vec::with_capacity(sheet.lines.len());
    for line in &sheet.lines {
        let mut bounds: Option<Ink> = None;
        each_glyph(line, fonts, scale, |path| {
            bounds = merge(
                bounds,
                fill(&mut image, &mut raster, &path, line.colour, Blend::Over(1.0)),
            );
        });
        ink.push(bounds.unwrap_or_default());
    }
    for seal in &sheet.seals {
        let path = super::paper::map_path(&seal.path(fonts), scaled);
        fill(&mut image, &mut raster, &path, seal.colour(), Blend::Stamp);
    }
    Rendered { image, ink }
}

/// Width and height of a sheet in pixels.
pub(super) fn pixels(sheet: &Sheet, dpi: u32) -> (u32, u32) {
    let scale = scale_of(dpi);
    (whole(sheet.width * scale), whole(sheet.height * scale))
}

/// The ink box of each line at a resolution, without drawing.
pub(super) fn ink(sheet: &Sheet, fonts: &Fonts, dpi: u32) -> Vec<Ink> {
    let of_line = |line: &Line| {
        let mut bounds = None;
        each_glyph(line, fonts, scale_of(dpi), |path| {
            bounds = merge(bounds, bounds_of(&path));
        });
        bounds.unwrap_or_default()
    };
    sheet.lines.iter().map(of_line).collect()
}

#[allow(clippy::cast_precision_loss)] // resolutions are small
fn scale_of(dpi: u32) -> f32 {
    dpi as f32 / 72.0
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // sizes of sheets are positive and small
fn whole(value: f32) -> u32 {
    value.round() as u32
}

/// Calls `draw` with the outline of each glyph, in pixels.
fn each_glyph(line: &Line, fonts: &Fonts, scale: f32, mut draw: impl FnMut(Vec<OutlineCurve>)) {
    for glyph in &line.glyphs {
        if let Some(outline) = fonts.outline(glyph.face, glyph.id) {
            let em = line.size / fonts.units_per_em(glyph.face) * scale;
            let (x, y) = (glyph.x * scale, line.y * scale);
            draw(super::paper::map_path(&outline.curves, |p| {
                point(x + p.x * em, y - p.y * em)
            }));
        }
    }
}

fn merge(a: Option<Ink>, b: Option<Ink>) -> Option<Ink> {
    match (a, b) {
        (Some(a), Some(b)) => Some([a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]),
        (a, b) => a.or(b),
    }
}

fn points(curve: &OutlineCurve) -> [Point; 4] {
    match *curve {
        OutlineCurve::Line(a, b) => [a, b, a, b],
        OutlineCurve::Quad(a, b, c) => [a, b, c, c],
        OutlineCurve::Cubic(a, b, c, d) => [a, b, c, d],
    }
}

/// Bounds of the control points, which hold the curve.
fn bounds_of(path: &[OutlineCurve]) -> Option<Ink> {
    let boxes = path.iter().flat_map(points).map(|p| Some([p.x, p.y, p.x, p.y]));
    boxes.fold(None, merge)
}

/// Fills a path and gives its bounds.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)] // clamped to the image
fn fill(
    image: &mut RgbImage,
    raster: &mut Rasterizer,
    path: &[OutlineCurve],
    colour: [u8; 3],
    blend: Blend,
) -> Option<Ink> {
    let bounds = bounds_of(path)?;
    let left = bounds[0].floor().max(0.0);
    let top = bounds[1].floor().max(0.0);
    let right = bounds[2].ceil().min(image.width() as f32);
    let bottom = bounds[3].ceil().min(image.height() as f32);
    if right <= left || bottom <= top {
        return Some(bounds);
    }
    let (width, height) = ((right - left) as usize + 1, (bottom - top) as usize + 1);
    raster.reset(width, height);
    let at = |p: Point| point(p.x - left, p.y - top);
    for curve in path {
        match *curve {
            OutlineCurve::Line(a, b) => raster.draw_line(at(a), at(b)),
            OutlineCurve::Quad(a, b, c) => raster.draw_quad(at(a), at(b), at(c)),
            OutlineCurve::Cubic(a, b, c, d) => raster.draw_cubic(at(a), at(b), at(c), at(d)),
        }
    }
    let (left, top) = (left as u32, top as u32);
    raster.for_each_pixel_2d(|x, y, coverage| {
        if coverage <= 0.004 {
            return;
        }
        let (x, y) = (left + x, top + y);
        let Some(pixel) = image.get_pixel_mut_checked(x, y) else {
            return;
        };
        let coverage = coverage.min(1.0);
        for (channel, ink) in pixel.0.iter_mut().zip(colour) {
            let (paper, ink) = (f32::from(*channel), f32::from(ink));
            let mixed = match blend {
                Blend::Over(opacity) => paper + (ink - paper) * coverage * opacity,
                Blend::Stamp => {
                    let share = coverage * wear(x, y);
                    paper * (1.0 - share * (1.0 - ink / 255.0))
                }
            };
            *channel = mixed.clamp(0.0, 255.0) as u8;
        }
    });
    Some(bounds)
}

/// How much ink a stamp left at a pixel: cloudy, with small gaps.
fn wear(x: u32, y: u32) -> f32 {
    let cloud = |step: u32| {
        let (fx, fy) = (fraction(x, step), fraction(y, step));
        let (x0, y0) = (x / step, y / step);
        let top = hash(x0, y0, step) * (1.0 - fx) + hash(x0 + 1, y0, step) * fx;
        let bottom = hash(x0, y0 + 1, step) * (1.0 - fx) + hash(x0 + 1, y0 + 1, step) * fx;
        top * (1.0 - fy) + bottom * fy
    };
    let ink = 0.72 + 0.30 * cloud(60) + 0.14 * (cloud(7) - 0.5);
    let gap = cloud(4) < 0.17;
    if gap { ink * 0.45 } else { ink.min(1.0) }
}

#[allow(clippy::cast_precision_loss)] // remainders of small steps
fn fraction(value: u32, step: u32) -> f32 {
    (value % step) as f32 / step as f32
}

/// A value from 0 to 1 that looks random and is always the same.
#[allow(clippy::cast_precision_loss)] // 16 bits
fn hash(x: u32, y: u32, salt: u32) -> f32 {
    let mut h = x
        .wrapping_mul(0x9e37_79b1)
        .wrapping_add(y.wrapping_mul(0x85eb_ca77))
        .wrapping_add(salt.wrapping_mul(0xc2b2_ae3d));
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    (h & 0xffff) as f32 / 65_535.0
}
