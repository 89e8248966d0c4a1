//! Kept results that are run again after the tables, or the index, have changed: the cause is named.

use std::time::{Duration, Instant};

use juanzong::access::VisibleCases;
use juanzong::archive::{Archive, ComparisonAnswer, Labels, ResultSetAnswer};

use crate::dictionaries::{reindex, reindex_without, write};
use crate::support::{TestArchive, case};

const OWNER: &str = "wangjian";

/// Two cases whose letters differ in one character, and one that has neither.
async fn archive() -> TestArchive {
    let archive = TestArchive::empty().await;
    for case in [
        case(1, "2019-05-07", "granted", "甲", &["龘记灶房一家"]),
        case(2, "2019-05-08", "granted", "乙", &["龖记伙房一家"]),
        case(3, "2019-05-09", "granted", "丙", &["别的一家"]),
    ] {
        archive.add(&case).await;
    }
    archive.index().await;
    archive
}

fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

async fn keep(opened: &Archive, q: &str) -> ResultSetAnswer {
    let view = opened.view(VisibleCases::all());
    let parameters = vec![("q".to_owned(), q.to_owned())];
    view.keep_result(OWNER, "一家", parameters, deadline()).await.unwrap()
}

async fn compare(opened: &Archive, kept: &ResultSetAnswer) -> ComparisonAnswer {
    let view = opened.view(VisibleCases::all());
    let compared = view.compare_result(OWNER, &kept.id, (0, 10), Labels::Chinese, deadline());
    compared.await.unwrap().unwrap()
}

/// Differences, causes and how many of each.
fn told(compared: &ComparisonAnswer) -> Vec<(&str, &str, u64)> {
    let counts = compared.counts.iter();
    counts
        .map(|count| (count.difference.as_str(), count.cause.as_str(), count.count))
        .collect()
}

#[tokio::test]
async fn a_change_of_the_dictionaries_is_the_cause_at_once_and_after_a_reindex() {
    let archive = archive().await;
    let opened = archive.open().await;
    let synonyms = keep(&opened, "灶房").await;
    let variants = keep(&opened, "龘记").await;
    assert_eq!((synonyms.count, variants.count), (1, 1));
    assert_eq!(told(&compare(&opened, &synonyms).await), [], "nothing has changed");

    write(&archive, "synonyms.tsv", "灶房\t伙房\n");
    write(&archive, "variants.tsv", "龘\t龖\n");
    assert!(opened.reload_dictionaries().unwrap());
    let compared = compare(&opened, &synonyms).await;
    assert_eq!(told(&compared), [("added", "dictionary", 1)]);
    assert_eq!(compared.counts[0].cause_label, "词典变化");
    assert_eq!(compared.generation, synonyms.generation);
    // What makes tokens counts when the index was made anew; the tables are the cause then as well.
    assert_eq!(told(&compare(&opened, &variants).await), []);
    reindex(&archive).await;
    assert!(opened.index().reload_if_changed().unwrap());
    for kept in [&synonyms, &variants] {
        let compared = compare(&opened, kept).await;
        assert_eq!(
            told(&compared),
            [("added", "dictionary", 1)],
            "{}",
            kept.parameters[0].1
        );
        assert_ne!(compared.generation, kept.generation);
    }

    // Taken back, the list is what it was, and so is its hash.
    for file in ["synonyms.tsv", "variants.tsv"] {
        write(&archive, file, "");
    }
    assert!(opened.reload_dictionaries().unwrap());
    reindex(&archive).await;
    assert!(opened.index().reload_if_changed().unwrap());
    for kept in [&synonyms, &variants] {
        let compared = compare(&opened, kept).await;
        assert_eq!((told(&compared), &compared.hash), (vec![], &kept.hash));
    }
}

#[tokio::test]
async fn a_new_generation_with_other_cases_is_the_cause_itself() {
    let archive = archive().await;
    // An index that lacks a case, as one that was damaged or made while a fault lasted.
    let lost = archive.catalogue().changed_since(0, 10).await.unwrap()[1].case_key;
    reindex_without(&archive, &[lost]).await;
    let opened = archive.open().await;
    let kept = keep(&opened, "一家").await;
    assert_eq!(kept.count, 2);

    // A generation of the same cases changes nothing.
    reindex_without(&archive, &[lost]).await;
    assert!(opened.index().reload_if_changed().unwrap());
    let compared = compare(&opened, &kept).await;
    assert_eq!((told(&compared), &compared.hash), (vec![], &kept.hash));
    assert_ne!(compared.generation, kept.generation);

    reindex(&archive).await;
    assert!(opened.index().reload_if_changed().unwrap());
    let compared = compare(&opened, &kept).await;
    assert_eq!(told(&compared), [("added", "index", 1)]);
    assert_eq!(
        (compared.counts[0].cause_label.as_str(), compared.count),
        ("索引变化", 3)
    );
    // And the other way round.
    let whole = keep(&opened, "一家").await;
    reindex_without(&archive, &[lost]).await;
    assert!(opened.index().reload_if_changed().unwrap());
    assert_eq!(told(&compare(&opened, &whole).await), [("removed", "index", 1)]);
}
