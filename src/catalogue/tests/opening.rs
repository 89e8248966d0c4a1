//! Opening good, old, new, foreign and damaged catalogues.

use std::error::Error as _;
use std::fs;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::*;
use crate::catalogue::{Error, Kind, migrate};

async fn tamper(directory: &DataDirectory, statement: &'static str) {
    let options = SqliteConnectOptions::new()
        .filename(directory.catalogue_path())
        .create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn closed() -> (TempDir, DataDirectory) {
    let archive = Archive::new().await;
    archive.catalogue.save_case(&case(1, vec![], vec![])).await.unwrap();
    archive.catalogue.close().await;
    (archive.folder, archive.directory)
}

#[test]
fn migrations_are_in_the_order_of_their_numbers() {
    assert_eq!(migrate::MIGRATIONS[0].number, 1);
    for pair in migrate::MIGRATIONS.windows(2) {
        assert!(pair[0].number < pair[1].number, "{}", pair[1].name);
    }
}

#[tokio::test]
async fn an_empty_file_becomes_a_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDirectory::open(folder.path()).unwrap();
    fs::write(directory.catalogue_path(), b"").unwrap();
    let catalogue = Catalogue::open(&directory).await.unwrap();
    assert_eq!(catalogue.sequence().await.unwrap(), 0);
    assert_eq!(catalogue.dump().await.unwrap(), "");
}

/// On a busy machine one of them was told that the database is locked.
#[tokio::test(flavor = "multi_thread")]
async fn many_may_open_a_new_catalogue_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDirectory::open(folder.path()).unwrap();
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let directory = directory.clone();
        opening.spawn(async move { Catalogue::open(&directory).await });
    }
    while let Some(opened) = opening.join_next().await {
        opened.unwrap().unwrap();
    }
}

#[tokio::test]
async fn two_programs_may_open_a_new_catalogue_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDirectory::open(folder.path()).unwrap();
    let (a, b) = tokio::join!(Catalogue::open(&directory), Catalogue::open(&directory));
    let (a, b) = (a.unwrap(), b.unwrap());
    a.save_case(&case(1, vec![], vec![])).await.unwrap();
    assert_eq!(b.counts().await.unwrap().cases, 1);
    assert_eq!(a.secrets().ids.public_id(&code(1)), b.secrets().ids.public_id(&code(1)));
}

#[tokio::test]
async fn durable_settings_are_on() {
    let archive = Archive::new().await;
    let mut transaction = archive.catalogue.write().await.unwrap();
    for (pragma, expected) in [("synchronous", 2_i64), ("foreign_keys", 1)] {
        let select = sqlx::AssertSqlSafe(format!("PRAGMA {pragma}"));
        let value: i64 = sqlx::query_scalar(select).fetch_one(&mut *transaction).await.unwrap();
        assert_eq!(value, expected, "{pragma}");
    }
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn a_newer_catalogue_is_refused() {
    let (_folder, directory) = closed().await;
    tamper(
        &directory,
        "INSERT INTO migrations (number, name, checksum, applied_at) VALUES (1000, 'later', '00', 'later')",
    )
    .await;
    let error = Catalogue::open(&directory).await.unwrap_err();
    assert!(matches!(error, Error::TooNew { .. }), "{error:?}");
    assert!(error.to_string().contains("catalogue.db"));
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    let (_folder, directory) = closed().await;
    tamper(&directory, "UPDATE migrations SET checksum = 'other'").await;
    let error = Catalogue::open(&directory).await.unwrap_err();
    assert!(matches!(error, Error::MigrationChanged { number: 1, .. }), "{error:?}");
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDirectory::open(folder.path()).unwrap();
    tamper(&directory, "CREATE TABLE recipes (name TEXT)").await;
    let error = Catalogue::open(&directory).await.unwrap_err();
    assert!(matches!(error, Error::NotACatalogue { .. }), "{error:?}");
    tamper(&directory, "INSERT INTO recipes VALUES ('noodles')").await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named_without_statements() {
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDirectory::open(folder.path()).unwrap();
    fs::write(directory.catalogue_path(), "这不是数据库".repeat(1000)).unwrap();
    let error = Catalogue::open(&directory).await.unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
    assert_eq!(error.kind(), Kind::Corrupt);
    let message = error.to_string();
    assert!(
        message.contains("catalogue.db") && !message.contains("SELECT"),
        "{message}"
    );
    assert!(error.source().is_some(), "the cause is kept for the log");
}

#[tokio::test]
async fn a_damaged_value_is_named() {
    let archive = Archive::new().await;
    let given = case(1, vec![], vec![document(1, "", None, vec![page(1, "甲")])]);
    let key = archive.catalogue.save_case(&given).await.unwrap().case_key();
    tamper(&archive.directory, "UPDATE pages SET text = x'00ff'").await;
    let error = archive.catalogue.load_case(key).await.unwrap_err();
    assert!(
        matches!(&error, Error::Damaged { what, .. } if what == "text of a page"),
        "{error:?}"
    );
    tamper(&archive.directory, "UPDATE cases SET decided_on = 'yesterday'").await;
    let error = archive.catalogue.case_by_code(&code(1)).await.unwrap_err();
    assert!(error.to_string().contains("`decided_on`"), "{error}");
    assert!(
        !error.to_string().contains("yesterday"),
        "values stay out of messages: {error}"
    );
}
