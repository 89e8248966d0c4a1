//! `GET /api/v1/citizen/accesses`: who looked at my file.

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::cases::size;
use crate::access::{Action, Role, masked_query};
use crate::catalogue::CaseAccess;
use crate::http::citizen::Citizen;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, read};
use crate::http::language::Language;
use crate::http::state::AppState;

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct AccessParameters {
    /// Only this case, by its opaque id.
    case: Option<String>,
    /// Only what came before this: `next` of the answer before.
    before: Option<u64>,
    /// Entries on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    size: Option<u32>,
}

/// Who looked at cases.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AccessesAnswer {
    /// The latest first.
    accesses: Vec<AccessAnswer>,
    /// What to give as `before` to go on; `null` at the end.
    next: Option<u64>,
}

/// That somebody looked at a case.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AccessAnswer {
    /// Number under which the archive can be asked about it.
    number: u64,
    /// When (RFC 3339, UTC).
    at: String,
    /// Opaque id of the case.
    case_id: String,
    /// Who, in plain words: office and agencies, not the name of the officer.
    who: String,
    /// Code of the role; `null` for who keeps the archive and for who has an access code.
    role: Option<String>,
    /// The agencies for which they looked; empty for those of all agencies.
    agencies: Vec<String>,
    /// Code of what was done.
    action: String,
    /// The same in words.
    action_label: String,
    /// What for, as they said it; for personal data in full the reason.
    purpose: Option<String>,
}

impl AccessAnswer {
    fn new(access: CaseAccess, archive: &str, language: Language) -> Self {
        let role = access.visitor.role;
        let office = match (language, role) {
            (Language::Chinese, None) if access.visitor.citizen => "持查询码者".to_owned(),
            (Language::English, None) if access.visitor.citizen => "somebody with an access code".to_owned(),
            (Language::Chinese, Some(role)) => role.label_zh().to_owned(),
            (Language::English, Some(role)) => role.label_en().to_owned(),
            (Language::Chinese, None) => format!("{archive}（档案保管）"),
            (Language::English, None) => format!("{archive} (keeper of the archive)"),
        };
        let agencies = access.visitor.agencies;
        let who = match (agencies.as_slice(), language) {
            ([], _) => office,
            (agencies, Language::Chinese) => format!("{}{office}", agencies.join("、")),
            (agencies, Language::English) => format!("{office}, {}", agencies.join(", ")),
        };
        Self {
            number: access.sequence,
            at: access.at,
            case_id: access.case_id,
            who,
            role: role.map(Role::code).map(str::to_owned),
            agencies,
            action: access.action.code().to_owned(),
            action_label: match language {
                Language::Chinese => access.action.label_zh().to_owned(),
                Language::English => access.action.label_en().to_owned(),
            },
            // What officers type may hold numbers of others.
            purpose: access.reason.or(access.purpose).map(|text| masked_query(&text)),
        }
    }
}

/// What was found as it is answered; at most `size` were asked for. `archive`: who keeps it.
pub(in crate::http::routes) fn answered(
    found: Vec<CaseAccess>,
    size: u32,
    archive: &str,
    language: Language,
) -> AccessesAnswer {
    let full = found.len() == usize::try_from(size).unwrap_or(usize::MAX);
    let next = found.last().map(|last| last.sequence).filter(|_| full);
    let answer = |access| AccessAnswer::new(access, archive, language);
    AccessesAnswer {
        accesses: found.into_iter().map(answer).collect(),
        next,
    }
}

/// Who looked at the own cases, when and what for, from the audit log. What was done with the present access code is left out.
#[utoipa::path(get, operation_id = "citizen_accesses", path = "/api/v1/citizen/accesses", tag = "citizen", params(AccessParameters), responses(
    (status = 200, body = AccessesAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn accesses(
    State(state): State<AppState>,
    citizen: Citizen,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<AccessesAnswer>> {
    let [case, before, asked] = pairs.take(["case", "before", "size"])?;
    let size = size(asked.as_deref())?;
    let before: Option<u64> = read("before", before.as_deref())?;
    let mut ids = citizen.view().case_ids().await?;
    if let Some(case) = &case {
        citizen.about(case);
        ids.retain(|id| id == case);
        if ids.is_empty() {
            return Err(ApiError::new(ErrorCode::CaseNotFound));
        }
    }
    let found = state
        .access()
        .accesses(&ids, &citizen.who().pseudonym, before, size)
        .await?;
    let details = json!({"before": before, "accesses": found.len()});
    citizen.record(Action::OwnAccesses, &details).await?;
    let archive = &state.site().citizen.archive;
    Ok(Json(answered(found, size, archive, language)))
}
