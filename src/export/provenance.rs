//! What an export says about itself: what was asked for, from what state of the archive, and what is masked.

use super::ExportOptions;
use crate::archive::Labels;
use crate::search::AllMatches;

/// The program that wrote an export.
pub(super) fn program() -> String {
    format!("juanzong {}", env!("CARGO_PKG_VERSION"))
}

/// The moment, RFC 3339, UTC, to the second.
pub(super) fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

/// What is said of personal data.
pub(super) fn privacy_note(options: &ExportOptions) -> String {
    match &options.unmasked {
        None => options
            .pick("已脱敏", "masked: identity numbers, telephone numbers and addresses")
            .to_owned(),
        Some(reason) => format!(
            "{}{reason}",
            options.pick("未脱敏，理由：", "unmasked, for this reason: ")
        ),
    }
}

/// Names and values, in their order. `cases` is the number that was written.
pub(super) fn rows(matches: &AllMatches, options: &ExportOptions, cases: u64) -> Vec<(String, String)> {
    let criteria = &matches.criteria;
    let mut rows = Vec::new();
    let mut row = |zh, en, value: String| rows.push((options.pick(zh, en).to_owned(), value));
    let nothing = options.pick("（无，全部案卷）", "(none: all cases)");
    let or_nothing = |text: &str| if text.is_empty() { nothing } else { text }.to_owned();
    row("检索式", "Query", or_nothing(&criteria.query));
    if !criteria.understood.is_empty() {
        row("检索式理解为", "Understood as", criteria.understood.clone());
    }
    for selected in &criteria.selections {
        let name = match options.labels {
            Labels::Chinese => selected.label_zh,
            Labels::English => selected.code,
        };
        row("筛选", "Filter", format!("{name}: {}", selected.values.join("、")));
    }
    if let Some(from) = criteria.from {
        row("日期不早于", "From", from.to_string());
    }
    if let Some(to) = criteria.to {
        row("日期不晚于", "To", to.to_string());
    }
    row("案卷数", "Cases", cases.to_string());
    row("导出时间（UTC）", "Exported at (UTC)", now());
    row("索引", "Index generation", matches.generation.clone());
    row("索引已到变更", "Index sequence", matches.sequence.to_string());
    row("个人信息", "Personal data", privacy_note(options));
    row("程序", "Program", program());
    rows
}
