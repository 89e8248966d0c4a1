//! The manifest: one row per case, as an archive's catalogue would give it.

use std::path::Path;

use juanzong::record::{ApplicantKind, FieldName, Outcome, SecurityClass};

use super::Error;
use super::truth::CaseTruth;

/// Headings of the manifest, in order; `None` stands for the code and the folder, which are not fields.
pub(super) const COLUMNS: [(&str, Option<FieldName>); 20] = [
    ("档号", None),
    ("题名", Some(FieldName::Title)),
    ("审批机关", Some(FieldName::Agency)),
    ("行政区划", Some(FieldName::Region)),
    ("审批事项", Some(FieldName::Matter)),
    ("文号", Some(FieldName::DocumentNumber)),
    ("受理编号", Some(FieldName::AcceptanceNumber)),
    ("决定结果", Some(FieldName::Outcome)),
    ("保管期限", Some(FieldName::Retention)),
    ("密级", Some(FieldName::SecurityClass)),
    ("申请日期", Some(FieldName::AppliedOn)),
    ("受理日期", Some(FieldName::AcceptedOn)),
    ("决定日期", Some(FieldName::DecidedOn)),
    ("送达日期", Some(FieldName::ServedOn)),
    ("有效期起", Some(FieldName::ValidFrom)),
    ("有效期至", Some(FieldName::ValidUntil)),
    ("申请人", Some(FieldName::ApplicantName)),
    ("申请人类型", Some(FieldName::ApplicantKind)),
    ("证件号码", Some(FieldName::ApplicantIdNumber)),
    ("文件", None),
];

/// Writes the manifest under a temporary name and renames it, so that a half-written one never stands there.
pub(super) fn write(path: &Path, cases: &[CaseTruth]) -> Result<(), Error> {
    let fault = |source: csv::Error| Error::Manifest {
        path: path.to_owned(),
        source,
    };
    let temporary = path.with_extension("csv.part");
    let mut writer = csv::Writer::from_path(&temporary).map_err(fault)?;
    writer.write_record(COLUMNS.map(|(name, _)| name)).map_err(fault)?;
    for case in cases {
        let row = COLUMNS.map(|(name, field)| match (name, field) {
            (_, Some(field)) => wording(field, case.fields.get(&field).map_or("", String::as_str)),
            ("档号", None) => case.archival_code.clone(),
            (_, None) => case.folder.clone(),
        });
        writer.write_record(row).map_err(fault)?;
    }
    writer.flush().map_err(Error::io("write", &temporary))?;
    drop(writer);
    std::fs::rename(&temporary, path).map_err(Error::io("write", path))
}

/// Closed lists stand in Chinese in an archive's catalogue, retention by its code.
fn wording(field: FieldName, value: &str) -> String {
    let label = match field {
        FieldName::Outcome => Outcome::parse(value).map(Outcome::label_zh),
        FieldName::SecurityClass => SecurityClass::parse(value).map(SecurityClass::label_zh),
        FieldName::ApplicantKind => ApplicantKind::parse(value).map(ApplicantKind::label_zh),
        _ => None,
    };
    label.unwrap_or(value).to_owned()
}
