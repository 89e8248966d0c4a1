//! A case as a line for `import`.

use juanzong::record::{ApplicantKind, ApplicantLine, CaseLine, DocumentKind, DocumentLine, Outcome, PageLine};

use super::super::facts::{chinese_date, numeric_date};
use super::{AuditedArchive, AuditedCase, Office};

pub(super) fn line(archive: &AuditedArchive, at: usize) -> CaseLine {
    let case = &archive.cases[at];
    let office = &archive.offices[case.office];
    let date = |date: juanzong::record::CivilDate| date.to_string();
    CaseLine {
        archival_code: Some(format!(
            "{}-XK·{}-{}-{:04}",
            office.fonds, case.year, office.letters, case.piece
        )),
        title: Some(format!("{}{}卷", case.party.name, case.subject.name)),
        agency: Some(office.name.clone()),
        region: Some(office.county.code.to_owned()),
        matter: Some(case.subject.name.to_owned()),
        document_number: Some(number(case, office)),
        acceptance_number: Some(format!("{}{}{:05}", case.year, office.fonds, case.piece)),
        outcome: Some(case.outcome.code().to_owned()),
        retention: Some(case.retention.code().to_owned()),
        security_class: Some("public".to_owned()),
        applied_on: Some(date(case.applied)),
        accepted_on: case.accepted.map(date),
        decided_on: Some(date(case.decided)),
        served_on: case.served.map(date),
        valid_from: case.valid_until.map(|_| date(case.decided)),
        valid_until: case.valid_until.map(date),
        applicant: Some(ApplicantLine {
            name: Some(case.party.name.clone()),
            kind: Some(case.party.kind.code().to_owned()),
            id_number: Some(case.party.id_number.clone()),
        }),
        documents: case.papers.iter().map(|kind| paper(archive, at, *kind)).collect(),
        ..CaseLine::default()
    }
}

fn number(case: &AuditedCase, office: &Office) -> String {
    format!("{}〔{}〕{}号", office.word, case.year, case.serial)
}

fn paper(archive: &AuditedArchive, at: usize, kind: DocumentKind) -> DocumentLine {
    let case = &archive.cases[at];
    let office = &archive.offices[case.office];
    let (party, matter) = (&case.party, case.subject.name);
    let id_label = match party.kind {
        ApplicantKind::Person => "身份证号码",
        _ => "统一社会信用代码",
    };
    let (title, text) = match kind {
        DocumentKind::Application => (
            "行政许可申请书",
            format!(
                "申请人：{}\n{id_label}：{}\n申请事项：{matter}\n申请日期：{}",
                party.name,
                party.id_number,
                numeric_date(case.applied)
            ),
        ),
        DocumentKind::AcceptanceNotice => (
            "受理通知书",
            format!(
                "{}：\n你单位提出的{matter}申请，经审查予以受理。\n{}\n{}",
                party.name,
                office.name,
                case.accepted.map(numeric_date).unwrap_or_default()
            ),
        ),
        DocumentKind::Review => {
            let of = &archive.cases[case.report_of.unwrap_or(at)];
            (
                "现场审查报告",
                format!(
                    "受理后，审查人员对{}{}所报材料逐项核对，并现场查看。档案{}第{}件。",
                    of.party.name, of.subject.name, of.year, of.piece
                ),
            )
        }
        DocumentKind::Decision => (
            decision_title(case.said),
            format!(
                "{}\n{}：\n{}\n{}\n{}",
                number(case, office),
                party.name,
                decision_text(case.said, matter),
                office.name,
                chinese_date(case.decided)
            ),
        ),
        DocumentKind::Licence => (
            "许可证正本",
            format!(
                "证号：{}{}{:06}\n许可项目：{matter}\n持证人：{}\n有效期至：{}",
                office.letters,
                case.year,
                case.piece,
                party.name,
                case.valid_until.map_or("长期".to_owned(), numeric_date)
            ),
        ),
        _ => (
            "送达回证",
            format!(
                "受送达人：{}\n送达文书：{}\n送达日期：{}",
                party.name,
                number(case, office),
                case.served.map(numeric_date).unwrap_or_default()
            ),
        ),
    };
    DocumentLine {
        title: Some(title.to_owned()),
        kind: Some(kind.code().to_owned()),
        pages: vec![PageLine::Text(format!("{title}\n{text}"))],
        ..DocumentLine::default()
    }
}

fn decision_title(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refused => "不予行政许可决定书",
        Outcome::Renewed => "准予延续行政许可决定书",
        Outcome::Changed => "准予变更行政许可决定书",
        _ => "准予行政许可决定书",
    }
}

fn decision_text(outcome: Outcome, matter: &str) -> String {
    match outcome {
        Outcome::Refused => format!("经审查，你单位的{matter}申请不符合法定条件，本机关决定不予行政许可。"),
        Outcome::Renewed => format!("经审查，你单位的{matter}申请符合法定条件，本机关决定准予延续。"),
        Outcome::Changed => format!("经审查，你单位的{matter}申请符合法定条件，本机关决定准予变更。"),
        _ => format!("经审查，你单位的{matter}申请符合法定条件，本机关决定准予行政许可。"),
    }
}
