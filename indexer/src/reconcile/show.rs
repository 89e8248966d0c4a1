//! The reconciliation as a person reads it on a terminal.

use std::io::{self, Write};

use juanzong::text_table::{Table, one_line};

use crate::report::{Finding, Reconciliation, Severity};

/// Most findings that are shown; all of them are in the CSV and in the JSON.
const SHOWN: usize = 200;
/// Most cases that are shown.
const CASES_SHOWN: usize = 50;

/// Writes counts, findings and, when `cases` is set, the cases that would come.
///
/// # Errors
/// When `out` cannot be written to.
pub fn show(reconciliation: &Reconciliation, cases: bool, out: &mut impl Write) -> io::Result<()> {
    if let Some(manifest) = &reconciliation.manifest {
        let path = manifest.path.display().to_string();
        write!(out, "清单 (manifest): {}", one_line(&path))?;
        let shape = &manifest.shape;
        if !shape.sheet.is_empty() {
            write!(out, "，工作表 (sheet) {}", one_line(&shape.sheet))?;
        }
        if let Some(row) = shape.heading_row {
            write!(out, "，表头在第 {row} 行 (headings in row {row})")?;
        }
        writeln!(out)?;
    }
    let counts = &reconciliation.counts;
    let mut lines = Vec::new();
    if reconciliation.manifest.is_some() {
        lines.push(("行", "rows", counts.rows as u64));
        lines.push(("  可导入", "  good", counts.rows_good as u64));
        lines.push(("  不导入", "  refused", counts.rows_refused as u64));
    }
    lines.push(("案卷", "cases", counts.cases as u64));
    if cases {
        let compared = counts.compared as u64;
        lines.push((
            "  已与卷内目录核对",
            "  read before, compared with their contents lists",
            compared,
        ));
    }
    lines.extend([
        ("文件", "files", counts.files as u64),
        ("页", "pages", counts.pages),
        ("不一致", "differences", counts.differences as u64),
        ("提示", "notes", counts.notes as u64),
    ]);
    for (zh, en, count) in lines {
        writeln!(out, "{zh} ({en}): {count}")?;
    }
    if cases && !reconciliation.cases.is_empty() {
        let mut table = Table::new(&[
            ("档号 (archival code)", 48),
            ("行 (row)", 10),
            ("文件 (files)", 12),
            ("页 (pages)", 10),
        ]);
        for case in reconciliation.cases.iter().take(CASES_SHOWN) {
            let number = |n: Option<u64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
            table.row([
                case.archival_code.to_string(),
                number(case.row.map(u64::from)),
                case.files.len().to_string(),
                number(case.pages),
            ]);
        }
        writeln!(out)?;
        table.write(out)?;
        rest(out, reconciliation.cases.len(), CASES_SHOWN)?;
    }
    if !reconciliation.findings.is_empty() {
        writeln!(out)?;
        findings(&reconciliation.findings, out)?;
    }
    Ok(())
}

/// What refuses something comes before differences and notes.
fn findings(findings: &[Finding], out: &mut impl Write) -> io::Result<()> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|f| match f.code.severity() {
        severity if severity.refuses() => Severity::Table,
        other => other,
    });
    let mut table = Table::new(&[
        ("类别 (kind)", 14),
        ("行 (row)", 10),
        ("列 (column)", 24),
        // As wide as the longest wording: the code stands at its end, and nothing stands behind it.
        ("说明 (finding)", 240),
    ]);
    for finding in sorted.iter().take(SHOWN) {
        let code = finding.code;
        let column = finding.column.as_ref();
        let column = column
            .map(|c| format!("{} {}", c.letter, c.heading))
            .unwrap_or_default();
        table.row([
            code.severity().labels().0.to_owned(),
            finding.row.map(|row| row.to_string()).unwrap_or_default(),
            column,
            format!("{} ({}) [{}]", code.message_zh(), code.message_en(), code.code()),
        ]);
        if let Some(path) = &finding.path {
            table.note(one_line(&path.display().to_string()));
        }
        match finding.detail() {
            detail if detail.is_empty() => {}
            detail => table.note(detail),
        }
    }
    table.write(out)?;
    rest(out, findings.len(), SHOWN)
}

fn rest(out: &mut impl Write, all: usize, shown: usize) -> io::Result<()> {
    match all.checked_sub(shown) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(
            out,
            "… 其余 {more} 条见 --json 或 --report ({more} more: --json, --report)"
        ),
    }
}
