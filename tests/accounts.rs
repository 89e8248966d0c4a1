//! `juanzong user`, `token`, `audit`, `--as`, and the first start of the server.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use juanzong::access::{Action, Outcome};
use juanzong::catalogue::AuditFilter;
use serde_json::Value;

use crate::cli::{failed, juanzong, stdout};
use crate::http::Api;
use crate::support::{TestArchive, case};

const STAFF: &[&str] = &[
    "--role",
    "staff",
    "--all-regions",
    "--clearance",
    "internal",
    "--purpose",
    "窗口查档",
    "--agency",
];

fn add(archive: &TestArchive, name: &str, agency: &str) -> String {
    let arguments = [&["user", "add", name, "--person", "赵小满"][..], STAFF, &[agency]].concat();
    stdout(&juanzong(archive, &arguments))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn accounts_are_made_listed_and_disabled() {
    let archive = TestArchive::with_cases().await;
    let told = add(&archive, "zhao", "灵丘县市场监督管理局");
    assert!(told.contains("用户名 zhao，一次性口令 "), "{told}");
    let listed = json(&stdout(&juanzong(&archive, &["user", "list", "--json"])));
    let zhao = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|account| account["name"] == "zhao")
        .unwrap();
    assert_eq!(
        (&zhao["role"], &zhao["must_change_password"]),
        (&"staff".into(), &true.into())
    );
    assert_eq!(zhao["scope"]["agencies"][0], "灵丘县市场监督管理局");
    let table = stdout(&juanzong(&archive, &["user", "list"]));
    assert!(table.contains("待首次登录") && table.contains("密级至内部"), "{table}");
    stdout(&juanzong(&archive, &["user", "disable", "zhao"]));
    assert!(stdout(&juanzong(&archive, &["user", "list"])).contains("停用"));
    stdout(&juanzong(&archive, &["user", "enable", "zhao"]));
    stdout(&juanzong(&archive, &["user", "grant", "zhao", "--role", "log_admin"]));
    let told = failed(
        &juanzong(&archive, &["user", "grant", "zhao", "--role", "system_admin"]),
        1,
    );
    assert!(told.contains("三员分立"), "{told}");
    stdout(&juanzong(&archive, &["user", "revoke", "zhao"]));
    assert!(stdout(&juanzong(&archive, &["user", "reset-password", "zhao"])).contains("一次性口令"));

    for (arguments, status, word) in [
        (&["user", "add", "zhao", "--person", "赵小满"][..], 1, "已有同名账户"),
        (&["user", "add", "1", "--person", "赵小满"][..], 2, "2 至 40"),
        (&["user", "grant", "zhao", "--role", "staff"][..], 1, "授权内容不完整"),
        (
            &[
                "user",
                "grant",
                "zhao",
                "--role",
                "staff",
                "--clearance",
                "internal",
                "--purpose",
                "查",
            ][..],
            1,
            "授权内容不完整",
        ),
        (&["user", "grant", "zhao", "--role", "chief"][..], 2, "system_admin"),
        (
            &["user", "grant", "nobody", "--role", "log_admin"][..],
            1,
            "没有这个账户",
        ),
        (&["user", "grant", "zhao"][..], 2, "--role"),
    ] {
        let told = failed(&juanzong(&archive, arguments), status);
        assert!(told.contains(word), "{word} in {told}");
    }
}

