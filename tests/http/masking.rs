//! Personal data in answers: masked for everybody, shown in full for a reason.

use juanzong::access::{Action, CaseScope, Role};
use juanzong::catalogue::AuditFilter;
use juanzong::http::{AppState, Site};
use serde_json::json;

use super::*;
use crate::support::{case, everything, grant};

const NUMBER: &str = "140224199001011234";
const PHONE: &str = "13812345678";
const MASKED: &str = "申请人证件号码1402**********1234，电话138****5678。";

async fn archive() -> TestArchive {
    let archive = TestArchive::empty().await;
    let text = format!("申请人证件号码{NUMBER}，电话{PHONE}。\n同意。");
    let record = case(1, "2019-05-07", "granted", &format!("{NUMBER}食品经营许可"), &[&text]);
    archive.add(&record).await;
    archive.index().await;
    archive
}

fn holds_none(text: &str) {
    for part in [NUMBER, PHONE, "199001011", "1234567"] {
        assert!(!text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn numbers_are_masked_in_every_answer() {
    let archive = archive().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let page = api
        .get(&format!("/api/v1/cases/{id}/documents/1/pages/1?q={PHONE}"))
        .await;
    assert_eq!(page.json()["lines"][0]["text"], MASKED);
    assert_eq!(page.json()["marks"], json!([]), "a mark would tell what the mask hides");
    for path in [
        format!("/api/v1/cases/{id}"),
        format!("/api/v1/cases/{id}/corrections"),
        format!("/api/v1/cases/{id}/documents/1/pages/1"),
        "/api/v1/search?q=证件号码&facets=all".to_owned(),
        "/api/v1/search?q=申请人证件号码".to_owned(),
        "/api/v1/reviews".to_owned(),
        "/api/v1/suggest?q=1402".to_owned(),
        "/api/v1/suggest?q=赵小满".to_owned(),
    ] {
        let answer = api.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        holds_none(&answer.text());
    }
    let hit = api.get("/api/v1/search?q=证件号码").await.json()["hits"][0].clone();
    assert!(
        hit["title"].as_str().unwrap().starts_with("1402**********1234"),
        "{hit}"
    );
    let snippet = hit["snippets"][0]["text"].as_str().unwrap();
    assert!(snippet.contains("1402**********1234"), "{snippet}");
}

#[tokio::test]
async fn numbers_are_blackened_in_the_image_that_is_sent() {
    let archive = archive().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let path = format!("/api/v1/cases/{id}/documents/1/pages/1/image");
    let dark = |answer: &Answer, x: u32, y: u32| {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let image = image::load_from_memory(&answer.body).unwrap().into_luma8();
        let scale = |value| value * image.width() / crate::support::PAGE.0;
        image.get_pixel(scale(x), scale(y)).0[0] < 60
    };
    // Characters are squares of 50 pixels from (100, 100) on: the number begins with the eighth, its masks with the twelfth.
    let at = |character: u32| 100 + 50 * character + 25;
    for query in ["", "?width=160", "?q=同意"] {
        let image = api.get(&format!("{path}{query}")).await;
        assert!(dark(&image, at(12), 125) && dark(&image, at(20), 125), "{query}");
        assert!(!dark(&image, at(2), 125) && !dark(&image, at(2), 225), "{query}");
    }
    let full = api.post(&path, &json!({"reason": "核对原件"})).await;
    assert!(!dark(&full, at(12), 125));
    assert_ne!(full.header("etag"), api.get(&path).await.header("etag"));
    assert_eq!(api.post(&path, &json!({"reason": " "})).await.code(), "value_missing");
}

#[tokio::test]
async fn everything_is_shown_for_a_reason_by_right() {
    let archive = archive().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let path = format!("/api/v1/cases/{id}/unmask");
    let asked = json!({"reason": format!("核对{NUMBER}"), "page": {"document": 1, "page": 1}});
    let answer = api.post(&path, &asked).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    assert_eq!(json["case"]["applicant"]["id_number"], NUMBER);
    assert!(json["page"]["text"].as_str().unwrap().contains(PHONE));
    let filter = AuditFilter {
        action: Some(Action::Unmask),
        ..AuditFilter::default()
    };
    let log = archive.access().audit_entries(&filter, 10).await.unwrap();
    assert_eq!((log.len(), log[0].entry.case_id.as_deref()), (1, Some(id.as_str())));
    let details: Value = serde_json::from_str(&log[0].entry.details).unwrap();
    assert_eq!(
        details,
        json!({"reason": "核对1402**********1234", "document": 1, "page": 1})
    );

    for (body, code) in [
        (json!({}), "invalid_body"),
        (json!({"reason": ""}), "value_missing"),
        (json!({"reason": "长".repeat(201)}), "value_too_long"),
        (json!({"reason": "一\n二"}), "value_too_long"),
        (
            json!({"reason": "核对", "page": {"document": 1, "page": 9}}),
            "page_not_found",
        ),
    ] {
        assert_eq!(api.post(&path, &body).await.code(), code);
    }
    let scope = CaseScope {
        unmask: false,
        ..everything()
    };
    let without = api.with_token(&archive.token_of("zhou", &grant(Role::Staff, scope)).await);
    assert_eq!(without.post(&path, &asked).await.code(), "not_allowed");
}

/// Who corrects a line sees it masked, and must not write the masks into it.
#[tokio::test]
async fn a_masked_line_is_corrected_without_losing_what_is_hidden() {
    let archive = archive().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let path = format!("/api/v1/cases/{id}/corrections");
    let line = json!({"document": 1, "page": 1, "line": 0});
    let lost = json!({"line": line, "old": MASKED, "value": "申请人证件号码1402**，电话138****5678。"});
    assert_eq!(api.post(&path, &lost).await.code(), "masked_value");
    let value = MASKED.replace("申请人", "申请者");
    let made = api
        .post(&path, &json!({"line": line, "old": MASKED, "value": value}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    holds_none(&made.text());
    let case = archive.catalogue().case_by_id(&id).await.unwrap().unwrap();
    let page = archive
        .catalogue()
        .corrected_page(case.case_key, 1, 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        page.page.text.lines[0].text,
        format!("申请者证件号码{NUMBER}，电话{PHONE}。")
    );
    holds_none(&api.get(&path).await.text());
}

/// A server that runs, and one that is started when the key is another already.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_found_with_the_key_of_the_index_until_it_is_made_anew() {
    let archive = archive().await;
    let running = archive.open().await;
    let mut rotate = std::process::Command::new(env!("CARGO_BIN_EXE_juanzong"));
    let rotate = rotate.arg("--data").arg(archive.path()).args(["key", "rotate"]);
    assert!(rotate.output().unwrap().status.success());
    assert!(running.follow_key().unwrap());
    let running = AppState::new(running, archive.access().clone(), Site::default(), 2);
    for state in [running, archive.state().await] {
        let api = Api::on(state, &archive);
        let found = api.get(&format!("/api/v1/search?q={NUMBER}")).await.json();
        assert_eq!(found["total"], 1);
        assert_eq!(api.get("/readyz").await.json()["needs_reindex"], true);
    }
}

#[tokio::test]
async fn a_full_number_finds_its_case_by_right_and_a_part_never() {
    let archive = archive().await;
    archive
        .add(&case(
            2,
            "2019-05-07",
            "granted",
            "许可",
            &["证件号码140224199001011284，同意。"],
        ))
        .await;
    archive.index().await;
    let api = Api::of(&archive).await;
    let scope = CaseScope {
        unmask: false,
        ..everything()
    };
    let without = api.with_token(&archive.token_of("zhou", &grant(Role::Staff, scope)).await);
    let total = |json: &Value| json["total"].as_u64().unwrap();
    // The second case has a misread copy.
    for (query, expected) in [
        (NUMBER, 2),
        ("１４０２２４１９９００１０１１２３４", 2),
        (PHONE, 1),
        ("138-1234-5678", 1),
        ("140224199001011234 证件号码", 2),
        ("13812345678 -同意", 0),
    ] {
        let path = format!("/api/v1/search?q={query}");
        assert_eq!(total(&api.get(&path).await.json()), expected, "{query}");
        assert_eq!(total(&without.get(&path).await.json()), 0, "{query} without the right");
    }
    let hits = api.get(&format!("/api/v1/search?q={NUMBER}")).await.json();
    let matched: Vec<&str> = hits["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["match"].as_str().unwrap())
        .collect();
    assert_eq!(matched.last(), Some(&"tolerant"));
    for length in 4..NUMBER.len() {
        for part in [
            NUMBER.get(..length).unwrap(),
            NUMBER.get(NUMBER.len() - length..).unwrap(),
            PHONE.get(..length.min(10)).unwrap(),
        ] {
            for query in [part.to_owned(), format!("\"{part}\""), format!("申请人:{part}")] {
                let json = api.get(&format!("/api/v1/search?q={query}")).await.json();
                assert_eq!(total(&json), 0, "{query}: {json}");
            }
        }
    }
}
