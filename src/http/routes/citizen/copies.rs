//! `GET /api/v1/citizen/cases/{id}/certified-copy` and `GET /api/v1/verify/{code}`

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use utoipa::ToSchema;

use crate::access::{Action, ReadableCode};
use crate::catalogue::CertifiedCopy;
use crate::export::{Certificate, PrintFont, export_certified_copy};
use crate::http::citizen::Citizen;
use crate::http::codes::ErrorCode;
use crate::http::download::Download;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::limits;
use crate::http::state::AppState;
use crate::http::trail::Trail;

/// Whether a copy is genuine.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct VerificationAnswer {
    /// Whether a copy with this code was issued.
    genuine: bool,
    /// The day on which it was issued, `YYYY-MM-DD`, in Chinese time.
    issued_on: Option<String>,
    /// SHA-256 of the file that was issued, in hexadecimal digits: a file with another one was changed.
    sha256: Option<String>,
}

/// The papers of an own case as a searchable PDF, others hidden in text and image. Below each page stand the archive, the day, and
/// a verification code with its QR code.
///
/// The archive keeps the SHA-256 of the file with the code; see `GET /api/v1/verify/{code}`.
#[utoipa::path(get, path = "/api/v1/citizen/cases/{id}/certified-copy", tag = "citizen",
    params(("id" = String, Path, description = "Opaque id of the case")),
    responses(
        (status = 200, description = "The copy", body = Vec<u8>, content_type = "application/pdf"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn certified_copy(
    State(state): State<AppState>,
    citizen: Citizen,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
) -> ApiResult<Response> {
    let [] = pairs.take([])?;
    citizen.about(&id);
    let own = citizen.view().case(&id).await?;
    let own = own.ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    let pages: u32 = own.documents.iter().map(|document| document.page_count).sum();
    if own.documents.is_empty() {
        return Err(ApiError::new(ErrorCode::NothingToCopy));
    }
    if pages > limits::COPY_PAGES {
        return Err(ApiError::new(ErrorCode::CopyTooLarge).with("most", limits::COPY_PAGES));
    }
    let code = ReadableCode::random();
    let service = &state.site().citizen;
    let certificate = Certificate {
        archive: service.archive.clone(),
        issued_on: state.access().today(),
        verification: service.verification(&code.to_string()),
        code: code.clone(),
    };
    let (archive, runtime) = (state.archive().clone(), Handle::current());
    let issued_on = certificate.issued_on;
    // Pages are drawn and packed here, which takes a while.
    let work = move || {
        let mut file = Vec::new();
        let written = export_certified_copy(&archive, &own, &certificate, PrintFont::find, &mut file);
        runtime
            .block_on(written)
            .map_err(|error| ApiError::new(ErrorCode::CopyFailed).because(error))?;
        Ok(file)
    };
    let file = state.image_work(work).await?;
    let copy = CertifiedCopy {
        issued_on,
        sha256: hex::encode(Sha256::digest(&file)),
    };
    let entry = citizen.entry(Action::CertifiedCopy, &json!({"pages": pages, "sha256": copy.sha256}));
    state.access().record_copy(&code, &copy, entry).await?;
    citizen.recorded();
    // Letters of ours only, nothing of the case: what stands in a header reaches every program on the way.
    let copy = Download {
        name: format!("copy-{code}.pdf"),
        media_type: "application/pdf",
        shown: false,
    };
    Ok(copy.response(file.into()))
}

/// Whether a certified copy is genuine, for anybody who holds one: whether such a copy was issued, when, and the hash of its file.
/// Never whose it is. Who asks very often has to wait.
#[utoipa::path(get, path = "/api/v1/verify/{code}", tag = "citizen",
    params(("code" = String, Path, description = "Verification code; case, blanks and dashes do not matter")),
    responses(
        (status = 200, body = VerificationAnswer),
        (status = 429, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn verify(
    State(state): State<AppState>,
    trail: Trail,
    Parameters(code): Parameters<String>,
    pairs: Pairs,
) -> ApiResult<Json<VerificationAnswer>> {
    let [] = pairs.take([])?;
    trail.requires(Action::VerifyCopy);
    let copy = state.access().verify_copy(&code, trail.peer(), &trail.actor()).await?;
    trail.written();
    Ok(Json(VerificationAnswer {
        genuine: copy.is_some(),
        issued_on: copy.as_ref().map(|copy| copy.issued_on.to_string()),
        sha256: copy.map(|copy| copy.sha256),
    }))
}
