//! What is written down, and that nothing is answered without it.

use juanzong::access::{Action, Grant, Outcome, Role, SealedEntry};
use juanzong::catalogue::AuditFilter;
use serde_json::json;

use super::*;

async fn log(archive: &TestArchive) -> Vec<SealedEntry> {
    let filter = AuditFilter::default();
    archive.access().audit_entries(&filter, 100).await.unwrap()
}

fn details(entry: &SealedEntry) -> Value {
    serde_json::from_str(&entry.entry.details).unwrap()
}

#[tokio::test]
async fn each_answer_has_its_entry() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let page = format!("/api/v1/cases/{id}/documents/1/pages/1");
    for (path, action) in [
        ("/api/v1/search?q=许可&year=2019".to_owned(), Action::Search),
        ("/api/v1/suggest?q=食品".to_owned(), Action::Suggest),
        (format!("/api/v1/cases/{id}"), Action::ViewCase),
        (page.clone(), Action::ViewPage),
        (format!("{page}/image?width=100"), Action::ViewImage),
        (format!("/api/v1/cases/{id}/corrections"), Action::ViewCorrections),
        ("/api/v1/reviews".to_owned(), Action::Review),
        ("/api/v1/stats?q=许可&by=year".to_owned(), Action::Statistics),
    ] {
        let before = log(&archive).await.len();
        let answer = api.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let entries = log(&archive).await;
        assert_eq!(entries.len(), before + 1, "{path}");
        let entry = &entries[0].entry;
        assert_eq!((entry.action, entry.outcome), (action, Outcome::Done), "{path}");
        assert_eq!(entry.actor, "sunxm by token test");
        assert_eq!(entry.role.as_deref(), Some("staff"));
        assert_eq!(entry.purpose.as_deref(), Some("测试"));
        assert_eq!(entry.request_id.as_deref(), Some(answer.header("x-request-id")));
        let about_case = path.contains(&id);
        assert_eq!(entry.case_id.as_deref(), about_case.then_some(id.as_str()), "{path}");
    }
    let search = log(&archive)
        .await
        .into_iter()
        .find(|entry| entry.entry.action == Action::Search)
        .unwrap();
    let search = details(&search);
    assert_eq!((&search["query"], &search["total"]), (&json!("许可"), &json!(2)));
    assert_eq!(search["filters"], json!({"year": ["2019"]}));
}

#[tokio::test]
async fn refusals_are_written_down_alike_whether_the_case_exists_or_not() {
    let archive = TestArchive::with_cases().await;
    let nowhere = juanzong::access::CaseScope {
        agencies: Some(vec!["广灵县市场监督管理局".into()]),
        ..crate::support::everything()
    };
    let api = Api::of(&archive).await;
    let other = api.with_token(
        &archive
            .token_of("zhou", &crate::support::grant(Role::Staff, nowhere))
            .await,
    );
    let hidden = archive.id(1).await;
    for id in [hidden.as_str(), "00000000000000000000", "14022419900101123X"] {
        let before = log(&archive).await.len();
        assert_eq!(other.get(&format!("/api/v1/cases/{id}")).await.code(), "case_not_found");
        let entries = log(&archive).await;
        assert_eq!(entries.len(), before + 1);
        let entry = &entries[0].entry;
        assert_eq!((entry.action, entry.outcome), (Action::ViewCase, Outcome::Refused));
        assert_eq!(details(&entries[0])["code"], "case_not_found");
        assert_eq!(
            entry.case_id.is_some(),
            id.len() == 20,
            "only what can be an id is written down"
        );
    }
    let before = log(&archive).await.len();
    assert_eq!(api.get("/api/v1/audit/events").await.code(), "not_allowed");
    assert_eq!(
        api.with_token("jzt_x").get("/api/v1/search").await.code(),
        "not_signed_in"
    );
    assert_eq!(api.nobody().get("/api/v1/search").await.code(), "not_signed_in");
    let entries = log(&archive).await;
    assert_eq!(entries.len(), before + 2, "who has shown nothing was not refused");
    assert_eq!(entries[0].entry.actor, "-");
}

#[tokio::test]
async fn without_an_entry_there_is_no_answer() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    // As when the disk is full: the tables can be read and not written.
    let access = archive.access().clone();
    access.close_log().await;
    for path in [
        "/api/v1/search?q=许可".to_owned(),
        "/api/v1/suggest?q=食品".to_owned(),
        format!("/api/v1/cases/{id}"),
        format!("/api/v1/cases/{id}/documents/1/pages/1"),
        format!("/api/v1/cases/{id}/documents/1/pages/1/image"),
        format!("/api/v1/cases/{id}/corrections"),
        "/api/v1/reviews".to_owned(),
    ] {
        let answer = api.get(&path).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::SERVICE_UNAVAILABLE, "audit_unavailable"),
            "{path}"
        );
    }
    let body = json!({"field": "title", "value": "题"}).to_string();
    let request = Request::post(format!("/api/v1/cases/{id}/corrections")).header("content-type", "application/json");
    let answer = api.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.code(), "audit_unavailable");
    let case = archive.catalogue().case_by_id(&id).await.unwrap().unwrap();
    assert!(
        archive.catalogue().corrections(case.case_key).await.unwrap().is_empty(),
        "nothing was changed"
    );
    assert_eq!(api.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_log_administrator_reads_the_log_and_that_is_written_down() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let grant = Grant::new(Role::LogAdmin, None).unwrap();
    let admin = api.with_token(&archive.token_of("lilog", &grant).await);
    api.get("/api/v1/search?q=140224199001011234").await;
    let answer = admin.get("/api/v1/audit/events?size=2").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    let events = json["events"].as_array().unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["action_label"], "检索");
    assert_eq!(events[0]["details"]["query"], "1402**********1234");
    assert!(!answer.text().contains("199001011234"));
    let next = json["next"].as_u64().unwrap();
    assert_eq!(next, events[1]["sequence"].as_u64().unwrap());
    let older = admin
        .get(&format!("/api/v1/audit/events?before={next}&size=200"))
        .await
        .json();
    assert_eq!(older["next"], Value::Null);
    let own = admin.get("/api/v1/audit/events?action=read_audit").await.json();
    assert_eq!(own["events"].as_array().unwrap().len(), 2);
    for (query, code) in [
        ("size=0", "size_out_of_range"),
        ("action=x", "invalid_parameter"),
        ("before=x", "invalid_parameter"),
    ] {
        assert_eq!(admin.get(&format!("/api/v1/audit/events?{query}")).await.code(), code);
    }
    let report = archive.access().verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty());
}
