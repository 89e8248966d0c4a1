//! The columns of a table of cases.

use super::ExportOptions;
use super::privacy::Privacy;
use super::table::{Cell, Heading};
use crate::analysis::dictionary::Dictionaries;
use crate::archive::Labels;
use crate::catalogue::{CaseExtent, CaseSummary};
use crate::record::{CivilDate, Fact, FieldName};
use crate::search::MatchKind;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    ArchivalCode,
    Field(FieldName),
    RegionName,
    Year,
    Detail(FieldName),
    Documents,
    Pages,
    Failures,
    Match,
    CaseId,
}

/// What is known of a case for its row.
pub(super) struct CaseRow {
    pub(super) case: CaseSummary,
    pub(super) facts: Vec<Fact>,
    pub(super) extent: CaseExtent,
    pub(super) matched: MatchKind,
}

impl Column {
    /// All columns in their order.
    pub(super) fn all() -> Vec<Self> {
        let mut columns = vec![Self::ArchivalCode];
        for field in FieldName::ALL {
            columns.push(Self::Field(*field));
            match field {
                FieldName::Region => columns.push(Self::RegionName),
                FieldName::SecurityClass => columns.push(Self::Year),
                _ => {}
            }
        }
        // Those of single documents and of what stands on paper are for the export of one case.
        let of_documents = [FieldName::WrittenKind, FieldName::WrittenCode];
        let details = FieldName::DETAILS.iter().filter(|d| !of_documents.contains(d));
        columns.extend(details.map(|detail| Self::Detail(*detail)));
        columns.extend([Self::Documents, Self::Pages, Self::Failures, Self::Match, Self::CaseId]);
        columns
    }

    /// Heading of the column.
    pub(super) fn heading(self, labels: Labels) -> Heading {
        Heading {
            code: self.code().to_owned(),
            label: self.label(labels).to_owned(),
            width: self.width(),
        }
    }

    /// The stable code.
    fn code(self) -> &'static str {
        match self {
            Self::ArchivalCode => "archival_code",
            Self::Field(field) | Self::Detail(field) => field.code(),
            Self::RegionName => "region_name",
            Self::Year => "year",
            Self::Documents => "documents",
            Self::Pages => "pages",
            Self::Failures => "failures",
            Self::Match => "match",
            Self::CaseId => "case_id",
        }
    }

    /// What people read above it.
    fn label(self, labels: Labels) -> &'static str {
        let (zh, en) = match self {
            Self::ArchivalCode => ("档号", "Archival code"),
            Self::Field(FieldName::Region) => ("行政区划代码", "Region code"),
            Self::Field(field) | Self::Detail(field) => (field.label_zh(), field.label_en()),
            Self::RegionName => ("行政区划", "Region"),
            Self::Year => ("年度", "Year"),
            Self::Documents => ("件数", "Documents"),
            Self::Pages => ("页数", "Pages"),
            Self::Failures => ("未能识别", "Unreadable"),
            Self::Match => ("匹配", "Match"),
            Self::CaseId => ("案卷标识", "Case id"),
        };
        match labels {
            Labels::Chinese => zh,
            Labels::English => en,
        }
    }

    /// Width of the column in characters of a workbook.
    fn width(self) -> u8 {
        match self {
            Self::Year | Self::Documents | Self::Pages | Self::Failures | Self::Match => 9,
            Self::Field(FieldName::Title | FieldName::ApplicantName | FieldName::Agency) => 34,
            Self::ArchivalCode | Self::CaseId | Self::Detail(_) => 28,
            Self::Field(FieldName::ApplicantIdNumber | FieldName::DocumentNumber) | Self::RegionName => 22,
            Self::Field(_) => 14,
        }
    }

    /// The cell of a case.
    pub(super) fn cell(self, row: &CaseRow, options: &ExportOptions, dictionaries: &Dictionaries) -> Cell {
        let fields = &row.case.fields;
        let text = |text: Option<String>| text.filter(|t| !t.is_empty()).map_or(Cell::Empty, Cell::Text);
        match self {
            Self::ArchivalCode => Cell::Text(row.case.archival_code.to_string()),
            Self::Field(field) => field_cell(field, row, options),
            Self::RegionName => text(
                fields
                    .region
                    .as_ref()
                    .and_then(|region| dictionaries.regions.full_name(region)),
            ),
            Self::Year => {
                let year = fields.year().or_else(|| row.case.archival_code.year());
                year.map_or(Cell::Empty, |year| Cell::Whole(year.into()))
            }
            Self::Detail(field) => text(Some(details(field, row, options))),
            Self::Documents => Cell::Whole(row.extent.documents.into()),
            Self::Pages => Cell::Whole(row.extent.pages.into()),
            Self::Failures => Cell::Whole(row.extent.failures.into()),
            Self::Match => {
                let (zh, en) = match row.matched {
                    MatchKind::Exact => ("精确", "exact"),
                    MatchKind::Tolerant => ("近似", "tolerant"),
                };
                Cell::Text(options.pick(zh, en).to_owned())
            }
            Self::CaseId => Cell::Text(row.case.case_id.clone()),
        }
    }
}

/// The value of a field: dates as dates, codes in words, personal data masked.
fn field_cell(field: FieldName, row: &CaseRow, options: &ExportOptions) -> Cell {
    let fields = &row.case.fields;
    let date = |date: Option<CivilDate>| date.map_or(Cell::Empty, Cell::Date);
    let label = |labels: Option<(&'static str, &'static str)>| {
        labels.map_or(Cell::Empty, |(zh, en)| Cell::Text(options.pick(zh, en).to_owned()))
    };
    match field {
        FieldName::AppliedOn => date(fields.applied_on),
        FieldName::AcceptedOn => date(fields.accepted_on),
        FieldName::DecidedOn => date(fields.decided_on),
        FieldName::ServedOn => date(fields.served_on),
        FieldName::ValidFrom => date(fields.valid_from),
        FieldName::ValidUntil => date(fields.valid_until),
        FieldName::Outcome => label(fields.outcome.map(|v| (v.label_zh(), v.label_en()))),
        FieldName::Retention => label(fields.retention.map(|v| (v.label_zh(), v.label_en()))),
        FieldName::SecurityClass => label(fields.security_class.map(|v| (v.label_zh(), v.label_en()))),
        FieldName::ApplicantKind => label(fields.applicant_kind.map(|v| (v.label_zh(), v.label_en()))),
        field => {
            let privacy = Privacy::of(options, &row.facts);
            let value = fields.get(field).map(|value| privacy.value(field, &value));
            value.map_or(Cell::Empty, Cell::Text)
        }
    }
}

/// The values of a detail, each once.
fn details(field: FieldName, row: &CaseRow, options: &ExportOptions) -> String {
    let privacy = Privacy::of(options, &row.facts);
    let mut values: Vec<String> = Vec::new();
    for fact in row.facts.iter().filter(|fact| fact.field == field) {
        let value = privacy.value(field, &fact.value);
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values.join(options.pick("；", "; "))
}
