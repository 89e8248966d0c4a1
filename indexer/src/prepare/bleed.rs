//! Print of the back of the sheet that shows through (透印): lighter than the print of the page, and softer, because
//! the paper scatters its light.

use image::GrayImage;

use super::grid::{CELLS_PER_INCH, Grid, byte, reduce_to};

/// Ink weaker than this share of the print's may be show-through.
const WEAK: f32 = 0.55;
/// Ink weaker than this, in 256ths of the paper's brightness, is grain of the paper in any case.
const GRAIN: f32 = 11.0;
/// Ink weaker than this many times what its paper has is grain too: scans have noise.
const NOISE: f32 = 2.4;
/// Most of the show-through of a page (this share of it) is about equally strong; what is stronger by this factor is
/// a thin stroke of print.
const USUAL: (usize, f32) = (95, 1.5);
/// Edges of show-through are softer than those of print by this factor at least.
const SOFT: f32 = 0.7;
/// Cells with soft weak ink that a page must have: two lines of text.
const EVIDENCE: usize = 240;
/// Share of the weak ink of a page that is soft when the back shows through.
const MOSTLY: f32 = 0.5;
/// How far the ink of a place is looked at in cells (2.5 mm): a stroke, and what belongs to it.
const AROUND: usize = 5;

/// Whitens the print of the back, and says whether there was any. A page acts only when it shows print and, besides
/// it, plenty of much weaker ink with much softer edges; weak ink with sharp edges (faint print, pencil) stays.
pub fn suppress(image: &mut GrayImage, dpi: u32) -> bool {
    let cells = Cells::of(image, dpi);
    let Some(print) = cells.print() else {
        return false;
    };
    let kinds_below = |weak: f32| -> Vec<Kind> {
        let kind = |at: usize| match f32::from(cells.depth[at]) {
            depth if depth >= weak => Kind::Print,
            depth if depth < print.grain => Kind::Paper,
            depth if f32::from(cells.edge[at]) < SOFT * print.sharpness * depth => Kind::Soft,
            _ => Kind::Sharp,
        };
        (0..cells.depth.len()).map(kind).collect()
    };
    let weak = print.depth * WEAK;
    let kinds = kinds_below(weak);
    let (looked, kinds) = (&cells, &kinds);
    let cores = |kind: Kind| {
        kinds
            .iter()
            .enumerate()
            .filter(move |(at, k)| **k == kind && looked.is_core(*at))
            .map(|(at, _)| at)
    };
    let mut soft: Vec<u8> = cores(Kind::Soft).map(|at| cells.depth[at]).collect();
    let sharp = cores(Kind::Sharp).count();
    if soft.len() < EVIDENCE || (soft.len() as f32) < MOSTLY * (soft.len() + sharp) as f32 {
        return false;
    }
    let usual = soft.len() * USUAL.0 / 100;
    let usual = f32::from(*soft.select_nth_unstable(usual).1) * USUAL.1;
    let back = cells.back(&kinds_below(weak.min(usual)));
    whiten(image, &cells, &back);
    true
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Paper,
    Soft,
    Sharp,
    Print,
}

/// What the print of a page is like.
struct Print {
    /// Its usual depth.
    depth: f32,
    /// Its usual steepest edge, as a share of its depth.
    sharpness: f32,
    /// Depth below which there is only paper.
    grain: f32,
}

/// Small squares of the page, about 50 per inch.
struct Cells {
    side: usize,
    width: usize,
    height: usize,
    /// Brightness of the paper around.
    paper: Vec<u8>,
    /// How much darker than paper the darkest place is, in 256ths of the paper.
    depth: Vec<u8>,
    /// The steepest edge, in the same unit.
    edge: Vec<u8>,
}

