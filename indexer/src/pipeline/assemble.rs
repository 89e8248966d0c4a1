//! Documents and facts → a case.

use std::borrow::Cow;
use std::path::Path;

use juanzong::catalogue::{LineEdits, content_id};
use juanzong::record::{ArchivalCode, CaseFields, CaseRecord, DocumentRecord, Fact, FactSource, FieldName, PageRecord};

use crate::extract::{DocumentPages, Extraction, Vocabulary, extract, kind_of, weigh};
use crate::source::natural_name;

/// A file of the case after reading.
pub(super) struct ReadDocument {
    /// File name inside the case.
    pub(super) file_name: String,
    /// SHA-256 of its bytes; `None` when not even that could be read.
    pub(super) sha256: Option<String>,
    /// Code of the failure when the file as a whole could not be read.
    pub(super) failure: Option<String>,
    /// The pages kept, in order.
    pub(super) pages: Vec<PageRecord>,
}

/// Makes a case of its files. `earlier` is what the catalogue holds of it, as it was read, and the lines that people
/// corrected: documents that are not among the files of this run stay, and so do the catalogue's facts when this run has
/// no manifest row for the case. Facts are read from the corrected lines.
pub(super) fn assemble(
    archival_code: ArchivalCode,
    manifest_facts: Vec<Fact>,
    read: &[ReadDocument],
    earlier: Option<(CaseRecord, LineEdits)>,
    vocabulary: &Vocabulary,
) -> CaseRecord {
    let (mut earlier_documents, earlier_facts, edits) = earlier
        .map(|(case, edits)| (case.documents, case.facts, edits))
        .unwrap_or_default();
    let corrections: Vec<Fact> = earlier_facts
        .iter()
        .filter(|f| f.source == FactSource::Correction)
        .cloned()
        .collect();
    earlier_documents.retain(|d| !read.iter().any(|r| r.file_name == d.source_name));

    let mut facts = manifest_facts;
    if facts.is_empty() {
        facts = earlier_facts
            .into_iter()
            .filter(|f| f.source == FactSource::Catalogue)
            .collect();
    }
    let mut documents = Vec::new();
    let read_facts = |file_name: &str, sha256: Option<&String>, pages: &[PageRecord]| {
        let file_sha256 = sha256.map(String::as_str).unwrap_or_default();
        extract(
            DocumentPages {
                file_name,
                file_sha256,
                pages,
            },
            vocabulary,
        )
    };
    for document in read {
        let sha256 = document.sha256.as_deref().unwrap_or_default();
        let pages = corrected(&edits, &document.pages, |page| {
            edits.apply_to_file(&document.file_name, sha256, page);
        });
        let extraction = read_facts(&document.file_name, document.sha256.as_ref(), &pages);
        facts.extend(extraction.facts);
        documents.push(DocumentRecord {
            ordinal: 0,
            title: title_of(&document.file_name),
            kind: extraction.kind,
            source_name: document.file_name.clone(),
            file_sha256: document.sha256.clone(),
            failure: document.failure.clone(),
            // The catalogue keeps pages by the hash of their file.
            pages: Vec::new(),
        });
    }
    for document in earlier_documents {
        facts.extend(read_kept(&document, content_id(&document).as_deref(), &edits, vocabulary).facts);
        // Imported text has no file: its pages go with it.
        let pages = if document.file_sha256.is_some() {
            Vec::new()
        } else {
            document.pages.clone()
        };
        documents.push(DocumentRecord { pages, ..document });
    }
    documents.sort_by(|a, b| natural_name(&a.source_name, &b.source_name));
    for (document, ordinal) in documents.iter_mut().zip(1..) {
        document.ordinal = ordinal;
    }
    weigh(&mut facts);
    compose(&mut facts, corrections, vocabulary);
    CaseRecord {
        archival_code,
        fields: CaseFields::resolve(&facts),
        facts,
        documents,
    }
}

