//! Facts of cases whose text was imported.

use std::borrow::Cow;

use juanzong::catalogue::LineEdits;
use juanzong::record::{CaseRecord, DocumentRecord, Fact};

use super::assemble::compose;
use super::papers::corrected;
use super::titles::{name_of, title_of};
use crate::extract::{DocumentPages, Extraction, Vocabulary, extract, kind_of, weigh};

/// What the rules find in a document that is kept, on its corrected lines. A text that never was a file is known by its
/// title.
fn read_kept(
    document: &DocumentRecord,
    content_id: Option<&str>,
    edits: &LineEdits,
    vocabulary: &Vocabulary,
) -> Extraction {
    let pages = corrected(edits, Cow::Borrowed(document.pages.as_slice()), |page| {
        edits.apply_in_place(document.ordinal, page);
    });
    extract(
        DocumentPages {
            file_name: name_of(document),
            file_sha256: content_id.unwrap_or_default(),
            pages: &pages,
        },
        vocabulary,
    )
}

/// What belongs to an imported case besides its line.
pub(super) struct Beside<'a> {
    /// Whether facts are to be read from its text.
    pub(super) extract: bool,
    /// Lines that people corrected.
    pub(super) edits: &'a LineEdits,
    /// Values that people gave to fields.
    pub(super) corrections: Vec<Fact>,
}

/// Kinds and titles of documents whose line does not give them.
pub(super) fn name_documents(case: &mut CaseRecord, kinds_given: &[bool]) {
    for (document, given) in case.documents.iter_mut().zip(kinds_given) {
        if !given {
            document.kind = kind_of(DocumentPages {
                file_name: name_of(document),
                file_sha256: "",
                pages: &document.pages,
            });
        }
        if document.title.is_empty() {
            document.title = match document.source_name.as_str() {
                "" => document.kind.label_zh().to_owned(),
                name => title_of(name),
            };
        }
    }
}

/// The facts of an imported case: those of its line, what its text says, and what follows from them. `content_ids` name
/// its documents.
pub(super) fn facts_of_import<'c>(
    case: &CaseRecord,
    content_ids: impl Iterator<Item = Option<&'c str>>,
    beside: Beside<'_>,
    vocabulary: &Vocabulary,
) -> Vec<Fact> {
    let mut facts = case.facts.clone();
    if beside.extract {
        for (document, content_id) in case.documents.iter().zip(content_ids) {
            facts.extend(read_kept(document, content_id, beside.edits, vocabulary).facts);
        }
        weigh(&mut facts);
    }
    compose(&mut facts, beside.corrections, vocabulary);
    facts
}
