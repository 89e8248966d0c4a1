//! `juanzong case`

use std::io::Write;

use serde_json::json;

use super::desk::Desk;
use super::failure::Failure;
use super::write_json;
use crate::access::{Action, Right};
use crate::archive::{CaseAnswer, Labels};
use crate::record::{FactSource, FieldName};
use crate::text_table::{Table, one_line};

pub(super) async fn show(desk: &Desk, name: &str, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    desk.may(Right::ReadCases, Action::ViewCase).await?;
    let id = desk.case(name).await?.case_id;
    let answer = desk.view().case(&id, Labels::Chinese).await?.ok_or(Failure::NoCase)?;
    desk.record(Action::ViewCase, &json!({}), Some(&id)).await?;
    if json {
        return write_json(out, &answer);
    }
    Ok(write_case(out, &answer)?)
}

fn write_case(out: &mut impl Write, case: &CaseAnswer) -> std::io::Result<()> {
    let mut fields = Table::new(&[("项目", 12), ("内容", 80)]);
    fields.row(["标识".to_owned(), case.case_id.clone()]);
    fields.row(["档号".to_owned(), case.archival_code.clone()]);
    for (name, value) in fields_of(case) {
        if let Some(value) = value {
            let label = case.labels.get(name.code());
            fields.row([name.label_zh().to_owned(), label.unwrap_or(value).clone()]);
        }
    }
    fields.write(out)?;

    writeln!(out)?;
    let mut documents = Table::new(&[
        ("件", 4),
        ("文种", 14),
        ("材料名称", 40),
        ("页", 9),
        ("版本", 4),
        ("未读原因", 24),
    ]);
    for document in &case.documents {
        let last = document
            .first_page
            .saturating_add(document.page_count)
            .saturating_sub(1);
        let pages = match document.page_count {
            0 => "无".to_owned(),
            1 => document.first_page.to_string(),
            _ => format!("{}–{last}", document.first_page),
        };
        documents.row([
            document.document.to_string(),
            document.kind_label.clone(),
            document.title.clone(),
            pages,
            document.version.to_string(),
            document.failure.clone().unwrap_or_default(),
        ]);
    }
    documents.write(out)?;

    writeln!(out)?;
    let mut stages = Table::new(&[("环节", 12), ("情况", 10), ("日期", 12), ("材料", 24)]);
    for stage in &case.stages {
        let documents: Vec<String> = stage.documents.iter().map(ToString::to_string).collect();
        stages.row([
            if stage.required {
                stage.label.clone()
            } else {
                format!("{}（非必经）", stage.label)
            },
            stage.state_label.clone(),
            stage.date.clone().unwrap_or_default(),
            documents.join("、"),
        ]);
    }
    stages.write(out)?;

    if let Some(contents) = &case.contents {
        writeln!(out)?;
        match contents.differences.len() {
            0 => writeln!(out, "卷内目录 {} 项，与材料相符", contents.entries.len())?,
            count => writeln!(out, "卷内目录 {} 项，{count} 处不符", contents.entries.len())?,
        }
        for difference in &contents.differences {
            let entry = difference.entry.map(|entry| format!("目录第 {entry} 项"));
            let document = difference.document.map(|document| format!("材料 {document}"));
            let numbers = difference.declared.zip(difference.found);
            let numbers = numbers.map(|(declared, found)| format!("目录 {declared}，实有 {found}"));
            let place: Vec<String> = [entry, document, numbers].into_iter().flatten().collect();
            writeln!(out, "  {}（{}）", difference.label, place.join("，"))?;
        }
    }

    writeln!(out)?;
    writeln!(out, "来源")?;
    for fact in &case.facts {
        let field = FieldName::from_code(&fact.field).map_or(fact.field.as_str(), |name| name.label_zh());
        let source = match FactSource::from_code(&fact.source) {
            Some(FactSource::Correction) => "更正",
            Some(FactSource::Catalogue) => "目录",
            Some(FactSource::Extraction) => "识别",
            None => fact.source.as_str(),
        };
        let place = match (fact.document, fact.page) {
            (Some(document), Some(page)) => format!("，材料 {document} 第 {page} 页"),
            _ => String::new(),
        };
        writeln!(out, "  {field}：{}（{source}{place}）", one_line(&fact.value))?;
    }
    Ok(())
}

fn fields_of(case: &CaseAnswer) -> [(FieldName, Option<&String>); 18] {
    [
        (FieldName::Title, case.title.as_ref()),
        (FieldName::Agency, case.agency.as_ref()),
        (FieldName::Region, case.region.as_ref()),
        (FieldName::Matter, case.matter.as_ref()),
        (FieldName::DocumentNumber, case.document_number.as_ref()),
        (FieldName::AcceptanceNumber, case.acceptance_number.as_ref()),
        (FieldName::Outcome, case.outcome.as_ref()),
        (FieldName::Retention, case.retention.as_ref()),
        (FieldName::SecurityClass, case.security_class.as_ref()),
        (FieldName::AppliedOn, case.applied_on.as_ref()),
        (FieldName::AcceptedOn, case.accepted_on.as_ref()),
        (FieldName::DecidedOn, case.decided_on.as_ref()),
        (FieldName::ServedOn, case.served_on.as_ref()),
        (FieldName::ValidFrom, case.valid_from.as_ref()),
        (FieldName::ValidUntil, case.valid_until.as_ref()),
        (FieldName::ApplicantName, case.applicant.name.as_ref()),
        (FieldName::ApplicantKind, case.applicant.kind.as_ref()),
        (FieldName::ApplicantIdNumber, case.applicant.id_number.as_ref()),
    ]
}
