//! Findings of an imported archive beside what was planted, and beside what was reckoned apart from them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use juanzong::access::VisibleCases;
use juanzong::analytics::findings::{Parameters, Rule};
use juanzong::archive::Archive;
use juanzong::catalogue::DataDirectory;
use juanzong_indexer::sample::Planted;

use crate::recomputed::Expected;

/// A finding by the archival codes of its cases.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) rule: Rule,
    #[allow(dead_code)] // the tests tell findings apart by it, the benchmark by their cases
    pub(crate) id: String,
    pub(crate) cases: BTreeSet<String>,
    pub(crate) place: Option<(String, u32)>,
}

/// All findings of an archive, and how many cases were looked at.
pub(crate) async fn findings(data: &Path, visible: VisibleCases) -> anyhow::Result<(Vec<Found>, u64)> {
    let archive = Archive::open(DataDirectory::existing(data)?).await?;
    let all = archive.view(visible).all_findings(Parameters::default()).await?;
    let mut codes: HashMap<u64, String> = HashMap::new();
    let mut last = 0;
    loop {
        let rows = archive.catalogue().case_rows(last, 5_000).await?;
        let Some(row) = rows.last() else { break };
        last = row.case_key;
        codes.extend(rows.iter().map(|row| (row.case_key, row.archival_code.to_string())));
    }
    let found = all.findings.iter().map(|finding| Found {
        rule: finding.rule,
        id: finding.id(),
        cases: finding.cases.iter().filter_map(|key| codes.get(key).cloned()).collect(),
        place: all.agency(finding).map(str::to_owned).zip(finding.year),
    });
    let found = found.collect();
    archive.catalogue().close().await;
    Ok((found, all.examined))
}

/// How well one kind was found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    pub(crate) planted: usize,
    pub(crate) recalled: usize,
    pub(crate) findings: usize,
    /// Findings that show nothing planted, and their cases.
    pub(crate) false_findings: usize,
    pub(crate) false_cases: usize,
    /// Findings that were reckoned and not found, or found and not reckoned; of the rules that are reckoned.
    pub(crate) unlike: Option<usize>,
}

/// Rules that are not reckoned apart: they need a calendar or statistics.
const NOT_RECKONED: [&str; 4] = ["over_time", "refusal_rate_outlier", "duration_outlier", "similar_scan"];

/// Scores by rule.
pub(crate) fn score(found: &[Found], planted: &[Planted], expected: &Expected) -> BTreeMap<&'static str, Score> {
    let mut scores: BTreeMap<&'static str, Score> = BTreeMap::new();
    let mut by_rule: BTreeMap<&str, Vec<&Found>> = BTreeMap::new();
    for finding in found {
        by_rule.entry(finding.rule.code()).or_default().push(finding);
    }
    let shows = |finding: &Found, plant: &Planted| match &plant.place {
        Some(place) => finding.place.as_ref() == Some(place),
        None => plant.cases.iter().all(|code| finding.cases.contains(code)),
    };
    let mut planted_by_rule: BTreeMap<&str, Vec<&Planted>> = BTreeMap::new();
    for plant in planted {
        planted_by_rule.entry(plant.rule).or_default().push(plant);
        let score = scores.entry(plant.rule).or_default();
        let of_rule = by_rule.get(plant.rule).map_or(&[][..], Vec::as_slice);
        score.planted += 1;
        score.recalled += usize::from(of_rule.iter().any(|finding| shows(finding, plant)));
    }
    for (rule, findings) in &by_rule {
        let Some(rule) = Rule::from_code(rule).map(Rule::code) else {
            continue;
        };
        let of_rule = planted_by_rule.get(rule).map_or(&[][..], Vec::as_slice);
        let score = scores.entry(rule).or_default();
        score.findings = findings.len();
        let unplanted = findings
            .iter()
            .filter(|finding| !of_rule.iter().any(|plant| shows(finding, plant)));
        let unplanted: Vec<&&Found> = unplanted.collect();
        score.false_findings = unplanted.len();
        let cases: BTreeSet<&String> = unplanted.iter().flat_map(|finding| &finding.cases).collect();
        score.false_cases = cases.len();
    }
    for (rule, score) in &mut scores {
        if NOT_RECKONED.contains(rule) {
            continue;
        }
        let reckoned: BTreeSet<Vec<&String>> = expected
            .iter()
            .filter(|(of, _)| of == rule)
            .map(|(_, cases)| cases.iter().collect())
            .collect();
        let told = by_rule.get(rule).map_or(&[][..], Vec::as_slice);
        let told: BTreeSet<Vec<&String>> = told.iter().map(|finding| finding.cases.iter().collect()).collect();
        score.unlike = Some(reckoned.symmetric_difference(&told).count());
    }
    scores
}

/// The scores as a table of Markdown.
pub(crate) fn table(scores: &BTreeMap<&'static str, Score>, cases: u64) -> String {
    let mut text = String::from(
        "| rule | planted | found | recall | findings | not planted | their cases, % of all | unlike the recomputation |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for (rule, score) in scores {
        #[allow(clippy::cast_precision_loss)]
        let (recall, share) = (
            score.recalled as f64 / score.planted.max(1) as f64,
            100.0 * score.false_cases as f64 / cases.max(1) as f64,
        );
        let recall = if score.planted > 0 {
            format!("{recall:.3}")
        } else {
            "–".to_owned()
        };
        let unlike = score.unlike.map_or("–".to_owned(), |unlike| unlike.to_string());
        let _ = writeln!(
            text,
            "| `{rule}` | {} | {} | {recall} | {} | {} | {share:.3} | {unlike} |",
            score.planted, score.recalled, score.findings, score.false_findings
        );
    }
    text
}
