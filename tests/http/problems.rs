//! What is the same for all answers.

use juanzong::http::codes::ErrorCode;
use juanzong::http::{AppState, Site};

use super::*;

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let archive = TestArchive::empty().await;
    let api = Api::of(&archive).await;
    for path in [
        "/nowhere",
        "/api/v1",
        "/api/v1/",
        "/api/v2/search",
        "/api/v1/search/",
        "/../../etc/passwd",
    ] {
        let answer = api.get(path).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::NOT_FOUND, "not_found"),
            "{path}"
        );
    }
    for method in ["POST", "DELETE", "PATCH", "OPTIONS"] {
        let request = Request::builder().method(method).uri("/api/v1/search");
        let answer = api.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.code(), "method_not_allowed");
        assert!(answer.header("allow").contains("GET"));
    }
}

#[tokio::test]
async fn problems_speak_chinese_or_english() {
    let archive = TestArchive::empty().await;
    let api = Api::of(&archive).await;
    let chinese = api.get("/api/v1/search?size=0").await;
    assert_eq!(chinese.json()["detail"], "每页条数须为 1 到 100。");
    assert_eq!(chinese.header("content-language"), "zh-CN");
    let english = api
        .get_with("/api/v1/search?size=0", "accept-language", "en-GB,en;q=0.9")
        .await;
    assert_eq!(
        english.json()["detail"],
        "The number of hits on a page must be from 1 to 100."
    );
    assert_eq!(english.json()["title"], "The request is not valid");
    assert_eq!(english.header("content-language"), "en");
    assert_ne!(chinese.header("x-request-id"), english.header("x-request-id"));
}

#[tokio::test]
async fn every_answer_guards_the_client() {
    let archive = TestArchive::empty().await;
    let api = Api::of(&archive).await;
    for path in [
        "/",
        "/healthz",
        "/api/v1/search?q=a",
        "/api/v1/session",
        "/nowhere",
        "/api/v1/openapi.json",
    ] {
        let answer = api.get_with(path, "x-request-id", "chosen-by-client").await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "made by the server");
    }
}

#[tokio::test]
async fn a_body_that_nobody_asked_for_is_refused_when_large() {
    let archive = TestArchive::empty().await;
    let api = Api::of(&archive).await;
    let request = Request::get("/healthz").header("content-length", "10000000");
    let answer = api
        .send(request.body(Body::from(vec![b'x'; 10_000_000])).unwrap())
        .await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large")
    );
}

#[tokio::test]
async fn a_broken_catalogue_gives_no_details_away() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let state = archive.open().await;
    state.catalogue().close().await;
    let access = archive.access().clone();
    let api_closed = Api::on(AppState::new(state, access, Site::default(), 1), &archive);
    let answer = api_closed.get(&format!("/api/v1/cases/{id}")).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::INTERNAL_SERVER_ERROR, "internal_error")
    );
    let text = answer.text().to_lowercase();
    for word in ["select", "sqlite", "sqlx", "pool", "catalogue.db", "/data", &id] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    assert_eq!(api.get(&format!("/api/v1/cases/{id}")).await.status, StatusCode::OK);
}

/// Whatever the search can say has its words in the table.
#[test]
fn the_codes_of_the_search_are_in_the_table() {
    for code in [
        "query_too_long",
        "query_too_complex",
        "query_too_deep",
        "page_out_of_range",
        "size_out_of_range",
        "unknown_facet",
        "unknown_parameter",
        "repeated_parameter",
        "invalid_facet_value",
        "too_many_facet_values",
        "invalid_date",
        "empty_date_range",
        "unknown_sort",
        "search_timeout",
        "search_failed",
        "index_needs_reindex",
        "index_not_ready",
        "index_busy",
        "index_corrupt",
        "index_failed",
    ] {
        assert!(ErrorCode::from_code(code).is_some(), "{code}");
    }
}

/// A web page may point its own name at 127.0.0.1 and have the browser ask in that name.
#[tokio::test]
async fn a_request_in_a_foreign_name_is_refused() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    for host in [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "192.0.2.1",
        "",
    ] {
        let answer = api.get_with("/api/v1/search?q=许可", "host", host).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::MISDIRECTED_REQUEST, "host_not_allowed"),
            "{host}"
        );
    }
    assert_eq!(
        api.get("http://evil.example/api/v1/search").await.code(),
        "host_not_allowed"
    );
    for host in ["localhost:8080", "127.0.0.1:8080", "[::1]"] {
        assert_eq!(
            api.get_with("/api/v1/search", "host", host).await.status,
            StatusCode::OK,
            "{host}"
        );
    }
}
