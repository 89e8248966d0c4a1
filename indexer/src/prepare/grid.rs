//! Small maps of a page: one byte per square cell.

use image::GrayImage;

/// Cells per inch of an overview.
pub(super) const CELLS_PER_INCH: u32 = 50;

/// A map with one byte per cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    /// Side of a cell in pixels of the page.
    pub(super) cell: u32,
    /// Cells in a row.
    pub(super) width: usize,
    /// Rows.
    pub(super) height: usize,
    /// Row by row.
    pub(super) cells: Vec<u8>,
}

impl Grid {
    /// A map that says `value` everywhere.
    pub(super) fn filled(cell: u32, width: usize, height: usize, value: u8) -> Self {
        Self {
            cell,
            width,
            height,
            cells: vec![value; width * height],
        }
    }

    /// The mean brightness of each cell, about [`CELLS_PER_INCH`]: paper without its noise, print as a shade.
    pub(super) fn overview(page: &GrayImage, dpi: u32) -> Self {
        let cell = cell_for(dpi);
        reduce(page.as_raw(), page.width() as usize, cell, |sums, row| {
            for (sum, level) in sums.iter_mut().zip(row) {
                *sum += u16::from(*level);
            }
        })
    }

    /// The value at a place; outside the map `None`.
    pub(super) fn get(&self, x: i32, y: i32) -> Option<u8> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        (x < self.width && y < self.height).then(|| self.cells[y * self.width + x])
    }

    /// The value between four cells; the middle of the first cell is (0.5, 0.5). Outside the map 0.
    pub(super) fn between(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        #[allow(clippy::cast_possible_truncation)] // saturates, and is then outside
        let (column, row) = (left as i32, top as i32);
        let at = |dx: i32, dy: i32| f32::from(self.get(column.saturating_add(dx), row.saturating_add(dy)).unwrap_or(0));
        let (fx, fy) = (x - left, y - top);
        let upper = at(0, 0) + (at(1, 0) - at(0, 0)) * fx;
        let lower = at(0, 1) + (at(1, 1) - at(0, 1)) * fx;
        upper + (lower - upper) * fy
    }

    /// The largest value within `reach` cells, in both directions; two passes.
    pub(super) fn dilated(&self, reach: usize) -> Self {
        self.windowed(reach, |window| window.iter().copied().max().unwrap_or(0))
    }

    /// The mean within `reach` cells, in both directions; two passes.
    pub(super) fn smoothed(&self, reach: usize) -> Self {
        self.windowed(reach, |window| {
            let sum: usize = window.iter().map(|v| usize::from(*v)).sum();
            u8::try_from((sum + window.len() / 2) / window.len().max(1)).unwrap_or(u8::MAX)
        })
    }

    fn windowed(&self, reach: usize, combine: impl Fn(&[u8]) -> u8) -> Self {
        let mut across = self.clone();
        for y in 0..self.height {
            let row = &self.cells[y * self.width..(y + 1) * self.width];
            for x in 0..self.width {
                let window = &row[x.saturating_sub(reach)..(x + reach + 1).min(self.width)];
                across.cells[y * self.width + x] = combine(window);
            }
        }
        let mut both = across.clone();
        let mut column = Vec::with_capacity(self.height);
        for x in 0..self.width {
            column.clear();
            column.extend((0..self.height).map(|y| across.cells[y * self.width + x]));
            for y in 0..self.height {
                both.cells[y * self.width + x] =
                    combine(&column[y.saturating_sub(reach)..(y + reach + 1).min(self.height)]);
            }
        }
        both
    }
}

/// Side in pixels of a cell of an overview at this resolution.
pub(super) fn cell_for(dpi: u32) -> u32 {
    ((dpi + CELLS_PER_INCH / 2) / CELLS_PER_INCH).clamp(1, 64)
}

/// Reduces an image of `stride` bytes a row: `add` sums one row of bytes up per column of pixels, and each cell gets
/// the mean of its columns.
pub(super) fn reduce(bytes: &[u8], stride: usize, cell: u32, add: impl Fn(&mut [u16], &[u8])) -> Grid {
    reduce_columns(bytes, stride, stride, cell, add)
}

/// The same for images whose rows of `stride` bytes hold `columns` pixels.
pub(super) fn reduce_columns(
    bytes: &[u8],
    stride: usize,
    columns: usize,
    cell: u32,
    add: impl Fn(&mut [u16], &[u8]),
) -> Grid {
    // Sums of 64 bytes fit into 16 bits.
    let side = cell.clamp(1, 64) as usize;
    let mut cells = Vec::new();
    let mut sums = vec![0_u16; columns];
    let width = columns.div_ceil(side);
    if stride > 0 {
        for band in bytes.chunks(stride * side) {
            sums.fill(0);
            let mut rows = 0;
            for row in band.chunks_exact(stride) {
                add(&mut sums, row);
                rows += 1;
            }
            cells.extend(sums.chunks(side).map(|block| {
                let sum: usize = block.iter().map(|v| usize::from(*v)).sum();
                let count = (block.len() * rows).max(1);
                u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX)
            }));
        }
    }
    Grid {
        cell,
        width,
        height: if width == 0 { 0 } else { cells.len() / width },
        cells,
    }
}

/// A byte from a number, cut to its range.
#[inline]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates
pub(super) fn byte(value: f32) -> u8 {
    (value + 0.5) as u8
}

/// A pixel position from a number; negative ones are 0.
#[inline]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates
pub(super) fn place(value: f32) -> u32 {
    value as u32
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn cells_are_means_and_the_last_ones_may_be_smaller() {
        let page = GrayImage::from_fn(13, 7, |x, y| Luma([if x < 6 { 10 } else { 200 } + u8::from(y == 6)]));
        let grid = Grid::overview(&page, 300);
        assert_eq!((grid.cell, grid.width, grid.height), (6, 3, 2));
        assert_eq!(grid.cells, vec![10, 200, 200, 11, 201, 201]);
        assert_eq!(grid.get(-1, 0), None);
        assert!((grid.between(1.0, 0.5) - 105.0).abs() < 0.1);
        assert_eq!(grid.dilated(1).cells[0], 201);
        assert_eq!(Grid::overview(&GrayImage::new(0, 0), 300).cells.len(), 0);
    }
}
