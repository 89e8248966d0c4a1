//! A folder of scans with their truth, read by every system.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use juanzong_indexer::sample::{self, CorpusOptions};
use juanzong_indexer::score::{Confusions, Observations, PageScore, Truth};
use serde::Serialize;

use crate::cost::Cost;
use crate::report;
use crate::systems::{Reading, System};

/// How one system read a corpus.
pub(crate) struct Outcome {
    pub(crate) system: String,
    pub(crate) pages: Vec<PageOutcome>,
    pub(crate) cost: Cost,
    pub(crate) confusions: Confusions,
    /// Empty where the system tells no confidences.
    pub(crate) observations: Observations,
}

/// One page, as it is written down.
#[derive(Serialize)]
pub(crate) struct PageOutcome {
    pub(crate) name: String,
    pub(crate) level: String,
    pub(crate) kind: String,
    pub(crate) score: PageScore,
    pub(crate) rotation: Option<u32>,
    pub(crate) failure: Option<String>,
    pub(crate) confusions: Vec<String>,
    pub(crate) truth: String,
    pub(crate) read: String,
}

/// Draws the generated pages anew; gives their folder.
pub(crate) fn generate(out: &Path, seed: u64, pages_per_level: u32) -> anyhow::Result<PathBuf> {
    let folder = out.join("generated");
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder).context("the former pages cannot be removed")?;
    }
    let options = CorpusOptions {
        out: folder.clone(),
        seed,
        pages_per_level,
    };
    sample::corpus(&options).context("the pages cannot be generated")?;
    Ok(folder)
}

/// Reads a folder by every system; gives the tables, and writes what was read of each page.
pub(crate) fn measure(title: &str, folder: &Path, systems: &[System], out: &Path) -> anyhow::Result<String> {
    let truths = Truth::of_folder(folder)?;
    anyhow::ensure!(!truths.is_empty(), "no truth lies in the folder of the {title}");
    let files: Vec<PathBuf> = truths.iter().map(|truth| folder.join(&truth.image)).collect();
    let mut outcomes = Vec::new();
    for system in systems {
        let (readings, cost) = system.read(&files)?;
        outcomes.push(outcome(*system, &truths, readings, cost));
    }
    for outcome in &outcomes {
        let file = format!("{}-{}.json", title.replace(' ', "-"), outcome.system);
        report::write_pages(&out.join(file), outcome)?;
    }
    Ok(report::tables(title, &outcomes))
}

fn outcome(system: System, truths: &[Truth], readings: Vec<Reading>, cost: Cost) -> Outcome {
    let mut confusions = Confusions::default();
    let mut observations = Observations::default();
    let mut pages = Vec::new();
    for (truth, reading) in truths.iter().zip(readings) {
        let text = truth.text();
        let mut own = Confusions::default();
        own.add_page(&text, &reading.text);
        confusions.add_page(&text, &reading.text);
        if let Some(page) = &reading.page {
            observations.add_page(&text, page);
        }
        pages.push(PageOutcome {
            name: truth.name.clone(),
            level: truth.level.clone(),
            kind: truth.kind.clone(),
            score: PageScore::of(truth, &reading.text),
            rotation: reading.rotation,
            failure: reading.failure,
            confusions: own.most_frequent(20),
            truth: text,
            read: reading.text,
        });
    }
    // The worst first: those are looked at.
    pages.sort_by(|a, b| b.score.error_rate().total_cmp(&a.score.error_rate()));
    Outcome {
        system: system.name(),
        pages,
        cost,
        confusions,
        observations,
    }
}
