//! A case as rules see it.

use super::draft::Draft;
use super::names::Names;
use crate::catalogue::CaseRow;
use crate::record::{CivilDate, DocumentKind, FieldName};

/// A case that may be seen.
pub(super) struct SeenCase<'a> {
    pub(super) row: &'a CaseRow,
    /// Numbers of names.
    pub(super) agency: Option<u32>,
    pub(super) matter: Option<u32>,
    /// The county, or the agency where it is not known: where numbers are given.
    pub(super) place: Option<u32>,
}

impl SeenCase<'_> {
    pub(super) fn key(&self) -> u64 {
        self.row.case_key
    }

    pub(super) fn code(&self) -> &str {
        self.row.archival_code.as_str()
    }

    pub(super) fn year(&self) -> Option<u32> {
        self.row.fields.year().or_else(|| self.row.archival_code.year())
    }

    pub(super) fn has(&self, kind: DocumentKind) -> bool {
        self.row.documents.contains(&kind)
    }

    pub(super) fn is_doubtful(&self, field: FieldName) -> bool {
        self.row.trace.is_doubtful(field)
    }

    /// A date with its field.
    pub(super) fn date(&self, field: FieldName) -> Option<CivilDate> {
        date_of(self.row, field)
    }
}

pub(super) fn date_of(row: &CaseRow, field: FieldName) -> Option<CivilDate> {
    let fields = &row.fields;
    match field {
        FieldName::AppliedOn => fields.applied_on,
        FieldName::AcceptedOn => fields.accepted_on,
        FieldName::DecidedOn => fields.decided_on,
        FieldName::ServedOn => fields.served_on,
        FieldName::ValidFrom => fields.valid_from,
        FieldName::ValidUntil => fields.valid_until,
        _ => None,
    }
}

/// A rule, or several that keep the same of a case.
pub(super) trait Examiner: Send {
    /// Takes notice of a case that may be seen.
    fn see(&mut self, case: &SeenCase<'_>);

    /// Takes notice that there is a case that may not be seen.
    fn hide(&mut self, _case: &CaseRow, _place: Option<u32>) {}

    /// Tells what was found.
    fn tell(&mut self, names: &Names, found: &mut Vec<Draft>);
}