#[tokio::test]
async fn whoever_acts_as_an_account_sees_what_it_sees() {
    let archive = TestArchive::empty().await;
    archive.add(&case(1, "2019-05-07", "granted", "许可", &["准予"])).await;
    archive.index().await;
    add(&archive, "zhao", "灵丘县市场监督管理局");
    add(&archive, "zhou", "广灵县市场监督管理局");
    stdout(&juanzong(
        &archive,
        &["user", "add", "lilog", "--person", "李日志", "--role", "log_admin"],
    ));
    let total = |arguments: &[&str]| {
        let printed = stdout(&juanzong(
            &archive,
            &[arguments, &["search", "许可", "--json"]].concat(),
        ));
        json(&printed)["total"].as_u64().unwrap()
    };
    assert_eq!(
        (total(&[]), total(&["--as", "zhao"]), total(&["--as", "zhou"])),
        (1, 1, 0)
    );
    let id = archive.id(1).await;
    let code = crate::support::code(1).to_string();
    stdout(&juanzong(&archive, &["--as", "zhao", "case", "show", &id]));
    for (as_whom, arguments, word) in [
        ("zhou", &["case", "show", &id][..], "没有这个案卷"),
        ("zhou", &["case", "show", &code], "没有这个案卷"),
        ("zhou", &["case", "export", &code, "--format", "json"], "没有这个案卷"),
        (
            "zhao",
            &["export", "许可", "--format", "csv", "--unmasked", "--reason", "移交"],
            "没有此项权限",
        ),
        ("lilog", &["search", "许可"], "没有此项权限"),
        ("zhao", &["audit", "verify"], "没有此项权限"),
        ("zhao", &["user", "list"], "没有此项权限"),
        ("nobody", &["search", "许可"], "没有这个账户"),
    ] {
        let told = failed(&juanzong(&archive, &[&["--as", as_whom], arguments].concat()), 1);
        assert!(told.contains(word), "{as_whom} {arguments:?}: {told}");
    }
    let exported = stdout(&juanzong(
        &archive,
        &["--as", "zhou", "export", "许可", "--format", "jsonl"],
    ));
    assert_eq!(exported, "");
    let filter = AuditFilter {
        outcome: Some(Outcome::Refused),
        ..AuditFilter::default()
    };
    let refused = archive.access().audit_entries(&filter, 10).await.unwrap();
    assert!(refused[0].entry.actor.starts_with("local:") && refused[0].entry.actor.ends_with(" as zhao"));
}

#[tokio::test]
async fn what_the_command_line_does_is_written_down() {
    let archive = TestArchive::with_cases().await;
    let code = crate::support::code(1).to_string();
    let id = archive.id(1).await;
    for (arguments, action, about_case) in [
        (&["search", "许可 140224199001011234"][..], Action::Search, false),
        (&["suggest", "食品"], Action::Suggest, false),
        (&["case", "show", &code], Action::ViewCase, true),
        (&["case", "corrections", &code], Action::ViewCorrections, true),
        (&["case", "export", &code, "--format", "json"], Action::Export, true),
        (&["export", "许可", "--format", "csv"], Action::Export, false),
        (&["review", "list"], Action::Review, false),
        (
            &[
                "case",
                "correct",
                &code,
                "--field",
                "title",
                "--value",
                "题",
                "--author",
                "孙晓梅",
            ],
            Action::Correct,
            true,
        ),
        (&["case", "undo", &code, "1", "--author", "孙晓梅"], Action::Undo, true),
        (&["user", "list"], Action::Account, false),
        (&["token", "list"], Action::Token, false),
        (&["audit", "verify"], Action::ReadAudit, false),
    ] {
        stdout(&juanzong(&archive, arguments));
        let entries = archive
            .access()
            .audit_entries(&AuditFilter::default(), 1)
            .await
            .unwrap();
        let entry = &entries[0].entry;
        assert_eq!((entry.action, entry.outcome), (action, Outcome::Done), "{arguments:?}");
        assert_eq!(
            entry.case_id.as_deref(),
            about_case.then_some(id.as_str()),
            "{arguments:?}"
        );
        assert!(entry.actor.starts_with("local:") && !entry.details.contains("199001011234"));
    }
    let unmasked = [
        "export",
        "许可",
        "--format",
        "csv",
        "--unmasked",
        "--reason",
        "移交公安机关",
    ];
    stdout(&juanzong(&archive, &unmasked));
    let filter = AuditFilter {
        action: Some(Action::Unmask),
        ..AuditFilter::default()
    };
    let entries = archive.access().audit_entries(&filter, 10).await.unwrap();
    assert!(entries.len() == 1 && entries[0].entry.details.contains("移交公安机关"));
}

