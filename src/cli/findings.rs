//! `juanzong findings`

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Desk;
use super::failure::Failure;
use super::taking_out::TableArguments;
use super::{JsonArgument, write_json};
use crate::access::{Action, Right};
use crate::analytics::findings::{Parameters, Rule, Severity};
use crate::archive::{
    FindingAnswer, FindingDecisionAnswer, FindingState, FindingsAnswer, FindingsQuery, Labels, ListedCase,
    asked_findings,
};
use crate::export::{ExportOptions, export_findings};
use crate::text_table::Table;

/// What `findings` takes: without a command it lists them.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct FindingsArguments {
    #[command(subcommand)]
    command: Option<FindingsCommand>,
    #[command(flatten)]
    list: ListArguments,
}

#[derive(Debug, Subcommand)]
enum FindingsCommand {
    /// 查看一项发现及其全部案卷 · Show a finding with all of its cases
    Show {
        /// 发现的标识 · Id of the finding
        #[arg(value_name = "FINDING")]
        finding: String,
        #[command(flatten)]
        months: MonthsArgument,
        #[command(flatten)]
        output: JsonArgument,
    },
    /// 认定为误报，须说明理由 · Say that a finding is a false alarm, with a reason
    Dismiss(DecideArguments),
    /// 撤回误报认定 · Take that back
    Reopen(DecideArguments),
    /// 列出全部规则及依据 · List the rules and what they rest on
    Rules {
        #[command(flatten)]
        output: JsonArgument,
    },
}

#[derive(Debug, Args)]
struct MonthsArgument {
    /// “先不予后准予”的间隔月数 · Months within which a grant after a refusal is told
    #[arg(long, value_name = "N", default_value_t = Parameters::default().months,
        value_parser = clap::value_parser!(u32).range(i64::from(*Parameters::MONTHS.start())..=i64::from(*Parameters::MONTHS.end())))]
    months: u32,
}

/// Which findings are listed, and how.
#[derive(Debug, Args)]
struct ListArguments {
    /// 只列此规则，可重复 · Only by this rule; repeatable
    #[arg(long, value_name = "RULE", value_parser = rule)]
    rule: Vec<Rule>,
    /// 只列此严重程度，可重复 · Only of this severity; repeatable
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    severity: Vec<Severity>,
    /// 只列此年度 · Only of this year
    #[arg(long, value_name = "YEAR")]
    year: Option<u32>,
    /// 只列此审批机关，可重复 · Only of this agency; repeatable
    #[arg(long, value_name = "NAME")]
    agency: Vec<String>,
    /// 状态：open、dismissed 或 all · State: open, dismissed or all
    #[arg(long, value_name = "STATE", default_value = "open", value_parser = ["open", "dismissed", "all"])]
    state: String,
    #[command(flatten)]
    months: MonthsArgument,
    /// 第几页 · Page of the answer
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,
    /// 每页条数 · Findings on a page
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    size: u32,
    #[command(flatten)]
    table: TableArguments,
    #[command(flatten)]
    output: JsonArgument,
}

/// What `findings dismiss` and `findings reopen` take.
#[derive(Debug, Args)]
struct DecideArguments {
    /// 发现的标识 · Id of the finding
    #[arg(value_name = "FINDING")]
    finding: String,
    /// 何人 · Who says so
    #[arg(long, value_name = "PERSON")]
    by: String,
    /// 理由 · Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    months: MonthsArgument,
    #[command(flatten)]
    output: JsonArgument,
}

fn rule(code: &str) -> Result<Rule, String> {
    Rule::from_code(code).ok_or_else(|| {
        let codes: Vec<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        format!("没有这种规则 (no such rule; there are: {})", codes.join(", "))
    })
}

fn severity(code: &str) -> Result<Severity, String> {
    let found = Severity::ALL.iter().find(|severity| severity.code() == code);
    found.copied().ok_or_else(|| {
        let codes: Vec<&str> = Severity::ALL.iter().map(|severity| severity.code()).collect();
        format!("没有这种程度 (no such severity; there are: {})", codes.join(", "))
    })
}

impl ListArguments {
    fn query(&self) -> FindingsQuery {
        FindingsQuery {
            rules: self.rule.clone(),
            severities: self.severity.clone(),
            years: self.year.map(|year| (year, year)),
            agencies: self.agency.clone(),
            case_id: None,
            state: FindingState::from_code(&self.state),
            parameters: Parameters {
                months: self.months.months,
            },
        }
    }
}

pub(super) async fn run(desk: &Desk, arguments: &FindingsArguments, out: &mut impl Write) -> Result<(), Failure> {
    let Some(command) = &arguments.command else {
        return list(desk, &arguments.list, out).await;
    };
    match command {
        FindingsCommand::Show {
            finding,
            months,
            output,
        } => show(desk, finding, months.months, output.json, out).await,
        FindingsCommand::Dismiss(arguments) => decide(desk, arguments, true, out).await,
        FindingsCommand::Reopen(arguments) => decide(desk, arguments, false, out).await,
        FindingsCommand::Rules { output } => rules(output.json, out),
    }
}

