//! Even paper: shadows of folds and of the lid, yellowed and dark paper, faint print.

use image::GrayImage;

/// Side of a block of the paper map in pixels (about 4 mm at 300 dpi).
const BLOCK: u32 = 48;
/// Brightness that paper gets.
const PAPER: f32 = 245.0;
/// Pages whose paper differs by less than this across the page, and is lighter than [`LIGHT`], are left alone.
const EVEN: u8 = 14;
const LIGHT: u8 = 215;
/// Print lighter than this is made darker.
const FAINT: f32 = 70.0;

/// Divides by the brightness of the paper around each pixel, and darkens faint print.
pub(super) fn flatten(image: &mut GrayImage) {
    let (columns, rows) = (image.width().div_ceil(BLOCK), image.height().div_ceil(BLOCK));
    let paper = smooth(&paper_levels(image, columns, rows), columns, rows);
    let mut sorted = paper.clone();
    sorted.sort_by(f32::total_cmp);
    let at = |share: usize| sorted.get(sorted.len() * share / 100).copied().unwrap_or(255.0);
    let uneven = at(95) - at(5) > f32::from(EVEN) || at(5) < f32::from(LIGHT);
    let ink = ink_level(image);
    let faint = ink > FAINT;
    if !uneven && !faint {
        return;
    }
    let black = if faint { ink * 0.8 } else { 0.0 };
    #[allow(clippy::cast_precision_loss)] // pages have far fewer than 2^24 pixels a side
    for y in 0..image.height() {
        let v = ((y as f32 + 0.5) / BLOCK as f32 - 0.5).clamp(0.0, (rows - 1) as f32);
        for x in 0..image.width() {
            let u = ((x as f32 + 0.5) / BLOCK as f32 - 0.5).clamp(0.0, (columns - 1) as f32);
            let local = bilinear(&paper, columns, rows, u, v).max(black + 40.0);
            let pixel = image.get_pixel_mut(x, y);
            let value = (f32::from(pixel.0[0]) - black) / (local - black) * PAPER;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
            let value = value.clamp(0.0, 255.0) as u8;
            pixel.0 = [value];
        }
    }
}

/// Brightness below which the darkest hundredth of the pixels lies.
fn ink_level(image: &GrayImage) -> f32 {
    let mut histogram = [0_usize; 256];
    for pixel in image.pixels().step_by(7) {
        histogram[usize::from(pixel.0[0])] += 1;
    }
    let total: usize = histogram.iter().sum();
    let mut below = 0;
    for (level, count) in (0_u8..=255).zip(histogram) {
        below += count;
        if below * 100 >= total {
            return f32::from(level);
        }
    }
    255.0
}

/// For each block the brightness that only a tenth of its pixels exceeds.
fn paper_levels(image: &GrayImage, columns: u32, rows: u32) -> Vec<f32> {
    let mut levels = Vec::with_capacity(columns as usize * rows as usize);
    for row in 0..rows {
        for column in 0..columns {
            let mut histogram = [0_u32; 256];
            let mut total = 0;
            for y in (row * BLOCK..((row + 1) * BLOCK).min(image.height())).step_by(2) {
                for x in (column * BLOCK..((column + 1) * BLOCK).min(image.width())).step_by(2) {
                    histogram[usize::from(image.get_pixel(x, y).0[0])] += 1;
                    total += 1;
                }
            }
            let mut above = 0;
            let level = (0_u8..=255)
                .rev()
                .find(|level| {
                    above += histogram[usize::from(*level)];
                    above * 10 >= total
                })
                .unwrap_or(255);
            levels.push(f32::from(level));
        }
    }
    levels
}

/// A block filled with print shows no paper: the lightest of its neighbours counts, then the mean around.
fn smooth(levels: &[f32], columns: u32, rows: u32) -> Vec<f32> {
    let lightest = windowed(levels, columns, rows, |window| window.fold(0.0, f32::max));
    windowed(&lightest, columns, rows, |window| {
        let (sum, count) = window.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
        sum / count
    })
}

fn windowed(
    levels: &[f32],
    columns: u32,
    rows: u32,
    combine: impl Fn(&mut dyn Iterator<Item = f32>) -> f32,
) -> Vec<f32> {
    let mut result = Vec::with_capacity(levels.len());
    for row in 0..rows {
        for column in 0..columns {
            let mut window = (row.saturating_sub(1)..=(row + 1).min(rows - 1)).flat_map(|y| {
                (column.saturating_sub(1)..=(column + 1).min(columns - 1))
                    .map(move |x| levels[(y * columns + x) as usize])
            });
            result.push(combine(&mut window));
        }
    }
    result
}

fn bilinear(levels: &[f32], columns: u32, rows: u32, u: f32, v: f32) -> f32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped by the caller
    let (x, y) = (u as u32, v as u32);
    let (right, below) = ((x + 1).min(columns - 1), (y + 1).min(rows - 1));
    let at = |x: u32, y: u32| levels[(y * columns + x) as usize];
    let (fx, fy) = (u.fract(), v.fract());
    let top = at(x, y) * (1.0 - fx) + at(right, y) * fx;
    let bottom = at(x, below) * (1.0 - fx) + at(right, below) * fx;
    top * (1.0 - fy) + bottom * fy
}
