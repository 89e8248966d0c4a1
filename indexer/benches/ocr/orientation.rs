//! Pages that readers trip over: which way is up, and nothing where there is nothing.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use juanzong_indexer::sample::{Special, Workshop, huge_page};
use juanzong_indexer::score::{PageScore, Truth, TruthLine};

use crate::systems::System;

/// Makes the pages and reads them with our engines (the other programs don't say which way is up).
pub(crate) fn measure(systems: &[System], seed: u64, out: &Path) -> anyhow::Result<String> {
    let folder = out.join("special");
    std::fs::create_dir_all(&folder).context("the folder of the special pages cannot be made")?;
    let workshop = Workshop::new()?;
    let mut files: Vec<PathBuf> = Vec::new();
    let mut expected = Vec::new();
    for special in Special::all() {
        let page = workshop.make(special, seed)?;
        let path = folder.join(format!("{}.{}", special.name(), page.extension));
        std::fs::write(&path, &page.file)?;
        files.push(path);
        expected.push((special, page.truth));
    }
    let huge = folder.join("huge.tif");
    std::fs::write(&huge, huge_page()?)?;
    files.push(huge);
    let mut text = "### Orientation and pages without text\n\n".to_owned();
    for system in systems.iter().filter(|system| matches!(system, System::Juanzong(_))) {
        let (readings, _) = system.read(&files)?;
        let (mut turned, mut upright, mut empty, mut silent) = (0, 0, 0, 0);
        let mut faults = Vec::new();
        for ((special, truth), reading) in expected.iter().zip(&readings) {
            let name = special.name();
            if let Some(failure) = &reading.failure {
                faults.push(format!("{name} failed: {failure}"));
            }
            if special.is_empty() {
                empty += 1;
                let characters = reading.text.chars().filter(|c| !c.is_whitespace()).count();
                silent += usize::from(characters == 0 && reading.failure.is_none());
                if characters > 0 {
                    faults.push(format!("{name}: {characters} characters where there are none"));
                }
                continue;
            }
            turned += 1;
            let score = PageScore::of(&lines_of(truth), &reading.text);
            let cer = 100.0 * score.error_rate();
            if reading.rotation == Some(truth.rotation) {
                upright += 1;
            } else {
                let found = reading
                    .rotation
                    .map_or_else(|| "none".to_owned(), |turn| turn.to_string());
                faults.push(format!(
                    "{name}: turned by {found} for {} (CER {cer:.0})",
                    truth.rotation
                ));
            }
            if cer > 30.0 {
                faults.push(format!("{name}: CER {cer:.0}"));
            }
        }
        let huge = readings.last().and_then(|reading| reading.failure.clone());
        let huge = huge.unwrap_or_else(|| "was read".to_owned());
        let _ = writeln!(
            text,
            "{}: {upright} of {turned} pages upright; no text on {silent} of {empty} pages without text; 20,000 × 20,000 pixels: {huge}\n",
            system.name()
        );
        for fault in faults {
            let _ = writeln!(text, "- {fault}");
        }
        text.push('\n');
    }
    Ok(text)
}

fn lines_of(truth: &juanzong_indexer::sample::truth::PageTruth) -> Truth {
    let lines = truth.lines.iter().map(|line| TruthLine {
        text: line.text.clone(),
    });
    Truth {
        lines: lines.collect(),
        ..Truth::default()
    }
}
