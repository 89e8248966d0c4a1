//! Kinds of agencies (职能局) and how they followed one another (`agencies.tsv`).
//!
//! The table knows names without place: 市场监督管理局. An agency in a file is a place and such a name:
//! 灵丘县市场监督管理局. Several names may be one and the same kind (卫生健康委员会, 卫生健康局): the first is the
//! *principal* name of the kind, the others point to it.

use std::collections::{HashMap, HashSet};

use super::error::Error;
use super::tsv::{Keys, Layers, Table};

/// A name of a kind of agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// The name without a place.
    pub name: String,
    /// The principal name of its kind; often the same.
    pub kind: String,
    /// The code that archival codes use for the office (机构代字), when one is usual.
    pub code: Option<String>,
    /// The first year in which such agencies bore the name, where it is known.
    pub from: Option<u16>,
    /// The last year; `None`: they still do. Reforms reached counties up to a year later, so take it as approximate.
    pub to: Option<u16>,
}

/// How another name relates to the one asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// An agency whose duties came to the one asked for.
    Predecessor,
    /// The one asked for, or another name of the same kind.
    Same,
    /// An agency that took over duties of the one asked for.
    Successor,
}

/// A name under which the files of an office may lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedOffice {
    /// The whole name, with the place of the name asked for.
    pub name: String,
    /// How it relates to the name asked for.
    pub relation: Relation,
    /// Whether only part of the duties passed over.
    pub partial: bool,
    /// First year of the name, where it is known.
    pub from: Option<u16>,
    /// Last year of the name; `None`: still in use.
    pub to: Option<u16>,
}

/// One kind follows another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Succession {
    from: String,
    to: String,
    partial: bool,
}

/// All kinds of agencies.
#[derive(Debug, Default)]
pub struct Agencies {
    agencies: Vec<Agency>,
    by_name: HashMap<String, usize>,
    successions: Vec<Succession>,
}

impl Agencies {
    pub(super) const FILE: &'static str = "agencies.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &["name", "same_as", "code", "from", "to", "successors"],
            key: 1,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>) -> Result<Self, Error> {
        let table = Self::table(text);
        let rows = table.rows()?;
        let mut keys = Keys::new();
        let mut codes = Keys::new();
        let mut agencies = Self::default();
        for row in &rows {
            let name = row.text(0);
            keys.add(name, row)?;
            let (from, to) = (row.year(3)?, row.year(4)?);
            if from.zip(to).is_some_and(|(from, to)| from > to) {
                return Err(row.invalid(4, "a year not before that in column `from`"));
            }
            if let Some(code) = row.optional(2) {
                if row.optional(1).is_some() || !code.bytes().all(|b| b.is_ascii_uppercase()) {
                    return Err(row.invalid(2, "capital letters, on the line of a principal name"));
                }
                codes.add(code, row)?;
            }
            agencies.by_name.insert(name.to_owned(), agencies.agencies.len());
            agencies.agencies.push(Agency {
                name: name.to_owned(),
                kind: row.optional(1).unwrap_or(name).to_owned(),
                code: row.optional(2).map(str::to_owned),
                from,
                to,
            });
        }
        for row in &rows {
            if let Some(kind) = row.optional(1).filter(|kind| !agencies.is_principal(kind)) {
                return Err(row.unknown(1, kind, Self::FILE));
            }
            for successor in row.several(5)? {
                let to = successor.trim_start_matches('~');
                if !agencies.is_principal(to) {
                    return Err(row.unknown(5, to, Self::FILE));
                }
                if row.optional(1).is_some() || to == row.text(0) {
                    return Err(row.invalid(5, "another kind, on the line of a principal name"));
                }
                agencies.successions.push(Succession {
                    from: row.text(0).to_owned(),
                    to: to.to_owned(),
                    partial: to.len() != successor.len(),
                });
            }
        }
        Ok(agencies)
    }

    /// Whether `name` is the principal name of a kind.
    pub fn is_principal(&self, name: &str) -> bool {
        self.by_name
            .get(name)
            .is_some_and(|&index| self.agencies[index].kind == name)
    }

    /// Cuts a whole name into place and kind: `灵丘县` and 食品药品监督管理局. The longest kind that the name ends with
    /// counts; what stands before it is not checked, since places are also parks and zones that no table holds.
    pub fn split<'a>(&self, full_name: &'a str) -> Option<(&'a str, &Agency)> {
        full_name.char_indices().find_map(|(at, _)| {
            let (place, name) = full_name.split_at(at);
            self.by_name.get(name).map(|&index| (place, &self.agencies[index]))
        })
    }

    /// The kind of an agency given by its whole name.
    pub fn kind_of(&self, full_name: &str) -> Option<&Agency> {
        self.split(full_name).map(|(_, agency)| agency)
    }

    /// The kinds that took over from `kind`, with whether they took only part.
    pub fn successors(&self, kind: &str) -> Vec<(&str, bool)> {
        let matching = self.successions.iter().filter(|succession| succession.from == kind);
        matching
            .map(|succession| (succession.to.as_str(), succession.partial))
            .collect()
    }

    /// The kinds that `kind` took over from, with whether it took only part.
    pub fn predecessors(&self, kind: &str) -> Vec<(&str, bool)> {
        let matching = self.successions.iter().filter(|succession| succession.to == kind);
        matching
            .map(|succession| (succession.from.as_str(), succession.partial))
            .collect()
    }

    /// Every name under which the files of the office may lie over the years: its own, those of its predecessors and
    /// theirs, those of its successors and theirs (not those of the other predecessors of a successor). The name asked
    /// for comes first, then its other names, predecessors and successors, the near ones first. Empty for an unknown
    /// kind.
    pub fn same_line(&self, full_name: &str) -> Vec<NamedOffice> {
        let Some((place, asked)) = self.split(full_name) else {
            return Vec::new();
        };
        let mut kinds: Vec<(String, Relation, bool)> = vec![(asked.kind.clone(), Relation::Same, false)];
        for relation in [Relation::Predecessor, Relation::Successor] {
            let mut seen = HashSet::from([asked.kind.clone()]);
            let mut ahead = vec![(asked.kind.clone(), false)];
            while !ahead.is_empty() {
                let mut next = Vec::new();
                for (kind, partial) in &ahead {
                    let neighbours = match relation {
                        Relation::Predecessor => self.predecessors(kind),
                        _ => self.successors(kind),
                    };
                    for (neighbour, part) in neighbours {
                        if seen.insert(neighbour.to_owned()) {
                            kinds.push((neighbour.to_owned(), relation, *partial || part));
                            next.push((neighbour.to_owned(), *partial || part));
                        }
                    }
                }
                ahead = next;
            }
        }
        let mut offices = Vec::new();
        for (kind, relation, partial) in kinds {
            for agency in self.agencies.iter().filter(|agency| agency.kind == kind) {
                let office = NamedOffice {
                    name: format!("{place}{}", agency.name),
                    relation,
                    partial,
                    from: agency.from,
                    to: agency.to,
                };
                if agency.name == asked.name {
                    offices.insert(0, office);
                } else {
                    offices.push(office);
                }
            }
        }
        offices
    }

    /// All names in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Agency> {
        self.agencies.iter()
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.agencies.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.agencies.is_empty()
    }
}
