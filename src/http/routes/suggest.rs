//! `GET /api/v1/suggest`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use axum::extract::State;
use serde_json::json;
use utoipa::IntoParams;

use crate::access::{Action, masked_query};
use crate::http::error::{ApiResult, Problem};
use crate::http::extract::Pairs;
use crate::http::rights::{May, Search};
use crate::http::state::AppState;
use crate::search::{SuggestRequest, SuggestResponse};

/// The parameters, for the description; [`SuggestRequest::from_pairs`] reads them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct SuggestParameters {
    /// What was typed so far, at most 64 characters: any part of a number or name, in Han, pinyin (`fengyuan`), initials
    /// (`fycy`) or mixed (`丰源cy`).
    q: Option<String>,
    /// Most suggestions.
    #[param(minimum = 1, maximum = 50, default = 10)]
    size: Option<u32>,
}

/// Suggests numbers, applicants, matters and agencies while somebody types.
///
/// Only what stands in cases that the viewer may see is suggested, with the number of those cases. Identity numbers,
/// telephone numbers and addresses are never suggested.
#[utoipa::path(get, path = "/api/v1/suggest", tag = "search", params(SuggestParameters), responses(
    (status = 200, body = SuggestResponse),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn suggest(
    State(state): State<AppState>,
    may: May<Search>,
    Pairs(pairs): Pairs,
) -> ApiResult<Json<SuggestResponse>> {
    let request = SuggestRequest::from_pairs(pairs)?;
    let typed = masked_query(request.input());
    let answer = state.suggest(may.view(), request).await?;
    let details = json!({"query": typed, "suggestions": answer.suggestions.len()});
    may.record(Action::Suggest, &details).await?;
    Ok(Json(answer))
}
