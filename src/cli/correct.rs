//! `juanzong case correct`, `corrections`, `undo`

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::failure::Failure;
use super::{JsonArgument, write_json};
use crate::access::{Action, Right};
use crate::archive::{CorrectionAnswer, CorrectionsAnswer, Labels};
use crate::catalogue::{Change, NewCorrection};
use crate::record::FieldName;
use crate::text_table::{Table, one_line};

/// What `case correct` takes: a field, or a line.
#[derive(Debug, Args)]
pub(super) struct CorrectArguments {
    /// 案卷标识或档号 · Id or archival code of the case
    #[arg(value_name = "ID|ARCHIVAL_CODE")]
    case: String,
    /// 著录项的代码或名称，例如 `decided_on`、决定日期 · Code or name of the field
    #[arg(long, value_name = "FIELD", value_parser = field, required_unless_present = "line",
        conflicts_with_all = ["line", "document", "page"])]
    field: Option<FieldName>,
    /// 材料序号，从 1 起 · Position of the document
    #[arg(long, value_name = "D", requires = "line")]
    document: Option<u32>,
    /// 页码（文件中的页） · Page of the document's file
    #[arg(long, value_name = "P", requires = "line")]
    page: Option<u32>,
    /// 行号，从 0 起 · Index of the line on the page
    #[arg(long, value_name = "N", requires_all = ["document", "page"])]
    line: Option<u32>,
    /// 正确的值 · The right value
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    value: String,
    /// 更正前所见的值；已被改动则拒绝 · What stood there; refused when it has changed
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    old: Option<String>,
    #[command(flatten)]
    by: Signature,
    #[command(flatten)]
    output: JsonArgument,
}

/// What `case undo` takes.
#[derive(Debug, Args)]
pub(super) struct UndoArguments {
    /// 案卷标识或档号 · Id or archival code of the case
    #[arg(value_name = "ID|ARCHIVAL_CODE")]
    case: String,
    /// 更正的序号 · Number of the correction
    #[arg(value_name = "N")]
    number: u32,
    #[command(flatten)]
    by: Signature,
    #[command(flatten)]
    output: JsonArgument,
}

/// Who does it, and why.
#[derive(Clone, Debug, Args)]
pub(super) struct Signature {
    /// 更正人 · Who does it
    #[arg(long, value_name = "AUTHOR")]
    pub(super) author: String,
    /// 理由 · Why
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(super) reason: Option<String>,
}

fn field(name: &str) -> Result<FieldName, String> {
    let by_label = |field: &&FieldName| field.label_zh() == name;
    FieldName::from_code(name)
        .or_else(|| FieldName::ALL.iter().find(by_label).copied())
        .ok_or_else(|| {
            let codes: Vec<&str> = FieldName::ALL.iter().map(|field| field.code()).collect();
            format!("没有这个著录项 (no such field; there are: {})", codes.join(", "))
        })
}

pub(super) async fn correct(desk: &Desk, arguments: &CorrectArguments, out: &mut impl Write) -> Result<(), Failure> {
    let (value, old) = (arguments.value.clone(), arguments.old.clone());
    let change = match (arguments.field, arguments.document, arguments.page, arguments.line) {
        (Some(field), ..) => Change::Field { field, value, old },
        (None, Some(document), Some(page), Some(line)) => Change::Line {
            document,
            page,
            line,
            value,
            old,
        },
        // The command line does not let this through.
        (None, ..) => return Err(Failure::NoCase),
    };
    make(desk, &arguments.case, change, &arguments.by, arguments.output.json, out).await
}

/// Makes a correction and says so.
pub(super) async fn make(
    desk: &Desk,
    case: &str,
    change: Change,
    by: &Signature,
    json: bool,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let new = NewCorrection {
        change,
        author: by.author.clone(),
        reason: by.reason.clone(),
    };
    desk.may(Right::Correct, Action::Correct).await?;
    let id = desk.case(case).await?.case_id;
    // Before it is made: what cannot be written down must not happen.
    let details = json!({"author": new.author});
    desk.record(Action::Correct, &details, Some(&id)).await?;
    let made = desk
        .view()
        .correct(&id, &new, Labels::Chinese)
        .await?
        .ok_or(Failure::NoCase)?;
    if json {
        return write_json(out, &made);
    }
    Ok(writeln!(
        out,
        "已更正，序号 {} (corrected, number {})",
        made.number, made.number
    )?)
}

pub(super) async fn undo(desk: &Desk, arguments: &UndoArguments, out: &mut impl Write) -> Result<(), Failure> {
    desk.may(Right::Correct, Action::Undo).await?;
    let id = desk.case(&arguments.case).await?.case_id;
    let details = json!({"author": arguments.by.author, "correction": arguments.number});
    desk.record(Action::Undo, &details, Some(&id)).await?;
    let by = (arguments.by.author.as_str(), arguments.by.reason.as_deref());
    let undone = desk
        .view()
        .undo_correction(&id, arguments.number, by, Labels::Chinese)
        .await?;
    let undone = undone.ok_or(Failure::NoCase)?;
    if arguments.output.json {
        return write_json(out, &undone);
    }
    Ok(writeln!(out, "已撤销更正 {} (undone)", undone.number)?)
}

pub(super) async fn list(desk: &Desk, case: &str, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    desk.may(Right::ReadCases, Action::ViewCorrections).await?;
    let id = desk.case(case).await?.case_id;
    desk.record(Action::ViewCorrections, &json!({}), Some(&id)).await?;
    let answer = desk
        .view()
        .corrections(&id, Labels::Chinese)
        .await?
        .ok_or(Failure::NoCase)?;
    if json {
        return write_json(out, &answer);
    }
    Ok(write_list(out, &answer)?)
}

fn write_list(out: &mut impl Write, answer: &CorrectionsAnswer) -> std::io::Result<()> {
    let mut table = Table::new(&[
        ("序号", 4),
        ("何处", 24),
        ("原为", 30),
        ("更正为", 30),
        ("更正人", 12),
        ("时间", 20),
    ]);
    for correction in &answer.corrections {
        table.row([
            correction.number.to_string(),
            place(correction),
            correction.old.clone().unwrap_or_default(),
            correction.value.clone().unwrap_or_else(|| "已核对，照旧".to_owned()),
            correction.author.clone(),
            correction.made_at.clone(),
        ]);
        if let Some(reason) = &correction.reason {
            table.note(format!("理由：{}", one_line(reason)));
        }
        if correction.placed == Some(false) {
            table.note("原位置已找不到，文字附于该页之后".to_owned());
        }
        if let Some(undo) = &correction.undone {
            let reason = undo
                .reason
                .as_deref()
                .map(|reason| format!("，理由：{}", one_line(reason)));
            let (author, reason) = (one_line(&undo.author), reason.unwrap_or_default());
            table.note(format!("已由 {author} 于 {} 撤销{reason}", undo.undone_at));
        }
    }
    table.write(out)
}

fn place(correction: &CorrectionAnswer) -> String {
    match (&correction.field_label, correction.document, correction.page) {
        (Some(label), ..) => label.clone(),
        (None, Some(document), Some(page)) => format!("材料 {document} 第 {page} 页"),
        _ if correction.kind == "line" => "文字行".to_owned(),
        _ => String::new(),
    }
}
