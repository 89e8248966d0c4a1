//! `GET /api/v1/reviews`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use serde_json::json;
use utoipa::IntoParams;

use crate::access::Action;
use crate::archive::ReviewsAnswer;
use crate::catalogue::ReviewFilter;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, read};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{May, Review};
use crate::review::ReviewReason;

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct ReviewParameters {
    /// Codes of reasons, e.g. `check_digit`, `conflict`, `missing_field`; repeatable.
    reason: Option<Vec<String>>,
    /// Year (年度) of the case.
    year: Option<u32>,
    /// Name of the agency (审批机关).
    agency: Option<String>,
    /// Page of the answer, from 1.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Things on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    size: Option<u32>,
}

/// What needs eyes (复核清单), ranked by what it would cost to be wrong.
///
/// A thing leaves the queue when a correction settles it, or when a correction with `review` says that it was checked.
#[utoipa::path(get, path = "/api/v1/reviews", tag = "corrections", params(ReviewParameters), responses(
    (status = 200, body = ReviewsAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn reviews(
    may: May<Review>,
    Pairs(pairs): Pairs,
    language: Language,
) -> ApiResult<Json<ReviewsAnswer>> {
    let (reasons, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "reason");
    let invalid = |name| ApiError::new(ErrorCode::InvalidParameter).with("parameter", name);
    let reasons = reasons
        .iter()
        .map(|(_, code)| ReviewReason::from_code(code).ok_or_else(|| invalid("reason")))
        .collect::<ApiResult<Vec<_>>>()?;
    let [year, agency, page, size] = Pairs(others).take(["year", "agency", "page", "size"])?;
    let page: u64 = read("page", page.as_deref())?.unwrap_or(1);
    let size: u32 = read("size", size.as_deref())?.unwrap_or(limits::REVIEWS);
    if !limits::REVIEWS_ON_A_PAGE.contains(&size) {
        return Err(ApiError::new(ErrorCode::SizeOutOfRange).with("most", limits::REVIEWS_ON_A_PAGE.end()));
    }
    let offset = page.checked_sub(1).and_then(|before| before.checked_mul(size.into()));
    let filter = ReviewFilter {
        reasons,
        year: read("year", year.as_deref())?,
        agency: agency.filter(|name| !name.is_empty()),
        case_key: None,
    };
    let offset = offset.ok_or_else(|| invalid("page"))?;
    let answer = may.view().reviews(&filter, offset, size, language.into()).await?;
    let details = json!({"total": answer.total, "page": page});
    may.record(Action::Review, &details).await?;
    Ok(Json(answer))
}
