//! Tokens of programs. `/api/v1/session/tokens`: the own ones, made by the account itself, in a session; nobody else ever has
//! the secret, the system administrator least of all, who must not read cases. `/api/v1/tokens`: all of them for the system
//! administrator, who ends those that nobody needs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::accounts::named;
use crate::access::{Action, Right};
use crate::catalogue::{NewToken, TokenSummary};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters};
use crate::http::rights::{May, Operate, SignedIn};
use crate::http::state::AppState;

/// A token that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TokenRequest {
    /// What it is for; one account has no two of a name.
    name: String,
    /// Codes of what it may do.
    rights: Vec<String>,
    /// Days that it is valid.
    days: u32,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TokenAnswer {
    /// The token: told once, kept nowhere.
    token: String,
}

/// The tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TokensAnswer {
    /// All, also those that have ended.
    tokens: Vec<TokenLine>,
}

/// A token as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TokenLine {
    /// The account.
    account: String,
    /// Its name.
    name: String,
    /// Codes of what it may do.
    rights: Vec<String>,
    /// When it was made (RFC 3339, UTC).
    created_at: String,
    /// When it ends (RFC 3339, UTC).
    ends_at: String,
    /// When it was revoked (RFC 3339, UTC).
    revoked_at: Option<String>,
}

impl From<TokenSummary> for TokenLine {
    fn from(token: TokenSummary) -> Self {
        Self {
            account: token.account.to_string(),
            name: token.name,
            rights: token.rights.iter().map(|right| right.code().to_owned()).collect(),
            created_at: token.created_at,
            ends_at: token.ends_at,
            revoked_at: token.revoked_at,
        }
    }
}

/// The tokens, without their secrets.
#[utoipa::path(get, operation_id = "tokens", path = "/api/v1/tokens", tag = "accounts", responses(
    (status = 200, body = TokensAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    may: May<Operate>,
    pairs: Pairs,
) -> ApiResult<Json<TokensAnswer>> {
    let [] = pairs.take([])?;
    let tokens = state.access().tokens().await?;
    let details = json!({"did": "list", "tokens": tokens.len()});
    may.record(Action::Token, &details).await?;
    let tokens = tokens.into_iter().map(TokenLine::from).collect();
    Ok(Json(TokensAnswer { tokens }))
}

/// The own tokens, without their secrets.
#[utoipa::path(get, operation_id = "own_tokens", path = "/api/v1/session/tokens", tag = "session", responses(
    (status = 200, body = TokensAnswer),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn own(
    State(state): State<AppState>,
    caller: SignedIn,
    pairs: Pairs,
) -> ApiResult<Json<TokensAnswer>> {
    let [] = pairs.take([])?;
    let tokens = state.access().tokens().await?.into_iter();
    let own = tokens.filter(|token| token.account == caller.viewer.name);
    let tokens = own.map(TokenLine::from).collect();
    Ok(Json(TokensAnswer { tokens }))
}

/// Makes a token of one's own. It can do what the account may do at the time, and of that only what is named here. The secret
/// is told once. Tokens cannot do this.
#[utoipa::path(post, operation_id = "create_token", path = "/api/v1/session/tokens", tag = "session", request_body = TokenRequest, responses(
    (status = 201, body = TokenAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    caller: SignedIn,
    pairs: Pairs,
    Body(request): Body<TokenRequest>,
) -> ApiResult<(StatusCode, Json<TokenAnswer>)> {
    let [] = pairs.take([])?;
    let SignedIn { viewer, actor } = caller.in_session(Action::Token, &state).await?;
    if viewer.must_change_password {
        return Err(ApiError::new(ErrorCode::PasswordMustChange));
    }
    let right = |code: &String| Right::parse(code).ok_or_else(|| ApiError::new(ErrorCode::InvalidBody));
    let new = NewToken {
        account: viewer.name,
        name: request.name,
        rights: request.rights.iter().map(right).collect::<ApiResult<_>>()?,
        days: request.days,
    };
    if new.rights.is_empty() {
        return Err(ApiError::new(ErrorCode::InvalidBody));
    }
    let secret = state.access().create_token(&new, &actor).await?;
    let token = secret.reveal().to_owned();
    Ok((StatusCode::CREATED, Json(TokenAnswer { token })))
}

/// Revokes a token of one's own at once.
#[utoipa::path(delete, operation_id = "revoke_own_token", path = "/api/v1/session/tokens/{token}", tag = "session",
    params(("token" = String, Path, description = "Name of the token")),
    responses(
        (status = 204),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn revoke_own(
    State(state): State<AppState>,
    caller: SignedIn,
    Parameters(token): Parameters<String>,
    pairs: Pairs,
) -> ApiResult<StatusCode> {
    let [] = pairs.take([])?;
    let SignedIn { viewer, actor } = caller.in_session(Action::Token, &state).await?;
    state.access().revoke_token(&viewer.name, &token, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes a token of anybody at once.
#[utoipa::path(delete, operation_id = "revoke_token", path = "/api/v1/accounts/{name}/tokens/{token}", tag = "accounts",
    params(
        ("name" = String, Path, description = "Name of the account"),
        ("token" = String, Path, description = "Name of the token"),
    ),
    responses(
        (status = 204),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn revoke(
    State(state): State<AppState>,
    may: May<Operate>,
    Parameters((name, token)): Parameters<(String, String)>,
    pairs: Pairs,
) -> ApiResult<StatusCode> {
    let [] = pairs.take([])?;
    state.access().revoke_token(&named(&name)?, &token, may.actor()).await?;
    may.recorded();
    Ok(StatusCode::NO_CONTENT)
}
