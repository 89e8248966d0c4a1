//! The one format of all dictionaries: UTF-8 without byte order mark, lines ending with LF, columns separated by single
//! tabs, `#` at the start of a line for comments, empty lines ignored, `-` for "none", `|` between several values of one
//! column. Anything else is an error that names the line.
//!
//! A file has one or two [`Layers`]: the built-in rows, and an archive's own, which come after them. An own row replaces
//! the built-in one with the same key; an own line `!` and a key takes a built-in row away.

use std::collections::{HashMap, HashSet};

use crate::record::CivilDate;

use super::error::{Error, Place};

/// What stands in a dictionary: the built-in text, and what an archive adds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layers<'a> {
    /// The built-in text.
    pub(super) base: &'a str,
    /// The archive's own.
    pub(super) own: Option<&'a str>,
}

impl<'a> From<&'a str> for Layers<'a> {
    fn from(base: &'a str) -> Self {
        Self { base, own: None }
    }
}

/// One dictionary file.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    /// The file's name, for errors.
    pub(super) file: &'static str,
    /// The names of its columns, for errors.
    pub(super) columns: &'static [&'static str],
    /// How many of the columns, from the first, tell a row from every other.
    pub(super) key: usize,
    /// What stands in it.
    pub(super) text: Layers<'a>,
}

/// One line with its columns, none of them empty.
#[derive(Debug)]
pub(super) struct Row<'a> {
    file: &'static str,
    columns: &'static [&'static str],
    line: usize,
    /// A built-in row of a file to which an archive adds its own.
    below: bool,
    cells: Vec<&'a str>,
}

/// The rows of one layer.
#[derive(Default)]
struct Layer<'a> {
    rows: Vec<Row<'a>>,
    /// Keys of rows that are taken away from the layer below.
    removed: HashSet<Vec<&'a str>>,
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
    /// The rows that count, in order: the built-in ones, then the archive's own.
    pub(super) fn rows(&self) -> Result<Vec<Row<'a>>, Error> {
        let base = self.layer(self.text.base, self.text.own.is_some(), false)?;
        let Some(own) = self.text.own else {
            return Ok(base.rows);
        };
        let own = self.layer(own, false, true)?;
        let mut replaced = own.removed;
        replaced.extend(own.rows.iter().map(|row| row.key(self.key)));
        let mut rows = base.rows;
        rows.retain(|row| !replaced.contains(&row.key(self.key)));
        rows.extend(own.rows);
        Ok(rows)
    }

    /// The rows that count as one text, without comments: what an index was built with.
    pub(super) fn effective(&self) -> Result<String, Error> {
        let lines = self.rows()?;
        Ok(lines.iter().map(|row| row.cells.join("\t") + "\n").collect())
    }

    fn layer(&self, text: &'a str, below: bool, may_remove: bool) -> Result<Layer<'a>, Error> {
        let place = |line| place(self.file, below, line);
        if text.starts_with('\u{FEFF}') {
            return Err(Error::ByteOrderMark(place(1)));
        }
        let mut layer = Layer::default();
        for (index, text) in text.split('\n').enumerate() {
            let line = index + 1;
            if let Some(bad) = text.chars().find(|&c| is_invisible(c)) {
                let place = place(line);
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
            let removed = text.strip_prefix('!').filter(|_| may_remove);
            let cells: Vec<&str> = removed.unwrap_or(text).split('\t').collect();
            let expected = if removed.is_some() {
                self.key
            } else {
                self.columns.len()
            };
            if cells.len() != expected {
                return Err(Error::ColumnCount {
                    place: place(line),
                    expected,
                    found: cells.len(),
                });
            }
            for (&column, cell) in self.columns.iter().zip(&cells) {
                if cell.is_empty() {
                    let place = place(line);
                    return Err(Error::EmptyColumn { place, column });
                }
                if cell.trim().len() != cell.len() {
                    let place = place(line);
                    return Err(Error::SurroundingSpace { place, column });
                }
            }
            if removed.is_some() {
                layer.removed.insert(cells);
                continue;
            }
            layer.rows.push(Row {
                file: self.file,
                columns: self.columns,
                line,
                below,
                cells,
            });
        }
        Ok(layer)
    }
}

/// Where a line is; a built-in file that an archive adds to is named as such.
fn place(file: &str, below: bool, line: usize) -> Place {
    Place {
        file: if below {
            format!("built-in {file}")
        } else {
            file.to_owned()
        },
        line,
    }
}

/// Characters nobody sees in an editor: they would make two equal looking terms different.
fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{FEFF}')
}

impl<'a> Row<'a> {
    pub(super) fn place(&self) -> Place {
        place(self.file, self.below, self.line)
    }

    fn key(&self, columns: usize) -> Vec<&'a str> {
        self.cells.iter().take(columns).copied().collect()
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

    /// A day, written `2019-03-05`.
    pub(super) fn date(&self, index: usize) -> Result<CivilDate, Error> {
        let text = self.text(index);
        let date = CivilDate::parse(text).filter(|date| date.to_string() == text);
        date.ok_or_else(|| self.invalid(index, "a day written `YYYY-MM-DD`"))
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
pub(super) struct Keys(HashMap<String, Place>);

impl Keys {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    pub(super) fn add(&mut self, key: &str, row: &Row<'_>) -> Result<(), Error> {
        match self.0.insert(key.to_owned(), row.place()) {
            None => Ok(()),
            Some(first) => Err(Error::Duplicate {
                place: row.place(),
                key: key.to_owned(),
                first,
            }),
        }
    }
}
