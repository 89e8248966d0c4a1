//! `GET /api/v1/samples`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use axum::extract::State;
use serde_json::json;
use utoipa::IntoParams;

use crate::access::Action;
use crate::analytics::sampling::{Plan, Stratum};
use crate::archive::SampleAnswer;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, read};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{Findings, May};
use crate::http::state::AppState;
use crate::search::SearchRequest;

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct SampleParameters {
    /// By what the population is told apart, codes separated by commas: `year`, `agency`, `region`, `matter`, `outcome`,
    /// `applicant_kind`, `retention`; a simple random sample when left out.
    by: Option<String>,
    /// Cases.
    #[param(minimum = 1, maximum = 1000, default = 60)]
    size: Option<u32>,
    /// Seed: a whole number. The same seed draws the same sample of the same population.
    seed: u64,
    /// Only cases that match, as in `GET /api/v1/search`, whose filters can be given, too.
    q: Option<String>,
}

/// A random sample of cases that anybody with the same seed draws again (可复现抽样).
///
/// Drawn from all cases that may be seen, or from those of them that match. The answer says how, and the hashes of both lists.
#[utoipa::path(get, path = "/api/v1/samples", tag = "audit", params(SampleParameters), responses(
    (status = 200, body = SampleAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn sample(
    may: May<Findings>,
    State(state): State<AppState>,
    Pairs(pairs): Pairs,
    language: Language,
) -> ApiResult<Json<SampleAnswer>> {
    let own = ["by", "size", "seed"];
    let (own, search): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| own.contains(&name.as_str()));
    let [by, size, seed] = Pairs(own).take(["by", "size", "seed"])?;
    let invalid = |name| ApiError::new(ErrorCode::InvalidParameter).with("parameter", name);
    let size: u32 = read("size", size.as_deref())?.unwrap_or(limits::SAMPLE);
    if !limits::SAMPLES.contains(&size) {
        return Err(ApiError::new(ErrorCode::SizeOutOfRange).with("most", limits::SAMPLES.end()));
    }
    let plan = Plan {
        by: Stratum::list(&by.unwrap_or_default()).ok_or_else(|| invalid("by"))?,
        size: size as usize,
        seed: read("seed", seed.as_deref())?.ok_or_else(|| invalid("seed"))?,
    };
    let view = may.view();
    let found = match search.is_empty() {
        true => None,
        false => Some(
            state
                .all_matches(view.clone(), SearchRequest::from_pairs(search)?)
                .await?,
        ),
    };
    let details = json!({
        "seed": plan.seed, "size": plan.size,
        "by": plan.by.iter().map(|stratum| stratum.code()).collect::<Vec<_>>(),
    });
    let answer = view.sample(plan, found.as_ref(), language.into()).await?;
    may.record(Action::Sample, &details).await?;
    Ok(Json(answer))
}
