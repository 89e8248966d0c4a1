//! Tables in Markdown for people, JSON per page for looking closer.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use juanzong_indexer::score::{self, Calibration, FIELDS, Observation, PageScore, Summary};
use serde::Serialize;

use crate::corpus::{Outcome, PageOutcome};
use crate::cost::Cost;

/// Confusions that are shown per system.
const CONFUSIONS: usize = 40;
/// Worst pages that are shown per system.
const WORST: usize = 8;

/// What is written about a system on a corpus.
#[derive(Serialize)]
struct OutcomeJson<'a> {
    system: &'a str,
    cost: Cost,
    all: Summary,
    characters: Reliability,
    lines: Reliability,
    confusions: Vec<String>,
    pages: &'a [PageOutcome],
}

#[derive(Serialize)]
struct Reliability {
    expected_error: f64,
    bins: Vec<score::Bin>,
    calibration: Calibration,
}

impl Reliability {
    fn of(observations: &[Observation]) -> Self {
        let bins = score::table(observations);
        Self {
            expected_error: score::expected_error(&bins),
            bins,
            calibration: Calibration::fit(observations),
        }
    }
}

/// Writes every page of a system with what was read, the worst first.
pub(crate) fn write_pages(path: &Path, outcome: &Outcome) -> anyhow::Result<()> {
    let written = OutcomeJson {
        system: &outcome.system,
        cost: outcome.cost,
        all: Summary::of(outcome.pages.iter().map(|page| &page.score)),
        characters: Reliability::of(&outcome.observations.characters),
        lines: Reliability::of(&outcome.observations.lines),
        confusions: outcome.confusions.most_frequent(400),
        pages: &outcome.pages,
    };
    let json = serde_json::to_vec_pretty(&written)?;
    std::fs::write(path, json).context("the pages cannot be written")
}

fn summary(outcome: &Outcome, wanted: impl Fn(&PageOutcome) -> bool) -> Summary {
    let scores: Vec<&PageScore> = outcome.pages.iter().filter(|p| wanted(p)).map(|p| &p.score).collect();
    Summary::of(scores)
}

/// Different values in the order in which they occur in the first outcome, sorted.
fn values(outcomes: &[Outcome], value: impl Fn(&PageOutcome) -> &str) -> Vec<String> {
    let pages = outcomes
        .first()
        .map(|outcome| outcome.pages.as_slice())
        .unwrap_or_default();
    let mut values: Vec<String> = pages.iter().map(|page| value(page).to_owned()).collect();
    values.sort();
    values.dedup();
    values
}

/// All tables of a corpus.
pub(crate) fn tables(title: &str, outcomes: &[Outcome]) -> String {
    let pages = outcomes.first().map_or(0, |outcome| outcome.pages.len());
    let mut text = format!("### {pages} {title}\n\n");
    overview(&mut text, outcomes);
    by_kind(&mut text, outcomes);
    for outcome in outcomes {
        let failures = outcome
            .pages
            .iter()
            .filter_map(|p| Some((&p.name, p.failure.as_ref()?)));
        for (name, failure) in failures {
            let _ = writeln!(text, "- {} failed on {name}: {failure}", outcome.system);
        }
        let worst = outcome.pages.iter().take(WORST);
        let worst: Vec<String> = worst
            .map(|p| format!("{} {:.1}", p.name, 100.0 * p.score.error_rate()))
            .collect();
        let _ = writeln!(text, "- {}, worst pages (CER): {}", outcome.system, worst.join(", "));
        let confusions = outcome.confusions.most_frequent(CONFUSIONS);
        let _ = writeln!(text, "- {}, confusions: {}", outcome.system, confusions.join(" "));
    }
    for outcome in outcomes.iter().filter(|o| !o.observations.characters.is_empty()) {
        reliability(
            &mut text,
            &outcome.system,
            "characters",
            &outcome.observations.characters,
        );
        reliability(&mut text, &outcome.system, "lines", &outcome.observations.lines);
    }
    text
}

#[allow(clippy::cast_precision_loss)] // numbers of pages
fn overview(text: &mut String, outcomes: &[Outcome]) {
    let fields = FIELDS.join(" | ");
    let _ = writeln!(
        text,
        "| | CER clean / normal / hard | CER | median | missed | extra | lines | {fields} | pages/min | CPU s/page | MiB |"
    );
    let _ = writeln!(text, "|{}", "---|".repeat(10 + FIELDS.len()));
    for outcome in outcomes {
        let all = summary(outcome, |_| true);
        let level = |level: &str| summary(outcome, |page| page.level == level).cer;
        let fields: Vec<String> = FIELDS
            .iter()
            .map(|name| {
                all.fields
                    .get(*name)
                    .map_or_else(String::new, |(right, of)| format!("{right}/{of}"))
            })
            .collect();
        let cost = outcome.cost;
        let pages = outcome.pages.len() as f64;
        let _ = writeln!(
            text,
            "| {} | {:.1} / {:.1} / {:.1} | {:.2} | {:.1} | {:.2} | {:.2} | {:.1} % | {} | {:.1} | {:.2} | {} |",
            outcome.system,
            level("clean"),
            level("normal"),
            level("hard"),
            all.cer,
            all.median_cer,
            all.missed,
            all.extra,
            all.lines,
            fields.join(" | "),
            60.0 * pages / cost.seconds,
            cost.cpu_seconds / pages,
            cost.peak_mib
        );
    }
}

fn by_kind(text: &mut String, outcomes: &[Outcome]) {
    let kinds = values(outcomes, |page| &page.kind);
    let _ = writeln!(text, "\nCER (missed) by kind:\n\n| | {} |", kinds.join(" | "));
    let _ = writeln!(text, "|{}", "---|".repeat(kinds.len() + 1));
    for outcome in outcomes {
        let cells: Vec<String> = kinds
            .iter()
            .map(|kind| {
                let all = summary(outcome, |page| page.kind == *kind);
                format!("{:.1} ({:.1})", all.cer, all.missed)
            })
            .collect();
        let _ = writeln!(text, "| {} | {} |", outcome.system, cells.join(" | "));
    }
    text.push('\n');
}

fn reliability(text: &mut String, system: &str, what: &str, observations: &[Observation]) {
    let reliability = Reliability::of(observations);
    let _ = writeln!(
        text,
        "\n{system}, confidence of {what}: expected error {:.3}\n\n| stated | number | mean stated | right |\n|---|---|---|---|",
        reliability.expected_error
    );
    for bin in &reliability.bins {
        let _ = writeln!(
            text,
            "| {:.2}-{:.2} | {} | {:.3} | {:.3} |",
            bin.from, bin.to, bin.count, bin.stated, bin.right
        );
    }
    let knots = reliability.calibration.to_string().replace('\n', " ");
    let _ = writeln!(text, "\nFitted: `{}`", knots.trim_end());
}
