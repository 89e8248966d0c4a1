//! `GET /api/v1/audit/events` and `GET /api/v1/audit/verification`

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Action, ChainFinding, Outcome, SealedEntry};
use crate::catalogue::AuditFilter;
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, read};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{May, ReadAudit};

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct AuditParameters {
    /// Only entries before this place: `next` of the answer before.
    before: Option<u64>,
    /// Only what this actor did, e.g. `zhao`, `local:1000`.
    actor: Option<String>,
    /// Code of what was done, e.g. `search`, `view_case`, `unmask`.
    action: Option<String>,
    /// `done`, `refused` or `failed`.
    outcome: Option<String>,
    /// Only this case, by its opaque id.
    case: Option<String>,
    /// Entries on a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    size: Option<u32>,
}

/// A part of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AuditAnswer {
    /// The entries, the latest first.
    events: Vec<AuditEvent>,
    /// What to give as `before` to go on; `null` at the end.
    next: Option<u64>,
    /// Everything that can be done: what `action` filters by.
    actions: Vec<ActionName>,
}

/// Something that can be done.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ActionName {
    /// Stable code.
    code: &'static str,
    /// The same in words.
    label: &'static str,
}

/// One entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AuditEvent {
    /// Place in the chain, from 1.
    sequence: u64,
    /// When (RFC 3339, UTC).
    at: String,
    /// Who.
    actor: String,
    /// Code of their role.
    role: Option<String>,
    /// Code of what was done.
    action: String,
    /// The same in words.
    action_label: String,
    /// `done`, `refused` or `failed`.
    outcome: String,
    /// Opaque id of the case.
    case_id: Option<String>,
    /// What for.
    purpose: Option<String>,
    /// Identifies the request.
    request_id: Option<String>,
    /// Where from.
    address: Option<String>,
    /// What else there is to say: for a search the query, with personal numbers masked, the filters and the total.
    #[schema(value_type = Object)]
    details: Value,
    /// Hash of the entry, in hexadecimal digits.
    hash: String,
}

/// The audit log, the latest entries first. Only for the log administrator, whose looking is an entry, too.
#[utoipa::path(get, path = "/api/v1/audit/events", tag = "audit", params(AuditParameters), responses(
    (status = 200, body = AuditAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn events(
    may: May<ReadAudit>,
    axum::extract::State(state): axum::extract::State<crate::http::state::AppState>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<AuditAnswer>> {
    let [before, actor, action, outcome, case_id, size] =
        pairs.take(["before", "actor", "action", "outcome", "case", "size"])?;
    let invalid = |name| ApiError::new(ErrorCode::InvalidParameter).with("parameter", name);
    let size: u32 = read("size", size.as_deref())?.unwrap_or(limits::AUDIT_EVENTS);
    if !limits::AUDIT_EVENTS_ON_A_PAGE.contains(&size) {
        return Err(ApiError::new(ErrorCode::SizeOutOfRange).with("most", limits::AUDIT_EVENTS_ON_A_PAGE.end()));
    }
    let action = action.map(|code| Action::parse(&code).ok_or_else(|| invalid("action")));
    let outcome = outcome.map(|code| Outcome::parse(&code).ok_or_else(|| invalid("outcome")));
    let filter = AuditFilter {
        before: read("before", before.as_deref())?,
        actor,
        action: action.transpose()?,
        outcome: outcome.transpose()?,
        case_id,
    };
    let entries = state.access().audit_entries(&filter, size).await?;
    let full = entries.len() == usize::try_from(size).unwrap_or(usize::MAX);
    let next = entries.last().map(|last| last.sequence).filter(|_| full);
    let details = json!({"before": filter.before, "actor": filter.actor, "action": filter.action,
        "outcome": filter.outcome, "case": filter.case_id, "events": entries.len()});
    may.record(Action::ReadAudit, &details).await?;
    let events = entries
        .into_iter()
        .map(|entry| AuditEvent::new(entry, language))
        .collect();
    let actions = Action::ALL.iter().map(|action| ActionName {
        code: action.code(),
        label: action_label(*action, language),
    });
    Ok(Json(AuditAnswer {
        events,
        next,
        actions: actions.collect(),
    }))
}

/// What a check of the whole log says.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AuditVerificationAnswer {
    /// Entries that were read.
    entries: u64,
    /// Place of the last entry that a valid checkpoint signs.
    signed: Option<u64>,
    /// Whether nothing is wrong.
    intact: bool,
    /// Number of all findings.
    total: usize,
    /// The first of them.
    findings: Vec<AuditFinding>,
}

/// Something that is wrong with the log.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AuditFinding {
    /// Stable code.
    code: String,
    /// The same in words.
    label: String,
    /// The entry, by its place in the chain.
    sequence: u64,
}

/// Checks the whole audit log: whatever was changed, removed, put in, moved or cut off is found.
///
/// One check runs at a time; another is answered 503.
#[utoipa::path(get, operation_id = "audit_verification", path = "/api/v1/audit/verification", tag = "audit", responses(
    (status = 200, body = AuditVerificationAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn verification(
    may: May<ReadAudit>,
    axum::extract::State(state): axum::extract::State<crate::http::state::AppState>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<AuditVerificationAnswer>> {
    let [] = pairs.take([])?;
    let permit = state.aside_permit().await?;
    // Looked at before anything is added: a log that was cut off must not grow over the place.
    let report = state.access().verify_audit(&[]).await?;
    drop(permit);
    let total = report.findings.len();
    let details = json!({"did": "verify", "findings": total});
    may.record(Action::ReadAudit, &details).await?;
    let finding = |finding: &ChainFinding| AuditFinding {
        code: finding.kind.code().to_owned(),
        label: match language {
            Language::Chinese => finding.kind.label_zh().to_owned(),
            Language::English => finding.kind.label_en().to_owned(),
        },
        sequence: finding.sequence,
    };
    Ok(Json(AuditVerificationAnswer {
        entries: report.entries,
        signed: report.signed,
        intact: total == 0,
        total,
        findings: report
            .findings
            .iter()
            .take(limits::AUDIT_FINDINGS)
            .map(finding)
            .collect(),
    }))
}

fn action_label(action: Action, language: Language) -> &'static str {
    match language {
        Language::Chinese => action.label_zh(),
        Language::English => action.label_en(),
    }
}

impl AuditEvent {
    fn new(sealed: SealedEntry, language: Language) -> Self {
        let entry = sealed.entry;
        let label = action_label(entry.action, language);
        Self {
            sequence: sealed.sequence,
            at: entry.at,
            actor: entry.actor,
            role: entry.role,
            action: entry.action.code().to_owned(),
            action_label: label.to_owned(),
            outcome: entry.outcome.code().to_owned(),
            case_id: entry.case_id,
            purpose: entry.purpose,
            request_id: entry.request_id,
            address: entry.address,
            details: serde_json::from_str(&entry.details).unwrap_or_default(),
            hash: hex::encode(sealed.hash),
        }
    }
}
