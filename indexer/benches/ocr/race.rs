//! The same PDF of twenty pages through each program as its user runs it, with its own way of using both cores.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use juanzong_indexer::sample;
use juanzong_indexer::score::{distance, fold};

use crate::cost::{Cost, Meter};
use crate::systems::{INDEXER, System, Threads, ocrmypdf};

const PAGES: u32 = 20;

/// Runs the race; gives its table.
pub(crate) fn run(systems: &[System], seed: u64, out: &Path) -> anyhow::Result<String> {
    let book = out.join("book.pdf");
    let truth = sample::book(seed, PAGES, &book).context("the PDF cannot be made")?;
    let truth: Vec<String> = truth.iter().map(sample::truth::PageTruth::text).collect();
    let truth = fold(&truth.join("\n"));
    let mut text = format!(
        "### A PDF of {PAGES} pages\n\n| | CER | seconds | pages/min | CPU s/page | MiB of the largest process |\n|---|---|---|---|---|---|\n"
    );
    let mut row = |name: &str, read: &str, cost: Cost| {
        #[allow(clippy::cast_precision_loss)] // characters of twenty pages
        let cer = 100.0 * distance(&truth, &fold(read)) as f64 / truth.len().max(1) as f64;
        let pages = f64::from(PAGES);
        let _ = writeln!(
            text,
            "| {name} | {cer:.2} | {:.1} | {:.1} | {:.2} | {} |",
            cost.seconds,
            60.0 * pages / cost.seconds,
            cost.cpu_seconds / pages,
            cost.peak_mib
        );
    };
    for system in systems {
        let meter = Meter::start();
        match system {
            System::Juanzong(engine) => {
                let json = ours(&book, engine.code())?;
                row(&format!("juanzong-indexer ocr --engine {engine}"), &json, meter.stop());
            }
            System::OcrMyPdf => {
                let read = ocrmypdf(&book, &[], Threads::Default)?;
                row("ocrmypdf", &read, meter.stop());
                let meter = Meter::start();
                let read = ocrmypdf(&book, &[], Threads::One)?;
                row("ocrmypdf, OMP_THREAD_LIMIT=1", &read, meter.stop());
            }
            // It reads no PDF.
            System::Tesseract => drop(meter.stop()),
        }
    }
    Ok(text)
}

/// The text of the JSON that our program writes.
fn ours(book: &Path, engine: &str) -> anyhow::Result<String> {
    let mut command = Command::new(INDEXER);
    command
        .arg("ocr")
        .arg(book)
        .args(["--format", "json", "--engine", engine]);
    let output = command.stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "juanzong-indexer: {}", said.trim());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let pages = json["pages"].as_array().context("the answer has no pages")?;
    let texts: Vec<&str> = pages.iter().filter_map(|page| page["text"].as_str()).collect();
    Ok(texts.join("\n"))
}
