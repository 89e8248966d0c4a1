//! Saving and loading cases.

use super::*;
use crate::catalogue::{CaseChange, Saved};

#[tokio::test]
async fn what_is_saved_is_loaded() {
    let archive = Archive::new().await;
    archive.register(&hash(1)).await;
    let facts = vec![
        fact(FieldName::Title, "某餐饮公司食品经营许可", FactSource::Catalogue),
        read_fact(FieldName::DocumentNumber, "灵食许〔2019〕444号", 0.7),
        read_fact(FieldName::DecidedOn, "2019-05-07", 0.9),
    ];
    let documents = vec![
        document(1, "a.pdf", Some(hash(1)), vec![page(1, "准予许可"), failed_page(2)]),
        document(2, "", None, vec![page(1, "导入的文字")]),
        DocumentRecord {
            failure: Some("encrypted".into()),
            ..document(3, "c.pdf", None, vec![])
        },
    ];
    let given = case(1, facts, documents);
    let saved = archive.catalogue.save_case(&given).await.unwrap();
    assert_eq!(
        saved,
        Saved::Created {
            case_key: saved.case_key(),
            sequence: 1
        }
    );
    assert_eq!(
        archive.catalogue.load_case(saved.case_key()).await.unwrap(),
        Some(given.clone())
    );

    let page = archive.catalogue.page(saved.case_key(), 1, 2).await.unwrap();
    assert_eq!(page, Some(failed_page(2)));
    assert_eq!(archive.catalogue.page(saved.case_key(), 1, 3).await.unwrap(), None);
    let addresses = archive.catalogue.page_addresses(saved.case_key()).await.unwrap();
    let places: Vec<_> = addresses.iter().map(|a| (a.document, a.page)).collect();
    assert_eq!(places, [(1, 1), (1, 2), (2, 1)]);
    assert_eq!(addresses[0].content_id, hash(1));
    assert_eq!(archive.catalogue.load_case(99).await.unwrap(), None);
}

#[tokio::test]
async fn saving_the_same_again_changes_nothing() {
    let mut archive = Archive::new().await;
    archive.register(&hash(1)).await;
    let given = case(
        1,
        vec![fact(FieldName::Agency, "灵丘县市场监督管理局", FactSource::Catalogue)],
        vec![
            document(1, "a.pdf", Some(hash(1)), vec![page(1, "甲")]),
            document(2, "", None, vec![page(1, "乙")]),
        ],
    );
    let first = archive.catalogue.save_case(&given).await.unwrap();
    let before = archive.catalogue.dump().await.unwrap();
    archive.reopen().await;
    let loaded = archive.catalogue.load_case(first.case_key()).await.unwrap().unwrap();
    for again in [given, loaded] {
        let saved = archive.catalogue.save_case(&again).await.unwrap();
        assert_eq!(
            saved,
            Saved::Unchanged {
                case_key: first.case_key(),
                sequence: 1
            }
        );
    }
    assert_eq!(archive.catalogue.sequence().await.unwrap(), 1);
    assert_eq!(archive.catalogue.dump().await.unwrap(), before);
}

#[tokio::test]
async fn pages_kept_before_the_case_are_shown_and_noticed() {
    let archive = Archive::new().await;
    archive.register(&hash(1)).await;
    archive.catalogue.save_page(&hash(1), &page(1, "甲")).await.unwrap();
    let given = case(1, vec![], vec![document(1, "a.pdf", Some(hash(1)), vec![])]);
    let key = archive.catalogue.save_case(&given).await.unwrap().case_key();
    archive.catalogue.save_page(&hash(1), &page(2, "乙")).await.unwrap();
    let saved = archive.catalogue.save_case(&given).await.unwrap();
    assert_eq!(
        saved,
        Saved::Changed {
            case_key: key,
            sequence: 2
        }
    );
    let loaded = archive.catalogue.load_case(key).await.unwrap().unwrap();
    assert_eq!(loaded.documents[0].pages, [page(1, "甲"), page(2, "乙")]);
    // A page that is read again with another result is a change of the case.
    archive.catalogue.save_page(&hash(1), &page(2, "丙")).await.unwrap();
    assert_eq!(archive.catalogue.save_case(&given).await.unwrap().sequence(), 3);
}

