//! `juanzong-indexer ocr PATH…`: the text of scans in a format of choice; nothing is stored in the archive.

mod plan;
mod reading;

use std::collections::VecDeque;
use std::io::{self, BufWriter, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;

use self::plan::{Item, plan};
use self::reading::{Context, Made, Unmade};
use crate::isolate::{PoolConfig, ReaderPool};
use crate::ocr::Engine;
use crate::output::OutputFormat;
use crate::pipeline::Stop;
use crate::progress::Progress;
use crate::report::IngestFailure;

/// Options of the subcommand `ocr`.
#[derive(Args, Clone, Debug)]
pub(super) struct OcrArgs {
    /// 扫描件或文件夹 (scans or folders)
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// 输出格式 (output format)
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
    /// 输出文件，多个输入时为文件夹 (output file; a folder for several scans; default: standard output)
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// 识别引擎 (OCR engine; default: ppocr where its models are installed, else tesseract)
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// 同时识别的进程数 (reading processes; default: one per core)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// 跳过已有结果的文件 (skip scans whose output is there)
    #[arg(long)]
    skip_existing: bool,
}

/// A use of the command that cannot work.
#[derive(Debug, thiserror::Error)]
enum UsageError {
    /// Several outputs need a folder.
    #[error("多个扫描件或文件夹须用 -o 指定输出文件夹（several scans need an output folder: -o DIR）")]
    FolderNeeded,
    /// PDF is nothing for a terminal.
    #[error("PDF 不能显示在终端，请用 -o 指定文件（a PDF cannot be shown on a terminal: use -o FILE）")]
    Terminal,
    /// The output would fall on the scan.
    #[error("输出与输入是同一文件（the output is the scan itself）")]
    SameFile,
}

/// Runs the command; every file and page that failed is named.
pub(super) fn run(args: &OcrArgs) -> anyhow::Result<ExitCode> {
    let work = Work::of(args)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(do_work(args, work))?;
    Ok(ExitCode::from(u8::from(!report.failures.is_empty() || report.stopped)))
}

/// What is to be done.
enum Work {
    /// One scan to standard output.
    Shown(PathBuf),
    /// Scans to files.
    Files(Vec<Item>),
}

impl Work {
    fn of(args: &OcrArgs) -> anyhow::Result<Self> {
        let is_folder = |path: &PathBuf| path.is_dir();
        match (args.paths.as_slice(), &args.output) {
            ([scan], None) if !is_folder(scan) => {
                if args.format == OutputFormat::Pdf && io::stdout().is_terminal() {
                    return Err(UsageError::Terminal.into());
                }
                Ok(Self::Shown(scan.clone()))
            }
            (_, None) => Err(UsageError::FolderNeeded.into()),
            ([scan], Some(out)) if !is_folder(scan) && !is_folder(out) && !names_folder(out) => {
                if out
                    .canonicalize()
                    .is_ok_and(|out| scan.canonicalize().is_ok_and(|scan| scan == out))
                {
                    return Err(UsageError::SameFile.into());
                }
                Ok(Self::Files(vec![Item {
                    scan: scan.clone(),
                    target: out.clone(),
                }]))
            }
            (paths, Some(out)) => Ok(Self::Files(plan(paths, out, args.format.extension())?)),
        }
    }
}

/// Whether a path ends as those of folders do, be there a folder or not yet.
fn names_folder(path: &Path) -> bool {
    path.as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|last| std::path::is_separator(char::from(*last)))
}

/// What was done.
#[derive(Default)]
struct Report {
    files: usize,
    skipped: usize,
    pages: u64,
    failures: Vec<IngestFailure>,
    stopped: bool,
}

impl Report {
    fn add(&mut self, scan: &Path, result: Result<Made, Unmade>, progress: &Progress) {
        let place = scan.display().to_string();
        let before = self.failures.len();
        match result {
            Ok(made) => {
                self.files += 1;
                self.pages += u64::from(made.pages);
                for remark in made.remarks {
                    let (zh, en) = remark.messages();
                    progress.say(&format!("{place}: {zh} ({en})"));
                }
                let failed = |(number, failure): (u32, crate::decode::Failure)| {
                    IngestFailure::of_file(&place, Some(number), failure.code, &failure.detail)
                };
                self.failures.extend(made.failures.into_iter().map(failed));
            }
            Err(Unmade::Scan(failure)) => {
                self.failures
                    .push(IngestFailure::of_file(&place, None, failure.code, &failure.detail));
            }
            Err(Unmade::Write(error)) => {
                let detail = anyhow::Error::from(error);
                self.failures
                    .push(IngestFailure::of_output(place, format!("{detail:#}")));
            }
        }
        for failure in self.failures.iter().skip(before) {
            progress.failed(failure);
        }
    }
}

