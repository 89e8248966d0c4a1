//! `make bench-findings`: how well findings find what is planted in a generated archive, and how often they tell of what is not.
//!
//! Set by the environment, because `cargo bench` keeps the arguments to itself: `SEED` of the archive (else by the clock, and
//! printed) · `CASES` (100000) · `PLANTED` irregularities (500) · `DIR` for the archive (else a temporary folder).

#![allow(missing_docs, clippy::print_stdout)] // a program for developers, whose output is its tables
#![allow(clippy::unwrap_used)] // in the recomputation, which reads what the generator writes

#[path = "../common/audit.rs"]
mod audit;
#[path = "../common/recomputed.rs"]
mod recomputed;

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use juanzong::access::VisibleCases;
use juanzong_indexer::sample::{AuditOptions, AuditedArchive};

fn variable<T: std::str::FromStr>(name: &str, usual: T) -> anyhow::Result<T> {
    match std::env::var(name).ok().filter(|value| !value.is_empty()) {
        Some(value) => value
            .parse()
            .map_err(|_| anyhow::anyhow!("{name} must be a whole number")),
        None => Ok(usual),
    }
}

fn main() -> anyhow::Result<()> {
    let clock = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(1, |since| since.as_secs());
    let options = AuditOptions {
        cases: variable("CASES", 100_000)?,
        planted: variable("PLANTED", 500)?,
        seed: variable("SEED", clock % 1_000_000)?,
    };
    let temporary = tempfile::tempdir()?;
    let folder = std::env::var("DIR").map_or(temporary.path().to_owned(), PathBuf::from);
    let archive = AuditedArchive::invent(options);
    let lines: Vec<_> = archive.lines().collect();
    println!(
        "Generated archive: seed {}, {} cases, {} irregularities planted.",
        options.seed,
        lines.len(),
        archive.planted().len()
    );
    let (path, data) = (folder.join("lines.jsonl"), folder.join("data"));
    let mut out = BufWriter::new(std::fs::File::create(&path)?);
    for line in &lines {
        serde_json::to_writer(&mut out, line)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    let started = Instant::now();
    let run = Command::new(env!("CARGO_BIN_EXE_juanzong-indexer"))
        .arg("--data")
        .arg(&data)
        .arg("import")
        .arg(&path)
        .output()
        .context("the indexer cannot be run")?;
    ensure!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    println!("Imported in {:.0} s.", started.elapsed().as_secs_f64());
    let started = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (found, examined) = runtime.block_on(audit::findings(&data, VisibleCases::all()))?;
    println!(
        "{} findings of {examined} cases in {:.1} s, opening the archive included.\n",
        found.len(),
        started.elapsed().as_secs_f64()
    );
    let expected = recomputed::expected(&lines);
    let scores = audit::score(&found, archive.planted(), &expected);
    println!("{}", audit::table(&scores, examined));
    Ok(())
}
