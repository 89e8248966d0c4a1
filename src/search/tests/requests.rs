//! Requests and their limits.

use std::time::Instant;

use super::corpus::archive;
use crate::search::{ErrorKind, SearchRequest, VisibleCases};

#[test]
fn what_is_out_of_range_has_its_own_code() {
    let long = "甲".repeat(257);
    let huge = "甲".repeat(400_000);
    let deep = "(".repeat(200);
    let many = "甲 ".repeat(40);
    let value = "甲".repeat(201);
    for (name, text, code) in [
        ("q", long.as_str(), "query_too_long"),
        ("q", huge.as_str(), "query_too_long"),
        ("q", deep.as_str(), "query_too_deep"),
        ("q", many.as_str(), "query_too_complex"),
        ("page", "0", "page_out_of_range"),
        ("page", "-1", "page_out_of_range"),
        ("page", "1001", "page_out_of_range"),
        ("page", "4294967295", "page_out_of_range"),
        ("page", "99999999999999999999999", "page_out_of_range"),
        ("size", "0", "size_out_of_range"),
        ("size", "101", "size_out_of_range"),
        ("size", "ten", "size_out_of_range"),
        ("from", "2019-02-30", "invalid_date"),
        ("to", "yesterday", "invalid_date"),
        ("sort", "price", "unknown_sort"),
        ("facets", "year,disclosure", "unknown_facet"),
        ("facets", "security_class", "unknown_facet"),
        ("disclosure", "公开", "unknown_parameter"),
        ("security_class", "public", "unknown_parameter"),
        ("year", "2020..2019", "invalid_facet_value"),
        ("year", "19", "invalid_facet_value"),
        ("year", "1900..2199", "too_many_facet_values"),
        ("outcome", "好", "invalid_facet_value"),
        ("region", "山西", "invalid_facet_value"),
        ("agency", value.as_str(), "invalid_facet_value"),
        ("agency", "", "invalid_facet_value"),
    ] {
        let error = archive().try_search(&VisibleCases::all(), &[(name, text)]).unwrap_err();
        assert_eq!((error.code(), error.kind()), (code, ErrorKind::Invalid), "{name}");
        assert!(
            !error.to_string().contains('甲'),
            "an error must not repeat what was searched for"
        );
    }
    let pairs = |pairs: &[(&str, &str)]| SearchRequest::from_pairs(pairs.iter().copied()).map_err(|e| e.code());
    assert_eq!(pairs(&[("q", "甲"), ("q", "乙")]), Err("repeated_parameter"));
    assert_eq!(
        pairs(&[("from", "2020-01-02"), ("to", "2020-01-01")]),
        Err("empty_date_range")
    );
    assert!(pairs(&[("page", "100"), ("size", "100")]).is_ok());
    assert!(pairs(&[("from", ""), ("to", "2020年1月1日"), ("sort", ""), ("facets", "")]).is_ok());
}

#[test]
fn the_deepest_page_that_can_be_asked_for_is_answered() {
    let response = archive().search(&[("q", "申请"), ("page", "100"), ("size", "100")]);
    assert_eq!(response.hits, []);
    assert!(response.total > 0);
}

#[test]
fn a_search_past_its_deadline_stops() {
    let request = SearchRequest::from_pairs([("q", "食品")]).unwrap();
    let past = Instant::now();
    let error = archive()
        .searcher
        .find(&request, &VisibleCases::all(), past)
        .map(|_| ())
        .unwrap_err();
    assert_eq!((error.code(), error.kind()), ("search_timeout", ErrorKind::Busy));
}

/// Handlers of the server must be `Send`.
#[test]
fn the_future_of_a_search_can_move_between_threads() {
    fn assert_send<T: Send>(_: &T) {}
    let request = SearchRequest::from_pairs([("q", "食品")]).unwrap();
    let visible = VisibleCases::all();
    let search = archive().searcher.search(&request, &visible, archive(), Instant::now());
    assert_send(&search);
}
