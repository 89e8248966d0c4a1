//! Even paper: shadows of folds and of the lid, yellowed and dark paper, faint print.

use image::GrayImage;

use super::grid::{Grid, byte};

/// Cells of the overview along a side of a block of the paper map (about 4 mm).
const BLOCK: usize = 8;
/// Brightness that paper gets.
pub(super) const PAPER: f32 = 245.0;
/// Pages whose paper differs by less than this across the page, and is lighter than [`LIGHT`], are left alone.
const EVEN: f32 = 14.0;
const LIGHT: f32 = 215.0;
/// Print lighter than this is made darker.
const FAINT: f32 = 70.0;

/// Divides by the brightness of the paper around each pixel, and darkens faint print, so that paper is near to 245
/// and print near to 0; says whether the page needed it. `dpi` is the resolution of the page.
pub fn flatten(image: &mut GrayImage, dpi: u32) -> bool {
    if image.width() == 0 || image.height() == 0 {
        return false;
    }
    let overview = Grid::overview(image, dpi);
    let paper = paper_map(&overview);
    let mut sorted: Vec<u8> = paper.levels.iter().map(|level| byte(*level)).collect();
    sorted.sort_unstable();
    let at = |share: usize| f32::from(sorted[(sorted.len() - 1) * share / 100]);
    let uneven = at(95) - at(5) > EVEN || at(5) < LIGHT;
    let ink = ink_level(image);
    // A page with hardly any ink has none that could be faint: its noise must not be made stronger.
    let faint = ink > FAINT && ink < at(50) * 0.85;
    if !uneven && !faint {
        return false;
    }
    let black = if faint { ink * 0.8 } else { 0.0 };
    divide(image, &paper, overview.cell as usize * BLOCK, black);
    true
}

/// Brightness of the paper at the middles of blocks.
struct PaperMap {
    columns: usize,
    rows: usize,
    levels: Vec<f32>,
}

/// Multiplies each pixel by what brings its paper to [`PAPER`], in 512ths; between blocks that runs evenly.
fn divide(image: &mut GrayImage, paper: &PaperMap, block: usize, black: f32) {
    let width = image.width() as usize;
    let gains: Vec<Vec<i32>> = paper
        .levels
        .chunks_exact(paper.columns)
        .map(|levels| {
            (0..width)
                .map(|x| {
                    let u = ((x as f32 + 0.5) / block as f32 - 0.5).clamp(0.0, (levels.len() - 1) as f32);
                    let left = super::grid::place(u) as usize;
                    let right = (left + 1).min(levels.len() - 1);
                    let level = levels[left] + (levels[right] - levels[left]) * u.fract();
                    #[allow(clippy::cast_possible_truncation)] // at most 245 * 512 / 40
                    let gain = (PAPER * 512.0 / (level.max(black + 40.0) - black)) as i32;
                    gain
                })
                .collect()
        })
        .collect();
    let black = byte(black);
    let mut gain = vec![0_u16; width];
    for (y, row) in image.as_mut().chunks_exact_mut(width).enumerate() {
        // Shadows change slowly: four rows share their factors.
        if y % 4 == 0 {
            let v = ((y as f32 + 2.0) / block as f32 - 0.5).clamp(0.0, (paper.rows - 1) as f32);
            let upper = super::grid::place(v) as usize;
            let lower = (upper + 1).min(paper.rows - 1);
            let part = i32::from(byte(v.fract() * 255.0));
            for ((gain, upper), lower) in gain.iter_mut().zip(&gains[upper]).zip(&gains[lower]) {
                *gain = u16::try_from(*upper + (((*lower - *upper) * part) >> 8)).unwrap_or(u16::MAX);
            }
        }
        for (pixel, gain) in row.iter_mut().zip(&gain) {
            // The upper half of a product of 16 bits: one instruction for eight pixels.
            let level = u32::from(pixel.saturating_sub(black)) << 7;
            *pixel = ((level * u32::from(*gain)) >> 16).min(255).to_le_bytes()[0];
        }
    }
}

/// Brightness below which the darkest hundredth of the pixels lies.
fn ink_level(image: &GrayImage) -> f32 {
    let mut histogram = [0_usize; 256];
    for level in image.as_raw().iter().step_by(17) {
        histogram[usize::from(*level)] += 1;
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

/// For each block the brightness that only a tenth of its cells exceeds. A block filled with print shows no paper:
/// the lightest of its neighbours counts, then the mean around.
fn paper_map(overview: &Grid) -> PaperMap {
    let (columns, rows) = (overview.width.div_ceil(BLOCK), overview.height.div_ceil(BLOCK));
    let mut levels = Vec::with_capacity(columns * rows);
    let mut cells = Vec::with_capacity(BLOCK * BLOCK);
    for row in 0..rows {
        for column in 0..columns {
            cells.clear();
            for y in row * BLOCK..((row + 1) * BLOCK).min(overview.height) {
                let line = &overview.cells[y * overview.width..(y + 1) * overview.width];
                cells.extend_from_slice(&line[column * BLOCK..((column + 1) * BLOCK).min(overview.width)]);
            }
            let tenth = (cells.len() - 1) * 9 / 10;
            levels.push(f32::from(*cells.select_nth_unstable(tenth).1));
        }
    }
    let lightest = windowed(&levels, columns, rows, |window| window.fold(0.0, f32::max));
    let levels = windowed(&lightest, columns, rows, |window| {
        let (sum, count) = window.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
        sum / count
    });
    PaperMap { columns, rows, levels }
}

fn windowed(
    levels: &[f32],
    columns: usize,
    rows: usize,
    combine: impl Fn(&mut dyn Iterator<Item = f32>) -> f32,
) -> Vec<f32> {
    let mut result = Vec::with_capacity(levels.len());
    for row in 0..rows {
        for column in 0..columns {
            let mut window = (row.saturating_sub(1)..=(row + 1).min(rows - 1)).flat_map(|y| {
                (column.saturating_sub(1)..=(column + 1).min(columns - 1)).map(move |x| levels[y * columns + x])
            });
            result.push(combine(&mut window));
        }
    }
    result
}
