//! `juanzong-indexer ocr FILE`: the text of one file; nothing is stored.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use juanzong::record::{PageRecord, TextLine};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::decode::Failure;
use crate::isolate::{PoolConfig, ReadEvent, ReaderPool};
use crate::ocr::Engine;
use crate::report::IngestFailure;

/// Options of the subcommand `ocr`.
#[derive(Args, Clone, Debug)]
pub(super) struct OcrArgs {
    /// 扫描文件 / The scan file
    file: PathBuf,
    /// 输出格式 / Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
    /// 输出文件（默认标准输出）/ Output file (default: standard output)
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// 识别引擎 / Recogniser
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// 并行进程数（默认每核一个）/ Reading processes (default: one per core)
    #[arg(long)]
    jobs: Option<usize>,
}

/// The forms in which text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum OutputFormat {
    /// Plain text, pages separated by form feeds.
    #[default]
    Text,
    /// Lines and words with boxes and confidence.
    Json,
}

/// Why `ocr` ended without a result.
#[derive(Debug, thiserror::Error)]
pub(super) enum OcrError {
    /// The file as a whole cannot be read.
    #[error("{}（{}；{failure}）", failure.code.message_zh(), failure.code.message_en())]
    File {
        /// Why.
        failure: Failure,
    },
    /// The result cannot be written.
    #[error("无法写出结果（cannot write the result）")]
    Write(#[source] io::Error),
    /// The result cannot be put into its format.
    #[error("无法生成结果（cannot format the result）")]
    Format(#[from] serde_json::Error),
    /// The models of the engine cannot be used.
    #[error("识别模型不可用（the OCR models cannot be used）")]
    Models(#[from] crate::ocr::ppocr::models::ModelError),
    /// This program does not find itself.
    #[error("无法启动读取进程（cannot start the reading processes）")]
    Executable(#[source] io::Error),
}

/// What `ocr` did.
#[derive(Clone, Debug, PartialEq, Default)]
pub(super) struct OcrOutcome {
    /// Pages that were read.
    pages: usize,
    /// Pages that failed, with the reason.
    failures: BTreeMap<u32, Failure>,
}

/// Runs the command; every page that failed is named.
pub(super) fn run(args: &OcrArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = match runtime.block_on(read_and_write(args)) {
        Ok(outcome) => outcome,
        Err(error) => {
            eprintln!("{}: {error}", args.file.display());
            return Ok(ExitCode::from(1));
        }
    };
    for (number, failure) in &outcome.failures {
        let place = args.file.display().to_string();
        eprintln!(
            "{}",
            IngestFailure::of_file(&place, Some(*number), failure.code, &failure.detail)
        );
    }
    Ok(ExitCode::from(u8::from(!outcome.failures.is_empty())))
}

/// Reads the file in child processes and writes its text.
async fn read_and_write(args: &OcrArgs) -> Result<OcrOutcome, OcrError> {
    let mut config = PoolConfig::new(std::env::current_exe().map_err(OcrError::Executable)?);
    config.engine = super::engines::choose(args.engine)?;
    config.images = false;
    if let Some(jobs) = args.jobs {
        config.workers = jobs.max(1);
    }
    let (pages, failures) = read_all(config, &args.file)
        .await
        .map_err(|failure| OcrError::File { failure })?;
    let written = match args.format {
        OutputFormat::Text => plain_text(&pages).into_bytes(),
        OutputFormat::Json => json(&args.file, &pages, &failures)?,
    };
    match &args.output {
        Some(path) => fs::write(path, written).map_err(OcrError::Write)?,
        None => io::stdout().lock().write_all(&written).map_err(OcrError::Write)?,
    }
    Ok(OcrOutcome {
        pages: pages.len(),
        failures,
    })
}

type Pages = (Vec<PageRecord>, BTreeMap<u32, Failure>);

/// Reads every page; each process takes a run of pages, so that it opens the file once.
async fn read_all(config: PoolConfig, file: &Path) -> Result<Pages, Failure> {
    let workers = u32::try_from(config.workers).unwrap_or(u32::MAX).max(1);
    let pool = ReaderPool::new(config);
    let count = pool.probe(file).await?.pages;
    let run = count.div_ceil(workers).max(1);
    let (events, mut received) = mpsc::channel(4);
    let mut tasks = JoinSet::new();
    let mut first = 1;
    while first <= count {
        let last = count.min(first.saturating_add(run - 1));
        let (pool, file, events) = (pool.clone(), file.to_path_buf(), events.clone());
        tasks.spawn(async move { (first..=last, pool.read(&file, first..=last, events).await) });
        first = last + 1;
    }
    drop(events);
    let mut pages = BTreeMap::new();
    let mut failures = BTreeMap::new();
    while let Some(event) = received.recv().await {
        match event {
            ReadEvent::Page(page) => {
                pages.insert(page.record.number, page.record);
            }
            ReadEvent::PageFailed { number, failure } => {
                failures.insert(number, failure);
            }
        }
    }
    while let Some(joined) = tasks.join_next().await {
        if let Ok((range, Err(failure))) = joined {
            // The file could be opened before, so what is missing now failed page by page.
            for number in range {
                if !pages.contains_key(&number) {
                    failures.entry(number).or_insert_with(|| failure.clone());
                }
            }
        }
    }
    pool.close().await;
    Ok((pages.into_values().collect(), failures))
}

fn plain_text(pages: &[PageRecord]) -> String {
    let texts: Vec<String> = pages.iter().map(|page| page.text.text()).collect();
    let mut text = texts.join("\n\u{c}");
    text.push('\n');
    text
}

/// The JSON of `docs`: the shape is part of the interface of the program.
#[derive(Serialize)]
struct FileJson<'a> {
    file: String,
    pages: Vec<PageJson<'a>>,
    /// Only there when a page failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<FailureJson<'a>>,
}

#[derive(Serialize)]
struct PageJson<'a> {
    number: u32,
    width: u32,
    height: u32,
    rotation: u32,
    skew: f64,
    confidence: Option<f64>,
    text: String,
    lines: Vec<LineJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    text: &'a str,
    #[serde(rename = "box")]
    area: [u32; 4],
    confidence: f64,
    words: Vec<WordJson<'a>>,
}

#[derive(Serialize)]
struct WordJson<'a> {
    text: &'a str,
    #[serde(rename = "box")]
    area: [u32; 4],
    confidence: f64,
}

#[derive(Serialize)]
struct FailureJson<'a> {
    number: u32,
    code: &'a str,
    message: &'a str,
    detail: &'a str,
}

