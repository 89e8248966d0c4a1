//! Many at once is the same as one after the other.

use proptest::prelude::*;

use super::model::any_case;
use super::*;
use crate::catalogue::{PackedCase, Saved, Taken, content_id};
use crate::record::{Correction, CorrectionSubject, Undo};

async fn with_files() -> Archive {
    let archive = Archive::new().await;
    for n in 1..4 {
        archive.register(&hash(n)).await;
    }
    archive
}

async fn save_packed(archive: &Archive, cases: &[CaseRecord]) -> Vec<Saved> {
    let packed: Vec<PackedCase> = cases
        .iter()
        .map(|case| PackedCase::new(case.clone()).unwrap())
        .collect();
    let packed: Vec<&PackedCase> = packed.iter().collect();
    archive.catalogue.save_packed(&packed).await.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn batches_leave_what_single_saves_leave(batches in prop::collection::vec(prop::collection::vec(any_case(), 1..5), 1..4)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (single, many) = (with_files().await, with_files().await);
            for (at, batch) in batches.iter().enumerate() {
                if at == 1 {
                    // A correction in between must survive in both.
                    for archive in [&single, &many] {
                        if let Some(case) = archive.catalogue.case_by_code(&batch[0].archival_code).await.unwrap() {
                            let correction = correction(FieldName::Title, "勘误");
                            archive.catalogue.correct(case.case_key, &correction).await.unwrap();
                        }
                    }
                }
                for case in batch {
                    single.catalogue.save_case(case).await.unwrap();
                }
                save_packed(&many, batch).await;
            }
            assert_eq!(many.catalogue.dump().await.unwrap(), single.catalogue.dump().await.unwrap());
            // And once more changes nothing, when the last of each code is what was saved.
            let sequence = many.catalogue.sequence().await.unwrap();
            let last: Vec<CaseRecord> = batches.last().unwrap().iter().rev().cloned().collect();
            for saved in save_packed(&many, &last[..1]).await {
                assert!(matches!(saved, Saved::Unchanged { .. }), "{saved:?}");
            }
            assert_eq!(many.catalogue.sequence().await.unwrap(), sequence);
            // Read for the index it is the case without its facts.
            let changes = many.catalogue.changed_since(0, 100).await.unwrap();
            let keys: Vec<u64> = changes.iter().map(|change| change.case_key).collect();
            let texts = many.catalogue.load_texts(&keys).await.unwrap();
            assert_eq!(texts.len(), keys.len());
            for (key, case) in texts {
                let whole = many.catalogue.load_case(key).await.unwrap().unwrap();
                assert_eq!(case, CaseRecord { facts: Vec::new(), ..whole });
            }
            for change in changes {
                let documents = many.catalogue.documents(change.case_key).await.unwrap();
                assert_eq!(change.pages, documents.iter().map(|d| u64::from(d.page_count)).sum::<u64>());
            }
        });
    }
}

#[tokio::test]
async fn a_line_correction_is_in_the_texts_for_the_index() {
    let archive = Archive::new().await;
    let given = case(
        1,
        vec![],
        vec![document(1, "", None, vec![PageRecord::imported(1, "准予许町\n第二行")])],
    );
    let key = save_packed(&archive, &[given]).await[0].case_key();
    let change = Change::Line {
        document: 1,
        page: 1,
        line: 0,
        value: "准予许可".into(),
        old: None,
    };
    let new = NewCorrection {
        change,
        ..correction(FieldName::Title, "")
    };
    archive.catalogue.correct(key, &new).await.unwrap();
    let (_, case) = archive.catalogue.load_texts(&[key]).await.unwrap().remove(0);
    assert_eq!(case.documents[0].pages[0].text.text(), "准予许可\n第二行");
    assert!(
        archive
            .catalogue
            .corrected_among(&[&code(1), &code(2)])
            .await
            .unwrap()
            .contains_key(code(1).as_str())
    );
}

#[tokio::test]
async fn content_has_one_name_wherever_it_is_asked_for() {
    let archive = with_files().await;
    let documents = vec![
        document(1, "", None, vec![PageRecord::imported(1, "甲"), page(2, "乙")]),
        document(2, "a.pdf", Some(hash(1)), vec![page(1, "丙")]),
        document(3, "", None, vec![]),
    ];
    let given = case(1, vec![], documents);
    let packed = PackedCase::new(given.clone()).unwrap();
    let key = save_packed(&archive, std::slice::from_ref(&given)).await[0].case_key();
    let kept = archive.catalogue.documents(key).await.unwrap();
    for ((document, kept), packed) in given.documents.iter().zip(kept).zip(packed.content_ids()) {
        assert_eq!(content_id(document), kept.content_id);
        assert_eq!(packed, kept.content_id.as_deref());
    }
}

#[tokio::test]
async fn corrections_of_an_export_are_taken_in_once_and_never_replace_those_that_are_there() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let key = save_packed(&archive, &[case(1, vec![], vec![])]).await[0].case_key();
    let made = |number, value: &str| Correction {
        number,
        subject: CorrectionSubject::Field(FieldName::Title),
        old: None,
        value: Some(value.into()),
        reason: None,
        author: "孙晓梅".into(),
        made_at: "2026-01-02T03:04:05Z".into(),
        undone: None,
    };
    let two = [made(1, "甲"), made(2, "乙")];
    assert_eq!(catalogue.take_corrections(key, &two[..1]).await.unwrap(), Taken::Added);
    assert_eq!(catalogue.take_corrections(key, &two).await.unwrap(), Taken::Added);
    let title = async || catalogue.load_case(key).await.unwrap().unwrap().fields.title;
    assert_eq!(title().await.as_deref(), Some("乙"));
    let sequence = catalogue.sequence().await.unwrap();
    for known in [&two[..], &two[..1], &[]] {
        assert_eq!(catalogue.take_corrections(key, known).await.unwrap(), Taken::Known);
    }
    assert_eq!(
        catalogue.take_corrections(key, &[made(1, "丙")]).await.unwrap(),
        Taken::Differ
    );
    assert_eq!(catalogue.sequence().await.unwrap(), sequence);
    assert_eq!(catalogue.corrections(key).await.unwrap(), two);
    // Undone elsewhere.
    let undo = Undo {
        reason: None,
        author: "孙晓梅".into(),
        undone_at: "2026-01-03T03:04:05Z".into(),
    };
    let undone = Correction {
        undone: Some(undo),
        ..two[1].clone()
    };
    let again = [two[0].clone(), undone];
    assert_eq!(catalogue.take_corrections(key, &again).await.unwrap(), Taken::Added);
    assert_eq!(title().await.as_deref(), Some("甲"));
    assert_eq!(catalogue.corrections(key).await.unwrap(), again);
}
