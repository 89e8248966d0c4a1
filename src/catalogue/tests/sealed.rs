//! What stands in the files, and changes of the key.

use std::fs;
use std::path::Path;

use super::*;
use crate::access::{KeyDirectory, KeyError};
use crate::catalogue::Error;

/// The files of a data directory, keys and originals aside, that hold a text.
pub(super) fn files_with(directory: &DataDirectory, text: &str) -> Vec<String> {
    fn walk(folder: &Path, text: &[u8], found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                walk(&path, text, found);
            } else if fs::read(&path).unwrap().windows(text.len()).any(|bytes| bytes == text) {
                found.push(path.display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    walk(directory.root(), text.as_bytes(), &mut found);
    found
}

async fn filled() -> Archive {
    let archive = Archive::new().await;
    for n in 1..=7 {
        let text = format!("甲乙丙丁戊己庚辛壬癸{n}");
        let fact = Fact {
            field: FieldName::ApplicantName,
            value: "孙晓梅".into(),
            as_read: None,
            source: FactSource::Catalogue,
            origin: "import".into(),
            evidence: None,
        };
        let given = case(n, vec![fact], vec![document(1, "", None, vec![page(1, &text)])]);
        let key = archive.catalogue.save_case(&given).await.unwrap().case_key();
        let change = Change::Field {
            field: FieldName::Title,
            value: "春晖百货商店".into(),
            old: None,
        };
        let new = NewCorrection {
            change,
            author: "李文".into(),
            reason: None,
        };
        let made = archive.catalogue.correct(key, &new).await.unwrap();
        let undone = archive
            .catalogue
            .undo_correction(key, made.number, "李文", Some("误改"));
        undone.await.unwrap();
        let job = archive
            .catalogue
            .enqueue_job("ingest", &format!("a{n}.pdf"), None)
            .await
            .unwrap();
        archive
            .catalogue
            .fail_job(job.job_key, "damaged", "detail")
            .await
            .unwrap();
    }
    archive
}

fn keys(archive: &Archive) -> KeyDirectory {
    KeyDirectory::open(archive.directory.keys()).unwrap()
}

#[tokio::test]
async fn nothing_of_people_stands_in_the_files() {
    let archive = filled().await;
    for text in ["孙晓梅", "甲乙丙丁", "春晖百货", "误改", "a3.pdf"] {
        assert_eq!(files_with(&archive.directory, text), Vec::<String>::new(), "{text}");
    }
}

#[tokio::test]
async fn without_its_key_an_archive_is_not_opened_and_no_other_key_is_made() {
    let archive = filled().await;
    archive.catalogue.close().await;
    let path = keys(&archive).archive_key_path();
    let kept = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let lost = |error: &Error| matches!(error, Error::Keys(KeyError::Lost { .. }));
    let error = Catalogue::open(&archive.directory).await.unwrap_err();
    assert!(lost(&error), "{error:?}");
    assert!(!path.try_exists().unwrap());
    // A key of another archive.
    keys(&archive).make_archive_key().unwrap();
    let error = Catalogue::open(&archive.directory).await.unwrap_err();
    assert!(lost(&error), "{error:?}");
    fs::write(&path, kept).unwrap();
    let catalogue = Catalogue::open(&archive.directory).await.unwrap();
    assert!(catalogue.load_case(1).await.unwrap().is_some());
}

/// Stopped after each transaction there is, with another process that reads and writes meanwhile.
#[tokio::test]
async fn the_key_is_changed_while_others_work_and_after_interruptions() {
    let archive = filled().await;
    let before = archive.catalogue.dump().await.unwrap();
    let other = Catalogue::open(&archive.directory).await.unwrap();
    let first = archive.catalogue.key_uses().await.unwrap();
    assert_eq!(first.len(), 1);
    let all = first[0].rows;
    let second = keys(&archive).add_archive_key().unwrap();
    let mut stops = 0;
    loop {
        let catalogue = Catalogue::open(&archive.directory).await.unwrap();
        let resealed = catalogue.reseal_by(3, |_| false).await.unwrap();
        assert_eq!(other.dump().await.unwrap(), before);
        catalogue.close().await;
        if resealed.finished {
            break;
        }
        stops += 1;
    }
    assert!(stops > 10, "{stops}");
    // The other process has not been opened anew, and writes under the new key.
    other.set_withdrawn(1, true).await.unwrap();
    other.enqueue_job("ingest", "later.pdf", None).await.unwrap();
    let uses = archive.catalogue.key_uses().await.unwrap();
    assert_eq!(
        uses.iter().map(|key| (key.id == second, key.rows)).collect::<Vec<_>>(),
        [(false, 0), (true, all + 1)]
    );
    // The earlier key is not needed any more.
    let path = keys(&archive).archive_key_path();
    let lines = fs::read_to_string(&path).unwrap();
    fs::write(&path, lines.lines().last().unwrap()).unwrap();
    let catalogue = Catalogue::open(&archive.directory).await.unwrap();
    catalogue.dump().await.unwrap();
}

#[tokio::test]
async fn what_is_sealed_for_one_case_does_not_open_in_another() {
    let archive = filled().await;
    let mut transaction = archive.catalogue.write().await.unwrap();
    sqlx::raw_sql("UPDATE cases SET sealed = (SELECT sealed FROM cases WHERE case_key = 2) WHERE case_key = 1")
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let error = archive.catalogue.load_case(1).await.unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
}
