//! Words of the same meaning (`synonyms.tsv`).

use std::collections::HashMap;

use super::error::Error;
use super::tsv::{Keys, Layers, Table};

/// Groups of terms that may replace one another in a query. A term stands in one group only.
#[derive(Debug, Default)]
pub struct Synonyms {
    groups: Vec<Vec<String>>,
    group_of: HashMap<String, usize>,
}

impl Synonyms {
    pub(super) const FILE: &'static str = "synonyms.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &["term", "synonyms"],
            key: 1,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>) -> Result<Self, Error> {
        let table = Self::table(text);
        let mut keys = Keys::new();
        let mut synonyms = Self::default();
        for row in table.rows()? {
            let others = row.several(1)?;
            if others.is_empty() {
                return Err(row.invalid(1, "at least one synonym"));
            }
            let mut group = Vec::new();
            for term in std::iter::once(row.text(0)).chain(others) {
                keys.add(term, &row)?;
                synonyms.group_of.insert(term.to_owned(), synonyms.groups.len());
                group.push(term.to_owned());
            }
            synonyms.groups.push(group);
        }
        Ok(synonyms)
    }

    /// The other terms of the group of `term`; none when it is in no group.
    pub fn of<'a>(&'a self, term: &'a str) -> impl Iterator<Item = &'a str> {
        let group = self.group_of.get(term).map_or(&[][..], |&index| &self.groups[index]);
        group.iter().map(String::as_str).filter(move |&other| other != term)
    }

    /// The groups in the order of the file.
    pub fn groups(&self) -> impl Iterator<Item = &[String]> {
        self.groups.iter().map(Vec::as_slice)
    }

    /// How many terms there are in all groups.
    pub fn len(&self) -> usize {
        self.group_of.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.group_of.is_empty()
    }
}
