//! Which way is up, and nothing where there is nothing: generated pages through real reading processes.

use std::path::PathBuf;

use juanzong_indexer::decode::FailureCode;
use juanzong_indexer::isolate::{PoolConfig, ReadEvent, ReaderPool};
use juanzong_indexer::sample::{Kind, Special, Workshop, huge_page};
use juanzong_indexer::score::{distance, fold};

/// Seed of the pages.
const SEED: u64 = 5;

/// Characters wrong in a hundred that a page may have when it was read the right way up and in the right order.
const MOST_ERRORS: usize = 3;

/// Every kind of page turned in one of the four ways, and what else is stored in some other way than read.
const WITH_TEXT: [Special; 16] = [
    Special::Turned(Kind::Decision, 90),
    Special::Turned(Kind::Application, 180),
    Special::Turned(Kind::Licence, 270),
    Special::Turned(Kind::Acceptance, 0),
    Special::Turned(Kind::Refusal, 180),
    Special::Turned(Kind::Food, 90),
    Special::Turned(Kind::Contents, 0),
    Special::Turned(Kind::Reasons, 270),
    Special::UpsideDownFax(Kind::Acceptance),
    Special::UpsideDownFax(Kind::Reasons),
    Special::TwoOnA3(0),
    Special::TwoOnA3(180),
    Special::LandscapeTable(0),
    Special::LandscapeTable(90),
    Special::BleedThrough,
    Special::OneLine,
];

const WITHOUT_TEXT: [Special; 7] = [
    Special::Blank,
    Special::White,
    Special::Black,
    Special::Noise,
    Special::Gradient,
    Special::Photo,
    Special::BackOnly,
];

fn pool() -> ReaderPool {
    let mut config = PoolConfig::new(PathBuf::from(env!("CARGO_BIN_EXE_juanzong-indexer")));
    config.workers = 2;
    config.images = false;
    ReaderPool::new(config)
}

/// Reads the only page of a file.
async fn read(pool: &ReaderPool, path: PathBuf) -> ReadEvent {
    let (events, mut received) = tokio::sync::mpsc::channel(1);
    let (result, event) = tokio::join!(pool.read(&path, 1..=1, events), received.recv());
    match (result, event) {
        (_, Some(event)) => event,
        (Err(failure), None) => ReadEvent::PageFailed { number: 1, failure },
        (Ok(()), None) => panic!("no answer"),
    }
}

/// Makes the pages, reads them at the same time, and collects what `judge` has to say against each.
async fn faults(pages: &[Special], judge: fn(&ReadEvent, &[String], u32) -> Option<String>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let workshop = Workshop::new().unwrap();
    let pool = pool();
    let mut tasks = tokio::task::JoinSet::new();
    for special in pages.iter().copied() {
        let page = workshop.make(special, SEED).unwrap();
        let path = folder.path().join(format!("{}.{}", special.name(), page.extension));
        std::fs::write(&path, &page.file).unwrap();
        let pool = pool.clone();
        tasks.spawn(async move {
            let event = read(&pool, path).await;
            let lines: Vec<String> = page.truth.lines.into_iter().map(|line| line.text).collect();
            judge(&event, &lines, page.truth.rotation).map(|fault| format!("{}: {fault}", special.name()))
        });
    }
    let mut faults = Vec::new();
    while let Some(fault) = tasks.join_next().await {
        faults.extend(fault.unwrap());
    }
    pool.close().await;
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_the_right_way_up_whatever_way_they_were_scanned() {
    let found = faults(&WITH_TEXT, |event, lines, rotation| match event {
        ReadEvent::PageFailed { failure, .. } => Some(failure.to_string()),
        ReadEvent::Page(page) if page.record.rotation != rotation => {
            Some(format!("turned by {} for {rotation}", page.record.rotation))
        }
        ReadEvent::Page(page) => {
            let (read, truth) = (fold(&page.record.text.text()), fold(&lines.join("\n")));
            let errors = distance(&truth, &read);
            (errors * 100 > truth.len() * MOST_ERRORS)
                .then(|| format!("{errors} of {} characters are wrong", truth.len()))
        }
    })
    .await;
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_where_there_is_no_text() {
    let found = faults(&WITHOUT_TEXT, |event, _, _| match event {
        ReadEvent::PageFailed { failure, .. } => Some(failure.to_string()),
        ReadEvent::Page(page) => {
            let characters = fold(&page.record.text.text()).len();
            (characters > 0).then(|| format!("{characters} characters"))
        }
    })
    .await;
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_20_000_by_20_000_pixels_fails_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.tif");
    std::fs::write(&path, huge_page().unwrap()).unwrap();
    let pool = pool();
    let event = read(&pool, path).await;
    pool.close().await;
    match event {
        ReadEvent::PageFailed { failure, .. } => assert_eq!(failure.code, FailureCode::PageTooLarge),
        ReadEvent::Page(_) => panic!("it was read"),
    }
}