async fn list(desk: &Desk, arguments: &ListArguments, out: &mut impl Write) -> Result<(), Failure> {
    arguments.table.check()?;
    desk.may(Right::Findings, Action::Findings).await?;
    let query = arguments.query();
    let view = desk.view();
    let offset = u64::from(arguments.page - 1) * u64::from(arguments.size);
    if let Some(format) = arguments.table.format {
        let write = async |format, options: &ExportOptions, out: &mut dyn Write| {
            let selected = view.select_findings(&query, options.labels).await?;
            Ok(export_findings(&view, (&selected, &query), format, options, out).await?)
        };
        let mut details = asked_findings(&query);
        details["of"] = "findings".into();
        return arguments.table.write(desk, format, details, out, write).await;
    }
    let answer = view.findings(&query, (offset, arguments.size), Labels::Chinese).await?;
    let mut details = asked_findings(&query);
    details["total"] = answer.total.into();
    desk.record(Action::Findings, &details, None).await?;
    if arguments.output.json {
        return write_json(out, &answer);
    }
    Ok(write_list(out, &answer)?)
}

async fn show(desk: &Desk, id: &str, months: u32, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    desk.may(Right::Findings, Action::Findings).await?;
    let found = desk
        .view()
        .finding(id, Parameters { months }, (0, usize::MAX), Labels::Chinese)
        .await?;
    let found = found.ok_or(Failure::NoFinding)?;
    let details = json!({"finding": found.id, "rule": found.rule});
    desk.record(Action::Findings, &details, None).await?;
    if json {
        return write_json(out, &found);
    }
    Ok(write_finding(out, &found)?)
}

async fn decide(
    desk: &Desk,
    arguments: &DecideArguments,
    dismissed: bool,
    out: &mut impl Write,
) -> Result<(), Failure> {
    desk.may(Right::Findings, Action::DecideFinding).await?;
    let parameters = Parameters {
        months: arguments.months.months,
    };
    let view = desk.view();
    let found = view
        .finding(&arguments.finding, parameters, (0, 0), Labels::Chinese)
        .await?;
    let found = found.ok_or(Failure::NoFinding)?;
    let details = json!({"finding": found.id, "rule": found.rule, "dismissed": dismissed});
    desk.record(Action::DecideFinding, &details, None).await?;
    let by = (arguments.by.as_str(), arguments.reason.as_str());
    let made = view
        .decide_finding(&arguments.finding, parameters, dismissed, by)
        .await?;
    let made = made.ok_or(Failure::NoFinding)?;
    match arguments.output.json {
        true => write_json(out, &made),
        false => Ok(write_decision(out, &made)?),
    }
}

fn rules(json: bool, out: &mut impl Write) -> Result<(), Failure> {
    if json {
        let rules = Rule::ALL.iter().map(|rule| {
            json!({
                "rule": rule.code(), "label": rule.label_zh(), "label_en": rule.label_en(),
                "severity": rule.severity().code(), "basis": rule.basis_zh(), "basis_en": rule.basis_en(),
            })
        });
        return write_json(out, &rules.collect::<Vec<_>>());
    }
    let mut table = Table::new(&[("规则", 26), ("名称", 26), ("程度", 6), ("依据", 60)]);
    for rule in Rule::ALL {
        table.row(
            [
                rule.code(),
                rule.label_zh(),
                rule.severity().label_zh(),
                rule.basis_zh(),
            ]
            .map(str::to_owned),
        );
    }
    Ok(table.write(out)?)
}

fn write_list(out: &mut impl Write, answer: &FindingsAnswer) -> std::io::Result<()> {
    writeln!(out, "核查 {} 个案卷，发现 {} 项", answer.examined, answer.total)?;
    let counts: Vec<String> = answer
        .rules
        .iter()
        .map(|rule| format!("{} {}", rule.label, rule.count))
        .collect();
    if !counts.is_empty() {
        writeln!(out, "{}", counts.join("；"))?;
    }
    let mut table = Table::new(&[
        ("程度", 6),
        ("发现", 26),
        ("内容", 48),
        ("案卷", 34),
        ("卷数", 4),
        ("标识", 20),
    ]);
    for finding in &answer.findings {
        let first = finding.cases.first();
        table.row([
            finding.severity_label.clone(),
            finding.label.clone(),
            finding.message.clone(),
            first.map(|case| case.archival_code.clone()).unwrap_or_default(),
            finding.case_count.to_string(),
            finding.id.clone(),
        ]);
    }
    table.write(out)
}

fn write_finding(out: &mut impl Write, finding: &FindingAnswer) -> std::io::Result<()> {
    writeln!(
        out,
        "{}（{}）：{}",
        finding.label, finding.severity_label, finding.message
    )?;
    writeln!(out, "依据：{}", finding.basis)?;
    for decision in &finding.decisions {
        write_decision(out, decision)?;
    }
    write_cases(out, &finding.cases)
}

/// Writes cases one under the other.
pub(super) fn write_cases(out: &mut impl Write, cases: &[ListedCase]) -> std::io::Result<()> {
    let mut table = Table::new(&[("档号", 34), ("文号", 26), ("决定日期", 10), ("题名", 48), ("标识", 20)]);
    for case in cases {
        table.row([
            case.archival_code.clone(),
            case.document_number.clone().unwrap_or_default(),
            case.decided_on.clone().unwrap_or_default(),
            case.title.clone().unwrap_or_default(),
            case.case_id.clone(),
        ]);
    }
    table.write(out)
}

fn write_decision(out: &mut impl Write, decision: &FindingDecisionAnswer) -> std::io::Result<()> {
    let what = if decision.dismissed {
        "认定为误报"
    } else {
        "撤回误报认定"
    };
    let applies = if decision.applies {
        ""
    } else {
        "（此后涉及的案卷有变化）"
    };
    writeln!(
        out,
        "{} {} {what}：{}{applies}",
        decision.made_at, decision.author, decision.reason
    )
}
