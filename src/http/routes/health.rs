//! `/healthz`, `/readyz`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::codes::ErrorCode;
use crate::http::language::Language;
use crate::http::observe::OwnBody;
use crate::http::state::AppState;
use crate::index::IndexStatus;
use crate::telemetry::chain;

/// The server is alive.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Alive {
    /// Always `ok`.
    status: &'static str,
}

/// Whether searches can be answered.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Readiness {
    /// Whether everything is there.
    ready: bool,
    /// Last change of the catalogue; `null` when the catalogue cannot be read.
    catalogue_sequence: Option<u64>,
    /// Last change of the catalogue that can be found.
    index_sequence: u64,
    /// Name of the index generation that is served.
    index_generation: Option<String>,
    /// Cases that can be found.
    index_cases: u64,
    /// The index was made by another version: answers may miss something until it is made anew.
    needs_reindex: bool,
    /// What is missing.
    missing: Vec<Missing>,
}

/// Something that is missing.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Missing {
    /// Stable code, as in problems.
    code: &'static str,
    /// What to do about it, in Chinese unless English is asked for.
    detail: &'static str,
}

/// Whether the process is alive.
#[utoipa::path(get, path = "/healthz", tag = "service", responses((status = 200, body = Alive)))]
pub(in crate::http) async fn healthz() -> Json<Alive> {
    Json(Alive { status: "ok" })
}

/// Whether searches can be answered, and what is missing if not.
#[utoipa::path(get, path = "/readyz", tag = "service", responses(
    (status = 200, body = Readiness),
    (status = 503, body = Readiness),
))]
pub(in crate::http) async fn readyz(State(state): State<AppState>, language: Language) -> Response {
    let catalogue_sequence = match state.archive().catalogue().sequence().await {
        Ok(sequence) => Some(sequence),
        Err(error) => {
            tracing::error!(cause = chain(&error), "the catalogue cannot be read");
            None
        }
    };
    let index = state.archive().index().status();
    let codes = missing(catalogue_sequence.is_some(), &index);
    let readiness = Readiness {
        ready: codes.is_empty(),
        catalogue_sequence,
        index_sequence: index.sequence,
        index_generation: index.generation,
        index_cases: index.cases,
        needs_reindex: index.needs_reindex,
        missing: codes
            .into_iter()
            .map(|code| Missing {
                code: code.code(),
                detail: code.detail(language),
            })
            .collect(),
    };
    if readiness.ready {
        return Json(readiness).into_response();
    }
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, Json(readiness)).into_response();
    response.extensions_mut().insert(OwnBody);
    response
}

fn missing(catalogue: bool, index: &IndexStatus) -> Vec<ErrorCode> {
    let mut codes = Vec::new();
    if !catalogue {
        codes.push(ErrorCode::CatalogueCorrupt);
    }
    match (index.ready, index.needs_reindex) {
        (true, _) => {}
        (false, true) => codes.push(ErrorCode::IndexNeedsReindex),
        (false, false) => codes.push(ErrorCode::IndexNotReady),
    }
    codes
}
