//! `/api/v1/findings` and `GET /api/v1/findings/export`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::access::Action;
use crate::analytics::findings::{Error, Parameters};
use crate::archive::{FindingAnswer, FindingDecisionAnswer, FindingsAnswer, FindingsQuery, asked_findings};
use crate::export::export_findings;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters as PathParameters, read};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{Export, Findings, May};
use crate::http::routes::exports::{Export as TakenOut, split_format};
use crate::http::state::AppState;

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
    /// Names of agencies (审批机关); repeatable.
    agency: Option<Vec<String>>,
    /// Opaque id of a case that shows them.
    case: Option<String>,
    /// Months within which a grant after a refusal is told.
    #[param(minimum = 1, maximum = 120, default = 12)]
    months: Option<u32>,
}

/// Which page, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct PageParameters {
    /// Page of the findings, or of the cases of one, from 1.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Findings, or cases, on a page.
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
pub(super) async fn on_its_own<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> ApiResult<T> {
    Ok(tokio::spawn(work).await.unwrap_or(Err(Error::Interrupted))?)
}

/// What contradicts a rule, itself, or the habits of the archive (核查发现), the gravest first.
///
/// Only cases that may be seen are looked at; gaps in numbers are told to who sees all cases of the series. The first answer
/// after a change of a large archive takes a while; when it takes too long (504) the work goes on, and the same question is
/// answered when it is done.
#[utoipa::path(get, path = "/api/v1/findings", tag = "audit", params(FindingsParameters, PageParameters), responses(
    (status = 200, body = FindingsAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn findings(
    may: May<Findings>,
    Pairs(mut pairs): Pairs,
    language: Language,
) -> ApiResult<Json<FindingsAnswer>> {
    let query = FindingsQuery::take(&mut pairs)?;
    let [page, size] = Pairs(pairs).take(["page", "size"])?;
    let page = page_of(page.as_deref(), size.as_deref())?;
    let view = may.view();
    let mut details = asked_findings(&query);
    details["offset"] = page.0.into();
    let answer = on_its_own(async move { view.findings(&query, page, language.into()).await }).await?;
    may.record(Action::Findings, &details).await?;
    Ok(Json(answer))
}

/// All findings that are asked for, as a table: a row for each, the gravest first.
///
/// Takes what `GET /api/v1/findings` takes, but for paging. Needs the right `export` besides. The last rows, the last sheet, or
/// the last line say what was asked for, by whom, within which mandate and from what state of the archive, with a checksum
/// of the rows.
#[utoipa::path(get, operation_id = "export_findings", path = "/api/v1/findings/export", tag = "audit",
    params(("format" = String, Query, description = "`csv`, `xlsx` (dates and numbers as such) or `jsonl`"), FindingsParameters),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn export(
    State(state): State<AppState>,
    may: May<Findings>,
    take: May<Export>,
    Pairs(pairs): Pairs,
    language: Language,
) -> ApiResult<Response> {
    let (format, mut pairs) = split_format(pairs)?;
    let query = FindingsQuery::take(&mut pairs)?;
    let [] = Pairs(pairs).take([])?;
    let permit = state.export_permit().await?;
    let view = may.view();
    let selected = {
        let (view, query) = (view.clone(), query.clone());
        on_its_own(async move { view.select_findings(&query, language.into()).await }).await?
    };
    let mut details = asked_findings(&query);
    details["of"] = "findings".into();
    details["total"] = selected.len().into();
    let options = take.export_options(language);
    let taken = TakenOut::table("findings", format, details);
    taken
        .send(take, permit, async move |out| {
            export_findings(&view, (&selected, &query), format, &options, out).await
        })
        .await
}

/// A finding with its cases, a page at a time.
#[utoipa::path(get, path = "/api/v1/findings/{finding}", tag = "audit",
    params(("finding" = String, Path, description = "Opaque id of the finding"),
        ("months" = Option<u32>, Query, description = "Months within which a grant after a refusal is told, as in the list"), PageParameters),
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
