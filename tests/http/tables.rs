//! Statistics and findings as tables: `GET /api/v1/stats/export`, `GET /api/v1/findings/export` and the commands.

use juanzong::access::{AccountName, Action, Actor, Right};
use juanzong::catalogue::{AuditFilter, NewToken};
use juanzong::record::SecurityClass;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::findings::{numbered, register, token};
use super::*;
use crate::cli::{juanzong, stdout};

/// What lines say of themselves, by name; and the checksum that their rows have.
fn about(text: &str) -> (Value, String) {
    let (rows, last) = text.trim_end().rsplit_once('\n').unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    let mut told = json!({});
    for note in last["about"].as_array().unwrap() {
        told[note["name"].as_str().unwrap()] = note["value"].clone();
    }
    (told, hex::encode(Sha256::digest(format!("{rows}\n"))))
}

fn rows(text: &str) -> Vec<Value> {
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line.get("about").is_none()).collect()
}

/// The rows of a CSV file below its headings, and what is said behind them.
fn csv_rows(bytes: &[u8]) -> (Vec<Vec<String>>, Vec<(String, String)>) {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let all = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect());
    let (notes, rows): (Vec<Vec<String>>, Vec<Vec<String>>) =
        all.partition(|row: &Vec<String>| row[0].starts_with("# "));
    let notes = notes
        .iter()
        .map(|row| (row[0].trim_start_matches("# ").to_owned(), row[1].clone()));
    (rows, notes.collect())
}

fn noted(notes: &[(String, String)], name: &str) -> String {
    let found = notes.iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no {name} in {notes:?}")).1.clone()
}

async fn last_entry(archive: &TestArchive) -> (Action, Value) {
    let entries = archive
        .access()
        .audit_entries(&AuditFilter::default(), 2)
        .await
        .unwrap();
    let details = |at: usize| serde_json::from_str::<Value>(&entries[at].entry.details).unwrap();
    assert_eq!(entries[0].entry.action, entries[1].entry.action);
    assert_eq!(details(1).get("sent"), None, "it is written down before it is sent");
    (entries[0].entry.action, details(0))
}

