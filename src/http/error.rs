//! Errors on their way to the client.
//!
//! Which error goes where: library modules have their own error types; a handler turns them into an [`ApiError`] with
//! a code from [`super::codes`]. The [`observe`](super::observe) layer alone knows language and request id; it logs the
//! chain of causes once and writes the body (RFC 9457). A body never holds SQL, paths or texts of libraries.

use std::error::Error as StdError;
use std::fmt::Display;
use std::sync::Arc;

use axum::Json;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::codes::{ErrorCode, Fault};
use super::language::Language;
use super::limits;
use crate::access::{PURPOSE_CHARACTERS, WeakPassword};
use crate::catalogue::{self, AccessRefusal, Refusal, UploadRefusal};
use crate::search;

/// Seconds after which a client may try again.
const RETRY_SECONDS: u32 = 2;

/// An error of a handler.
#[derive(Clone, Debug)]
pub struct ApiError {
    code: ErrorCode,
    values: Vec<(&'static str, String)>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    /// Seconds after which a client may try again, when it is known.
    retry_after: Option<u32>,
}

/// Result of a handler.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// An error with nothing but its code.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            values: Vec::new(),
            source: None,
            retry_after: None,
        }
    }

    /// Fills in a name of the error's text. Only for limits and names of ours.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn because(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// The code.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The cause, for the log.
    pub fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }

    /// What the client is told.
    pub fn problem(&self, language: Language, request_id: &str) -> Problem {
        let mut detail = self.code.detail(language).to_owned();
        for (name, value) in &self.values {
            detail = detail.replace(&format!("{{{name}}}"), value);
        }
        Problem {
            kind: format!("urn:juanzong:problem:{}", self.code.code()),
            title: self.code.fault().title(language).to_owned(),
            status: self.code.status().as_u16(),
            detail,
            code: self.code.code().to_owned(),
            request_id: request_id.to_owned(),
        }
    }

    /// The whole answer.
    pub(super) fn answer(&self, language: Language, request_id: &str) -> Response {
        let mut response = (self.code.status(), Json(self.problem(language, request_id))).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        let retry = (self.code.fault() == Fault::Later).then_some(RETRY_SECONDS);
        if let Some(seconds) = self.retry_after.or(retry) {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // What a program has to send; a browser logs in by the API.
        if self.code.status() == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"juanzong\""));
        }
        response
    }
}

/// Carries the error to the layer that writes the body.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Names the sort of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// What sort of problem it is, in words.
    pub title: String,
    /// Status of the answer.
    pub status: u16,
    /// What is wrong, in Chinese unless English is asked for.
    pub detail: String,
    /// Stable code for programs.
    pub code: String,
    /// Identifies the request in the log of the server.
    pub request_id: String,
}

impl From<catalogue::Error> for ApiError {
    fn from(error: catalogue::Error) -> Self {
        if let catalogue::Error::Refused(refusal) = error {
            return Self::of_refusal(refusal);
        }
        if let catalogue::Error::Upload(refusal) = error {
            return Self::of_upload_refusal(refusal);
        }
        if let Some(refusal) = error.access_refusal() {
            return Self::of_access_refusal(refusal);
        }
        let code = match error.kind() {
            _ if matches!(error, catalogue::Error::AuditLog) => ErrorCode::AuditUnavailable,
            catalogue::Kind::Busy => ErrorCode::CatalogueBusy,
            catalogue::Kind::Corrupt => ErrorCode::CatalogueCorrupt,
            // What handlers ask for is checked before; what is wrong then is our mistake.
            catalogue::Kind::Invalid | catalogue::Kind::Internal => ErrorCode::Internal,
        };
        Self::new(code).because(error)
    }
}

impl From<search::Error> for ApiError {
    fn from(error: search::Error) -> Self {
        let api = Self::of_search(&error);
        match error.kind() {
            search::ErrorKind::Invalid => api,
            _ => api.because(error),
        }
    }
}

