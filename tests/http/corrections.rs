//! Corrections and the review queue over HTTP.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_field_is_corrected_shown_and_undone() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let path = format!("/api/v1/cases/{id}/corrections");
    let made = api
        .post(
            &path,
            &json!({"reason": "对照原件", "field": "decided_on", "value": "2019年5月8日", "old": "2019-05-07"}),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let answer = made.json();
    for (name, value) in [
        ("number", json!(1)),
        ("kind", json!("field")),
        ("field", json!("decided_on")),
        ("field_label", json!("决定日期")),
        ("old", json!("2019-05-07")),
        ("value", json!("2019-05-08")),
        ("author", json!("孙晓梅")),
        ("undone", Value::Null),
    ] {
        assert_eq!(answer[name], value, "{name}");
    }
    let case = api.get(&format!("/api/v1/cases/{id}")).await.json();
    assert_eq!(case["decided_on"], "2019-05-08");
    assert_eq!(
        (&case["facts"][0]["source"], &case["facts"][0]["origin"]),
        (&json!("correction"), &json!("孙晓梅"))
    );
    assert_eq!(api.get(&path).await.json()["corrections"], json!([answer]));

    let undone = api.post(&format!("{path}/1/undo"), &json!({})).await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.text());
    assert_eq!(undone.json()["undone"]["author"], "孙晓梅");
    assert_eq!(
        api.get(&format!("/api/v1/cases/{id}")).await.json()["decided_on"],
        "2019-05-07"
    );
    let history = api.get(&path).await.json();
    assert_eq!(history["corrections"][0]["undone"]["author"], "孙晓梅");
    // The indexer is told of both.
    assert_eq!(archive.catalogue().counts().await.unwrap().jobs_open, 2);
}

#[tokio::test]
async fn a_line_is_corrected_where_it_stands() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let body = json!({
        "line": {"document": 1, "page": 2, "line": 1}, "value": "有效期三年。", "old": "有效期五年。"
    });
    let made = api.post(&format!("/api/v1/cases/{id}/corrections"), &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let answer = made.json();
    assert_eq!(
        (&answer["document"], &answer["page"], &answer["line"]),
        (&json!(1), &json!(2), &json!(1))
    );
    assert_eq!(answer["placed"], true);
    let page = api
        .get(&format!("/api/v1/cases/{id}/documents/1/pages/2?q=三年"))
        .await
        .json();
    assert_eq!(page["text"], "本决定书自送达之日起生效。\n有效期三年。");
    assert_eq!(page["lines"][1]["correction"], json!({"number": 1, "placed": true}));
    assert!(page["lines"][0].get("correction").is_none());
    // The mark lies on the characters that took the place of others.
    assert_eq!(page["marks"][0]["box"], json!([250, 200, 350, 250]));
    // The indexer takes it in.
    archive.index().await;
    let api = Api::of(&archive).await;
    assert_eq!(api.get("/api/v1/search?q=\"有效期三年\"").await.json()["total"], 1);
    assert_eq!(api.get("/api/v1/search?q=\"有效期五年\"").await.json()["total"], 0);
}

#[tokio::test]
async fn snippets_show_a_line_as_it_was_corrected_last() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let shown = async || {
        let answer = api.get("/api/v1/search?q=自送达之日起").await.json();
        answer["hits"][0]["snippets"][0]["text"].as_str().unwrap().to_owned()
    };
    // Twice: what was shown is kept.
    for _ in 0..2 {
        assert_eq!(shown().await, "本决定书自送达之日起生效。有效期五年。");
    }
    let correct = async |value: &str| {
        let body = json!({"line": {"document": 1, "page": 2, "line": 1}, "value": value});
        let made = api.post(&format!("/api/v1/cases/{id}/corrections"), &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    };
    correct("有效期三年。").await;
    assert_eq!(shown().await, "本决定书自送达之日起生效。有效期三年。");
    // A phone is masked as soon as it stands there.
    correct("电话13834567890。").await;
    assert_eq!(shown().await, "本决定书自送达之日起生效。电话138****7890。");
    api.post(&format!("/api/v1/cases/{id}/corrections/2/undo"), &json!({}))
        .await;
    assert_eq!(shown().await, "本决定书自送达之日起生效。有效期三年。");
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_name() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let path = format!("/api/v1/cases/{id}/corrections");
    let line = json!({"document": 1, "page": 9, "line": 0});
    for (body, expected) in [
        (json!({"field": "decided_on", "value": "不详"}), "invalid_value"),
        (json!({"field": "no_such", "value": "1"}), "unknown_field"),
        (json!({"field": "title", "value": "长".repeat(501)}), "value_too_long"),
        (json!({"field": "title", "value": "题", "old": "别的"}), "stale_value"),
        (json!({"line": line, "value": "题"}), "line_not_found"),
        (json!({"review": "00"}), "review_not_found"),
        (json!({}), "invalid_body"),
        (json!({"field": "title"}), "invalid_body"),
        (json!({"field": "title", "value": "题", "review": "00"}), "invalid_body"),
        (json!({"field": "title", "value": "题", "surprise": 1}), "invalid_body"),
        // Who corrects is known from the session, and nobody can say to be somebody else.
        (json!({"author": "甲", "field": "title", "value": "题"}), "invalid_body"),
        (json!([]), "invalid_body"),
    ] {
        let refused = api.post(&path, &body).await;
        assert_eq!(refused.code(), expected, "{body}");
    }
    let told = api.post(&path, &json!({"field": "decided_on", "value": "不详"})).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    let detail = told.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("decided_on") && !detail.contains("不详"), "{detail}");
    let stale = api
        .post(&path, &json!({"field": "title", "value": "题", "old": "别的"}))
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let nobody = api
        .post(
            "/api/v1/cases/00000000000000000000/corrections",
            &json!({"field": "title", "value": "题"}),
        )
        .await;
    assert_eq!(nobody.code(), "case_not_found");
    let undo = api.post(&format!("{path}/1/undo"), &json!({})).await;
    assert_eq!(undo.code(), "correction_not_found");
    assert_eq!(api.get(&path).await.json()["corrections"], json!([]));
}

