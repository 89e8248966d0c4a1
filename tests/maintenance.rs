//! The schedule: what is due is done, one at a time, and written down.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use juanzong::access::{Action, Grant, Role};
use juanzong::catalogue::AuditFilter;
use juanzong::config::{MaintenancePlan, RawConfig};
use juanzong::maintenance::{Task, Upkeep};
use serde_json::Value;

use crate::cli::{failed, juanzong};
use crate::http::Api;
use crate::support::TestArchive;

fn plan(archive: &TestArchive) -> MaintenancePlan {
    let text = "[maintenance]\n\
                backup = { at = '02:00', to = '../backups', keys = '../kept-keys', keep = 2 }\n\
                verify = { at = 'sunday 03:00' }\n\
                reconcile = { at = '02:00' }\n";
    let path = archive.path().join("juanzong.toml");
    std::fs::write(&path, text).unwrap();
    RawConfig::read(&path).unwrap().validate(None).unwrap().maintenance
}

/// A clock that is set by hand.
struct Hand(Arc<AtomicI64>);

impl Hand {
    fn set(&self, time: &str) {
        self.0
            .store(time.parse::<Timestamp>().unwrap().as_second(), Ordering::SeqCst);
    }
}

async fn upkeep(archive: &TestArchive, now: &str) -> (Upkeep, Hand) {
    let hand = Hand(Arc::new(AtomicI64::new(0)));
    hand.set(now);
    let read = Arc::clone(&hand.0);
    let clock = Arc::new(move || Timestamp::from_second(read.load(Ordering::SeqCst)).unwrap());
    let upkeep = Upkeep::new(archive.open().await, archive.access().clone(), plan(archive), clock);
    (upkeep, hand)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_done_once_and_written_down() {
    let archive = TestArchive::with_scans().await;
    // A Tuesday evening in China.
    let (upkeep, hand) = upkeep(&archive, "2026-06-30T12:00:00Z").await;
    assert_eq!(upkeep.tick().await.unwrap(), None);
    hand.set("2026-06-30T18:00:30Z");
    let mut done = Vec::new();
    while let Some(task) = upkeep.tick().await.unwrap() {
        done.push(task);
        hand.set("2026-06-30T18:00:40Z");
    }
    done.sort();
    assert_eq!(done, [Task::Backup, Task::Reconcile]);
    assert_eq!(juanzong::backup::list(&archive.beside("backups")).unwrap().len(), 1);
    let status = upkeep.status().await.unwrap();
    let backup = &status[0];
    assert_eq!(backup.next_at.as_deref(), Some("2026-07-01T18:00:00Z"));
    let last = backup.last.as_ref().unwrap();
    assert_eq!(last.result.as_deref(), Some("done"));
    assert!(last.started_at.starts_with("2026-06-30T18:00:") && last.details["generation"].is_string());

    // It was off for a week: each is made up for once.
    hand.set("2026-07-08T04:00:00Z");
    let mut done = Vec::new();
    while let Some(task) = upkeep.tick().await.unwrap() {
        done.push(task);
    }
    done.sort();
    assert_eq!(done, [Task::Backup, Task::Verify, Task::Reconcile]);

    for (action, expected) in [(Action::Backup, 4), (Action::Verify, 6)] {
        let filter = AuditFilter {
            action: Some(action),
            actor: Some("program:schedule".into()),
            ..AuditFilter::default()
        };
        assert_eq!(
            archive.access().audit_entries(&filter, 100).await.unwrap().len(),
            expected,
            "{action:?}"
        );
    }
}

/// A planned reconciliation of each piece finds a changed original, and cases that the index lacks or should not have; stopped it goes
/// on where it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_planned_reconciliation_can_look_at_each_piece() {
    let archive = TestArchive::with_scans().await;
    let hand = Arc::new(AtomicI64::new(
        "2026-06-30T12:00:00Z".parse::<Timestamp>().unwrap().as_second(),
    ));
    let read = Arc::clone(&hand);
    let clock: juanzong::catalogue::Clock =
        Arc::new(move || Timestamp::from_second(read.load(Ordering::SeqCst)).unwrap());
    let path = archive.path().join("juanzong.toml");
    let text = "[maintenance]\nreconcile = { at = '02:00', depth = 'each', megabytes_per_second = 500 }\n";
    std::fs::write(&path, text).unwrap();
    let plan = || RawConfig::read(&path).unwrap().validate(None).unwrap().maintenance;
    let open = async || {
        Upkeep::new(
            archive.open().await,
            archive.access().clone(),
            plan(),
            Arc::clone(&clock),
        )
    };
    let set = |time: &str| hand.store(time.parse::<Timestamp>().unwrap().as_second(), Ordering::SeqCst);
    let last = async |upkeep: &Upkeep| {
        let status = upkeep.status().await.unwrap();
        let reconcile = status.into_iter().find(|task| task.task == "reconcile").unwrap();
        reconcile.last.unwrap()
    };
    let upkeep = open().await;
    set("2026-06-30T18:00:30Z");
    assert_eq!(upkeep.tick().await.unwrap(), Some(Task::Reconcile));
    let run = last(&upkeep).await;
    assert_eq!(run.result.as_deref(), Some("done"), "{run:?}");
    assert_eq!(
        (&run.details["depth"], &run.details["cases"]),
        (&"each".into(), &3.into())
    );
    let report = upkeep.last_report().await.unwrap().unwrap();
    let item = |report: &juanzong::verify::Report, code: &str| {
        let item = report.items.iter().find(|item| item.item == code).unwrap();
        (item.verdict.clone(), item.checked)
    };
    assert_eq!(item(&report, "original_hash"), ("passed".to_owned(), 3));
    // Each case, and their number.
    assert_eq!(item(&report, "index_agrees"), ("passed".to_owned(), 3 + 1));
    assert_eq!(item(&report, "opens").0, "not_run");

    // One original of the same size with other bytes; a case that the index does not have, whatever it says of itself.
    let sha256 = archive.catalogue().files_after("", 1).await.unwrap().remove(0).sha256;
    let original = archive.original(&sha256);
    let bytes = std::fs::read(&original).unwrap();
    std::fs::remove_file(&original).unwrap();
    std::fs::write(&original, vec![b'x'; bytes.len()]).unwrap();
    let lost = archive.catalogue().changed_since(0, 10).await.unwrap()[1].case_key;
    crate::dictionaries::reindex_without(&archive, &[lost]).await;
    let upkeep = open().await;
    upkeep.stop();
    set("2026-07-01T18:00:30Z");
    assert_eq!(upkeep.tick().await.unwrap(), Some(Task::Reconcile));
    assert_eq!(last(&upkeep).await.result.as_deref(), Some("interrupted"));
    let upkeep = open().await;
    assert_eq!(
        upkeep.tick().await.unwrap(),
        Some(Task::Reconcile),
        "at once, not at its next time"
    );
    assert_eq!(last(&upkeep).await.result.as_deref(), Some("problems"));
    let report = upkeep.last_report().await.unwrap().unwrap();
    let failed: Vec<&str> = report
        .items
        .iter()
        .filter(|item| item.verdict == "failed")
        .map(|item| item.item.as_str())
        .collect();
    assert_eq!(failed, ["original_hash", "opens", "index_agrees"]);
    let told = report.items.iter().find(|item| item.item == "index_agrees").unwrap();
    let codes: Vec<&str> = told.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["not_indexed", "index_differs"]);
    assert_eq!(upkeep.tick().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_done_at_a_time_and_a_failure_is_told() {
    let archive = TestArchive::with_scans().await;
    let (upkeep, hand) = upkeep(&archive, "2026-06-30T12:00:00Z").await;
    hand.set("2026-06-30T18:00:30Z");
    let lock = std::fs::File::create(archive.path().join("maintenance.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(upkeep.tick().await.unwrap(), None, "somebody else is at it");
    let output = juanzong(&archive, &["verify"]);
    assert!(failed(&output, 1).contains("正在进行"));
    drop(lock);
    // No place for backups any more.
    std::fs::write(archive.beside("backups"), b"a file").unwrap();
    let mut done = Vec::new();
    while let Some(task) = upkeep.tick().await.unwrap() {
        done.push(task);
    }
    assert_eq!(
        done.len(),
        2,
        "the other is done all the same, and the failed one not again at once"
    );
    let status = upkeep.status().await.unwrap();
    let last = status[0].last.as_ref().unwrap();
    assert_eq!(last.result.as_deref(), Some("failed"));
    assert!(last.details.get("error").is_none(), "no path is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administrator_sees_what_was_done_and_prometheus_too() {
    let archive = TestArchive::with_scans().await;
    let to = archive.beside("backups");
    assert!(juanzong(&archive, &["backup", to.to_str().unwrap()]).status.success());
    let admin = Grant::new(Role::SystemAdmin, None).unwrap();
    let token = archive.token_of("admin", &admin).await;
    let api = Api::of(&archive).await.with_token(&token);
    let answer = api.get("/api/v1/maintenance").await.json();
    let tasks = answer["tasks"].as_array().unwrap();
    let find = |name: &str| tasks.iter().find(|task| task["task"] == name).unwrap();
    assert_eq!(find("backup")["last"]["result"], "done");
    assert!(find("backup")["last"]["seconds"].is_number());
    assert_eq!(
        (&find("verify")["last"], &find("verify")["next_at"]),
        (&Value::Null, &Value::Null)
    );
    let metrics = api.get("/metrics").await.text();
    assert!(
        metrics.contains("juanzong_maintenance_last_good{task=\"backup\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("juanzong_maintenance_last_started{task=\"backup\"}"));
    assert!(!metrics.contains("juanzong_maintenance_next{"), "nothing is planned");
}
