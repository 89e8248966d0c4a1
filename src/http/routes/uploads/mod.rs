//! `/api/v1/uploads`: files are named, sent one by one, checked, and given to the indexer.
//!
//! Names of files may name people: they stand in bodies only, never in an address, a log or an error.

pub(in crate::http) mod answers;
pub(in crate::http) mod send;
pub(in crate::http) mod steps;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use self::answers::{NamedFile, NamedFilesAnswer, UploadAnswer, UploadsAnswer};
use crate::access::Action;
use crate::catalogue::{UploadLimits, UploadRefusal};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{May, Upload};
use crate::http::state::{AppState, blocking};

/// Files that will be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NameFilesRequest {
    /// The files.
    files: Vec<FileToSend>,
}

/// A file that will be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct FileToSend {
    /// Its path below the folder of the upload, with `/` between the parts.
    path: String,
    /// Its size.
    bytes: u64,
}

pub(super) const LIMITS: UploadLimits = UploadLimits {
    uploads: limits::UPLOADS,
    files: limits::UPLOAD_FILES,
    bytes: limits::UPLOAD_BYTES,
};

/// Begins an upload.
///
/// Next: name the files, send each, have the upload checked, look at what the check found, give it to the indexer.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "uploads", operation_id = "begin_upload",
    responses(
        (status = 201, body = UploadAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn begin(
    State(state): State<AppState>,
    may: May<Upload>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<(StatusCode, Json<UploadAnswer>)> {
    let [] = pairs.take([])?;
    close_stale(&state).await?;
    let upload = state
        .archive()
        .catalogue()
        .begin_upload(may.viewer().account_key, LIMITS)
        .await?;
    may.record(Action::Upload, &json!({"did": "begin", "upload": upload.upload_id}))
        .await?;
    let answer = UploadAnswer::read(&state, &may, &upload.upload_id, language).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The uploads of the account that are not closed, and the latest of the others.
#[utoipa::path(get, path = "/api/v1/uploads", tag = "uploads", operation_id = "uploads",
    responses(
        (status = 200, body = UploadsAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    may: May<Upload>,
    pairs: Pairs,
) -> ApiResult<Json<UploadsAnswer>> {
    let [] = pairs.take([])?;
    let answer = UploadsAnswer::read(&state, may.viewer().account_key).await?;
    may.record(Action::Upload, &json!({"did": "list"})).await?;
    Ok(Json(answer))
}

/// An upload with its files, what its check found, and its jobs.
#[utoipa::path(get, path = "/api/v1/uploads/{upload}", tag = "uploads", operation_id = "upload",
    params(("upload" = String, Path, description = "Opaque id of the upload")),
    responses(
        (status = 200, body = UploadAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn one(
    State(state): State<AppState>,
    may: May<Upload>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<UploadAnswer>> {
    let [] = pairs.take([])?;
    let answer = UploadAnswer::read(&state, &may, &id, language).await?;
    may.record(Action::Upload, &json!({"did": "view", "upload": answer.upload_id}))
        .await?;
    Ok(Json(answer))
}

/// Names files that will be sent; tells under which number each is sent, or why it cannot be taken.
///
/// No path is taken that leads out of the upload, that some system cannot have, or that differs from another in nothing but
/// case.
#[utoipa::path(post, path = "/api/v1/uploads/{upload}/files", tag = "uploads", operation_id = "name_upload_files",
    params(("upload" = String, Path, description = "Opaque id of the upload")),
    request_body = NameFilesRequest,
    responses(
        (status = 200, body = NamedFilesAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn name_files(
    State(state): State<AppState>,
    may: May<Upload>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
    Body(request): Body<NameFilesRequest>,
) -> ApiResult<Json<NamedFilesAnswer>> {
    let [] = pairs.take([])?;
    let (fit, large): (Vec<FileToSend>, Vec<FileToSend>) = request
        .files
        .into_iter()
        .partition(|file| file.bytes <= limits::UPLOAD_FILE_BYTES);
    let fit: Vec<(String, u64)> = fit.into_iter().map(|file| (file.path, file.bytes)).collect();
    let catalogue = state.archive().catalogue();
    let numbers = catalogue
        .name_upload_files(may.viewer().account_key, &id, &fit, LIMITS)
        .await?;
    let named = fit.into_iter().zip(numbers);
    let named = named.map(|((path, _), number)| NamedFile::new(path, number, language));
    let refused = large.into_iter().map(|file| NamedFile::too_large(file.path, language));
    let files: Vec<NamedFile> = named.chain(refused).collect();
    let details = json!({"did": "name", "upload": id, "files": files.len()});
    may.record(Action::Upload, &details).await?;
    Ok(Json(NamedFilesAnswer { files }))
}

/// Gives an upload up, or what is left of it. Its files are removed; cases that came of it stay.
#[utoipa::path(delete, path = "/api/v1/uploads/{upload}", tag = "uploads", operation_id = "close_upload",
    params(("upload" = String, Path, description = "Opaque id of the upload")),
    responses(
        (status = 204, description = "It is closed"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn close(
    State(state): State<AppState>,
    may: May<Upload>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
) -> ApiResult<StatusCode> {
    let [] = pairs.take([])?;
    let account = may.viewer().account_key;
    known(&state, account, &id).await?;
    may.record(Action::Upload, &json!({"did": "close", "upload": id}))
        .await?;
    // A file that is just getting its name gets it before, and goes with the others.
    let _turn = state.naming().await;
    state.archive().catalogue().close_upload(account, &id).await?;
    remove(&state, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An upload of the account.
pub(super) async fn known(state: &AppState, account: u64, id: &str) -> ApiResult<crate::catalogue::Upload> {
    let upload = state.archive().catalogue().upload(account, id).await?;
    upload.ok_or_else(|| ApiError::new(ErrorCode::UploadNotFound))
}

async fn remove(state: &AppState, id: String) -> ApiResult<()> {
    let directory = state.archive().directory().clone();
    Ok(blocking(move || directory.remove_upload(&id)).await??)
}

/// Closes uploads that nobody did anything with for a long time.
async fn close_stale(state: &AppState) -> ApiResult<()> {
    let days = SignedDuration::from_hours(24 * limits::UPLOAD_DAYS);
    let Ok(before) = Timestamp::now().checked_sub(days) else {
        return Ok(());
    };
    let stale = state
        .archive()
        .catalogue()
        .close_stale_uploads(&before.to_string())
        .await?;
    for id in stale {
        remove(state, id).await?;
    }
    Ok(())
}

/// A file number that the upload has.
pub(super) fn file_of(upload: &crate::catalogue::Upload, number: u32) -> ApiResult<&crate::catalogue::UploadFile> {
    let found = upload.files.iter().find(|file| file.number == number);
    found.ok_or_else(|| ApiError::of_upload_refusal(UploadRefusal::NoFile))
}
