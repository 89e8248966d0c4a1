//! `juanzong code`.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use juanzong::record::IdNumber;
use serde_json::Value;

use crate::cli::{failed, juanzong, stdout};
use crate::support::TestArchive;

fn issue(archive: &TestArchive, input: &str, more: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_juanzong"))
        .env_remove("JUANZONG_DATA")
        .arg("--data")
        .arg(archive.path())
        .args(["code", "issue"])
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not read on.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

#[tokio::test]
async fn codes_are_issued_listed_and_revoked() {
    let archive = TestArchive::empty().await;
    let head = "14022419900101123";
    let number = format!("{head}{}", IdNumber::check_character(head).unwrap());
    let input = format!("王小明\n{number}\n");
    let slip = archive.beside("slip.html");
    let told = failed(&issue(&archive, &input, &[]), 2);
    assert!(told.contains("--identity-checked"), "{told}");

    let file = slip.to_str().unwrap();
    let printed = stdout(&issue(
        &archive,
        &input,
        &["--identity-checked", "--slip", file, "--json"],
    ));
    assert!(!printed.contains(&number), "masked");
    let issued: Value = serde_json::from_str(&printed).unwrap();
    let code = issued["code"].as_str().unwrap();
    assert!(std::fs::read_to_string(&slip).unwrap().contains(code));
    assert_eq!(std::fs::metadata(&slip).unwrap().permissions().mode() & 0o777, 0o600);

    let list = stdout(&juanzong(&archive, &["code", "list", "--json"]));
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!((&list[0]["id"], &list[0]["state"]), (&issued["id"], &"good".into()));
    let id = issued["id"].as_str().unwrap();
    stdout(&juanzong(&archive, &["code", "revoke", id]));
    let told = failed(&juanzong(&archive, &["code", "revoke", id]), 1);
    assert!(told.contains("没有这个查询码"), "{told}");
    let table = stdout(&juanzong(&archive, &["code", "list"]));
    assert!(
        table.contains("已作废") && table.contains("王**") && !table.contains(&number),
        "{table}"
    );

    let told = failed(&issue(&archive, "王小明\n1\n", &["--identity-checked"]), 1);
    assert!(told.contains("号码校验不通过"), "{told}");
    // Who acts as somebody without the right issues nothing.
    let told = failed(&juanzong(&archive, &["--as", "nobody", "code", "list"]), 1);
    assert!(told.contains("没有这个账户"), "{told}");
}
