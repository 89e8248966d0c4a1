//! `make bench-volumes`: how well bound volumes are divided into their documents, by shape and scan level.
//!
//! Set by the environment, because `cargo bench` keeps the arguments to itself: `SEED` of the generated volumes (else by
//! the clock, and printed) · `CASES` of each level (14: each shape twice) · `LEVELS` of `clean`, `normal`, `hard` (all) ·
//! `ENGINE` (`ppocr`).
//!
//! What was read is kept in `target/bench-reading` by engine and hash of the file, so that a further run costs the rules
//! only; remove that folder after a change of the reading.

#![allow(missing_docs, clippy::print_stdout)] // a program for developers, whose output is its tables

mod measure;
#[path = "../common/reading.rs"]
mod reading;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use clap::ValueEnum as _;
use juanzong_indexer::sample::{Format, Level, SampleOptions, volumes};

use crate::measure::Tally;

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn main() -> anyhow::Result<()> {
    let clock = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(1, |since| since.as_secs());
    let seed = match variable("SEED") {
        Some(seed) => seed.parse().context("SEED must be a whole number")?,
        None => clock % 1_000_000,
    };
    let cases: u32 = match variable("CASES") {
        Some(cases) => cases.parse().context("CASES must be a whole number")?,
        None => 14,
    };
    let levels = variable("LEVELS").unwrap_or_else(|| "clean,normal,hard".to_owned());
    let engine = variable("ENGINE").unwrap_or_else(|| "ppocr".to_owned());
    let engine = reading::engine(&engine)?;
    let out: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-volumes");
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-reading");
    let mut text = format!(
        "Generated volumes: seed {seed} (`SEED={seed}` repeats them), {cases} of each level, read by {}.\n\n{}",
        engine.code(),
        Tally::HEADING
    );
    let mut remarks = String::new();
    for (offset, name) in (0_u64..).zip(levels.split(',').map(str::trim)) {
        let level = Level::from_str(name, true).map_err(|_| anyhow::anyhow!("there is no level `{name}`"))?;
        let folder = out.join(format!("volumes-{seed}-{cases}-{name}"));
        if !folder.join("manifest.csv").is_file() {
            if folder.is_dir() {
                std::fs::remove_dir_all(&folder).context("an unfinished set cannot be removed")?;
            }
            let options = SampleOptions {
                out: folder.clone(),
                cases,
                seed: seed + offset,
                level,
                only_formats: Some(vec![Format::PdfJpeg, Format::PdfG4, Format::TiffG4]),
            };
            volumes(&options).context("the volumes cannot be generated")?;
        }
        let truths = measure::truths(&folder)?;
        let files: Vec<PathBuf> = truths.iter().map(|truth| measure::file_of(&folder, truth)).collect();
        let texts = reading::read(engine, files.iter().map(PathBuf::as_path), &cache)?;
        let mut tally = Tally::default();
        for (truth, file) in truths.iter().zip(&files) {
            let text = texts.get(file).context("a volume was not read")?;
            if let Some(failure) = &text.failure {
                anyhow::bail!("a page of {} was not read: {failure}", file.display());
            }
            tally.add(truth, &text.records(), &mut remarks);
        }
        text.push_str(&tally.rows(name));
    }
    println!("{text}\n{remarks}");
    std::fs::write(out.join("report.md"), &text).context("the report cannot be written")?;
    Ok(())
}
