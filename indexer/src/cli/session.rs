//! What `ingest`, `watch` and `reprocess` have in common: the data directory locked, the index following, a pool of readers,
//! and a clean stop.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use juanzong::analysis::Analyser;
use juanzong::catalogue::{Catalogue, DataDirectory, IndexerLock};
use juanzong::config::RawConfig;
use juanzong::index::WriterOptions;

use crate::extract::Vocabulary;
use crate::isolate::{PoolConfig, ReaderPool};
use crate::ocr::Engine;
use crate::pipeline::{FeedOptions, IndexFeed, Ingestion, Stop};
use crate::progress::Progress;

/// How scans are read.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ReadingArgs {
    /// 同时识别的进程数 (reading processes; default: one per core)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// 识别引擎 (OCR engine; default: ppocr where its models are installed, else tesseract)
    #[arg(long, value_enum)]
    pub(super) engine: Option<Engine>,
    /// 每页最长用时，秒 (time limit per page in seconds)
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    page_time_limit: u64,
}

impl ReadingArgs {
    /// Reading processes at a time.
    fn workers(&self) -> usize {
        match self.jobs {
            Some(jobs) => usize::from(jobs),
            None => std::thread::available_parallelism().map_or(1, usize::from),
        }
    }

    /// The reading processes, which start when they are needed.
    pub(super) fn pool(&self, engine: Engine) -> std::io::Result<ReaderPool> {
        Ok(ReaderPool::new(PoolConfig {
            workers: self.workers(),
            engine,
            page_time_limit: Duration::from_secs(self.page_time_limit),
            ..PoolConfig::new(std::env::current_exe()?)
        }))
    }
}

/// The data directory, with its keys where the configuration says.
pub(super) fn open_data(data: &Path) -> anyhow::Result<DataDirectory> {
    let directory = DataDirectory::open(data)?;
    let config = RawConfig::read(&directory.config_path())?;
    Ok(directory.with_keys(config.keys.directory))
}

/// An archive that is open for writing.
pub(super) struct Writing {
    pub(super) data: Arc<DataDirectory>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) analyser: Analyser,
    pub(super) vocabulary: Vocabulary,
    pub(super) feed: IndexFeed,
    pub(super) progress: Arc<Progress>,
    pub(super) stop: Stop,
    _lock: IndexerLock,
}

impl Writing {
    /// Opens the archive and brings its index up to date. `farewell` is said when a stop is asked for.
    pub(super) async fn open(
        data: &Path,
        (progress, writer): (Progress, WriterOptions),
        farewell: &'static str,
    ) -> anyhow::Result<Self> {
        let data = Arc::new(open_data(data)?);
        let lock = data.lock_indexer()?;
        data.remove_leftovers(&lock)?;
        let catalogue = Arc::new(Catalogue::open(&data).await?);
        let analyser = Analyser::extended(&data.dictionaries())?;
        let vocabulary = Vocabulary::from_dictionaries(analyser.dictionaries());
        let options = FeedOptions {
            root: data.index(),
            writer,
        };
        let feed = IndexFeed::start(Arc::clone(&catalogue), analyser.clone(), options).await?;
        let stop = Stop::default();
        let progress = Arc::new(progress);
        tokio::spawn(super::interrupt::stop_on_interrupt(
            stop.clone(),
            Arc::clone(&progress),
            farewell,
        ));
        Ok(Self {
            data,
            catalogue,
            analyser,
            vocabulary,
            feed,
            progress,
            stop,
            _lock: lock,
        })
    }

    /// Makes searchable what was saved, also after an error, and closes the archive.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        self.progress.finish();
        let indexed = self.feed.finish().await;
        self.catalogue.close().await;
        indexed?;
        Ok(())
    }
}

/// An archive that is open for writing, and processes that read scans.
pub(super) struct Session {
    pub(super) archive: Writing,
    pool: Arc<ReaderPool>,
    workers: usize,
}

impl Session {
    /// As [`Writing::open`], and prepares to read with an engine that was chosen and checked.
    pub(super) async fn open(
        data: &Path,
        reading: &ReadingArgs,
        engine: Engine,
        shown: (Progress, WriterOptions),
        farewell: &'static str,
    ) -> anyhow::Result<Self> {
        let archive = Writing::open(data, shown, farewell).await?;
        Ok(Self {
            archive,
            pool: Arc::new(reading.pool(engine)?),
            workers: reading.workers(),
        })
    }

    /// What the pipeline works with.
    pub(super) fn ingestion(&self) -> Ingestion {
        let archive = &self.archive;
        Ingestion {
            data: Arc::clone(&archive.data),
            catalogue: Arc::clone(&archive.catalogue),
            pool: Arc::clone(&self.pool),
            workers: self.workers,
            vocabulary: archive.vocabulary.clone(),
            index: archive.feed.notifier(),
            progress: Arc::clone(&archive.progress),
            stop: archive.stop.clone(),
        }
    }

    /// As [`Writing::close`].
    pub(super) async fn close(self) -> anyhow::Result<()> {
        self.archive.close().await
    }
}
