//! The HTTP API.
//!
//! [`router()`] lists every route on one page; the contract of each stands on its handler in `routes`. [`codes`] lists
//! every error, [`limits`] every limit. [`Listening`] runs the server.

mod citizen;
pub mod codes;
mod credentials;
mod dictionary_fault;
mod download;
mod error;
mod extract;
mod follow;
mod head_guard;
mod language;
pub mod limits;
mod local_only;
mod metrics;
mod observe;
mod rights;
mod router;
mod routes;
mod serve;
pub(crate) mod slip;
mod state;
mod tls;
mod trail;
mod web;

pub use error::{ApiError, ApiResult, Problem};
pub use language::Language;
pub use router::{openapi, router};
pub use serve::{Listening, ServeError};
pub use state::{AppState, Site};
pub use tls::{Tls, TlsError};
