//! What a handler names in its signature: `May<Search>`, `May<Unmask>`, `SignedIn`. A request that has not shown who asks,
//! or who may not do this, never reaches the handler.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde_json::{Value, json};

use super::codes::ErrorCode;
use super::credentials;
use super::error::{ApiError, ApiResult};
use super::language::Language;
use super::state::AppState;
use super::trail::Trail;
use crate::access::{self, Action, Actor, Outcome, Viewer};
use crate::archive::View;
use crate::export::ExportOptions;

/// A right as a type.
pub(super) trait RightType: Send + Sync + 'static {
    /// The right.
    const RIGHT: access::Right;
    /// What the log says was tried when it is refused.
    const ACTION: Action;
    /// What is said to who does not have it.
    const REFUSAL: ErrorCode = ErrorCode::NotAllowed;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident => $action:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub(super) enum $name {}

            impl RightType for $name {
                const RIGHT: access::Right = access::Right::$name;
                const ACTION: Action = Action::$action;
            }
        )+
    };
}

rights! {
    /// Search and suggestions.
    Search => Search;
    /// Cases, pages, images.
    ReadCases => ViewCase;
    /// Corrections.
    Correct => Correct;
    /// The review queue.
    Review => Review;
    /// Statistics.
    Statistics => Statistics;
    /// Taking cases out, masked.
    Export => Export;
    /// Findings and samples.
    Findings => Findings;
    /// Personal data in full.
    Unmask => Unmask;
    /// Access codes at the counter.
    IssueCodes => AccessCode;
    /// Uploads and their jobs.
    Upload => Upload;
    /// Accounts and the service.
    Operate => Operate;
    /// Roles.
    Grant => Grant;
    /// The audit log.
    ReadAudit => ReadAudit;
}

/// Originals, in which personal data stands in full.
#[derive(Clone, Copy, Debug)]
pub(super) enum Originals {}

impl RightType for Originals {
    const RIGHT: access::Right = access::Right::Unmask;
    const ACTION: Action = Action::ViewOriginal;
    const REFUSAL: ErrorCode = ErrorCode::OriginalNotAllowed;
}

/// Somebody who is logged in, by a session or a token, and may not be able to do anything yet.
pub(super) struct SignedIn {
    /// Who.
    pub(super) viewer: Viewer,
    /// The same for the log.
    pub(super) actor: Actor,
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let trail = Trail::of(parts);
        let presented = credentials::presented(&parts.headers, state.site());
        if presented.is_some() {
            trail.tried();
        }
        let viewer = credentials::viewer(presented, state.access()).await?;
        let viewer = viewer.ok_or_else(|| ApiError::new(ErrorCode::NotSignedIn))?;
        let actor = trail.known(&viewer);
        Ok(Self { viewer, actor })
    }
}

impl SignedIn {
    /// The same when it is a person at a page: what keeps an account safe cannot be done by a token, and is told in the log
    /// when it is tried.
    pub(super) async fn in_session(self, action: Action, state: &AppState) -> ApiResult<Self> {
        if self.viewer.credential == access::Credential::Session {
            return Ok(self);
        }
        let details = json!({"code": ErrorCode::NotAllowed.code()});
        let entry = self.actor.entry(action, Outcome::Refused, &details);
        state.access().record(entry).await?;
        Err(ApiError::new(ErrorCode::NotAllowed))
    }
}

/// Somebody who may do what the type says. What they do has to be recorded, or the answer is not sent.
pub(super) struct May<R> {
    viewer: Viewer,
    actor: Actor,
    trail: Trail,
    state: AppState,
    right: PhantomData<R>,
}

impl<R: RightType> FromRequestParts<AppState> for May<R> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let trail = Trail::of(parts);
        trail.requires(R::ACTION);
        let SignedIn { viewer, actor } = SignedIn::from_request_parts(parts, state).await?;
        if viewer.must_change_password {
            return Err(ApiError::new(ErrorCode::PasswordMustChange));
        }
        if !viewer.may(R::RIGHT, state.access().today()) {
            return Err(ApiError::new(R::REFUSAL));
        }
        Ok(Self {
            viewer,
            actor,
            trail,
            state: state.clone(),
            right: PhantomData,
        })
    }
}

impl<R> May<R> {
    /// Who.
    pub(super) fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// The same for the log.
    pub(super) fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The archive as they see it.
    pub(super) fn view(&self) -> View {
        let today = self.state.access().today();
        let view = self.state.archive().view(self.viewer.visible_cases(today));
        view.with_numbers(self.viewer.may(access::Right::Unmask, today))
    }

    /// How they take something out: masked, in their language, under their name.
    pub(super) fn export_options(&self, language: Language) -> ExportOptions {
        ExportOptions {
            labels: language.into(),
            by: Some(self.viewer.person.clone()),
            ..ExportOptions::default()
        }
    }

    /// Names the case that is asked for, also for the log of a refusal.
    pub(super) fn about(&self, case_id: &str) {
        self.trail.about(case_id);
    }

    /// Writes down what they did; only then may it be answered.
    pub(super) async fn record(&self, action: Action, details: &Value) -> ApiResult<()> {
        self.write_down(action, self.trail.case_id(), details).await
    }

    /// The same about a case that is not the one that was asked for.
    pub(super) async fn record_about(&self, action: Action, case_id: &str, details: &Value) -> ApiResult<()> {
        self.write_down(action, Some(case_id.to_owned()), details).await
    }

    async fn write_down(&self, action: Action, case_id: Option<String>, details: &Value) -> ApiResult<()> {
        let mut entry = self.actor.entry(action, Outcome::Done, details);
        entry.case_id = case_id;
        self.state.access().record(entry).await?;
        self.trail.written();
        Ok(())
    }

    /// Says that what they did was written down with the deed itself.
    pub(super) fn recorded(&self) {
        self.trail.written();
    }
}
