//! `make bench-facts`: how well facts are read out of scans, by field, scan level and engine.
//!
//! Set by the environment, because `cargo bench` keeps the arguments to itself:
//! `SEED` of the generated cases (else by the clock, and printed) · `CASES` in all, a third of each level (30; 0 leaves
//! them out) · `SCANS` a folder of scans with their truth, each a case of one page · `ENGINES` of `truth`, `ppocr`,
//! `tesseract`, comma-separated (`truth,ppocr`); `truth` reads nothing: the rules get the exact text of the pages, so
//! that they can be measured alone.
//!
//! What was read is kept in `target/bench-reading` by engine and hash of the file, so that a further run costs the
//! rules only; remove that folder after a change of the reading.

#![allow(missing_docs, clippy::print_stdout)] // a program for developers, whose output is its tables

mod corpus;
mod measure;
#[path = "../common/reading.rs"]
mod reading;
mod report;
mod source;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use juanzong::analysis::dictionary::Dictionaries;
use juanzong_indexer::extract::Vocabulary;

use crate::measure::Tally;
use crate::source::Source;

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn number(name: &str) -> anyhow::Result<Option<u64>> {
    let given = variable(name).map(|value| value.parse());
    given
        .transpose()
        .with_context(|| format!("{name} must be a whole number"))
}

fn main() -> anyhow::Result<()> {
    let clock = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(1, |since| since.as_secs());
    let seed = number("SEED")?.unwrap_or(clock % 1_000_000);
    let cases = u32::try_from(number("CASES")?.unwrap_or(30)).context("CASES is too large")?;
    let engines = variable("ENGINES").unwrap_or_else(|| "truth,ppocr".to_owned());
    let sources: Vec<Source> = engines
        .split(',')
        .map(str::trim)
        .map(Source::parse)
        .collect::<anyhow::Result<_>>()?;
    let out: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-facts");
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-reading");
    let vocabulary = Vocabulary::from_dictionaries(&Dictionaries::builtin().context("the dictionaries are malformed")?);

    let mut sets = Vec::new();
    if cases > 0 {
        sets.extend(corpus::generated(&out, seed, cases)?);
    }
    if let Some(scans) = variable("SCANS") {
        sets.extend(corpus::shared(Path::new(&scans))?);
    }
    let mut text = format!("Generated cases: seed {seed} (`SEED={seed}` repeats them), {cases} in all.\n");
    let mut failures = String::new();
    for source in &sources {
        let texts = source.read(&sets, &cache)?;
        for set in &sets {
            let mut tally = Tally::default();
            for case in &set.cases {
                measure::case(case, &texts, &vocabulary, &mut tally);
            }
            text.push_str(&report::table(source.name(), set, &tally));
            failures.push_str(&report::failures(source.name(), set, &tally));
        }
    }
    println!("{text}");
    std::fs::write(out.join("report.md"), &text).context("the report cannot be written")?;
    std::fs::write(out.join("failures.md"), &failures).context("the failures cannot be written")?;
    println!("What is not right is listed in target/bench-facts/failures.md.");
    Ok(())
}