#[tokio::test]
async fn tokens_open_the_api_until_they_are_revoked() {
    let archive = TestArchive::with_cases().await;
    add(&archive, "zhao", "灵丘县市场监督管理局");
    let create = ["token", "create", "zhao", "--name", "report", "--right", "search"];
    let token = stdout(&juanzong(&archive, &create));
    let api = Api::of(&archive).await.with_token(token.trim());
    assert_eq!(api.get("/api/v1/search?q=许可").await.json()["total"], 3);
    let id = archive.id(1).await;
    assert_eq!(
        api.get(&format!("/api/v1/cases/{id}")).await.code(),
        "not_allowed",
        "not a right of the token"
    );
    let listed = json(&stdout(&juanzong(&archive, &["token", "list", "--json"])));
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .any(|token| token["name"] == "report" && token["rights"][0] == "search")
    );
    assert!(failed(&juanzong(&archive, &create), 1).contains("已有同名令牌"));
    stdout(&juanzong(&archive, &["token", "revoke", "zhao", "report"]));
    assert_eq!(api.get("/api/v1/search?q=许可").await.code(), "not_signed_in");
    assert!(stdout(&juanzong(&archive, &["token", "list"])).contains("作废"));
}

#[tokio::test]
async fn an_older_log_put_back_is_found() {
    let archive = TestArchive::with_cases().await;
    stdout(&juanzong(&archive, &["search", "许可"]));
    archive.access().close().await;
    let file = archive.path().join("access.db");
    let older = std::fs::read(&file).unwrap();
    stdout(&juanzong(&archive, &["search", "不予"]));
    stdout(&juanzong(&archive, &["audit", "checkpoint"]));
    let told = stdout(&juanzong(&archive, &["audit", "verify"]));
    assert!(told.contains("完整，未发现改动"), "{told}");
    let exported = stdout(&juanzong(&archive, &["audit", "export"]));
    assert!(
        exported
            .lines()
            .all(|line| json(line)["hash"].as_str().unwrap().len() == 64)
    );
    assert!(exported.contains("不予"));

    for file in ["access.db-wal", "access.db-shm"] {
        let _ = std::fs::remove_file(archive.path().join(file));
    }
    std::fs::write(&file, older).unwrap();
    let output = juanzong(&archive, &["audit", "verify", "--json"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let report = json(&String::from_utf8_lossy(&output.stdout));
    assert_eq!(
        (&report["intact"], &report["findings"][0]["code"]),
        (&false.into(), &"truncated".into())
    );
    // What is written after that covers nothing up.
    for _ in 0..4 {
        stdout(&juanzong(&archive, &["search", "许可"]));
    }
    let output = juanzong(&archive, &["audit", "verify", "--json"]);
    let report = json(&String::from_utf8_lossy(&output.stdout));
    assert_eq!(report["findings"][0]["code"], "not_the_signed", "{report}");
}

#[tokio::test]
async fn the_first_start_prints_three_administrators_once() {
    let archive = TestArchive::empty().await;
    let data = archive.beside("fresh");
    let start = || {
        let mut server = Command::new(env!("CARGO_BIN_EXE_juanzong"))
            .arg("--data")
            .arg(&data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut told = Vec::new();
        // The last line says that there is no index yet.
        for line in BufReader::new(server.stdout.take().unwrap()).lines() {
            told.push(line.unwrap());
            if told.last().unwrap().contains("尚未建立索引") {
                break;
            }
        }
        server.kill().unwrap();
        server.wait().unwrap();
        told.join("\n")
    };
    let told = start();
    for name in ["sysadmin", "secadmin", "logadmin"] {
        assert!(told.contains(&format!("用户名 {name}  一次性口令 ")), "{told}");
    }
    assert!(told.contains("密钥与数据在同一目录"), "{told}");
    assert!(!start().contains("一次性口令"));
    std::fs::write(
        data.join("juanzong.toml"),
        format!("[keys]\ndirectory = '{}'", archive.beside("keys").display()),
    )
    .unwrap();
    assert!(!start().contains("密钥与数据在同一目录"));
    assert!(archive.beside("keys").join("audit.key").try_exists().unwrap());
}
