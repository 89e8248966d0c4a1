//! The review queue as the catalogue keeps it.

use super::*;
use crate::access::VisibleCases;
use crate::catalogue::{ReviewFilter, ReviewItem};
use crate::review::ReviewReason;

async fn queue(archive: &Archive, filter: &ReviewFilter) -> Vec<ReviewItem> {
    let (total, items) = archive
        .catalogue
        .reviews(filter, &VisibleCases::all(), 0, 100)
        .await
        .unwrap();
    assert_eq!(total, items.len() as u64);
    items
}

fn told(items: &[ReviewItem]) -> Vec<(ReviewReason, Option<FieldName>)> {
    items.iter().map(|item| (item.reason, item.field)).collect()
}

/// Everything a case should have.
fn complete() -> Vec<Fact> {
    [
        (FieldName::Agency, "灵丘县市场监督管理局"),
        (FieldName::Matter, "食品经营许可"),
        (FieldName::DocumentNumber, "灵食许〔2019〕444号"),
        (FieldName::Outcome, "granted"),
        (FieldName::DecidedOn, "2019-05-07"),
        (FieldName::ApplicantName, "赵小满"),
    ]
    .map(|(field, value)| fact(field, value, FactSource::Catalogue))
    .to_vec()
}

fn without(field: FieldName) -> Vec<Fact> {
    complete().into_iter().filter(|f| f.field != field).collect()
}

fn checked(review: &str) -> NewCorrection {
    NewCorrection {
        change: Change::Checked { review: review.into() },
        author: "孙晓梅".into(),
        reason: None,
    }
}

#[tokio::test]
async fn the_queue_is_ranked_filtered_paged_and_leaves_withdrawn_cases_out() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let mut other = without(FieldName::Agency);
    other.push(fact(FieldName::Agency, "广灵县自然资源局", FactSource::Catalogue));
    other.retain(|f| f.field != FieldName::DecidedOn);
    other.push(fact(FieldName::DecidedOn, "2020-01-02", FactSource::Catalogue));
    other.push(fact(
        FieldName::ApplicantIdNumber,
        "140224199001011235",
        FactSource::Catalogue,
    ));
    catalogue
        .save_case(&case(1, without(FieldName::Matter), vec![]))
        .await
        .unwrap();
    catalogue
        .save_case(&case(2, without(FieldName::Outcome), vec![]))
        .await
        .unwrap();
    let third = catalogue.save_case(&case(3, other, vec![])).await.unwrap().case_key();
    catalogue.save_case(&case(4, complete(), vec![])).await.unwrap();
    let all = queue(&archive, &ReviewFilter::default()).await;
    assert_eq!(
        told(&all),
        [
            (ReviewReason::CheckDigit, Some(FieldName::ApplicantIdNumber)),
            (ReviewReason::MissingField, Some(FieldName::Outcome)),
            (ReviewReason::MissingField, Some(FieldName::Matter)),
        ]
    );
    let (total, second) = catalogue
        .reviews(&ReviewFilter::default(), &VisibleCases::all(), 1, 1)
        .await
        .unwrap();
    assert_eq!((total, &second[..]), (3, &all[1..2]));
    for (filter, expected) in [
        (
            ReviewFilter {
                reasons: vec![ReviewReason::MissingField],
                ..ReviewFilter::default()
            },
            2,
        ),
        (
            ReviewFilter {
                year: Some(2020),
                ..ReviewFilter::default()
            },
            1,
        ),
        (
            ReviewFilter {
                agency: Some("灵丘县市场监督管理局".into()),
                ..ReviewFilter::default()
            },
            2,
        ),
        (
            ReviewFilter {
                year: Some(2020),
                agency: Some("灵丘县市场监督管理局".into()),
                ..ReviewFilter::default()
            },
            0,
        ),
    ] {
        assert_eq!(queue(&archive, &filter).await.len(), expected, "{filter:?}");
    }
    catalogue.set_withdrawn(third, true).await.unwrap();
    assert_eq!(queue(&archive, &ReviewFilter::default()).await, all[1..]);
    catalogue.set_withdrawn(third, false).await.unwrap();
    assert_eq!(queue(&archive, &ReviewFilter::default()).await, all);
}

