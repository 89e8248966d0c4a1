//! The text of files as an engine reads them, kept by the hash of the file. A module of each program that measures what
//! becomes of that text.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum as _;
use juanzong::record::{PageRecord, PageText, TextSource};
use juanzong_indexer::isolate::{PoolConfig, ReadEvent, ReaderPool};
use juanzong_indexer::ocr::Engine;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Processes that read at a time.
const PROCESSES: usize = 2;

/// The text of each file.
pub(crate) type Texts = HashMap<PathBuf, FileText>;

/// What was read of one file.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct FileText {
    pub(crate) sha256: String,
    pub(crate) pages: Vec<Page>,
    /// What could not be read.
    pub(crate) failure: Option<String>,
}

/// What is kept of a page.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) number: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) text: PageText,
}

impl FileText {
    /// The pages as the catalogue holds them.
    pub(crate) fn records(&self) -> Vec<PageRecord> {
        let record = |page: &Page| PageRecord {
            number: page.number,
            width: page.width,
            height: page.height,
            dpi: None,
            rotation: 0,
            skew: 0.0,
            confidence: page.text.confidence(),
            source: TextSource::Ocr,
            engine: String::new(),
            text: page.text.clone(),
            failure: None,
        };
        self.pages.iter().map(record).collect()
    }
}

/// The engine of this name, if it can read here.
pub(crate) fn engine(name: &str) -> anyhow::Result<Engine> {
    let engine = Engine::from_str(name, true).map_err(|_| anyhow::anyhow!("there is no engine `{name}`"))?;
    engine
        .start()
        .with_context(|| format!("the engine `{name}` cannot be started"))?;
    Ok(engine)
}

/// Reads the files, those apart that were read before and are kept in a folder below `cache`.
pub(crate) fn read<'p>(engine: Engine, files: impl Iterator<Item = &'p Path>, cache: &Path) -> anyhow::Result<Texts> {
    let cache = cache.join(engine.code());
    std::fs::create_dir_all(&cache)?;
    let mut texts = Texts::new();
    let mut missing = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).context("a scan cannot be read")?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        match std::fs::read(cache.join(format!("{sha256}.json"))) {
            Ok(json) => drop(texts.insert(file.to_owned(), serde_json::from_slice(&json)?)),
            Err(_) => missing.push((file.to_owned(), sha256)),
        }
    }
    if !missing.is_empty() {
        println!(
            "{}: {} files to read, {} known",
            engine.code(),
            missing.len(),
            texts.len()
        );
        texts.extend(read_by_pool(engine, missing, &cache)?);
    }
    Ok(texts)
}

/// As `ingest` reads: in child processes. Each file is kept as soon as it is read.
fn read_by_pool(engine: Engine, files: Vec<(PathBuf, String)>, cache: &Path) -> anyhow::Result<Texts> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut config = PoolConfig::new(PathBuf::from(env!("CARGO_BIN_EXE_juanzong-indexer")));
        config.workers = PROCESSES;
        config.engine = engine;
        config.images = false;
        let pool = ReaderPool::new(config);
        let mut tasks = JoinSet::new();
        for (file, sha256) in files {
            let (pool, kept) = (pool.clone(), cache.join(format!("{sha256}.json")));
            tasks.spawn(async move {
                let text = read_file(&pool, &file, sha256).await;
                let partial = kept.with_extension("partial");
                std::fs::write(&partial, serde_json::to_vec(&text)?)?;
                std::fs::rename(&partial, &kept)?;
                anyhow::Ok((file, text))
            });
        }
        let mut texts = Texts::new();
        while let Some(joined) = tasks.join_next().await {
            let (file, text) = joined.context("a reading task broke")??;
            texts.insert(file, text);
        }
        pool.close().await;
        Ok(texts)
    })
}

async fn read_file(pool: &ReaderPool, file: &Path, sha256: String) -> FileText {
    let mut text = FileText {
        sha256,
        ..FileText::default()
    };
    let count = match pool.probe(file).await {
        Ok(probe) => probe.pages,
        Err(failure) => {
            text.failure = Some(failure.to_string());
            return text;
        }
    };
    let (events, mut received) = mpsc::channel(4);
    let (result, ()) = tokio::join!(pool.read(file, 1..=count, events), async {
        while let Some(event) = received.recv().await {
            match event {
                ReadEvent::Page(page) => text.pages.push(Page {
                    number: page.record.number,
                    width: page.record.width,
                    height: page.record.height,
                    text: page.record.text,
                }),
                ReadEvent::PageFailed { failure, .. } => text.failure = Some(failure.to_string()),
            }
        }
    });
    if let Err(failure) = result {
        text.failure = Some(failure.to_string());
    }
    text.pages.sort_by_key(|page| page.number);
    text
}
