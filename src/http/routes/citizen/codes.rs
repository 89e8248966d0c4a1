//! `/api/v1/citizen/codes`, for the clerk at the counter.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::access::Action;
use crate::catalogue::{CodeSummary, NewCode};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{IssueCodes, May};
use crate::http::slip::slip;
use crate::http::state::AppState;

/// Whom a code is issued to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CodeRequest {
    /// The person, as on the identity card; for an organisation whom it authorised.
    name: String,
    /// Identity number of the person, or credit code of the organisation.
    number: String,
    /// That the identity card, and for an organisation its authorisation, was checked at the counter.
    identity_checked: bool,
}

/// A code that was issued.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CodeAnswer {
    /// Identifies the code in the list.
    id: String,
    /// The code: told once, kept nowhere.
    code: String,
    /// `person` or `organisation`.
    kind: String,
    /// The number, masked.
    number: String,
    /// When it ends (RFC 3339, UTC).
    ends_at: String,
    /// Wrong entries after which it is not good any more.
    tries: u32,
    /// Logins.
    uses: u32,
    /// A page to print and hand over, as HTML.
    slip: String,
}

/// The codes of the last weeks.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CodesAnswer {
    /// The latest first.
    codes: Vec<CodeLine>,
}

/// A code as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CodeLine {
    /// Identifies it.
    id: String,
    /// The name, masked.
    name: String,
    /// The number, masked.
    number: String,
    /// `good`, `over`, `used_up` or `revoked`.
    state: String,
    /// The state in words.
    state_label: String,
    /// Who issued it.
    issued_by: String,
    /// When (RFC 3339, UTC).
    issued_at: String,
    /// When it ends (RFC 3339, UTC).
    ends_at: String,
    /// Wrong entries.
    failures: u32,
    /// Logins.
    uses: u32,
}

impl CodeLine {
    fn new(code: CodeSummary, language: Language) -> Self {
        let label = match language {
            Language::Chinese => code.state.label_zh(),
            Language::English => code.state.label_en(),
        };
        Self {
            id: code.id,
            name: code.name,
            number: code.number,
            state: code.state.code().to_owned(),
            state_label: label.to_owned(),
            issued_by: code.issued_by,
            issued_at: code.issued_at,
            ends_at: code.ends_at,
            failures: code.failures,
            uses: code.uses,
        }
    }
}

/// Issues an access code, with a slip to print. One that the person has for the same number ends with it.
///
/// By the right `issue_codes`, which is granted by name: whoever has it could look at the history of anybody. Each code is
/// written down with who issued it.
#[utoipa::path(post, operation_id = "issue_code", path = "/api/v1/citizen/codes", tag = "citizen", request_body = CodeRequest, responses(
    (status = 201, body = CodeAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn issue(
    State(state): State<AppState>,
    may: May<IssueCodes>,
    pairs: Pairs,
    Body(request): Body<CodeRequest>,
) -> ApiResult<(StatusCode, Json<CodeAnswer>)> {
    let [] = pairs.take([])?;
    if !request.identity_checked {
        return Err(ApiError::new(ErrorCode::IdentityNotChecked));
    }
    let service = &state.site().citizen;
    let new = NewCode {
        name: request.name,
        number: request.number,
        terms: service.terms,
    };
    let issued = state.access().issue_code(&new, may.actor()).await?;
    may.recorded();
    let answer = CodeAnswer {
        slip: slip(&issued, service),
        kind: issued.kind().code().to_owned(),
        code: issued.code.to_string(),
        number: issued.number.masked(),
        id: issued.id,
        ends_at: issued.ends_at,
        tries: issued.terms.tries,
        uses: issued.terms.uses,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The codes of the last weeks, names and numbers masked.
#[utoipa::path(get, operation_id = "codes", path = "/api/v1/citizen/codes", tag = "citizen", responses(
    (status = 200, body = CodesAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    may: May<IssueCodes>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<CodesAnswer>> {
    let [] = pairs.take([])?;
    let codes = state.access().codes(limits::CODES).await?;
    let details = json!({"did": "list", "codes": codes.len()});
    may.record(Action::AccessCode, &details).await?;
    let codes = codes.into_iter().map(|code| CodeLine::new(code, language)).collect();
    Ok(Json(CodesAnswer { codes }))
}

/// Revokes a code, and ends the sessions that it opened.
#[utoipa::path(delete, operation_id = "revoke_code", path = "/api/v1/citizen/codes/{code_id}", tag = "citizen",
    params(("code_id" = String, Path, description = "Identifies the code, as the list says")),
    responses(
        (status = 204),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn revoke(
    State(state): State<AppState>,
    may: May<IssueCodes>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
) -> ApiResult<StatusCode> {
    let [] = pairs.take([])?;
    state.access().revoke_code(&id, may.actor()).await?;
    may.recorded();
    Ok(StatusCode::NO_CONTENT)
}
