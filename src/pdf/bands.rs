//! How the lines of a page stand to each other: below each other, or side by side as the cells of a row.
//!
//! The order of reading is given; what is looked for are the places where a straight cut separates what was read before
//! from what is read after (the XY-cut of Nagy and Seth, 1984, bound to an order).

use std::ops::Range;

use crate::record::{LineRole, TextLine};

use super::strip::slope;

/// How much lower than the lines above the lines below a cut have to begin, in heights.
const MIN_STEP: f64 = 0.3;
/// How far columns may overlap, in heights: boxes are a little larger than the print.
const OVERLAP: f64 = 0.25;
/// More levels than any layout has.
const MAX_DEPTH: usize = 12;

/// Lines that follow each other in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A single line, or lines side by side on one base line.
    Row(Range<usize>),
    /// Parts below each other.
    Stack(Vec<Self>),
    /// Parts side by side, of which at least one has lines below each other.
    Columns(Vec<Self>),
    /// Lines that no cut separates.
    Loose(Range<usize>),
}

impl Part {
    /// Which lines of the page.
    pub(super) fn lines(&self) -> Range<usize> {
        match self {
            Self::Row(lines) | Self::Loose(lines) => lines.clone(),
            Self::Stack(parts) | Self::Columns(parts) => {
                let start = parts.first().map_or(0, |part| part.lines().start);
                start..parts.last().map_or(start, |part| part.lines().end)
            }
        }
    }

    /// The most columns that stand side by side.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Row(lines) => lines.len(),
            Self::Loose(_) => 1,
            Self::Stack(parts) => parts.iter().map(Self::width).max().unwrap_or(1),
            Self::Columns(parts) => parts.iter().map(Self::width).sum(),
        }
    }
}

/// A line on the page as if it were not skewed.
#[derive(Clone, Copy, Debug)]
struct Place {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    role: LineRole,
}

impl Place {
    fn height(self) -> f64 {
        // Lines from top to bottom are as high as they are wide for this purpose.
        (self.bottom - self.top).min(self.right - self.left).max(1.0)
    }

    fn table_row(self) -> Option<(u16, u16)> {
        match self.role {
            LineRole::Cell { table, row, .. } => Some((table, row)),
            _ => None,
        }
    }
}

/// The lines of a page; `skew` in degrees, positive clockwise.
pub(super) fn parts(lines: &[TextLine], skew: f64) -> Part {
    let slope = slope(skew);
    let places: Vec<Place> = lines
        .iter()
        .map(|line| {
            let [left, top, right, bottom] = [line.area.x0, line.area.y0, line.area.x1, line.area.y1].map(f64::from);
            let sunk = f64::midpoint(left, right) * slope;
            Place {
                left,
                right,
                top: top - sunk,
                bottom: bottom - sunk,
                role: line.role,
            }
        })
        .collect();
    split(&places, 0..places.len(), MAX_DEPTH)
}

fn split(places: &[Place], range: Range<usize>, depth: usize) -> Part {
    let own = places.get(range.clone()).unwrap_or_default();
    if own.windows(2).all(|pair| matches!(pair, [a, b] if are_beside(*a, *b))) {
        return Part::Row(range);
    }
    if depth == 0 {
        return Part::Loose(range);
    }
    let one_row = own.first().is_some_and(|first| {
        first.table_row().is_some() && own.iter().all(|place| place.table_row() == first.table_row())
    });
    let below = || Some(cuts(own, |a, b| !share_row(a, b) && is_below(a, b))).filter(|cuts| !cuts.is_empty());
    let beside = || Some(cuts(own, is_right_of)).filter(|cuts| !cuts.is_empty());
    // The cells of a row are cut from each other before their lines are.
    let found = if one_row {
        beside()
            .map(|cuts| (cuts, true))
            .or_else(|| below().map(|cuts| (cuts, false)))
    } else {
        below()
            .map(|cuts| (cuts, false))
            .or_else(|| beside().map(|cuts| (cuts, true)))
    };
    // A row that is none: a table in a cell, or rows that were taken for one.
    let found = found.or_else(|| Some((cuts(own, is_below), false)).filter(|(cuts, _)| !cuts.is_empty()));
    let Some((cuts, side_by_side)) = found else {
        return Part::Loose(range);
    };
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut start = range.start;
    for end in cuts.into_iter().map(|cut| range.start + cut).chain([range.end]) {
        parts.push(split(places, start..end, depth - 1));
        start = end;
    }
    if side_by_side {
        Part::Columns(parts)
    } else {
        Part::Stack(parts)
    }
}

/// The indices at which what comes before is apart from what comes after.
fn cuts(places: &[Place], apart: impl Fn(&[Place], &[Place]) -> bool) -> Vec<usize> {
    (1..places.len())
        .filter(|at| {
            let (before, after) = places.split_at(*at);
            apart(before, after)
        })
        .collect()
}

