//! `GET /api/v1/cases/{id}/documents/{d}/pages/{p}`

use axum::Json;
use axum::extract::State;
use serde_json::json;

use crate::access::Action;
use crate::archive::PageAnswer;
use crate::catalogue::{PageAddress, Rendition};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::rights::{May, ReadCases};
use crate::http::state::AppState;

/// The text of one page with lines, words and boxes, and what to mark for a query. Personal data is masked, character by
/// character, so that boxes and marks stay where they are.
///
/// Pages bear the numbers that they have in their file; see `first_page` and `page_count` of the document. A mark
/// names a line, characters `[from, to)` of it, and their box.
#[utoipa::path(get, path = "/api/v1/cases/{id}/documents/{d}/pages/{p}", tag = "cases",
    params(
        ("id" = String, Path, description = "Opaque id of the case"),
        ("d" = u32, Path, description = "Position of the document, from 1"),
        ("p" = u32, Path, description = "Number of the page in the document's file"),
        ("q" = Option<String>, Query, description = "Query as given to the search"),
    ),
    responses(
        (status = 200, body = PageAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn page(
    State(state): State<AppState>,
    may: May<ReadCases>,
    Parameters((id, document, page)): Parameters<(String, u32, u32)>,
    pairs: Pairs,
) -> ApiResult<Json<PageAnswer>> {
    let [query] = pairs.take(["q"])?;
    may.about(&id);
    let view = may.view();
    let found = view.page(&id, document, page).await?;
    let shown = found.ok_or_else(|| ApiError::new(ErrorCode::PageNotFound))?.page;
    let marks = view.marks(query.as_deref(), &shown.page)?;
    let image = has_image(&state, &shown.address).await?;
    let details = json!({"document": document, "page": page});
    may.record(Action::ViewPage, &details).await?;
    Ok(Json(PageAnswer::new(id, shown, marks, image)))
}

/// Whether there is an image of a page.
pub(super) async fn has_image(state: &AppState, address: &PageAddress) -> ApiResult<bool> {
    let (directory, address) = (state.archive().directory().clone(), address.clone());
    let look = move || directory.has_page_image(&address.content_id, address.page, Rendition::Reading);
    tokio::task::spawn_blocking(look)
        .await
        .map_err(|error| ApiError::new(ErrorCode::Internal).because(error))?
        .map_err(ApiError::from)
}