#[tokio::test]
async fn a_part_of_a_file_keeps_the_page_numbers_of_the_file() {
    let archive = Archive::new().await;
    archive.register(&hash(1)).await;
    let documents = vec![
        document(1, "all.pdf", Some(hash(1)), vec![page(1, "一"), page(2, "二")]),
        document(2, "all.pdf", Some(hash(1)), vec![page(3, "三")]),
    ];
    let given = case(1, vec![], documents);
    let key = archive.catalogue.save_case(&given).await.unwrap().case_key();
    assert_eq!(archive.catalogue.load_case(key).await.unwrap(), Some(given));
    assert_eq!(archive.catalogue.page(key, 2, 3).await.unwrap(), Some(page(3, "三")));
    assert_eq!(archive.catalogue.page(key, 2, 1).await.unwrap(), None);
    assert_eq!(archive.catalogue.page(key, 1, 3).await.unwrap(), None);
}

fn part(ordinal: u32, sha256: String, first_page: u32, page_count: u32) -> DocumentRecord {
    DocumentRecord {
        part: Some(PageSpan { first_page, page_count }),
        ..document(ordinal, "all.pdf", Some(sha256), vec![])
    }
}

/// Pages, version and position of each document.
async fn shown(catalogue: &Catalogue, key: u64) -> Vec<(u32, u32, u32)> {
    let documents = catalogue.documents(key).await.unwrap();
    documents
        .iter()
        .map(|d| (d.first_page, d.page_count, d.version))
        .collect()
}

#[tokio::test]
async fn a_file_divided_in_another_way_is_no_new_version_and_other_bytes_are_one() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    for n in 1..=2 {
        archive.register(&hash(n)).await;
        for number in 1..=4 {
            catalogue.save_page(&hash(n), &page(number, "甲")).await.unwrap();
        }
    }
    let two = case(1, vec![], vec![part(1, hash(1), 1, 2), part(2, hash(1), 3, 2)]);
    let three = case(
        1,
        vec![],
        vec![part(1, hash(1), 1, 1), part(2, hash(1), 2, 1), part(3, hash(1), 3, 2)],
    );
    let key = catalogue.save_case(&two).await.unwrap().case_key();
    let loaded = catalogue.load_case(key).await.unwrap().unwrap();
    assert_eq!(loaded.documents[1].part, two.documents[1].part);
    let numbers: Vec<u32> = loaded.documents[1].pages.iter().map(|page| page.number).collect();
    assert_eq!(numbers, [3, 4]);
    catalogue.save_case(&three).await.unwrap();
    assert_eq!(shown(catalogue, key).await, [(1, 1, 1), (2, 1, 1), (3, 2, 1)]);
    let whole = case(1, vec![], vec![document(1, "all.pdf", Some(hash(1)), vec![])]);
    catalogue.save_case(&whole).await.unwrap();
    assert_eq!(shown(catalogue, key).await, [(1, 4, 1)]);
    catalogue.save_case(&two).await.unwrap();
    assert_eq!(catalogue.document_versions(key).await.unwrap(), []);
    // Other bytes: all parts are the next version, however many there are.
    let other = case(
        1,
        vec![],
        vec![part(1, hash(2), 1, 1), part(2, hash(2), 2, 1), part(3, hash(2), 3, 2)],
    );
    catalogue.save_case(&other).await.unwrap();
    assert_eq!(shown(catalogue, key).await, [(1, 1, 2), (2, 1, 2), (3, 2, 2)]);
    assert_eq!(catalogue.document_versions(key).await.unwrap().len(), 2);
    // And back: versions only go up.
    catalogue.save_case(&two).await.unwrap();
    assert_eq!(shown(catalogue, key).await, [(1, 2, 3), (3, 2, 3)]);
    let none = catalogue
        .save_case(&case(1, vec![], vec![part(1, hash(1), 0, 2)]))
        .await;
    assert!(none.is_err(), "pages count from 1");
}

