//! Characters that recognisers take for one another (`confusions.tsv`).

use std::collections::HashMap;

use super::error::Error;
use super::tsv::{Keys, Layers, Table};

/// A character that may be read instead of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// What was read.
    pub read: char,
    /// Whether it was measured with some engine; else it is assumed from the shapes.
    pub measured: bool,
}

/// Pairs (what stands on the paper, what was read). Letters only, in their normalised form: punctuation is no letter,
/// so its confusions do not matter to the search.
#[derive(Debug, Default)]
pub struct Confusions {
    read_as: HashMap<char, Vec<Confusion>>,
    pairs: usize,
}

impl Confusions {
    pub(super) const FILE: &'static str = "confusions.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &["printed", "read", "evidence"],
            key: 2,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>) -> Result<Self, Error> {
        let table = Self::table(text);
        let mut keys = Keys::new();
        let mut confusions = Self::default();
        for row in table.rows()? {
            let (printed, read) = (row.character(0)?, row.character(1)?);
            for (index, c) in [printed, read].into_iter().enumerate() {
                if !c.is_alphanumeric() || c.is_uppercase() {
                    return Err(row.invalid(index, "a letter in lower case"));
                }
            }
            if printed == read {
                return Err(row.invalid(1, "another character"));
            }
            if !matches!(row.text(2), "tesseract" | "ppocr" | "both" | "shape") {
                return Err(row.invalid(2, "`tesseract`, `ppocr`, `both` or `shape`"));
            }
            keys.add(&format!("{printed} {read}"), &row)?;
            let confusion = Confusion {
                read,
                measured: row.text(2) != "shape",
            };
            confusions.read_as.entry(printed).or_default().push(confusion);
            confusions.pairs += 1;
        }
        Ok(confusions)
    }

    /// What a recogniser may have read where `printed` stands on the paper, in the order of the file (measured first).
    pub fn read_as(&self, printed: char) -> &[Confusion] {
        self.read_as.get(&printed).map_or(&[], Vec::as_slice)
    }

    /// All pairs, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (char, Confusion)> {
        let of = |(&printed, confusions): (&char, &Vec<Confusion>)| -> Vec<(char, Confusion)> {
            confusions.iter().map(|&confusion| (printed, confusion)).collect()
        };
        self.read_as.iter().flat_map(of)
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.pairs
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pairs == 0
    }
}
