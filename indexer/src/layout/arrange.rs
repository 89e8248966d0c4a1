//! Where every line of a page belongs: sheet, table, cell, column, row.

#[cfg(test)]
mod tests;

use juanzong::record::{LineRole, PixelBox};

use super::columns::{self, Block, Division};
use super::grid::{self, Table};
use super::rules::Rules;
use super::{order, spaced, wrapped};
use crate::ocr::RawLine;

/// The lines of a page in reading order, and its tables by their number.
#[derive(Debug, Default)]
pub(super) struct Arranged {
    pub(super) lines: Vec<(RawLine, LineRole)>,
    pub(super) tables: Vec<Table>,
}

/// A table and the lines in each of its cells.
struct Filled {
    table: Table,
    cells: Vec<Vec<RawLine>>,
    /// Around its rules and lines.
    area: PixelBox,
}

/// What stands on the page outside of tables, and the tables.
enum Item {
    Line(RawLine),
    Table(Filled),
}

impl Item {
    fn block(&self) -> Block {
        match self {
            Self::Line(line) => Block {
                area: line.area,
                is_table: false,
            },
            Self::Table(filled) => Block {
                area: filled.area,
                is_table: true,
            },
        }
    }
}

/// Arranges the lines of a page; `sheet` is its left edge, width and height in the coordinates of the lines.
pub(super) fn arrange(lines: Vec<RawLine>, rules: &Rules, sheet: (f64, f64, f64)) -> Arranged {
    let items = items(lines, rules);
    let blocks: Vec<Block> = items.iter().map(Item::block).collect();
    let mut arranged = Arranged::default();
    match columns::spread(&blocks, sheet) {
        Some(division) => {
            for part in parts(items, &division) {
                page(part, &mut arranged);
            }
        }
        None => page(items, &mut arranged),
    }
    arranged
}

/// Puts the lines into the cells that hold them.
fn items(lines: Vec<RawLine>, rules: &Rules) -> Vec<Item> {
    let mut tables: Vec<Filled> = grid::tables(rules).into_iter().map(Filled::new).collect();
    // A table inside a cell of another takes the lines that both hold.
    tables.sort_by_key(|filled| u64::from(filled.area.width()) * u64::from(filled.area.height()));
    let mut items = Vec::new();
    for line in lines {
        let place = (0..tables.len()).find_map(|t| Some((t, tables[t].table.cell_of(line.area)?)));
        match place {
            Some((table, cell)) => {
                let filled = &mut tables[table];
                filled.area = filled.area.union(line.area);
                filled.cells[cell].push(line);
            }
            None => items.push(Item::Line(line)),
        }
    }
    let used = |filled: &Filled| filled.cells.iter().any(|lines| !lines.is_empty());
    items.extend(tables.into_iter().filter(used).map(Item::Table));
    items
}

impl Filled {
    fn new(table: Table) -> Self {
        let cells = vec![Vec::new(); table.cells().len()];
        let area = table.area();
        Self { table, cells, area }
    }
}

/// The items of each part of a division, in reading order.
fn parts<T>(items: Vec<T>, division: &Division) -> [Vec<T>; 4] {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    [&division.above, &division.left, &division.right, &division.below]
        .map(|part| part.iter().filter_map(|index| items[*index].take()).collect())
}

/// One page: the tables from top to bottom, between them the lines.
fn page(items: Vec<Item>, arranged: &mut Arranged) {
    let mut lines: Vec<RawLine> = Vec::new();
    let mut tables: Vec<Filled> = Vec::new();
    for item in items {
        match item {
            Item::Line(line) => lines.push(line),
            Item::Table(filled) => tables.push(filled),
        }
    }
    sort_tables(&mut tables);
    let mut between: Vec<Vec<RawLine>> = vec![Vec::new(); tables.len() + 1];
    for line in lines {
        let after = tables.iter().rposition(|filled| follows(line.area, filled.area));
        between[after.map_or(0, |table| table + 1)].push(line);
    }
    let mut between = between.into_iter();
    let mut free = |arranged: &mut Arranged| {
        let lines = flow(between.next().unwrap_or_default(), false);
        arranged
            .lines
            .extend(lines.into_iter().map(|line| (line, LineRole::Body)));
    };
    free(arranged);
    for filled in tables {
        let number = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
        let table = number(arranged.tables.len());
        for (cell, lines) in filled.table.cells().iter().zip(filled.cells) {
            let role = LineRole::Cell {
                table,
                row: number(cell.row),
                column: number(cell.column),
            };
            arranged
                .lines
                .extend(flow(lines, true).into_iter().map(|line| (line, role)));
        }
        arranged.tables.push(filled.table);
        free(arranged);
    }
}

/// From top to bottom; of two beside each other the left one first.
fn sort_tables(tables: &mut Vec<Filled>) {
    tables.sort_by_key(|filled| {
        let area = filled.area;
        (area.y0, area.x0, area.y1, area.x1)
    });
    let beside = |a: PixelBox, b: PixelBox| {
        let overlap = a.y1.min(b.y1).saturating_sub(a.y0.max(b.y0));
        a.x1 <= b.x0 && overlap * 2 > a.height().min(b.height())
    };
    let mut sorted: Vec<Filled> = Vec::with_capacity(tables.len());
    for filled in tables.drain(..) {
        let before = sorted.iter().position(|other| beside(filled.area, other.area));
        sorted.insert(before.unwrap_or(sorted.len()), filled);
    }
    *tables = sorted;
}

/// Whether a line outside a table is read after it: it stands below, or beside on the right.
fn follows(line: PixelBox, table: PixelBox) -> bool {
    let middle = u32::midpoint(line.y0, line.y1);
    middle >= table.y1 || (middle >= table.y0 && line.x0 >= table.x1)
}

/// Lines between tables or in a cell, in reading order.
fn flow(lines: Vec<RawLine>, in_cell: bool) -> Vec<RawLine> {
    let blocks: Vec<Block> = lines
        .iter()
        .map(|line| Block {
            area: line.area,
            is_table: false,
        })
        .collect();
    match columns::of_text(&blocks) {
        Some(division) => parts(lines, &division)
            .into_iter()
            .flat_map(|part| flow(part, in_cell))
            .collect(),
        None => wrapped::in_place(spaced::joined(order::rows(lines), in_cell))
            .into_iter()
            .flatten()
            .collect(),
    }
}
