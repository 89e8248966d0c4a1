//! `/api/v1/cases/{id}/corrections`

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::access::Action;
use crate::archive::{CorrectionAnswer, CorrectionsAnswer};
use crate::catalogue::{Change, NewCorrection};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters};
use crate::http::language::Language;
use crate::http::rights::{Correct, May, ReadCases};
use crate::record::FieldName;

/// A correction to be made: of exactly one of `field`, `line` and `review`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CorrectionRequest {
    /// Why, at most 1000 characters.
    reason: Option<String>,
    /// Code of the field that is to have `value`.
    field: Option<String>,
    /// The line that is to have the text `value`.
    line: Option<LinePlace>,
    /// Key of a doubt of the review queue that was checked and stands as it is; without `value`.
    review: Option<String>,
    /// The right value: at most 500 characters, in any form that the field reads; of a line at most 2000, or empty when
    /// nothing stands there.
    value: Option<String>,
    /// What the person saw. When it is something else by now the answer is 409. Empty for a field without a value; to be left
    /// out for identity numbers, which are shown masked.
    old: Option<String>,
}

/// A line of a page.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct LinePlace {
    /// Position of the document, from 1.
    document: u32,
    /// Number of the page in the document's file.
    page: u32,
    /// Index among the `lines` of the page, from 0.
    line: u32,
}

/// A correction to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct UndoRequest {
    /// Why, at most 1000 characters.
    reason: Option<String>,
}

impl CorrectionRequest {
    fn into_new(self, author: &str) -> ApiResult<NewCorrection> {
        let invalid = || ApiError::new(ErrorCode::InvalidBody);
        let change = match (self.field, self.line, self.review, self.value) {
            (Some(field), None, None, Some(value)) => Change::Field {
                field: FieldName::from_code(&field).ok_or_else(|| ApiError::new(ErrorCode::UnknownField))?,
                value,
                old: self.old,
            },
            (None, Some(place), None, Some(value)) => Change::Line {
                document: place.document,
                page: place.page,
                line: place.line,
                value,
                old: self.old,
            },
            (None, None, Some(review), None) if self.old.is_none() => Change::Checked { review },
            _ => return Err(invalid()),
        };
        Ok(NewCorrection {
            change,
            author: author.to_owned(),
            reason: self.reason,
        })
    }
}

/// The corrections of a case, those that were undone among them.
#[utoipa::path(get, path = "/api/v1/cases/{id}/corrections", tag = "corrections",
    params(("id" = String, Path, description = "Opaque id of the case")),
    responses(
        (status = 200, body = CorrectionsAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn list(
    may: May<ReadCases>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<CorrectionsAnswer>> {
    let [] = pairs.take([])?;
    may.about(&id);
    let found = may.view().corrections(&id, language.into()).await?;
    let found = found.ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    may.record(Action::ViewCorrections, &json!({})).await?;
    Ok(Json(found))
}

/// Corrects a field or a line, or says that a doubt of the review queue was checked.
///
/// A correction wins over all that is read or imported, now and later, until it is undone or corrected again. The case
/// shows it at once; the search finds it as soon as the indexer has taken it in, within two seconds while
/// `juanzong-indexer watch` runs.
#[utoipa::path(post, path = "/api/v1/cases/{id}/corrections", tag = "corrections",
    params(("id" = String, Path, description = "Opaque id of the case")),
    request_body = CorrectionRequest,
    responses(
        (status = 201, body = CorrectionAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn correct(
    may: May<Correct>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
    Body(request): Body<CorrectionRequest>,
) -> ApiResult<(StatusCode, Json<CorrectionAnswer>)> {
    let [] = pairs.take([])?;
    may.about(&id);
    let view = may.view();
    let new = request.into_new(&may.viewer().person)?;
    view.summary(&id)
        .await?
        .ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    // Before it is made: what cannot be written down must not happen.
    may.record(Action::Correct, &subject_of(&new.change)).await?;
    let made = view.correct(&id, &new, language.into()).await?;
    let made = made.ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Takes a correction back. What it had replaced counts again; the correction stays in the history.
#[utoipa::path(post, path = "/api/v1/cases/{id}/corrections/{n}/undo", tag = "corrections",
    params(
        ("id" = String, Path, description = "Opaque id of the case"),
        ("n" = u32, Path, description = "Number of the correction, from 1"),
    ),
    request_body = UndoRequest,
    responses(
        (status = 200, body = CorrectionAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn undo(
    may: May<Correct>,
    Parameters((id, number)): Parameters<(String, u32)>,
    pairs: Pairs,
    language: Language,
    Body(request): Body<UndoRequest>,
) -> ApiResult<Json<CorrectionAnswer>> {
    let [] = pairs.take([])?;
    may.about(&id);
    let view = may.view();
    view.summary(&id)
        .await?
        .ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    may.record(Action::Undo, &json!({"correction": number})).await?;
    let by = (may.viewer().person.as_str(), request.reason.as_deref());
    let undone = view.undo_correction(&id, number, by, language.into()).await?;
    undone.map(Json).ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))
}

/// What is corrected, without what it says.
fn subject_of(change: &Change) -> serde_json::Value {
    match change {
        Change::Field { field, .. } => json!({"field": field.code()}),
        Change::Line {
            document, page, line, ..
        } => json!({"document": document, "page": page, "line": line}),
        Change::Checked { review } => json!({"review": review}),
    }
}