impl ApiError {
    /// What is said about a correction that is refused.
    pub fn of_refusal(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Value { field } => Self::new(ErrorCode::InvalidValue).with("field", field.code()),
            Refusal::TooLong { what, most } => Self::new(ErrorCode::ValueTooLong)
                .with("parameter", what)
                .with("most", most),
            Refusal::Missing { what } => Self::new(ErrorCode::ValueMissing).with("parameter", what),
            Refusal::Stale => Self::new(ErrorCode::StaleValue),
            Refusal::NoLine => Self::new(ErrorCode::LineNotFound),
            Refusal::NoReview => Self::new(ErrorCode::ReviewNotFound),
            Refusal::NoCorrection => Self::new(ErrorCode::CorrectionNotFound),
            Refusal::Undone => Self::new(ErrorCode::AlreadyUndone),
            Refusal::Masked => Self::new(ErrorCode::MaskedValue),
            Refusal::TooMany => Self::new(ErrorCode::TooManyResultSets),
        }
    }

    /// What is said about something with an upload that is refused.
    pub fn of_upload_refusal(refusal: UploadRefusal) -> Self {
        match refusal {
            UploadRefusal::Unknown => Self::new(ErrorCode::UploadNotFound),
            UploadRefusal::NoFile => Self::new(ErrorCode::UploadFileNotFound),
            UploadRefusal::State => Self::new(ErrorCode::UploadState),
            UploadRefusal::TooMany => Self::new(ErrorCode::TooManyUploads).with("most", limits::UPLOADS),
            UploadRefusal::TooManyFiles => Self::new(ErrorCode::TooManyFiles).with("most", limits::UPLOAD_FILES),
            UploadRefusal::TooLarge => Self::new(ErrorCode::UploadTooLarge).with("most", limits::UPLOAD_BYTES >> 30),
            UploadRefusal::Incomplete => Self::new(ErrorCode::UploadIncomplete),
            UploadRefusal::Unchecked => Self::new(ErrorCode::UploadUnchecked),
            UploadRefusal::Loose => Self::new(ErrorCode::UploadLoose),
            UploadRefusal::NothingFailed => Self::new(ErrorCode::NothingFailed),
        }
    }

    /// What is said about something with accounts that is refused.
    pub fn of_access_refusal(refusal: AccessRefusal) -> Self {
        use AccessRefusal as R;
        let code = match refusal {
            R::SignIn => ErrorCode::SignInFailed,
            R::TooManyAttempts { seconds } => {
                let mut error = Self::new(ErrorCode::TooManyAttempts).with("seconds", seconds);
                error.retry_after = Some(seconds);
                return error;
            }
            R::CitizenSignIn => ErrorCode::CitizenSignInFailed,
            R::TooManyVerifications { seconds } => {
                let mut error = Self::new(ErrorCode::TooManyVerifications).with("seconds", seconds);
                error.retry_after = Some(seconds);
                return error;
            }
            R::CitizenName => ErrorCode::CitizenName,
            R::CitizenNumber => ErrorCode::CitizenNumber,
            R::NoCode => ErrorCode::CodeNotFound,
            R::Name => ErrorCode::AccountName,
            R::NameTaken => ErrorCode::AccountTaken,
            R::Text { what } => {
                return Self::new(ErrorCode::ValueTooLong)
                    .with("parameter", what)
                    .with("most", PURPOSE_CHARACTERS);
            }
            R::NoAccount => ErrorCode::AccountNotFound,
            R::Password(WeakPassword::Length) => ErrorCode::PasswordLength,
            R::Password(WeakPassword::Simple) => ErrorCode::PasswordSimple,
            R::Password(WeakPassword::Guessable) => ErrorCode::PasswordGuessable,
            R::Password(WeakPassword::Unchanged) => ErrorCode::PasswordUnchanged,
            R::Grant(_) => ErrorCode::InvalidGrant,
            R::OwnGrant => ErrorCode::OwnGrant,
            R::SecondAdministrator => ErrorCode::SecondAdministrator,
            R::LastSecurityAdmin => ErrorCode::LastSecurityAdmin,
            R::TokenTaken => ErrorCode::TokenTaken,
            R::NoToken => ErrorCode::TokenNotFound,
            R::TokenRights => ErrorCode::TokenRights,
            R::TokenDays { most } => return Self::new(ErrorCode::TokenDays).with("most", most),
        };
        Self::new(code)
    }

    /// What is said about an error of a search, without its cause.
    pub fn of_search(error: &search::Error) -> Self {
        use search::Error as E;
        let api = Self::new(ErrorCode::from_code(error.code()).unwrap_or(ErrorCode::Internal));
        match error {
            E::QueryTooLong { most }
            | E::QueryTooComplex { most }
            | E::QueryTooDeep { most }
            | E::PageOutOfRange { deepest: most }
            | E::SizeOutOfRange { most }
            | E::TooManyCells { most }
            | E::TooManyFacetValues { most } => api.with("most", most),
            E::RepeatedParameter { parameter } | E::InvalidParameter { parameter } | E::InvalidDate { parameter } => {
                api.with("parameter", parameter)
            }
            E::InvalidFacetValue { facet } => api.with("parameter", facet),
            _ => api,
        }
    }
}
