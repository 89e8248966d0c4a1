//! `juanzong-indexer ingest PATH…`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use juanzong::analysis::Analyser;
use juanzong::analysis::dictionary::Dictionaries;
use juanzong::catalogue::{Catalogue, DataDirectory};
use juanzong::index::WriterOptions;

use crate::extract::Vocabulary;
use crate::isolate::{PoolConfig, ReaderPool};
use crate::manifest::{self, Mapping, Rules};
use crate::ocr::Engine;
use crate::pipeline::{FeedOptions, IndexFeed, IngestOptions, Ingestion, Stop, dry_run, ingest};
use crate::progress::{Progress, summary};
use crate::reconcile::{ReportFile, show};
use crate::report::{IngestSummary, Reconciliation};

/// What `ingest` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 扫描件或文件夹 (scans or folders; a folder that directly holds scans is one case)
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// 案卷清单 (table of cases: 档号, files, pages, fields), CSV 或 XLSX
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// 栏目对应文件，用后按来源记住 (what the headings mean; remembered for the source)
    #[arg(long, value_name = "FILE.toml", requires = "manifest")]
    mapping: Option<PathBuf>,
    /// 来源名称 (name under which the mapping is remembered; default: the folder of the manifest)
    #[arg(long, value_name = "NAME", requires = "manifest")]
    source: Option<String>,
    /// 只核对，不识别、不入库 (check manifest and files; reads nothing by OCR, writes nothing)
    #[arg(long)]
    dry_run: bool,
    /// 核对结果另存为 CSV (findings as CSV)
    #[arg(long, value_name = "FILE.csv")]
    report: Option<PathBuf>,
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
    // Before hours of work, not after them.
    let report = args
        .report
        .as_deref()
        .map(|path| ReportFile::create(path).with_context(|| format!("无法写出 (cannot write) {}", path.display())));
    let report = report.transpose()?;
    if args.dry_run {
        let reconciliation = runtime.block_on(check_all(data, args))?;
        if args.json {
            println!("{}", serde_json::to_string_pretty(&reconciliation)?);
        } else {
            show(&reconciliation, true, &mut std::io::stdout().lock())?;
        }
        write_report(report, Some(&reconciliation))?;
        return Ok(ExitCode::from(u8::from(reconciliation.counts.refusals > 0)));
    }
    let summary_of_run = runtime.block_on(ingest_all(data, args))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&summary_of_run)?);
    } else {
        print!("{}", summary(&summary_of_run));
        if let Some(reconciliation) = &summary_of_run.reconciliation {
            println!("\n对账 (reconciliation)");
            show(reconciliation, false, &mut std::io::stdout().lock())?;
        }
    }
    write_report(report, summary_of_run.reconciliation.as_ref())?;
    let failed = !summary_of_run.failures.is_empty() || summary_of_run.stopped;
    Ok(ExitCode::from(u8::from(failed)))
}

/// Without a manifest there is nothing to reconcile: the report has its headings alone.
fn write_report(report: Option<ReportFile>, reconciliation: Option<&Reconciliation>) -> anyhow::Result<()> {
    if let Some(report) = report {
        let nothing = Reconciliation::default();
        report
            .write(reconciliation.unwrap_or(&nothing))
            .context("核对结果无法写出 (the report cannot be written)")?;
    }
    Ok(())
}

fn workers(args: &Args) -> usize {
    match args.jobs {
        Some(jobs) => usize::from(jobs),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

fn pool(args: &Args) -> anyhow::Result<ReaderPool> {
    Ok(ReaderPool::new(PoolConfig {
        workers: workers(args),
        engine: super::engines::choose(args.engine)?,
        page_time_limit: Duration::from_secs(args.page_time_limit),
        ..PoolConfig::new(std::env::current_exe()?)
    }))
}

/// Reads the manifest with the mapping given, else with the one remembered for its source in the data directory.
async fn options(
    data: &Path,
    args: &Args,
    pool: &ReaderPool,
    dictionaries: &Dictionaries,
) -> anyhow::Result<(IngestOptions, Mapping)> {
    let mapping = match (&args.manifest, &args.mapping) {
        (_, Some(path)) => Mapping::read(path)?,
        (Some(manifest), None) => Mapping::remembered(data, &source_name(args, manifest))?.unwrap_or_default(),
        (None, None) => Mapping::default(),
    };
    let rules = Rules {
        today: manifest::today(),
        dictionaries,
        mapping: &mapping,
    };
    let manifest = match &args.manifest {
        Some(path) => Some(manifest::read(path, pool, &rules).await?),
        None => None,
    };
    let options = IngestOptions {
        paths: args.paths.clone(),
        manifest,
        each_file: args.each_file,
    };
    Ok((options, mapping))
}

fn source_name(args: &Args, manifest: &Path) -> String {
    args.source.clone().unwrap_or_else(|| manifest::source_of(manifest))
}

async fn check_all(data: &Path, args: &Args) -> anyhow::Result<Reconciliation> {
    let pool = pool(args)?;
    let dictionaries = Dictionaries::builtin()?;
    let (options, _) = options(data, args, &pool, &dictionaries).await?;
    let reconciliation = dry_run(&pool, &options).await;
    pool.close().await;
    Ok(reconciliation?)
}

async fn ingest_all(data: &Path, args: &Args) -> anyhow::Result<IngestSummary> {
    let pool = pool(args)?;
    let analyser = Analyser::builtin()?;
    // Before anything is made or locked: a manifest that cannot be used leaves no trace.
    let (what, mapping) = options(data, args, &pool, analyser.dictionaries()).await?;
    if let Some(manifest) = &what.manifest {
        manifest.require_usable()?;
    }
    let data = Arc::new(DataDirectory::open(data)?);
    let lock = data.lock_indexer()?;
    data.remove_leftovers(&lock)?;
    if let (Some(manifest), Some(_)) = (&args.manifest, &args.mapping) {
        mapping.remember(data.root(), &source_name(args, manifest))?;
    }
    let catalogue = Arc::new(Catalogue::open(&data).await?);
    let vocabulary = vocabulary(&analyser);
    let feed_options = FeedOptions {
        root: data.index(),
        writer: WriterOptions::default(),
    };
    let feed = IndexFeed::start(Arc::clone(&catalogue), analyser, feed_options).await?;

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
        workers: workers(args),
        vocabulary,
        index: feed.notifier(),
        progress: Arc::clone(&progress),
        stop,
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

/// What the rules of extraction need from the dictionaries.
fn vocabulary(analyser: &Analyser) -> Vocabulary {
    let dictionaries = analyser.dictionaries();
    let matters = dictionaries.matters.iter().map(|matter| matter.name.clone()).collect();
    let regions = dictionaries
        .regions
        .iter()
        .map(|region| (region.name.clone(), region.code.to_string()));
    Vocabulary::new(matters, regions)
}
