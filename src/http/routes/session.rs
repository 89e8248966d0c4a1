//! `/api/v1/session`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Action, Secret, Viewer};
use crate::catalogue::SignIn;
use crate::http::credentials::{Presented, cookie, no_cookie, presented};
use crate::http::error::{ApiResult, Problem};
use crate::http::extract::{Body, Pairs};
use crate::http::language::Language;
use crate::http::rights::SignedIn;
use crate::http::state::AppState;
use crate::http::trail::Trail;

/// Who wants to log in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SignInRequest {
    /// Name of the account; upper and lower case do not matter.
    name: String,
    /// The password.
    password: String,
    /// What is going to be done (查档事由), at most 200 characters: it stands in the audit log beside everything that is done in
    /// this session. The purpose of the grant when it is left out.
    purpose: Option<String>,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PasswordRequest {
    /// The password so far.
    old: String,
    /// The new one: 10 to 128 characters of three sorts, or 16 of any.
    new: String,
}

/// Who is logged in, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct SessionAnswer {
    /// Name of the account.
    name: String,
    /// The person.
    person: String,
    /// Code of the role; `null` when nothing was granted.
    role: Option<String>,
    /// The role in words.
    role_label: Option<String>,
    /// Codes of what may be done.
    rights: Vec<String>,
    /// What is being done.
    purpose: Option<String>,
    /// Last day of the grant.
    until: Option<String>,
    /// Whether the password has to be changed before anything else can be done.
    must_change_password: bool,
}

impl SessionAnswer {
    fn new(viewer: &Viewer, state: &AppState, language: Language) -> Self {
        let today = state.access().today();
        let grant = viewer.grant.as_ref();
        let label = |role: crate::access::Role| match language {
            Language::Chinese => role.label_zh(),
            Language::English => role.label_en(),
        };
        let rights = match viewer.must_change_password {
            true => Vec::new(),
            false => viewer
                .rights(today)
                .iter()
                .map(|right| right.code().to_owned())
                .collect(),
        };
        Self {
            name: viewer.name.to_string(),
            person: viewer.person.clone(),
            role: viewer.role().map(|role| role.code().to_owned()),
            role_label: viewer.role().map(|role| label(role).to_owned()),
            rights,
            purpose: viewer.purpose().map(Into::into),
            until: grant.and_then(|grant| grant.scope()?.until).map(|day| day.to_string()),
            must_change_password: viewer.must_change_password,
        }
    }

    fn with_cookie(self, secret: &Secret, state: &AppState) -> Response {
        ([(SET_COOKIE, cookie(secret, state.site()))], Json(self)).into_response()
    }
}

/// Logs in.
///
/// The session comes as a cookie that scripts cannot read. It ends after half an hour without a request, after twelve hours,
/// and by `DELETE`. Every failure is answered alike; after five of one name or twenty from one address the answer is 429 for a
/// quarter of an hour. A session that the client has already is not used again.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignInRequest, responses(
    (status = 200, body = SessionAnswer),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn sign_in(
    State(state): State<AppState>,
    trail: Trail,
    language: Language,
    headers: axum::http::HeaderMap,
    pairs: Pairs,
    Body(request): Body<SignInRequest>,
) -> ApiResult<Response> {
    let [] = pairs.take([])?;
    let actor = trail.actor();
    let asked = SignIn {
        name: request.name,
        password: request.password,
        purpose: request.purpose.filter(|purpose| !purpose.trim().is_empty()),
        address: trail.peer(),
    };
    let (secret, viewer) = state.access().sign_in(&asked, &actor).await?;
    // Who logs in again leaves no session behind that somebody else may have.
    if let Some(Presented::Session(old)) = presented(&headers, state.site()) {
        state.access().sign_out(&old, &actor.known(&viewer)).await?;
    }
    Ok(SessionAnswer::new(&viewer, &state, language).with_cookie(&secret, &state))
}

/// Who is logged in, by a session or a token.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses(
    (status = 200, body = SessionAnswer),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn session(
    State(state): State<AppState>,
    caller: SignedIn,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<SessionAnswer>> {
    let [] = pairs.take([])?;
    Ok(Json(SessionAnswer::new(&caller.viewer, &state, language)))
}

/// Logs out. There need be no session.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses((status = 204)))]
pub(in crate::http) async fn sign_out(
    State(state): State<AppState>,
    headers: axum::http::HeaderMap,
    pairs: Pairs,
    trail: Trail,
) -> ApiResult<Response> {
    let [] = pairs.take([])?;
    if let Some(Presented::Session(secret)) = presented(&headers, state.site())
        && let Some(viewer) = state.access().viewer_of_session(&secret).await?
    {
        state.access().sign_out(&secret, &trail.known(&viewer)).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, no_cookie(state.site()))]).into_response())
}

/// Changes the own password. All sessions of the account end; the cookie of a new one comes with the answer.
///
/// A wrong old password counts as a failed login. Tokens cannot do this.
#[utoipa::path(post, path = "/api/v1/session/password", tag = "session", request_body = PasswordRequest, responses(
    (status = 200, body = SessionAnswer),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn change_password(
    State(state): State<AppState>,
    caller: SignedIn,
    pairs: Pairs,
    language: Language,
    Body(request): Body<PasswordRequest>,
) -> ApiResult<Response> {
    let [] = pairs.take([])?;
    let SignedIn { viewer, actor } = caller.in_session(Action::ChangePassword, &state).await?;
    let changed = state
        .access()
        .change_password(&viewer, &request.old, &request.new, &actor);
    let secret = changed.await?;
    let viewer = Viewer {
        must_change_password: false,
        ..viewer
    };
    Ok(SessionAnswer::new(&viewer, &state, language).with_cookie(&secret, &state))
}
