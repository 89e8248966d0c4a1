//! `juanzong result-set`

use std::io::Write;
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Desk;
use super::failure::Failure;
use super::search::pairs;
use super::{JsonArgument, write_json};
use crate::access::{Action, Right};
use crate::archive::{ComparisonAnswer, Labels, ResultSetAnswer, asked};
use crate::search::SearchRequest;
use crate::text_table::Table;

/// Time to search.
const SEARCH_TIME: Duration = Duration::from_secs(600);

#[derive(Debug, Subcommand)]
pub(super) enum ResultSetCommand {
    /// 保存一次检索的结果清单 · Keep what a search finds now
    Save(SaveArguments),
    /// 列出保存的结果集 · List what was kept
    List {
        #[command(flatten)]
        output: JsonArgument,
    },
    /// 重新检索，列出增减、变化及原因 · Search again: what came, went and changed, and why
    Compare {
        /// 结果集标识 · Id of the kept result
        #[arg(value_name = "SET")]
        set: String,
        /// 最多列出几项 · Most differences that are listed
        #[arg(long, value_name = "N", default_value_t = 100)]
        size: usize,
        #[command(flatten)]
        output: JsonArgument,
    },
}

/// What `result-set save` takes.
#[derive(Debug, Args)]
pub(super) struct SaveArguments {
    /// 名称 · Name
    #[arg(value_name = "NAME")]
    name: String,
    /// 检索式 · What to search for
    #[arg(allow_hyphen_values = true, default_value = "")]
    query: String,
    /// 按分面筛选，可重复 · Filter by a facet; repeatable
    #[arg(long, value_name = "FACET=VALUE")]
    filter: Vec<String>,
    /// 决定日期不早于 · Decided on this date or later
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// 决定日期不晚于 · Decided on this date or earlier
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    #[command(flatten)]
    output: JsonArgument,
}

pub(super) async fn run(desk: &Desk, command: &ResultSetCommand, out: &mut impl Write) -> Result<(), Failure> {
    desk.may(Right::Search, Action::ResultSet).await?;
    match command {
        ResultSetCommand::Save(arguments) => save(desk, arguments, out).await,
        ResultSetCommand::List { output } => {
            let listed = desk.view().kept_results(&desk.owner()).await?;
            let details = json!({"listed": listed.result_sets.len()});
            desk.record(Action::ResultSet, &details, None).await?;
            match output.json {
                true => write_json(out, &listed),
                false => Ok(write_list(out, &listed.result_sets)?),
            }
        }
        ResultSetCommand::Compare { set, size, output } => {
            let deadline = Instant::now() + SEARCH_TIME;
            let compared = desk
                .view()
                .compare_result(&desk.owner(), set, (0, *size), Labels::Chinese, deadline)
                .await?;
            let compared = compared.ok_or(Failure::NoResultSet)?;
            let details = json!({"compared": set, "total": compared.total});
            desk.record(Action::ResultSet, &details, None).await?;
            match output.json {
                true => write_json(out, &compared),
                false => Ok(write_comparison(out, &compared)?),
            }
        }
    }
}

async fn save(desk: &Desk, arguments: &SaveArguments, out: &mut impl Write) -> Result<(), Failure> {
    let dates = [("from", &arguments.from), ("to", &arguments.to)];
    let parameters = pairs(&arguments.query, &arguments.filter, &dates)?;
    let parameters: Vec<(String, String)> = parameters
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut details = asked(&SearchRequest::from_pairs(parameters.clone())?);
    details["kept"] = true.into();
    desk.record(Action::ResultSet, &details, None).await?;
    let deadline = Instant::now() + SEARCH_TIME;
    let kept = desk
        .view()
        .keep_result(&desk.owner(), &arguments.name, parameters, deadline)
        .await?;
    match arguments.output.json {
        true => write_json(out, &kept),
        false => Ok(write_list(out, &[kept])?),
    }
}

fn write_list(out: &mut impl Write, sets: &[ResultSetAnswer]) -> std::io::Result<()> {
    let mut table = Table::new(&[
        ("标识", 20),
        ("名称", 30),
        ("案卷", 9),
        ("保存时间", 20),
        ("清单 SHA-256", 64),
    ]);
    for set in sets {
        table.row([
            set.id.clone(),
            set.name.clone(),
            set.count.to_string(),
            set.made_at.chars().take(19).collect(),
            set.hash.clone(),
        ]);
    }
    table.write(out)
}

fn write_comparison(out: &mut impl Write, compared: &ComparisonAnswer) -> std::io::Result<()> {
    let kept = &compared.kept;
    writeln!(
        out,
        "{}：保存时 {} 卷，现在 {} 卷；{}",
        kept.name,
        kept.count,
        compared.count,
        if kept.hash == compared.hash {
            "清单相同"
        } else {
            "清单不同"
        }
    )?;
    writeln!(
        out,
        "索引 {} → {}，序号 {} → {}",
        kept.generation, compared.generation, kept.sequence, compared.sequence
    )?;
    for count in &compared.counts {
        writeln!(
            out,
            "{}（{}）{} 卷",
            count.difference_label, count.cause_label, count.count
        )?;
    }
    let mut table = Table::new(&[("差异", 8), ("原因", 12), ("档号", 34), ("题名", 48), ("标识", 20)]);
    for difference in &compared.differences {
        let case = difference.case.as_ref();
        table.row([
            difference.difference.clone(),
            difference.cause.clone(),
            case.map(|case| case.archival_code.clone()).unwrap_or_default(),
            case.and_then(|case| case.title.clone()).unwrap_or_default(),
            difference.case_id.clone().unwrap_or_default(),
        ]);
    }
    table.write(out)
}
