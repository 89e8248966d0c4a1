//! `GET /api/v1/export` and `GET /api/v1/cases/{id}/export`

use std::io::Write;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;

use crate::access::Action;
use crate::archive::asked;
use crate::export::{
    self, CaseFormat, PrintFont, Summed, TableFormat, export_case_json, export_case_pdf, export_cases,
};
use crate::http::codes::ErrorCode;
use crate::http::download::{self, Download, Outlet};
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::language::Language;
use crate::http::rights::{self, May, RightType};
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
    may: May<rights::Export>,
    Pairs(pairs): Pairs,
    language: Language,
) -> ApiResult<Response> {
    let (format, search) = split_format(pairs)?;
    let request = SearchRequest::from_pairs(search)?;
    let mut details = asked(&request);
    let permit = state.export_permit().await?;
    let view = may.view();
    let matches = state.all_matches(view.clone(), request).await?;
    details["total"] = matches.len().into();
    let options = may.export_options(language);
    Export::table("cases", format, details)
        .send(may, permit, async move |out| {
            export_cases(&view, &matches, format, &options, out).await
        })
        .await
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
    may: May<rights::Export>,
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
    let (archive, options) = (state.archive().clone(), may.export_options(language));
    let export = Export {
        file: Download {
            name: format!("{}.{}", case.archival_code, format.code()),
            media_type: format.media_type(),
            shown: false,
        },
        details: json!({"format": format.code()}),
    };
    let write = async move |out: &mut Summed<Outlet>| {
        match format {
            CaseFormat::Json => export_case_json(&archive, &case, &options, out).await?,
            CaseFormat::Pdf => {
                export_case_pdf(&archive, &case, &options, PrintFont::find, out).await?;
            }
        }
        Ok(1)
    };
    export.send(may, permit, write).await
}

/// A file that is taken out: how it is called, and what the audit log says of it.
pub(super) struct Export {
    /// The file.
    pub(super) file: Download,
    /// What was asked for.
    pub(super) details: Value,
}

impl Export {
    /// A table.
    pub(super) fn table(name: &str, format: TableFormat, mut details: Value) -> Self {
        details["format"] = format.code().into();
        Self {
            file: Download {
                name: format!("{name}.{}", format.code()),
                media_type: format.media_type(),
                shown: false,
            },
            details,
        }
    }

    /// Sends it while it is written. That it is taken out is written down before its first byte, and with how many rows,
    /// bytes and which checksum once it is whole, so that a file can be recognised later.
    pub(super) async fn send<R, F>(self, may: May<R>, permit: OwnedSemaphorePermit, write: F) -> ApiResult<Response>
    where
        R: RightType,
        F: AsyncFnOnce(&mut Summed<Outlet>) -> Result<u64, export::Error> + Send + 'static,
    {
        may.record(Action::Export, &self.details).await?;
        let mut details = self.details;
        let body = download::body(move |out: Outlet| async move {
            let _permit = permit;
            let mut out = Summed::new(out);
            let rows = write(&mut out).await?;
            details["sent"] = json!({"rows": rows, "bytes": out.bytes(), "sha256": out.checksum()});
            if may.record(Action::Export, &details).await.is_err() {
                tracing::error!("that an export was sent could not be written down");
                return Err(export::Error::Unwritten);
            }
            Ok(out.flush()?)
        });
        Ok(self.file.response(body))
    }
}

/// The form of a table, and the other parameters.
pub(super) fn split_format(pairs: Vec<(String, String)>) -> ApiResult<(TableFormat, Vec<(String, String)>)> {
    let (own, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "format");
    let [format] = Pairs(own).take(["format"])?;
    Ok((known_format(format.as_deref(), TableFormat::from_code)?, others))
}

fn known_format<F>(given: Option<&str>, read: impl FnOnce(&str) -> Option<F>) -> ApiResult<F> {
    let unknown = || ApiError::new(ErrorCode::InvalidParameter).with("parameter", "format");
    given.and_then(read).ok_or_else(unknown)
}
