//! `GET /api/v1/status`: how the archive stands, for the system administrator.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::access::Action;
use crate::catalogue::{Counts, JobTally};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::Pairs;
use crate::http::rights::{May, Operate};
use crate::http::state::AppState;
use crate::index::Generation;

/// How the archive stands.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct StatusAnswer {
    /// Version of the server.
    version: &'static str,
    /// How much there is.
    counts: Counts,
    /// Last change of the catalogue.
    catalogue_sequence: u64,
    /// Last change of the catalogue that can be found.
    index_sequence: u64,
    /// Cases that can be found.
    index_cases: u64,
    /// Whether searches can be answered.
    ready: bool,
    /// Whether the index has to be made anew: `juanzong-indexer reindex`.
    needs_reindex: bool,
    /// The generations of the index on disk, the oldest first.
    generations: Vec<Generation>,
    /// Jobs by kind, state and reason. What they work on is told by `juanzong status` at the machine only: paths may name
    /// people.
    jobs: Vec<JobTally>,
}

/// How much is in the archive, the generations of the index, and how the jobs stand.
#[utoipa::path(get, operation_id = "status", path = "/api/v1/status", tag = "service", responses(
    (status = 200, body = StatusAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn status(
    State(state): State<AppState>,
    may: May<Operate>,
    pairs: Pairs,
) -> ApiResult<Json<StatusAnswer>> {
    let [] = pairs.take([])?;
    let archive = state.archive().clone();
    let catalogue = archive.catalogue();
    let (counts, jobs) = (catalogue.counts().await?, catalogue.job_tallies().await?);
    let catalogue_sequence = catalogue.sequence().await?;
    let index = archive.index().clone();
    let status = index.status();
    let listed = state.aside(move || index.generations()).await?;
    let generations = listed.map_err(|error| ApiError::new(ErrorCode::Internal).because(error))?;
    may.record(Action::Operate, &json!({"did": "status"})).await?;
    Ok(Json(StatusAnswer {
        version: env!("CARGO_PKG_VERSION"),
        counts,
        catalogue_sequence,
        index_sequence: status.sequence,
        index_cases: status.cases,
        ready: status.ready,
        needs_reindex: status.needs_reindex,
        generations,
        jobs,
    }))
}
