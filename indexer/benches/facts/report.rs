//! The tables.

use std::fmt::Write as _;

use crate::corpus::Set;
use crate::measure::{Counts, SURE, Tally};

/// The fields that the project has set itself a target for come first.
const TARGETED: [&str; 9] = [
    "document_number",
    "credit_code",
    "id_number",
    "applicant_name",
    "decided_on",
    "agency",
    "outcome",
    "document_kind",
    "matter",
];

fn share(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{:.3}", f64::from(part) / f64::from(whole))
}

/// Precision, recall, exact match and confidence of each field of a set.
pub(crate) fn table(engine: &str, set: &Set, tally: &Tally) -> String {
    let mut text = format!(
        "\n**{}, {}, {engine}** ({} cases)\n\n| field | readable | read | right | precision | recall | exact match | surer than {SURE} | of these wrong |\n|---|---|---|---|---|---|---|---|---|\n",
        set.name,
        set.level,
        set.cases.len()
    );
    let mut fields: Vec<(&&str, &Counts)> = tally.fields.iter().collect();
    fields.sort_by_key(|(name, _)| TARGETED.iter().position(|t| t == *name).unwrap_or(TARGETED.len()));
    let mut all = Counts::default();
    for (name, counts) in &fields {
        row(&mut text, name, counts);
        all.expected += counts.expected;
        all.given += counts.given;
        all.right += counts.right;
        all.either += counts.either;
        all.sure += counts.sure;
        all.sure_wrong += counts.sure_wrong;
    }
    row(&mut text, "all", &all);
    let _ = writeln!(text, "\nConfidence: {}", reliability(&tally.presented));
    text
}

fn row(text: &mut String, name: &str, counts: &Counts) {
    let Counts {
        expected,
        given,
        right,
        either,
        sure,
        sure_wrong,
    } = *counts;
    let _ = writeln!(
        text,
        "| {name} | {expected} | {given} | {right} | {} | {} | {} | {sure} | {sure_wrong} ({}) |",
        share(right, given),
        share(right.min(expected), expected),
        share(right, either),
        share(sure_wrong, given),
    );
}

/// How often values of each confidence are right.
fn reliability(presented: &[(f32, bool)]) -> String {
    let bands = [
        (0.0, 0.5),
        (0.5, 0.7),
        (0.7, 0.8),
        (0.8, 0.9),
        (0.9, 0.95),
        (0.95, 0.98),
        (0.98, 1.01),
    ];
    let told = bands.iter().filter_map(|(from, to)| {
        let inside: Vec<bool> = presented
            .iter()
            .filter(|(c, _)| (*from..*to).contains(c))
            .map(|(_, right)| *right)
            .collect();
        let right = u32::try_from(inside.iter().filter(|right| **right).count()).unwrap_or(u32::MAX);
        let count = u32::try_from(inside.len()).unwrap_or(u32::MAX);
        (count > 0).then(|| format!("{from}–{:.2}: {right}/{count}", to.min(1.0)))
    });
    told.collect::<Vec<_>>().join(" · ")
}

/// What was not read right.
pub(crate) fn failures(engine: &str, set: &Set, tally: &Tally) -> String {
    let mut text = format!("\n## {}, {}, {engine}\n\n", set.name, set.level);
    for failure in &tally.failures {
        let _ = writeln!(text, "- {failure}");
    }
    text
}