/// What the rules find in a document that is kept, on its corrected lines. A text that never was a file is known by its
/// title.
fn read_kept(
    document: &DocumentRecord,
    content_id: Option<&str>,
    edits: &LineEdits,
    vocabulary: &Vocabulary,
) -> Extraction {
    let pages = corrected(edits, &document.pages, |page| {
        edits.apply_in_place(document.ordinal, page);
    });
    let named = [&document.source_name, &document.title]
        .into_iter()
        .find(|name| !name.is_empty());
    extract(
        DocumentPages {
            file_name: named.map(String::as_str).unwrap_or_default(),
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
                file_name: if document.source_name.is_empty() {
                    &document.title
                } else {
                    &document.source_name
                },
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

/// The pages with their corrected lines; the pages themselves when nothing was corrected.
fn corrected<'a>(edits: &LineEdits, pages: &'a [PageRecord], apply: impl Fn(&mut PageRecord)) -> Cow<'a, [PageRecord]> {
    if edits.is_empty() {
        return Cow::Borrowed(pages);
    }
    let mut pages = pages.to_vec();
    pages.iter_mut().for_each(apply);
    Cow::Owned(pages)
}

/// Fields that follow from others when nobody gives them: the region from the agency, a title from applicant and matter.
/// They follow from what people have corrected.
fn compose(facts: &mut Vec<Fact>, mut corrections: Vec<Fact>, vocabulary: &Vocabulary) {
    corrections.extend(facts.iter().cloned());
    let fields = CaseFields::resolve(&corrections);
    let derived = |field, value, origin: &str| Fact {
        field,
        value,
        as_read: None,
        source: FactSource::Extraction,
        origin: origin.to_owned(),
        evidence: None,
    };
    if fields.region.is_none()
        && let Some(region) = fields.agency.as_deref().and_then(|agency| vocabulary.region_of(agency))
    {
        facts.push(derived(FieldName::Region, region, "region.agency"));
    }
    if fields.title.is_none()
        && let Some(matter) = fields.matter
    {
        let title = format!("{}{matter}", fields.applicant_name.unwrap_or_default());
        facts.push(derived(FieldName::Title, title, "title.composed"));
    }
}

/// The file name without its extension and leading number: `03-行政许可决定书.pdf` → `行政许可决定书`.
fn title_of(file_name: &str) -> String {
    let stem = Path::new(file_name)
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    let title = stem.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | ' ' | '、'));
    if title.is_empty() { stem } else { title.to_owned() }
}

#[cfg(test)]
mod tests {
    use juanzong::record::{DocumentKind, Evidence};

    use super::*;

    fn document(name: &str) -> ReadDocument {
        ReadDocument {
            file_name: name.into(),
            sha256: Some("a".repeat(64)),
            failure: None,
            pages: Vec::new(),
        }
    }

    fn fact(source: FactSource) -> Fact {
        Fact {
            field: FieldName::Matter,
            value: "食品经营许可".into(),
            as_read: None,
            source,
            origin: "test".into(),
            evidence: None::<Evidence>,
        }
    }

    #[test]
    fn documents_that_were_there_stay_and_keep_their_place() {
        let code = ArchivalCode::parse("A-1-1").unwrap();
        let vocabulary = Vocabulary::default();
        let first = assemble(
            code.clone(),
            vec![fact(FactSource::Catalogue)],
            &[
                document("1-申请书.pdf"),
                document("10-送达回证.pdf"),
                document("2-决定书.pdf"),
            ],
            None,
            &vocabulary,
        );
        let titles: Vec<&str> = first.documents.iter().map(|d| d.title.as_str()).collect();
        assert_eq!(titles, ["申请书", "决定书", "送达回证"]);
        assert_eq!(first.documents[2].ordinal, 3);
        assert_eq!(first.documents[2].kind, DocumentKind::ServiceReceipt);
        let second = assemble(
            code,
            Vec::new(),
            &[document("2-决定书.pdf")],
            Some((first.clone(), LineEdits::default())),
            &vocabulary,
        );
        assert_eq!(second, first);
    }

    #[test]
    fn a_title_is_composed_when_nobody_gives_one() {
        let code = ArchivalCode::parse("A-1-1").unwrap();
        let case = assemble(
            code,
            vec![fact(FactSource::Catalogue)],
            &[],
            None,
            &Vocabulary::default(),
        );
        assert_eq!(case.fields.title.as_deref(), Some("食品经营许可"));
        assert_eq!(title_of("001.tif"), "001");
    }
}
