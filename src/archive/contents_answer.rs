//! The contents list of a case against its documents, as it is answered.

use serde::{Deserialize, Serialize};

use super::Labels;
use super::case_answer::document_of;
use crate::catalogue::DocumentSummary;
use crate::record::{ContentsDifference, DeclaredDocument, Fact, FieldName, contents_differences};

/// A contents list (卷内目录) and how it differs from the documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ContentsAnswer {
    /// What the list declares, in its order.
    pub entries: Vec<ContentsEntryAnswer>,
    /// How list and documents differ; empty when they agree.
    pub differences: Vec<ContentsDifferenceAnswer>,
}

/// One entry of a contents list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ContentsEntryAnswer {
    /// Its place in the list, from 1.
    pub entry: u32,
    /// 题名
    pub title: String,
    /// Number of the first page in the volume (页号).
    pub first_page: Option<u32>,
    /// Number of pages: as declared, or up to the next entry.
    pub page_count: Option<u32>,
    /// Position of the document that it means; absent when none was found.
    pub document: Option<u32>,
    /// Where the entry stands: position of the document.
    pub on_document: Option<u32>,
    /// Page on which it stands.
    pub on_page: Option<u32>,
    /// Box `[x0, y0, x1, y1]` of the entry in pixels of the upright page.
    #[serde(rename = "box")]
    pub area: Option<[u32; 4]>,
}

/// One difference between contents list and documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ContentsDifferenceAnswer {
    /// `missing`, `undeclared`, `pages` or `first_page`.
    pub kind: String,
    /// The difference in words.
    pub label: String,
    /// The entry of the list.
    pub entry: Option<u32>,
    /// Position of the document.
    pub document: Option<u32>,
    /// The number that the list declares.
    pub declared: Option<u32>,
    /// The number that there is.
    pub found: Option<u32>,
}

impl ContentsAnswer {
    pub(super) fn of(facts: &[Fact], documents: &[DocumentSummary], labels: Labels) -> Option<Self> {
        let listed = facts.iter().filter(|fact| fact.field == FieldName::DeclaredDocument);
        let entry = |(entry, fact): (u32, &Fact)| {
            let declared = DeclaredDocument::parse(&fact.value)?;
            let evidence = fact.evidence.as_ref();
            Some(ContentsEntryAnswer {
                entry,
                title: declared.title,
                first_page: declared.first_page,
                page_count: declared.page_count,
                document: declared.document,
                on_document: document_of(fact, documents),
                on_page: evidence.map(|evidence| evidence.page),
                area: evidence.and_then(|evidence| evidence.area).map(Into::into),
            })
        };
        let entries: Vec<ContentsEntryAnswer> = (1..).zip(listed).filter_map(entry).collect();
        if entries.is_empty() {
            return None;
        }
        let pages: Vec<(u32, u32)> = documents.iter().map(|d| (d.ordinal, d.page_count)).collect();
        let differences = contents_differences(facts, &pages);
        Some(Self {
            entries,
            differences: differences
                .iter()
                .map(|difference| ContentsDifferenceAnswer::new(difference, documents, labels))
                .collect(),
        })
    }
}

impl ContentsDifferenceAnswer {
    fn new(difference: &ContentsDifference<'_>, documents: &[DocumentSummary], labels: Labels) -> Self {
        let (kind, zh, en) = match difference {
            ContentsDifference::Missing { .. } => ("missing", "目录所列材料缺失", "a listed document is missing"),
            ContentsDifference::Undeclared { .. } => ("undeclared", "材料未列入目录", "a document is not listed"),
            ContentsDifference::Pages { .. } => {
                ("pages", "页数与目录不符", "the number of pages is not the listed one")
            }
            ContentsDifference::FirstPage { .. } => (
                "first_page",
                "起始页号与目录不符",
                "the first page is not the listed one",
            ),
        };
        let (entry, document, declared, found) = match difference {
            ContentsDifference::Missing { entry, .. } => (Some(*entry), None, None, None),
            ContentsDifference::Undeclared { fact } => (None, document_of(fact, documents), None, None),
            ContentsDifference::Pages {
                entry,
                document,
                declared,
                found,
                ..
            }
            | ContentsDifference::FirstPage {
                entry,
                document,
                declared,
                found,
                ..
            } => (Some(*entry), Some(*document), Some(*declared), Some(*found)),
        };
        let label = match labels {
            Labels::Chinese => zh,
            Labels::English => en,
        };
        Self {
            kind: kind.to_owned(),
            label: label.to_owned(),
            entry,
            document,
            declared,
            found,
        }
    }
}
