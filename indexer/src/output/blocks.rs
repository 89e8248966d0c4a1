//! Lines that stand together: running text, headers and footers, the cells of a table.

use std::ops::Range;

use juanzong::record::{LineRole, PixelBox, TextLine};

/// Lines of one kind that follow each other in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Running text, or a header, footer or page number.
    Lines {
        /// What the lines are; never a cell.
        role: LineRole,
        /// Which lines of the page.
        lines: Range<usize>,
    },
    /// A table.
    Table(Vec<Cell>),
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) row: u16,
    pub(super) column: u16,
    /// Which lines of the page.
    pub(super) lines: Range<usize>,
}

/// The blocks of a page in reading order.
pub(super) fn blocks(lines: &[TextLine]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open_table = None;
    for (index, line) in lines.iter().enumerate() {
        let own = index..index + 1;
        let LineRole::Cell { table, row, column } = line.role else {
            open_table = None;
            match blocks.last_mut() {
                Some(Block::Lines { role, lines }) if *role == line.role => lines.end = own.end,
                _ => blocks.push(Block::Lines {
                    role: line.role,
                    lines: own,
                }),
            }
            continue;
        };
        let cell = Cell {
            row,
            column,
            lines: own.clone(),
        };
        match blocks.last_mut() {
            Some(Block::Table(cells)) if open_table == Some(table) => match cells.last_mut() {
                Some(last) if (last.row, last.column) == (row, column) => last.lines.end = own.end,
                _ => cells.push(cell),
            },
            _ => blocks.push(Block::Table(vec![cell])),
        }
        open_table = Some(table);
    }
    blocks
}

/// The box around some lines.
pub(super) fn area(lines: &[TextLine]) -> PixelBox {
    lines
        .iter()
        .map(|line| line.area)
        .reduce(PixelBox::union)
        .unwrap_or_default()
}

/// The words of a line as the line spells them, each with whether a space stands before it. A line whose words do not
/// spell it is one word.
pub(super) fn spelled(line: &TextLine) -> Vec<(bool, juanzong::record::TextWord)> {
    let mut words = Vec::with_capacity(line.words.len());
    let mut rest = line.text.as_str();
    for word in &line.words {
        let trimmed = rest.trim_start();
        let Some(after) = trimmed
            .strip_prefix(word.text.as_str())
            .filter(|_| !word.text.is_empty())
        else {
            words.clear();
            break;
        };
        words.push((trimmed.len() < rest.len() && !words.is_empty(), word.clone()));
        rest = after;
    }
    if words.is_empty() || !rest.trim().is_empty() {
        return vec![(
            false,
            juanzong::record::TextWord {
                text: line.text.clone(),
                area: line.area,
                confidence: line.confidence,
            },
        )];
    }
    words
}
