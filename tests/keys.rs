//! `juanzong key`: listed, changed, killed in the middle.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::TestArchive;

fn key(archive: &TestArchive, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_juanzong"));
    command.arg("--data").arg(archive.path()).arg("key").args(arguments);
    command
}

/// Name and rows of each key.
fn list(archive: &TestArchive) -> Vec<(String, bool, u64)> {
    let output = key(archive, &["list", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let keys: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    keys.iter()
        .map(|key| {
            (
                key["id"].as_str().unwrap().to_owned(),
                key["in_use"].as_bool().unwrap(),
                key["rows"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_key_that_is_killed_is_finished_later() {
    // Pages, cases, facts, documents: a transaction for each at least.
    let archive = TestArchive::with_cases().await;
    let before = archive.catalogue().dump().await.unwrap();
    let first = list(&archive);
    assert_eq!((first.len(), first[0].1), (1, true));

    let mut child = key(&archive, &["rotate"]).stdout(Stdio::piped()).spawn().unwrap();
    // After its first transaction it waits for whoever reads what it says, or is at the next.
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut String::new())
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(archive.catalogue().dump().await.unwrap(), before, "the server reads on");

    let resumed = key(&archive, &["rotate", "--resume", "--json"]).output().unwrap();
    assert!(resumed.status.success(), "{}", String::from_utf8_lossy(&resumed.stderr));
    let told: Value = serde_json::from_slice(&resumed.stdout).unwrap();
    assert_eq!(told["finished"], true);
    let keys = list(&archive);
    assert_eq!(keys[0], (first[0].0.clone(), false, 0));
    assert_eq!((keys.len(), keys[1].1, keys[1].2), (2, true, first[0].2));
    assert_eq!(archive.catalogue().dump().await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_others_may_read_or_that_is_lost_is_told() {
    let archive = TestArchive::with_cases().await;
    let path = archive.path().join("keys/archive.key");
    Command::new("chmod").arg("640").arg(&path).status().unwrap();
    let run = key(&archive, &["list"]).output().unwrap();
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success() && told.contains("0600"), "{told}");
    std::fs::remove_file(&path).unwrap();
    for arguments in [
        &["status"][..],
        &["serve", "--listen", "127.0.0.1:0"],
        &["search", "许可"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_juanzong"));
        let run = command
            .arg("--data")
            .arg(archive.path())
            .args(arguments)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(!run.status.success(), "{arguments:?}");
        assert!(
            told.contains("密钥") && told.contains("archive.key"),
            "{arguments:?}: {told}"
        );
    }
}
