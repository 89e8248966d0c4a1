//! `GET /api/v1/cases/{id}/documents/{d}/pages/{p}/image`

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::access::Action;
use crate::archive::{ShownPage, View};
use crate::catalogue::Rendition;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters, read};
use crate::http::limits;
use crate::http::rights::{May, ReadCases};
use crate::http::state::AppState;
use crate::page_image::{self, Drawing};
use crate::record::PixelBox;

/// The image of one page as JPEG, upright, with personal data blackened.
///
/// `width` scales it down to that many pixels, never up; without it the image is as large as it is kept. `q` draws
/// translucent yellow boxes over what the query finds, for clients that cannot draw them from the page's marks.
#[utoipa::path(get, path = "/api/v1/cases/{id}/documents/{d}/pages/{p}/image", tag = "cases",
    params(
        ("id" = String, Path, description = "Opaque id of the case"),
        ("d" = u32, Path, description = "Position of the document, from 1"),
        ("p" = u32, Path, description = "Number of the page in the document's file"),
        ("width" = Option<u32>, Query, description = "Width in pixels", minimum = 16, maximum = 2400),
        ("q" = Option<String>, Query, description = "Query as given to the search"),
    ),
    responses(
        (status = 200, description = "The image", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 304, description = "The client has it already (`If-None-Match`)"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn page_image(
    State(state): State<AppState>,
    may: May<ReadCases>,
    Parameters((id, document, page)): Parameters<(String, u32, u32)>,
    pairs: Pairs,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let asked = Asked::read(pairs, document, page)?;
    may.about(&id);
    let known = headers.get_all(IF_NONE_MATCH).iter().cloned().collect();
    let response = answer(&state, &may.view(), &id, &asked, known).await?;
    let details = json!({"document": document, "page": page, "width": asked.width});
    may.record(Action::ViewImage, &details).await?;
    Ok(response)
}

/// Which image is asked for.
pub(super) struct Asked {
    document: u32,
    page: u32,
    width: Option<u32>,
    query: Option<String>,
}

impl Asked {
    pub(super) fn read(pairs: Pairs, document: u32, page: u32) -> ApiResult<Self> {
        let [width, query] = pairs.take(["width", "q"])?;
        Ok(Self {
            query,
            ..Self::of_page(document, page, width.as_deref())?
        })
    }

    pub(super) fn of_page(document: u32, page: u32, width: Option<&str>) -> ApiResult<Self> {
        let width: Option<u32> = read("width", width)?;
        if width.is_some_and(|width| !limits::IMAGE_WIDTH.contains(&width)) {
            return Err(ApiError::new(ErrorCode::InvalidParameter).with("parameter", "width"));
        }
        Ok(Self {
            document,
            page,
            width,
            query: None,
        })
    }
}

/// The image as a view shows it; nothing but its tag when the client has it, by its `If-None-Match`.
pub(super) async fn answer(
    state: &AppState,
    view: &View,
    id: &str,
    asked: &Asked,
    known: Vec<HeaderValue>,
) -> ApiResult<Response> {
    let found = view.page(id, asked.document, asked.page).await?;
    let found = found.ok_or_else(|| ApiError::new(ErrorCode::PageNotFound))?;
    let marks = view.marks(asked.query.as_deref(), &found.page.page)?;
    let boxes = marks.iter().filter_map(|mark| mark.area).collect();
    drawn(state, found, asked, boxes, known).await
}

/// The image of a page that may be seen, with boxes to mark.
pub(super) async fn drawn(
    state: &AppState,
    found: ShownPage,
    asked: &Asked,
    boxes: Vec<PixelBox>,
    known: Vec<HeaderValue>,
) -> ApiResult<Response> {
    let page = asked.page;
    let (address, record) = (found.page.address, found.page.page);
    let drawing = Drawing {
        width: asked.width,
        page_size: (record.width, record.height),
        boxes,
        hidden: found.hidden,
    };
    let directory = state.archive().directory().clone();
    let work = move || {
        let kept = |rendition| directory.read_page_image(&address.content_id, page, rendition);
        let missing = || ApiError::new(ErrorCode::ImageNotFound);
        // A width that the thumbnail has is taken from it, unless there is something to draw.
        let small = match drawing.width {
            Some(width) if drawing.boxes.is_empty() => match kept(Rendition::Thumbnail)? {
                Some(jpeg) if page_image::is_at_least(&jpeg, width) => Some(jpeg),
                _ => None,
            },
            _ => None,
        };
        let jpeg = match small {
            Some(jpeg) => jpeg,
            None => kept(Rendition::Reading)?.ok_or_else(missing)?,
        };
        let tag = drawing.tag(&jpeg);
        if known.iter().any(|header| names(header, &tag)) {
            return Ok((tag, None));
        }
        let image =
            page_image::draw(jpeg, &drawing).map_err(|error| ApiError::new(ErrorCode::ImageFailed).because(error))?;
        Ok((tag, Some(image)))
    };
    let (tag, image) = state.image_work(work).await?;
    let mut response = match image {
        Some(jpeg) => ([(CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))], jpeg).into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    // The client may keep the image but asks each time whether it still may see it.
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    Ok(response)
}

/// Whether an `If-None-Match` names a tag.
fn names(header: &HeaderValue, tag: &str) -> bool {
    let list = header.to_str().unwrap_or_default();
    list.split(',')
        .map(|part| part.trim().trim_start_matches("W/"))
        .any(|part| part == tag || part == "*")
}
