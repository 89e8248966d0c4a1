//! `credit_code` and `id_number`: 18 characters with a check digit.

use juanzong::record::{CreditCode, DocumentKind, Fact, FieldName, IdNumber, Repair};

use super::Vocabulary;
use super::glyphs::{Glyph, text};
use super::labels::{Label, bare_label, label, labelled};
use super::limits;
use super::reading::{By, Reading, by};

const CREDIT_LABELS: &[Label] = &[
    bare_label("统一社会信用代码"),
    bare_label("社会信用代码"),
    bare_label("信用代码"),
    label("统一代码"),
    label("营业执照注册号"),
];
const ID_LABELS: &[Label] = &[
    bare_label("公民身份号码"),
    bare_label("公民身份证号码"),
    bare_label("居民身份证号码"),
    bare_label("身份证号码"),
    bare_label("身份证件号码"),
    bare_label("身份证号"),
    bare_label("身份证"),
    label("证件号码"),
    label("代理人证件号"),
    label("代理人身份证号"),
    label("有效证件号码"),
    label("证件号"),
    label("证照号码"),
];
/// Characters before a person's number that say whose it is.
const CONTEXT: usize = 24;
/// Length of both numbers.
const CHARACTERS: usize = 18;

/// A number with its place.
struct Number {
    glyphs: Vec<Glyph>,
    kind: Kind,
    repair: Option<Repair>,
    labelled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Credit,
    Person,
}

/// Labelled numbers, repaired or not, and valid ones without a label. `applicant` is the name that this document gives
/// the applicant.
pub(super) fn find(
    reading: &Reading<'_>,
    kind: DocumentKind,
    applicant: Option<&str>,
    vocabulary: &Vocabulary,
    facts: &mut Vec<Fact>,
) {
    let mut numbers = Vec::new();
    for (labels, kind) in [(CREDIT_LABELS, Kind::Credit), (ID_LABELS, Kind::Person)] {
        for labelled in labelled(reading, labels) {
            read_labelled(reading, &labelled.value, kind, &mut numbers);
        }
    }
    unlabelled(reading, &mut numbers);
    for number in &mut numbers {
        // One wrong code in thirty passes its check: what was put right must also be of a place that there is.
        let repaired = number.repair.as_ref().filter(|repair| repair.changed.is_some());
        if number.kind == Kind::Credit && repaired.is_some_and(|repair| !vocabulary.may_register(&repair.value)) {
            number.repair = None;
        }
    }
    let organisation = numbers.iter().any(|n| n.kind == Kind::Credit && n.repair.is_some())
        || applicant.is_some_and(super::applicant::is_organisation);
    for number in numbers.iter().take(2 * limits::FACTS_OF_FIELD) {
        give(reading, kind, number, organisation, applicant, facts);
    }
}

fn give(
    reading: &Reading<'_>,
    kind: DocumentKind,
    number: &Number,
    organisation: bool,
    applicant: Option<&str>,
    facts: &mut Vec<Fact>,
) {
    let own = match number.kind {
        Kind::Credit => true,
        Kind::Person => !organisation && is_applicants(reading, &number.glyphs, applicant),
    };
    let field = if own {
        FieldName::ApplicantIdNumber
    } else {
        FieldName::PersonIdNumber
    };
    let listed = kind == DocumentKind::Contents;
    let by: By = match (&number.repair, number.kind) {
        (Some(repair), kind) => {
            let (rule, weight) = match (kind, repair.changed, repair.by_alternative) {
                (Kind::Credit, None, _) => ("credit_code.valid", 0.99),
                (Kind::Credit, Some(_), true) => ("credit_code.repaired_by_alternative", 0.85),
                (Kind::Credit, Some(_), false) => ("credit_code.repaired_by_confusion", 0.75),
                (Kind::Person, None, _) => ("id_number.valid", 0.985),
                (Kind::Person, Some(_), true) => ("id_number.repaired_by_alternative", 0.8),
                (Kind::Person, Some(_), false) => ("id_number.repaired_by_confusion", 0.65),
            };
            let weight = if number.labelled { weight } else { weight * 0.94 };
            by(rule, if listed { weight * 0.8 } else { weight })
        }
        (None, Kind::Credit) => by("credit_code.check_failed", 0.35),
        (None, Kind::Person) => by("id_number.check_failed", 0.35),
    };
    let value = number
        .repair
        .as_ref()
        .map_or_else(|| text(&number.glyphs).to_uppercase(), |repair| repair.value.clone());
    let mut fact = reading.fact(field, value, &number.glyphs, by);
    // A valid check digit proves the characters better than their recogniser does.
    if let Some(Repair { changed: None, .. }) = &number.repair
        && let Some(evidence) = &mut fact.evidence
    {
        evidence.confidence = evidence.confidence.max(0.985 * by.weight);
    }
    facts.push(fact);
}

