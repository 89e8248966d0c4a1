//! A reconciliation as the page of uploads shows it: names below the folder of the upload, messages in words.

use std::path::Path;

use juanzong::catalogue::{MOST_FINDINGS, UploadCase, UploadColumn, UploadFinding, UploadManifest, UploadReport};

use crate::manifest::{self, Manifest};
use crate::report::{ColumnPlace, Finding, FindingCode, Reconciliation};

/// What was found of an upload whose files lie in `root`.
pub(super) fn report_of(found: &Reconciliation, manifest: Option<&Manifest>, root: &Path) -> UploadReport {
    let counts = &found.counts;
    UploadReport {
        unreadable: None,
        manifest: manifest.map(|manifest| UploadManifest {
            sheet: manifest.shape.sheet.clone(),
            rows: counts.rows as u64,
            rows_good: counts.rows_good as u64,
            rows_refused: counts.rows_refused as u64,
            columns: columns(manifest),
        }),
        cases: found
            .cases
            .iter()
            .map(|case| UploadCase {
                archival_code: case.archival_code.to_string(),
                row: case.row,
                files: u32::try_from(case.files.len()).unwrap_or(u32::MAX),
                pages: case.pages,
            })
            .collect(),
        pages: counts.pages,
        findings: found
            .findings
            .iter()
            .take(MOST_FINDINGS)
            .map(|finding| shown(finding, root))
            .collect(),
        found: found.findings.len() as u64,
        refusals: counts.refusals as u64,
        table_refused: manifest.is_some_and(|manifest| !manifest.is_usable()),
    }
}

/// The columns that are used, those that may be headings where none were found, and those of which nobody knows what they mean.
fn columns(manifest: &Manifest) -> Vec<UploadColumn> {
    let column = |place: &ColumnPlace, means: &str| UploadColumn {
        letter: place.letter.clone(),
        heading: place.heading.clone(),
        means: means.to_owned(),
    };
    let used = manifest.shape.columns.iter();
    let mut columns: Vec<UploadColumn> = used.map(|used| column(&used.place, used.code)).collect();
    columns.extend(manifest.shape.likely.iter().map(|place| column(place, "")));
    for finding in &manifest.findings {
        let unclear = matches!(
            finding.code,
            FindingCode::HeadingUnknown | FindingCode::HeadingAmbiguous | FindingCode::HeadingRepeated
        );
        if let Some(place) = finding.column.as_ref().filter(|_| unclear)
            && columns.iter().all(|column| column.letter != place.letter)
        {
            columns.push(column(place, ""));
        }
    }
    // As Excel orders them: Z before AA.
    columns.sort_by(|a, b| (a.letter.len(), &a.letter).cmp(&(b.letter.len(), &b.letter)));
    columns
}

fn shown(finding: &Finding, root: &Path) -> UploadFinding {
    let below = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    let severity = serde_json::to_value(finding.code.severity()).unwrap_or_default();
    UploadFinding {
        code: finding.code.code().to_owned(),
        severity: severity.as_str().unwrap_or_default().to_owned(),
        row: finding.row,
        column: finding.column.as_ref().map(|column| column.letter.clone()),
        heading: finding.column.as_ref().map(|column| column.heading.clone()),
        path: finding.path.as_deref().map(below),
        archival_code: finding.archival_code.as_ref().map(ToString::to_string),
        detail: finding.detail(),
        message_zh: finding.code.message_zh().to_owned(),
        message_en: finding.code.message_en().to_owned(),
    }
}

/// Why a manifest cannot be read, without the name of its file, which may name people.
pub(super) fn unreadable(error: &manifest::Error) -> (String, String) {
    use manifest::Error as E;
    let (zh, en) = match error {
        E::Read { .. } => ("清单无法读取", "the manifest cannot be read"),
        E::OldFormat { .. } => (
            "清单是旧的 .xls 格式或设有密码，请另存为无密码的 .xlsx 或 CSV",
            "the manifest is an old .xls or has a password; save it as .xlsx or CSV without one",
        ),
        E::Workbook { failure, .. } => (failure.code.message_zh(), failure.code.message_en()),
        E::Encoding { .. } => (
            "清单既不是 UTF-8、UTF-16，也不是 GB18030 编码的表",
            "the manifest is a table in none of UTF-8, UTF-16 and GB18030",
        ),
        E::TooLarge { .. } => ("清单过大", "the manifest is too large"),
        E::Unusable { .. } => ("清单不能导入", "the manifest cannot be imported"),
    };
    (zh.to_owned(), en.to_owned())
}
