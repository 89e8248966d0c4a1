//! Exports over HTTP.

use std::io::Read;

use juanzong::access::{Action, CaseScope, Role};
use juanzong::catalogue::AuditFilter;
use serde_json::json;

use super::*;
use crate::support::{case, everything, grant};

const NUMBER: &str = "140224199001011234";

async fn archive() -> TestArchive {
    let archive = TestArchive::empty().await;
    for n in 1..=3 {
        let text = format!("申请人证件号码{NUMBER}。\n同意第{n}件。");
        archive
            .add(&case(n, "2019-05-07", "granted", &format!("食品经营许可{n}"), &[&text]))
            .await;
    }
    archive.index().await;
    archive
}

#[tokio::test]
async fn what_a_search_finds_is_exported_in_three_forms_and_masked() {
    let archive = archive().await;
    let api = Api::of(&archive).await;
    for (format, media_type, ending) in [
        ("csv", "text/csv; charset=utf-8", "csv"),
        ("jsonl", "application/jsonl", "jsonl"),
        (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    ] {
        let answer = api
            .get(&format!(
                "/api/v1/export?format={format}&q=食品经营许可&sort=date&year=2019"
            ))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.header("content-type"), media_type);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(
            answer.header("content-disposition").starts_with("attachment; "),
            "{format}"
        );
        assert!(
            answer.header("content-disposition").ends_with(&format!(".{ending}")),
            "{format}"
        );
        assert!(!answer.text().contains(NUMBER), "{format}");
        let rows = match format {
            "xlsx" => {
                assert!(answer.body.starts_with(b"PK"));
                continue;
            }
            // A heading before the cases, and what the table says about itself after them.
            "csv" => answer.text().lines().filter(|line| !line.starts_with('#')).count() - 1,
            _ => answer.text().lines().count(),
        };
        assert_eq!(rows, 3, "{format}: {}", answer.text());
    }
    let filter = AuditFilter::default();
    let entry = archive
        .access()
        .audit_entries(&filter, 1)
        .await
        .unwrap()
        .remove(0)
        .entry;
    assert_eq!(entry.action, Action::Export);
    let details: Value = serde_json::from_str(&entry.details).unwrap();
    assert_eq!(details["query"], "食品经营许可");
    assert_eq!((&details["total"], &details["format"]), (&json!(3), &json!("xlsx")));
}

/// Longer than what is compressed in one go.
#[tokio::test]
async fn a_compressed_export_is_whole() {
    let archive = TestArchive::empty().await;
    for n in 1..=40 {
        let text: String = (0..2_000)
            .map(|at| char::from_u32(0x4e00 + (at * 7 + n) % 5_000).unwrap())
            .collect();
        archive
            .add(&case(n, "2019-05-07", "granted", "食品经营许可", &[&text]))
            .await;
    }
    archive.index().await;
    let api = Api::of(&archive).await;
    let plain = api.get("/api/v1/export?format=jsonl").await;
    let packed = api
        .get_with("/api/v1/export?format=jsonl", "accept-encoding", "gzip")
        .await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.body.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!((text.lines().count(), text), (40, plain.text()));
}

#[tokio::test]
async fn headings_are_in_the_language_of_the_client() {
    let archive = archive().await;
    let api = Api::of(&archive).await;
    let chinese = api.get("/api/v1/export?format=csv").await.text();
    let english = api
        .get_with("/api/v1/export?format=csv", "accept-language", "en")
        .await
        .text();
    assert!(chinese.lines().next().unwrap().contains("档号"), "{chinese}");
    assert!(!english.lines().next().unwrap().contains("档号"), "{english}");
}

#[tokio::test]
async fn one_case_is_exported_as_data_and_as_a_searchable_file() {
    let archive = archive().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let data = api.get(&format!("/api/v1/cases/{id}/export?format=json")).await;
    assert_eq!(data.status, StatusCode::OK, "{}", data.text());
    assert!(data.json().is_object());
    assert!(!data.text().contains(NUMBER));
    let file = api.get(&format!("/api/v1/cases/{id}/export?format=pdf")).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    assert_eq!(file.header("content-type"), "application/pdf");
    assert!(file.body.starts_with(b"%PDF-") && file.body.trim_ascii_end().ends_with(b"%%EOF"));
    let name = file.header("content-disposition");
    assert!(name.contains("filename*=UTF-8''") && name.ends_with(".pdf"), "{name}");
}

#[tokio::test]
async fn what_is_no_form_is_refused_and_who_may_not_export_gets_nothing() {
    let archive = archive().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    for path in [
        "/api/v1/export".to_owned(),
        "/api/v1/export?format=exe".to_owned(),
        "/api/v1/export?format=csv&format=csv".to_owned(),
        "/api/v1/export?format=csv&colour=red".to_owned(),
        format!("/api/v1/cases/{id}/export"),
        format!("/api/v1/cases/{id}/export?format=csv"),
    ] {
        let answer = api.get(&path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        answer.code();
    }
    let blind = CaseScope {
        agencies: Some(vec!["广灵县市场监督管理局".into()]),
        ..everything()
    };
    let other = api.with_token(&archive.token_of("other", &grant(Role::Staff, blind)).await);
    let lines = other.get("/api/v1/export?format=jsonl").await;
    assert_eq!((lines.status, lines.body.len()), (StatusCode::OK, 0));
    let hidden = other.get(&format!("/api/v1/cases/{id}/export?format=json")).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
}
