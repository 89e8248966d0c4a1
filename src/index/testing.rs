//! Invented cases for the tests of index and search.

use std::sync::LazyLock;
use std::time::Duration;

use crate::analysis::Analyser;
use crate::record::{
    ArchivalCode, CaseFields, CaseRecord, DocumentKind, DocumentRecord, FieldName, PageRecord, PageText, TextSource,
};

use super::{CaseChange, IndexDocument, WriterOptions};

/// One analyser for all tests of the process.
pub(crate) fn analyser() -> &'static Analyser {
    static ANALYSER: LazyLock<Analyser> = LazyLock::new(|| Analyser::builtin().unwrap());
    &ANALYSER
}

/// Small and without time limits, so that only the test decides when to commit.
pub(crate) fn options(batch_cases: usize) -> WriterOptions {
    WriterOptions {
        batch_cases,
        batch_time: Duration::from_secs(3_600),
        threads: 1,
        memory_per_thread: 15_000_000,
    }
}

/// A case with nothing but its archival code.
pub(crate) fn empty_case(code: &str) -> CaseRecord {
    CaseRecord {
        archival_code: ArchivalCode::parse(code).unwrap(),
        fields: CaseFields::default(),
        facts: Vec::new(),
        documents: Vec::new(),
    }
}

/// Sets fields from their text forms.
pub(crate) fn set(case: &mut CaseRecord, fields: &[(FieldName, &str)]) {
    for (field, value) in fields {
        assert!(case.fields.set(*field, value), "{}", field.code());
    }
}

/// Adds a document with these page texts, read with this confidence.
pub(crate) fn add_document(case: &mut CaseRecord, kind: DocumentKind, confidence: f32, pages: &[&str]) {
    let ordinal = u32::try_from(case.documents.len() + 1).unwrap();
    let pages = pages.iter().zip(1..).map(|(text, number)| PageRecord {
        number,
        width: 2480,
        height: 3508,
        dpi: Some(300),
        rotation: 0,
        skew: 0.0,
        confidence: Some(confidence),
        source: TextSource::Ocr,
        engine: "test".to_owned(),
        text: PageText::without_geometry(text),
        failure: None,
    });
    case.documents.push(DocumentRecord {
        ordinal,
        title: kind.label_zh().to_owned(),
        kind,
        source_name: format!("{ordinal}.pdf"),
        file_sha256: None,
        part: None,
        failure: None,
        pages: pages.collect(),
    });
}

/// The change that puts a case into the index.
pub(crate) fn put(case_key: u64, sequence: u64, case: &CaseRecord) -> CaseChange {
    CaseChange {
        case_key,
        sequence,
        document: Some(Box::new(IndexDocument::from_case(case, case_key))),
    }
}
