//! Our own extractors, so that what they refuse looks like every other problem.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::codes::ErrorCode;
use super::error::ApiError;
use super::language::Language;
use super::limits;
use crate::archive::Labels;
use crate::search;

/// The parameters after `?`, decoded, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs(pub(super) Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Pairs {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        if parts
            .uri
            .query()
            .is_some_and(|query| query.len() > limits::QUERY_STRING_BYTES)
        {
            return Err(query_too_long());
        }
        let query = Query::try_from_uri(&parts.uri)
            .map_err(|rejection| ApiError::new(ErrorCode::MalformedRequest).because(rejection))?;
        Ok(Self(query.0))
    }
}

/// What is said when an address is so long that it is not looked at.
pub(super) fn query_too_long() -> ApiError {
    ApiError::new(ErrorCode::QueryTooLong).with("most", search::limits::QUERY_CHARACTERS)
}

impl Pairs {
    /// Takes the parameters that a route knows, each at most once.
    ///
    /// # Errors
    /// When a parameter is unknown or repeated.
    pub(super) fn take<const N: usize>(self, names: [&'static str; N]) -> Result<[Option<String>; N], ApiError> {
        let mut values = [const { None }; N];
        for (name, value) in self.0 {
            let index = names.iter().position(|known| *known == name);
            let index = index.ok_or_else(|| ApiError::new(ErrorCode::UnknownParameter))?;
            if values[index].replace(value).is_some() {
                return Err(ApiError::new(ErrorCode::RepeatedParameter).with("parameter", names[index]));
            }
        }
        Ok(values)
    }
}

/// Reads a parameter.
///
/// # Errors
/// When it is given and is no such value.
pub(super) fn read<T: FromStr>(name: &'static str, text: Option<&str>) -> Result<Option<T>, ApiError> {
    let invalid = |_| ApiError::new(ErrorCode::InvalidParameter).with("parameter", name);
    text.map(|text| text.trim().parse().map_err(invalid)).transpose()
}

/// Reads a parameter that says yes or no.
///
/// # Errors
/// When it is given and says neither.
pub(super) fn flag(name: &'static str, text: Option<&str>, otherwise: bool) -> Result<bool, ApiError> {
    Ok(read(name, text)?.unwrap_or(otherwise))
}

/// The parts of a path. A part of the wrong form names nothing, so the answer is that of a thing that is not there.
#[derive(Clone, Debug)]
pub(super) struct Parameters<T>(pub(super) T);

impl<T, S> FromRequestParts<S> for Parameters<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(ApiError::new(ErrorCode::NotFound).because(rejection)),
        }
    }
}

/// The body of a request that changes something: JSON.
///
/// A browser sends forms and plain text to any server without asking, but JSON only after the server has agreed, which
/// ours never does. Besides, requests of pages of other sites are refused by what the browser says of them; see the router.
#[derive(Clone, Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let headers = request.headers();
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let code = if large {
                ErrorCode::BodyTooLarge
            } else {
                ErrorCode::MalformedRequest
            };
            ApiError::new(code).because(rejection)
        })?;
        // What was wrong with it may name what was typed: it stays here.
        let value = serde_json::from_slice(&bytes).map_err(|_| ApiError::new(ErrorCode::InvalidBody))?;
        Ok(Self(value))
    }
}

impl From<Language> for Labels {
    fn from(language: Language) -> Self {
        match language {
            Language::Chinese => Self::Chinese,
            Language::English => Self::English,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        Ok(Self::of(&parts.headers))
    }
}
