//! `juanzong verify`: each kind of damage is found and named; what was not looked at is never passed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use juanzong::catalogue::Decoding;
use serde_json::Value;

use crate::cli::{failed, juanzong, stdout};
use crate::http::Api;
use crate::support::{TestArchive, code, grant};

/// Runs a check; gives its report, whatever it found.
fn check(archive: &TestArchive, more: &[&str]) -> Value {
    let output = juanzong(archive, &[&["verify", "--json"], more].concat());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{told}"));
    let failed = matches!(report["conclusion"].as_str(), Some("failed" | "nothing"));
    assert_eq!(output.status.code(), Some(i32::from(failed)), "{told}");
    report
}

fn item<'a>(report: &'a Value, code: &str) -> &'a Value {
    let items = report["items"].as_array().unwrap();
    items.iter().find(|item| item["item"] == code).unwrap()
}

fn verdict(report: &Value, code: &str) -> String {
    item(report, code)["verdict"].as_str().unwrap().to_owned()
}

/// The only finding of an item.
fn finding<'a>(report: &'a Value, code: &str) -> &'a Value {
    let findings = item(report, code)["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    &findings[0]
}

fn replace(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_archive_has_no_failures_and_the_rest_is_not_passed_either() {
    let archive = TestArchive::with_scans().await;
    let report = check(&archive, &[]);
    assert_eq!(report["conclusion"], "no_failure", "{report}");
    assert_eq!((report["files"].as_u64(), report["cases"].as_u64()), (Some(3), Some(3)));
    for passed in [
        "original_hash",
        "audit_chain",
        "metadata_linked",
        "originals_present",
        "nothing_extra",
        "numbering",
        "page_counts",
        "metadata_readable",
        "opens",
        "format",
        "access_log",
        "encryption",
        "index_agrees",
    ] {
        assert_eq!(verdict(&report, passed), "passed", "{}", item(&report, passed));
    }
    for manual in [
        "signatures",
        "package_source",
        "process_information",
        "environment",
        "media",
    ] {
        assert_eq!(verdict(&report, manual), "manual");
        assert!(item(&report, manual)["note"].is_string());
    }
    assert_eq!(verdict(&report, "malware"), "not_run");
    assert_eq!(
        verdict(&report, "key_permissions"),
        "doubtful",
        "they lie beside the data"
    );
    let last = juanzong(&archive, &["verify", "--last", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&stdout(&last)).unwrap(), report);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_nothing_fails() {
    let archive = TestArchive::empty().await;
    let report = check(&archive, &[]);
    assert_eq!(report["conclusion"], "nothing");
    assert_eq!(verdict(&report, "original_hash"), "not_run");
    assert!(failed_text(&archive).contains("没有可检测的内容"));
}

fn failed_text(archive: &TestArchive) -> String {
    let output = juanzong(archive, &["verify"]);
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_damage_of_an_original_is_found_and_named() {
    let archive = TestArchive::with_scans().await;
    let mut scans = Vec::new();
    for n in 11..=14 {
        scans.push(archive.add_scanned(n, format!("original of case {n}").as_bytes()).await);
    }
    let path = |n: usize| archive.original(&scans[n]);
    let mut flipped = fs::read(path(0)).unwrap();
    flipped[3] ^= 0x10;
    replace(&path(0), &flipped);
    let whole = fs::read(path(1)).unwrap();
    replace(&path(1), &whole[..whole.len() - 2]);
    fs::remove_file(path(2)).unwrap();
    let report = check(&archive, &[]);
    assert_eq!(report["conclusion"], "failed");

    let damaged = item(&report, "original_hash");
    let named: Vec<(String, String, String)> = damaged["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap().to_owned();
            (text("code"), text("archival_code"), text("place"))
        })
        .collect();
    let place = |n: usize| {
        let below = path(n).strip_prefix(archive.path()).unwrap().to_owned();
        below.to_str().unwrap().to_owned()
    };
    assert_eq!((damaged["failed"].as_u64(), named.len()), (Some(2), 2), "{damaged}");
    assert!(
        named.contains(&("changed".into(), code(11).to_string(), place(0))),
        "{named:?}"
    );
    assert!(
        named.contains(&("size".into(), code(12).to_string(), place(1))),
        "{named:?}"
    );
    let missing = finding(&report, "originals_present");
    assert_eq!(missing["archival_code"], code(13).as_str());
    assert_eq!(missing["place"], place(2).as_str());
    assert_eq!(
        item(&report, "opens")["failed"],
        2,
        "what was decoded was something else"
    );
    // By names and sizes alone the changed byte is not seen, and nobody says that it was looked for.
    let quick = check(&archive, &["--quick"]);
    assert_eq!(verdict(&quick, "originals_present"), "failed");
    assert_eq!(finding(&quick, "original_hash")["code"], "size");
    assert_eq!(verdict(&quick, "opens"), "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quick_check_of_a_sound_archive_passes_no_hash() {
    let archive = TestArchive::with_scans().await;
    let report = check(&archive, &["--quick"]);
    assert_eq!(report["conclusion"], "no_failure");
    for item in [
        "original_hash",
        "opens",
        "audit_chain",
        "metadata_content",
        "encryption",
        "malware",
    ] {
        assert_eq!(verdict(&report, item), "not_run", "{item}");
    }
    assert_eq!(verdict(&report, "originals_present"), "passed");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_not_registered_are_named_without_numbers_of_people() {
    let archive = TestArchive::with_scans().await;
    let originals = archive.path().join("originals");
    fs::create_dir_all(originals.join("ab")).unwrap();
    fs::write(originals.join("ab").join("0".repeat(62)), b"put in").unwrap();
    fs::write(originals.join("140224199001011234.pdf"), b"put in").unwrap();
    // What is put there while a check runs may be registered a moment later: only what lay there before counts.
    let report = loop {
        let report = check(&archive, &["--anew"]);
        if verdict(&report, "nothing_extra") == "failed" {
            break report;
        }
    };
    let named = item(&report, "nothing_extra")["findings"].to_string();
    assert_eq!(item(&report, "nothing_extra")["failed"], 2, "{named}");
    assert!(named.contains(&format!("originals/ab/{}", "0".repeat(62))), "{named}");
    assert!(
        named.contains("1402**********1234.pdf") && !named.contains("140224199001011234"),
        "{named}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn catalogue_log_and_keys_are_looked_at() {
    let archive = TestArchive::with_scans().await;
    // A gap: 1, 2, 3 and 9.
    let sha256 = archive.add_scanned(9, b"number nine").await;
    archive
        .catalogue()
        .keep_decoding(&Decoding {
            sha256,
            program: "juanzong-indexer 0".into(),
            checked_at: String::new(),
            pages: Some(1),
            page: Some(1),
            failure_code: Some("damaged".into()),
        })
        .await
        .unwrap();
    fs::set_permissions(archive.path().join("keys/audit.key"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(archive.path().join("keys"), fs::Permissions::from_mode(0o755)).unwrap();
    let report = check(&archive, &[]);
    let decoded = finding(&report, "opens");
    assert_eq!(
        (decoded["code"].as_str(), decoded["detail"].as_str()),
        (Some("not_decoded"), Some("damaged p. 1"))
    );
    assert_eq!(decoded["archival_code"], code(9).as_str());
    assert_eq!(finding(&report, "numbering")["detail"], "5");
    assert_eq!(verdict(&report, "key_permissions"), "failed");
    fs::set_permissions(archive.path().join("keys"), fs::Permissions::from_mode(0o700)).unwrap();

    bend(
        &archive,
        "access.db",
        "UPDATE audit_log SET actor = 'x' WHERE sequence = 2",
    )
    .await;
    bend(
        &archive,
        "catalogue.db",
        "UPDATE documents SET page_count = 7 WHERE document_key = 1",
    )
    .await;
    let report = check(&archive, &["--anew"]);
    for item in ["audit_chain", "access_log", "metadata_linked"] {
        assert_eq!(verdict(&report, item), "failed", "{item}");
    }
    assert_eq!(item(&report, "audit_chain")["findings"][0]["place"], "audit log 2");
    bend(
        &archive,
        "catalogue.db",
        "UPDATE documents SET sealed = zeroblob(60) WHERE document_key = 1",
    )
    .await;
    let report = check(&archive, &["--anew"]);
    assert_eq!(verdict(&report, "encryption"), "failed");
    assert_eq!(verdict(&report, "metadata_readable"), "failed");
}

/// Changes a database behind the program's back.
async fn bend(archive: &TestArchive, name: &str, sql: &'static str) {
    use sqlx::{Connection, SqliteConnection};

    let address = format!("sqlite://{}", archive.path().join(name).display());
    let mut connection = SqliteConnection::connect(&address).await.unwrap();
    let triggers: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    for trigger in triggers {
        let drop = format!("DROP TRIGGER {trigger}");
        sqlx::query(sqlx::AssertSqlSafe(drop))
            .execute(&mut connection)
            .await
            .unwrap();
    }
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn malware_is_looked_for_by_a_program_of_the_users() {
    let archive = TestArchive::with_scans().await;
    archive.add_scanned(7, b"EICAR-TEST").await;
    let config = |command: &str| {
        let text = format!("[maintenance.verify]\nmalware_command = ['sh', '-c', '{command}', 'sh', '{{file}}']\n");
        fs::write(archive.path().join("juanzong.toml"), text).unwrap();
    };
    config("! grep -q EICAR \"$1\"");
    let report = check(&archive, &[]);
    assert_eq!(item(&report, "malware")["checked"], 4);
    assert_eq!(finding(&report, "malware")["archival_code"], code(7).as_str());
    config("exit 3");
    let report = check(&archive, &[]);
    let unanswered = item(&report, "malware");
    assert_eq!(
        (unanswered["verdict"].as_str(), unanswered["not_looked_at"].as_u64()),
        (Some("not_run"), Some(4))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_json_xml_and_pdf_and_for_the_administrator_only() {
    use juanzong::access::{Grant, Role};

    let archive = TestArchive::with_scans().await;
    let admin = Grant::new(Role::SystemAdmin, None).unwrap();
    let api = Api::of(&archive)
        .await
        .with_token(&archive.token_of("admin", &admin).await);
    assert_eq!(api.get("/api/v1/verify/report").await.code(), "not_found");
    let sha256 = archive.add_scanned(5, b"will be damaged").await;
    replace(&archive.original(&sha256), b"was really damaged");
    let report = check(&archive, &[]);
    assert_eq!(api.get("/api/v1/verify/report").await.json(), report);
    let xml = api.get("/api/v1/verify/report?format=xml").await;
    assert_eq!(xml.header("content-type"), "application/xml; charset=utf-8");
    let text = xml.text();
    assert!(
        text.contains("<四性检测报告") && text.contains(code(5).as_str()) && text.contains(sha256.get(2..).unwrap())
    );
    assert_eq!(
        text.matches("<检测项目").count(),
        report["items"].as_array().unwrap().len()
    );
    assert_eq!(
        api.get("/api/v1/verify/report?format=odt").await.code(),
        "invalid_parameter"
    );
    let pdf = api.get("/api/v1/verify/report?format=pdf").await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.body.starts_with(b"%PDF-") && pdf.body.len() > 5_000);
    let staff = Api::of(&archive).await.with_token(
        &archive
            .token_of("staff", &grant(Role::Staff, crate::support::everything()))
            .await,
    );
    assert_eq!(staff.get("/api/v1/verify/report").await.code(), "not_allowed");

    let file = archive.beside("report.pdf");
    let output = juanzong(
        &archive,
        &["verify", "--last", "--format", "pdf", "-o", file.to_str().unwrap()],
    );
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read(&file).unwrap().get(..5), Some(&b"%PDF-"[..]));
    let said = failed(&output, 1);
    assert!(said.contains("不通过"), "{said}");
}

/// A check that was killed goes on where it was, and ends like one that was left in peace.
#[cfg(feature = "killpoints")]
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_check_goes_on() {
    use std::os::unix::process::ExitStatusExt;

    let archive = TestArchive::empty().await;
    for n in 1..=69 {
        archive.add_scanned(n, format!("scan {n}").as_bytes()).await;
    }
    let sha256 = archive.add_scanned(70, b"will be damaged").await;
    replace(&archive.original(&sha256), b"was really damaged");
    archive.index().await;
    let whole = check(&archive, &[]);
    for count in [1, 2, 3, 30] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_juanzong"));
        command.arg("--data").arg(archive.path()).args(["verify", "--anew"]);
        let killed = command
            .env("JUANZONG_KILL_AT", format!("verification_kept:{count}"))
            .output()
            .unwrap();
        assert_eq!(killed.status.signal(), Some(9), "{count} was not reached");
        let resumed = check(&archive, &[]);
        for (before, after) in whole["items"]
            .as_array()
            .unwrap()
            .iter()
            .zip(resumed["items"].as_array().unwrap())
        {
            let name = before["item"].as_str().unwrap();
            // The log and the databases grow.
            if matches!(name, "audit_chain" | "access_log") {
                assert_eq!(before["verdict"], after["verdict"], "{count}: {name}");
            } else {
                assert_eq!(before, after, "{count}: {name}");
            }
        }
        assert_eq!(
            (resumed["files"].as_u64(), resumed["cases"].as_u64()),
            (Some(70), Some(70)),
            "{count}"
        );
    }
}
