//! `GET /api/v1/search`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use axum::extract::State;
use utoipa::IntoParams;

use crate::access::Action;
use crate::archive::asked;
use crate::http::error::{ApiResult, Problem};
use crate::http::extract::Pairs;
use crate::http::rights::{May, Search};
use crate::http::state::AppState;
use crate::search::{SearchRequest, SearchResponse};

/// The parameters, for the description; [`SearchRequest::from_pairs`] reads them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct SearchParameters {
    /// What to search for: words (all must occur), `"a phrase"`, `-excluded`, `OR`, parentheses, and fields such as
    /// `文号:` `档号:` `受理编号:` `申请人:` `事项:` `机关:` `年度:2015..2020` `结果:` `文种:` `区划:`. At most 256 characters.
    /// Without it all cases are listed.
    q: Option<String>,
    /// Years (年度), also ranges such as `2015..2020`. Repeat a facet's parameter to select several values.
    year: Option<Vec<String>>,
    /// Agencies (审批机关) as counted by the facet.
    agency: Option<Vec<String>>,
    /// Codes of regions (行政区划) of any level.
    region: Option<Vec<String>>,
    /// Matters (审批事项) as counted by the facet.
    matter: Option<Vec<String>>,
    /// Codes of outcomes (决定结果).
    outcome: Option<Vec<String>>,
    /// Codes of kinds of documents (文种) that the case holds.
    document_kind: Option<Vec<String>>,
    /// Codes of kinds of applicants (申请人类型).
    applicant_kind: Option<Vec<String>>,
    /// Codes of retentions (保管期限).
    retention: Option<Vec<String>>,
    /// `high`, `medium`, `low` or `none` (识别质量).
    ocr_quality: Option<Vec<String>>,
    /// Categories of matters (许可类别) of the archive's table: `普通`, `特许`, `认可`, `核准`, `登记`, `其他`, or `未列` for
    /// matters that it does not name.
    category: Option<Vec<String>>,
    /// Whether it was decided within the legal limit (法定时限): `within`, `over`, or `unknown` when that cannot be computed.
    time_limit: Option<Vec<String>>,
    /// What the case lacks, all of it: `year`, `date`, `agency`, `province`, `city`, `county`, `matter`, `outcome`,
    /// `applicant_kind`, `retention`, `accepted_on`, `decided_on`; of what is expected `stage_application`,
    /// `stage_acceptance`, `stage_review`, `stage_decision`, `stage_service`, `document` (that the contents list names),
    /// `readable` (files and pages that can be read).
    missing: Option<Vec<String>>,
    /// First date of decision, e.g. `2019-05-07`.
    from: Option<String>,
    /// Last date of decision.
    to: Option<String>,
    /// `relevance`, `date` (latest first), `date_asc` or `number`. Without it: by relevance when there is a query,
    /// else by date.
    sort: Option<String>,
    /// Page of the answer, from 1; `page × size` is at most 10000.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// In place of `page`: goes on behind the last hit of an answer, whose `next` this is, to any depth. The same search
    /// with the same order must be asked; what is added or changed meanwhile moves no other case to another page.
    after: Option<String>,
    /// Hits on a page.
    #[param(minimum = 1, maximum = 100, default = 10)]
    size: Option<u32>,
    /// `false`: only what was typed, no predecessors and successors of agencies, synonyms or names by pinyin. Quotes do
    /// the same for one word.
    #[param(default = true)]
    expand: Option<bool>,
    /// Facets to count, by their parameters' names, separated by commas, or `all`.
    facets: Option<String>,
}

/// Searches the cases.
///
/// A case must have one of the values selected of each facet. Total, hits and facet counts come from one state of the index; the
/// counts of a facet leave its own selection aside, so that other values stay visible. `marks` are character
/// positions `[from, to)` in the snippet's `text`. Answers 503 with `index_not_ready` before the first ingest and with
/// `busy` when all places are taken.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(SearchParameters), responses(
    (status = 200, body = SearchResponse),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn search(
    State(state): State<AppState>,
    may: May<Search>,
    Pairs(pairs): Pairs,
) -> ApiResult<Json<SearchResponse>> {
    let request = SearchRequest::from_pairs(pairs)?;
    let mut details = asked(&request);
    let answer = state.search(may.view(), request).await?;
    details["total"] = answer.total.into();
    may.record(Action::Search, &details).await?;
    Ok(Json(answer))
}
