//! The report as lines of text, Chinese before English: for the terminal and for printing.

use super::items::{Property, Verdict};
use super::report::{FindingReport, ItemReport, Report};

/// Findings of an item that are printed; all are in the other formats.
const PRINTED: usize = 100;

impl Report {
    /// Head of the printed report.
    pub const TITLE: &str = "电子档案四性检测报告";

    /// Everything, line by line.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            Self::TITLE.to_owned(),
            "Report on the check of authenticity, integrity, usability and security".to_owned(),
            String::new(),
            format!("结论：{}", self.conclusion_label),
            format!("Conclusion: {}", self.conclusion_label_en),
            String::new(),
            format!("依据 (basis)：{}", self.standard),
            format!("检测编号 (check)：{}，{}", self.check, self.depth),
            format!("档案库 (archive)：{}", self.archive_id),
            format!("开始 (begun)：{}", self.started_at),
            format!("结束 (ended)：{}", self.ended_at.as_deref().unwrap_or("-")),
            format!("程序 (program)：{}", self.program),
            format!(
                "对象 (scope)：案卷 (cases) {}，原件 (originals) {}，{} 字节 (bytes)，其中重新解码 (decoded again) {}",
                self.cases, self.files, self.bytes, self.decoded_again
            ),
            format!(
                "通过 (passed) {}，不通过 (failed) {}，存疑 (doubtful) {}，未检测 (not run) {}，须人工检测 (manual) {}",
                self.count(Verdict::Passed),
                self.count(Verdict::Failed),
                self.count(Verdict::Doubtful),
                self.count(Verdict::NotRun),
                self.count(Verdict::Manual)
            ),
        ];
        for property in Property::ALL {
            lines.push(String::new());
            lines.push(format!("【{} {}】", property.label_zh(), property.label_en()));
            for item in self.items.iter().filter(|item| item.property == property.code()) {
                item_lines(item, &mut lines);
            }
        }
        lines
    }
}

fn item_lines(item: &ItemReport, lines: &mut Vec<String>) {
    lines.push(format!("● {}：{}", item.label, item.verdict_label));
    lines.push(format!("   {}: {}", item.label_en, item.verdict_label_en));
    if item.checked > 0 || item.not_looked_at > 0 {
        lines.push(format!(
            "   已检 (checked) {}，不通过 (failed) {}，存疑 (doubtful) {}，未能检测 (not looked at) {}",
            item.checked, item.failed, item.doubtful, item.not_looked_at
        ));
    }
    for note in [&item.note, &item.note_en].into_iter().flatten() {
        lines.push(format!("   {note}"));
    }
    for finding in item.findings.iter().take(PRINTED) {
        lines.push(format!("   - {}", finding_line(finding)));
    }
    let named = u64::try_from(item.findings.len().min(PRINTED)).unwrap_or(u64::MAX);
    let more = (item.failed + item.doubtful).saturating_sub(named);
    if more > 0 {
        lines.push(format!("   - 另有 {more} 处，见 JSON 或 XML 报告 ({more} more)"));
    }
}

fn finding_line(finding: &FindingReport) -> String {
    let mut parts = vec![format!("{} ({})", finding.label, finding.code)];
    parts.extend(finding.archival_code.as_ref().map(|code| format!("档号 {code}")));
    parts.extend(finding.place.clone());
    parts.extend(finding.detail.clone());
    parts.join("，")
}