#[tokio::test]
async fn a_correction_settles_a_doubt_and_its_undoing_brings_it_back() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let given = case(1, without(FieldName::Outcome), vec![]);
    let key = catalogue.save_case(&given).await.unwrap().case_key();
    let before = queue(&archive, &ReviewFilter::default()).await;
    assert_eq!(told(&before), [(ReviewReason::MissingField, Some(FieldName::Outcome))]);
    catalogue
        .correct(key, &correction(FieldName::Outcome, "准予"))
        .await
        .unwrap();
    assert_eq!(queue(&archive, &ReviewFilter::default()).await, []);
    catalogue.save_case(&given).await.unwrap();
    assert_eq!(queue(&archive, &ReviewFilter::default()).await, []);
    catalogue.undo_correction(key, 1, "李文", None).await.unwrap();
    assert_eq!(queue(&archive, &ReviewFilter::default()).await, before);
}

#[tokio::test]
async fn what_was_checked_stays_away_until_it_is_another_doubt() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    archive.register(&hash(1)).await;
    let with_number = |number: &str| {
        let mut facts = complete();
        facts.push(read_fact(FieldName::ApplicantIdNumber, number, 0.95));
        case(1, facts, vec![document(1, "a.pdf", Some(hash(1)), vec![])])
    };
    catalogue
        .save_page(&hash(1), &page(1, &"许可".repeat(20)))
        .await
        .unwrap();
    let key = catalogue
        .save_case(&with_number("140224199001011235"))
        .await
        .unwrap()
        .case_key();
    let doubts = queue(&archive, &ReviewFilter::default()).await;
    assert_eq!(doubts[0].reason, ReviewReason::CheckDigit);
    assert_eq!(doubts[0].evidence[0].page, Some(1));
    let sequence = catalogue.sequence().await.unwrap();
    let made = catalogue.correct(key, &checked(&doubts[0].subject)).await.unwrap();
    assert_eq!(queue(&archive, &ReviewFilter::default()).await, []);
    assert_eq!(catalogue.sequence().await.unwrap(), sequence, "the index need not know");
    // Read anew with the same result it stays checked; another wrong number is another doubt.
    catalogue
        .save_page(&hash(1), &page(1, &"许可".repeat(21)))
        .await
        .unwrap();
    catalogue.save_case(&with_number("140224199001011235")).await.unwrap();
    assert_eq!(queue(&archive, &ReviewFilter::default()).await, []);
    catalogue.save_case(&with_number("140224199001011236")).await.unwrap();
    let other = queue(&archive, &ReviewFilter::default()).await;
    assert_eq!(other.len(), 1);
    assert_ne!(other[0].subject, doubts[0].subject);
    catalogue.save_case(&with_number("140224199001011235")).await.unwrap();
    catalogue.undo_correction(key, made.number, "李文", None).await.unwrap();
    assert_eq!(queue(&archive, &ReviewFilter::default()).await, doubts);
}

#[tokio::test]
async fn a_lost_line_is_in_the_queue() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    archive.register(&hash(1)).await;
    let text = "灵食许〔2019〕44号关于食品经营许可的决定书";
    catalogue.save_page(&hash(1), &page(1, text)).await.unwrap();
    let given = case(1, complete(), vec![document(1, "a.pdf", Some(hash(1)), vec![])]);
    let key = catalogue.save_case(&given).await.unwrap().case_key();
    let change = Change::Line {
        document: 1,
        page: 1,
        line: 0,
        value: "灵食许〔2019〕444号关于食品经营许可的决定书".into(),
        old: None,
    };
    let new = NewCorrection {
        change,
        ..correction(FieldName::Title, "")
    };
    catalogue.correct(key, &new).await.unwrap();
    assert_eq!(queue(&archive, &ReviewFilter::default()).await, []);
    let other = "这一页重新识别之后文字完全变了所以找不到那一行了";
    catalogue.save_page(&hash(1), &page(1, other)).await.unwrap();
    catalogue.save_case(&given).await.unwrap();
    let lost = queue(&archive, &ReviewFilter::default()).await;
    assert_eq!(told(&lost), [(ReviewReason::CorrectionUnplaced, None)]);
    assert_eq!((lost[0].evidence[0].document, lost[0].evidence[0].page), (1, Some(1)));
}
