//! Agencies across their successions: under which name an office is counted when its names are joined.

use std::collections::{HashMap, HashSet};

use crate::analysis::dictionary::Agencies;

/// Joins the names of offices over the years. A name counts under the kind that took over all its duties in the end; where
/// only part of them passed over, or to several kinds, the files of one office are not those of the other, and the names
/// stay apart.
pub struct Offices<'a> {
    agencies: &'a Agencies,
    /// Kind → the last that took over from it as a whole.
    last: HashMap<&'a str, &'a str>,
}

impl<'a> Offices<'a> {
    /// The offices of a table of agencies.
    pub fn new(agencies: &'a Agencies) -> Self {
        let kinds = agencies.iter().filter(|agency| agency.kind == agency.name);
        let last = kinds.map(|agency| (agency.name.as_str(), last_of(agencies, &agency.name)));
        Self {
            last: last.collect(),
            agencies,
        }
    }

    /// The name under which an agency, given by its whole name, is counted: its place and the last kind of its line. A name
    /// that is not in the table stays as it is.
    pub fn joined(&self, full_name: &str) -> String {
        match self.agencies.split(full_name) {
            Some((place, agency)) => {
                let last = self.last.get(agency.kind.as_str()).copied().unwrap_or(&agency.kind);
                format!("{place}{last}")
            }
            None => full_name.to_owned(),
        }
    }
}

fn last_of<'a>(agencies: &'a Agencies, kind: &'a str) -> &'a str {
    let mut seen = HashSet::from([kind]);
    let mut last = kind;
    loop {
        let whole: Vec<&str> = agencies
            .successors(last)
            .into_iter()
            .filter(|(_, partial)| !partial)
            .map(|(successor, _)| successor)
            .collect();
        match whole[..] {
            // A table that an archive edits may run in a circle.
            [successor] if seen.insert(successor) => last = successor,
            _ => return last,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::dictionary::Dictionaries;

    use super::*;

    #[test]
    fn names_are_joined_where_all_duties_passed_over() {
        let dictionaries = Dictionaries::builtin().unwrap();
        let offices = Offices::new(&dictionaries.agencies);
        for (name, joined) in [
            ("灵丘县工商行政管理局", "灵丘县市场监督管理局"),
            ("灵丘县工商局", "灵丘县市场监督管理局"),
            ("灵丘县药监局", "灵丘县市场监督管理局"),
            ("灵丘县市场监督管理局", "灵丘县市场监督管理局"),
            ("广灵县食品药品监督管理局", "广灵县市场监督管理局"),
            // Part of its duties passed over.
            ("灵丘县知识产权局", "灵丘县知识产权局"),
            ("某某管理委员会", "某某管理委员会"),
        ] {
            assert_eq!(offices.joined(name), joined, "{name}");
        }
    }
}
