//! `juanzong review`

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::correct::{Signature, make};
use super::desk::Desk;
use super::failure::Failure;
use super::{JsonArgument, write_json};
use crate::access::{Action, Right};
use crate::archive::{Labels, ReviewPlace, ReviewsAnswer};
use crate::catalogue::{Change, ReviewFilter};
use crate::review::ReviewReason;
use crate::text_table::Table;

/// What `review list` takes.
#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// 只列此原因，可重复 · Only this reason; repeatable
    #[arg(long, value_name = "REASON", value_parser = reason)]
    reason: Vec<ReviewReason>,
    /// 只列此年度 · Only this year
    #[arg(long, value_name = "YEAR")]
    year: Option<u32>,
    /// 只列此审批机关 · Only this agency
    #[arg(long, value_name = "NAME")]
    agency: Option<String>,
    /// 第几页 · Page of the answer
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,
    /// 每页条数 · Things on a page
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    size: u32,
    #[command(flatten)]
    output: JsonArgument,
}

/// What `review checked` takes.
#[derive(Debug, Args)]
pub(super) struct CheckedArguments {
    /// 案卷标识或档号 · Id or archival code of the case
    #[arg(value_name = "ID|ARCHIVAL_CODE")]
    case: String,
    /// 复核项的标识 · Key of the thing, as `review list` shows it
    #[arg(value_name = "REVIEW")]
    review: String,
    #[command(flatten)]
    by: Signature,
    #[command(flatten)]
    output: JsonArgument,
}

fn reason(code: &str) -> Result<ReviewReason, String> {
    ReviewReason::from_code(code).ok_or_else(|| {
        let codes: Vec<&str> = ReviewReason::ALL.iter().map(|reason| reason.code()).collect();
        format!("没有这种原因 (no such reason; there are: {})", codes.join(", "))
    })
}

pub(super) async fn list(desk: &Desk, arguments: &ListArguments, out: &mut impl Write) -> Result<(), Failure> {
    let filter = ReviewFilter {
        reasons: arguments.reason.clone(),
        year: arguments.year,
        agency: arguments.agency.clone(),
        case_key: None,
    };
    let offset = u64::from(arguments.page - 1) * u64::from(arguments.size);
    desk.may(Right::Review, Action::Review).await?;
    let answer = desk
        .view()
        .reviews(&filter, offset, arguments.size, Labels::Chinese)
        .await?;
    let details = json!({"total": answer.total, "page": arguments.page});
    desk.record(Action::Review, &details, None).await?;
    if arguments.output.json {
        return write_json(out, &answer);
    }
    Ok(write_list(out, &answer)?)
}

pub(super) async fn checked(desk: &Desk, arguments: &CheckedArguments, out: &mut impl Write) -> Result<(), Failure> {
    let change = Change::Checked {
        review: arguments.review.clone(),
    };
    make(desk, &arguments.case, change, &arguments.by, arguments.output.json, out).await
}

fn write_list(out: &mut impl Write, answer: &ReviewsAnswer) -> std::io::Result<()> {
    writeln!(out, "共 {} 项", answer.total)?;
    let mut table = Table::new(&[
        ("分值", 4),
        ("档号", 34),
        ("原因", 36),
        ("著录项", 12),
        ("何处", 24),
        ("标识", 20),
    ]);
    for review in &answer.reviews {
        table.row([
            format!("{:.1}", review.score),
            review.archival_code.clone(),
            review.message.clone(),
            review.field_label.clone().unwrap_or_default(),
            review.evidence.first().map(place).unwrap_or_default(),
            review.review.clone(),
        ]);
    }
    table.write(out)
}

fn place(place: &ReviewPlace) -> String {
    match place.page {
        Some(page) => format!("材料 {} 第 {page} 页", place.document),
        None => format!("材料 {}", place.document),
    }
}
