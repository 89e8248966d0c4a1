//! `/api/v1/result-sets`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use std::time::Instant;

use axum::Json;
use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::findings::page_of;
use crate::access::{Action, Viewer};
use crate::archive::{ComparisonAnswer, ResultSetAnswer, ResultSetError, ResultSetsAnswer, asked};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{May, Search};
use crate::search::SearchRequest;

/// A result to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ResultSetRequest {
    /// What it is called: 1 to 200 characters.
    name: String,
    /// The parameters of `GET /api/v1/search`, as they stand behind `?`: `q=…&year=2019`. Order, page and size do not matter.
    search: String,
}

/// The parameters of a comparison, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct ComparisonParameters {
    /// Page of the differences, from 1.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Differences on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    size: Option<u32>,
}

impl From<ResultSetError> for ApiError {
    fn from(error: ResultSetError) -> Self {
        match error {
            ResultSetError::Catalogue(error) => error.into(),
            ResultSetError::Search(error) => error.into(),
        }
    }
}

/// Who owns what an account keeps.
fn owner(viewer: &Viewer) -> String {
    format!("account:{}", viewer.account_key)
}

/// Keeps what a search finds now, to be compared later: its parameters, the state of index and catalogue, and the list of cases.
///
/// Nobody but who keeps it is told of it.
#[utoipa::path(post, path = "/api/v1/result-sets", tag = "audit", operation_id = "keep_result",
    request_body = ResultSetRequest,
    responses(
        (status = 201, body = ResultSetAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn keep(
    may: May<Search>,
    pairs: Pairs,
    Body(request): Body<ResultSetRequest>,
) -> ApiResult<(StatusCode, Json<ResultSetAnswer>)> {
    let [] = pairs.take([])?;
    let invalid = || ApiError::new(ErrorCode::InvalidParameter).with("parameter", "search");
    let uri = Uri::builder()
        .path_and_query(format!("/?{}", request.search.trim_start_matches('?')))
        .build()
        .map_err(|_| invalid())?;
    let Query(parameters) = Query::<Vec<(String, String)>>::try_from_uri(&uri).map_err(|_| invalid())?;
    let search = SearchRequest::from_pairs(parameters.clone())?;
    let mut details = asked(&search);
    details["kept"] = true.into();
    may.record(Action::ResultSet, &details).await?;
    let deadline = Instant::now() + limits::SEARCH_TIME;
    let owner = owner(may.viewer());
    let kept = may
        .view()
        .keep_result(&owner, &request.name, parameters, deadline)
        .await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// The results that the account keeps, the latest first.
#[utoipa::path(get, path = "/api/v1/result-sets", tag = "audit", operation_id = "kept_results",
    responses((status = 200, body = ResultSetsAnswer)))]
pub(in crate::http) async fn list(may: May<Search>, pairs: Pairs) -> ApiResult<Json<ResultSetsAnswer>> {
    let [] = pairs.take([])?;
    let listed = may.view().kept_results(&owner(may.viewer())).await?;
    let details = json!({"listed": listed.result_sets.len()});
    may.record(Action::ResultSet, &details).await?;
    Ok(Json(listed))
}

/// Searches again, and tells which cases came, went and changed since the result was kept, and why.
#[utoipa::path(get, path = "/api/v1/result-sets/{set}/comparison", tag = "audit", operation_id = "compare_result",
    params(("set" = String, Path, description = "Opaque id of the kept result"), ComparisonParameters),
    responses(
        (status = 200, body = ComparisonAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn compare(
    may: May<Search>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<ComparisonAnswer>> {
    let [page, size] = pairs.take(["page", "size"])?;
    let (offset, limit) = page_of(page.as_deref(), size.as_deref())?;
    let page = (usize::try_from(offset).unwrap_or(usize::MAX), limit as usize);
    let deadline = Instant::now() + limits::SEARCH_TIME;
    let owner = owner(may.viewer());
    let compared = may
        .view()
        .compare_result(&owner, &id, page, language.into(), deadline)
        .await?;
    let compared = compared.ok_or_else(|| ApiError::new(ErrorCode::ResultSetNotFound))?;
    may.record(Action::ResultSet, &json!({"compared": id, "total": compared.total}))
        .await?;
    Ok(Json(compared))
}
