//! `PUT /api/v1/uploads/{upload}/files/{file}`: the bytes of one file, written to disk as they come.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use futures_util::StreamExt;
use serde_json::json;
use tokio::time::timeout;

use super::answers::FileAnswer;
use super::{file_of, known};
use crate::access::Action;
use crate::catalogue::{self, IncomingFile, UploadFile, UploadFileState, UploadPath, UploadState};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{May, Upload};
use crate::http::state::{AppState, blocking};

/// Bytes that are written at a time.
const PIECE: usize = 1 << 20;

/// Receives the bytes of a file that was named before. It is there when all of them are; what breaks off is sent again from
/// its beginning.
#[utoipa::path(put, path = "/api/v1/uploads/{upload}/files/{file}", tag = "uploads", operation_id = "send_upload_file",
    params(
        ("upload" = String, Path, description = "Opaque id of the upload"),
        ("file" = u32, Path, description = "Number of the file in the upload"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, body = FileAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn send(
    State(state): State<AppState>,
    may: May<Upload>,
    Parameters((id, number)): Parameters<(String, u32)>,
    pairs: Pairs,
    language: Language,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<FileAnswer>> {
    let [] = pairs.take([])?;
    // A form of another site can send nothing like this without being asked first.
    if headers
        .get(CONTENT_TYPE)
        .is_none_or(|kind| kind != "application/octet-stream")
    {
        return Err(ApiError::new(ErrorCode::NotBytes));
    }
    let account = may.viewer().account_key;
    let upload = known(&state, account, &id).await?;
    let file = awaited(&upload, number)?;
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length != file.bytes) {
        return Err(ApiError::new(ErrorCode::UploadSize));
    }
    let _permit = state.upload_permit().await?;
    let path = UploadPath::parse(&file.path).map_err(|fault| ApiError::new(ErrorCode::Internal).because(fault))?;
    let (directory, upload_id, bytes) = (state.archive().directory().clone(), id.clone(), file.bytes);
    let coming = blocking(move || directory.receive(&upload_id, &path, bytes)).await??;
    let whole = receive(coming, body).await?;

    let _turn = state.naming().await;
    // Meanwhile the same file may have come by another way, or the upload may be over.
    let upload = known(&state, account, &id).await?;
    awaited(&upload, number)?;
    let sha256 = blocking(move || whole.finish()).await??;
    let sha256 = sha256.ok_or_else(|| ApiError::new(ErrorCode::UploadSize))?;
    let details = json!({"did": "send", "upload": id, "file": number, "bytes": bytes, "sha256": sha256});
    may.record(Action::Upload, &details).await?;
    let catalogue = state.archive().catalogue();
    catalogue.upload_file_came((account, &id), number, &sha256).await?;
    let upload = known(&state, account, &id).await?;
    Ok(Json(FileAnswer::new(file_of(&upload, number)?, language)))
}

/// A file whose bytes may come.
fn awaited(upload: &catalogue::Upload, number: u32) -> ApiResult<&UploadFile> {
    let file = file_of(upload, number)?;
    match (upload.state, file.state) {
        (UploadState::Open, UploadFileState::Named) => Ok(file),
        _ => Err(ApiError::new(ErrorCode::UploadState)),
    }
}

/// Writes what comes, a piece at a time.
async fn receive(mut coming: IncomingFile, body: Body) -> ApiResult<IncomingFile> {
    let mut frames = body.into_data_stream();
    let mut piece = Vec::with_capacity(PIECE);
    loop {
        let next = timeout(limits::STALLED_TIME, frames.next()).await;
        let next: Option<Result<Bytes, _>> = next.map_err(|_| ApiError::new(ErrorCode::UploadBroken))?;
        let ended = next.is_none();
        if let Some(bytes) = next {
            piece.extend_from_slice(&bytes.map_err(|_| ApiError::new(ErrorCode::UploadBroken))?);
        }
        if ended || piece.len() >= PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
            let written = blocking(move || coming.take(&full).map(|fits| (coming, fits))).await??;
            coming = written.0;
            if !written.1 {
                return Err(ApiError::new(ErrorCode::UploadSize));
            }
        }
        if ended {
            return Ok(coming);
        }
    }
}
