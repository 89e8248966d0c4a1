//! Corrections of a line.

use serde::{Deserialize, Serialize};

use crate::record::{Correction, CorrectionSubject, Fact, FactSource, FieldName, LineAnchor, Undo};

/// What a person corrected. It is about a `field`, about a `line`, or about a doubt of the review queue that was `checked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrectionLine {
    /// Number in the case, from 1.
    pub number: u32,
    /// The field; of a doubt, the field it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldName>,
    /// The line of a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineAnchor>,
    /// The doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<CheckedLine>,
    /// What stood there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What the person says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who.
    pub author: String,
    /// When: RFC 3339, UTC.
    pub made_at: String,
    /// Who took it back, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<Undo>,
}

/// A doubt that a person checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedLine {
    /// Key of the doubt in the archive that wrote the line; another archive has other keys.
    pub subject: String,
    /// Code of its reason.
    pub review: String,
}

impl CorrectionLine {
    pub(super) fn of_correction(correction: &Correction) -> Self {
        let (field, line, checked) = match &correction.subject {
            CorrectionSubject::Field(field) => (Some(*field), None, None),
            CorrectionSubject::Line(anchor) => (None, Some(anchor.clone()), None),
            CorrectionSubject::Checked { subject, review, field } => {
                let (subject, review) = (subject.clone(), review.clone());
                (*field, None, Some(CheckedLine { subject, review }))
            }
        };
        Self {
            number: correction.number,
            field,
            line,
            checked,
            old: correction.old.clone(),
            value: correction.value.clone(),
            reason: correction.reason.clone(),
            author: correction.author.clone(),
            made_at: correction.made_at.clone(),
            undone: correction.undone.clone(),
        }
    }

    /// The correction; `None` when the line does not say what it is about, or lacks the value it gives.
    pub fn into_correction(self) -> Option<Correction> {
        let subject = match (self.field, self.line, self.checked) {
            (Some(field), None, None) if !field.is_detail() && self.value.is_some() => CorrectionSubject::Field(field),
            (None, Some(anchor), None) if self.value.is_some() => CorrectionSubject::Line(anchor),
            (field, None, Some(CheckedLine { subject, review })) => {
                CorrectionSubject::Checked { subject, review, field }
            }
            _ => return None,
        };
        Some(Correction {
            number: self.number,
            subject,
            old: self.old,
            value: self.value,
            reason: self.reason,
            author: self.author,
            made_at: self.made_at,
            undone: self.undone,
        })
    }

    /// The value that it gives to a field.
    pub(super) fn as_fact(&self) -> Option<Fact> {
        match (self.field, &self.line, &self.checked, &self.value) {
            (Some(field), None, None, Some(value)) => Some(Fact {
                field,
                value: value.clone(),
                as_read: None,
                source: FactSource::Correction,
                origin: self.author.clone(),
                evidence: None,
            }),
            _ => None,
        }
    }
}
