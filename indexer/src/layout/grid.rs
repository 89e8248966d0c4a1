//! Tables: from crossing rules to cells.
//!
//! Every rule of a table, however short, gives a level; the levels make a fine grid. Neighbouring parts of the grid
//! with no rule between them are one cell, so merged cells, nested row heights and tables stacked without a gap need
//! no case of their own.

use juanzong::record::PixelBox;

use super::groups::Groups;
use super::rules::{Rule, Rules};

/// Horizontal rules this close to each other are one level, in millimetres: no line of text fits between them.
const ROW: f64 = 3.8;
/// Vertical rules this close to each other are one level, in millimetres: no character fits between them.
const COLUMN: f64 = 2.5;
/// A table goes on this far beyond its outermost rule when the border is missing, in millimetres.
const OPEN: f64 = 3.0;
/// Share of an edge of the grid that must be ruled to divide two cells; broken and faint rules are longer.
const DIVIDES: f64 = 0.5;
/// Share of a line's box that must lie in a table for the line to belong to it.
const INSIDE: f64 = 0.5;
/// Share of a line's height at either side that is the detector's padding.
const PADDING: f64 = 0.15;
/// More levels than this in one direction are a pattern, not a table.
const MOST_LEVELS: usize = 150;

/// A cell: where its top left corner lies in the fine grid, and how far it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// A ruled table of at least two cells.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// How far a horizontal rule falls per pixel to the right, and a vertical one moves right per pixel down: what is
    /// left of the skew.
    slope: f64,
    lean: f64,
    /// About which the table is set upright.
    centre: (f64, f64),
    /// The levels of the grid, upright.
    xs: Vec<f64>,
    ys: Vec<f64>,
    /// For each part of the grid, row by row, the number of its cell.
    parts: Vec<usize>,
    /// The cells, row by row and in a row from left to right.
    cells: Vec<Cell>,
}

/// The tables of a page, in no particular order.
pub(super) fn tables(rules: &Rules) -> Vec<Table> {
    let all = || rules.horizontal.iter().chain(&rules.vertical);
    let count = all().filter_map(|rule| rule.group).max().map_or(0, |last| last + 1);
    (0..count)
        .filter_map(|group| {
            let of_group = |list: &[Rule]| -> Vec<Rule> {
                list.iter().copied().filter(|rule| rule.group == Some(group)).collect()
            };
            table(
                &of_group(&rules.horizontal),
                &of_group(&rules.vertical),
                rules.millimetre,
            )
        })
        .collect()
}

fn table(horizontal: &[Rule], vertical: &[Rule], millimetre: f64) -> Option<Table> {
    let slope = lean_of(horizontal);
    let lean = lean_of(vertical);
    let middle = |rules: &[Rule]| mean(rules.iter().map(|r| (f64::midpoint(r.from, r.to), r.length())));
    let centre = (middle(horizontal), middle(vertical));
    // The rules, upright.
    let horizontal: Vec<Rule> = horizontal
        .iter()
        .map(|r| upright(r, slope, lean, (centre.0, centre.1)))
        .collect();
    let vertical: Vec<Rule> = vertical
        .iter()
        .map(|r| upright(r, lean, slope, (centre.1, centre.0)))
        .collect();
    let columns = Levels::of(&vertical, &horizontal, COLUMN * millimetre, OPEN * millimetre);
    let rows = Levels::of(&horizontal, &vertical, ROW * millimetre, OPEN * millimetre);
    let in_range = |levels: &Levels| (2..=MOST_LEVELS).contains(&levels.at.len());
    if !in_range(&columns) || !in_range(&rows) {
        return None;
    }
    let groups = connected(&columns, &rows, &horizontal, &vertical);
    let (xs, ys) = (columns.at, rows.at);
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    let mut cells: Vec<Cell> = Vec::new();
    let mut number_of_root = vec![usize::MAX; columns * rows];
    let mut parts = Vec::with_capacity(columns * rows);
    for part in 0..columns * rows {
        let root = groups.root(part);
        let (row, column) = (part / columns, part % columns);
        if number_of_root[root] == usize::MAX {
            number_of_root[root] = cells.len();
            cells.push(Cell {
                row,
                column,
                rows: 1,
                columns: 1,
            });
        }
        let number = number_of_root[root];
        let cell = &mut cells[number];
        cell.rows = cell.rows.max(row + 1 - cell.row);
        if column < cell.column {
            // Not a rectangle: a piece of rule was not found.
            cell.columns += cell.column - column;
            cell.column = column;
        }
        cell.columns = cell.columns.max(column + 1 - cell.column);
        parts.push(number);
    }
    (cells.len() > 1).then_some(Table {
        slope,
        lean,
        centre,
        xs,
        ys,
        parts,
        cells,
    })
}

