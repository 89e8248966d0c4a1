//! Personal data in full: `POST …/unmask` and `POST …/image`

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::images::{Asked, answer};
use super::pages::has_image;
use crate::access::{Action, PURPOSE_CHARACTERS, masked_query};
use crate::archive::{CaseAnswer, PageAnswer};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters};
use crate::http::language::Language;
use crate::http::rights::{May, Unmask};
use crate::http::state::AppState;

/// Why personal data is needed in full, and of what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct UnmaskRequest {
    /// Why, on one line of at most 200 characters: it stands in the audit log.
    reason: String,
    /// A page whose text is needed besides the case.
    page: Option<PagePlace>,
}

/// A page of a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PagePlace {
    /// Position of the document, from 1.
    document: u32,
    /// Number of the page in the document's file.
    page: u32,
}

/// Why an image is needed in full.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct UnmaskImageRequest {
    /// Why, on one line of at most 200 characters: it stands in the audit log.
    reason: String,
}

/// A case with personal data in full.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct UnmaskAnswer {
    /// The case.
    case: CaseAnswer,
    /// The page that was asked for.
    page: Option<PageAnswer>,
}

/// Shows a case, and one of its pages, with personal data in full. By right, with a reason, and written down as such.
#[utoipa::path(post, path = "/api/v1/cases/{id}/unmask", tag = "cases",
    params(("id" = String, Path, description = "Opaque id of the case")),
    request_body = UnmaskRequest,
    responses(
        (status = 200, body = UnmaskAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn unmask(
    State(state): State<AppState>,
    may: May<Unmask>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
    Body(request): Body<UnmaskRequest>,
) -> ApiResult<Json<UnmaskAnswer>> {
    let [] = pairs.take([])?;
    may.about(&id);
    let mut details = reason(&request.reason)?;
    let view = may.view().unmasked();
    let case = view.case(&id, language.into()).await?;
    let case = case.ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    let page = match &request.page {
        None => None,
        Some(place) => {
            details["document"] = place.document.into();
            details["page"] = place.page.into();
            let shown = view.page(&id, place.document, place.page).await?;
            let shown = shown.ok_or_else(|| ApiError::new(ErrorCode::PageNotFound))?.page;
            let image = has_image(&state, &shown.address).await?;
            Some(PageAnswer::new(id, shown, Vec::new(), image))
        }
    };
    may.record(Action::Unmask, &details).await?;
    Ok(Json(UnmaskAnswer { case, page }))
}

/// The image of one page with nothing blackened. By right, with a reason, and written down as such.
#[utoipa::path(post, path = "/api/v1/cases/{id}/documents/{d}/pages/{p}/image", tag = "cases",
    params(
        ("id" = String, Path, description = "Opaque id of the case"),
        ("d" = u32, Path, description = "Position of the document, from 1"),
        ("p" = u32, Path, description = "Number of the page in the document's file"),
        ("width" = Option<u32>, Query, description = "Width in pixels", minimum = 16, maximum = 2400),
        ("q" = Option<String>, Query, description = "Query as given to the search"),
    ),
    request_body = UnmaskImageRequest,
    responses(
        (status = 200, description = "The image", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn unmask_image(
    State(state): State<AppState>,
    may: May<Unmask>,
    Parameters((id, document, page)): Parameters<(String, u32, u32)>,
    pairs: Pairs,
    Body(request): Body<UnmaskImageRequest>,
) -> ApiResult<Response> {
    let asked = Asked::read(pairs, document, page)?;
    may.about(&id);
    let mut details = reason(&request.reason)?;
    let response = answer(&state, &may.view().unmasked(), &id, &asked, Vec::new()).await?;
    details["document"] = document.into();
    details["page"] = page.into();
    details["image"] = true.into();
    may.record(Action::Unmask, &details).await?;
    Ok(response)
}

/// The reason as the log says it.
pub(super) fn reason(text: &str) -> ApiResult<Value> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ApiError::new(ErrorCode::ValueMissing).with("parameter", "reason"));
    }
    if text.chars().count() > PURPOSE_CHARACTERS || text.chars().any(char::is_control) {
        return Err(ApiError::new(ErrorCode::ValueTooLong)
            .with("parameter", "reason")
            .with("most", PURPOSE_CHARACTERS));
    }
    Ok(json!({"reason": masked_query(text)}))
}
