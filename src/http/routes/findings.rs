//! `/api/v1/findings`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::access::Action;
use crate::analytics::findings::{Error, Parameters, Rule, Severity};
use crate::archive::{FindingAnswer, FindingDecisionAnswer, FindingState, FindingsAnswer, FindingsQuery};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters as PathParameters, read};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{Findings, May};

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct FindingsParameters {
    /// Codes of rules, e.g. `number_gap`, `over_time`; repeatable.
    rule: Option<Vec<String>>,
    /// Codes of severities: `high`, `medium`, `low`, `to_check`; repeatable.
    severity: Option<Vec<String>>,
    /// `open` (when left out), `dismissed` or `all`.
    state: Option<String>,
    /// Year (年度).
    year: Option<u32>,
    /// Name of the agency (审批机关).
    agency: Option<String>,
    /// Opaque id of a case that shows them.
    case: Option<String>,
    /// Months within which a grant after a refusal is told.
    #[param(minimum = 1, maximum = 120, default = 12)]
    months: Option<u32>,
    /// Page of the answer, from 1.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Findings on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    size: Option<u32>,
}

/// The parameters of one finding, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct FindingParameters {
    /// Months within which a grant after a refusal is told, as in the list.
    #[param(minimum = 1, maximum = 120, default = 12)]
    months: Option<u32>,
    /// Page of its cases, from 1.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Cases on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    size: Option<u32>,
}

/// What is decided on a finding.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct DecisionRequest {
    /// Whether it is a false alarm; `false` takes an earlier decision back.
    dismissed: bool,
    /// Why, 1 to 1000 characters.
    reason: String,
    /// Months within which a grant after a refusal is told, as in the list; 12 when left out.
    months: Option<u32>,
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Catalogue(error) => error.into(),
            Error::Interrupted => Self::new(ErrorCode::Internal),
        }
    }
}

fn invalid(name: &'static str) -> ApiError {
    ApiError::new(ErrorCode::InvalidParameter).with("parameter", name)
}

fn parameters(months: Option<u32>) -> ApiResult<Parameters> {
    let months = months.unwrap_or(Parameters::default().months);
    match Parameters::MONTHS.contains(&months) {
        true => Ok(Parameters { months }),
        false => Err(invalid("months")),
    }
}

/// First thing of a page, and how many.
pub(super) fn page_of(page: Option<&str>, size: Option<&str>) -> ApiResult<(u64, u32)> {
    let page: u64 = read("page", page)?.unwrap_or(1);
    let size: u32 = read("size", size)?.unwrap_or(limits::FINDINGS);
    if !limits::FINDINGS_ON_A_PAGE.contains(&size) {
        return Err(ApiError::new(ErrorCode::SizeOutOfRange).with("most", limits::FINDINGS_ON_A_PAGE.end()));
    }
    let offset = page.checked_sub(1).and_then(|before| before.checked_mul(size.into()));
    Ok((offset.ok_or_else(|| invalid("page"))?, size))
}

/// What runs on when nobody waits for it any more: who asks again finds it done.
async fn on_its_own<T: Send + 'static>(work: impl Future<Output = Result<T, Error>> + Send + 'static) -> ApiResult<T> {
    Ok(tokio::spawn(work).await.unwrap_or(Err(Error::Interrupted))?)
}

fn query(pairs: Vec<(String, String)>) -> ApiResult<(FindingsQuery, (u64, u32))> {
    let mut query = FindingsQuery::default();
    let mut others = Vec::new();
    for (name, value) in pairs {
        match name.as_str() {
            "rule" => query
                .rules
                .push(Rule::from_code(&value).ok_or_else(|| invalid("rule"))?),
            "severity" => {
                let severity = Severity::ALL.iter().find(|severity| severity.code() == value);
                query.severities.push(*severity.ok_or_else(|| invalid("severity"))?);
            }
            _ => others.push((name, value)),
        }
    }
    let [state, year, agency, case, months, page, size] =
        Pairs(others).take(["state", "year", "agency", "case", "months", "page", "size"])?;
    query.state = match state.as_deref() {
        None => Some(FindingState::Open),
        Some("all") => None,
        Some(code) => Some(FindingState::from_code(code).ok_or_else(|| invalid("state"))?),
    };
    query.year = read("year", year.as_deref())?;
    query.agency = agency.filter(|name| !name.is_empty());
    query.case_id = case.filter(|id| !id.is_empty());
    query.parameters = parameters(read("months", months.as_deref())?)?;
    Ok((query, page_of(page.as_deref(), size.as_deref())?))
}

