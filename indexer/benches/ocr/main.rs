//! `make bench-ocr`: how well and how fast pages are read, by our engines and by what else there is, in one run on the
//! same pages.
//!
//! Set by the environment, because `cargo bench` keeps the arguments to itself:
//! `SCANS` a folder of scans with their truth, measured besides the generated pages · `SEED` of the generated pages
//! (else by the clock, and printed) · `PAGES` generated of each level (20; 0 leaves them out) · `ENGINES` to measure,
//! by the names in the tables, comma-separated (all) · `PARTS` of `corpus`, `race`, `orientation` (all).
//!
//! Machines are shared and noisy: compare figures of one run with each other, not with those of another day.

#![allow(missing_docs, clippy::print_stdout)] // a program for developers, whose output is its tables

mod corpus;
mod cost;
mod orientation;
mod race;
mod report;
mod systems;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;

use crate::systems::System;

/// What is to be measured.
struct Plan {
    scans: Option<PathBuf>,
    seed: u64,
    pages_per_level: u32,
    systems: Vec<System>,
    parts: Vec<String>,
    out: PathBuf,
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Plan {
    fn from_environment() -> anyhow::Result<Self> {
        let clock = || {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(1, |since| since.as_secs())
        };
        let seed = match variable("SEED") {
            Some(seed) => seed.parse().context("SEED must be a whole number")?,
            None => clock() % 1_000_000,
        };
        let pages_per_level = match variable("PAGES") {
            Some(pages) => pages.parse().context("PAGES must be a whole number")?,
            None => 20,
        };
        let wanted = variable("ENGINES");
        let wanted: Option<Vec<&str>> = wanted.as_ref().map(|names| names.split(',').map(str::trim).collect());
        let mut systems = Vec::new();
        for system in System::all() {
            if wanted
                .as_ref()
                .is_some_and(|names| !names.contains(&system.name().as_str()))
            {
                continue;
            }
            match system.missing() {
                None => systems.push(system),
                // Not silently: a table without a row would look complete.
                Some(reason) => println!("{} is not measured: {reason}\n", system.name()),
            }
        }
        anyhow::ensure!(!systems.is_empty(), "none of the engines can be measured");
        let parts = variable("PARTS").unwrap_or_else(|| "corpus,race,orientation".to_owned());
        Ok(Self {
            scans: variable("SCANS").map(PathBuf::from),
            seed,
            pages_per_level,
            systems,
            parts: parts.split(',').map(|part| part.trim().to_owned()).collect(),
            out: Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-ocr"),
        })
    }

    fn has(&self, part: &str) -> bool {
        self.parts.iter().any(|p| p == part)
    }
}

fn main() -> anyhow::Result<()> {
    let plan = Plan::from_environment()?;
    std::fs::create_dir_all(&plan.out).context("the folder for the results cannot be made")?;
    let mut text = format!(
        "Generated pages: seed {} (`SEED={}` repeats them), {} of each level. {} processes of one thread each.\n",
        plan.seed,
        plan.seed,
        plan.pages_per_level,
        systems::PROCESSES
    );
    println!("{text}");
    let mut show = |part: String| {
        println!("{part}");
        let _ = write!(text, "\n{part}");
    };
    if plan.has("corpus") {
        if let Some(scans) = &plan.scans {
            show(corpus::measure("shared scans", scans, &plan.systems, &plan.out)?);
        }
        if plan.pages_per_level > 0 {
            let folder = corpus::generate(&plan.out, plan.seed, plan.pages_per_level)?;
            show(corpus::measure("generated pages", &folder, &plan.systems, &plan.out)?);
        }
    }
    if plan.has("race") {
        show(race::run(&plan.systems, plan.seed, &plan.out)?);
    }
    if plan.has("orientation") {
        show(orientation::measure(&plan.systems, plan.seed, &plan.out)?);
    }
    std::fs::write(plan.out.join("report.md"), &text).context("the report cannot be written")?;
    Ok(())
}
