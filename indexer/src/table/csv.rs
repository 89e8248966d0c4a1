//! CSV as Excel writes it (RFC 4180 with any of three separators), cell by cell.
//!
//! The `csv` library, which writes our tables, is not used to read them: it passes over blank lines, so that its records
//! cannot be given the row numbers that a person sees in Excel, and it takes a quotation mark that nothing closes for
//! one that closes at the end of the file, which would swallow all rows after it without a word.

use super::{Cell, MOST_COLUMNS, MOST_ROWS, Sheet, TableRow};

/// Separators, the most usual first.
pub const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// How a CSV ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLarge {
    /// More rows than [`MOST_ROWS`].
    Rows,
    /// More columns than [`MOST_COLUMNS`] in this row.
    Columns(u32),
}

/// The separator that a first line `sep=;` declares (a habit of Excel), and what comes after that line.
pub fn declared_separator(text: &str) -> Option<(char, &str)> {
    let rest = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="))?;
    let separator = rest.chars().next().filter(|c| SEPARATORS.contains(c))?;
    let rest = rest.get(separator.len_utf8()..)?;
    let rest = rest.strip_prefix('\r').unwrap_or(rest);
    Some((separator, rest.strip_prefix('\n')?))
}

/// Reads a CSV. `first_row` is the number of its first row. A quotation mark counts at the start of a cell only; what
/// follows a closing one belongs to the cell.
pub fn parse(text: &str, separator: char, first_row: u32) -> Result<Sheet, TooLarge> {
    let mut sheet = Sheet::default();
    let mut row = TableRow {
        number: first_row,
        cells: Vec::new(),
    };
    let mut cell = String::new();
    let mut quoted = false;
    let mut at_start = true;
    let mut opened_in = first_row;
    let mut chars = text.chars().peekable();
    loop {
        let next = chars.next();
        match next {
            Some('"') if quoted => {
                if chars.peek() == Some(&'"') {
                    chars.next();
                    cell.push('"');
                } else {
                    quoted = false;
                }
            }
            Some(c) if quoted => cell.push(c),
            Some('"') if at_start => {
                quoted = true;
                at_start = false;
                opened_in = row.number;
            }
            Some(c) if c == separator => {
                end_cell(&mut row, &mut cell)?;
                at_start = true;
            }
            Some('\r') if chars.peek() == Some(&'\n') => {}
            Some('\n' | '\r') => {
                end_cell(&mut row, &mut cell)?;
                at_start = true;
                let number = row.number.saturating_add(1);
                if number > MOST_ROWS {
                    return Err(TooLarge::Rows);
                }
                end_row(&mut sheet, &mut row, number);
            }
            Some(c) => {
                cell.push(c);
                at_start = false;
            }
            None => {
                if quoted {
                    sheet.open_quote = Some(opened_in);
                }
                end_cell(&mut row, &mut cell)?;
                end_row(&mut sheet, &mut row, 0);
                return Ok(sheet);
            }
        }
    }
}

fn end_cell(row: &mut TableRow, cell: &mut String) -> Result<(), TooLarge> {
    if row.cells.len() >= MOST_COLUMNS {
        return Err(TooLarge::Columns(row.number));
    }
    let text = std::mem::take(cell);
    row.cells
        .push(if text.is_empty() { Cell::Empty } else { Cell::Text(text) });
    Ok(())
}

fn end_row(sheet: &mut Sheet, row: &mut TableRow, next: u32) {
    let ended = std::mem::replace(
        row,
        TableRow {
            number: next,
            cells: Vec::new(),
        },
    );
    if !ended.is_blank() {
        sheet.rows.push(ended);
    }
}