/// The parts of the grid, row by row, those with no rule between them joined.
fn connected(columns: &Levels, rows: &Levels, horizontal: &[Rule], vertical: &[Rule]) -> Groups {
    let (xs, ys) = (&columns.at, &rows.at);
    let (width, height) = (xs.len() - 1, ys.len() - 1);
    let mut groups = Groups::new(width * height);
    // For each row the stretches of columns without a rule between them: the first and the last column of each part.
    let mut stretches: Vec<Vec<(usize, usize)>> = Vec::with_capacity(height);
    for row in 0..height {
        let mut of_row = Vec::with_capacity(width);
        let mut first = 0;
        for column in 0..width {
            let ends = column + 1 == width || columns.divide(column + 1, vertical, ys[row], ys[row + 1]);
            if ends {
                of_row.extend((first..=column).map(|_| (first, column)));
                first = column + 1;
            } else {
                groups.join(row * width + column, row * width + column + 1);
            }
        }
        stretches.push(of_row);
    }
    for row in 1..height {
        for (column, (above, below)) in stretches[row - 1].iter().zip(&stretches[row]).enumerate() {
            // What divides two stretches divides them everywhere: a seal may hide a part of the rule.
            let (first, last) = (above.0.max(below.0), above.1.min(below.1));
            if !rows.divide(row, horizontal, xs[first], xs[last + 1]) {
                groups.join((row - 1) * width + column, row * width + column);
            }
        }
    }
    groups
}

/// The mean of values with weights.
fn mean(values: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (sum, weights) = values.fold((0.0, 0.0), |(sum, weights), (value, weight)| {
        (sum + value * weight, weights + weight)
    });
    if weights > 0.0 { sum / weights } else { 0.0 }
}

/// Pixels across per pixel along, the longer rules having more to say.
fn lean_of(rules: &[Rule]) -> f64 {
    let long = rules.iter().map(Rule::length).fold(0.0, f64::max) / 3.0;
    mean(
        rules
            .iter()
            .filter(|rule| rule.length() >= long)
            .map(|rule| ((rule.at_to - rule.at_from) / rule.length().max(1.0), rule.length())),
    )
}

/// A rule in the upright table; `own` is the lean of its direction, `other` that of the other one.
fn upright(rule: &Rule, own: f64, other: f64, (along, across): (f64, f64)) -> Rule {
    let at = f64::midpoint(rule.at_from, rule.at_to) - own * (f64::midpoint(rule.from, rule.to) - along);
    let shift = other * (at - across);
    Rule {
        from: rule.from - shift,
        to: rule.to - shift,
        at_from: at,
        at_to: at,
        ..*rule
    }
}

/// The places across at which there are rules.
struct Levels {
    at: Vec<f64>,
    /// For each rule its level.
    of_rule: Vec<usize>,
}