fn is_below(before: &[Place], after: &[Place]) -> bool {
    let (Some(last), Some(next)) = (before.last(), after.first()) else {
        return false;
    };
    let lowest = before.iter().map(|place| place.top).fold(f64::NEG_INFINITY, f64::max);
    let highest = after.iter().map(|place| place.top).fold(f64::INFINITY, f64::min);
    lowest + MIN_STEP * last.height().min(next.height()) <= highest
}

/// Whether lines before and after belong to cells side by side.
fn share_row(before: &[Place], after: &[Place]) -> bool {
    let (last, next) = (before.last(), after.first());
    let rows = last
        .and_then(|last| last.table_row())
        .zip(next.and_then(|next| next.table_row()));
    rows.is_some_and(|(last, next)| last == next) && !one_column(before, after)
}

/// Whether all lines are those of one column of cells, so that cuts within a row of the table are cuts in a cell.
fn one_column(before: &[Place], after: &[Place]) -> bool {
    let column = |place: &Place| match place.role {
        LineRole::Cell { column, .. } => Some(column),
        _ => None,
    };
    let first = before.first().and_then(column);
    before.iter().chain(after).all(|place| column(place) == first)
}

fn is_right_of(before: &[Place], after: &[Place]) -> bool {
    let (Some(last), Some(next)) = (before.last(), after.first()) else {
        return false;
    };
    let right = before.iter().map(|place| place.right).fold(f64::NEG_INFINITY, f64::max);
    let left = after.iter().map(|place| place.left).fold(f64::INFINITY, f64::min);
    right - OVERLAP * last.height().min(next.height()) <= left
}

/// Whether the next line in reading order stands beside this one, on the same base line.
fn are_beside(line: Place, next: Place) -> bool {
    let common = line.bottom.min(next.bottom) - line.top.max(next.top);
    let (a, b) = (line.bottom - line.top, next.bottom - next.top);
    let middles = (line.top + line.bottom - next.top - next.bottom).abs() / 2.0;
    common * 2.0 > a.min(b) && next.left >= line.right && middles < 0.35 * a.max(b)
}

#[cfg(test)]
mod tests {
    use crate::record::PixelBox;

    use super::*;

    fn line(x0: u32, y0: u32, x1: u32, cell: Option<(u16, u16)>) -> TextLine {
        TextLine {
            text: "字".to_owned(),
            area: PixelBox {
                x0,
                y0,
                x1,
                y1: y0 + 40,
            },
            role: cell.map_or(LineRole::Body, |(row, column)| LineRole::Cell { table: 0, row, column }),
            ..TextLine::default()
        }
    }

    #[test]
    fn rows_with_wrapped_cells_are_columns() {
        let lines = [
            line(100, 0, 900, None),
            line(100, 125, 200, Some((0, 0))),
            line(300, 100, 500, Some((0, 1))),
            line(300, 150, 400, Some((0, 1))),
            line(600, 125, 700, Some((0, 2))),
            line(100, 200, 200, Some((1, 0))),
            line(300, 200, 500, Some((1, 1))),
        ];
        let wrapped = Part::Columns(vec![
            Part::Row(1..2),
            Part::Stack(vec![Part::Row(2..3), Part::Row(3..4)]),
            Part::Row(4..5),
        ]);
        let expected = Part::Stack(vec![Part::Row(0..1), wrapped, Part::Row(5..7)]);
        assert_eq!(parts(&lines, 0.0), expected);
        assert_eq!((expected.width(), expected.lines()), (3, 0..7));
        // The same page a little turned: 900 pixels to the right all lies 31 pixels lower.
        let turned = lines.map(|mut line| {
            let sunk = (line.area.x0 + line.area.x1) / 2 * 2 / 57;
            line.area.y0 += sunk;
            line.area.y1 += sunk;
            line
        });
        assert_eq!(parts(&turned, 2.0), expected);
    }

    #[test]
    fn two_pages_on_one_sheet_are_columns() {
        let lines = [
            line(0, 0, 400, None),
            line(0, 60, 400, None),
            line(500, 0, 900, None),
            line(500, 60, 900, None),
        ];
        let page = |first| Part::Stack(vec![Part::Row(first..first + 1), Part::Row(first + 1..first + 2)]);
        assert_eq!(parts(&lines, 0.0), Part::Columns(vec![page(0), page(2)]));
    }

    #[test]
    fn lines_that_nothing_separates_stay_as_they_are() {
        let crossed = [line(0, 60, 400, None), line(0, 0, 400, None)];
        assert_eq!(parts(&crossed, 0.0), Part::Loose(0..2));
        assert_eq!(parts(&[], 0.0), Part::Row(0..0));
    }
}
