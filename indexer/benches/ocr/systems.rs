//! What is measured: our engines as the program runs them, and the programs that others would use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use clap::ValueEnum as _;
use juanzong::record::PageText;
use juanzong_indexer::isolate::{PoolConfig, ReadEvent, ReaderPool};
use juanzong_indexer::ocr::Engine;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::cost::{Cost, Meter};

/// Processes that read at a time.
pub(crate) const PROCESSES: usize = 2;
/// Our program.
pub(crate) const INDEXER: &str = env!("CARGO_BIN_EXE_juanzong-indexer");

/// Something that reads pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Our program with one of its engines.
    Juanzong(Engine),
    /// `tesseract FILE - -l chi_sim --psm 3 --dpi 300`.
    Tesseract,
    /// `ocrmypdf -l chi_sim --output-type pdf --sidecar TEXT`.
    OcrMyPdf,
}

/// What was read of one page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) text: String,
    /// With confidences, where the system tells them.
    pub(crate) page: Option<PageText>,
    /// Clockwise turn that made the page upright, where the system tells it.
    pub(crate) rotation: Option<u32>,
    pub(crate) failure: Option<String>,
}

impl System {
    pub(crate) fn all() -> Vec<Self> {
        let ours = Engine::value_variants().iter().copied().map(Self::Juanzong);
        ours.chain([Self::Tesseract, Self::OcrMyPdf]).collect()
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Juanzong(engine) => format!("juanzong-{}", engine.code()),
            Self::Tesseract => "tesseract".to_owned(),
            Self::OcrMyPdf => "ocrmypdf".to_owned(),
        }
    }

    /// Why it cannot be measured here, if so.
    pub(crate) fn missing(self) -> Option<String> {
        match self {
            Self::Juanzong(engine) => engine.start().err().map(|error| error.to_string()),
            Self::Tesseract | Self::OcrMyPdf => {
                let run = Command::new(self.name()).arg("--version").output();
                run.err().map(|error| format!("its program does not start: {error}"))
            }
        }
    }

    /// Reads single-page files, [`PROCESSES`] at a time; the readings come in the order of the files.
    pub(crate) fn read(self, files: &[PathBuf]) -> anyhow::Result<(Vec<Reading>, Cost)> {
        let meter = Meter::start();
        let readings = match self {
            Self::Juanzong(engine) => read_by_pool(engine, files)?,
            Self::Tesseract => read_by_command(files, tesseract),
            Self::OcrMyPdf => read_by_command(files, |file| {
                ocrmypdf(file, &["-j", "1", "--image-dpi", "300"], Threads::One)
            }),
        };
        Ok((readings, meter.stop()))
    }
}

/// As `ingest` and `ocr` read: in child processes that keep their models from page to page.
fn read_by_pool(engine: Engine, files: &[PathBuf]) -> anyhow::Result<Vec<Reading>> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut config = PoolConfig::new(PathBuf::from(INDEXER));
        config.workers = PROCESSES;
        config.engine = engine;
        config.images = false;
        let pool = ReaderPool::new(config);
        let mut tasks = JoinSet::new();
        for (at, file) in files.iter().cloned().enumerate() {
            let pool = pool.clone();
            tasks.spawn(async move { (at, read_page(&pool, &file).await) });
        }
        let mut readings = vec![Reading::default(); files.len()];
        while let Some(joined) = tasks.join_next().await {
            let (at, reading) = joined.context("a reading task broke")?;
            readings[at] = reading;
        }
        pool.close().await;
        Ok(readings)
    })
}

async fn read_page(pool: &ReaderPool, file: &Path) -> Reading {
    let (events, mut received) = mpsc::channel(1);
    let (result, event) = tokio::join!(pool.read(file, 1..=1, events), received.recv());
    match (result, event) {
        (_, Some(ReadEvent::Page(page))) => Reading {
            text: page.record.text.text(),
            rotation: Some(page.record.rotation),
            page: Some(page.record.text),
            failure: None,
        },
        (Err(failure), _) | (_, Some(ReadEvent::PageFailed { failure, .. })) => failed(failure.to_string()),
        (Ok(()), None) => failed("no answer".to_owned()),
    }
}

fn failed(reason: String) -> Reading {
    Reading {
        failure: Some(reason),
        ..Reading::default()
    }
}

fn read_by_command(files: &[PathBuf], read: impl Fn(&Path) -> anyhow::Result<String> + Sync) -> Vec<Reading> {
    let next = AtomicUsize::new(0);
    let readings = Mutex::new(vec![Reading::default(); files.len()]);
    std::thread::scope(|scope| {
        for _ in 0..PROCESSES {
            scope.spawn(|| {
                while let Some((at, file)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    files.get(at).map(|file| (at, file))
                } {
                    let reading = match read(file) {
                        Ok(text) => Reading {
                            text,
                            ..Reading::default()
                        },
                        Err(error) => failed(format!("{error:#}")),
                    };
                    readings.lock().unwrap_or_else(PoisonError::into_inner)[at] = reading;
                }
            });
        }
    });
    readings.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn tesseract(file: &Path) -> anyhow::Result<String> {
    let mut command = Command::new("tesseract");
    command
        .arg(file)
        .args(["-", "-l", "chi_sim", "--psm", "3", "--dpi", "300"]);
    // Its own threads make it three times slower in all.
    command.env("OMP_THREAD_LIMIT", "1");
    output(&mut command)
}

/// Threads of each tesseract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Threads {
    One,
    /// As many as the program thinks right.
    Default,
}

/// The text that `ocrmypdf` reads in a file.
fn ocrmypdf(file: &Path, more: &[&str], threads: Threads) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let sidecar = folder.path().join("text");
    let mut command = ocrmypdf_command(threads);
    output(
        command
            .arg("--sidecar")
            .arg(&sidecar)
            .args(more)
            .arg(file)
            .arg(folder.path().join("out.pdf")),
    )?;
    Ok(std::fs::read_to_string(sidecar)?)
}

/// `ocrmypdf` as it makes a searchable PDF of Chinese; the files are to be added.
pub(crate) fn ocrmypdf_command(threads: Threads) -> Command {
    let mut command = Command::new("ocrmypdf");
    command.args(["-q", "-l", "chi_sim", "--output-type", "pdf"]);
    match threads {
        Threads::One => command.env("OMP_THREAD_LIMIT", "1"),
        Threads::Default => command.env_remove("OMP_THREAD_LIMIT"),
    };
    command
}

/// Runs a command to its end; gives what it wrote.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "{}: {}", output.status, said.trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
