//! `GET /api/v1/maintenance` and `GET /api/v1/verify/report`: what keeps the archive, for the page of the administrator.

#![allow(unused_qualifications)] // in what the macros of utoipa make

use std::io::Write;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::access::Action;
use crate::export::{PrintFont, print_lines};
use crate::http::codes::ErrorCode;
use crate::http::download::{self, Download, Outlet};
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::Pairs;
use crate::http::rights::{May, Operate};
use crate::http::state::AppState;
use crate::maintenance::TaskStatus;
use crate::verify::Report;

/// What keeps the archive.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct MaintenanceAnswer {
    /// Backups, checks and reconciliations: when they are planned, and how the last of each ended.
    tasks: Vec<TaskStatus>,
}

/// When the archive was last backed up, checked and reconciled, how that ended, and when it is done next.
#[utoipa::path(get, operation_id = "maintenance", path = "/api/v1/maintenance", tag = "service", responses(
    (status = 200, body = MaintenanceAnswer),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn maintenance(
    State(state): State<AppState>,
    may: May<Operate>,
) -> ApiResult<Json<MaintenanceAnswer>> {
    let tasks = state.upkeep().status().await?;
    may.record(Action::Operate, &json!({"did": "maintenance"})).await?;
    Ok(Json(MaintenanceAnswer { tasks }))
}

/// The report of the last check of the four properties (四性检测) that came to its end; of the one that is on its way when there
/// was none before. It names cases by their archival codes and files by their hashes, and shows nothing of either.
#[utoipa::path(get, operation_id = "verification_report", path = "/api/v1/verify/report", tag = "service",
    params(("format" = Option<String>, Query, description = "`json` (default), `xml` or `pdf`")),
    responses(
        (status = 200, body = Report),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There was never a check", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn report(
    State(state): State<AppState>,
    may: May<Operate>,
    pairs: Pairs,
) -> ApiResult<Response> {
    let [format] = pairs.take(["format"])?;
    let format = format.as_deref().unwrap_or("json");
    if !matches!(format, "json" | "xml" | "pdf") {
        return Err(ApiError::new(ErrorCode::InvalidParameter).with("parameter", "format"));
    }
    let report = state.upkeep().last_report().await.map_err(failed)?;
    let report = report.ok_or_else(|| ApiError::new(ErrorCode::NotFound))?;
    may.record(
        Action::Operate,
        &json!({"did": "verify_report", "check": report.check, "format": format}),
    )
    .await?;
    match format {
        "pdf" => {
            let permit = state.export_permit().await?;
            let file = Download {
                shown: false,
                name: format!("四性检测报告-{}.pdf", report.check),
                media_type: "application/pdf",
            };
            let write = move |mut out: Outlet| async move {
                let _permit = permit;
                print_lines(Report::TITLE, &report.lines(), PrintFont::find, &mut out)?;
                Ok(out.flush()?)
            };
            Ok(file.response(download::body(write)))
        }
        "xml" => {
            let headers = [
                (CONTENT_TYPE, "application/xml; charset=utf-8"),
                (CACHE_CONTROL, "no-store"),
            ];
            Ok((headers, report.xml()).into_response())
        }
        _ => Ok(Json(report).into_response()),
    }
}

fn failed(error: crate::maintenance::Error) -> ApiError {
    match error {
        crate::maintenance::Error::Catalogue(error)
        | crate::maintenance::Error::Verify(crate::verify::Error::Catalogue(error)) => error.into(),
        error => ApiError::new(ErrorCode::Internal).because(error),
    }
}
