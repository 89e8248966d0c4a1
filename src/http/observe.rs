//! The layer around every route: request id, measurement, log, the body of problems, and headers that guard the
//! client.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::codes::{ErrorCode, Fault};
use super::error::ApiError;
use super::language::Language;
use super::state::AppState;
use crate::telemetry::chain;

/// Header of the request id.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The identifier of a request, on its way.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) String);

/// Identifies a request in answers and in the log. Made here and never taken from the client.
pub(super) fn new_request_id() -> String {
    format!("{:016x}", rand::random::<u64>())
}

/// Runs one request.
pub(super) async fn observe(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = new_request_id();
    let language = Language::of(request.headers());
    let method = request.method().clone();
    // The route, not the address: addresses hold ids of cases and words that were searched for.
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("unknown", MatchedPath::as_str);

    request.extensions_mut().insert(RequestId(request_id.clone()));
    let answer = next.run(request).await;
    let error = error_of(&answer);
    let mut response = match &error {
        Some(error) => {
            let mut told = error.answer(language, &request_id);
            // What the router says with the status is kept, e.g. `Allow` with 405.
            for (name, value) in answer.headers() {
                if name != CONTENT_TYPE && name != axum::http::header::CONTENT_LENGTH {
                    told.headers_mut().entry(name).or_insert_with(|| value.clone());
                }
            }
            told
        }
        None => answer,
    };

    let status = response.status();
    let taken = started.elapsed();
    state.metrics().request(method.as_str(), route, status.as_u16(), taken);
    log(
        &request_id,
        method.as_str(),
        route,
        status,
        taken.as_secs_f64() * 1000.0,
        error.as_ref(),
    );

    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        headers.insert(X_REQUEST_ID, value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if state.site().tls {
        // Whoever came by TLS once comes by nothing else for a year.
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    // The web application has one of its own.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    // Answers hold personal data; a route that may be kept by the client says so itself.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The error that an answer carries, or one by its status when it was made by a library.
fn error_of(answer: &Response) -> Option<ApiError> {
    if let Some(error) = answer.extensions().get::<ApiError>() {
        return Some(error.clone());
    }
    let status = answer.status();
    let foreign = status.is_client_error() || status.is_server_error();
    // `/readyz` tells in its own body what is missing.
    let ours = answer.extensions().get::<OwnBody>().is_some();
    (foreign && !ours).then(|| ApiError::new(ErrorCode::of_status(status)))
}

/// Marks an answer with an error status whose body is to be kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnBody;

fn log(request_id: &str, method: &str, route: &str, status: StatusCode, ms: f64, error: Option<&ApiError>) {
    let status = status.as_u16();
    let Some(error) = error else {
        tracing::info!(request_id, method, route, status, ms, "answered");
        return;
    };
    let code = error.code().code();
    let cause = error.source().map(chain).unwrap_or_default();
    match error.code().fault() {
        Fault::Server => tracing::error!(request_id, method, route, status, ms, code, cause, "failed"),
        Fault::Later => tracing::warn!(request_id, method, route, status, ms, code, cause, "put off"),
        // A cause here may quote what the client sent.
        Fault::Request | Fault::Missing => tracing::info!(request_id, method, route, status, ms, code, "refused"),
    }
}
