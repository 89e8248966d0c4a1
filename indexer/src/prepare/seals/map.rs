//! Where red ink and where any ink lies, as small maps.

use image::{GrayImage, RgbImage};

use super::super::grid::{Grid, byte, cell_for, reduce};

/// A pixel is red when its red exceeds its green and blue by this much more than on the paper of the page.
const RED: u8 = 24;
/// Redness above this counts no more.
const FULL: u8 = 72;

/// How much of each cell is covered by red ink: 0 none, 255 all.
pub(super) fn red(image: &RgbImage, dpi: u32) -> Grid {
    let base = paper_redness(image).saturating_add(RED);
    let (columns, cell) = (image.width() as usize, cell_for(dpi));
    let red = |pixel: &[u8]| {
        let red = redness([pixel[0], pixel[1], pixel[2]]).saturating_sub(base);
        u16::from(red.min(FULL - RED))
    };
    let grid = if cell.is_multiple_of(2) && columns.is_multiple_of(2) {
        // Every second pixel of every second row says as much and costs a quarter.
        let half = reduce(image.as_raw(), columns * 6, columns / 2, cell / 2, |sums, rows| {
            for (sum, pixels) in sums.iter_mut().zip(rows.chunks_exact(6)) {
                *sum += red(pixels);
            }
        });
        Grid { cell, ..half }
    } else {
        reduce(image.as_raw(), columns * 3, columns, cell, |sums, row| {
            for (sum, pixel) in sums.iter_mut().zip(row.chunks_exact(3)) {
                *sum += red(pixel);
            }
        })
    };
    Grid {
        cells: grid
            .cells
            .iter()
            .map(|v| byte(f32::from(*v) * 255.0 / f32::from(FULL - RED)))
            .collect(),
        ..grid
    }
}

/// By how much the red of a pixel exceeds its green and blue.
#[inline]
pub(super) fn redness([r, g, b]: [u8; 3]) -> u8 {
    r.saturating_sub(g.max(b))
}

/// The redness of most of the page: brown paper covers (牛皮纸) have some.
pub(super) fn paper_redness(image: &RgbImage) -> u8 {
    let mut histogram = [0_usize; 256];
    let mut seen = 0;
    for pixel in image.as_raw().chunks_exact(3).step_by(211) {
        histogram[usize::from(redness([pixel[0], pixel[1], pixel[2]]))] += 1;
        seen += 1;
    }
    let mut below = 0;
    let median = (0_u8..=255).find(|level| {
        below += histogram[usize::from(*level)];
        below * 2 >= seen
    });
    median.unwrap_or(0)
}

/// How dark each cell is against the paper around it: 0 paper, 255 black.
pub(super) fn ink(gray: &GrayImage, dpi: u32) -> Grid {
    ink_of(&Grid::overview(gray, dpi))
}

/// The same from an overview.
pub(super) fn ink_of(overview: &Grid) -> Grid {
    // Paper shows within 5 mm even in the midst of print.
    let paper = overview.dilated(10);
    Grid {
        cells: overview
            .cells
            .iter()
            .zip(&paper.cells)
            .map(|(mean, paper)| {
                let (mean, paper) = (u16::from(*mean), u16::from(*paper).max(1));
                u8::try_from((paper - mean.min(paper)) * 255 / paper).unwrap_or(u8::MAX)
            })
            .collect(),
        cell: overview.cell,
        width: overview.width,
        height: overview.height,
    }
}