#[tokio::test]
async fn changed_bytes_make_a_new_version() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    for n in 1..=3 {
        archive.register(&hash(n)).await;
    }
    let with = |n: u8| case(1, vec![], vec![document(1, "a.pdf", Some(hash(n)), vec![])]);
    let key = catalogue.save_case(&with(1)).await.unwrap().case_key();
    catalogue.save_case(&with(2)).await.unwrap();
    catalogue.save_case(&case(1, vec![], vec![])).await.unwrap();
    catalogue.save_case(&with(3)).await.unwrap();
    let versions = catalogue.document_versions(key).await.unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|v| (v.version, v.file_sha256.clone(), v.superseded_by.clone()))
        .collect();
    assert_eq!(told, [(1, Some(hash(1)), Some(hash(2))), (2, Some(hash(2)), None)]);
    let documents = catalogue.documents(key).await.unwrap();
    assert_eq!((documents[0].version, documents[0].page_count), (3, 2));
    // A move inside the case is no new version.
    let moved = case(1, vec![], vec![document(2, "a.pdf", Some(hash(3)), vec![])]);
    catalogue.save_case(&moved).await.unwrap();
    assert_eq!(catalogue.documents(key).await.unwrap()[0].version, 3);
    assert_eq!(catalogue.document_versions(key).await.unwrap().len(), 2);
}

#[tokio::test]
async fn corrections_win_and_survive_a_new_reading() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let read = |agency: &str| case(1, vec![read_fact(FieldName::Agency, agency, 0.99)], vec![]);
    let key = catalogue.save_case(&read("甲局")).await.unwrap().case_key();
    for agency in ["乙局", "丙局"] {
        catalogue
            .correct(key, &correction(FieldName::Agency, agency))
            .await
            .unwrap();
    }
    catalogue.save_case(&read("丁局")).await.unwrap();
    let loaded = catalogue.load_case(key).await.unwrap().unwrap();
    assert_eq!(
        loaded.fields.agency.as_deref(),
        Some("丙局"),
        "the latest correction wins"
    );
    let told: Vec<_> = loaded.facts.iter().map(|f| (f.source, f.value.as_str())).collect();
    let expected = [
        (FactSource::Correction, "丙局"),
        (FactSource::Correction, "乙局"),
        (FactSource::Extraction, "丁局"),
    ];
    assert_eq!(told, expected);
    // Saving a loaded case must not double its corrections.
    assert!(matches!(
        catalogue.save_case(&loaded).await.unwrap(),
        Saved::Unchanged { .. }
    ));
}

#[tokio::test]
async fn every_field_has_its_column() {
    let archive = Archive::new().await;
    let facts: Vec<Fact> = FieldName::ALL
        .iter()
        .map(|name| {
            let value = match name {
                FieldName::Region => "140224".to_owned(),
                FieldName::Outcome => "granted".to_owned(),
                FieldName::Retention => "D30".to_owned(),
                FieldName::SecurityClass => "public".to_owned(),
                FieldName::ApplicantKind => "person".to_owned(),
                FieldName::DocumentNumber => "灵食许〔2019〕1号".to_owned(),
                name if name.code().ends_with("_on") || name.code().starts_with("valid") => {
                    format!("2019-05-{:02}", name.code().len())
                }
                name => format!("值{}", name.code()),
            };
            fact(*name, &value, FactSource::Catalogue)
        })
        .collect();
    let mut given = case(1, facts, vec![]);
    let key = archive.catalogue.save_case(&given).await.unwrap().case_key();
    assert_eq!(
        archive.catalogue.load_case(key).await.unwrap().unwrap().fields,
        given.fields
    );
    // And the same through an update.
    given.facts.rotate_left(1);
    given
        .facts
        .push(fact(FieldName::Title, "后来的", FactSource::Catalogue));
    given.fields = CaseFields::resolve(&given.facts);
    archive.catalogue.save_case(&given).await.unwrap();
    assert_eq!(archive.catalogue.load_case(key).await.unwrap(), Some(given));
}

