//! `/api/v1/citizen/session`

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::access::{self, Action, CitizenIdentity};
use crate::catalogue::CodeClaim;
use crate::http::citizen::Citizen;
use crate::http::credentials::{citizen_cookie, no_citizen_cookie, presented_citizen};
use crate::http::error::{ApiResult, Problem};
use crate::http::extract::{Body, Pairs};
use crate::http::state::AppState;
use crate::http::trail::Trail;

/// Who wants to look at the own history.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CitizenSignInRequest {
    /// The person; for an organisation whom it authorised.
    name: String,
    /// Identity number or credit code.
    number: String,
    /// The access code from the counter; upper and lower case, blanks and dashes do not matter.
    code: String,
}

/// Who looks at the own history.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CitizenAnswer {
    /// The person.
    name: String,
    /// The number, masked; a credit code in full.
    number: String,
    /// `person` or `organisation`.
    kind: String,
}

impl CitizenAnswer {
    fn new(citizen: &access::Citizen) -> Self {
        Self {
            name: citizen.name.as_str().to_owned(),
            number: citizen.number.masked(),
            kind: citizen.number.kind().code().to_owned(),
        }
    }
}

/// Logs a citizen in.
///
/// The session comes as a cookie of its own that scripts cannot read, and is good for the routes under `/api/v1/citizen/` only. It
/// ends after a quarter of an hour without a request, after one hour, with its code, and by `DELETE`. Every failure is
/// answered alike, also while number or address are locked after too many of them. A session that the client has already is
/// not used again.
#[utoipa::path(post, operation_id = "citizen_sign_in", path = "/api/v1/citizen/session", tag = "citizen", request_body = CitizenSignInRequest, responses(
    (status = 200, body = CitizenAnswer),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn sign_in(
    State(state): State<AppState>,
    trail: Trail,
    headers: HeaderMap,
    pairs: Pairs,
    Body(request): Body<CitizenSignInRequest>,
) -> ApiResult<Response> {
    let [] = pairs.take([])?;
    let actor = trail.actor();
    let claim = CodeClaim {
        name: request.name,
        number: request.number,
        code: request.code,
        address: trail.peer(),
    };
    let citizen = state.access().identify(&claim, &actor).await?;
    let secret = state.access().begin_citizen_session(&citizen, &actor).await?;
    let actor = trail.known_citizen(&citizen);
    // Who logs in again leaves no session behind that somebody else may have.
    if let Some(Some(old)) = presented_citizen(&headers, state.site()) {
        state.access().end_citizen_session(&old, &actor).await?;
    }
    let cookie = citizen_cookie(&secret, state.site());
    Ok(([(SET_COOKIE, cookie)], Json(CitizenAnswer::new(&citizen))).into_response())
}

/// Who is logged in.
#[utoipa::path(get, operation_id = "citizen_session", path = "/api/v1/citizen/session", tag = "citizen", responses(
    (status = 200, body = CitizenAnswer),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn session(citizen: Citizen, pairs: Pairs) -> ApiResult<Json<CitizenAnswer>> {
    let [] = pairs.take([])?;
    citizen.record(Action::OwnCases, &json!({"session": true})).await?;
    Ok(Json(CitizenAnswer::new(citizen.who())))
}

/// Logs out. There need be no session.
#[utoipa::path(delete, operation_id = "citizen_sign_out", path = "/api/v1/citizen/session", tag = "citizen", responses((status = 204)))]
pub(in crate::http) async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
    pairs: Pairs,
    trail: Trail,
) -> ApiResult<Response> {
    let [] = pairs.take([])?;
    if let Some(Some(secret)) = presented_citizen(&headers, state.site())
        && let Some(citizen) = state.access().citizen_of_session(&secret).await?
    {
        let actor = trail.known_citizen(&citizen);
        state.access().end_citizen_session(&secret, &actor).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, no_citizen_cookie(state.site()))]).into_response())
}
