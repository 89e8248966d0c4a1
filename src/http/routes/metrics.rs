//! `/metrics`

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::access::Action;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult};
use crate::http::rights::{May, Operate};
use crate::http::state::AppState;

/// Measurements for Prometheus. They hold no personal data. Prometheus asks with a token of a system administrator that has
/// the right `operate`.
#[utoipa::path(get, path = "/metrics", tag = "service",
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub(in crate::http) async fn metrics(State(state): State<AppState>, may: May<Operate>) -> ApiResult<Response> {
    let catalogue = state.archive().catalogue().sequence().await?;
    let index = state.archive().index().status().sequence;
    let tasks = state.upkeep().status().await?;
    let text = state
        .metrics()
        .write(catalogue, index, &tasks)
        .map_err(|error| ApiError::new(ErrorCode::Internal).because(error))?;
    may.record(Action::Operate, &json!({})).await?;
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    Ok(([(CONTENT_TYPE, kind)], text).into_response())
}
