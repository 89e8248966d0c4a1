//! Invented cases as lines for `import`: three documents, about 1,500 characters in all; for trying imports and for
//! benchmarks of search. As many as wanted; those of a short run begin those of a long one.

use std::io::{self, Write};

use juanzong::record::{
    ApplicantKind, ApplicantLine, CaseLine, DocumentKind, DocumentLine, DocumentNumber, FieldName, Outcome, PageLine,
};
use rand::RngExt;

use super::facts::{Facts, Prose, chinese_date, numeric_date, random};
use super::vocabulary::prose::{CLERK_OPINIONS, CONDITIONS, REFUSAL_GROUNDS, REPORT};
use super::vocabulary::regions::COUNTIES;

/// Part of the random source of a case: see [`random`].
const PART: u32 = 0x3_0000;
/// A page is filled up to this many characters.
const PAGE: usize = 450;

/// Writes the first `count` cases of a seed, one a line.
///
/// # Errors
/// When the lines cannot be written.
pub fn write_lines(out: &mut impl Write, seed: u64, count: u32) -> io::Result<()> {
    for index in 0..count {
        serde_json::to_writer(&mut *out, &case_line(seed, index))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// The case at a position of a seed.
pub fn case_line(seed: u64, index: u32) -> CaseLine {
    let mut facts = Facts::invent(seed, index);
    renumber(&mut facts, index);
    let mut values = facts.fields();
    let mut line = CaseLine {
        archival_code: Some(facts.archival_code.clone()),
        documents: documents(&facts, seed, index),
        ..CaseLine::default()
    };
    let mut value = |field| values.remove(&field);
    line.title = value(FieldName::Title);
    line.agency = value(FieldName::Agency);
    line.region = value(FieldName::Region);
    line.matter = value(FieldName::Matter);
    line.document_number = value(FieldName::DocumentNumber);
    line.acceptance_number = value(FieldName::AcceptanceNumber);
    line.outcome = value(FieldName::Outcome);
    line.retention = value(FieldName::Retention);
    line.security_class = value(FieldName::SecurityClass);
    line.applied_on = value(FieldName::AppliedOn);
    line.accepted_on = value(FieldName::AcceptedOn);
    line.decided_on = value(FieldName::DecidedOn);
    line.served_on = value(FieldName::ServedOn);
    line.valid_from = value(FieldName::ValidFrom);
    line.valid_until = value(FieldName::ValidUntil);
    line.applicant = Some(ApplicantLine {
        name: value(FieldName::ApplicantName),
        kind: value(FieldName::ApplicantKind),
        id_number: value(FieldName::ApplicantIdNumber),
    });
    line
}

/// Numbers that differ for as many cases as there are positions, where those of scanned samples have four digits.
fn renumber(facts: &mut Facts, index: u32) {
    if let Some((head, _)) = facts.archival_code.rsplit_once('-') {
        facts.archival_code = format!("{head}-{:07}", index + 1);
    }
    facts.acceptance_number = format!("{}{:07}", facts.accepted.year(), index + 1);
    // Counties take turns, so each counts its own.
    let serial = index / u32::try_from(COUNTIES.len()).unwrap_or(1) + 1;
    let purpose = DocumentNumber::parse(&facts.document_number).map(|n| n.agency_code().to_owned());
    if let Some(number) = purpose.and_then(|code| DocumentNumber::new(&code, facts.decided.year(), serial)) {
        facts.document_number = number.to_string();
    }
}

fn documents(facts: &Facts, seed: u64, index: u32) -> Vec<DocumentLine> {
    let mut prose = Prose::new(facts, random(seed, index, PART));
    let document = |title: &str, kind: DocumentKind, text: String| DocumentLine {
        title: Some(title.to_owned()),
        kind: Some(kind.code().to_owned()),
        pages: vec![PageLine::Text(text)],
        ..DocumentLine::default()
    };
    vec![
        document(
            "行政许可申请书",
            DocumentKind::Application,
            application(facts, &mut prose),
        ),
        document("审查报告", DocumentKind::Review, report(facts, &mut prose)),
        document(
            decision_title(facts),
            DocumentKind::Decision,
            decision(facts, &mut prose),
        ),
    ]
}

/// Adds sentences of random groups until the page is full.
fn fill(text: &mut String, prose: &mut Prose<'_>, groups: &[usize]) {
    let mut length = text.chars().count();
    for group in groups {
        let Some((heading, sentences)) = REPORT.get(*group) else {
            continue;
        };
        if length >= PAGE {
            break;
        }
        text.push_str(heading);
        text.push('\n');
        for sentence in prose.some(sentences, sentences.len()) {
            if length >= PAGE {
                break;
            }
            length += sentence.chars().count();
            text.push_str(&sentence);
        }
        text.push('\n');
    }
}

fn application(facts: &Facts, prose: &mut Prose<'_>) -> String {
    let applicant = &facts.applicant;
    let mut text = format!(
        "行政许可申请书\n申请人：{}\n{}：{}\n住所：{}\n联系电话：{}\n申请事项：{}\n申请日期：{}\n",
        applicant.name,
        facts.id_label(),
        applicant.id_number,
        applicant.address,
        applicant.representative.mobile,
        facts.matter.name,
        numeric_date(facts.applied),
    );
    if applicant.kind != ApplicantKind::Person {
        text.push_str(&format!("法定代表人：{}\n", applicant.representative.name));
    }
    if let Some(agent) = &facts.agent {
        text.push_str(&format!("委托代理人：{}，联系电话：{}\n", agent.name, agent.mobile));
    }
    let turn = prose.rng().random_range(0..2);
    fill(&mut text, prose, &[1, turn * 5]);
    text
}

fn report(facts: &Facts, prose: &mut Prose<'_>) -> String {
    let mut text = format!(
        "{}\n关于{}{}申请的审查报告\n受理编号：{}\n",
        facts.agency, facts.applicant.name, facts.matter.name, facts.acceptance_number
    );
    let first = prose.rng().random_range(2..5);
    fill(&mut text, prose, &[first, 2, 3, 4]);
    text.push_str(&prose.one(CLERK_OPINIONS));
    text
}

fn decision_title(facts: &Facts) -> &'static str {
    match facts.plan.outcome {
        Outcome::Refused => "不予行政许可决定书",
        Outcome::Withdrawn => "终止审查决定书",
        _ => "准予行政许可决定书",
    }
}

fn decision(facts: &Facts, prose: &mut Prose<'_>) -> String {
    let you = facts.you();
    let mut text = format!(
        "{}\n{}\n{}\n{}：\n{you}于{}提出的{}申请（受理编号：{}），本机关已于{}依法受理。",
        facts.agency,
        decision_title(facts),
        facts.document_number,
        facts.applicant.name,
        numeric_date(facts.applied),
        facts.matter.name,
        facts.acceptance_number,
        numeric_date(facts.accepted),
    );
    match facts.plan.outcome {
        Outcome::Refused => {
            text.push_str(&prose.some(REFUSAL_GROUNDS, 3).concat());
            text.push_str(&prose.fill("依据《{law}》{article}的规定，决定不予许可。"));
            text.push_str("如不服本决定，可以自收到本决定书之日起六十日内申请行政复议。\n");
        }
        Outcome::Withdrawn => {
            text.push_str(&prose.fill("审查期间，申请人书面撤回申请。依照《{law}》，决定终止审查。\n"));
        }
        _ => {
            text.push_str(
                &prose.fill("经审查，申请材料齐全、符合法定形式，依据《{law}》{article}的规定，决定准予许可。\n"),
            );
            text.push_str(&format!("许可内容：{}。\n", facts.scope));
            if let Some((from, until)) = facts.validity {
                text.push_str(&format!("有效期自{}至{}。\n", numeric_date(from), numeric_date(until)));
            }
            text.push_str(&prose.some(CONDITIONS, 3).concat());
            text.push('\n');
        }
    }
    fill(&mut text, prose, &[5]);
    text.push_str(&format!("{}\n{}\n", facts.agency, chinese_date(facts.decided)));
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn lines_have_the_promised_size_and_their_own_numbers() {
        let (mut codes, mut numbers, mut characters) = (BTreeSet::new(), BTreeSet::new(), 0);
        let count = 400;
        for index in (0..count).map(|n| n * 2_503) {
            let line = case_line(5, index);
            assert!(codes.insert(line.archival_code.unwrap()));
            let number = line.document_number.unwrap();
            assert!(numbers.insert((line.region, number.clone())), "{number}");
            let texts: Vec<String> = line
                .documents
                .into_iter()
                .flat_map(|document| document.pages)
                .map(|page| match page {
                    PageLine::Text(text) => text,
                    PageLine::Read(_) => unreachable!(),
                })
                .collect();
            assert_eq!(texts.len(), 3);
            assert!(texts.iter().all(|text| !text.contains('{')), "{texts:?}");
            assert!(texts[2].contains(&number));
            characters += texts.concat().chars().count();
        }
        let mean = characters / count as usize;
        assert!((1_400..1_600).contains(&mean), "{mean}");
    }

    #[test]
    fn a_short_run_begins_a_long_one() {
        let lines = |count| {
            let mut out = Vec::new();
            write_lines(&mut out, 9, count).unwrap();
            out
        };
        assert!(lines(20).starts_with(&lines(7)));
    }
}
