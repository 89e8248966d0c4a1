//! `GET /api/v1/suggest`

use super::*;

#[tokio::test]
async fn suggestions_have_the_agreed_form() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let answer = api.get("/api/v1/suggest?q=spjy").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    assert!(json["took_ms"].is_u64());
    assert_eq!(
        json["suggestions"],
        serde_json::json!([{"text": "食品经营许可", "kind": "matter", "label": "审批事项", "count": 3}])
    );
    let answer = api.get("/api/v1/suggest?q=scjg-00&size=2").await.json();
    let kinds: Vec<&str> = answer["suggestions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|suggestion| suggestion["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["archival_code", "archival_code"]);
}

#[tokio::test]
async fn identity_numbers_are_not_suggested() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    for input in ["140224", "140224199001011234", "19900101"] {
        let answer = api.get(&format!("/api/v1/suggest?q={input}")).await.json();
        assert_eq!(answer["suggestions"], serde_json::json!([]), "{input}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let long = format!("q={}", "丰".repeat(65));
    for (query, code) in [
        (long.as_str(), "query_too_long"),
        ("size=0", "size_out_of_range"),
        ("size=many", "size_out_of_range"),
        ("prefix=a", "unknown_parameter"),
        ("q=1&q=2", "repeated_parameter"),
    ] {
        let answer = api.get(&format!("/api/v1/suggest?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.json()["code"], code, "{query}");
    }
    let empty = TestArchive::empty().await;
    let answer = Api::of(&empty).await.get("/api/v1/suggest?q=a").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["code"], "index_not_ready");
}

#[tokio::test]
async fn a_search_can_be_kept_to_what_was_typed() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let wide = api.get("/api/v1/search?q=灵丘县市监局").await.json();
    assert_eq!(wide["total"], 3);
    assert!(
        wide["understood"]
            .as_str()
            .unwrap()
            .contains("灵丘县市场监督管理局（2014年起）")
    );
    let narrow = api.get("/api/v1/search?q=灵丘县市监局&expand=false").await.json();
    assert_eq!(narrow["total"], 0);
    let wrong = api.get("/api/v1/search?q=灵丘县市监局&expand=maybe").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(wrong.json()["code"], "invalid_parameter");
}

#[tokio::test]
async fn a_better_spelling_is_offered() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let answer = api.get("/api/v1/search?q=加禾餐饮").await.json();
    assert_eq!(
        (&answer["total"], &answer["suggestion"]),
        (&0.into(), &"嘉禾餐饮".into())
    );
    assert_eq!(
        api.get("/api/v1/search?q=嘉禾餐饮").await.json()["suggestion"],
        Value::Null
    );
}
