//! `juanzong-indexer ingest PATH…`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use juanzong::analysis::dictionary::Dictionaries;
use juanzong::catalogue::{Catalogue, DataDirectory};
use juanzong::index::WriterOptions;

use super::session::{ReadingArgs, Session};
use crate::extract::Vocabulary;
use crate::isolate::ReaderPool;
use crate::manifest::{self, Mapping, Rules};
use crate::ocr::Engine;
use crate::pipeline::{IngestOptions, Known, dry_run, ingest};
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
    #[command(flatten)]
    reading: ReadingArgs,
    /// 以 JSON 输出失败列表与统计 (summary as JSON)
    #[arg(long)]
    json: bool,
}

#[allow(clippy::print_stdout)] // the reconciliation is the answer of a dry run
pub(super) fn run(data: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let engine = super::engines::choose(args.reading.engine)?;
    // Before hours of work, not after them.
    let file = args
        .report
        .as_deref()
        .map(|path| ReportFile::create(path).with_context(|| format!("无法写出 (cannot write) {}", path.display())));
    let file = file.transpose()?;
    if args.dry_run {
        let reconciliation = runtime.block_on(check_all(data, args, engine))?;
        if args.json {
            println!("{}", serde_json::to_string_pretty(&reconciliation)?);
        } else {
            show(&reconciliation, true, &mut std::io::stdout().lock())?;
        }
        write_report(file, Some(&reconciliation))?;
        return Ok(ExitCode::from(u8::from(reconciliation.counts.refusals > 0)));
    }
    let run = runtime.block_on(ingest_all(data, args, engine))?;
    let status = report(&run, args.json)?;
    write_report(file, run.reconciliation.as_ref())?;
    Ok(status)
}

/// Prints what a run did; exit status 1 when something failed or the run was stopped.
#[allow(clippy::print_stdout)] // the summary is the answer of the command
pub(super) fn report(run: &IngestSummary, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        println!("{}", serde_json::to_string_pretty(run)?);
    } else {
        print!("{}", summary(run));
        if let Some(reconciliation) = &run.reconciliation {
            println!("\n对账 (reconciliation)");
            show(reconciliation, false, &mut std::io::stdout().lock())?;
        }
    }
    let failed = !run.failures.is_empty() || run.stopped;
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

/// Reads the manifest with the mapping given, else with the one remembered for its source in the data directory.
async fn options(data: &Path, args: &Args, pool: &ReaderPool) -> anyhow::Result<(IngestOptions, Mapping)> {
    let mapping = match (&args.manifest, &args.mapping) {
        (_, Some(path)) => Mapping::read(path)?,
        (Some(manifest), None) => Mapping::remembered(data, &source_name(args, manifest))?.unwrap_or_default(),
        (None, None) => Mapping::default(),
    };
    let manifest = match &args.manifest {
        Some(path) => {
            let rules = Rules {
                today: manifest::today(),
                dictionaries: &Dictionaries::extended(&data.join(DataDirectory::DICTIONARIES))?,
                mapping: &mapping,
            };
            Some(manifest::read(path, pool, &rules).await?)
        }
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

async fn check_all(data: &Path, args: &Args, engine: Engine) -> anyhow::Result<Reconciliation> {
    let pool = args.reading.pool(engine)?;
    let (options, _) = options(data, args, &pool).await?;
    let known = known(data).await?;
    let reconciliation = dry_run(&pool, &options, known.as_ref()).await;
    pool.close().await;
    if let Some(known) = known {
        known.catalogue.close().await;
    }
    Ok(reconciliation?)
}

/// What the archive has read, where there is one.
async fn known(data: &Path) -> anyhow::Result<Option<Known>> {
    let directory = match DataDirectory::existing(data) {
        Err(juanzong::catalogue::Error::NoArchive { .. }) => return Ok(None),
        directory => directory?,
    };
    let dictionaries = Dictionaries::extended(&directory.dictionaries())?;
    Ok(Some(Known {
        catalogue: Catalogue::open(&directory).await?,
        vocabulary: Vocabulary::from_dictionaries(&dictionaries),
    }))
}

async fn ingest_all(data: &Path, args: &Args, engine: Engine) -> anyhow::Result<IngestSummary> {
    // Before anything is made or locked: a manifest that cannot be used leaves no trace.
    let pool = args.reading.pool(engine)?;
    let what = options(data, args, &pool).await;
    pool.close().await;
    let (what, mapping) = what?;
    if let Some(manifest) = &what.manifest {
        manifest.require_usable()?;
    }
    let session = Session::open(
        data,
        &args.reading,
        engine,
        (Progress::on_stderr(), WriterOptions::default()),
        "正在停止，已读的页都已保存 (stopping; pages already read are kept)",
    )
    .await?;
    if let (Some(manifest), Some(_)) = (&args.manifest, &args.mapping) {
        mapping.remember(session.archive.data.root(), &source_name(args, manifest))?;
    }
    let ended = ingest(session.ingestion(), &what).await;
    // Also after an error: what was saved becomes searchable.
    let closed = session.close().await;
    let summary = ended?;
    closed?;
    Ok(summary)
}
