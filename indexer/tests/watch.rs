//! The watcher, tick by tick.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use juanzong::analysis::Analyser;
use juanzong::catalogue::{Catalogue, DataDirectory};
use juanzong::index::WriterOptions;
use juanzong::record::FieldName;
use juanzong_indexer::extract::Vocabulary;
use juanzong_indexer::isolate::{PoolConfig, ReaderPool};
use juanzong_indexer::pipeline::{FeedOptions, IndexFeed, Ingestion, Stop, Watcher};
use juanzong_indexer::progress::Progress;
use juanzong_indexer::sample::{Format, SampleOptions};

use crate::support::{Archive, field, options, sample};

/// What a watcher needs, as the command line gives it.
async fn ingestion(archive: &Archive) -> (Ingestion, IndexFeed) {
    let data = Arc::new(DataDirectory::open(archive.data()).unwrap());
    let catalogue = Arc::new(Catalogue::open(&data).await.unwrap());
    let feed_options = FeedOptions {
        root: data.index(),
        writer: WriterOptions {
            batch_time: Duration::ZERO,
            ..WriterOptions::default()
        },
    };
    let feed = IndexFeed::start(Arc::clone(&catalogue), Analyser::builtin().unwrap(), feed_options)
        .await
        .unwrap();
    let pool = ReaderPool::new(PoolConfig {
        workers: 1,
        ..PoolConfig::new(PathBuf::from(env!("CARGO_BIN_EXE_juanzong-indexer")))
    });
    let ingestion = Ingestion {
        data,
        catalogue,
        pool: Arc::new(pool),
        workers: 1,
        vocabulary: Vocabulary::default(),
        index: feed.notifier(),
        progress: Arc::new(Progress::silent()),
        stop: Stop::default(),
    };
    (ingestion, feed)
}

#[test]
fn the_watcher_takes_in_what_is_complete_and_what_is_corrected() {
    let folder = tempfile::tempdir().unwrap();
    let scans = sample(
        folder.path(),
        SampleOptions {
            cases: 1,
            seed: 5,
            only_formats: Some(vec![Format::PdfText]),
            ..options()
        },
    );
    let case = fs::read_dir(scans.join("cases"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let name = case.file_name().unwrap().to_owned();
    let files: Vec<PathBuf> = fs::read_dir(&case).unwrap().map(|f| f.unwrap().path()).collect();
    let archive = Archive::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (ingestion, feed) = ingestion(&archive).await;
        let inbox = ingestion.data.inbox();
        let mut watcher = Watcher::start(ingestion, inbox.clone()).await.unwrap();
        assert!(watcher.is_idle().await.unwrap());
        // A folder that is being copied: nothing happens until it is complete.
        let target = inbox.join(&name);
        fs::create_dir(&target).unwrap();
        for file in &files {
            let to = target.join(file.file_name().unwrap());
            fs::copy(file, to.with_extension("pdf.part")).unwrap();
            for _ in 0..2 {
                assert!(watcher.scan().await.unwrap().is_empty());
            }
            assert!(watcher.settle().await.unwrap().is_empty());
            fs::rename(to.with_extension("pdf.part"), to).unwrap();
        }
        for _ in 0..2 {
            assert!(watcher.scan().await.unwrap().is_empty());
        }
        let done = watcher.settle().await.unwrap();
        assert_eq!((done.len(), done[0].created, done[0].failures.len()), (1, 1, 0));
        for _ in 0..3 {
            assert!(watcher.scan().await.unwrap().is_empty());
        }
        assert!(watcher.is_idle().await.unwrap());

        // Corrections from another process, several at once.
        let catalogue = archive.catalogue().await;
        let cases = catalogue.changed_since(0, 10).await.unwrap();
        for (value, number) in [("勘误甲", 1), ("勘误乙", 2)] {
            let new = juanzong::catalogue::NewCorrection {
                change: field(FieldName::Title, value),
                author: "孙晓梅".into(),
                reason: None,
            };
            let made = catalogue.correct(cases[0].case_key, &new).await.unwrap();
            assert_eq!(made.number, number);
        }
        assert!(!watcher.is_idle().await.unwrap());
        assert_eq!(watcher.tick().await.unwrap(), 2);
        assert_eq!(watcher.tick().await.unwrap(), 0);
        assert!(watcher.is_idle().await.unwrap());
        drop(watcher);
        feed.finish().await.unwrap();
    });
    drop(runtime);
    assert_eq!(archive.codes("\"勘误乙\"").len(), 1);
    assert_eq!(archive.codes("\"勘误甲\"").len(), 0);
}

#[test]
fn there_is_one_watcher_at_a_time() {
    let archive = Archive::new();
    let data = DataDirectory::open(archive.data()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { archive.catalogue().await.close().await });
    let _lock = data.lock_indexer().unwrap();
    for command in [&["watch", "--once"][..], &["reprocess", "--fields"]] {
        let second = archive.indexer(command);
        assert_eq!(second.status.code(), Some(2), "{command:?}");
        let told = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(told.contains("another indexer is running"), "{command:?}: {told}");
    }
}
