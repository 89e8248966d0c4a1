//! Archives that were made by earlier programs, in clear.

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use super::*;
use crate::access::{KeyDirectory, Keyring};
use crate::catalogue::public_id::IdSecret;
use crate::catalogue::sealed::Secrets;
use crate::catalogue::{JobState, codec, migrate, upgrade};
use crate::record::CorrectionSubject;

/// What may not be found in any file afterwards.
const NUMBER: &str = "140224199001011234";
const PERSON: &str = "孙晓梅";

/// An archive as it was after the step with this number, and what was in it then.
async fn earlier(last: u32, fill: &str) -> (TempDir, DataDirectory, SqlitePool) {
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDirectory::open(folder.path().join("data")).unwrap();
    let options = SqliteConnectOptions::new()
        .filename(directory.catalogue_path())
        .create_if_missing(true)
        .foreign_keys(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    migrate::bring_up_to(last, &pool, &directory.catalogue_path(), &migrate::CATALOGUE)
        .await
        .unwrap();
    let cases = (1..=3).map(|n| {
        format!(
            "INSERT INTO cases (case_key, public_id, archival_code, sequence, fingerprint, title, agency, applicant_name, \
             applicant_id_number, created_at, changed_at) VALUES ({n}, 'id{n}', '{}', {n}, 'x', '{PERSON}的许可', '某局', \
             '{PERSON}', '{NUMBER}', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z');",
            code(n)
        )
    });
    let all = cases.chain([fill.to_owned()]).collect::<String>();
    sqlx::raw_sql(sqlx::AssertSqlSafe(all)).execute(&pool).await.unwrap();
    (folder, directory, pool)
}

/// Corrections lay among the facts before they had a layer of their own.
#[tokio::test]
async fn earlier_corrections_are_taken_over() {
    let fill = "INSERT INTO facts (case_key, source, ordinal, field, value, origin, recorded_at) VALUES \
         (1, 'correction', 0, 'title', '甲', '李文', '2026-01-02T03:04:05Z'), \
         (1, 'correction', 1, 'title', '乙', '李文', '2026-01-02T03:04:06Z'), \
         (1, 'extraction', 0, 'title', '丙', 'rule', '2026-01-02T03:04:05Z')";
    let (_folder, directory, pool) = earlier(1, fill).await;
    pool.close().await;
    let catalogue = Catalogue::open(&directory).await.unwrap();
    let made = catalogue.corrections(1).await.unwrap();
    let told: Vec<_> = made
        .iter()
        .map(|c| (c.number, c.value.as_deref(), c.author.as_str(), c.made_at.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (1, Some("甲"), "李文", "2026-01-02T03:04:05Z"),
            (2, Some("乙"), "李文", "2026-01-02T03:04:06Z")
        ]
    );
    let facts = catalogue.facts(1).await.unwrap().unwrap();
    let told: Vec<_> = facts.iter().map(|f| (f.source, f.value.as_str())).collect();
    let expected = [
        (FactSource::Correction, "乙"),
        (FactSource::Correction, "甲"),
        (FactSource::Extraction, "丙"),
    ];
    assert_eq!(told, expected);
}

/// Pages were kept in the nodes of an index before they were rows.
#[tokio::test]
async fn earlier_pages_are_taken_over() {
    let text = codec::encode(&page(1, "乙").text).unwrap();
    let fill = format!(
        "INSERT INTO documents (case_key, ordinal, title, kind, source_name, occurrence, version, content_id, first_page, \
         page_count) VALUES (1, 1, '', 'other', '', 1, 1, 'text', 1, 1); \
         INSERT INTO pages (content_id, number, width, height, rotation, skew, source, engine, text, text_hash, saved_at) \
         VALUES ('text', 1, 1, 1, 0, 0.0, 'ocr', '', x'{}', '{}', '')",
        hex::encode(&text.blob),
        text.hash
    );
    let (_folder, directory, pool) = earlier(84, &fill).await;
    pool.close().await;
    let catalogue = Catalogue::open(&directory).await.unwrap();
    let kept = catalogue.page(1, 1, 1).await.unwrap().unwrap();
    assert_eq!(kept.text, page(1, "乙").text);
}

/// Everything that the tables held in clear, of three cases each.
fn everything() -> String {
    let text = codec::encode(&page(1, &format!("申请人{PERSON}，{NUMBER}")).text).unwrap();
    let of_case = |n: u32| {
        format!(
            "INSERT INTO facts (case_key, source, ordinal, field, value, as_read, origin, file_sha256, page, area, confidence, \
             recorded_at) VALUES ({n}, 'catalogue', 0, 'applicant_name', '{PERSON}', NULL, 'import', NULL, NULL, NULL, NULL, ''), \
             ({n}, 'extraction', 0, 'applicant_id_number', '{NUMBER}', 'l40224199001011234', 'rule', 'text{n}', 1, '1,2,3,4', \
             0.5, ''), ({n}, 'extraction', 1, 'outcome', 'granted', NULL, 'rule', NULL, NULL, NULL, NULL, ''); \
             INSERT INTO documents (case_key, ordinal, title, kind, source_name, occurrence, version, content_id, first_page, \
             page_count, failure) VALUES ({n}, 1, '{PERSON}申请书', 'application', '{NUMBER}.pdf', 1, 2, 'text{n}', 1, 1, NULL); \
             INSERT INTO document_versions (case_key, source_name, occurrence, version, title, kind, content_id, first_page, \
             page_count, superseded_by, superseded_at) VALUES ({n}, '{NUMBER}.pdf', 1, 1, '{PERSON}', 'application', 'old', 1, \
             1, 'text{n}', ''); \
             INSERT INTO pages (content_id, number, width, height, rotation, skew, source, engine, text, text_hash, saved_at) \
             VALUES ('text{n}', 1, 1, 1, 0, 0.0, 'ocr', '', x'{}', '{}', ''); \
             INSERT INTO corrections (case_key, number, kind, field, old_value, value, reason, author, made_at) VALUES \
             ({n}, 1, 'field', 'applicant_name', '{PERSON}', '李文', '{NUMBER}', 'a', ''), \
             ({n}, 2, 'field', 'applicant_name', '李文', '{PERSON}', NULL, 'b', ''); \
             INSERT INTO corrections (case_key, number, kind, source_name, occurrence, content_id, page, line, area, page_width, \
             page_height, as_read, old_value, value, author, made_at) VALUES \
             ({n}, 3, 'line', '{NUMBER}.pdf', 1, 'text{n}', 1, 0, '0,0,1,1', 1, 1, '{PERSON}', '{PERSON}', '{NUMBER}', 'a', ''); \
             INSERT INTO correction_undos (case_key, number, reason, author, undone_at) VALUES ({n}, 1, '{NUMBER}', 'a', ''); \
             INSERT INTO jobs (kind, source, content, state, reason_code, reason_detail, attempts, enqueued_at) VALUES \
             ('ingest', '/扫描/{PERSON}/{NUMBER}-{n}.pdf', 'c', 'failed', 'damaged', '{NUMBER}', 2, '');",
            hex::encode(&text.blob),
            text.hash
        )
    };
    let secret = format!(
        "INSERT INTO meta (name, value) VALUES ('public_id_secret', '{}');",
        "5a".repeat(32)
    );
    (1..=3).map(of_case).chain([secret]).collect()
}

async fn check(directory: &DataDirectory) {
    let catalogue = Catalogue::open(directory).await.unwrap();
    for n in 1..=3 {
        let case = catalogue.load_case(n).await.unwrap().unwrap();
        assert_eq!(case.fields.title.as_deref(), Some(format!("{PERSON}的许可").as_str()));
        assert_eq!(case.fields.applicant_id_number.as_deref(), Some(NUMBER));
        let facts: Vec<_> = case
            .facts
            .iter()
            .map(|f| (f.field, f.value.as_str(), f.as_read.as_deref()))
            .collect();
        assert_eq!(
            facts,
            [
                (FieldName::ApplicantName, PERSON, None),
                (FieldName::ApplicantName, PERSON, None),
                (FieldName::ApplicantIdNumber, NUMBER, Some("l40224199001011234")),
                (FieldName::Outcome, "granted", None),
            ]
        );
        let evidence = case.facts[2].evidence.as_ref().unwrap();
        assert_eq!((evidence.page, evidence.confidence), (1, 0.5));
        assert_eq!(case.documents[0].source_name, format!("{NUMBER}.pdf"));
        let lines = &case.documents[0].pages[0].text.lines;
        assert!(lines.iter().any(|line| line.text == NUMBER), "corrected");
        let versions = catalogue.document_versions(n).await.unwrap();
        assert_eq!((versions[0].version, versions[0].title.as_str()), (1, PERSON));
        let corrections = catalogue.corrections(n).await.unwrap();
        assert_eq!(corrections[0].undone.as_ref().unwrap().reason.as_deref(), Some(NUMBER));
        assert_eq!((corrections[0].reason.as_deref(), corrections.len()), (Some(NUMBER), 3));
        assert!(matches!(&corrections[2].subject, CorrectionSubject::Line(anchor) if anchor.as_read == PERSON));
    }
    let jobs = catalogue.jobs_in_state(JobState::Failed, 10).await.unwrap();
    assert_eq!(jobs[2].source, format!("/扫描/{PERSON}/{NUMBER}-3.pdf"));
    assert_eq!(jobs[2].reason, Some(("damaged".into(), NUMBER.into())));
    let same = catalogue
        .enqueue_job("ingest", &jobs[2].source, Some("d"))
        .await
        .unwrap();
    assert_eq!(same.job_key, jobs[2].job_key);
    catalogue.fail_job(same.job_key, "damaged", NUMBER).await.unwrap();
    assert_eq!(catalogue.secrets().ids.public_id(&code(1)), "91466bba825e2140f997");
    catalogue.close().await;
    for part in [NUMBER, PERSON, "4022419900101", &"5a".repeat(32)] {
        assert_eq!(sealed::files_with(directory, part), Vec::<String>::new(), "{part}");
    }
}

#[tokio::test]
async fn an_archive_in_clear_is_sealed() {
    let (_folder, directory, pool) = earlier(104, &everything()).await;
    pool.close().await;
    check(&directory).await;
    check(&directory).await;
}

/// Stopped after each transaction there is, and gone on with.
#[tokio::test]
async fn sealing_goes_on_where_it_was_interrupted() {
    let mut steps = 0;
    loop {
        let (_folder, directory, pool) = earlier(104, &everything()).await;
        migrate::bring_up_to(migrate::SEALED, &pool, &directory.catalogue_path(), &migrate::CATALOGUE)
            .await
            .unwrap();
        // As `Catalogue::open` does it.
        let ring = Keyring::open_or_make(&KeyDirectory::open(directory.keys()).unwrap()).unwrap();
        let ids = IdSecret::load_or_make(&pool, &ring).await.unwrap();
        let secrets = Secrets { ring, ids };
        let mut last_page = 0;
        let mut done = 1;
        for _ in 0..steps {
            done = upgrade::seal_some(&pool, &secrets, (&mut last_page, 1))
                .await
                .unwrap()
                .unwrap();
        }
        pool.close().await;
        check(&directory).await;
        if done == 0 {
            break;
        }
        steps += 3;
    }
    assert!(steps > 15);
}
