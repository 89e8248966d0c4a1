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
    /// The mean brightness of each cell, about [`CELLS_PER_INCH`]: paper without its noise, print as a shade.
    pub(super) fn overview(page: &GrayImage, dpi: u32) -> Self {
        reduce_to(page, cell_for(dpi))
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

    /// The largest value within `reach` cells, in both directions.
    pub(super) fn dilated(&self, reach: usize) -> Self {
        let mut result = self.clone();
        if self.cells.is_empty() {
            return result;
        }
        // Windows double until they are long enough: each pass looks at neighbours only, which is quick.
        let (mut padded, length) = (vec![0_u8; self.width + 2 * reach], 2 * reach + 1);
        for row in result.cells.chunks_exact_mut(self.width) {
            padded.fill(0);
            padded[reach..reach + self.width].copy_from_slice(row);
            let mut window = 1;
            while window < length {
                let step = window.min(length - window);
                for at in 0..padded.len() - step {
                    padded[at] = padded[at].max(padded[at + step]);
                }
                window += step;
            }
            row.copy_from_slice(&padded[..self.width]);
        }
        let mut tall = vec![0_u8; (self.height + 2 * reach) * self.width];
        tall[reach * self.width..][..self.cells.len()].copy_from_slice(&result.cells);
        let mut window = 1;
        while window < length {
            let step = window.min(length - window) * self.width;
            for at in 0..tall.len() - step {
                tall[at] = tall[at].max(tall[at + step]);
            }
            window += step / self.width;
        }
        result.cells.copy_from_slice(&tall[..self.cells.len()]);
        result
    }

    /// The mean within `reach` cells, in both directions, as far as the map goes.
    pub(super) fn smoothed(&self, reach: usize) -> Self {
        let mut result = self.clone();
        let mut sums = Vec::new();
        for row in result.cells.chunks_exact_mut(self.width.max(1)) {
            sums.clear();
            sums.push(0_u32);
            for value in row.iter() {
                sums.push(sums[sums.len() - 1] + u32::from(*value));
            }
            for (x, value) in row.iter_mut().enumerate() {
                let (from, to) = (x.saturating_sub(reach), (x + reach + 1).min(self.width));
                *value = mean(sums[to] - sums[from], to - from);
            }
        }
        let across = result.cells.clone();
        let row = |y: usize| &across[y * self.width..(y + 1) * self.width];
        let mut sums = vec![0_u32; self.width];
        for y in 0..reach.min(self.height) {
            sums.iter_mut().zip(row(y)).for_each(|(sum, v)| *sum += u32::from(*v));
        }
        for y in 0..self.height {
            if y + reach < self.height {
                sums.iter_mut()
                    .zip(row(y + reach))
                    .for_each(|(sum, v)| *sum += u32::from(*v));
            }
            if y > reach {
                sums.iter_mut()
                    .zip(row(y - reach - 1))
                    .for_each(|(sum, v)| *sum -= u32::from(*v));
            }
            let count = (y + reach + 1).min(self.height) - y.saturating_sub(reach);
            let line = &mut result.cells[y * self.width..(y + 1) * self.width];
            line.iter_mut()
                .zip(&sums)
                .for_each(|(value, sum)| *value = mean(*sum, count));
        }
        result
    }

    /// The value below which this share (in hundredths) of the cells lies; 255 on an empty map.
    pub(super) fn level_of(&self, share: usize) -> u8 {
        let mut histogram = [0_usize; 256];
        for value in &self.cells {
            histogram[usize::from(*value)] += 1;
        }
        let mut below = 0;
        let level = (0_u8..=255).find(|level| {
            below += histogram[usize::from(*level)];
            below * 100 > share * self.cells.len()
        });
        level.unwrap_or(255)
    }
}

fn mean(sum: u32, count: usize) -> u8 {
    let count = u32::try_from(count).unwrap_or(u32::MAX).max(1);
    u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX)
}

/// Side in pixels of a cell of an overview at this resolution.
pub(super) fn cell_for(dpi: u32) -> u32 {
    ((dpi + CELLS_PER_INCH / 2) / CELLS_PER_INCH).clamp(1, 64)
}

/// The page reduced to the means of cells of this side.
pub(super) fn reduce_to(page: &GrayImage, cell: u32) -> Grid {
    let width = page.width() as usize;
    reduce(page.as_raw(), width, width, cell, |sums, row| {
        for (sum, level) in sums.iter_mut().zip(row) {
            *sum += u16::from(*level);
        }
    })
}

/// Reduces an image whose rows have `stride` bytes and `columns` pixels: `add` sums one row up per column of pixels,
/// and each cell gets the mean of its pixels.
pub(super) fn reduce(bytes: &[u8], stride: usize, columns: usize, cell: u32, add: impl Fn(&mut [u16], &[u8])) -> Grid {
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
        height: cells.len().checked_div(width).unwrap_or(0),
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
        assert_eq!(grid.dilated(1).cells, vec![201; 6]);
        assert_eq!(grid.smoothed(1).cells, vec![106, 138, 201, 106, 138, 201]);
        assert_eq!((grid.level_of(0), grid.level_of(99)), (10, 201));
        assert_eq!(Grid::overview(&GrayImage::new(0, 0), 300).cells.len(), 0);
    }
}
