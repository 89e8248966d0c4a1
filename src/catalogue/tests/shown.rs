//! What search shows of cases is what the cases hold.

use super::*;
use crate::catalogue::TextsOfCase;

#[tokio::test]
async fn texts_of_several_cases_are_those_of_each() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    archive.register(&hash(1)).await;
    for number in 1..=4 {
        let text = page(number, &format!("第{number}页"));
        catalogue.save_page(&hash(1), &text).await.unwrap();
    }
    let phone = fact(FieldName::Phone, "13834567890", FactSource::Catalogue);
    let whole = document(1, "a.pdf", Some(hash(1)), vec![]);
    let mut keys = Vec::new();
    for (number, facts, documents) in [
        (
            1,
            vec![phone.clone()],
            vec![whole.clone(), document(2, "", None, vec![page(1, "附件")])],
        ),
        (2, vec![], vec![whole]),
        (3, vec![read_fact(FieldName::Agency, "甲局", 0.9), phone], vec![]),
    ] {
        keys.push(
            catalogue
                .save_case(&case(number, facts, documents))
                .await
                .unwrap()
                .case_key(),
        );
    }
    let line = Change::Line {
        document: 1,
        page: 2,
        line: 0,
        value: "更正的一行".into(),
        old: None,
    };
    let new = NewCorrection {
        change: line,
        ..correction(FieldName::Agency, "")
    };
    catalogue.correct(keys[1], &new).await.unwrap();
    catalogue
        .correct(keys[1], &correction(FieldName::Agency, "乙局"))
        .await
        .unwrap();
    // In any order, one of them unknown.
    let asked = [keys[2], 999, keys[1], keys[0]];
    for (offset, limit) in [(0, 20), (0, 2), (1, 3), (3, 20), (9, 1)] {
        let read = catalogue.texts_of_cases(&asked, offset, limit).await.unwrap();
        assert_eq!(read.len(), asked.len());
        for (key, texts) in asked.iter().zip(&read) {
            let Some(loaded) = catalogue.load_case(*key).await.unwrap() else {
                assert_eq!(*texts, TextsOfCase::default());
                continue;
            };
            let pages = loaded.documents.iter().flat_map(|document| {
                let place = (document.ordinal, document.kind);
                document
                    .pages
                    .iter()
                    .map(move |page| (place, page.number, page.text.text()))
            });
            let expected: Vec<_> = pages.skip(offset).take(limit).collect();
            let shown = texts.pages.iter();
            let shown: Vec<_> = shown
                .map(|page| ((page.address.document, page.kind), page.address.page, page.text.text()))
                .collect();
            assert_eq!(shown, expected);
            assert_eq!(texts.facts, catalogue.facts(*key).await.unwrap().unwrap());
        }
    }
    assert_eq!(catalogue.texts_of_cases(&[], 0, 20).await.unwrap(), []);
    let images = catalogue.with_images(&asked).await.unwrap();
    assert_eq!(images.into_iter().collect::<Vec<u64>>(), [keys[0], keys[1]]);
    // More than one statement takes.
    let many: Vec<u64> = (1..=150).collect();
    let read = catalogue.texts_of_cases(&many, 0, 20).await.unwrap();
    assert_eq!(
        (read.len(), read.iter().filter(|texts| !texts.pages.is_empty()).count()),
        (150, 2)
    );
}
