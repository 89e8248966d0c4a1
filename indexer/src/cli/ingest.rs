//! `juanzong-indexer ingest PATH…`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use juanzong::index::WriterOptions;

use super::session::{ReadingArgs, Session};
use crate::pipeline::{IngestOptions, ingest};
use crate::progress::{Progress, summary};
use crate::report::IngestSummary;

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
    #[command(flatten)]
    reading: ReadingArgs,
    /// 以 JSON 输出失败列表与统计 (summary as JSON)
    #[arg(long)]
    json: bool,
}

pub(super) fn run(data: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let summary_of_run = runtime.block_on(ingest_all(data, args))?;
    report(&summary_of_run, args.json)
}

/// Prints what a run did; exit status 1 when something failed or the run was stopped.
#[allow(clippy::print_stdout)] // the summary is the answer of the command
pub(super) fn report(run: &IngestSummary, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        println!("{}", serde_json::to_string_pretty(run)?);
    } else {
        print!("{}", summary(run));
    }
    let failed = !run.failures.is_empty() || run.stopped;
    Ok(ExitCode::from(u8::from(failed)))
}

async fn ingest_all(data: &Path, args: &Args) -> anyhow::Result<IngestSummary> {
    let engine = super::engines::choose(args.reading.engine)?;
    let session = Session::open(
        data,
        &args.reading,
        engine,
        (Progress::on_stderr(), WriterOptions::default()),
        "正在停止，已读的页都已保存 (stopping; pages already read are kept)",
    )
    .await?;
    let what = IngestOptions {
        paths: args.paths.clone(),
        manifest: args.manifest.clone(),
        each_file: args.each_file,
    };
    let ended = ingest(session.ingestion(), &what).await;
    // Also after an error: what was saved becomes searchable.
    let closed = session.close().await;
    let summary = ended?;
    closed?;
    Ok(summary)
}
