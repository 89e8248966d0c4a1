//! Files, pages and jobs, as the indexer works through them.

use super::*;
use crate::catalogue::{Error, FileFailure, FileReading, JobState};

#[tokio::test]
async fn a_file_is_read_page_by_page() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    assert_eq!(catalogue.file_state(&hash(1)).await.unwrap(), None);
    let refused = catalogue.save_page(&hash(1), &page(1, "甲")).await;
    assert!(matches!(refused, Err(Error::UnknownFile { .. })), "{refused:?}");

    archive.register(&hash(1)).await;
    catalogue.save_page(&hash(1), &page(2, "乙")).await.unwrap();
    catalogue.save_page(&hash(1), &failed_page(1)).await.unwrap();
    // Registering again, after a crash, keeps what is there.
    archive.register(&hash(1)).await;
    let state = catalogue.file_state(&hash(1)).await.unwrap().unwrap();
    assert_eq!((state.pages_done, state.pages_failed), (vec![1, 2], vec![1]));
    assert_eq!((state.pages_expected, state.reading), (Some(2), FileReading::Reading));

    catalogue.save_page(&hash(1), &page(1, "甲")).await.unwrap();
    catalogue.finish_file(&hash(1), Some(2), None).await.unwrap();
    let state = catalogue.file_state(&hash(1)).await.unwrap().unwrap();
    assert!(state.finished() && state.pages_failed.is_empty());
    assert_eq!(
        catalogue.page_of_content(&hash(1), 1).await.unwrap(),
        Some(page(1, "甲"))
    );

    let failure = FileFailure {
        code: "encrypted".into(),
        detail: "asks for a password".into(),
    };
    catalogue.finish_file(&hash(1), None, Some(&failure)).await.unwrap();
    let state = catalogue.file_state(&hash(1)).await.unwrap().unwrap();
    assert_eq!(
        (state.reading, state.failure.as_ref()),
        (FileReading::Failed, Some(&failure))
    );
    assert_eq!(state.pages_expected, Some(2));
    catalogue.reopen_file(&hash(1)).await.unwrap();
    let state = catalogue.file_state(&hash(1)).await.unwrap().unwrap();
    assert_eq!((state.reading, state.failure), (FileReading::Reading, None));
    let refused = catalogue.finish_file(&hash(2), None, None).await;
    assert!(matches!(refused, Err(Error::UnknownFile { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_job_is_found_again_by_its_source() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let job = catalogue.enqueue_job("ingest", "inbox/a", Some("1")).await.unwrap();
    assert_eq!((job.state, job.attempts), (JobState::Queued, 0));
    catalogue.start_job(job.job_key).await.unwrap();
    assert_eq!(catalogue.requeue_running_jobs().await.unwrap(), 1);
    catalogue.start_job(job.job_key).await.unwrap();
    catalogue.finish_job(job.job_key).await.unwrap();
    let again = catalogue.enqueue_job("ingest", "inbox/a", Some("1")).await.unwrap();
    assert_eq!(
        (again.job_key, again.state, again.attempts),
        (job.job_key, JobState::Done, 2)
    );
    let changed = catalogue.enqueue_job("ingest", "inbox/a", Some("2")).await.unwrap();
    assert_eq!((changed.job_key, changed.state), (job.job_key, JobState::Queued));

    catalogue
        .fail_job(job.job_key, "no_pages", "the folder is empty")
        .await
        .unwrap();
    let failed = catalogue.jobs_in_state(JobState::Failed, 10).await.unwrap();
    let reason = Some(("no_pages".to_owned(), "the folder is empty".to_owned()));
    assert_eq!((failed.len(), &failed[0].reason), (1, &reason));
    let retried = catalogue.enqueue_job("ingest", "inbox/a", Some("2")).await.unwrap();
    assert_eq!((retried.state, retried.reason), (JobState::Queued, None));

    let unknown = catalogue.finish_job(job.job_key + 1).await;
    assert!(matches!(unknown, Err(Error::UnknownJob { .. })), "{unknown:?}");
    catalogue.enqueue_job("ingest", "inbox/b", None).await.unwrap();
    let queued = catalogue.jobs_in_state(JobState::Queued, 10).await.unwrap();
    let sources: Vec<_> = queued.iter().map(|j| j.source.as_str()).collect();
    assert_eq!(sources, ["inbox/a", "inbox/b"]);
    assert_eq!(catalogue.counts().await.unwrap().jobs_open, 2);
}

/// The server has the catalogue open in its own process; a second [`Catalogue`] on the same file stands for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_reads_while_the_indexer_writes() {
    let archive = Archive::new().await;
    let server = Catalogue::open(&archive.directory).await.unwrap();
    let writer = archive.catalogue.clone();
    let rounds = 20;
    let writing = tokio::spawn(async move {
        for round in 1..=rounds {
            let title = format!("第{round}次");
            let cases: Vec<CaseRecord> = (1..=3)
                .map(|n| {
                    let facts = vec![fact(FieldName::Title, &title, FactSource::Catalogue)];
                    case(n, facts, vec![document(1, "", None, vec![page(1, &title)])])
                })
                .collect();
            writer.save_cases(&cases).await.unwrap();
        }
    });
    let mut seen = 0;
    while seen < rounds * 3 {
        seen = server.sequence().await.unwrap();
        for change in server.changed_since(0, 10).await.unwrap() {
            let loaded = server.load_case(change.case_key).await.unwrap().unwrap();
            let text = loaded.documents[0].pages[0].text.text();
            assert_eq!(
                loaded.fields.title,
                Some(text),
                "a case is read as it was at one moment"
            );
        }
        tokio::task::yield_now().await;
    }
    writing.await.unwrap();
    assert_eq!(server.dump().await.unwrap(), archive.catalogue.dump().await.unwrap());
}

#[tokio::test]
async fn a_page_kept_again_is_not_written_again() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    archive.register(&hash(1)).await;
    let saved_at = || async {
        let mut transaction = catalogue.read().await.unwrap();
        let select = "SELECT saved_at FROM pages WHERE number = 1";
        sqlx::query_scalar::<_, String>(select)
            .fetch_one(&mut *transaction)
            .await
            .unwrap()
    };
    catalogue.save_page(&hash(1), &page(1, "甲")).await.unwrap();
    let first = saved_at().await;
    catalogue.save_page(&hash(1), &page(1, "甲")).await.unwrap();
    assert_eq!(saved_at().await, first);
    let differently = [
        PageRecord {
            dpi: None,
            ..page(1, "甲")
        },
        PageRecord {
            confidence: None,
            ..page(1, "甲")
        },
        PageRecord {
            skew: 0.5,
            ..page(1, "甲")
        },
        PageRecord {
            engine: "test 2".into(),
            ..page(1, "甲")
        },
        page(1, "乙"),
        failed_page(1),
    ];
    for page in differently {
        catalogue.save_page(&hash(1), &page).await.unwrap();
        assert_eq!(catalogue.page_of_content(&hash(1), 1).await.unwrap(), Some(page));
    }
}
