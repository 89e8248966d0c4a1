//! What an ingest reports: each failure with its place and reason, and the counts at the end.

mod failure;

use std::time::Duration;

use serde::{Serialize, Serializer};

pub use failure::{IngestFailure, PlanProblem};

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
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// Wall time; in seconds in JSON.
    #[serde(rename = "elapsed_seconds", serialize_with = "seconds")]
    pub elapsed: Duration,
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}
