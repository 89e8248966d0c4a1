//! `juanzong-indexer watch`: corrections and the inbox, for ever.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use juanzong::index::WriterOptions;

use super::session::{ReadingArgs, Session};
use crate::pipeline::Watcher;
use crate::progress::{Progress, summary};
use crate::report::IngestSummary;

/// Between two looks at the jobs. With [`BATCH_TIME`] twice (until the feed looks at its clock again), the commit, and the
/// server's look at the index every half second, a correction is found in about a second.
const TICK: Duration = Duration::from_millis(250);
/// Between two signs that uploads are taken in here, by which the server knows that it need not say the contrary.
const TICKS_BETWEEN_SIGNS: u64 = 20;
/// How long a change waits for others before the index is committed.
const BATCH_TIME: Duration = Duration::from_millis(100);

/// What `watch` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 收件目录；其中每个文件夹（或文件）复制完毕即自动入库 (what is put here is taken in; default: inbox/ of the data directory)
    #[arg(long, value_name = "DIR")]
    inbox: Option<PathBuf>,
    /// 文件多少秒不变即视为复制完毕 (seconds without change after which a file is complete)
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(0..=3600))]
    settle: u64,
    /// 处理完现有任务后退出 (ends when nothing is left to do)
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    reading: ReadingArgs,
}

pub(super) fn run(data: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let failed = runtime.block_on(watch(data, args))?;
    Ok(ExitCode::from(u8::from(args.once && failed)))
}

/// Watches until a stop is asked for; tells whether something could not be read.
async fn watch(data: &Path, args: &Args) -> anyhow::Result<bool> {
    let engine = super::engines::choose(args.reading.engine)?;
    let writer = WriterOptions {
        batch_time: BATCH_TIME,
        ..WriterOptions::default()
    };
    let session = Session::open(
        data,
        &args.reading,
        engine,
        (Progress::failures_only(), writer),
        "正在停止，已读的页都已保存 (stopping; pages already read are kept)",
    )
    .await?;
    let inbox = args.inbox.clone().unwrap_or_else(|| session.archive.data.inbox());
    session
        .archive
        .progress
        .say(&format!("正在值守 (watching): {}", inbox.display()));
    let mut failed = false;
    let watched = watch_with(&session, args, inbox, &mut failed).await;
    let closed = session.close().await;
    watched?;
    closed?;
    Ok(failed)
}

async fn watch_with(session: &Session, args: &Args, inbox: PathBuf, failed: &mut bool) -> anyhow::Result<()> {
    let mut watcher = Watcher::start(session.ingestion(), inbox).await?;
    let mut tell = |done: Vec<IngestSummary>| {
        for run in done {
            *failed |= !run.failures.is_empty();
            session.archive.progress.say(&summary(&run));
        }
    };
    let ticks_between_scans = if args.once && args.settle == 0 {
        1
    } else {
        (args.settle * 4).max(1)
    };
    let mut ticks = 0_u64;
    let mut scans = 0_u32;
    while !session.archive.stop.requested() && !session.archive.feed.ended() {
        if ticks.is_multiple_of(TICKS_BETWEEN_SIGNS) {
            watcher.is_there(Some(seconds())).await?;
        }
        watcher.tick().await?;
        for line in watcher.uploads_ended() {
            session.archive.progress.say(&line);
        }
        if ticks.is_multiple_of(ticks_between_scans) {
            tell(watcher.scan().await?);
            scans = scans.saturating_add(1);
        }
        ticks += 1;
        // What lies in the inbox is complete at the second look at the earliest.
        if args.once && scans >= 2 && watcher.is_idle().await? {
            break;
        }
        if session.archive.stop.unless(tokio::time::sleep(TICK)).await.is_none() {
            break;
        }
    }
    tell(watcher.settle().await?);
    watcher.settle_uploads().await?;
    watcher.is_there(None).await?;
    Ok(())
}

/// Seconds since 1970.
fn seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