#[tokio::test]
async fn findings_are_taken_out_in_three_forms_with_one_checksum() {
    let archive = register(false).await;
    archive.add(&numbered(8, 3, &[])).await;
    archive.index().await;
    let api = Api::of(&archive).await;
    let auditor = api.with_token(&token(&archive, "auditor", SecurityClass::Internal).await);
    let path = "/api/v1/findings/export?year=2019&rule=number_gap&rule=number_duplicate&format=";

    let lines = auditor.get(&format!("{path}jsonl")).await;
    assert_eq!(lines.status, StatusCode::OK, "{}", lines.text());
    assert_eq!(lines.header("content-type"), "application/jsonl");
    let text = lines.text();
    let (told, checksum) = about(&text);
    assert_eq!(told["checksum"], checksum);
    assert_eq!(
        (&told["count"], &told["rules"]),
        (&json!("2"), &json!("断号、缺号、重号"))
    );
    assert_eq!(told["exported_by"], "赵小满");
    let mandate = told["mandate"].as_str().unwrap();
    assert!(
        mandate.contains("年度：2010–2030") && mandate.contains("密级不高于：内部"),
        "{mandate}"
    );
    let found = rows(&text);
    let of = |rule: &str| found.iter().find(|row| row["rule"] == rule).unwrap();
    let gap = of("number_gap");
    assert_eq!(
        (
            &gap["year"],
            &gap["number_series"],
            &gap["number_from"],
            &gap["number_to"],
            &gap["decided_on"]
        ),
        (
            &json!(2019),
            &json!("灵市监许〔2019〕"),
            &json!(4),
            &json!(4),
            &json!("2019-05-07")
        )
    );
    assert_eq!(of("number_duplicate")["archival_codes"].as_array().unwrap().len(), 2);
    let (action, details) = last_entry(&archive).await;
    assert_eq!(action, Action::Export);
    let file = hex::encode(Sha256::digest(&lines.body));
    assert_eq!(
        details["sent"],
        json!({"rows": 2, "bytes": lines.body.len(), "sha256": file})
    );
    assert_eq!(
        (&details["of"], &details["years"]),
        (&json!("findings"), &json!([2019, 2019]))
    );

    let csv = auditor.get(&format!("{path}csv")).await;
    let (table, notes) = csv_rows(&csv.body);
    assert_eq!(noted(&notes, "数据校验和"), checksum);
    assert_eq!(
        (table.len(), table[0][8].as_str(), noted(&notes, "状态").as_str()),
        (3, "卷数", "待处理")
    );
    assert!(auditor.get(&format!("{path}xlsx")).await.body.starts_with(b"PK"));
    for wrong in ["", "exe", "csv&page=0", "csv&rule=x", "csv&colour=red"] {
        let answer = auditor.get(&format!("{path}{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }

    let printed = stdout(&juanzong(
        &archive,
        &[
            "findings",
            "--year",
            "2019",
            "--rule",
            "number_gap",
            "--rule",
            "number_duplicate",
            "--format",
            "jsonl",
        ],
    ));
    assert_eq!(about(&printed).1, checksum, "the command says the same");
}

#[tokio::test]
async fn what_may_not_be_seen_is_in_no_table_and_a_table_needs_the_right_to_export() {
    let archive = register(true).await;
    let api = Api::of(&archive).await;
    let plain = api.with_token(&token(&archive, "plain", SecurityClass::Internal).await);
    let secret = archive.id(7).await;
    for path in [
        "/api/v1/findings/export?state=all&format=jsonl",
        "/api/v1/stats/export?by=year&format=jsonl",
    ] {
        let answer = plain.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(
            !answer.text().contains(&secret) && !answer.text().contains("number_gap"),
            "{path}"
        );
    }
    let counted = rows(&plain.get("/api/v1/stats/export?by=year&format=jsonl").await.text());
    assert_eq!(counted[0]["cases"], 6);

    let new = NewToken {
        account: AccountName::parse("plain").unwrap(),
        name: "narrow".into(),
        rights: [Right::Findings, Right::Statistics].into(),
        days: 1,
    };
    let narrow = archive.access().create_token(&new, &Actor::local(0)).await.unwrap();
    let narrow = api.with_token(narrow.reveal());
    for path in ["/api/v1/findings/export?format=csv", "/api/v1/stats/export?format=csv"] {
        let answer = narrow.get(path).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::FORBIDDEN, "not_allowed"),
            "{path}"
        );
    }
    assert_eq!(narrow.get("/api/v1/findings").await.status, StatusCode::OK);
}

#[tokio::test]
async fn statistics_are_taken_out_with_what_was_asked() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let path = "/api/v1/stats/export?by=year,outcome&measures=cases,refusal_rate&q=许可&year=2019..2020&format=";
    let lines = api.get(&format!("{path}jsonl")).await.text();
    let (told, checksum) = about(&lines);
    assert_eq!(told["checksum"], checksum);
    assert_eq!(
        (&told["query"], &told["counted"], &told["filter"]),
        (&json!("许可"), &json!("3"), &json!("年度: 2019、2020"))
    );
    assert_eq!(told["mandate"], "密级不高于：机密");
    let found = rows(&lines);
    assert_eq!(
        found[0],
        json!({"from": null, "to": null, "year": 2019, "outcome": "准予", "cases": 1, "refusal_rate": 0.0,
            "refusal_rate_part": 0, "refusal_rate_of": 1,
            "query": "q=%E8%AE%B8%E5%8F%AF&year=2019&outcome=granted"})
    );
    let csv = api.get(&format!("{path}csv")).await;
    let (table, notes) = csv_rows(&csv.body);
    assert_eq!((table.len(), noted(&notes, "数据校验和")), (found.len() + 1, checksum));
    let english = api.get_with(&format!("{path}csv"), "accept-language", "en").await;
    let (table, notes) = csv_rows(&english.body);
    assert_eq!(table[1][3], "Granted");
    assert_eq!(noted(&notes, "Rows"), found.len().to_string());
    let (action, details) = last_entry(&archive).await;
    assert_eq!((action, &details["of"]), (Action::Export, &json!("statistics")));
}