impl Cells {
    fn of(image: &GrayImage, dpi: u32) -> Self {
        // On pixels of about 150 dpi: their means have little noise, and they are a quarter as many.
        let fine = reduce_to(image, (dpi / 150).max(1));
        let side = ((dpi / fine.cell.max(1) + CELLS_PER_INCH / 2) / CELLS_PER_INCH).max(1) as usize;
        let (width, height) = (fine.width.div_ceil(side), fine.height.div_ceil(side));
        let (mut darkest, mut lightest, mut edge) = (Vec::new(), Vec::new(), Vec::new());
        // Column by column over the rows of a band first, which is quick, then over the columns of each cell.
        let columns = fine.width;
        let (mut low, mut high) = (vec![0_u8; columns], vec![0_u8; columns]);
        let mut steep = vec![0_u8; columns];
        for band in 0..height {
            low.fill(255);
            high.fill(0);
            steep.fill(0);
            for y in band * side..((band + 1) * side).min(fine.height) {
                let row = &fine.cells[y * columns..(y + 1) * columns];
                let below = &fine.cells[(y + 1).min(fine.height - 1) * columns..][..columns];
                for x in 0..columns {
                    low[x] = low[x].min(row[x]);
                    high[x] = high[x].max(row[x]);
                    steep[x] = steep[x].max(row[x].abs_diff(below[x]));
                }
                for (steep, pair) in steep.iter_mut().zip(row.windows(2)) {
                    *steep = (*steep).max(pair[0].abs_diff(pair[1]));
                }
            }
            darkest.extend(low.chunks(side).map(|c| c.iter().copied().min().unwrap_or(255)));
            lightest.extend(high.chunks(side).map(|c| c.iter().copied().max().unwrap_or(0)));
            edge.extend(steep.chunks(side).map(|c| c.iter().copied().max().unwrap_or(0)));
        }
        let paper = Grid {
            cell: fine.cell,
            width,
            height,
            cells: lightest,
        }
        .dilated(3)
        .smoothed(6)
        .cells;
        let share = |value: u8, paper: u8| byte(f32::from(value) * 255.0 / f32::from(paper.max(1)));
        Self {
            side: side * fine.cell as usize,
            width,
            height,
            depth: darkest
                .iter()
                .zip(&paper)
                .map(|(d, p)| share(p.saturating_sub(*d), *p))
                .collect(),
            edge: edge.iter().zip(&paper).map(|(e, p)| share(*e, *p)).collect(),
            paper,
        }
    }

    /// Whether no cell around is darker: the others show edges of strokes only.
    fn is_core(&self, at: usize) -> bool {
        let (x, y) = (at % self.width, at / self.width);
        (y.saturating_sub(1)..(y + 2).min(self.height)).all(|ny| {
            (x.saturating_sub(1)..(x + 2).min(self.width)).all(|nx| self.depth[ny * self.width + nx] <= self.depth[at])
        })
    }

    /// The print is the darkest of what is plenty on the page.
    fn print(&self) -> Option<Print> {
        if self.depth.is_empty() {
            return None;
        }
        let mut depths = self.depth.clone();
        // A quarter of a page is paper, however much is printed on both sides.
        let quarter = depths.len() / 4;
        let grain = (f32::from(*depths.select_nth_unstable(quarter).1) * NOISE).max(GRAIN);
        let mut cores: Vec<(u8, u8)> = (0..self.depth.len())
            .filter(|at| f32::from(self.depth[*at]) >= grain && self.is_core(*at))
            .map(|at| (self.depth[at], self.edge[at]))
            .collect();
        if cores.len() < EVIDENCE {
            return None;
        }
        cores.sort_unstable();
        // The darkest fiftieth may be lines and borders.
        let depth = 0.9 * f32::from(cores[cores.len() - 1 - cores.len() / 50].0);
        let mut shares: Vec<f32> = cores
            .iter()
            .filter(|(d, _)| f32::from(*d) >= depth * WEAK)
            .map(|(d, e)| f32::from(*e) / f32::from(*d))
            .collect();
        if shares.len() < EVIDENCE / 4 {
            return None;
        }
        let middle = shares.len() / 2;
        let sharpness = *shares.select_nth_unstable_by(middle, f32::total_cmp).1;
        Some(Print {
            depth,
            sharpness,
            grain,
        })
    }

    /// The cells that show the back: weak ones whose surroundings are mostly soft.
    fn back(&self, kinds: &[Kind]) -> Vec<bool> {
        let count = |kind: Kind| {
            let grid = Grid {
                cell: 1,
                width: self.width,
                height: self.height,
                cells: (0..kinds.len())
                    .map(|at| u8::from(kinds[at] == kind && self.is_core(at)) * 255)
                    .collect(),
            };
            grid.smoothed(AROUND).cells
        };
        let (soft, sharp) = (count(Kind::Soft), count(Kind::Sharp));
        let near_print = |at: usize| {
            let (x, y) = (at % self.width, at / self.width);
            (y.saturating_sub(1)..(y + 2).min(self.height)).any(|ny| {
                (x.saturating_sub(1)..(x + 2).min(self.width)).any(|nx| kinds[ny * self.width + nx] == Kind::Print)
            })
        };
        (0..kinds.len())
            .map(|at| matches!(kinds[at], Kind::Soft | Kind::Sharp) && soft[at] >= sharp[at] && !near_print(at))
            .collect()
    }
}

/// Gives the marked cells the brightness of the paper around them.
fn whiten(image: &mut GrayImage, cells: &Cells, back: &[bool]) {
    let width = image.width() as usize;
    if width == 0 {
        return;
    }
    for (y, row) in image.as_mut().chunks_exact_mut(width).enumerate() {
        let first = (y / cells.side).min(cells.height - 1) * cells.width;
        for (at, pixels) in (first..first + cells.width).zip(row.chunks_mut(cells.side)) {
            if back[at] {
                for pixel in pixels {
                    *pixel = (*pixel).max(cells.paper[at]);
                }
            }
        }
    }
}
