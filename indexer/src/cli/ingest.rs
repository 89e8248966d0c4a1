//! `juanzong-indexer ingest PATH…`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use juanzong::analysis::Analyser;
use juanzong::catalogue::{Catalogue, DataDirectory};
use juanzong::index::WriterOptions;

use crate::extract::Vocabulary;
use crate::isolate::{PoolConfig, ReaderPool};
use crate::ocr::Engine;
use crate::pipeline::{FeedOptions, IndexFeed, IngestOptions, Ingestion, Stop, ingest};
use crate::progress::{Progress, summary};

/// What `ingest` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 扫描件或文件夹 (scans or folders; a folder that directly holds scans is one case)
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// 案卷清单 (table of cases: 档号, files, fields), CSV
    #[arg(long, value_name = "FILE.csv")]
    manifest: Option<PathBuf>,
    /// 每个文件为一个案卷 (each file is a case of its own)
    #[arg(long)]
    each_file: bool,
    /// 同时识别的进程数 (reading processes; default: one per core)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// 识别引擎 (OCR engine; default: ppocr where its models are installed, else tesseract)
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// 每页最长用时，秒 (time limit per page in seconds)
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    page_time_limit: u64,
    /// 以 JSON 输出失败列表与统计 (summary as JSON)
    #[arg(long)]
    json: bool,
}

#[allow(clippy::print_stdout)] // the summary is the answer of the command
pub(super) fn run(data: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let summary_of_run = runtime.block_on(ingest_all(data, args))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&summary_of_run)?);
    } else {
        print!("{}", summary(&summary_of_run));
    }
    let failed = !summary_of_run.failures.is_empty() || summary_of_run.stopped;
    Ok(ExitCode::from(u8::from(failed)))
}

async fn ingest_all(data: &Path, args: &Args) -> anyhow::Result<crate::report::IngestSummary> {
    let data = Arc::new(DataDirectory::open(data)?);
    let lock = data.lock_indexer()?;
    data.remove_leftovers(&lock)?;
    let catalogue = Arc::new(Catalogue::open(&data).await?);
    let analyser = Analyser::builtin()?;
    let vocabulary = Vocabulary::from_dictionaries(analyser.dictionaries());
    let options = FeedOptions {
        root: data.index(),
        writer: WriterOptions::default(),
    };
    let feed = IndexFeed::start(Arc::clone(&catalogue), analyser, options).await?;

    let workers = match args.jobs {
        Some(jobs) => usize::from(jobs),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let pool = ReaderPool::new(PoolConfig {
        workers,
        engine: super::engines::choose(args.engine)?,
        page_time_limit: Duration::from_secs(args.page_time_limit),
        ..PoolConfig::new(std::env::current_exe()?)
    });
    let stop = Stop::default();
    let progress = Arc::new(Progress::on_stderr());
    tokio::spawn(super::interrupt::stop_on_interrupt(
        stop.clone(),
        Arc::clone(&progress),
        "正在停止，已读的页都已保存 (stopping; pages already read are kept)",
    ));
    let ingestion = Ingestion {
        data: Arc::clone(&data),
        catalogue: Arc::clone(&catalogue),
        pool: Arc::new(pool),
        workers,
        vocabulary,
        index: feed.notifier(),
        progress: Arc::clone(&progress),
        stop,
    };
    let what = IngestOptions {
        paths: args.paths.clone(),
        manifest: args.manifest.clone(),
        each_file: args.each_file,
    };
    let ended = ingest(ingestion, &what).await;
    progress.finish();
    // Also after an error: what was saved becomes searchable.
    let indexed = feed.finish().await;
    catalogue.close().await;
    let summary = ended?;
    indexed?;
    Ok(summary)
}
