//! Terms of administrative approval that the general dictionary lacks (`words.tsv`).

use super::error::Error;
use super::tsv::{Keys, Layers, Table};

/// Terms with the frequency that decides between overlapping words. There is no default: a term without a frequency
/// would never be chosen, and would push out the same word of the general dictionary.
#[derive(Debug, Default)]
pub struct Words(Vec<(String, usize)>);

impl Words {
    pub(super) const FILE: &'static str = "words.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &["term", "frequency"],
            key: 1,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>) -> Result<Self, Error> {
        let table = Self::table(text);
        let mut keys = Keys::new();
        let mut words = Vec::new();
        for row in table.rows()? {
            let term = row.text(0);
            if term.chars().count() < 2 || !term.chars().all(crate::analysis::is_han) {
                return Err(row.invalid(0, "two or more Han characters"));
            }
            keys.add(term, &row)?;
            words.push((term.to_owned(), row.count(1)?));
        }
        Ok(Self(words))
    }

    /// Terms and frequencies in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(term, frequency)| (term.as_str(), *frequency))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
