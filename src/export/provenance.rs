//! What an export says about itself: what was asked for, from what state of the archive, and what is masked.

use super::ExportOptions;
use super::table::Note;
use crate::archive::{Labels, View};
use crate::search::Criteria;

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

/// What a table is about.
pub(super) struct About<'a> {
    /// The archive as its viewer sees it, whose mandate is told.
    pub(super) view: &'a View,
    /// What was searched for.
    pub(super) criteria: &'a Criteria,
    /// Generation and sequence of the index it is from, if it is from one.
    pub(super) index: Option<(&'a str, u64)>,
    /// What else it depends on.
    pub(super) more: Vec<Note>,
    /// What its rows are, in Chinese and English, and how many there are.
    pub(super) count: (&'static str, &'static str, u64),
}

impl About<'_> {
    /// What the table says about itself, in its order.
    pub(super) fn notes(self, options: &ExportOptions) -> Vec<Note> {
        let note = |code, zh, en, value: String| options.note(code, zh, en, value);
        let mut notes = criteria_notes(self.criteria, options);
        notes.extend(self.more);
        notes.push(note(
            "mandate",
            "可见范围",
            "Mandate",
            self.view.mandate(options.labels),
        ));
        if let Some(by) = &options.by {
            notes.push(note("exported_by", "导出人", "Exported by", by.clone()));
        }
        notes.push(note("count", self.count.0, self.count.1, self.count.2.to_string()));
        notes.push(note("exported_at", "导出时间（UTC）", "Exported at (UTC)", now()));
        if let Some((generation, sequence)) = self.index {
            notes.push(note("generation", "索引", "Index generation", generation.to_owned()));
            notes.push(note("sequence", "索引已到变更", "Index sequence", sequence.to_string()));
        }
        notes.push(note(
            "personal_data",
            "个人信息",
            "Personal data",
            privacy_note(options),
        ));
        notes.push(note("program", "程序", "Program", program()));
        notes
    }
}

/// What was searched for.
fn criteria_notes(criteria: &Criteria, options: &ExportOptions) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code, zh, en, value: String| notes.push(options.note(code, zh, en, value));
    let nothing = options.pick("（无，全部案卷）", "(none: all cases)");
    let or_nothing = |text: &str| if text.is_empty() { nothing } else { text }.to_owned();
    note("query", "检索式", "Query", or_nothing(&criteria.query));
    if !criteria.understood.is_empty() {
        note(
            "understood",
            "检索式理解为",
            "Understood as",
            criteria.understood.clone(),
        );
    }
    for selected in &criteria.selections {
        let name = match options.labels {
            Labels::Chinese => selected.label_zh,
            Labels::English => selected.code,
        };
        note(
            "filter",
            "筛选",
            "Filter",
            format!("{name}: {}", selected.values.join("、")),
        );
    }
    if let Some(from) = criteria.from {
        note("from", "日期不早于", "From", from.to_string());
    }
    if let Some(to) = criteria.to {
        note("to", "日期不晚于", "To", to.to_string());
    }
    notes
}
