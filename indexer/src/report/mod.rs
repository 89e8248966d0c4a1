//! What an ingest reports: each failure with its place and reason, and the counts at the end.

mod codes;
mod failure;
mod finding;
mod import;
mod line;
mod reconciliation;

use std::time::Duration;

use serde::{Serialize, Serializer};

pub use codes::{FindingCode, Severity};
pub use failure::IngestFailure;
pub use finding::{ColumnPlace, Finding, PageCounts};
pub use import::{ImportSummary, Noted};
pub use line::LineFinding;
pub use reconciliation::{CaseLine, ColumnMeaning, ManifestSummary, Reconciliation, ReconciliationCounts, Shape};

/// What an ingest did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct IngestSummary {
    /// Cases with at least one readable file.
    pub cases: u64,
    /// Of these, new in the catalogue.
    pub created: u64,
    /// Of these, different from before.
    pub changed: u64,
    /// Of these, as they were.
    pub unchanged: u64,
    /// Files looked at.
    pub files: u64,
    /// Pages of these files.
    pub pages: u64,
    /// Of these, read in this run.
    pub pages_read: u64,
    /// What failed, in order of place.
    pub failures: Vec<IngestFailure>,
    /// What the manifest and the files say of each other, when there is a manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconciliation: Option<Reconciliation>,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// Wall time; in seconds in JSON.
    #[serde(rename = "elapsed_seconds", serialize_with = "seconds")]
    pub elapsed: Duration,
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}
