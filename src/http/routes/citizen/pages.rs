//! `GET /api/v1/citizen/cases/{id}/documents/{d}/pages/{p}` and its image

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::IF_NONE_MATCH;
use axum::response::Response;
use serde_json::json;

use crate::access::Action;
use crate::archive::PageAnswer;
use crate::http::citizen::Citizen;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::routes::images::{Asked, drawn};
use crate::http::routes::pages::has_image;
use crate::http::state::AppState;

/// The text of a page of an own case with lines, words and boxes. Names, numbers, addresses and telephones of others are
/// masked; the own are shown.
#[utoipa::path(get, operation_id = "citizen_page", path = "/api/v1/citizen/cases/{id}/documents/{d}/pages/{p}", tag = "citizen",
    params(
        ("id" = String, Path, description = "Opaque id of the case"),
        ("d" = u32, Path, description = "Position of the document"),
        ("p" = u32, Path, description = "Number of the page in the document's file"),
    ),
    responses(
        (status = 200, body = PageAnswer),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn page(
    State(state): State<AppState>,
    citizen: Citizen,
    Parameters((id, document, page)): Parameters<(String, u32, u32)>,
    pairs: Pairs,
) -> ApiResult<Json<PageAnswer>> {
    let [] = pairs.take([])?;
    citizen.about(&id);
    let found = citizen.view().page(&id, document, page).await?;
    let shown = found.ok_or_else(|| ApiError::new(ErrorCode::PageNotFound))?.page;
    let image = has_image(&state, &shown.address).await?;
    let details = json!({"document": document, "page": page});
    citizen.record(Action::ViewPage, &details).await?;
    Ok(Json(PageAnswer::new(id, shown, Vec::new(), image)))
}

/// The image of a page of an own case as JPEG, upright. What is of others is blackened in the image itself.
#[utoipa::path(get, operation_id = "citizen_page_image", path = "/api/v1/citizen/cases/{id}/documents/{d}/pages/{p}/image", tag = "citizen",
    params(
        ("id" = String, Path, description = "Opaque id of the case"),
        ("d" = u32, Path, description = "Position of the document"),
        ("p" = u32, Path, description = "Number of the page in the document's file"),
        ("width" = Option<u32>, Query, description = "Width in pixels", minimum = 16, maximum = 2400),
    ),
    responses(
        (status = 200, description = "The image", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 304, description = "The client has it already (`If-None-Match`)"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn image(
    State(state): State<AppState>,
    citizen: Citizen,
    Parameters((id, document, page)): Parameters<(String, u32, u32)>,
    pairs: Pairs,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let [width] = pairs.take(["width"])?;
    let asked = Asked::of_page(document, page, width.as_deref())?;
    citizen.about(&id);
    let found = citizen.view().page(&id, document, page).await?;
    let found = found.ok_or_else(|| ApiError::new(ErrorCode::PageNotFound))?;
    let known = headers.get_all(IF_NONE_MATCH).iter().cloned().collect();
    let response = drawn(&state, found, &asked, Vec::new(), known).await?;
    let details = json!({"document": document, "page": page, "width": width});
    citizen.record(Action::ViewImage, &details).await?;
    Ok(response)
}