/// Pages of other sites can make a browser send forms to this machine; none of that may change anything.
#[tokio::test]
async fn other_sites_change_nothing() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let body = json!({"field": "title", "value": "题"}).to_string();
    for (headers, expected) in [
        (vec![("content-type", "text/plain")], "unsupported_media_type"),
        (vec![], "unsupported_media_type"),
        (
            vec![("content-type", "application/json"), ("origin", "https://example.com")],
            "origin_not_allowed",
        ),
        (
            vec![("content-type", "application/json"), ("origin", "null")],
            "origin_not_allowed",
        ),
        (
            vec![("content-type", "application/json"), ("sec-fetch-site", "cross-site")],
            "origin_not_allowed",
        ),
        (
            vec![("content-type", "application/json"), ("sec-fetch-site", "same-site")],
            "origin_not_allowed",
        ),
    ] {
        let mut request = Request::post(format!("/api/v1/cases/{id}/corrections"));
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let refused = api.send(request.body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(refused.code(), expected, "{headers:?}");
    }
    let ours = Request::post(format!("/api/v1/cases/{id}/corrections"))
        .header("content-type", "application/json; charset=utf-8")
        .header("host", "localhost:8080")
        .header("origin", "http://localhost:8080");
    assert_eq!(
        api.send(ours.body(Body::from(body)).unwrap()).await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn the_review_queue_empties_as_people_look() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let all = api.get("/api/v1/reviews").await.json();
    let total = all["total"].as_u64().unwrap();
    assert!(total >= 6, "{all}");
    let scores: Vec<f64> = all["reviews"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    // The number of the invented person does not fit; nothing of it is told.
    let digit = api.get("/api/v1/reviews?reason=check_digit&year=2020").await.json();
    assert_eq!(digit["total"], 1);
    let digit = &digit["reviews"][0];
    assert_eq!(
        (&digit["field"], &digit["reason"]),
        (&json!("applicant_id_number"), &json!("check_digit"))
    );
    assert_eq!(digit["message"], "证件号码校验位不符");
    assert!(!digit.to_string().contains("1234"));
    let english = api
        .get_with("/api/v1/reviews?reason=check_digit", "accept-language", "en")
        .await
        .json();
    assert_eq!(english["reviews"][0]["message"], "the check digit does not fit");

    // A correction settles one, another is said to stand as it is.
    let of_first = |answer: &Value| -> Vec<Value> {
        let all = answer["reviews"].as_array().unwrap();
        all.iter().filter(|r| r["case_id"] == id.as_str()).cloned().collect()
    };
    let mine = of_first(&all);
    let missing = mine.iter().find(|r| r["reason"] == "missing_field").unwrap();
    assert_eq!(missing["field"], "document_number");
    let path = format!("/api/v1/cases/{id}/corrections");
    let number = json!({"field": "document_number", "value": "灵食许[2019]444号"});
    assert_eq!(api.post(&path, &number).await.status, StatusCode::CREATED);
    let checked = mine.iter().find(|r| r["reason"] == "check_digit").unwrap();
    let body = json!({"review": checked["review"], "reason": "与原件一致"});
    let made = api.post(&path, &body).await;
    assert_eq!(
        (made.status, &made.json()["review"]),
        (StatusCode::CREATED, &json!("check_digit"))
    );
    let left = api.get("/api/v1/reviews?size=100").await.json();
    assert_eq!(left["total"], total - 2);
    assert!(
        of_first(&left)
            .iter()
            .all(|r| r["review"] != checked["review"] && r["review"] != missing["review"])
    );
    api.post(&format!("{path}/2/undo"), &json!({})).await;
    assert_eq!(api.get("/api/v1/reviews").await.json()["total"], total - 1);

    for (query, expected) in [
        ("reason=nonsense", "invalid_parameter"),
        ("page=0", "invalid_parameter"),
        ("size=0", "size_out_of_range"),
        ("year=x", "invalid_parameter"),
        ("colour=red", "unknown_parameter"),
    ] {
        assert_eq!(
            api.get(&format!("/api/v1/reviews?{query}")).await.code(),
            expected,
            "{query}"
        );
    }
}
