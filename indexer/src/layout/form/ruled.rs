//! Pairs in ruled forms: the cell of a label, and the cell to its right.

use std::collections::BTreeMap;

use juanzong::record::{FormField, LineRole, TextLine};

use super::{ends_like_label, may_be_label, text_of};
use crate::layout::grid::{Cell, Table};

/// A cell and the lines in it.
struct Filled {
    cell: Cell,
    lines: Vec<usize>,
    text: String,
}

/// The pairs of all tables that are forms.
pub(super) fn fields(lines: &[TextLine], tables: &[Table]) -> Vec<FormField> {
    let mut places: BTreeMap<(u16, u16, u16), Vec<usize>> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        if let LineRole::Cell { table, row, column } = line.role {
            places.entry((table, row, column)).or_default().push(index);
        }
    }
    let mut fields = Vec::new();
    for (number, table) in (0_u16..).zip(tables) {
        let mut rows: BTreeMap<usize, Vec<Filled>> = BTreeMap::new();
        for cell in table.cells() {
            let place = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
            let key = (number, place(cell.row), place(cell.column));
            let indices = places.get(&key).cloned().unwrap_or_default();
            let text = text_of(lines, &indices);
            rows.entry(cell.row).or_default().push(Filled {
                cell: *cell,
                lines: indices,
                text,
            });
        }
        let rows: Vec<Vec<Filled>> = rows.into_values().map(without_heading).collect();
        let mut at = 0;
        while at < rows.len() {
            let alike = rows[at..].iter().take_while(|row| same_columns(row, &rows[at])).count();
            if is_list(&rows[at..at + alike]) {
                at += alike;
                continue;
            }
            fields.extend(pairs(&rows[at]));
            at += 1;
        }
    }
    fields
}

/// A row without the cell at its left that names a group of rows.
fn without_heading(mut row: Vec<Filled>) -> Vec<Filled> {
    row.sort_by_key(|filled| filled.cell.column);
    let group = match row.as_slice() {
        [first, rest @ ..] => rest.len() >= 2 && rest.iter().all(|other| other.cell.rows < first.cell.rows),
        [] => false,
    };
    if group {
        row.remove(0);
    }
    row
}

fn same_columns(a: &[Filled], b: &[Filled]) -> bool {
    let columns = |row: &[Filled]| -> Vec<(usize, usize)> {
        row.iter()
            .map(|filled| (filled.cell.column, filled.cell.columns))
            .collect()
    };
    columns(a) == columns(b)
}

/// Whether rows with the same columns are a list under headings rather than pairs beside each other.
fn is_list(rows: &[Vec<Filled>]) -> bool {
    let Some((first, rest)) = rows.split_first() else {
        return false;
    };
    if first.len() < 3 {
        // Two columns are a list when most of their left cells cannot be labels.
        let labels = rows
            .iter()
            .filter(|row| row.first().is_some_and(|f| may_be_label(&f.text)))
            .count();
        return labels * 2 < rows.len();
    }
    if rest.is_empty() {
        return false;
    }
    let headings = first.iter().all(|filled| ends_like_label(&filled.text));
    headings || first.len() % 2 == 1 || !rows.iter().any(|row| alternates(row))
}

/// Whether every second cell, from the first on, may be a label.
fn alternates(row: &[Filled]) -> bool {
    row.iter().step_by(2).all(|filled| may_be_label(&filled.text))
}

fn pairs(row: &[Filled]) -> Vec<FormField> {
    if row.len() % 2 == 1 || !alternates(row) {
        return Vec::new();
    }
    row.chunks_exact(2)
        .map(|pair| FormField {
            label: pair[0].lines.clone(),
            value: pair[1].lines.clone(),
        })
        .collect()
}
