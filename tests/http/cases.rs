//! `GET /api/v1/cases/{id}` and its pages

use super::*;
use crate::support::{PAGE, code};

#[tokio::test]
async fn a_case_tells_where_its_facts_come_from() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let answer = api.get(&format!("/api/v1/cases/{id}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    assert_eq!(json["archival_code"], String::from(code(1)));
    assert_eq!(json["labels"]["outcome"], "准予");
    assert_eq!(json["applicant"]["id_number"], "1402**********1234");
    assert!(!answer.text().contains("140224199001011234"), "masked in facts too");
    let document = &json["documents"][0];
    assert_eq!(
        (document["first_page"].as_u64(), document["page_count"].as_u64()),
        (Some(1), Some(2))
    );
    assert_eq!(document["kind"], "decision");
    let facts = json["facts"].as_array().unwrap();
    let date = facts.iter().find(|f| f["field"] == "decided_on").unwrap();
    assert_eq!(
        (date["source"].as_str(), date["document"].as_u64()),
        (Some("extraction"), Some(1))
    );
    assert_eq!(date["box"], serde_json::json!([100, 100, 400, 150]));
    assert_eq!(answer.header("cache-control"), "no-store");

    let english = api
        .get_with(&format!("/api/v1/cases/{id}"), "accept-language", "en")
        .await;
    assert_eq!(english.json()["labels"]["outcome"], "Granted");
}

#[tokio::test]
async fn a_page_has_text_boxes_and_marks() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let answer = api
        .get(&format!("/api/v1/cases/{id}/documents/1/pages/2?q=有效期"))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    assert_eq!(json["text"], "本决定书自送达之日起生效。\n有效期五年。");
    assert_eq!(
        (json["width"].as_u64(), json["height"].as_u64()),
        (Some(PAGE.0.into()), Some(PAGE.1.into()))
    );
    assert_eq!(
        json["lines"][1]["words"][0]["box"],
        serde_json::json!([100, 200, 150, 250])
    );
    assert_eq!(json["image"], true);
    let marks = json["marks"].as_array().unwrap();
    assert_eq!(marks.len(), 1, "{marks:?}");
    assert_eq!(
        marks[0],
        serde_json::json!({"line": 1, "from": 0, "to": 3, "box": [100, 200, 250, 250]})
    );
    let unmarked = api.get(&format!("/api/v1/cases/{id}/documents/1/pages/2")).await;
    assert_eq!(unmarked.json()["marks"], serde_json::json!([]));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    for (path, expected) in [
        ("cases/00000000000000000000".to_owned(), "case_not_found"),
        ("cases/不在".to_owned(), "case_not_found"),
        (format!("cases/{id}/documents/2/pages/1"), "page_not_found"),
        (format!("cases/{id}/documents/1/pages/3"), "page_not_found"),
        (format!("cases/{id}/documents/0/pages/0"), "page_not_found"),
        (
            format!("cases/{id}/documents/1/pages/4294967295/image"),
            "page_not_found",
        ),
        (format!("cases/{id}/documents/1/pages/4294967296"), "not_found"),
        (format!("cases/{id}/documents/-1/pages/1"), "not_found"),
        (
            "cases/00000000000000000000/documents/1/pages/1".to_owned(),
            "page_not_found",
        ),
    ] {
        let answer = api.get(&format!("/api/v1/{path}")).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::NOT_FOUND, expected),
            "{path}"
        );
    }
    let unknown = api.get(&format!("/api/v1/cases/{id}?q=1")).await;
    assert_eq!(unknown.code(), "unknown_parameter");
}

#[tokio::test]
async fn a_withdrawn_case_is_as_if_it_were_not_there() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(2).await;
    let case = archive.catalogue().case_by_id(&id).await.unwrap().unwrap();
    archive.catalogue().set_withdrawn(case.case_key, true).await.unwrap();
    for path in ["", "/documents/1/pages/1", "/documents/1/pages/1/image"] {
        let gone = api.get(&format!("/api/v1/cases/{id}{path}")).await;
        let never = api.get(&format!("/api/v1/cases/{}{path}", "0".repeat(20))).await;
        assert_eq!((gone.status, gone.code()), (StatusCode::NOT_FOUND, never.code()));
    }
}
