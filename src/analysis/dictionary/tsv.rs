//! The one format of all dictionaries: UTF-8 without byte order mark, lines ending with LF, columns separated by single
//! tabs, `#` at the start of a line for comments, empty lines ignored, `-` for "none", `|` between several values of one
//! column. Anything else is an error that names the line.

use std::collections::HashMap;

use super::error::{Error, Place};

/// One dictionary file.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    /// The file's name, for errors.
    pub(super) file: &'static str,
    /// The names of its columns, for errors.
    pub(super) columns: &'static [&'static str],
    /// What stands in it.
    pub(super) text: &'a str,
}

/// One line with its columns, none of them empty.
#[derive(Debug)]
pub(super) struct Row<'a> {
    file: &'static str,
    columns: &'static [&'static str],
    line: usize,
    cells: Vec<&'a str>,
}

/// The text of a file, if it is UTF-8.
pub(super) fn decode(file: &str, bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(good).filter(|&&b| b == b'\n').count() + 1;
        Error::NotUtf8(Place {
            file: file.to_owned(),
            line,
        })
    })
}

impl<'a> Table<'a> {
    fn place(&self, line: usize) -> Place {
        Place {
            file: self.file.to_owned(),
            line,
        }
    }

    /// The rows of the file in order.
    pub(super) fn rows(&self) -> Result<Vec<Row<'a>>, Error> {
        if self.text.starts_with('\u{FEFF}') {
            return Err(Error::ByteOrderMark(self.place(1)));
        }
        let mut rows = Vec::new();
        for (index, text) in self.text.split('\n').enumerate() {
            let line = index + 1;
            if let Some(bad) = text.chars().find(|&c| is_invisible(c)) {
                let place = self.place(line);
                return Err(match bad {
                    '\r' => Error::CarriageReturn(place),
                    bad => Error::ControlCharacter {
                        place,
                        code: bad.into(),
                    },
                });
            }
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let cells: Vec<&str> = text.split('\t').collect();
            if cells.len() != self.columns.len() {
                return Err(Error::ColumnCount {
                    place: self.place(line),
                    expected: self.columns.len(),
                    found: cells.len(),
                });
            }
            for (&column, cell) in self.columns.iter().zip(&cells) {
                if cell.is_empty() {
                    let place = self.place(line);
                    return Err(Error::EmptyColumn { place, column });
                }
                if cell.trim().len() != cell.len() {
                    let place = self.place(line);
                    return Err(Error::SurroundingSpace { place, column });
                }
            }
            rows.push(Row {
                file: self.file,
                columns: self.columns,
                line,
                cells,
            });
        }
        Ok(rows)
    }
}

/// Characters nobody sees in an editor: they would make two equal looking terms different.
fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{FEFF}')
}

impl<'a> Row<'a> {
    pub(super) fn place(&self) -> Place {
        Place {
            file: self.file.to_owned(),
            line: self.line,
        }
    }

    /// The column at `index`; [`Table::rows`] made sure that it exists.
    pub(super) fn text(&self, index: usize) -> &'a str {
        self.cells.get(index).copied().unwrap_or_default()
    }

    /// The column at `index`, or `None` for `-`.
    pub(super) fn optional(&self, index: usize) -> Option<&'a str> {
        Some(self.text(index)).filter(|&text| text != "-")
    }

    /// The values of a column that holds several; none for `-`.
    pub(super) fn several(&self, index: usize) -> Result<Vec<&'a str>, Error> {
        let values: Vec<&str> = self
            .optional(index)
            .map_or(Vec::new(), |text| text.split('|').collect());
        for (at, value) in values.iter().enumerate() {
            if value.trim().is_empty() || value.trim().len() != value.len() || values[..at].contains(value) {
                return Err(self.invalid(index, "a list of different values separated by `|`"));
            }
        }
        Ok(values)
    }

    /// A whole number of at least 1.
    pub(super) fn count(&self, index: usize) -> Result<usize, Error> {
        let number = self.text(index).parse().ok().filter(|&number: &usize| number > 0);
        number.ok_or_else(|| self.invalid(index, "a whole number above 0"))
    }

    /// A year, or `None` for `-`.
    pub(super) fn year(&self, index: usize) -> Result<Option<u16>, Error> {
        let Some(text) = self.optional(index) else {
            return Ok(None);
        };
        match text.parse() {
            Ok(year @ 1900..=2199) => Ok(Some(year)),
            _ => Err(self.invalid(index, "a year from 1900 to 2199")),
        }
    }

    /// A single character.
    pub(super) fn character(&self, index: usize) -> Result<char, Error> {
        let mut chars = self.text(index).chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(self.invalid(index, "a single character")),
        }
    }

    pub(super) fn invalid(&self, index: usize, expected: &'static str) -> Error {
        Error::Invalid {
            place: self.place(),
            column: self.columns.get(index).copied().unwrap_or_default(),
            value: self.text(index).to_owned(),
            expected,
        }
    }

    pub(super) fn unknown(&self, index: usize, value: &str, target: &'static str) -> Error {
        Error::UnknownReference {
            place: self.place(),
            column: self.columns.get(index).copied().unwrap_or_default(),
            value: value.to_owned(),
            target,
        }
    }
}

/// Remembers the keys of a file and refuses a second one.
pub(super) struct Keys(HashMap<String, usize>);

impl Keys {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    pub(super) fn add(&mut self, key: &str, row: &Row<'_>) -> Result<(), Error> {
        match self.0.insert(key.to_owned(), row.line) {
            None => Ok(()),
            Some(first_line) => Err(Error::Duplicate {
                place: row.place(),
                key: key.to_owned(),
                first_line,
            }),
        }
    }
}
