//! `GET /api/v1/cases/{id}/accesses`: who looked at a case, for those who may see it.

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use axum::extract::State;
use serde_json::json;
use utoipa::IntoParams;

use super::citizen::accesses::{AccessesAnswer, answered};
use super::citizen::cases::size;
use crate::access::Action;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters, read};
use crate::http::language::Language;
use crate::http::rights::{May, ReadCases};
use crate::http::state::AppState;

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct CaseAccessParameters {
    /// Only what came before this: `next` of the answer before.
    before: Option<u64>,
    /// Entries on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    size: Option<u32>,
}

/// Who looked at a case, when and what for, from the audit log: offices, not the names of officers, as citizens are told it.
/// Looking at this list is written down, and is not among it.
#[utoipa::path(get, operation_id = "case_accesses", path = "/api/v1/cases/{id}/accesses", tag = "cases",
    params(("id" = String, Path, description = "Opaque id of the case"), CaseAccessParameters),
    responses(
        (status = 200, body = AccessesAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn accesses(
    State(state): State<AppState>,
    may: May<ReadCases>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<AccessesAnswer>> {
    let [before, asked] = pairs.take(["before", "size"])?;
    let size = size(asked.as_deref())?;
    let before: Option<u64> = read("before", before.as_deref())?;
    may.about(&id);
    if may.view().summary(&id).await?.is_none() {
        return Err(ApiError::new(ErrorCode::CaseNotFound));
    }
    let found = state.access().accesses(&[id], "", before, size).await?;
    let details = json!({"before": before, "accesses": found.len()});
    may.record(Action::OwnAccesses, &details).await?;
    let archive = &state.site().citizen.archive;
    Ok(Json(answered(found, size, archive, language)))
}
