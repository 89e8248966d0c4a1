//! Characters that are forms of one another: 繁→简, variants, radicals that stand for characters (`variants.tsv`).

use std::collections::HashMap;

use super::error::Error;
use super::tsv::{Keys, Layers, Table};

/// Variant → the one form that index and query use.
#[derive(Debug, Default)]
pub struct Variants(HashMap<char, char>);

impl Variants {
    pub(super) const FILE: &'static str = "variants.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &["variant", "form"],
            key: 1,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>) -> Result<Self, Error> {
        let table = Self::table(text);
        let rows = table.rows()?;
        let mut keys = Keys::new();
        let mut variants = HashMap::new();
        for row in &rows {
            let variant = row.character(0)?;
            keys.add(row.text(0), row)?;
            variants.insert(variant, row.character(1)?);
        }
        for row in &rows {
            // One step must be enough, or normalising twice would not be the same as once.
            if variants.contains_key(&row.character(1)?) {
                return Err(row.invalid(1, "a final form (it is itself listed as a variant)"));
            }
            if !row.character(1)?.is_alphanumeric() {
                return Err(row.invalid(1, "a letter"));
            }
        }
        Ok(Self(variants))
    }

    /// The one form of `c`, if it has another.
    pub fn form(&self, c: char) -> Option<char> {
        self.0.get(&c).copied()
    }

    /// All pairs, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (char, char)> {
        self.0.iter().map(|(&variant, &form)| (variant, form))
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
