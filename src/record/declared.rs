//! What the contents list (卷内目录) of a case declares, against the documents that are there.

use std::collections::BTreeMap;
use std::fmt;

use super::{Fact, FieldName, decimal_digit};

/// One entry of a contents list: the value of a fact of [`FieldName::DeclaredDocument`].
///
/// Written as `申请书（页号 3，页数 2，第 4 件）`; what is not known is left out between the brackets.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DeclaredDocument {
    /// 题名, on one line.
    pub title: String,
    /// Number of its first page in the volume, from 1.
    pub first_page: Option<u32>,
    /// Number of its pages.
    pub page_count: Option<u32>,
    /// Position in the case of the document that it means, from 1; `None` when there is none.
    pub document: Option<u32>,
}

const FIRST_PAGE: (&str, &str) = ("页号 ", "");
const PAGE_COUNT: (&str, &str) = ("页数 ", "");
const DOCUMENT: (&str, &str) = ("第 ", " 件");

impl fmt::Display for DeclaredDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = [
            (FIRST_PAGE, self.first_page),
            (PAGE_COUNT, self.page_count),
            (DOCUMENT, self.document),
        ];
        let known = numbers
            .iter()
            .filter_map(|((before, after), number)| Some(format!("{before}{}{after}", (*number)?)));
        write!(f, "{}（{}）", self.title, known.collect::<Vec<_>>().join("，"))
    }
}

impl DeclaredDocument {
    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (title, numbers) = text.strip_suffix('）')?.rsplit_once('（')?;
        let mut declared = Self {
            title: title.to_owned(),
            ..Self::default()
        };
        for part in numbers.split('，').filter(|part| !part.is_empty()) {
            let slots = [
                (FIRST_PAGE, &mut declared.first_page),
                (PAGE_COUNT, &mut declared.page_count),
                (DOCUMENT, &mut declared.document),
            ];
            let known = slots.into_iter().find_map(|((before, after), slot)| {
                let number = part.strip_prefix(before)?.strip_suffix(after)?;
                let digits = !number.is_empty() && number.chars().all(|c| c.is_ascii() && decimal_digit(c).is_some());
                Some((number.parse().ok().filter(|_| digits)?, slot))
            });
            let (number, slot) = known?;
            *slot = Some(number);
        }
        Some(declared)
    }
}

/// How a contents list and the documents of its case differ. `entry` counts the entries from 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ContentsDifference<'f> {
    /// A document that is declared is not there.
    Missing {
        /// The entry.
        entry: u32,
        /// What declares it.
        fact: &'f Fact,
    },
    /// A document that is there is not declared.
    Undeclared {
        /// What names it.
        fact: &'f Fact,
    },
    /// A document has another number of pages than declared.
    Pages {
        /// The entry.
        entry: u32,
        /// Position of the document in the case.
        document: u32,
        /// Pages declared.
        declared: u32,
        /// Pages there are.
        found: u32,
        /// What declares it.
        fact: &'f Fact,
    },
    /// A document begins on another page than declared, though all before it agree.
    FirstPage {
        /// The entry.
        entry: u32,
        /// Position of the document in the case.
        document: u32,
        /// Page number declared.
        declared: u32,
        /// Page number it has when one counts on from the documents before it.
        found: u32,
        /// What declares it.
        fact: &'f Fact,
    },
}

impl<'f> ContentsDifference<'f> {
    /// The fact that shows it.
    pub fn fact(&self) -> &'f Fact {
        match self {
            Self::Missing { fact, .. }
            | Self::Undeclared { fact }
            | Self::Pages { fact, .. }
            | Self::FirstPage { fact, .. } => fact,
        }
    }
}

