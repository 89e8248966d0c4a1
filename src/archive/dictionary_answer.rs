//! What the dictionaries hold, as the API and `juanzong dictionary list` tell it.

use serde::Serialize;

use crate::analysis::dictionary::{Agency, Dictionaries, Matter};
use crate::record::closed_list;

closed_list! {
    /// A dictionary that people look into and add to.
    DictionaryKind {
        /// 词语
        Words = "words", "词语", "Words", [];
        /// 同义词
        Synonyms = "synonyms", "同义词", "Synonyms", [];
        /// 机关
        Agencies = "agencies", "机关", "Agencies", [];
        /// 事项
        Matters = "matters", "事项", "Matters", [];
    }
}

/// An entry of a dictionary: the name and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DictionaryEntry {
    /// The term.
    pub name: String,
    /// Frequency of a word; the other words of a group; years, kind and successors of an agency; category and other names of
    /// a matter.
    pub details: Vec<String>,
}

/// The entries of a dictionary, in its order, that hold some letters in the name or in what is said about it.
pub fn dictionary_entries(dictionaries: &Dictionaries, kind: DictionaryKind, containing: &str) -> Vec<DictionaryEntry> {
    let mut entries = entries(dictionaries, kind);
    entries
        .retain(|entry| entry.name.contains(containing) || entry.details.iter().any(|text| text.contains(containing)));
    entries
}

fn entries(dictionaries: &Dictionaries, kind: DictionaryKind) -> Vec<DictionaryEntry> {
    match kind {
        DictionaryKind::Words => {
            let entry = |(term, frequency): (&str, usize)| DictionaryEntry {
                name: term.to_owned(),
                details: vec![frequency.to_string()],
            };
            dictionaries.words.iter().map(entry).collect()
        }
        DictionaryKind::Synonyms => {
            let entry = |group: &[String]| DictionaryEntry {
                name: group.first().cloned().unwrap_or_default(),
                details: group.iter().skip(1).cloned().collect(),
            };
            dictionaries.synonyms.groups().map(entry).collect()
        }
        DictionaryKind::Agencies => {
            let entry = |agency: &Agency| agency_entry(agency, dictionaries);
            dictionaries.agencies.iter().map(entry).collect()
        }
        DictionaryKind::Matters => {
            let entry = |matter: &Matter| DictionaryEntry {
                name: matter.name.clone(),
                details: std::iter::once(matter.category.name().to_owned())
                    .chain(matter.synonyms.iter().cloned())
                    .collect(),
            };
            dictionaries.matters.iter().map(entry).collect()
        }
    }
}

fn agency_entry(agency: &Agency, dictionaries: &Dictionaries) -> DictionaryEntry {
    let mut details = Vec::new();
    if agency.kind != agency.name {
        details.push(format!("即{}", agency.kind));
    }
    details.extend(match (agency.from, agency.to) {
        (Some(from), Some(to)) => Some(format!("{from}—{to}年")),
        (Some(from), None) => Some(format!("{from}年起")),
        (None, Some(to)) => Some(format!("至{to}年")),
        (None, None) => None,
    });
    for (successor, partial) in dictionaries.agencies.successors(&agency.name) {
        details.push(format!("{}划入{successor}", if partial { "部分" } else { "" }));
    }
    DictionaryEntry {
        name: agency.name.clone(),
        details,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_name_and_by_what_is_said_about_them() {
        let dictionaries = Dictionaries::builtin().unwrap();
        for kind in DictionaryKind::ALL {
            assert!(
                !dictionary_entries(&dictionaries, *kind, "").is_empty(),
                "{}",
                kind.code()
            );
            assert_eq!(
                dictionary_entries(&dictionaries, *kind, "没有这样的词条"),
                [],
                "{}",
                kind.code()
            );
        }
        let found = dictionary_entries(&dictionaries, DictionaryKind::Agencies, "国土资源局");
        let told = found.iter().find(|entry| entry.name == "国土资源局").unwrap();
        assert!(
            told.details.iter().any(|text| text.contains("划入自然资源局")),
            "{told:?}"
        );
    }
}