fn json(file: &Path, pages: &[PageRecord], failures: &BTreeMap<u32, Failure>) -> Result<Vec<u8>, serde_json::Error> {
    let name = file.file_name().unwrap_or(file.as_os_str());
    let shown = FileJson {
        file: name.to_string_lossy().into_owned(),
        pages: pages.iter().map(page_json).collect(),
        failures: failures
            .iter()
            .map(|(number, failure)| FailureJson {
                number: *number,
                code: failure.code.code(),
                message: failure.code.message_zh(),
                detail: &failure.detail,
            })
            .collect(),
    };
    let mut bytes = serde_json::to_vec(&shown)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn page_json(page: &PageRecord) -> PageJson<'_> {
    PageJson {
        number: page.number,
        width: page.width,
        height: page.height,
        rotation: page.rotation,
        skew: rounded(page.skew, 100.0),
        confidence: page.confidence.map(|c| rounded(c, 1000.0)),
        text: page.text.text(),
        lines: page.text.lines.iter().map(line_json).collect(),
    }
}

fn line_json(line: &TextLine) -> LineJson<'_> {
    LineJson {
        text: &line.text,
        area: line.area.into(),
        confidence: rounded(line.confidence, 1000.0),
        words: line
            .words
            .iter()
            .map(|word| WordJson {
                text: &word.text,
                area: word.area.into(),
                confidence: rounded(word.confidence, 1000.0),
            })
            .collect(),
    }
}

/// Without the digits that only say how a binary fraction looks in decimal.
fn rounded(value: f32, steps: f64) -> f64 {
    (f64::from(value) * steps).round() / steps
}
