//! Reading order of lines that stand in no table: rows from top to bottom, within a row from left to right.
//!
//! The page has been set straight before.

use std::cmp::Ordering;

use crate::ocr::RawLine;

/// Share of the lower one's height by which two lines must overlap to stand in one row.
const OVERLAP: f32 = 0.5;

/// An order of lines that depends on nothing but the lines.
pub(super) fn downwards(a: &RawLine, b: &RawLine) -> Ordering {
    let key = |line: &RawLine| {
        let area = line.area;
        (area.y0 + area.y1, area.x0, area.x1, area.y0)
    };
    key(a).cmp(&key(b)).then_with(|| a.text().cmp(&b.text()))
}

/// The rows of some lines.
pub(super) fn rows(mut lines: Vec<RawLine>) -> Vec<Vec<RawLine>> {
    lines.sort_by(downwards);
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        // Rows grow downwards, so only the last few can still take a line.
        let row = rows.iter_mut().rev().take(4).find(|row| row.takes(&line));
        match row {
            Some(row) => row.lines.push(line),
            None => rows.push(Row::new(line)),
        }
    }
    rows.into_iter().map(Row::into_lines).collect()
}

struct Row {
    // The row keeps the height of its first line: a tall line must not swallow the rows beside it.
    top: u32,
    bottom: u32,
    lines: Vec<RawLine>,
}

impl Row {
    fn new(line: RawLine) -> Self {
        Self {
            top: line.area.y0,
            bottom: line.area.y1,
            lines: vec![line],
        }
    }

    fn takes(&self, line: &RawLine) -> bool {
        let overlap = self.bottom.min(line.area.y1).saturating_sub(self.top.max(line.area.y0));
        let lower = line.area.height().min(self.bottom - self.top).max(1);
        #[allow(clippy::cast_precision_loss)] // pixels
        let enough = overlap as f32 >= lower as f32 * OVERLAP;
        // Two lines of one row stand beside each other, not over each other.
        enough && self.lines.iter().all(|other| beside(other, line))
    }

    fn into_lines(mut self) -> Vec<RawLine> {
        self.lines
            .sort_by(|a, b| a.area.x0.cmp(&b.area.x0).then_with(|| downwards(a, b)));
        self.lines
    }
}

fn beside(a: &RawLine, b: &RawLine) -> bool {
    let overlap = a.area.x1.min(b.area.x1).saturating_sub(a.area.x0.max(b.area.x0));
    overlap * 4 <= a.area.width().min(b.area.width())
}