/// Compares the contents list among the facts of a case with its documents, each given by its position in the case and
/// the number of its pages, in order; a document whose pages cannot be counted has 0. Nothing when there is no list.
pub fn contents_differences<'f>(facts: &'f [Fact], documents: &[(u32, u32)]) -> Vec<ContentsDifference<'f>> {
    let pages: BTreeMap<u32, u32> = documents.iter().copied().collect();
    let entries = facts.iter().filter(|fact| fact.field == FieldName::DeclaredDocument);
    let entries: Vec<(u32, &Fact, DeclaredDocument)> = (1..)
        .zip(entries)
        .filter_map(|(number, fact)| Some((number, fact, DeclaredDocument::parse(&fact.value)?)))
        .collect();
    // Several short papers may be one document: nothing is said of its pages then.
    let shared = |document: u32| entries.iter().filter(|(_, _, d)| d.document == Some(document)).count() > 1;
    let mut differences = Vec::new();
    // Declared first page and position of the last document that agreed with the list, with its pages.
    let mut before: Option<(u32, u32, u32)> = None;
    for (entry, fact, declared) in &entries {
        let (entry, fact) = (*entry, *fact);
        let Some(document) = declared.document else {
            differences.push(ContentsDifference::Missing { entry, fact });
            before = None;
            continue;
        };
        let found = pages
            .get(&document)
            .copied()
            .filter(|pages| *pages > 0 && !shared(document));
        let differs = found.zip(declared.page_count).filter(|(found, count)| found != count);
        let expected = before
            .filter(|(_, last, _)| last + 1 == document)
            .map(|(first, _, pages)| first.saturating_add(pages));
        if let Some((found, declared)) = differs {
            differences.push(ContentsDifference::Pages {
                entry,
                document,
                declared,
                found,
                fact,
            });
        }
        if let (Some(first), Some(expected)) = (declared.first_page, expected)
            && first != expected
        {
            differences.push(ContentsDifference::FirstPage {
                entry,
                document,
                declared: first,
                found: expected,
                fact,
            });
        }
        before = match (declared.first_page, found, differs) {
            (Some(first), Some(pages), None) => Some((first, document, pages)),
            _ => None,
        };
    }
    let undeclared = facts.iter().filter(|fact| fact.field == FieldName::UndeclaredDocument);
    differences.extend(undeclared.map(|fact| ContentsDifference::Undeclared { fact }));
    differences
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::FactSource;

    fn fact(field: FieldName, value: String) -> Fact {
        Fact {
            field,
            value,
            as_read: None,
            source: FactSource::Extraction,
            origin: "test".into(),
            evidence: None,
        }
    }

    fn declared(first_page: u32, page_count: u32, document: Option<u32>) -> Fact {
        let declared = DeclaredDocument {
            title: "申请书".into(),
            first_page: Some(first_page),
            page_count: Some(page_count),
            document,
        };
        fact(FieldName::DeclaredDocument, declared.to_string())
    }

    #[test]
    fn a_list_that_agrees_says_nothing() {
        let facts = [
            declared(1, 2, Some(2)),
            declared(3, 1, Some(3)),
            declared(4, 5, Some(4)),
        ];
        assert_eq!(contents_differences(&facts, &[(1, 1), (2, 2), (3, 1), (4, 5)]), []);
        // A file that could not be read has no pages to be compared.
        assert_eq!(contents_differences(&facts, &[(1, 1), (2, 0), (3, 1), (4, 5)]), []);
        assert_eq!(contents_differences(&[], &[(1, 4)]), []);
    }

    #[test]
    fn each_difference_is_told_once() {
        let facts = [
            declared(1, 2, Some(2)),
            declared(3, 1, None),
            declared(4, 5, Some(3)),
            declared(9, 1, Some(4)),
            declared(11, 1, Some(5)),
            fact(FieldName::UndeclaredDocument, "照片".into()),
        ];
        let told: Vec<_> = contents_differences(&facts, &[(1, 1), (2, 2), (3, 4), (4, 1), (5, 1), (6, 1)])
            .iter()
            .map(|difference| match difference {
                ContentsDifference::Missing { entry, .. } => ("missing", *entry, 0),
                ContentsDifference::Pages { entry, found, .. } => ("pages", *entry, *found),
                ContentsDifference::FirstPage { entry, found, .. } => ("first page", *entry, *found),
                ContentsDifference::Undeclared { .. } => ("undeclared", 0, 0),
            })
            .collect();
        assert_eq!(
            told,
            [
                ("missing", 2, 0),
                ("pages", 3, 4),
                ("first page", 5, 10),
                ("undeclared", 0, 0)
            ]
        );
    }

    #[test]
    fn several_entries_for_one_document_say_nothing_of_its_pages() {
        let facts = [
            declared(1, 1, Some(1)),
            declared(1, 1, Some(1)),
            declared(2, 1, Some(2)),
        ];
        assert_eq!(contents_differences(&facts, &[(1, 3), (2, 1)]), []);
    }

    #[test]
    fn other_text_is_no_entry() {
        for text in [
            "",
            "申请书",
            "申请书（页号 x）",
            "申请书（3）",
            "（页数 -1）",
            "a（页号 ３）",
        ] {
            assert_eq!(DeclaredDocument::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            title in "[^\n]{0,12}",
            first_page in prop::option::of(any::<u32>()),
            page_count in prop::option::of(any::<u32>()),
            document in prop::option::of(any::<u32>()),
        ) {
            let declared = DeclaredDocument { title, first_page, page_count, document };
            prop_assert_eq!(DeclaredDocument::parse(&declared.to_string()), Some(declared));
        }

        #[test]
        fn no_text_makes_reading_panic(text in ".*") {
            let _ = DeclaredDocument::parse(&text);
        }
    }
}
