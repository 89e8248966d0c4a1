//! `GET /api/v1/cases/{id}`

use axum::Json;
use axum::extract::State;

use crate::archive::CaseAnswer;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::language::Language;
use crate::http::state::AppState;

/// One case: its fields, its documents, and where each fact comes from.
///
/// Labels are Chinese, or English by `Accept-Language`.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases",
    params(("id" = String, Path, description = "Opaque id of the case")),
    responses(
        (status = 200, body = CaseAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn case(
    State(state): State<AppState>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<CaseAnswer>> {
    let [] = pairs.take([])?;
    let case = state.archive().case(&id, language.into()).await?;
    case.map(Json).ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))
}
