//! Going on behind the last hit.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::corpus::{archive, made};
use crate::index::testing::{analyser, options, put};
use crate::index::{CaseChange, CaseIndex, CaseIndexWriter};
use crate::record::FieldName;
use crate::search::{ErrorKind, FoundCases, SearchRequest, Searcher, VisibleCases};

fn find(searcher: &Searcher, pairs: &[(&str, &str)]) -> FoundCases {
    let request = SearchRequest::from_pairs(pairs.iter().copied()).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    searcher.find(&request, &VisibleCases::all(), deadline).unwrap()
}

#[test]
fn walking_on_gives_the_whole_list() {
    let searcher = &archive().searcher;
    for (query, sort) in [
        ("", "date"),
        ("", "date_asc"),
        ("", "number"),
        ("", "relevance"),
        ("申请", "relevance"),
        ("许可 -龘", "relevance"),
        ("灵丘县市场监督管理局 或 采伐许可", "relevance"),
        ("食品经营许可证核发 或 采伐许可河道采砂", "relevance"),
        ("食品经营许可证核发 或 采伐许可河道采砂", "number"),
        ("龘", "relevance"),
    ] {
        let search = [("q", query), ("sort", sort)];
        let whole = find(searcher, &[search[0], search[1], ("size", "100")]);
        let keys: Vec<u64> = whole.keys().collect();
        assert_eq!((keys.len() as u64, whole.next()), (whole.total(), None));
        for size in [1_usize, 7, 25, 60] {
            let size = size.to_string();
            let mut walked = Vec::new();
            let mut after = String::new();
            loop {
                let part = find(searcher, &[search[0], search[1], ("size", &size), ("after", &after)]);
                assert_eq!(part.total(), whole.total());
                walked.extend(part.keys());
                match part.next() {
                    Some(next) => next.clone_into(&mut after),
                    None => break,
                }
                assert!(walked.len() < keys.len(), "there is more behind the end");
            }
            assert_eq!(walked, keys, "{query} {sort} {size}");
        }
    }
}

#[test]
fn a_page_by_number_can_be_gone_on_from() {
    let search = |more: &[(&str, &str)]| {
        let mut pairs = vec![("sort", "number"), ("size", "10")];
        pairs.extend(more);
        find(&archive().searcher, &pairs)
    };
    let second = search(&[("page", "2")]);
    let third = search(&[("after", second.next().unwrap())]);
    assert_eq!(
        third.keys().collect::<Vec<_>>(),
        search(&[("page", "3")]).keys().collect::<Vec<_>>()
    );
}

#[test]
fn what_is_no_cursor_of_the_search_is_refused() {
    let pairs = [("q", "申请"), ("sort", "date"), ("size", "5")];
    let next = find(&archive().searcher, &pairs).next().unwrap().to_owned();
    let refused = |pairs: &[(&str, &str)]| {
        let error = SearchRequest::from_pairs(pairs.iter().copied()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        error.code()
    };
    let with = |after: &str| refused(&[("q", "申请"), ("sort", "date"), ("after", after)]);
    // Each digit of it counts.
    for at in 0..next.len() {
        let mut other: Vec<char> = next.chars().collect();
        other[at] = if other[at] == '0' { '1' } else { '0' };
        assert_eq!(with(&String::from_iter(other)), "invalid_cursor", "{at}");
    }
    let long = "0".repeat(100_000);
    let (front, back) = next.split_at(2);
    for after in ["0", "00", "next", "１２", front, back, &long] {
        assert_eq!(with(after), "invalid_cursor");
    }
    // Another search.
    for other in [
        vec![("q", "许可"), ("sort", "date")],
        vec![("q", "申请"), ("sort", "number")],
        vec![("q", "申请"), ("sort", "date"), ("year", "2019")],
        vec![("q", "申请"), ("sort", "date"), ("from", "2019-01-01")],
        vec![("q", "申请"), ("sort", "date"), ("expand", "false")],
    ] {
        let mut pairs = other;
        pairs.push(("after", &next));
        assert_eq!(refused(&pairs), "invalid_cursor");
    }
    assert_eq!(
        refused(&[("q", "申请"), ("sort", "date"), ("after", &next), ("page", "2")]),
        "page_and_cursor"
    );
    // Another size, other facets, other blanks are the same search.
    let same = [
        ("q", " 申请"),
        ("sort", "date"),
        ("after", &next),
        ("size", "7"),
        ("facets", "all"),
    ];
    assert!(SearchRequest::from_pairs(same).is_ok());
}

/// Cases of two kinds, so that many have the same score, the same date, the same number.
fn case(key: u64, variant: u64) -> CaseChange {
    let date = format!("20{:02}-01-01", 10 + variant % 4);
    let number = format!("晋字〔2019〕{}号", 1 + variant % 5);
    let mut fields = vec![];
    if !variant.is_multiple_of(7) {
        fields.push((FieldName::DecidedOn, date.as_str()));
    }
    if !variant.is_multiple_of(6) {
        fields.push((FieldName::DocumentNumber, number.as_str()));
    }
    if variant.is_multiple_of(3) {
        fields.push((FieldName::Title, "采砂许可"));
    }
    let serial = u32::try_from(key).unwrap();
    let page = ["准予采砂许可", "采砂许可申请，采砂许可"][usize::from(variant.is_multiple_of(2))];
    put(key, key, &made(serial, &fields, &[page]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Every case that is there from the first page to the last is shown once, none twice, whatever is written and
    /// merged between two pages.
    #[test]
    fn commits_and_merges_move_no_case_to_another_page(
        variants in proptest::collection::vec(0_u64..420, 60..90),
        writes in proptest::collection::vec(proptest::collection::vec((0_u64..420, any::<bool>()), 0..12), 1..8),
        size in 3_usize..14,
        sort in proptest::sample::select(vec!["date", "date_asc", "number", "relevance"]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(7)).unwrap();
        let mut there: BTreeSet<u64> = BTreeSet::new();
        for (key, variant) in (1..).zip(&variants) {
            writer.apply(case(key, *variant)).unwrap();
            there.insert(key);
        }
        writer.commit().unwrap();
        let index = CaseIndex::open(folder.path(), analyser()).unwrap();
        let searcher = Searcher::new(index.clone());
        let size = size.to_string();
        let (mut walked, mut after) = (Vec::new(), String::new());
        let mut sequence = 1_000;
        for round in 0.. {
            prop_assert!(round < 200, "the walk does not end");
            let pairs = [("q", "采砂"), ("sort", sort), ("size", size.as_str()), ("after", after.as_str())];
            let part = find(&searcher, &pairs);
            walked.extend(part.keys());
            let Some(next) = part.next() else { break };
            next.clone_into(&mut after);
            for (variant, added) in writes.get(round).into_iter().flatten() {
                sequence += 1;
                let change = match added {
                    true => CaseChange { sequence, ..case(sequence, *variant) },
                    // Taken away from anywhere: behind or before the place, also the last one shown.
                    false => {
                        let case_key = variant % u64::try_from(variants.len()).unwrap() + 1;
                        there.remove(&case_key);
                        CaseChange { case_key, sequence, document: None }
                    }
                };
                writer.apply(change).unwrap();
            }
            writer.commit().unwrap();
            index.reload_if_changed().unwrap();
        }
        let once: BTreeSet<u64> = walked.iter().copied().collect();
        prop_assert_eq!(once.len(), walked.len(), "a case is shown twice");
        prop_assert!(there.is_subset(&once), "missing: {:?}", there.difference(&once));
    }
}
