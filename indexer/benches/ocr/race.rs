//! The same PDF of twenty pages through each program as its user runs it, with its own way of using both cores, to a
//! searchable PDF.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use juanzong_indexer::sample;
use juanzong_indexer::score::{distance, fold};

use crate::cost::Meter;
use crate::systems::{INDEXER, System, Threads, ocrmypdf_command, output};

const PAGES: u32 = 20;

/// Runs the race; gives its table.
pub(crate) fn run(systems: &[System], seed: u64, out: &Path) -> anyhow::Result<String> {
    let book = out.join("book.pdf");
    let truth = sample::book(seed, PAGES, &book).context("the PDF cannot be made")?;
    let truth: Vec<String> = truth.iter().map(sample::truth::PageTruth::text).collect();
    let truth = fold(&truth.join("\n"));
    let mut text = format!(
        "### A PDF of {PAGES} pages to a searchable PDF\n\nCER of what `pdftotext -raw` finds in it.\n\n\
         | | CER | seconds | pages/min | CPU s/page | MiB of the largest process | MiB of the PDF |\n|---|---|---|---|---|---|---|\n"
    );
    let mut run = |name: String, mut command: Command| {
        let made = out.join(format!("book-{}.pdf", name.replace([' ', ',', '='], "-")));
        let meter = Meter::start();
        output(command.arg(&made)).with_context(|| name.clone())?;
        let cost = meter.stop();
        let read = fold(&output(Command::new("pdftotext").arg("-raw").arg(&made).arg("-"))?);
        #[allow(clippy::cast_precision_loss)] // characters of twenty pages, bytes of a PDF
        let (cer, size) = (
            100.0 * distance(&truth, &read) as f64 / truth.len().max(1) as f64,
            std::fs::metadata(&made)?.len() as f64 / 1024.0 / 1024.0,
        );
        let pages = f64::from(PAGES);
        writeln!(
            text,
            "| {name} | {cer:.2} | {:.1} | {:.1} | {:.2} | {} | {size:.1} |",
            cost.seconds,
            60.0 * pages / cost.seconds,
            cost.cpu_seconds / pages,
            cost.peak_mib
        )?;
        anyhow::Ok(())
    };
    for system in systems {
        match system {
            System::Juanzong(engine) => {
                let mut command = Command::new(INDEXER);
                command.arg("ocr").arg(&book);
                command.args(["--format", "pdf", "--engine", engine.code(), "-o"]);
                run(format!("juanzong-indexer ocr --engine {engine}"), command)?;
            }
            System::OcrMyPdf => {
                for (name, threads) in [
                    ("ocrmypdf", Threads::Default),
                    ("ocrmypdf, OMP_THREAD_LIMIT=1", Threads::One),
                ] {
                    let mut command = ocrmypdf_command(threads);
                    command.arg(&book);
                    run(name.to_owned(), command)?;
                }
            }
            // It reads no PDF.
            System::Tesseract => {}
        }
    }
    Ok(text)
}
