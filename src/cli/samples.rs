//! `juanzong sample-cases`

use std::io::Write;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::failure::Failure;
use super::findings::write_cases;
use super::search::read_request;
use super::{JsonArgument, write_json};
use crate::access::{Action, Right};
use crate::analytics::sampling::{Plan, Stratum};
use crate::archive::{Labels, SampleAnswer};
use crate::search::SearchRequest;
use crate::text_table::Table;

/// Time to find the population.
const SEARCH_TIME: Duration = Duration::from_secs(600);

/// What `sample-cases` takes.
#[derive(Debug, Args)]
pub(super) struct SampleArguments {
    /// 只从检索到的案卷中抽取 · Only from the cases that match
    #[arg(allow_hyphen_values = true)]
    query: Option<String>,
    /// 按分面筛选，可重复 · Filter by a facet; repeatable
    #[arg(long, value_name = "FACET=VALUE")]
    filter: Vec<String>,
    /// 分层依据，以逗号分隔，如 year,agency · Strata, separated by commas
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_parser = stratum)]
    by: Vec<Stratum>,
    /// 样本量 · Cases
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    size: u32,
    /// 种子：同一种子抽出同一样本 · Seed: the same seed draws the same sample
    #[arg(long, value_name = "N")]
    seed: u64,
    #[command(flatten)]
    output: JsonArgument,
}

fn stratum(code: &str) -> Result<Stratum, String> {
    let found = Stratum::ALL.iter().find(|stratum| stratum.code() == code);
    found.copied().ok_or_else(|| {
        let codes: Vec<&str> = Stratum::ALL.iter().map(|stratum| stratum.code()).collect();
        format!("不能按此分层 (there are: {})", codes.join(", "))
    })
}

impl SampleArguments {
    /// The search that finds the population; `None` for all cases.
    pub(super) fn request(&self) -> Result<Option<SearchRequest>, Failure> {
        if self.query.is_none() && self.filter.is_empty() {
            return Ok(None);
        }
        let query = self.query.as_deref().unwrap_or_default();
        read_request(query, &self.filter, &[]).map(Some)
    }
}

pub(super) async fn run(
    desk: &Desk,
    request: Option<SearchRequest>,
    arguments: &SampleArguments,
    out: &mut impl Write,
) -> Result<(), Failure> {
    desk.may(Right::Findings, Action::Sample).await?;
    let view = desk.view();
    let found = match request {
        Some(request) => Some(view.all_matches(request, Instant::now() + SEARCH_TIME).await?),
        None => None,
    };
    let plan = Plan {
        by: arguments.by.clone(),
        size: arguments.size as usize,
        seed: arguments.seed,
    };
    let details = json!({
        "seed": plan.seed, "size": plan.size,
        "by": plan.by.iter().map(|stratum| stratum.code()).collect::<Vec<_>>(),
    });
    let answer = view.sample(plan, found.as_ref(), Labels::Chinese).await?;
    desk.record(Action::Sample, &details, None).await?;
    match arguments.output.json {
        true => write_json(out, &answer),
        false => Ok(write_sample(out, &answer)?),
    }
}

fn write_sample(out: &mut impl Write, answer: &SampleAnswer) -> std::io::Result<()> {
    writeln!(out, "总体 {} 卷（目录库序号 {}）", answer.population, answer.sequence)?;
    writeln!(out, "总体清单 SHA-256 {}", answer.population_hash)?;
    writeln!(out, "样本 {} 卷，种子 {}", answer.cases.len(), answer.seed)?;
    writeln!(out, "样本清单 SHA-256 {}", answer.hash)?;
    writeln!(out, "方法：{}", answer.method)?;
    if !answer.by.is_empty() {
        let mut table = Table::new(&[("分层", 48), ("总体", 9), ("样本", 6)]);
        for stratum in &answer.strata {
            table.row([
                stratum.values.join(" "),
                stratum.population.to_string(),
                stratum.sampled.to_string(),
            ]);
        }
        table.write(out)?;
    }
    write_cases(out, &answer.cases)
}
