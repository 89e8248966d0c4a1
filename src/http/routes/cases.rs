//! `GET /api/v1/cases/{id}`

use axum::Json;
use serde_json::json;

use crate::access::Action;
use crate::archive::CaseAnswer;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::language::Language;
use crate::http::rights::{May, ReadCases};

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
    may: May<ReadCases>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<CaseAnswer>> {
    let [] = pairs.take([])?;
    may.about(&id);
    let case = may.view().case(&id, language.into()).await?;
    let case = case.ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    may.record(Action::ViewCase, &json!({})).await?;
    Ok(Json(case))
}