#[tokio::test]
async fn changes_come_in_their_order_and_in_portions() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let with_title = |n, title: &str| case(n, vec![fact(FieldName::Title, title, FactSource::Catalogue)], vec![]);
    let first = with_title(1, "甲");
    let keys: Vec<u64> = catalogue
        .save_cases(&[first, with_title(2, "乙"), with_title(3, "丙")])
        .await
        .unwrap()
        .into_iter()
        .map(Saved::case_key)
        .collect();
    catalogue.save_case(&with_title(1, "丁")).await.unwrap();
    catalogue.set_withdrawn(keys[1], true).await.unwrap();
    let change = |case_key, sequence, withdrawn| CaseChange {
        case_key,
        sequence,
        withdrawn,
        pages: 0,
    };
    let expected = [
        change(keys[2], 3, false),
        change(keys[0], 4, false),
        change(keys[1], 5, true),
    ];
    assert_eq!(catalogue.changed_since(0, 100).await.unwrap(), expected);
    assert_eq!(catalogue.changed_since(0, 1).await.unwrap(), expected[..1]);
    assert_eq!(catalogue.changed_since(3, 100).await.unwrap(), expected[1..]);
    assert_eq!(catalogue.changed_since(u64::MAX, 100).await.unwrap(), []);

    // A withdrawn case does not come back by being read again.
    catalogue.save_case(&with_title(2, "新")).await.unwrap();
    assert!(catalogue.case_by_code(&code(2)).await.unwrap().unwrap().withdrawn);
    assert_eq!(catalogue.counts().await.unwrap().cases_withdrawn, 1);
    assert_eq!(catalogue.set_withdrawn(keys[1], true).await.unwrap().sequence(), 6);
}

#[tokio::test]
async fn a_case_that_cannot_be_kept_leaves_nothing_behind() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let good = case(1, vec![], vec![document(1, "", None, vec![page(1, "甲")])]);
    let twice = case(
        2,
        vec![],
        vec![document(1, "", None, vec![page(1, "甲"), page(1, "乙")])],
    );
    let zero = case(2, vec![], vec![document(0, "", None, vec![])]);
    let unknown = case(2, vec![], vec![document(1, "a", Some(hash(9)), vec![])]);
    let no_hash = case(2, vec![], vec![document(1, "a", Some("../../x".into()), vec![])]);
    let page_zero = case(2, vec![], vec![document(1, "", None, vec![page(0, "甲")])]);
    for bad in [twice, zero, unknown, no_hash, page_zero] {
        let saved = catalogue.save_cases(&[good.clone(), bad]).await;
        assert_eq!(saved.unwrap_err().kind(), crate::catalogue::Kind::Invalid);
        assert_eq!(catalogue.dump().await.unwrap(), "");
        assert_eq!(catalogue.sequence().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn public_identifiers_stay_and_tell_nothing() {
    let mut archive = Archive::new().await;
    archive
        .catalogue
        .save_cases(&[case(1, vec![], vec![]), case(2, vec![], vec![])])
        .await
        .unwrap();
    let id = archive.catalogue.case_by_code(&code(1)).await.unwrap().unwrap().case_id;
    assert_eq!(id.len(), 20);
    archive.reopen().await;
    let found = archive.catalogue.case_by_id(&id).await.unwrap().unwrap();
    assert_eq!(found.archival_code, code(1));
    assert_eq!(archive.catalogue.case_by_id("").await.unwrap(), None);
    // Another archive gives the same case another identifier.
    let other = Archive::new().await;
    other.catalogue.save_case(&case(1, vec![], vec![])).await.unwrap();
    assert_ne!(
        other.catalogue.case_by_code(&code(1)).await.unwrap().unwrap().case_id,
        id
    );
    assert_eq!(other.catalogue.case_by_id(&id).await.unwrap(), None);
}

#[tokio::test]
async fn summaries_keep_the_order_asked_for() {
    let archive = Archive::new().await;
    let cases: Vec<CaseRecord> = (1..=5).map(|n| case(n, vec![], vec![])).collect();
    let saved = archive.catalogue.save_cases(&cases).await.unwrap();
    let wanted = [saved[3].case_key(), 1000, saved[0].case_key()];
    let found = archive.catalogue.summaries(&wanted).await.unwrap();
    let codes: Vec<_> = found.into_iter().map(|s| s.archival_code).collect();
    assert_eq!(codes, [code(4), code(1)]);
    assert_eq!(archive.catalogue.summaries(&[]).await.unwrap(), []);
}
