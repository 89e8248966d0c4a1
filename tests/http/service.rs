//! `/`, `/healthz`, `/readyz`, `/metrics`

use juanzong::access::{Grant, Role};

use super::*;

#[tokio::test]
async fn the_root_points_to_the_api() {
    let archive = TestArchive::empty().await;
    let answer = Api::of(&archive).await.get("/").await;
    assert_eq!(answer.json()["openapi"], "/api/v1/openapi.json");
}

#[tokio::test]
async fn readiness_says_what_is_missing() {
    let archive = TestArchive::empty().await;
    let api = Api::of(&archive).await;
    assert_eq!(api.get("/healthz").await.json()["status"], "ok");
    let answer = api.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["ready"], false);
    assert_eq!(answer.json()["missing"][0]["code"], "index_not_ready");

    let archive = TestArchive::with_cases().await;
    let answer = Api::of(&archive).await.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    assert_eq!(
        (json["index_sequence"].as_u64(), json["catalogue_sequence"].as_u64()),
        (Some(3), Some(3))
    );
    assert_eq!(json["index_cases"], 3);
}

#[tokio::test]
async fn metrics_count_routes_and_hold_nothing_personal() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    api.get("/api/v1/search?q=嘉禾餐饮").await;
    api.get("/api/v1/search?q=赵小满&size=0").await;
    api.get(&format!("/api/v1/cases/{id}")).await;
    api.get("/nowhere/at/all").await;
    archive
        .add(&crate::support::case(9, "2019-01-01", "granted", "许可", &["甲"]))
        .await;
    assert_eq!(api.get("/metrics").await.code(), "not_allowed");
    let operator = Grant::new(Role::SystemAdmin, None).unwrap();
    let operator = api.with_token(&archive.token_of("lioper", &operator).await);
    let answer = operator.get("/metrics").await;
    assert!(
        answer
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    let text = answer.text();
    for line in [
        r#"juanzong_http_requests_total{method="GET",route="/api/v1/search",status="200"} 1"#,
        r#"juanzong_http_requests_total{method="GET",route="/api/v1/search",status="400"} 1"#,
        r#"juanzong_http_requests_total{method="GET",route="/api/v1/cases/{id}",status="200"} 1"#,
        r#"juanzong_http_requests_total{method="GET",route="unknown",status="404"} 1"#,
        r#"juanzong_searches_total{outcome="answered"} 1"#,
        "juanzong_search_permits_in_use 0",
        "juanzong_index_sequence 3",
        "juanzong_index_sequence_lag 1",
        "juanzong_http_request_duration_seconds_count",
    ] {
        assert!(text.contains(line), "{line} in:\n{text}");
    }
    for secret in ["嘉禾", "赵小满", id.as_str(), "nowhere"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
