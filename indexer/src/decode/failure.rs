//! Why a file or a page could not be read, with what exactly was found.

use serde::{Deserialize, Serialize};

pub use juanzong::record::FailureCode;

/// A failure of a file or of one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Failure {
    /// Why, as a stable code.
    pub code: FailureCode,
    /// What exactly was found: for the operator, in English; never text of the document.
    pub detail: String,
}

impl Failure {
    /// A failure with its detail.
    pub fn new(code: FailureCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}
