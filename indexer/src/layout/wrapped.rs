//! Wrapped cells of lists without rules: what goes on below a cell is read with it, not after its row.

use crate::ocr::RawLine;

/// Cells of a row at least; of a label and a value the order is right as it is.
const CELLS: usize = 3;
/// A list wraps this often at least: once is chance.
const WRAPPED: usize = 2;
/// A cell goes on at the same left edge, within so many heights of the line.
const ALIGNED: f32 = 0.7;
/// And this close below, in heights of the line.
const CLOSE: f32 = 0.7;

/// Puts the lines that go on with a cell behind it. Rows are given from top to bottom, each from left to right.
pub(super) fn in_place(rows: Vec<Vec<RawLine>>) -> Vec<Vec<RawLine>> {
    // For each row, whether it goes on with the last one that does not.
    let mut tops: Vec<usize> = Vec::with_capacity(rows.len());
    for index in 0..rows.len() {
        let top = tops.last().copied();
        let above = |top: usize| &rows[top..index];
        let goes_on = top.filter(|top| cells_below(above(*top), &rows[index]).is_some());
        tops.push(goes_on.unwrap_or(index));
    }
    let wrapped = tops.iter().enumerate().filter(|(index, top)| index != *top).count();
    if wrapped < WRAPPED {
        return rows;
    }
    let mut done: Vec<Vec<Vec<RawLine>>> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let top = tops[index];
        let cells = (top < index).then(|| cells_below(&rows[top..index], row)).flatten();
        match (cells, done.last_mut()) {
            (Some(cells), Some(filled)) => {
                for (line, cell) in row.iter().zip(cells) {
                    filled[cell].push(line.clone());
                }
            }
            _ => done.push(row.iter().map(|line| vec![line.clone()]).collect()),
        }
    }
    done.into_iter()
        .map(|cells| cells.into_iter().flatten().collect())
        .collect()
}

/// The cells of the first of some rows that the lines of the next row go on with; `None` when it is a row of its own.
fn cells_below(above: &[Vec<RawLine>], row: &[RawLine]) -> Option<Vec<usize>> {
    let first = above
        .first()
        .filter(|first| first.len() >= CELLS && row.len() < first.len())?;
    let below = |line: &RawLine| {
        let near = height(line);
        let cell = first
            .iter()
            .position(|cell| away(cell.area.x0, line.area.x0) <= near * ALIGNED)?;
        let ends = first.get(cell + 1).is_none_or(|next| line.area.x1 <= next.area.x0);
        // The lowest line of the cell so far.
        let lowest = above
            .iter()
            .flatten()
            .filter(|other| away(other.area.x0, first[cell].area.x0) <= near * ALIGNED)
            .map(|other| other.area.y1)
            .max()?;
        let close = line.area.y0 + line.area.height() / 2 >= lowest && away(lowest, line.area.y0) <= near * CLOSE;
        // The first cell tells one row from the next.
        (cell > 0 && ends && close).then_some(cell)
    };
    row.iter().map(below).collect()
}

#[allow(clippy::cast_precision_loss)] // pixels
fn height(line: &RawLine) -> f32 {
    line.area.height() as f32
}

#[allow(clippy::cast_precision_loss)] // pixels
fn away(a: u32, b: u32) -> f32 {
    a.abs_diff(b) as f32
}

#[cfg(test)]
mod tests {
    use super::super::Rules;
    use super::super::testing::{PAGE, line, text};

    #[test]
    fn wrapped_cells_of_a_list_without_rules_are_read_whole() {
        let mut lines = Vec::new();
        for (row, number) in (0_u32..).zip(["一", "二", "三"]) {
            let y = 100 + row * 80;
            lines.extend([
                line(100, y, number),
                line(160, y, "营业执照副本"),
                line(160, y + 26, "复印件"),
                line(500, y, "原件"),
                line(700, y, "贰份"),
            ]);
        }
        let read = text(lines, &Rules::default(), PAGE);
        assert!(
            read.starts_with("一 营业执照副本 复印件 原件 贰份 二 营业执照副本"),
            "{read}"
        );
    }

    #[test]
    fn rows_of_fewer_cells_stay_rows() {
        let mut lines = Vec::new();
        for row in 0..3_u32 {
            let y = 100 + row * 160;
            lines.extend([line(100, y, "甲"), line(160, y, "乙乙"), line(500, y, "丙丙")]);
            // As far below as a row of its own.
            lines.push(line(160, y + 80, "丁丁"));
        }
        let read = text(lines, &Rules::default(), PAGE);
        assert!(read.starts_with("甲 乙乙 丙丙 丁丁 甲"), "{read}");
    }
}
