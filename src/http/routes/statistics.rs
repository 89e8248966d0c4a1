//! `GET /api/v1/stats` and `GET /api/v1/stats/export`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use crate::access::Action;
use crate::archive::asked_statistics;
use crate::export::export_statistics;
use crate::http::error::{ApiResult, Problem};
use crate::http::extract::Pairs;
use crate::http::language::Language;
use crate::http::rights::{Export, May, Statistics};
use crate::http::routes::exports::{Export as TakenOut, split_format};
use crate::http::state::AppState;
use crate::search::statistics::{StatisticsRequest, StatisticsResponse};

/// Statistics of the cases that a search finds, exactly.
///
/// Takes what `GET /api/v1/search` takes, which chooses the cases; order and paging do not matter. All of them are counted, from
/// one state of the index. Each cell has the parameters of the search that lists its cases, whose total is its number of
/// cases. `within_limit`, `within_promise` and `not_computable` follow the Administrative Licensing Law (Art. 42, 45, 82)
/// and the archive's tables of holidays and time limits: a case whose dates are not known is never taken for one in time.
/// Answers 400 with `too_many_cells` when there are more than 20000.
#[utoipa::path(get, operation_id = "statistics", path = "/api/v1/stats", tag = "statistics",
    params(
        ("by" = Option<String>, Query, description = "At most two, separated by commas: `year`, `quarter`, `month`, `agency` (as named at the time), `office` (successions joined), `province`, `city`, `county`, `matter`, `category`, `outcome`, `applicant_kind`, `ocr_quality`, `retention`, `time_limit`. Without it all cases are one cell"),
        ("measures" = Option<String>, Query, description = "Figures, separated by commas, or `all`: `cases`, `pages`, `refusal_rate`, `median_days`, `p90_days`, `within_limit`, `within_promise`, `not_computable`, `confidence`, `high_quality`, `complete`. Without it `cases`"),
        ("compare_from" = Option<String>, Query, description = "First date of another period for which the same is counted, in place of `from` and `to`"),
        ("compare_to" = Option<String>, Query, description = "Last date of that period"),
        ("q" = Option<String>, Query, description = "What to search for; every other parameter of the search may stand beside it"),
    ),
    responses(
        (status = 200, body = StatisticsResponse),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn statistics(
    State(state): State<AppState>,
    may: May<Statistics>,
    Pairs(pairs): Pairs,
    language: Language,
) -> ApiResult<Json<StatisticsResponse>> {
    let request = StatisticsRequest::from_pairs(pairs)?;
    let mut details: Value = asked_statistics(&request);
    let mut answer = state.statistics(may.view(), request).await?;
    if language == Language::English {
        answer.label_in_english();
    }
    details["total"] = answer.total.into();
    may.record(Action::Statistics, &details).await?;
    Ok(Json(answer))
}

/// The same statistics as a table: a row for each cell, with the parameters of the search that lists its cases.
///
/// Takes what `GET /api/v1/stats` takes. Needs the right `export` besides. The last rows, the last sheet, or the last line say
/// what was asked for, by whom, within which mandate and from what state of the archive, with a checksum of the rows.
#[utoipa::path(get, operation_id = "export_statistics", path = "/api/v1/stats/export", tag = "statistics",
    params(
        ("format" = String, Query, description = "`csv`, `xlsx` (shares and counts as numbers) or `jsonl`"),
        ("by" = Option<String>, Query, description = "As in `GET /api/v1/stats`; so are all other parameters"),
    ),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn export(
    State(state): State<AppState>,
    may: May<Statistics>,
    take: May<Export>,
    Pairs(pairs): Pairs,
    language: Language,
) -> ApiResult<Response> {
    let (format, pairs) = split_format(pairs)?;
    let request = StatisticsRequest::from_pairs(pairs)?;
    let mut details = asked_statistics(&request);
    let permit = state.export_permit().await?;
    let (view, search) = (may.view(), request.search().clone());
    let mut answer = state.statistics(view.clone(), request).await?;
    if language == Language::English {
        answer.label_in_english();
    }
    details["of"] = "statistics".into();
    details["total"] = answer.total.into();
    let options = take.export_options(language);
    let taken = TakenOut::table("statistics", format, details);
    taken
        .send(take, permit, async move |out| {
            let criteria = view.criteria(&search, &answer.understood);
            export_statistics(&view, (&answer, &criteria), format, &options, out)
        })
        .await
}
