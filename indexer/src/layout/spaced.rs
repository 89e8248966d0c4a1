//! Titles and labels set with wide spaces (名　称, 卷 内 目 录), whose characters were detected one by one.

use juanzong::record::PixelBox;

use super::han::is_han;
use crate::ocr::RawLine;

/// Widest space inside a label, in character heights.
const WIDEST: u32 = 9;
/// A title has at least this many characters; two may stand apart for other reasons.
const TITLE: usize = 3;

/// Joins the single characters of spaced labels and titles to lines.
///
/// In a cell they are the only lines of their row. Elsewhere a label begins and ends where another label does, and a
/// title has a row for itself and even spaces.
pub(super) fn joined(rows: Vec<Vec<RawLine>>, in_cell: bool) -> Vec<Vec<RawLine>> {
    let edges: Vec<PixelBox> = rows.iter().flat_map(|row| edges(row)).collect();
    rows.into_iter()
        .map(|row| {
            let run = run(&row);
            let whole = run == row.len();
            let spaced = run >= 2
                && if in_cell {
                    whole
                } else {
                    (whole && run >= TITLE && is_even(&row)) || is_label(area(&row[..run]), &edges)
                };
            if spaced { with_joined(row, run) } else { row }
        })
        .collect()
}

/// The box of each line of a row, and of its leading single characters together.
fn edges(row: &[RawLine]) -> Vec<PixelBox> {
    let run = run(row);
    let lines = row
        .iter()
        .filter(|line| line.symbols().count() > 1)
        .map(|line| line.area);
    lines.chain((run >= 2).then(|| area(&row[..run]))).collect()
}

/// Number of single Han characters of one size at the start of a row.
fn run(row: &[RawLine]) -> usize {
    let Some(first) = row.first() else { return 0 };
    let height = first.area.height();
    let mut end = first.area.x0;
    row.iter()
        .take_while(|line| {
            let alike = line.area.height() * 3 >= height * 2 && line.area.height() * 2 <= height * 3;
            let near = line.area.x0.saturating_sub(end) <= height * WIDEST;
            end = line.area.x1;
            is_single_han(line) && alike && near
        })
        .count()
}

fn is_single_han(line: &RawLine) -> bool {
    let mut characters = line.symbols().flat_map(|symbol| symbol.text.chars());
    characters.next().is_some_and(is_han) && characters.next().is_none()
}

fn area(lines: &[RawLine]) -> PixelBox {
    lines
        .iter()
        .map(|line| line.area)
        .reduce(PixelBox::union)
        .unwrap_or_default()
}

fn is_even(row: &[RawLine]) -> bool {
    let steps = || {
        row.windows(2)
            .map(|pair| pair[1].area.x0.saturating_sub(pair[0].area.x0))
    };
    let (least, most) = (steps().min().unwrap_or(0), steps().max().unwrap_or(0));
    most * 4 <= least * 5
}

/// Whether two lines other than it begin and end at the same places: itself is among the edges.
fn is_label(area: PixelBox, edges: &[PixelBox]) -> bool {
    let near = area.height() / 2;
    let alike = |other: &&PixelBox| other.x0.abs_diff(area.x0) <= near && other.x1.abs_diff(area.x1) <= near;
    edges.iter().filter(alike).count() >= 3
}

fn with_joined(mut row: Vec<RawLine>, run: usize) -> Vec<RawLine> {
    let rest = row.split_off(run);
    let line = RawLine {
        area: area(&row),
        words: row.into_iter().flat_map(|line| line.words).collect(),
    };
    std::iter::once(line).chain(rest).collect()
}
