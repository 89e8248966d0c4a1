//! The pages of the volumes as an engine reads them, kept by the hash of the file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use juanzong::record::{PageRecord, PageText, TextSource};
use juanzong_indexer::isolate::{PoolConfig, ReadEvent, ReaderPool};
use juanzong_indexer::ocr::Engine;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

/// Processes that read at a time.
const PROCESSES: usize = 2;

/// What is kept of a page.
#[derive(Serialize, Deserialize)]
struct Kept {
    number: u32,
    width: u32,
    height: u32,
    text: PageText,
}

impl Kept {
    fn page(self) -> PageRecord {
        PageRecord {
            number: self.number,
            width: self.width,
            height: self.height,
            dpi: None,
            rotation: 0,
            skew: 0.0,
            confidence: None,
            source: TextSource::Ocr,
            engine: String::new(),
            text: self.text,
            failure: None,
        }
    }
}

pub(crate) fn read(
    engine: Engine,
    files: &[PathBuf],
    cache: &Path,
) -> anyhow::Result<HashMap<PathBuf, Vec<PageRecord>>> {
    std::fs::create_dir_all(cache)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut config = PoolConfig::new(PathBuf::from(env!("CARGO_BIN_EXE_juanzong-indexer")));
        config.workers = PROCESSES;
        config.engine = engine;
        config.images = false;
        let pool = ReaderPool::new(config);
        let mut texts = HashMap::new();
        for file in files {
            let sha256 = hex::encode(Sha256::digest(std::fs::read(file).context("a volume cannot be read")?));
            let path = cache.join(format!("{sha256}.json"));
            let kept: Vec<Kept> = match std::fs::read(&path) {
                Ok(json) => serde_json::from_slice(&json)?,
                Err(_) => {
                    let pages = read_file(&pool, file).await?;
                    let partial = path.with_extension("partial");
                    std::fs::write(&partial, serde_json::to_vec(&pages)?)?;
                    std::fs::rename(&partial, &path)?;
                    pages
                }
            };
            texts.insert(file.clone(), kept.into_iter().map(Kept::page).collect());
        }
        pool.close().await;
        Ok(texts)
    })
}

/// Reads a volume by both processes, half of its pages each.
async fn read_file(pool: &ReaderPool, file: &Path) -> anyhow::Result<Vec<Kept>> {
    let count = pool
        .probe(file)
        .await
        .map_err(|failure| anyhow::anyhow!("{failure}"))?
        .pages;
    let half = count.div_ceil(2);
    let (events, mut received) = mpsc::channel(4);
    let (first, second, pages) = tokio::join!(
        pool.read(file, 1..=half, events.clone()),
        async {
            let events = events;
            if half < count {
                pool.read(file, half + 1..=count, events).await
            } else {
                drop(events);
                Ok(())
            }
        },
        async {
            let mut pages = Vec::new();
            while let Some(event) = received.recv().await {
                if let ReadEvent::Page(page) = event {
                    let record = page.record;
                    pages.push(Kept {
                        number: record.number,
                        width: record.width,
                        height: record.height,
                        text: record.text,
                    });
                }
            }
            pages
        }
    );
    for result in [first, second] {
        result.map_err(|failure| anyhow::anyhow!("{failure}"))?;
    }
    let mut pages = pages;
    pages.sort_by_key(|page| page.number);
    anyhow::ensure!(pages.len() == count as usize, "a page of a volume was not read");
    Ok(pages)
}
