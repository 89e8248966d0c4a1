//! `juanzong-indexer verify`: originals decoded again, for `juanzong verify` to tell of.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use juanzong::catalogue::Catalogue;

use super::session::{ReadingArgs, open_data};
use crate::ocr::Engine;
use crate::pipeline::{DecodeSummary, Stop, decode_again};
use crate::progress::Progress;

/// What `verify` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 本版本程序已解码过的文件也重新解码 (also what this version has decoded before)
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    reading: ReadingArgs,
    /// 以 JSON 输出统计 (summary as JSON)
    #[arg(long)]
    json: bool,
}

pub(super) fn run(data: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let summary = runtime.block_on(verify(data, args))?;
    report(&summary, args.json)?;
    Ok(ExitCode::from(u8::from(summary.failed > 0)))
}

async fn verify(data: &Path, args: &Args) -> anyhow::Result<DecodeSummary> {
    juanzong::catalogue::DataDirectory::existing(data)?;
    let data = open_data(data)?;
    let catalogue = Arc::new(Catalogue::open(&data).await?);
    // Nothing is recognised: the engine that needs no models will do.
    let pool = args.reading.pool(Engine::Tesseract)?;
    let (progress, stop) = (Arc::new(Progress::failures_only()), Stop::default());
    tokio::spawn(super::interrupt::stop_on_interrupt(
        stop.clone(),
        Arc::clone(&progress),
        "正在停止，再次运行即可继续 (stopping; run it again to go on)",
    ));
    let failed = |decoding: &juanzong::catalogue::Decoding| {
        let page = decoding.page.map_or(String::new(), |page| format!(" p. {page}"));
        let code = decoding.failure_code.as_deref().unwrap_or_default();
        progress.say(&format!(
            "无法解码 (cannot be decoded): {}{page}: {code}",
            decoding.sha256
        ));
    };
    let summary = decode_again(&data, &catalogue, &pool, args.again, &stop, failed).await;
    pool.close().await;
    catalogue.close().await;
    Ok(summary?)
}

#[allow(clippy::print_stdout)] // the answer of the command
fn report(summary: &DecodeSummary, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string(summary)?);
        return Ok(());
    }
    println!(
        "已解码文件 {} 个、{} 页，失败 {} 个；此前已解码 {} 个 (decoded {} files, {} failed, {} before)",
        summary.files, summary.pages, summary.failed, summary.earlier, summary.files, summary.failed, summary.earlier
    );
    Ok(())
}