impl Levels {
    /// The levels of rules, and the ends of the crossing rules where the outer border is missing.
    fn of(rules: &[Rule], crossing: &[Rule], near: f64, open: f64) -> Self {
        let mut sorted: Vec<usize> = (0..rules.len()).collect();
        sorted.sort_by(|a, b| rules[*a].at_from.total_cmp(&rules[*b].at_from));
        let mut clusters: Vec<Vec<usize>> = Vec::new();
        let place = |cluster: &[usize]| mean(cluster.iter().map(|i| (rules[*i].at_from, rules[*i].length())));
        for index in sorted {
            match clusters.last_mut() {
                Some(cluster) if rules[index].at_from - place(cluster) <= near => cluster.push(index),
                _ => clusters.push(vec![index]),
            }
        }
        let mut at: Vec<f64> = clusters.iter().map(|cluster| place(cluster)).collect();
        let longest = crossing.iter().map(Rule::length).fold(0.0, f64::max);
        let long = || crossing.iter().filter(|rule| rule.length() >= longest / 2.0);
        let start = long().map(|rule| rule.from).fold(f64::INFINITY, f64::min);
        let end = long().map(|rule| rule.to).fold(f64::NEG_INFINITY, f64::max);
        let before = at.first().is_none_or(|first| *first - start > near.max(open)) && start.is_finite();
        if before {
            at.insert(0, start);
        }
        if at.last().is_none_or(|last| end - *last > near.max(open)) && end.is_finite() {
            at.push(end);
        }
        let mut of_rule = vec![0; rules.len()];
        for (level, cluster) in clusters.iter().enumerate() {
            for index in cluster {
                of_rule[*index] = level + usize::from(before);
            }
        }
        Self { at, of_rule }
    }

    /// Whether the rules of a level divide what lies on both sides of it between two places along.
    fn divide(&self, level: usize, rules: &[Rule], from: f64, to: f64) -> bool {
        let of_level = rules.iter().zip(&self.of_rule).filter(|(_, of)| **of == level);
        let covered: f64 = of_level.map(|(rule, _)| rule.overlap(from, to)).sum();
        covered >= (to - from) * DIVIDES
    }
}

impl Table {
    /// The cells, row by row.
    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The box of the table; what is left of its skew is neglected.
    pub(super) fn area(&self) -> PixelBox {
        let edges = [self.xs.first(), self.ys.first(), self.xs.last(), self.ys.last()];
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // on a page
        PixelBox::from(edges.map(|edge| edge.copied().unwrap_or(0.0).max(0.0) as u32))
    }

    /// A box in the upright table: left, top, right, bottom.
    fn upright(&self, area: PixelBox) -> [f64; 4] {
        let [x0, y0, x1, y1] = <[u32; 4]>::from(area).map(f64::from);
        let (x, y) = (f64::midpoint(x0, x1), f64::midpoint(y0, y1));
        let right = self.lean * (y - self.centre.1);
        let down = self.slope * (x - self.centre.0);
        [x0 - right, y0 - down, x1 - right, y1 - down]
    }

    /// The cell that holds most of a line; `None` when most of the line lies outside the table.
    pub(super) fn cell_of(&self, area: PixelBox) -> Option<usize> {
        let [x0, y0, x1, y1] = self.upright(area);
        let padding = (y1 - y0).min(x1 - x0) * PADDING;
        let (x0, y0, x1, y1) = (x0 + padding, y0 + padding, x1 - padding, y1 - padding);
        let whole = ((x1 - x0) * (y1 - y0)).max(1.0);
        let mut shares = vec![0.0_f64; self.cells.len()];
        let columns = self.xs.len() - 1;
        for (row, levels) in self.ys.windows(2).enumerate() {
            let high = levels[1].min(y1) - levels[0].max(y0);
            if high <= 0.0 {
                continue;
            }
            for (column, levels) in self.xs.windows(2).enumerate() {
                let wide = levels[1].min(x1) - levels[0].max(x0);
                if wide > 0.0 {
                    shares[self.parts[row * columns + column]] += wide * high;
                }
            }
        }
        if shares.iter().sum::<f64>() < whole * INSIDE {
            return None;
        }
        // The first of equals: the order of the lines must not matter.
        (0..shares.len()).reduce(|best, cell| if shares[cell] > shares[best] { cell } else { best })
    }
}