async fn do_work(args: &OcrArgs, work: Work) -> anyhow::Result<Report> {
    let mut config = PoolConfig::new(std::env::current_exe()?);
    config.engine = super::engines::choose(args.engine)?;
    config.images = false;
    if let Some(jobs) = args.jobs {
        config.workers = usize::from(jobs);
    }
    let workers = config.workers;
    let files = match &work {
        Work::Shown(_) => 1,
        Work::Files(items) => items.len(),
    };
    let side_by_side = files.clamp(1, workers);
    let shown_on_terminal = matches!(work, Work::Shown(_)) && io::stdout().is_terminal();
    let progress = Arc::new(if shown_on_terminal {
        Progress::failures_only()
    } else {
        Progress::on_stderr()
    });
    let context = Context {
        readers: ReaderPool::new(config.clone()),
        scanners: ReaderPool::new(config),
        progress: Arc::clone(&progress),
        format: args.format,
        ahead: workers.div_ceil(side_by_side) + 1,
    };
    let stop = Stop::default();
    tokio::spawn(super::interrupt::stop_on_interrupt(
        stop.clone(),
        Arc::clone(&progress),
        "正在停止，未完成的文件不会保留 (stopping; files not finished are not kept)",
    ));
    progress.files_found(files as u64);
    let report = match work {
        Work::Shown(scan) => {
            let mut report = Report::default();
            let out = BufWriter::new(io::stdout());
            match stop.unless(context.make(&scan, out)).await {
                Some(result) => report.add(&scan, result, &progress),
                None => report.stopped = true,
            }
            report
        }
        Work::Files(items) => {
            let several = items.len() > 1;
            let report = make_all(&context, items, side_by_side, &stop, args.skip_existing).await?;
            progress.finish();
            if several {
                show(&report);
            }
            report
        }
    };
    progress.finish();
    context.readers.close().await;
    context.scanners.close().await;
    Ok(report)
}

/// Makes the outputs, `side_by_side` files at a time.
async fn make_all(
    context: &Context,
    items: Vec<Item>,
    side_by_side: usize,
    stop: &Stop,
    skip_existing: bool,
) -> anyhow::Result<Report> {
    let report = Arc::new(Mutex::new(Report::default()));
    let waiting = Arc::new(Mutex::new(VecDeque::from(items)));
    let mut hands = Vec::new();
    for _ in 0..side_by_side {
        let (context, stop) = (context.clone(), stop.clone());
        let (report, waiting) = (Arc::clone(&report), Arc::clone(&waiting));
        hands.push(tokio::spawn(async move {
            loop {
                let item = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let Some(item) = item else { return };
                if skip_existing && item.target.try_exists().unwrap_or(false) {
                    report.lock().unwrap_or_else(PoisonError::into_inner).skipped += 1;
                    context.progress.file_done();
                    continue;
                }
                let result = stop.unless(context.make_file(&item.scan, &item.target)).await;
                let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(result) = result else {
                    report.stopped = true;
                    return;
                };
                report.add(&item.scan, result, &context.progress);
                context.progress.file_done();
            }
        }));
    }
    for hand in hands {
        hand.await?;
    }
    let mut report = std::mem::take(&mut *report.lock().unwrap_or_else(PoisonError::into_inner));
    report
        .failures
        .sort_by(|a, b| (&a.place, a.page).cmp(&(&b.place, b.page)));
    Ok(report)
}

/// The summary of a run over several files, on standard error: standard output is for results.
fn show(report: &Report) {
    eprintln!(
        "文件 (files): {} · 页 (pages): {} · 跳过 (skipped): {} · 失败 (failures): {}",
        report.files,
        report.pages,
        report.skipped,
        report.failures.len()
    );
    for failure in &report.failures {
        eprintln!("✗ {failure}");
    }
    if report.stopped {
        eprintln!("已中断；加 --skip-existing 再次运行即可继续 (stopped; run again with --skip-existing to continue)");
    }
}
