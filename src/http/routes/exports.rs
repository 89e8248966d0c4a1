//! `GET /api/v1/export` and `GET /api/v1/cases/{id}/export`

use std::io::Write;

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::access::Action;
use crate::archive::asked;
use crate::export::{
    CaseFormat, CasesFormat, ExportOptions, PrintFont, export_case_json, export_case_pdf, export_cases,
};
use crate::http::codes::ErrorCode;
use crate::http::download::{self, Download, Outlet};
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::language::Language;
use crate::http::rights::{Export, May};
use crate::http::state::AppState;
use crate::search::SearchRequest;

/// All cases that a search finds, as a table or as lines, personal data masked, in the order of their archival codes.
///
/// Takes what `GET /api/v1/search` takes; order and paging do not matter. Headings are Chinese, or English by
/// `Accept-Language`. The answer is written while it is sent: one that ends early is not complete.
#[utoipa::path(get, operation_id = "export_cases", path = "/api/v1/export", tag = "export",
    params(
        ("format" = String, Query, description = "`csv`, `xlsx` or `jsonl` (one case a line, as `import` reads them)"),
        ("q" = Option<String>, Query, description = "What to search for; every other parameter of the search may stand beside it"),
    ),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn cases(
    State(state): State<AppState>,
    may: May<Export>,
    Pairs(pairs): Pairs,
    language: Language,
) -> ApiResult<Response> {
    let (own, search): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "format");
    let [format] = Pairs(own).take(["format"])?;
    let format = known_format(format.as_deref(), CasesFormat::from_code)?;
    let request = SearchRequest::from_pairs(search)?;
    let mut details = asked(&request);
    let permit = state.export_permit().await?;
    let view = may.view();
    let matches = state.all_matches(view.clone(), request).await?;
    details["total"] = matches.len().into();
    details["format"] = format.code().into();
    may.record(Action::Export, &details).await?;
    let file = Download {
        name: format!("cases.{}", format.code()),
        media_type: format.media_type(),
    };
    let options = options(language);
    let write = move |mut out: Outlet| async move {
        let _permit = permit;
        export_cases(&view, &matches, format, &options, &mut out).await?;
        Ok(out.flush()?)
    };
    Ok(file.response(download::body(write)))
}

/// One case, personal data masked: all that is known of it, or its pages as a searchable PDF.
#[utoipa::path(get, operation_id = "export_case", path = "/api/v1/cases/{id}/export", tag = "export",
    params(
        ("id" = String, Path, description = "Opaque id of the case"),
        ("format" = String, Query, description = "`json` or `pdf`"),
    ),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn case(
    State(state): State<AppState>,
    may: May<Export>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Response> {
    let [format] = pairs.take(["format"])?;
    let format = known_format(format.as_deref(), CaseFormat::from_code)?;
    may.about(&id);
    let case = may.view().summary(&id).await?;
    let case = case.ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    let permit = state.export_permit().await?;
    may.record(Action::Export, &json!({"format": format.code()})).await?;
    let file = Download {
        name: format!("{}.{}", case.archival_code, format.code()),
        media_type: format.media_type(),
    };
    let (archive, options) = (state.archive().clone(), options(language));
    let write = move |mut out: Outlet| async move {
        let _permit = permit;
        match format {
            CaseFormat::Json => export_case_json(&archive, &case, &options, &mut out).await?,
            CaseFormat::Pdf => {
                export_case_pdf(&archive, &case, &options, PrintFont::find, &mut out).await?;
            }
        }
        Ok(out.flush()?)
    };
    Ok(file.response(download::body(write)))
}

fn known_format<F>(given: Option<&str>, read: impl FnOnce(&str) -> Option<F>) -> ApiResult<F> {
    let unknown = || ApiError::new(ErrorCode::InvalidParameter).with("parameter", "format");
    given.and_then(read).ok_or_else(unknown)
}

fn options(language: Language) -> ExportOptions {
    ExportOptions {
        labels: language.into(),
        ..ExportOptions::default()
    }
}