/// The run of letters and digits behind a label: for a person's label it may be a credit code all the same
/// (`证件号码`).
fn read_labelled(reading: &Reading<'_>, value: &[Glyph], kind: Kind, numbers: &mut Vec<Number>) {
    let run = run_of(value);
    if !(15..=20).contains(&run.len()) {
        return;
    }
    let exact = run.get(..CHARACTERS).unwrap_or(run);
    let number = [kind, Kind::Credit, Kind::Person]
        .into_iter()
        .filter(|_| run.len() == CHARACTERS)
        .find_map(|kind| repair(reading, exact, kind).map(|repair| (kind, repair)));
    let taken = |n: &Number| n.glyphs.first().map(|g| (g.line, g.at)) == run.first().map(|g| (g.line, g.at));
    if numbers.iter().any(taken) {
        return;
    }
    numbers.push(match number {
        Some((kind, repair)) => Number {
            glyphs: exact.to_vec(),
            kind,
            repair: Some(repair),
            labelled: true,
        },
        None => Number {
            glyphs: run.to_vec(),
            kind,
            repair: None,
            labelled: true,
        },
    });
}

fn repair(reading: &Reading<'_>, glyphs: &[Glyph], kind: Kind) -> Option<Repair> {
    let read = text(glyphs);
    let alternatives: Vec<(usize, char)> = glyphs
        .iter()
        .enumerate()
        .flat_map(|(at, glyph)| reading.alternatives(*glyph).map(move |c| (at, c)))
        .collect();
    match kind {
        Kind::Credit => CreditCode::repair(&read, &alternatives),
        Kind::Person => IdNumber::repair(&read, &alternatives),
    }
}

/// Letters and digits at the beginning, over the end of one line.
fn run_of(glyphs: &[Glyph]) -> &[Glyph] {
    let end = glyphs
        .iter()
        .position(|g| !g.c.is_ascii_alphanumeric())
        .unwrap_or(glyphs.len());
    let mut end = end;
    // What follows in a further line belongs to it only while the number is not complete.
    if end > CHARACTERS && glyphs[CHARACTERS].line != glyphs[CHARACTERS - 1].line {
        end = CHARACTERS;
    }
    &glyphs[..end]
}

/// Runs of exactly 18 letters and digits that are valid as they stand.
fn unlabelled(reading: &Reading<'_>, numbers: &mut Vec<Number>) {
    for flow in &reading.flows {
        let mut at = 0;
        while at < flow.len() {
            let run = flow[at..].iter().take_while(|g| g.c.is_ascii_alphanumeric()).count();
            let glyphs = &flow[at..at + run];
            at += run.max(1);
            if run != CHARACTERS || numbers.len() > 4 * limits::FACTS_OF_FIELD {
                continue;
            }
            let first = glyphs.first().map(|g| (g.line, g.at));
            if numbers
                .iter()
                .any(|n| n.glyphs.first().map(|g| (g.line, g.at)) == first)
            {
                continue;
            }
            let read = text(glyphs);
            let kind = match (CreditCode::parse(&read), IdNumber::parse(&read)) {
                // A number that is both is a person's: its sixth to fourteenth digits are a date.
                (_, Some(_)) => Kind::Person,
                (Some(_), None) => Kind::Credit,
                (None, None) => continue,
            };
            numbers.push(Number {
                repair: repair(reading, glyphs, kind),
                glyphs: glyphs.to_vec(),
                kind,
                labelled: false,
            });
        }
    }
}

/// Whether a person's number is the applicant's own: not where a representative or an agent stands before it.
fn is_applicants(reading: &Reading<'_>, glyphs: &[Glyph], applicant: Option<&str>) -> bool {
    let Some(first) = glyphs.first() else { return false };
    let page = reading.lines[first.line].page;
    let flow = reading
        .flows
        .iter()
        .find(|flow| flow.first().is_some_and(|g| reading.lines[g.line].page == page));
    let Some(flow) = flow else { return false };
    let at = flow
        .iter()
        .position(|g| (g.line, g.at) == (first.line, first.at))
        .unwrap_or(0);
    let before = text(&flow[at.saturating_sub(CONTEXT)..at]);
    let another = ["代理人", "代收", "法定代表", "负责人", "经办", "受托", "联系人"];
    let nearest = before.rsplit(['。', '；']).next().unwrap_or_default();
    !another.iter().any(|word| nearest.contains(word)) && applicant.is_some()
}
