//! What a person corrected in a case: kept for ever, and wins over all that is read or imported.

use serde::{Deserialize, Serialize};

use super::{FieldName, PixelBox};

/// One correction with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// Number in the case, from 1, in the order in which they were made.
    pub number: u32,
    /// What was corrected.
    pub subject: CorrectionSubject,
    /// What stood there before; `None` when there was nothing.
    pub old: Option<String>,
    /// What the person says; `None` where nothing is changed ([`CorrectionSubject::Checked`]).
    pub value: Option<String>,
    /// Why, in the person's words.
    pub reason: Option<String>,
    /// Who.
    pub author: String,
    /// When: RFC 3339, UTC.
    pub made_at: String,
    /// Who took it back, and when.
    pub undone: Option<Undo>,
}

/// That a correction was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who.
    pub author: String,
    /// When: RFC 3339, UTC.
    pub undone_at: String,
}

/// What a correction is about.
#[derive(Clone, Debug, PartialEq)]
pub enum CorrectionSubject {
    /// The value of a field.
    Field(FieldName),
    /// The text of a line.
    Line(LineAnchor),
    /// Something in the review queue that stands as it is.
    Checked {
        /// Key of the doubt.
        subject: String,
        /// Code of its reason.
        review: String,
        /// The field it is about.
        field: Option<FieldName>,
    },
}

impl CorrectionSubject {
    /// The stable code of the kind: `field`, `line` or `checked`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Field(_) => "field",
            Self::Line(_) => "line",
            Self::Checked { .. } => "checked",
        }
    }
}

/// Where a corrected line stood and what it said, so that it is found again after the page has been read anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineAnchor {
    /// Name of the document's file; empty for imported text.
    #[serde(default)]
    pub source_name: String,
    /// Which of the documents of this name in the case, from 1.
    pub occurrence: u32,
    /// SHA-256 of the file or the imported text.
    pub content_id: String,
    /// Page of the file, from 1.
    pub page: u32,
    /// Index among the lines of the page.
    pub line: u32,
    /// Its box; empty when the text has no geometry.
    #[serde(rename = "box")]
    pub area: PixelBox,
    /// Width and height of the page in pixels.
    pub page_size: (u32, u32),
    /// What the machine had read.
    pub as_read: String,
    /// The earlier correction of the same line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<u32>,
}