/// What contradicts a rule, itself, or the habits of the archive (核查发现), the gravest first.
///
/// Only cases that may be seen are looked at; gaps in numbers are told to who sees all cases of the series. The first answer
/// after a change of a large archive takes a while; when it takes too long (504) the work goes on, and the same question is
/// answered when it is done.
#[utoipa::path(get, path = "/api/v1/findings", tag = "audit", params(FindingsParameters), responses(
    (status = 200, body = FindingsAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn findings(
    may: May<Findings>,
    Pairs(pairs): Pairs,
    language: Language,
) -> ApiResult<Json<FindingsAnswer>> {
    let (query, page) = query(pairs)?;
    let view = may.view();
    let details = json!({
        "rules": query.rules.iter().map(|rule| rule.code()).collect::<Vec<_>>(),
        "year": query.year, "offset": page.0,
    });
    let answer = on_its_own(async move { view.findings(&query, page, language.into()).await }).await?;
    may.record(Action::Findings, &details).await?;
    Ok(Json(answer))
}

/// A finding with its cases, a page at a time.
#[utoipa::path(get, path = "/api/v1/findings/{finding}", tag = "audit",
    params(("finding" = String, Path, description = "Opaque id of the finding"), FindingParameters),
    responses(
        (status = 200, body = FindingAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn finding(
    may: May<Findings>,
    PathParameters(id): PathParameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<FindingAnswer>> {
    let [months, page, size] = pairs.take(["months", "page", "size"])?;
    let parameters = parameters(read("months", months.as_deref())?)?;
    let (offset, limit) = page_of(page.as_deref(), size.as_deref())?;
    let page = (usize::try_from(offset).unwrap_or(usize::MAX), limit as usize);
    let view = may.view();
    let found = on_its_own(async move { view.finding(&id, parameters, page, language.into()).await }).await?;
    let found = found.ok_or_else(|| ApiError::new(ErrorCode::FindingNotFound))?;
    may.record(Action::Findings, &json!({"finding": found.id, "rule": found.rule}))
        .await?;
    Ok(Json(found))
}

/// Says that a finding is a false alarm, with a reason that is kept; or takes that back.
///
/// It holds as long as the same cases show the finding. Nothing of the cases is changed.
#[utoipa::path(post, path = "/api/v1/findings/{finding}/decisions", tag = "audit", operation_id = "decide_finding",
    params(("finding" = String, Path, description = "Opaque id of the finding")),
    request_body = DecisionRequest,
    responses(
        (status = 201, body = FindingDecisionAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn decide(
    may: May<Findings>,
    PathParameters(id): PathParameters<String>,
    pairs: Pairs,
    Body(request): Body<DecisionRequest>,
) -> ApiResult<(StatusCode, Json<FindingDecisionAnswer>)> {
    let [] = pairs.take([])?;
    let parameters = parameters(request.months)?;
    let view = may.view();
    let found = {
        let (view, id) = (view.clone(), id.clone());
        on_its_own(async move { view.finding(&id, parameters, (0, 0), Language::Chinese.into()).await }).await?
    };
    let found = found.ok_or_else(|| ApiError::new(ErrorCode::FindingNotFound))?;
    // Before it is made: what cannot be written down must not happen.
    let details = json!({"finding": found.id, "rule": found.rule, "dismissed": request.dismissed});
    may.record(Action::DecideFinding, &details).await?;
    let by = (may.viewer().person.as_str(), request.reason.as_str());
    let made = view.decide_finding(&id, parameters, request.dismissed, by).await?;
    let made = made.ok_or_else(|| ApiError::new(ErrorCode::FindingNotFound))?;
    Ok((StatusCode::CREATED, Json(made)))
}
