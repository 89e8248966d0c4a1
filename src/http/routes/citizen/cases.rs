//! `GET /api/v1/citizen/cases` and `GET /api/v1/citizen/cases/{id}`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use serde_json::json;
use utoipa::IntoParams;

use crate::access::Action;
use crate::archive::{OwnCaseAnswer, OwnCasesAnswer};
use crate::http::citizen::Citizen;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters, read};
use crate::http::language::Language;
use crate::http::limits;

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct OwnParameters {
    /// Page, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<u32>,
    /// Cases on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    size: Option<u32>,
}

/// Cases on a page, as asked for.
pub(in crate::http::routes) fn size(text: Option<&str>) -> ApiResult<u32> {
    let size = read("size", text)?.unwrap_or(limits::OWN);
    match limits::OWN_ON_A_PAGE.contains(&size) {
        true => Ok(size),
        false => Err(ApiError::new(ErrorCode::SizeOutOfRange).with("most", limits::OWN_ON_A_PAGE.end())),
    }
}

/// The own history over the years, the newest first, with how far each case is in plain words and what is missing.
///
/// Cases whose applicant has the own number for certain; one whose number could not be read reliably is not among them
/// until the archive has confirmed it. No secret case, no withdrawn one.
#[utoipa::path(get, operation_id = "citizen_cases", path = "/api/v1/citizen/cases", tag = "citizen", params(OwnParameters), responses(
    (status = 200, body = OwnCasesAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn cases(
    citizen: Citizen,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<OwnCasesAnswer>> {
    let [page, asked] = pairs.take(["page", "size"])?;
    let size = size(asked.as_deref())?;
    let page: u32 = read("page", page.as_deref())?.unwrap_or(1);
    if page == 0 {
        return Err(ApiError::new(ErrorCode::InvalidParameter).with("parameter", "page"));
    }
    let answer = citizen.view().cases(page, size, language.into()).await?;
    let details = json!({"page": page, "cases": answer.cases.len()});
    citizen.record(Action::OwnCases, &details).await?;
    Ok(Json(answer))
}

/// An own case with the papers that were sent by or to the applicant (申请、受理、补正、决定、证照、送达). What the agency wrote for itself is
/// not among them. A case of somebody else is answered like one that does not exist.
#[utoipa::path(get, operation_id = "citizen_case", path = "/api/v1/citizen/cases/{id}", tag = "citizen",
    params(("id" = String, Path, description = "Opaque id of the case")),
    responses(
        (status = 200, body = OwnCaseAnswer),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn case(
    citizen: Citizen,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<OwnCaseAnswer>> {
    let [] = pairs.take([])?;
    citizen.about(&id);
    let case = citizen.view().case(&id).await?;
    let case = case.ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    citizen.record(Action::ViewCase, &json!({})).await?;
    Ok(Json(OwnCaseAnswer::new(&case, language.into())))
}
