//! `GET /api/v1/audit-report`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use std::time::Instant;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use serde_json::json;
use utoipa::IntoParams;

use super::exports::Export as TakenOut;
use crate::access::Action;
use crate::analytics::findings;
use crate::archive::{asked, asked_findings};
use crate::export::{self, AuditReport, PicturedPage, ReportError, ReportRequest, report_policy};
use crate::http::codes::ErrorCode;
use crate::http::download::Download;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, flag};
use crate::http::language::Language;
use crate::http::rights::{Export, Findings, May, ReadCases, Statistics};
use crate::http::state::AppState;

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct ReportParameters {
    /// Title of the report, at most 100 characters.
    title: Option<String>,
    /// Parts, separated by commas: `figures`, `working_days`, `findings`, `sample`; all but the sample when left out.
    sections: Option<String>,
    /// Figures by year, separated by commas, as in `GET /api/v1/stats`.
    measures: Option<String>,
    /// First date of the period; findings are about its years.
    from: Option<String>,
    /// Last date of the period.
    to: Option<String>,
    /// Names of agencies (审批机关), for cases and findings; repeatable. Every other parameter of the search may stand beside it.
    agency: Option<Vec<String>>,
    /// Codes of rules; repeatable.
    rule: Option<Vec<String>>,
    /// Codes of severities: `high`, `medium`, `low`, `to_check`; repeatable.
    severity: Option<Vec<String>>,
    /// Findings that are `open` (when left out), `dismissed` or `all`.
    state: Option<String>,
    /// Months within which a grant after a refusal is told.
    #[param(minimum = 1, maximum = 120, default = 12)]
    months: Option<u32>,
    /// Whether pages that show the findings are pictured, masked.
    #[param(default = true)]
    thumbnails: Option<bool>,
    /// Seed of the sample.
    #[param(default = 1)]
    seed: Option<u64>,
    /// Cases of the sample.
    #[param(minimum = 1, maximum = 1000, default = 60)]
    sample: Option<u32>,
    /// Strata of the sample, codes separated by commas, as in `GET /api/v1/samples`.
    by: Option<String>,
    /// Whether it is a file to keep, and not a page to look at and print.
    #[param(default = true)]
    download: Option<bool>,
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Search(error) => error.into(),
            ReportError::Findings(error) => error.into(),
            ReportError::Catalogue(error) => error.into(),
        }
    }
}

/// The audit report (审计报告): figures by year, working days, findings with their basis and the pages that show them, a sample.
///
/// One HTML file without scripts and without anything from elsewhere, made for printing. It says what was asked for, by whom, within which
/// mandate and from what state of the archive, and ends with a checksum of all before. At most 500 findings are told one by
/// one, and 200 pages pictured; where that cuts, the report says so. Needs the rights `findings`, `statistics`, `read_cases` and
/// `export`; each page that is pictured stands in the audit log.
#[utoipa::path(get, operation_id = "audit_report", path = "/api/v1/audit-report", tag = "audit", params(ReportParameters), responses(
    (status = 200, description = "The report", body = String, content_type = "text/html; charset=utf-8"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn report(
    State(state): State<AppState>,
    may: May<Findings>,
    (_figures, _cases): (May<Statistics>, May<ReadCases>),
    take: May<Export>,
    Pairs(pairs): Pairs,
    language: Language,
) -> ApiResult<Response> {
    let (own, pairs): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "download");
    let [download] = Pairs(own).take(["download"])?;
    let shown = !flag("download", download.as_deref(), true)?;
    let request = ReportRequest::from_pairs(pairs)?;
    let mut details = asked(request.search());
    details["of"] = "audit_report".into();
    details["sections"] = request.sections().into();
    details["findings"] = asked_findings(request.findings());
    details["thumbnails"] = request.thumbnails().into();
    let permit = state.export_permit().await?;
    let view = may.view();
    let gathering = {
        let (view, deadline) = (view.clone(), Instant::now() + state.search_time());
        // It goes on when nobody waits for it any more: who asks again finds the findings made.
        tokio::spawn(async move { AuditReport::gather(&view, request, language.into(), deadline).await })
    };
    let interrupted = |_| ReportError::Findings(findings::Error::Interrupted);
    let report = gathering.await.map_err(interrupted)??;
    details["total"] = report.findings().into();
    let options = take.export_options(language);
    let taken = TakenOut {
        file: Download {
            name: "audit-report.html".to_owned(),
            media_type: "text/html; charset=utf-8",
            shown,
        },
        details,
    };
    let mut response = taken
        .send(take, permit, async move |out| {
            let picturing = async |page: PicturedPage| {
                let details = json!({"document": page.document, "page": page.page, "of": "audit_report"});
                let written = may.record_about(Action::ViewImage, &page.case_id, &details).await;
                written.map_err(|_| export::Error::Unwritten)
            };
            report.write(&view, &options, out, picturing).await
        })
        .await?;
    let policy = HeaderValue::from_str(&format!("{}; frame-ancestors 'none'", report_policy()));
    let policy = policy.map_err(|error| ApiError::new(ErrorCode::Internal).because(error))?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}
