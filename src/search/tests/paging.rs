//! Orders and pages.

use super::corpus::{Archive, archive, cases};
use crate::search::SearchResponse;

fn ids(response: &SearchResponse) -> Vec<String> {
    response.hits.iter().map(|hit| hit.case_id.clone()).collect()
}

#[test]
fn pages_hold_every_hit_once() {
    let archive = archive();
    for (query, sort) in [
        ("", "date"),
        ("", "date_asc"),
        ("", "number"),
        ("", "relevance"),
        ("申请", "relevance"),
        ("许可 -龘", "relevance"),
        ("食品经营许可证核发 或 采伐许可河道采砂", "relevance"),
        ("食品经营许可证核发 或 采伐许可河道采砂", "number"),
    ] {
        let whole = archive.search(&[("q", query), ("sort", sort), ("size", "100")]);
        assert_eq!(whole.total, whole.hits.len() as u64);
        for size in [1_usize, 7, 25] {
            let mut paged = Vec::new();
            for page in 1..=60_usize.div_ceil(size) + 1 {
                let (page, size) = (page.to_string(), size.to_string());
                let part = archive.search(&[("q", query), ("sort", sort), ("size", &size), ("page", &page)]);
                assert_eq!(part.total, whole.total);
                paged.extend(ids(&part));
            }
            assert_eq!(paged, ids(&whole), "{query} {sort} {size}");
        }
    }
}

#[test]
fn the_order_does_not_depend_on_the_segments() {
    // Another archive of the same cases, whose segments were merged in their own time.
    let other = Archive::new(cases());
    for sort in ["date", "date_asc", "number"] {
        let pairs = [("sort", sort), ("size", "100")];
        assert_eq!(ids(&archive().search(&pairs)), ids(&other.search(&pairs)), "{sort}");
    }
}

#[test]
fn cases_without_a_value_come_last() {
    let archive = archive();
    let missing_last = |flags: Vec<bool>| flags.windows(2).all(|pair| pair[0] <= pair[1]);
    for sort in ["date", "date_asc"] {
        let response = archive.search(&[("sort", sort), ("size", "100")]);
        assert!(
            missing_last(response.hits.iter().map(|hit| hit.decided_on.is_none()).collect()),
            "{sort}"
        );
    }
    let response = archive.search(&[("sort", "number"), ("size", "100")]);
    assert!(missing_last(
        response.hits.iter().map(|hit| hit.document_number.is_none()).collect()
    ));
    let numbers: Vec<_> = response
        .hits
        .iter()
        .filter_map(|hit| hit.document_number.clone())
        .collect();
    let at = |number: &str| numbers.iter().position(|n| n == number).unwrap();
    assert!(at("灵食许〔2019〕444号") < at("灵食许〔2019〕1444号"));
}
