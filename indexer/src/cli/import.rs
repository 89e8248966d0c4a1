//! `juanzong-indexer import FILE.jsonl`: cases whose text exists already.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use juanzong::index::WriterOptions;

use super::session::Writing;
use crate::pipeline::{ImportOptions, Importing, LINES_OF_BATCH, import};
use crate::progress::{Progress, import_summary};
use crate::report::ImportSummary;

/// What `import` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 每行一个案卷的 JSON 文件，可用 gzip 或 zstd 压缩；“-”为标准输入 (JSON Lines, one case a line; `-` reads standard input)
    #[arg(value_name = "FILE.jsonl")]
    file: PathBuf,
    /// 只导入给出的著录项，不从文字中提取 (only the values given; reads no facts from the texts)
    #[arg(long)]
    no_extract: bool,
    /// 每批一起保存的行数上限 (most lines that are saved together)
    #[arg(long, value_name = "N", default_value_t = LINES_OF_BATCH, value_parser = clap::value_parser!(u16).range(1..))]
    batch: u16,
    /// 以 JSON 输出失败列表与统计 (summary as JSON)
    #[arg(long)]
    json: bool,
}

#[allow(clippy::print_stdout)] // the summary is the answer of the command
pub(super) fn run(data: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let summary = runtime.block_on(import_all(data, args))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        print!("{}", import_summary(&summary));
    }
    let failed = summary.refused > 0 || summary.stopped;
    Ok(ExitCode::from(u8::from(failed)))
}

async fn import_all(data: &Path, args: &Args) -> anyhow::Result<ImportSummary> {
    // A name that is mistyped leaves no empty archive behind.
    if args.file != Path::new("-") {
        std::fs::File::open(&args.file)
            .map_err(|source| anyhow::anyhow!("无法读取 (cannot read) {}: {source}", args.file.display()))?;
    }
    let archive = Writing::open(
        data,
        (Progress::on_stderr(), WriterOptions::BULK),
        "正在停止，已导入的都已保存 (stopping; what was imported is kept)",
    )
    .await?;
    let importing = Importing {
        data: Arc::clone(&archive.data),
        catalogue: Arc::clone(&archive.catalogue),
        analyser: archive.analyser.clone(),
        vocabulary: archive.vocabulary.clone(),
        index: archive.feed.notifier(),
        progress: Arc::clone(&archive.progress),
        stop: archive.stop.clone(),
    };
    let options = ImportOptions {
        file: args.file.clone(),
        extract: !args.no_extract,
        lines_of_batch: args.batch,
    };
    let started = std::time::Instant::now();
    let ended = import(importing, &options).await;
    // Also after an error: what was saved becomes searchable.
    let closed = archive.close().await;
    let mut summary = ended?;
    closed?;
    // Until the index holds them, too.
    summary.elapsed = started.elapsed();
    Ok(summary)
}
