//! Pages without text: backs of sheets, separators, lids of scanners, photographs of nothing.

use image::GrayImage;

use super::grid::{Grid, reduce_to};

/// Cells per inch of the map that is searched for marks.
const FINE: u32 = 100;
/// Marks are darker than the paper around by this share of it, in hundredths: faint print still is.
const MARK: u32 = 11;
/// And by this many times the unrest of the page.
const NOISE: u32 = 5;
/// A page with this share of dark cells (in hundredths, from and to) is printed: dust, holes and folds have less.
const PRINTED: std::ops::Range<usize> = 3..35;
/// Paper darker than this is no paper.
const DARK: u8 = 48;

/// Why a page holds no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// Paper with nothing on it but dust, holes, folds or edges.
    Paper,
    /// Nothing but black.
    Dark,
}

/// Whether a page of `dpi` dots per inch, its borders whitened, holds nothing that could be text. One page number
/// is enough to say no.
pub fn is_blank(image: &GrayImage, dpi: u32) -> Option<Blank> {
    if is_printed(&Grid::overview(image, dpi)) {
        return None;
    }
    let map = reduce_to(image, (dpi / FINE).clamp(1, 64));
    if map.cells.is_empty() || map.level_of(90) < DARK {
        return Some(Blank::Dark);
    }
    // Paper shows within 3 mm of any stroke.
    let paper = map.dilated(12).smoothed(6);
    let depth: Vec<u8> = paper
        .cells
        .iter()
        .zip(&map.cells)
        .map(|(p, v)| p.saturating_sub(*v))
        .collect();
    let depths = Grid { cells: depth, ..map };
    let unrest = u32::from(depths.level_of(50));
    let marked: Vec<bool> = depths
        .cells
        .iter()
        .zip(&paper.cells)
        .map(|(depth, paper)| {
            let depth = u32::from(*depth);
            // The lightest cell around lies above the mean by the unrest of the page already.
            depth.saturating_sub(unrest) * 100 > MARK * u32::from(*paper) && depth > NOISE * unrest / 2
        })
        .collect();
    let page = Marks {
        width: depths.width,
        height: depths.height,
        per_mm: f64::from(dpi.max(1)) / f64::from(depths.cell) / 25.4,
    };
    if page.any_text(marked) {
        None
    } else {
        Some(Blank::Paper)
    }
}

/// A quick look that answers for nearly all pages with text.
fn is_printed(overview: &Grid) -> bool {
    let limit = u32::from(overview.level_of(80)) * 7 / 10;
    let dark = overview.cells.iter().filter(|level| u32::from(**level) < limit).count();
    PRINTED.contains(&(dark * 100 / overview.cells.len().max(1)))
}

struct Marks {
    width: usize,
    height: usize,
    /// Cells in a millimetre.
    per_mm: f64,
}

/// A mark: cells that hang together, and the box around them, inclusive.
struct Mark {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
    cells: usize,
}

impl Marks {
    /// Whether any mark may be a character; stops at the first.
    fn any_text(&self, mut marked: Vec<bool>) -> bool {
        (0..marked.len()).any(|start| marked[start] && self.may_be_text(&self.take(&mut marked, start)))
    }

    /// Takes a mark out of the map.
    fn take(&self, marked: &mut [bool], start: usize) -> Mark {
        let (x, y) = (start % self.width, start / self.width);
        let mut mark = Mark {
            x0: x,
            y0: y,
            x1: x,
            y1: y,
            cells: 0,
        };
        let mut queue = vec![start];
        marked[start] = false;
        while let Some(at) = queue.pop() {
            let (x, y) = (at % self.width, at / self.width);
            mark.cells += 1;
            (mark.x0, mark.x1) = (mark.x0.min(x), mark.x1.max(x));
            (mark.y0, mark.y1) = (mark.y0.min(y), mark.y1.max(y));
            for ny in y.saturating_sub(1)..(y + 2).min(self.height) {
                for nx in x.saturating_sub(1)..(x + 2).min(self.width) {
                    let next = ny * self.width + nx;
                    if marked[next] {
                        marked[next] = false;
                        queue.push(next);
                    }
                }
            }
        }
        mark
    }

    fn may_be_text(&self, mark: &Mark) -> bool {
        let (wide, high) = (mark.x1 - mark.x0 + 1, mark.y1 - mark.y0 + 1);
        let mm = |cells: usize| cells as f64 / self.per_mm;
        let (long, short) = (mm(wide.max(high)), mm(wide.min(high)));
        let margin = mm(mark.x0.min(self.width - 1 - mark.x1)).min(mm(mark.y0.min(self.height - 1 - mark.y1)));
        let dust = long < 1.4;
        // What touches the edge of the image is the edge of the sheet.
        let edge = margin < 1.0;
        let fold_or_rule = long > 25.0 && short < 3.0;
        let full = mark.cells as f64 > 0.6 * (wide * high) as f64;
        let hole = margin < 22.0 && full && short > 3.0 && long < 10.0 && long < short * 1.35;
        !(dust || edge || fold_or_rule || hole)
    }
}
