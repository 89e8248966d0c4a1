//! Ruled tables.

use super::{BLACK, Flow, Style, mm};

/// How a cell's text lies between its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Align {
    Left,
    Centre,
}

/// One cell: paragraphs, and how many columns it takes.
#[derive(Clone, Debug)]
pub(in crate::sample) struct Cell {
    paragraphs: Vec<(String, Style)>,
    span: usize,
    align: Align,
    /// Whether the text hangs at the top rather than in the middle.
    top: bool,
    /// Lines at the bottom, right-aligned: signature and date.
    signature: Vec<(String, Style)>,
}

impl Cell {
    /// Text in the middle of the cell.
    pub(in crate::sample) fn centre(text: impl Into<String>, style: Style) -> Self {
        Self {
            paragraphs: vec![(text.into(), style)],
            span: 1,
            align: Align::Centre,
            top: false,
            signature: Vec::new(),
        }
    }

    /// Text at the left side of the cell.
    pub(in crate::sample) fn left(text: impl Into<String>, style: Style) -> Self {
        Self {
            align: Align::Left,
            ..Self::centre(text, style)
        }
    }

    /// Takes several columns.
    #[must_use]
    pub(in crate::sample) fn across(self, span: usize) -> Self {
        Self { span, ..self }
    }

    /// Hangs the text at the top.
    #[must_use]
    pub(in crate::sample) fn hanging(self) -> Self {
        Self { top: true, ..self }
    }

    /// Adds a paragraph.
    #[must_use]
    pub(in crate::sample) fn and(mut self, text: impl Into<String>, style: Style) -> Self {
        self.paragraphs.push((text.into(), style));
        self
    }

    /// Adds a line at the bottom right.
    #[must_use]
    pub(in crate::sample) fn signed(mut self, text: impl Into<String>, style: Style) -> Self {
        self.signature.push((text.into(), style));
        self
    }
}

/// A table that flows over sheets, breaking between rows.
pub(in crate::sample) struct Table {
    /// Shares of the width, any unit.
    columns: Vec<f32>,
    rows: Vec<(f32, Vec<Cell>)>,
    /// Rows repeated at the top of each sheet.
    heads: usize,
}

const PADDING: f32 = mm(1.6);
const RULE: f32 = mm(0.28);
/// Line distance in ems.
const LEADING: f32 = 1.36;

impl Table {
    pub(in crate::sample) fn new(columns: &[f32]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
            heads: 0,
        }
    }

    /// Adds a row at least `height` points high.
    pub(in crate::sample) fn row(&mut self, height: f32, cells: Vec<Cell>) {
        self.rows.push((height, cells));
    }

    /// Adds a row that is repeated on each sheet.
    pub(in crate::sample) fn head(&mut self, height: f32, cells: Vec<Cell>) {
        self.row(height, cells);
        self.heads = self.rows.len();
    }

    /// Draws the table and gives the centre of the last cell of each row, for seals.
    pub(in crate::sample) fn draw(&self, flow: &mut Flow<'_>) -> Vec<(f32, f32)> {
        let sum: f32 = self.columns.iter().sum();
        let unit = flow.width() / sum;
        let mut centres = Vec::new();
        for (at, (least, cells)) in self.rows.iter().enumerate() {
            let height = self.height(flow, unit, *least, cells);
            let before = flow.y;
            flow.need(height);
            if flow.y < before && at >= self.heads {
                for (least, head) in &self.rows[..self.heads] {
                    let height = self.height(flow, unit, *least, head);
                    self.draw_row(flow, unit, height, head);
                }
            }
            centres.push(self.draw_row(flow, unit, height, cells));
        }
        centres
    }

    fn widths(&self, unit: f32, cells: &[Cell]) -> Vec<f32> {
        let mut columns = self.columns.iter();
        cells
            .iter()
            .map(|cell| columns.by_ref().take(cell.span).sum::<f32>() * unit)
            .collect()
    }

    fn height(&self, flow: &Flow<'_>, unit: f32, least: f32, cells: &[Cell]) -> f32 {
        let needed = self.widths(unit, cells).into_iter().zip(cells).map(|(width, cell)| {
            let text: f32 = broken(flow, cell, width)
                .iter()
                .map(|(_, style)| style.size * LEADING)
                .sum();
            let signature: f32 = cell.signature.iter().map(|(_, style)| style.size * LEADING * 1.2).sum();
            text + signature + 2.0 * PADDING
        });
        needed.fold(least, f32::max)
    }

    fn draw_row(&self, flow: &mut Flow<'_>, unit: f32, height: f32, cells: &[Cell]) -> (f32, f32) {
        let (mut x, y) = (flow.left(), flow.y);
        let desk = flow.desk;
        let mut centre = (x, y);
        for (width, cell) in self.widths(unit, cells).into_iter().zip(cells) {
            flow.sheet().outline(x, y, width, height, RULE, BLACK);
            let lines = broken(flow, cell, width);
            let text: f32 = lines.iter().map(|(_, style)| style.size * LEADING).sum();
            let mut at = if cell.top {
                y + PADDING
            } else {
                y + (height - text) / 2.0
            };
            for (line, style) in &lines {
                let baseline = at + style.size * (LEADING / 2.0 + 0.36);
                match cell.align {
                    Align::Left => desk.left(flow.sheet(), line, style, (x + PADDING, baseline)),
                    Align::Centre => desk.centre(flow.sheet(), line, style, (x + width / 2.0, baseline)),
                }
                at += style.size * LEADING;
            }
            let mut at = y + height - PADDING;
            for (line, style) in cell.signature.iter().rev() {
                at -= style.size * LEADING * 1.2;
                let baseline = at + style.size * (LEADING / 2.0 + 0.36);
                desk.right(flow.sheet(), line, style, (x + width - style.size * 2.0, baseline));
            }
            // Lines of the signature were set from the bottom up; the truth wants reading order.
            let lines = &mut flow.sheet().lines;
            let first = lines.len() - cell.signature.len();
            lines[first..].reverse();
            centre = (x + width / 2.0, y + height / 2.0);
            x += width;
        }
        flow.y += height;
        centre
    }
}

fn broken(flow: &Flow<'_>, cell: &Cell, width: f32) -> Vec<(String, Style)> {
    let room = width - 2.0 * PADDING;
    cell.paragraphs
        .iter()
        .flat_map(|(text, style)| {
            let lines = flow.desk.break_lines(text, style, room, room);
            lines.into_iter().map(|line| (line, *style))
        })
        .collect()
}
