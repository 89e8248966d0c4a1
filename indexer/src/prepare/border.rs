//! What a scanner sees beside the sheet: black borders, and the black corners of a page that lay askew.

use image::GrayImage;

use super::grid::Grid;

/// Cells darker than this share of the paper (in hundredths) may be border.
const DARK: u32 = 45;
/// Borders reach at most this far into the page, in cells (36 mm).
const DEEP: usize = 72;
/// A border runs along the edge of the page for at least this many cells (10 mm).
const LONG: usize = 20;
/// A page of which more than this share (in hundredths) is border is dark, not bordered.
const MOST: usize = 60;

/// Whitens dark borders and corners of a page of `dpi` dots per inch, and says whether there were any. A border is
/// dark, hangs together with the edge of the image and runs along it for a centimetre or more.
pub fn whiten(image: &mut GrayImage, dpi: u32) -> bool {
    let overview = Grid::overview(image, dpi);
    let paper = overview.level_of(80);
    let limit = u8::try_from(u32::from(paper) * DARK / 100).unwrap_or(u8::MAX);
    let border = border(&overview, limit);
    let count = border.iter().filter(|b| **b).count();
    if count == 0 || count * 100 > MOST * border.len() {
        return false;
    }
    let (width, side) = (image.width() as usize, overview.cell as usize);
    let near = |x: usize, y: usize| {
        // The blurred edge of a border lies in the cells beside it.
        (y.saturating_sub(1)..(y + 2).min(overview.height))
            .any(|ny| (x.saturating_sub(1)..(x + 2).min(overview.width)).any(|nx| border[ny * overview.width + nx]))
    };
    let wide: Vec<bool> = (0..border.len())
        .map(|at| near(at % overview.width, at / overview.width))
        .collect();
    for (y, row) in image.as_mut().chunks_exact_mut(width).enumerate() {
        let cells = &wide[(y / side) * overview.width..][..overview.width];
        for (cell, pixels) in cells.iter().zip(row.chunks_mut(side)) {
            if *cell {
                pixels.fill(paper);
            }
        }
    }
    true
}

/// The cells of borders.
fn border(overview: &Grid, limit: u8) -> Vec<bool> {
    let (width, height) = (overview.width, overview.height);
    let mut border = vec![false; width * height];
    let mut seen = vec![false; width * height];
    let edge = |x: usize, y: usize| x == 0 || y == 0 || x + 1 == width || y + 1 == height;
    let shallow = |x: usize, y: usize| x.min(width - 1 - x).min(y).min(height - 1 - y) < DEEP;
    for start in 0..border.len() {
        if seen[start] || !edge(start % width, start / width) || overview.cells[start] >= limit {
            continue;
        }
        let mut part = vec![start];
        seen[start] = true;
        let (mut next, mut touching) = (0, 0);
        while let Some(at) = part.get(next).copied() {
            next += 1;
            let (x, y) = (at % width, at / width);
            touching += usize::from(edge(x, y));
            for (nx, ny) in [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)] {
                if nx < width && ny < height && shallow(nx, ny) {
                    let to = ny * width + nx;
                    if !seen[to] && overview.cells[to] < limit {
                        seen[to] = true;
                        part.push(to);
                    }
                }
            }
        }
        if touching >= LONG.min(width.max(height) / 2) {
            part.into_iter().for_each(|at| border[at] = true);
        }
    }
    border
}
