//! Tables in which Han characters, which take two places on a terminal, line up.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A table with notes under its rows.
pub struct Table {
    titles: Vec<String>,
    most: Vec<usize>,
    rows: Vec<Row>,
}

struct Row {
    cells: Vec<String>,
    notes: Vec<String>,
}

impl Table {
    /// A table with these columns and their greatest widths in places of the terminal.
    pub fn new(columns: &[(&str, usize)]) -> Self {
        Self {
            titles: columns.iter().map(|(title, _)| (*title).to_owned()).collect(),
            most: columns.iter().map(|(title, most)| title.width().max(*most)).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; control characters become spaces, and what is too wide is cut with an ellipsis.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells = cells.into_iter().zip(&self.most);
        self.rows.push(Row {
            cells: cells.map(|(cell, most)| cut(&one_line(&cell), *most)).collect(),
            notes: Vec::new(),
        });
    }

    /// Adds a note under the last row.
    pub fn note(&mut self, note: String) {
        if let Some(row) = self.rows.last_mut() {
            row.notes.push(note);
        }
    }

    /// Writes the table with its titles.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut widths: Vec<usize> = self.titles.iter().map(|title| title.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(&row.cells) {
                *width = (*width).max(cell.width());
            }
        }
        write_cells(out, &self.titles, &widths)?;
        for row in &self.rows {
            write_cells(out, &row.cells, &widths)?;
            let indent = widths.first().copied().unwrap_or(0) + 2;
            for note in &row.notes {
                writeln!(out, "{:indent$}{note}", "")?;
            }
        }
        Ok(())
    }
}

fn write_cells(out: &mut impl Write, cells: &[String], widths: &[usize]) -> io::Result<()> {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        let missing = width.saturating_sub(cell.width()) + 2;
        line.extend(std::iter::repeat_n(' ', missing));
    }
    writeln!(out, "{}", line.trim_end())
}

/// At most `most` places, with an ellipsis where something was left out.
fn cut(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut width = 1;
    for c in text.chars() {
        width += c.width().unwrap_or(0);
        if width > most {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// Control characters out of files and names must not reach the terminal.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_han_characters() {
        let mut table = Table::new(&[("序号", 4), ("题名", 8), ("年", 4)]);
        table.row(["1".into(), "甲乙".into(), "2019".into()]);
        table.row(["2".into(), "甲乙丙丁戊".into(), "2020".into()]);
        table.note("注".into());
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "序号  题名     年\n1     甲乙     2019\n2     甲乙丙…  2020\n      注\n"
        );
    }

    #[test]
    fn what_is_too_long_is_cut_at_a_character() {
        assert_eq!(cut("甲乙丙", 6), "甲乙丙");
        assert_eq!(cut("甲乙丙", 5), "甲乙…");
        assert_eq!(cut("甲乙丙", 4), "甲…");
        assert_eq!(cut("abc", 2), "a…");
        assert_eq!(one_line("a\nb\u{1b}[31m"), "a b [31m");
    }
}
