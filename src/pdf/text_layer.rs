//! The text of a page as invisible letters over its print, in an order that readers of PDF keep.
//!
//! Most readers take text in the order in which it is written, which is the order of reading. Poppler's `pdftotext`
//! orders blocks of text by their place (Breuel, High Performance Document Layout Analysis, 2003): of two blocks that
//! overlap in x the upper one comes first; of others the left one, unless a third block lies between them in y and
//! overlaps both in x. Blocks count as wide as they could grow without touching their neighbours. So
//! - the letters are small, and each line is a block of its own (`sfnt.rs`);
//! - the page is written as if it had no skew (`run.rs`);
//! - blanks as wide as the rows and of no height stand between rows of cells: what is above is read first;
//! - blanks of no width and as high as the cells stand between cells of several lines, so that these do not grow into
//!   each other's columns; of cells of one line the left one stands a little higher.

use std::ops::Range;

use crate::record::{PageText, TextLine};

use super::bands::{Part, parts};
use super::geometry::Map;
use super::letters::Letters;
use super::run::{Run, blanks, hair, pixels_in_point};
use super::sfnt;
use super::strip::slope;

/// How much lower than its left neighbour a line of a row stands, in heights of the letters.
const STAIR: f64 = 0.01;
/// The same for lines that no straight cut separates, with blanks between them.
const LOOSE_STAIR: f64 = 0.08;
/// Least size of the blanks between cells, in sizes of the letters beside them: readers join blocks of like sizes.
const LARGER: f64 = 2.6;
/// The blanks between cells that follow each other differ in size by this, and those at the same place after this many
/// are of one size again.
const SIZES: (f64, usize) = (1.3, 4);
/// Width of blanks between cells in points.
const THIN: f64 = 0.4;

/// The operators that write the text of a page; empty for a page without text. `to_points` leads from pixels of the
/// upright page to the coordinates of the PDF page; `skew` in degrees, positive clockwise.
pub fn content(page: &PageText, skew: f32, to_points: Map, letters: &mut Letters) -> Vec<u8> {
    let skew = f64::from(skew);
    let middle = sides(&page.lines).map_or(0.0, |(left, right)| f64::midpoint(left, right));
    let lower = |x: f64| (x - middle) * slope(skew);
    let runs = page.lines.iter().map(|line| Run::new(line, skew, lower)).collect();
    let mut layer = Layer {
        lines: &page.lines,
        runs,
        point: pixels_in_point(to_points),
        pieces: Vec::new(),
    };
    layer.part(&parts(&page.lines, skew), false);
    let mut out = String::new();
    for piece in layer.pieces {
        match piece {
            Piece::Line(at) => {
                if let Some(Some(run)) = layer.runs.get(at) {
                    run.write(&mut out, to_points, letters);
                }
            }
            Piece::Level { from, to, y } => hair(&mut out, (from, to, y), to_points, letters),
            Piece::Upright { x, y, width, size } => blanks(&mut out, (x, y), width, size, to_points, letters),
        }
    }
    if out.is_empty() {
        return Vec::new();
    }
    format!("q\nBT\n3 Tr\n{out}ET\nQ\n").into_bytes()
}

/// Something to be written; all in pixels.
enum Piece {
    Line(usize),
    /// Blanks between rows.
    Level {
        from: f64,
        to: f64,
        y: f64,
    },
    /// Blanks between cells, of this size of letters; `y` is their base line.
    Upright {
        x: f64,
        y: f64,
        width: f64,
        size: f64,
    },
}

/// The text of a page as it grows.
struct Layer<'a> {
    lines: &'a [TextLine],
    /// For each line; `None` for lines without letters.
    runs: Vec<Option<Run<'a>>>,
    /// Pixels.
    point: f64,
    pieces: Vec<Piece>,
}

