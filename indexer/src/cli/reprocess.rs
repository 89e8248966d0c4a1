//! `juanzong-indexer reprocess`: pages read again from their originals, or only the facts from the kept text.

use std::path::Path;
use std::process::ExitCode;

use juanzong::index::WriterOptions;

use super::session::{ReadingArgs, Session};
use crate::pipeline::{Filter, ReprocessOptions, reprocess};
use crate::progress::Progress;
use crate::report::IngestSummary;

/// What `reprocess` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 只处理：engine=名称、quality<0.85、case=档号、query=检索式；可重复，须同时满足 (only these; repeatable, all must hold)
    #[arg(long, value_name = "FILTER", value_parser = |text: &str| text.parse::<Filter>())]
    only: Vec<Filter>,
    /// 只由已存文字重新提取著录项，不重新识别 (only the facts, from the kept text)
    #[arg(long, conflicts_with_all = ["engine", "again"])]
    fields: bool,
    /// 此引擎已识别的页与文字层也重新识别 (also pages that this engine has read, and text layers)
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    reading: ReadingArgs,
    /// 以 JSON 输出失败列表与统计 (summary as JSON)
    #[arg(long)]
    json: bool,
}

pub(super) fn run(data: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let summary = runtime.block_on(reprocess_all(data, args))?;
    super::ingest::report(&summary, args.json)
}

async fn reprocess_all(data: &Path, args: &Args) -> anyhow::Result<IngestSummary> {
    juanzong::catalogue::DataDirectory::existing(data)?;
    let engine = super::engines::choose(args.reading.engine)?;
    let engine_name = match args.fields {
        true => String::new(),
        // Pages bear the name with its version: that of the engine as it is installed now.
        false => engine.start()?.name(),
    };
    let session = Session::open(
        data,
        &args.reading,
        engine,
        (Progress::on_stderr(), WriterOptions::default()),
        "正在停止，再次运行即可继续 (stopping; run it again to go on)",
    )
    .await?;
    let options = ReprocessOptions {
        only: args.only.clone(),
        fields: args.fields,
        again: args.again,
        engine_name,
    };
    let ended = reprocess(session.ingestion(), options).await;
    let closed = session.close().await;
    let summary = ended?;
    closed?;
    Ok(summary)
}
