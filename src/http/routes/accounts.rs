//! `/api/v1/accounts`: the system administrator makes accounts, the security administrator grants roles; neither can do the
//! other's work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::access::{self, AccountName, Action, CaseScope, Role};
use crate::catalogue::{AccessRefusal, Account};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, Parameters};
use crate::http::rights::{Grant, May, Operate};
use crate::http::state::AppState;

/// An account that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AccountRequest {
    /// Its name: 2 to 40 letters, digits, dots, dashes.
    name: String,
    /// The person, at most 60 characters.
    person: String,
}

/// Whether an account can be used.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct StateRequest {
    /// Whether it can.
    active: bool,
}

/// What is to be granted, in place of what was granted before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct GrantRequest {
    /// Code of the role: `staff`, `auditor`, `system_admin`, `security_admin`, `log_admin`.
    role: String,
    /// The cases of staff and auditors; `null` for administrators.
    scope: Option<CaseScope>,
}

/// The accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AccountsAnswer {
    /// By name.
    accounts: Vec<AccountAnswer>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AccountAnswer {
    /// Its name.
    name: String,
    /// The person.
    person: String,
    /// Whether it can be used.
    active: bool,
    /// Whether the password has to be changed at the next login.
    must_change_password: bool,
    /// Code of the role.
    role: Option<String>,
    /// The cases of staff and auditors.
    scope: Option<CaseScope>,
    /// When it was made (RFC 3339, UTC).
    created_at: String,
}

/// A password for one login.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct PasswordAnswer {
    /// The account.
    name: String,
    /// The password: told once, kept nowhere, to be changed at the next login.
    password: String,
}

impl From<Account> for AccountAnswer {
    fn from(account: Account) -> Self {
        Self {
            name: account.name.to_string(),
            person: account.person,
            active: account.active,
            must_change_password: account.must_change_password,
            role: account.grant.as_ref().map(|grant| grant.role().code().to_owned()),
            scope: account.grant.as_ref().and_then(access::Grant::scope).cloned(),
            created_at: account.created_at,
        }
    }
}

/// A name that stands in an address; one that cannot be one names nothing.
pub(super) fn named(name: &str) -> ApiResult<AccountName> {
    AccountName::parse(name).ok_or_else(|| ApiError::new(ErrorCode::AccountNotFound))
}

async fn listed<R>(state: &AppState, may: &May<R>, action: Action) -> ApiResult<Json<AccountsAnswer>> {
    let accounts = state.access().accounts().await?;
    may.record(action, &json!({"did": "list", "accounts": accounts.len()}))
        .await?;
    let accounts = accounts.into_iter().map(AccountAnswer::from).collect();
    Ok(Json(AccountsAnswer { accounts }))
}

/// The accounts, for the system administrator.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", responses(
    (status = 200, body = AccountsAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn accounts(
    State(state): State<AppState>,
    may: May<Operate>,
    pairs: Pairs,
) -> ApiResult<Json<AccountsAnswer>> {
    let [] = pairs.take([])?;
    listed(&state, &may, Action::Account).await
}

/// The accounts with what they were granted, for the security administrator.
#[utoipa::path(get, path = "/api/v1/grants", tag = "accounts", responses(
    (status = 200, body = AccountsAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn grants(
    State(state): State<AppState>,
    may: May<Grant>,
    pairs: Pairs,
) -> ApiResult<Json<AccountsAnswer>> {
    let [] = pairs.take([])?;
    listed(&state, &may, Action::Grant).await
}

/// Makes an account, which may do nothing until it is granted something.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = AccountRequest, responses(
    (status = 201, body = PasswordAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn add(
    State(state): State<AppState>,
    may: May<Operate>,
    pairs: Pairs,
    Body(request): Body<AccountRequest>,
) -> ApiResult<(StatusCode, Json<PasswordAnswer>)> {
    let [] = pairs.take([])?;
    let name = AccountName::parse(&request.name).ok_or_else(|| ApiError::of_access_refusal(AccessRefusal::Name))?;
    let password = state.access().add_account(&name, &request.person, may.actor()).await?;
    may.recorded();
    let name = name.to_string();
    Ok((StatusCode::CREATED, Json(PasswordAnswer { name, password })))
}

/// Disables an account, or lets it be used again. The last security administrator stays.
#[utoipa::path(put, path = "/api/v1/accounts/{name}/state", tag = "accounts", request_body = StateRequest,
    params(("name" = String, Path, description = "Name of the account")),
    responses(
        (status = 204),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn set_state(
    State(state): State<AppState>,
    may: May<Operate>,
    Parameters(name): Parameters<String>,
    pairs: Pairs,
    Body(request): Body<StateRequest>,
) -> ApiResult<StatusCode> {
    let [] = pairs.take([])?;
    let access = state.access();
    access.set_active(&named(&name)?, request.active, may.actor()).await?;
    may.recorded();
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an account a new password for one login.
#[utoipa::path(post, path = "/api/v1/accounts/{name}/password", tag = "accounts",
    params(("name" = String, Path, description = "Name of the account")),
    responses(
        (status = 200, body = PasswordAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn reset_password(
    State(state): State<AppState>,
    may: May<Operate>,
    Parameters(name): Parameters<String>,
    pairs: Pairs,
) -> ApiResult<Json<PasswordAnswer>> {
    let [] = pairs.take([])?;
    let name = named(&name)?;
    let password = state.access().reset_password(&name, may.actor()).await?;
    may.recorded();
    let name = name.to_string();
    Ok(Json(PasswordAnswer { name, password }))
}

/// Grants an account a role and cases. Nobody grants oneself, and who was one of the three administrators does not become
/// another.
#[utoipa::path(put, path = "/api/v1/accounts/{name}/grant", tag = "accounts", request_body = GrantRequest,
    params(("name" = String, Path, description = "Name of the account")),
    responses(
        (status = 204),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn grant(
    State(state): State<AppState>,
    may: May<Grant>,
    Parameters(name): Parameters<String>,
    pairs: Pairs,
    Body(request): Body<GrantRequest>,
) -> ApiResult<StatusCode> {
    let [] = pairs.take([])?;
    let invalid = || ApiError::new(ErrorCode::InvalidGrant);
    let role = Role::parse(&request.role).ok_or_else(invalid)?;
    let granted = access::Grant::new(role, request.scope).map_err(|_| invalid())?;
    state
        .access()
        .grant(&named(&name)?, Some(&granted), may.actor())
        .await?;
    may.recorded();
    Ok(StatusCode::NO_CONTENT)
}

/// Takes from an account what it was granted.
#[utoipa::path(delete, path = "/api/v1/accounts/{name}/grant", tag = "accounts",
    params(("name" = String, Path, description = "Name of the account")),
    responses(
        (status = 204),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn revoke(
    State(state): State<AppState>,
    may: May<Grant>,
    Parameters(name): Parameters<String>,
    pairs: Pairs,
) -> ApiResult<StatusCode> {
    let [] = pairs.take([])?;
    state.access().grant(&named(&name)?, None, may.actor()).await?;
    may.recorded();
    Ok(StatusCode::NO_CONTENT)
}
