//! A citizen in the signature of a handler. What they do has to be recorded, or the answer is not sent.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde_json::Value;

use super::codes::ErrorCode;
use super::credentials::presented_citizen;
use super::error::{ApiError, ApiResult};
use super::state::AppState;
use super::trail::Trail;
use crate::access::{self, Action, Actor, AuditEntry, Outcome};
use crate::archive::CitizenView;

/// Somebody who logged in with a code from the counter. There is nothing that they may do but look at the own history.
pub(super) struct Citizen {
    citizen: access::Citizen,
    actor: Actor,
    trail: Trail,
    state: AppState,
}

impl FromRequestParts<AppState> for Citizen {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let trail = Trail::of(parts);
        trail.requires(Action::OwnCases);
        let presented = presented_citizen(&parts.headers, state.site());
        if presented.is_some() {
            trail.tried();
        }
        let citizen = match presented.flatten() {
            Some(secret) => state.access().citizen_of_session(&secret).await?,
            None => None,
        };
        let citizen = citizen.ok_or_else(|| ApiError::new(ErrorCode::NotSignedIn))?;
        let actor = trail.known_citizen(&citizen);
        Ok(Self {
            citizen,
            actor,
            trail,
            state: state.clone(),
        })
    }
}

impl Citizen {
    /// Who.
    pub(super) fn who(&self) -> &access::Citizen {
        &self.citizen
    }

    /// The archive as they see it.
    pub(super) fn view(&self) -> CitizenView {
        self.state.archive().citizen_view(&self.citizen)
    }

    /// Names the case that is asked for, also for the log of a refusal.
    pub(super) fn about(&self, case_id: &str) {
        self.trail.about(case_id);
    }

    /// Writes down what they did; only then may it be answered.
    pub(super) async fn record(&self, action: Action, details: &Value) -> ApiResult<()> {
        self.state.access().record(self.entry(action, details)).await?;
        self.trail.written();
        Ok(())
    }

    /// What is to be written down with the deed itself.
    pub(super) fn entry(&self, action: Action, details: &Value) -> AuditEntry {
        let mut entry = self.actor.entry(action, Outcome::Done, details);
        entry.case_id = self.trail.case_id();
        entry
    }

    /// Says that what they did was written down with the deed itself.
    pub(super) fn recorded(&self) {
        self.trail.written();
    }
}
