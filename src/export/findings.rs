//! Findings as a table.

use std::io::Write;

use super::provenance::About;
use super::table::{Cell, Heading, Note, TableFormat, TableWriter};
use super::{Error, ExportOptions};
use crate::analytics::findings::{Rule, Severity};
use crate::archive::{FindingAnswer, FindingState, FindingsQuery, SelectedFindings, View};
use crate::record::Outcome;
use crate::search::Criteria;

/// Findings that are read at a time.
const AT_A_TIME: usize = 200;
/// Cases that are named of a finding.
const CASES: usize = 100;

/// Writes a row for each of the selected findings, the gravest first; returns how many there were.
///
/// # Errors
/// When catalogue or output fail. The output is not complete then.
pub async fn export_findings(
    view: &View,
    (selected, query): (&SelectedFindings, &FindingsQuery),
    format: TableFormat,
    options: &ExportOptions,
    out: impl Write,
) -> Result<u64, Error> {
    let name = options.pick("核查发现", "Findings");
    let headings = COLUMNS.iter().map(|(code, zh, en, width)| Heading {
        code: (*code).to_owned(),
        label: options.pick(zh, en).to_owned(),
        width: *width,
    });
    let mut table = TableWriter::begin(format, options, name, headings.collect(), out)?;
    for begin in (0..selected.len()).step_by(AT_A_TIME) {
        let answers = view.finding_answers(selected, begin..begin + AT_A_TIME, CASES).await?;
        for answer in answers {
            table.row(row(&answer, options))?;
        }
    }
    let about = About {
        view,
        criteria: &Criteria::default(),
        index: None,
        more: criteria(selected, query, options),
        count: ("发现数", "Findings", table.rows()),
    };
    table.finish(about.notes(options))
}

/// Code, Chinese and English name, width.
const COLUMNS: [(&str, &str, &str, u8); 23] = [
    ("id", "标识", "Id", 22),
    ("rule", "规则", "Rule", 22),
    ("label", "名称", "Name", 22),
    ("severity", "程度", "Severity", 9),
    ("message", "内容", "What was found", 50),
    ("agency", "审批机关", "Agency", 30),
    ("year", "年度", "Year", 8),
    ("state", "状态", "State", 10),
    ("case_count", "卷数", "Cases", 8),
    (
        "archival_codes",
        "档号（至多100个）",
        "Archival codes (at most 100)",
        34,
    ),
    ("document_number", "文号", "Document number", 24),
    ("accepted_on", "受理日期", "Accepted on", 12),
    ("decided_on", "决定日期", "Decided on", 12),
    ("outcome", "决定结果", "Outcome", 12),
    ("number_kind", "编号种类", "Kind of number", 16),
    ("number_series", "编号序列", "Series of numbers", 26),
    ("number_from", "起号", "First number", 9),
    ("number_to", "止号", "Last number", 9),
    ("decision", "处理", "Decision", 12),
    ("decision_reason", "理由", "Reason", 30),
    ("decision_author", "处理人", "Decided by", 12),
    ("decision_at", "处理时间（UTC）", "Decided at (UTC)", 22),
    ("basis", "依据", "Basis", 50),
];

fn row(finding: &FindingAnswer, options: &ExportOptions) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let number = |number: Option<u32>| number.map_or(Cell::Empty, |number| Cell::Whole(number.into()));
    let first = finding.cases.first();
    let outcome = first.and_then(|case| Outcome::parse(case.outcome.as_deref()?));
    let numbers = finding.numbers.as_ref();
    let last = finding.decisions.last();
    let decided = |dismissed| match dismissed {
        true => options.pick("认定为误报", "dismissed"),
        false => options.pick("撤回误报认定", "reopened"),
    };
    vec![
        text(&finding.id),
        text(&finding.rule),
        text(&finding.label),
        text(&finding.severity_label),
        text(&finding.message),
        Cell::of_text(finding.agency.as_deref()),
        number(finding.year),
        text(match finding.state.as_str() {
            "dismissed" => options.pick("已排除", "dismissed"),
            _ => options.pick("待处理", "open"),
        }),
        Cell::Whole(finding.case_count),
        Cell::List(finding.cases.iter().map(|case| case.archival_code.clone()).collect()),
        Cell::of_text(first.and_then(|case| case.document_number.as_deref())),
        Cell::of_date(first.and_then(|case| case.accepted_on.as_deref())),
        Cell::of_date(first.and_then(|case| case.decided_on.as_deref())),
        outcome.map_or(Cell::Empty, |outcome| {
            text(options.pick(outcome.label_zh(), outcome.label_en()))
        }),
        Cell::of_text(numbers.map(|numbers| numbers.kind.as_str())),
        Cell::of_text(numbers.map(|numbers| numbers.prefix.as_str())),
        number(numbers.and_then(|numbers| numbers.from)),
        number(numbers.and_then(|numbers| numbers.to)),
        Cell::of_text(last.map(|decision| decided(decision.dismissed))),
        Cell::of_text(last.map(|decision| decision.reason.as_str())),
        Cell::of_text(last.map(|decision| decision.author.as_str())),
        Cell::of_text(last.map(|decision| decision.made_at.as_str())),
        text(&finding.basis),
    ]
}

/// What was asked for.
pub(super) fn criteria(selected: &SelectedFindings, query: &FindingsQuery, options: &ExportOptions) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code, zh, en, value: String| notes.push(options.note(code, zh, en, value));
    let names = |names: Vec<&str>| names.join("、");
    if !query.rules.is_empty() {
        let label = |rule: &Rule| options.pick(rule.label_zh(), rule.label_en());
        note("rules", "规则", "Rules", names(query.rules.iter().map(label).collect()));
    }
    if !query.severities.is_empty() {
        let label = |severity: &Severity| options.pick(severity.label_zh(), severity.label_en());
        note(
            "severities",
            "程度",
            "Severities",
            names(query.severities.iter().map(label).collect()),
        );
    }
    if let Some((from, to)) = query.years {
        note("years", "年度", "Years", format!("{from}–{to}"));
    }
    if !query.agencies.is_empty() {
        note("agencies", "审批机关", "Agencies", query.agencies.join("、"));
    }
    let state = query.state.map_or(options.pick("全部", "all"), |state| match state {
        FindingState::Open => options.pick("待处理", "open"),
        FindingState::Dismissed => options.pick("已排除", "dismissed"),
    });
    note("state", "状态", "State", state.to_owned());
    note(
        "months",
        "“先不予后准予”间隔月数",
        "Months from refusal to grant",
        query.parameters.months.to_string(),
    );
    note(
        "examined",
        "核查案卷数",
        "Cases examined",
        selected.examined().to_string(),
    );
    note(
        "catalogue_sequence",
        "目录库变更序号",
        "Sequence of the catalogue",
        selected.sequence().to_string(),
    );
    notes
}
