//! `juanzong stats`

use std::io::Write;
use std::time::Instant;

use clap::Args;

use super::desk::Desk;
use super::failure::Failure;
use super::search::{SEARCH_TIME, pairs};
use super::taking_out::TableArguments;
use super::{JsonArgument, write_json};
use crate::access::{Action, Right};
use crate::archive::{Labels, asked_statistics};
use crate::export::{ExportOptions, export_statistics};
use crate::search::statistics::{CellAnswer, FigureAnswer, MeasureAnswer, StatisticsRequest, StatisticsResponse};
use crate::text_table::{Table, one_line};

#[derive(Debug, Args)]
pub(super) struct StatisticsArguments {
    /// 检索式；省略则统计全部案卷 · What to count; without it all cases
    #[arg(allow_hyphen_values = true, default_value = "")]
    query: String,
    /// 按何分组，至多两个，以逗号分隔：`year`、`quarter`、`month`、`agency`、`office`（沿革合并）、`province`、`city`、`county`、`matter`、`category`、`outcome`、`applicant_kind`、`ocr_quality`、`retention`、`time_limit` · Group by, at most two
    #[arg(long, value_name = "DIMENSIONS")]
    by: Option<String>,
    /// 指标，以逗号分隔，或 `all`：`cases`、`pages`、`refusal_rate`、`median_days`、`p90_days`、`within_limit`、`within_promise`、`not_computable`、`confidence`、`high_quality`、`complete` · Figures
    #[arg(long, value_name = "MEASURES")]
    measures: Option<String>,
    /// 按分面筛选，可重复 · Filter by a facet; repeatable
    #[arg(long, value_name = "FACET=VALUE")]
    filter: Vec<String>,
    /// 决定日期不早于 · Decided on this date or later
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// 决定日期不晚于 · Decided on this date or earlier
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// 对比时段的起始日期 · First date of a period to compare with
    #[arg(long, value_name = "DATE")]
    compare_from: Option<String>,
    /// 对比时段的截止日期 · Last date of that period
    #[arg(long, value_name = "DATE")]
    compare_to: Option<String>,
    #[command(flatten)]
    table: TableArguments,
    #[command(flatten)]
    output: JsonArgument,
}

impl StatisticsArguments {
    /// Reads the arguments as the API reads its parameters.
    pub(super) fn request(&self) -> Result<StatisticsRequest, Failure> {
        self.table.check()?;
        let others = [
            ("by", &self.by),
            ("measures", &self.measures),
            ("from", &self.from),
            ("to", &self.to),
            ("compare_from", &self.compare_from),
            ("compare_to", &self.compare_to),
        ];
        let pairs = pairs(&self.query, &self.filter, &others)?;
        Ok(StatisticsRequest::from_pairs(pairs)?)
    }
}

pub(super) async fn run(
    desk: &Desk,
    request: StatisticsRequest,
    arguments: &StatisticsArguments,
    out: &mut impl Write,
) -> Result<(), Failure> {
    desk.may(Right::Statistics, Action::Statistics).await?;
    let mut details = asked_statistics(&request);
    let (view, search) = (desk.view(), request.search().clone());
    let mut answer = view.statistics(request, Instant::now() + SEARCH_TIME).await?;
    details["total"] = answer.total.into();
    desk.record(Action::Statistics, &details, None).await?;
    if let Some(format) = arguments.table.format {
        details["of"] = "statistics".into();
        let write = async |format, options: &ExportOptions, out: &mut dyn Write| {
            if options.labels == Labels::English {
                answer.label_in_english();
            }
            let criteria = view.criteria(&search, &answer.understood);
            Ok(export_statistics(&view, (&answer, &criteria), format, options, out)?)
        };
        return arguments.table.write(desk, format, details, out, write).await;
    }
    match arguments.output.json {
        true => write_json(out, &answer),
        false => Ok(write_answer(out, &answer)?),
    }
}

fn write_answer(out: &mut impl Write, answer: &StatisticsResponse) -> std::io::Result<()> {
    writeln!(out, "共 {} 件，用时 {} 毫秒", answer.total, answer.took_ms)?;
    if !answer.understood.is_empty() {
        writeln!(out, "检索：{}", one_line(&answer.understood))?;
    }
    for (number, period) in answer.periods.iter().enumerate() {
        if answer.periods.len() > 1 {
            let day = |date: Option<crate::record::CivilDate>| date.map_or("…".to_owned(), |date| date.to_string());
            let name = if number == 0 { "时段" } else { "对比时段" };
            writeln!(out, "\n{name}：{} 至 {}", day(period.from), day(period.to))?;
        }
        let mut columns: Vec<(&str, usize)> = answer.dimensions.iter().map(|d| (d.label.as_str(), 30)).collect();
        columns.extend(answer.measures.iter().map(|measure| (measure.label.as_str(), 20)));
        let mut table = Table::new(&columns);
        for cell in &period.cells {
            table.row(row(answer, cell));
        }
        if !answer.dimensions.is_empty() {
            let mut whole = vec![String::new(); answer.dimensions.len()];
            whole[0] = "合计".to_owned();
            whole.extend(figures(answer, &period.whole));
            table.row(whole);
        }
        writeln!(out)?;
        table.write(out)?;
    }
    Ok(())
}

fn row(answer: &StatisticsResponse, cell: &CellAnswer) -> Vec<String> {
    let values = answer.dimensions.iter().zip(&cell.values);
    let mut row: Vec<String> = values
        .map(|(dimension, value)| {
            let known = dimension.values.iter().find(|known| known.value == *value);
            known.map_or_else(String::new, |known| known.label.clone())
        })
        .collect();
    row.extend(figures(answer, cell));
    row
}

fn figures<'a>(answer: &'a StatisticsResponse, cell: &'a CellAnswer) -> impl Iterator<Item = String> + 'a {
    let measures = answer.measures.iter();
    measures.map(|measure| shown(measure, cell.figures.get(&measure.code)))
}

/// A figure as people read it; shares in per cent with what they were made of.
fn shown(measure: &MeasureAnswer, figure: Option<&FigureAnswer>) -> String {
    let Some(value) = figure.and_then(|figure| figure.value) else {
        return "—".to_owned();
    };
    match (
        measure.unit.as_str(),
        figure.and_then(|figure| figure.part.zip(figure.of)),
    ) {
        ("share", Some((part, of))) => format!("{:.1}%（{part}/{of}）", value * 100.0),
        ("confidence", _) => format!("{:.1}%", value * 100.0),
        ("working_days", _) => format!("{value} 天"),
        _ => value.to_string(),
    }
}