impl Layer<'_> {
    /// Adds a part; `levelled` when its letters are no higher than those around it already.
    fn part(&mut self, part: &Part, levelled: bool) {
        let beside = matches!(part, Part::Row(_) | Part::Columns(_)) && part.lines().len() > 1;
        if beside && !levelled {
            self.level(part.lines());
        }
        let levelled = levelled || beside;
        match part {
            Part::Row(range) => self.row(range.clone()),
            Part::Loose(range) => self.loose(range.clone()),
            Part::Columns(parts) => self.columns(parts, levelled),
            Part::Stack(parts) => self.stack(parts, levelled),
        }
    }

    /// Lines side by side.
    fn row(&mut self, range: Range<usize>) {
        let count = self.runs(range.clone()).count();
        if count > 1 {
            #[allow(clippy::cast_precision_loss)] // lines of a row
            let mean = self.runs(range.clone()).map(Run::top).sum::<f64>() / count as f64;
            let mut top = mean;
            for run in self.runs_mut(range.clone()) {
                run.set_top(top);
                top += STAIR * run.height();
            }
        }
        self.pieces.extend(range.map(Piece::Line));
    }

    /// Lines that are read in an order that their places do not show.
    fn loose(&mut self, range: Range<usize>) {
        let Some((from, to)) = self.lines.get(range.clone()).and_then(sides) else {
            return;
        };
        let mut last: Option<f64> = None;
        for at in range {
            if let Some(Some(run)) = self.runs.get_mut(at) {
                if let Some(last) = last {
                    let step = LOOSE_STAIR * run.height();
                    run.set_top(run.top().max(last + step));
                    let y = run.top() - step / 2.0;
                    self.pieces.push(Piece::Level { from, to, y });
                }
                last = Some(run.top());
            }
            self.pieces.push(Piece::Line(at));
        }
    }

    fn columns(&mut self, parts: &[Part], levelled: bool) {
        let mut gaps = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            self.part(part, levelled);
            let next = parts.get(index + 1).and_then(|next| self.sides(next.lines()));
            if let Some(((_, from), (to, _))) = self.sides(part.lines()).zip(next) {
                gaps.push((index, self.pieces.len(), from, to));
            }
        }
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            return;
        };
        let all = first.lines().start..last.lines().end;
        let (top, bottom) = (self.highest(all.clone()) - 1.0, self.lowest(all.clone()) + 1.0);
        if top >= bottom {
            return;
        }
        let em = f64::from(sfnt::EM);
        let (above, below) = (f64::from(sfnt::ASCENT) / em, f64::from(-sfnt::DESCENT) / em);
        let letters = self.runs(all).map(Run::height).fold(0.0, f64::max) / f64::from(sfnt::EMS);
        let least = ((bottom - top) / (above + below)).max(LARGER * letters);
        // From the last gap on, because each moves what follows it.
        for (index, at, from, to) in gaps.into_iter().rev() {
            if to - from < 1.0 {
                continue;
            }
            let steps = i32::try_from(index % SIZES.1).unwrap_or_default();
            let size = least * SIZES.0.powi(steps);
            let width = (THIN * self.point).min((to - from) / 2.0);
            let piece = Piece::Upright {
                x: f64::midpoint(from, to) - width / 2.0,
                y: top + above * size,
                width,
                size,
            };
            self.pieces.insert(at, piece);
        }
    }

    fn stack(&mut self, parts: &[Part], levelled: bool) {
        let Some((first, last)) = parts.first().zip(parts.last()) else {
            return;
        };
        let all = self.sides(first.lines().start..last.lines().end);
        let mut above: Option<&Part> = None;
        for part in parts {
            let start = self.pieces.len();
            self.part(part, levelled);
            if let (Some(before), Some((from, to))) = (above, all)
                && (before.width() > 1 || part.width() > 1)
                && let Some(y) = self.between(before.lines(), part.lines())
            {
                self.pieces.insert(start, Piece::Level { from, to, y });
            }
            above = Some(part);
        }
    }

    /// A height below the lines above, or their upper edges at least, and above the lines below.
    fn between(&self, above: Range<usize>, below: Range<usize>) -> Option<f64> {
        let lowest_top = self.runs(above.clone()).map(Run::top).reduce(f64::max)?;
        let bottom = self.lowest(above);
        let top = self.runs(below).map(Run::top).reduce(f64::min)?;
        Some(if lowest_top < bottom && bottom < top {
            f64::midpoint(bottom, top)
        } else if lowest_top < top {
            lowest_top + (top - lowest_top) * 0.8
        } else {
            f64::midpoint(lowest_top, top)
        })
    }

    /// Makes letters no higher than most letters are: boxes around digits are much higher than their print.
    fn level(&mut self, range: Range<usize>) {
        let mut heights: Vec<(f64, usize)> = self
            .runs(range.clone())
            .map(|run| (run.height(), run.count()))
            .collect();
        heights.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut left = heights.iter().map(|(_, count)| count).sum::<usize>() / 2;
        let found = heights.into_iter().find(|(_, count)| {
            let found = *count > left;
            left = left.saturating_sub(*count);
            found
        });
        if let Some((height, _)) = found {
            self.runs_mut(range).for_each(|run| run.limit(height));
        }
    }

    fn runs(&self, range: Range<usize>) -> impl Iterator<Item = &Run<'_>> {
        self.runs.get(range).unwrap_or_default().iter().flatten()
    }

    fn highest(&self, range: Range<usize>) -> f64 {
        self.runs(range).map(Run::top).fold(f64::INFINITY, f64::min)
    }

    fn lowest(&self, range: Range<usize>) -> f64 {
        self.runs(range).map(Run::bottom).fold(f64::NEG_INFINITY, f64::max)
    }

    fn sides(&self, range: Range<usize>) -> Option<(f64, f64)> {
        sides(self.lines.get(range)?)
    }
}

impl<'a> Layer<'a> {
    fn runs_mut(&mut self, range: Range<usize>) -> impl Iterator<Item = &mut Run<'a>> {
        self.runs.get_mut(range).unwrap_or_default().iter_mut().flatten()
    }
}

/// Left and right end of some lines.
fn sides(lines: &[TextLine]) -> Option<(f64, f64)> {
    let sides = lines.iter().map(|l| (f64::from(l.area.x0), f64::from(l.area.x1)));
    sides.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}
