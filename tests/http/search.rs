//! `GET /api/v1/search`

use std::time::Duration;

use juanzong::http::{AppState, Site};

use super::*;
use crate::support::{case, code};

fn codes(answer: &Answer) -> Vec<String> {
    let hits = answer.json()["hits"].as_array().unwrap().clone();
    let mut codes: Vec<String> = hits
        .iter()
        .map(|hit| hit["archival_code"].as_str().unwrap().to_owned())
        .collect();
    codes.sort();
    codes
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn an_answer_has_the_agreed_form() {
    let archive = TestArchive::with_cases().await;
    let answer = Api::of(&archive).await.get("/api/v1/search?q=延续&facets=year").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    assert_eq!(
        keys(&json),
        ["facets", "hits", "next", "suggestion", "took_ms", "total", "understood"]
    );
    assert_eq!(json["total"], 1);
    let hit = &json["hits"][0];
    let expected = [
        "agency",
        "applicant",
        "archival_code",
        "case_id",
        "decided_on",
        "document_number",
        "has_images",
        "match",
        "matter",
        "ocr_quality",
        "outcome",
        "score",
        "snippets",
        "title",
    ];
    assert_eq!(keys(hit), expected);
    assert_eq!(
        (hit["match"].as_str(), hit["decided_on"].as_str()),
        (Some("exact"), Some("2020-01-15"))
    );
    assert_eq!(hit["case_id"], archive.id(3).await);
    let snippet = &hit["snippets"][0];
    assert_eq!(keys(snippet), ["document", "marks", "page", "text"]);
    assert_eq!(
        (snippet["document"].as_u64(), snippet["page"].as_u64()),
        (Some(1), Some(1))
    );
    let text: Vec<char> = snippet["text"].as_str().unwrap().chars().collect();
    let mark: (usize, usize) = serde_json::from_value(snippet["marks"][0].clone()).unwrap();
    assert_eq!(text[mark.0..mark.1].iter().collect::<String>(), "延续");
    assert_eq!(
        keys(&json["facets"]["year"][0]),
        ["count", "label", "selected", "value"]
    );
}

#[tokio::test]
async fn an_answer_is_gone_on_with_by_its_next() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let mut seen = Vec::new();
    let mut path = "/api/v1/search?q=许可&sort=number&size=1".to_owned();
    for _ in 0..3 {
        let answer = api.get(&path).await;
        assert_eq!(
            (answer.status, answer.json()["total"].as_u64()),
            (StatusCode::OK, Some(3))
        );
        seen.extend(codes(&answer));
        let json = answer.json();
        let Some(next) = json["next"].as_str() else { break };
        path = format!("/api/v1/search?q=许可&sort=number&size=1&after={next}");
    }
    seen.sort();
    assert_eq!(seen, [code(1), code(2), code(3)].map(String::from));
    let other = path.replace("q=许可", "q=决定");
    for (path, code) in [
        ("/api/v1/search?q=许可&after=next".to_owned(), "invalid_cursor"),
        (other, "invalid_cursor"),
        (format!("{path}&page=2"), "page_and_cursor"),
    ] {
        let answer = api.get(&path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.json()["code"], code);
    }
}

#[tokio::test]
async fn repeated_facet_values_are_alternatives() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let all = api.get("/api/v1/search?q=食品经营许可&facets=year,outcome").await;
    assert_eq!(codes(&all), [code(1), code(2), code(3)].map(String::from));
    let one = api
        .get("/api/v1/search?q=食品经营许可&year=2019&outcome=refused&facets=year,outcome")
        .await;
    assert_eq!(codes(&one), [String::from(code(2))]);
    let two = api
        .get("/api/v1/search?q=食品经营许可&outcome=refused&outcome=renewed&facets=all")
        .await;
    assert_eq!(codes(&two), [code(2), code(3)].map(String::from));
    let json = two.json();
    assert_eq!(json["facets"].as_object().unwrap().len(), 9);
    let outcomes = json["facets"]["outcome"].as_array().unwrap();
    let selected = |v: &&Value| v["selected"] == true;
    assert_eq!(
        (outcomes.len(), outcomes.iter().filter(selected).count()),
        (3, 2),
        "{outcomes:?}"
    );
    let dated = api.get("/api/v1/search?q=&from=2019-06-01&to=2020-01-14").await;
    assert_eq!(codes(&dated), [String::from(code(2))]);
}

#[tokio::test]
async fn paging_reaches_every_hit_once() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let mut seen = Vec::new();
    for page in 1..=4 {
        let answer = api.get(&format!("/api/v1/search?q=许可&size=1&page={page}")).await;
        assert_eq!(answer.json()["total"], 3);
        seen.extend(codes(&answer));
    }
    seen.sort();
    assert_eq!(seen, [code(1), code(2), code(3)].map(String::from));
}

