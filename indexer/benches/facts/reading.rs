//! The text of the files: exact, or as an engine reads it, kept by the hash of the file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum as _;
use juanzong::record::PageText;
use juanzong_indexer::isolate::{PoolConfig, ReadEvent, ReaderPool};
use juanzong_indexer::ocr::Engine;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::corpus::Set;

/// Processes that read at a time.
const PROCESSES: usize = 2;

/// Where the text comes from.
pub(crate) enum Source {
    Truth,
    Engine(Engine),
}

/// The pages of each file.
pub(crate) type Texts = HashMap<PathBuf, FileText>;

/// What was read of one file.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct FileText {
    pub(crate) sha256: String,
    /// Number and text of each page.
    pub(crate) pages: Vec<(u32, PageText)>,
    pub(crate) failure: Option<String>,
}

impl Source {
    pub(crate) fn parse(name: &str) -> anyhow::Result<Self> {
        if name == "truth" {
            return Ok(Self::Truth);
        }
        let engine = Engine::from_str(name, true).map_err(|_| anyhow::anyhow!("there is no engine `{name}`"))?;
        engine
            .start()
            .with_context(|| format!("the engine `{name}` cannot be started"))?;
        Ok(Self::Engine(engine))
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Truth => "truth",
            Self::Engine(engine) => engine.code(),
        }
    }

    pub(crate) fn read(&self, sets: &[Set], out: &Path) -> anyhow::Result<Texts> {
        let documents = sets.iter().flat_map(|set| &set.cases).flat_map(|case| &case.documents);
        let engine = match self {
            Self::Truth => {
                let exact = documents.map(|document| {
                    let pages = document
                        .pages
                        .iter()
                        .map(|(number, _, text)| (*number, text.clone()))
                        .collect();
                    let text = FileText {
                        sha256: "0".repeat(64),
                        pages,
                        failure: None,
                    };
                    (document.file.clone(), text)
                });
                return Ok(exact.collect());
            }
            Self::Engine(engine) => *engine,
        };
        let cache = out.join("cache").join(engine.code());
        std::fs::create_dir_all(&cache)?;
        let mut texts = Texts::new();
        let mut missing = Vec::new();
        for document in documents {
            let bytes = std::fs::read(&document.file).context("a scan cannot be read")?;
            let sha256 = hex::encode(Sha256::digest(&bytes));
            match std::fs::read(cache.join(format!("{sha256}.json"))) {
                Ok(json) => drop(texts.insert(document.file.clone(), serde_json::from_slice(&json)?)),
                Err(_) => missing.push((document.file.clone(), sha256)),
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
                ReadEvent::Page(page) => text.pages.push((page.record.number, page.record.text)),
                ReadEvent::PageFailed { failure, .. } => text.failure = Some(failure.to_string()),
            }
        }
    });
    if let Err(failure) = result {
        text.failure = Some(failure.to_string());
    }
    text.pages.sort_by_key(|(number, _)| *number);
    text
}
