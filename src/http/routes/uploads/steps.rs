//! What becomes jobs of the indexer: the check of an upload, taking it in, and trying again what failed.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::known;
use crate::access::Action;
use crate::archive::CaseStanding;
use crate::catalogue::{CHECK_JOB, UPLOAD_JOB, UploadOptions};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters};
use crate::http::rights::{May, Upload};
use crate::http::routes::jobs::JobAnswer;
use crate::http::state::AppState;

/// Most headings that are explained, and most characters of one.
const HEADINGS: (usize, usize) = (200, 200);

/// How an upload is to be understood.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CheckRequest {
    /// Number of the file that is the manifest (CSV or XLSX).
    manifest: Option<u32>,
    /// Whether each file is a case of its own.
    #[serde(default)]
    each_file: bool,
    /// What headings of the manifest mean: `archival_code`, `files`, `pages`, the code of a field, or `ignore`.
    #[serde(default)]
    headings: BTreeMap<String, String>,
}

/// Has an upload checked: which cases would come of it, how the manifest is understood, and what is wrong. Nothing is read by
/// OCR, and nothing becomes a case.
#[utoipa::path(post, path = "/api/v1/uploads/{upload}/check", tag = "uploads", operation_id = "check_upload",
    params(("upload" = String, Path, description = "Opaque id of the upload")),
    request_body = CheckRequest,
    responses(
        (status = 202, body = JobAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn check(
    State(state): State<AppState>,
    may: May<Upload>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    Body(request): Body<CheckRequest>,
) -> ApiResult<(StatusCode, Json<JobAnswer>)> {
    let [] = pairs.take([])?;
    let account = may.viewer().account_key;
    known(&state, account, &id).await?;
    let long = |text: &String| text.chars().count() > HEADINGS.1;
    if request.headings.len() > HEADINGS.0 || request.headings.iter().any(|(a, b)| long(a) || long(b)) {
        return Err(ApiError::new(ErrorCode::ValueTooLong)
            .with("parameter", "headings")
            .with("most", HEADINGS.1));
    }
    let options = UploadOptions {
        manifest: request.manifest,
        each_file: request.each_file,
        headings: request.headings,
    };
    let details = json!({"did": "check", "upload": id, "manifest": options.manifest.is_some()});
    may.record(Action::Upload, &details).await?;
    // No file gets its name while the files are counted.
    let turn = state.naming().await;
    state.archive().catalogue().check_upload(account, &id, options).await?;
    drop(turn);
    let answer = JobAnswer::read(&state, &may, (CHECK_JOB, &id)).await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// Gives an upload to the indexer as it was checked. Cases that the account does not see are not changed by it: an archival
/// code that is taken by one has to be put right first.
#[utoipa::path(post, path = "/api/v1/uploads/{upload}/ingest", tag = "uploads", operation_id = "ingest_upload",
    params(("upload" = String, Path, description = "Opaque id of the upload")),
    responses(
        (status = 202, body = JobAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn ingest(
    State(state): State<AppState>,
    may: May<Upload>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
) -> ApiResult<(StatusCode, Json<JobAnswer>)> {
    let [] = pairs.take([])?;
    let account = may.viewer().account_key;
    let upload = known(&state, account, &id).await?;
    let catalogue = state.archive().catalogue();
    let report = catalogue.upload_report(&upload).await?;
    let cases = report.map(|(report, _)| report.cases).unwrap_or_default();
    let (view, mut taken) = (may.view(), 0_u32);
    for case in &cases {
        if view.standing(&case.archival_code).await? == CaseStanding::Taken {
            taken += 1;
        }
    }
    if taken > 0 {
        return Err(ApiError::new(ErrorCode::CasesTaken).with("count", taken));
    }
    let details = json!({"did": "ingest", "upload": id, "cases": cases.len()});
    may.record(Action::Upload, &details).await?;
    catalogue.give_upload(account, &id).await?;
    let answer = JobAnswer::read(&state, &may, (UPLOAD_JOB, &id)).await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// Tries again what failed. What was read stays as it is.
#[utoipa::path(post, path = "/api/v1/uploads/{upload}/retry", tag = "uploads", operation_id = "retry_upload",
    params(("upload" = String, Path, description = "Opaque id of the upload")),
    responses(
        (status = 202, body = JobAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn retry(
    State(state): State<AppState>,
    may: May<Upload>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
) -> ApiResult<(StatusCode, Json<JobAnswer>)> {
    let [] = pairs.take([])?;
    let account = may.viewer().account_key;
    known(&state, account, &id).await?;
    may.record(Action::Upload, &json!({"did": "retry", "upload": id}))
        .await?;
    state.archive().catalogue().try_upload_again(account, &id).await?;
    let answer = JobAnswer::read(&state, &may, (UPLOAD_JOB, &id)).await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}