#[tokio::test]
async fn what_is_too_much_is_refused() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let parentheses = format!("q={}甲{}", "(".repeat(5000), ")".repeat(5000));
    let long = format!("q={}", "许".repeat(2000));
    let huge = format!("q={}", "a".repeat(60_000));
    let many: String = (0..200).map(|n| format!("&agency=局{n}")).collect();
    for (query, code) in [
        (parentheses.as_str(), "query_too_long"),
        (long.as_str(), "query_too_long"),
        (huge.as_str(), "query_too_long"),
        ("q=((((((甲))))))", "query_too_deep"),
        (many.as_str(), "too_many_facet_values"),
        ("page=4294967295", "page_out_of_range"),
        ("page=18446744073709551616", "page_out_of_range"),
        ("page=0", "page_out_of_range"),
        ("page=1001", "page_out_of_range"),
        ("size=0", "size_out_of_range"),
        ("size=101", "size_out_of_range"),
        ("size=-1", "size_out_of_range"),
        ("q=a&q=b", "repeated_parameter"),
        ("nonsense=1", "unknown_parameter"),
        ("facets=nonsense", "unknown_facet"),
        ("outcome=nonsense", "invalid_facet_value"),
        ("from=yesterday", "invalid_date"),
        ("from=2020-01-01&to=2019-01-01", "empty_date_range"),
        ("sort=nonsense", "unknown_sort"),
    ] {
        let answer = api.get(&format!("/api/v1/search?{query}")).await;
        assert_eq!(answer.code(), code);
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(!detail.contains('{'), "{detail}");
    }
}

#[tokio::test]
async fn strange_queries_are_searched_as_text() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    for query in [
        "",
        "\"",
        "-",
        "文号:",
        "(",
        "a)b(",
        "OR",
        "%00",
        "%FF%FE",
        "applicant_id:1*",
        "[1 TO 2]",
        "食",
    ] {
        let answer = api.get(&format!("/api/v1/search?q={query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    }
}

#[tokio::test]
async fn before_the_first_ingest_there_is_nothing_to_search() {
    let archive = TestArchive::empty().await;
    let state = archive.state().await;
    let api = Api::on(state.clone(), &archive);
    let answer = api.get("/api/v1/search?q=许可").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "index_not_ready")
    );
    assert_eq!(answer.header("retry-after"), "2");
    // A bad request is bad all the same.
    assert_eq!(api.get("/api/v1/search?size=0").await.status, StatusCode::BAD_REQUEST);

    // The indexer comes along while the server runs.
    archive.add(&case(1, "2019-05-07", "granted", "许可", &["准予"])).await;
    archive.index().await;
    assert!(state.archive().index().reload_if_changed().unwrap());
    assert_eq!(api.get("/api/v1/search?q=许可").await.json()["total"], 1);
    archive.add(&case(2, "2019-05-07", "granted", "许可", &["准予"])).await;
    archive.index().await;
    assert!(state.archive().index().reload_if_changed().unwrap());
    assert_eq!(api.get("/api/v1/search?q=许可").await.json()["total"], 2);
}

#[tokio::test]
async fn a_withdrawn_case_is_not_shown_even_before_the_index_knows() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let case = archive.catalogue().case_by_code(&code(3)).await.unwrap().unwrap();
    archive.catalogue().set_withdrawn(case.case_key, true).await.unwrap();
    assert_eq!(codes(&api.get("/api/v1/search?q=延续").await), [] as [String; 0]);
}

async fn hurried(archive: &TestArchive, searches: usize, times: (Duration, Duration)) -> Api {
    let access = archive.access().clone();
    let state = AppState::with_times(archive.open().await, access, Site::default(), searches, times);
    Api::on(state, archive)
}

#[tokio::test]
async fn without_a_place_in_time_the_answer_is_busy() {
    let archive = TestArchive::with_cases().await;
    let api = hurried(&archive, 0, (Duration::ZERO, Duration::from_secs(10))).await;
    let answer = api.get("/api/v1/search?q=许可").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "busy")
    );
    assert_eq!(answer.header("retry-after"), "2");
}

#[tokio::test]
async fn a_search_past_its_time_is_given_up() {
    let archive = TestArchive::with_cases().await;
    let api = hurried(&archive, 1, (Duration::from_secs(10), Duration::ZERO)).await;
    let answer = api.get("/api/v1/search?q=许可").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "search_timeout")
    );
}
