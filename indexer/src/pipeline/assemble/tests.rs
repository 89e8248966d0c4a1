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
    )
    .record;
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
    )
    .record;
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
    )
    .record;
    assert_eq!(case.fields.title.as_deref(), Some("食品经营许可"));
}
