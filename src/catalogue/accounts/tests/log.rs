use serde_json::json;

use super::*;
use crate::access::{Action, FindingKind, Outcome};

async fn write(office: &Office, count: usize) {
    for n in 0..count {
        let entry = operator().entry(Action::Search, Outcome::Done, &json!({"total": n}));
        office.store.record(entry).await.unwrap();
    }
}

async fn kinds(office: &Office) -> Vec<FindingKind> {
    let report = office.store.verify_audit(&[]).await.unwrap();
    report.findings.iter().map(|finding| finding.kind).collect()
}

#[tokio::test]
async fn entries_are_kept_in_order_and_filtered() {
    let office = Office::open().await;
    write(&office, 3).await;
    let entry = Actor::unknown()
        .entry(Action::ViewCase, Outcome::Refused, &json!({}))
        .of_case("abc");
    office.store.record(entry).await.unwrap();
    let list = |filter: AuditFilter| {
        let store = office.store.clone();
        async move {
            let entries = store.audit_entries(&filter, 2).await.unwrap();
            entries.iter().map(|entry| entry.sequence).collect::<Vec<_>>()
        }
    };
    let none = AuditFilter::default;
    assert_eq!(list(none()).await, [4, 3]);
    assert_eq!(
        list(AuditFilter {
            before: Some(3),
            ..none()
        })
        .await,
        [2, 1]
    );
    assert_eq!(
        list(AuditFilter {
            case_id: Some("abc".into()),
            ..none()
        })
        .await,
        [4]
    );
    assert_eq!(
        list(AuditFilter {
            action: Some(Action::Search),
            ..none()
        })
        .await,
        [3, 2]
    );
    assert_eq!(
        list(AuditFilter {
            outcome: Some(Outcome::Refused),
            ..none()
        })
        .await,
        [4]
    );
    assert_eq!(
        list(AuditFilter {
            actor: Some("local:1000".into()),
            ..none()
        })
        .await,
        [3, 2]
    );
}

#[tokio::test]
async fn many_at_once_are_all_written() {
    let office = Office::open().await;
    let tasks: Vec<_> = (0..200)
        .map(|n| {
            let store = office.store.clone();
            let entry = operator().entry(Action::Search, Outcome::Done, &json!({"n": n}));
            tokio::spawn(async move { store.record(entry).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let report = office.store.verify_audit(&[]).await.unwrap();
    assert_eq!((report.entries, report.findings.len()), (200, 0));
}

#[tokio::test]
async fn each_day_is_signed_and_the_end() {
    let office = Office::open().await;
    write(&office, 3).await;
    office.wait(24 * 3600);
    write(&office, 2).await;
    let signed = |office: &Office| {
        let store = office.store.clone();
        async move {
            let checkpoints = store.audit_checkpoints().await.unwrap();
            checkpoints
                .iter()
                .map(|checkpoint| checkpoint.sequence)
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(signed(&office).await, [1, 4]);
    office.store.checkpoint().await.unwrap();
    office.store.checkpoint().await.unwrap();
    assert_eq!(signed(&office).await, [1, 4, 5]);
    assert_eq!(office.store.keys().checkpoints().unwrap().len(), 3);
    // Another process on the same file goes on where this one stopped.
    let again = Office::reopen(office.folder, START + 25 * 3600).await;
    write(&again, 1).await;
    let report = again.store.verify_audit(&[]).await.unwrap();
    assert_eq!((report.entries, report.signed, report.findings.len()), (6, Some(5), 0));
}

/// Whoever holds the file can take the triggers away; the chain and the keys remain.
#[tokio::test]
async fn a_log_that_was_bent_is_found() {
    const UNLOCK: &str = "DROP TRIGGER audit_log_stays; DROP TRIGGER audit_log_keeps; DROP TRIGGER audit_log_appends; \
         DROP TRIGGER audit_checkpoints_stay; DROP TRIGGER audit_checkpoints_keep;";
    for (sql, found) in [
        (
            "UPDATE audit_log SET actor = 'qian' WHERE sequence = 3",
            FindingKind::Changed,
        ),
        (
            "UPDATE audit_log SET details = '{}' WHERE sequence = 6",
            FindingKind::Changed,
        ),
        (
            "UPDATE audit_log SET purpose = '' WHERE sequence = 1",
            FindingKind::Changed,
        ),
        ("DELETE FROM audit_log WHERE sequence = 3", FindingKind::Missing),
        ("DELETE FROM audit_log WHERE sequence = 1", FindingKind::Missing),
        ("DELETE FROM audit_log WHERE sequence > 4", FindingKind::Truncated),
        (
            "DELETE FROM audit_log WHERE sequence > 4; DELETE FROM audit_checkpoints WHERE sequence > 4",
            FindingKind::Truncated,
        ),
        (
            "INSERT INTO audit_log SELECT 0, hash_kind, at, actor, role, action, outcome, case_id, purpose, request_id, \
             address, details, previous, hash FROM audit_log WHERE sequence = 2",
            FindingKind::OutOfPlace,
        ),
        (
            "UPDATE audit_log SET sequence = -2 WHERE sequence = 2; UPDATE audit_log SET sequence = 2 WHERE sequence = 3; \
             UPDATE audit_log SET sequence = 3 WHERE sequence = -2",
            FindingKind::OutOfPlace,
        ),
        (
            "UPDATE audit_checkpoints SET hash = 'ff' WHERE sequence = 6",
            FindingKind::ForgedCheckpoint,
        ),
    ] {
        let office = Office::open().await;
        write(&office, 6).await;
        office.store.checkpoint().await.unwrap();
        assert_eq!(kinds(&office).await, []);
        let error = office.sql(sql).await.unwrap_err().to_string();
        assert!(error.contains("audit_"), "{error}");
        office.sql(UNLOCK).await.unwrap();
        office.sql(sql).await.unwrap();
        assert!(
            kinds(&office).await.contains(&found),
            "{sql}: {:?}",
            kinds(&office).await
        );
    }
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_named() {
    let office = Office::open().await;
    write(&office, 2).await;
    office
        .sql("DROP TRIGGER audit_log_stays; UPDATE audit_log SET action = 'x' WHERE sequence = 2")
        .await
        .unwrap();
    let error = office.store.verify_audit(&[]).await.unwrap_err().to_string();
    assert!(error.contains("entry 2 of the audit log"), "{error}");
}

#[tokio::test]
async fn a_log_that_cannot_be_written_is_an_error() {
    let office = Office::open().await;
    office.sql("ALTER TABLE audit_log RENAME TO gone").await.unwrap();
    let entry = operator().entry(Action::Search, Outcome::Done, &json!({}));
    let error = office.store.record(entry).await.unwrap_err();
    assert!(matches!(error, Error::AuditLog), "{error}");
}

#[tokio::test]
async fn a_chain_of_sm3_holds_too() {
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDirectory::open(folder.path().join("data")).unwrap();
    let options = AccessOptions {
        keys: KeyDirectory::open(directory.keys()).unwrap(),
        hash: ChainHash::Sm3,
    };
    let store = AccessStore::open(&directory, options).await.unwrap();
    let entry = operator().entry(Action::Search, Outcome::Done, &json!({}));
    store.record(entry).await.unwrap();
    let entries = store.audit_entries(&AuditFilter::default(), 1).await.unwrap();
    assert_eq!(entries[0].hash_kind, ChainHash::Sm3);
    assert!(store.verify_audit(&[]).await.unwrap().findings.is_empty());
}
