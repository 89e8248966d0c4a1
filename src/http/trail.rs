//! The layer that holds every answer to the audit log: what needed a right and was not written down is not sent, and what
//! was refused is written down here.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::codes::ErrorCode;
use super::error::ApiError;
use super::observe::RequestId;
use super::state::AppState;
use crate::access::{Action, Actor, Citizen, Outcome, Viewer};

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// Header in which a proxy says where a connection comes from.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// Letters of a public identifier of a case.
const CASE_ID: usize = 20;

/// What is known of a request on its way.
#[derive(Clone, Debug)]
pub(super) struct Trail(Arc<Mutex<Known>>);

#[derive(Debug)]
struct Known {
    actor: Actor,
    peer: Option<IpAddr>,
    /// What the route needs a right for; nothing when it needs none.
    action: Option<Action>,
    case_id: Option<String>,
    /// Whether something was shown that should say who asks.
    tried: bool,
    written: bool,
}

impl Trail {
    fn new(actor: Actor, peer: Option<IpAddr>) -> Self {
        Self(Arc::new(Mutex::new(Known {
            actor,
            peer,
            action: None,
            case_id: None,
            tried: false,
            written: false,
        })))
    }

    /// That of a request.
    pub(super) fn of(parts: &Parts) -> Self {
        // Without the layer nothing that needs a right is answered, for nobody looks whether it was written.
        let nobody = || Self::new(Actor::unknown(), None);
        parts.extensions.get::<Self>().cloned().unwrap_or_else(nobody)
    }

    fn known_so_far(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The route needs a right, so what is answered has to be written down.
    pub(super) fn requires(&self, action: Action) {
        self.known_so_far().action = Some(action);
    }

    /// Something was shown that should say who asks.
    pub(super) fn tried(&self) {
        self.known_so_far().tried = true;
    }

    /// Names who asks.
    pub(super) fn known(&self, viewer: &Viewer) -> Actor {
        let mut known = self.known_so_far();
        known.actor = std::mem::take(&mut known.actor).known(viewer);
        known.actor.clone()
    }

    /// Names the citizen who asks.
    pub(super) fn known_citizen(&self, citizen: &Citizen) -> Actor {
        let mut known = self.known_so_far();
        known.actor = std::mem::take(&mut known.actor).citizen(citizen);
        known.actor.clone()
    }

    /// Who asks, as far as it is known.
    pub(super) fn actor(&self) -> Actor {
        self.known_so_far().actor.clone()
    }

    /// Where the request comes from.
    pub(super) fn peer(&self) -> Option<IpAddr> {
        self.known_so_far().peer
    }

    /// Names the case that is asked for, when it can be one: what is typed into an address may be anything.
    pub(super) fn about(&self, case_id: &str) {
        let plausible = case_id.len() == CASE_ID && case_id.bytes().all(|b| b.is_ascii_hexdigit());
        self.known_so_far().case_id = plausible.then(|| case_id.to_owned());
    }

    pub(super) fn case_id(&self) -> Option<String> {
        self.known_so_far().case_id.clone()
    }

    /// What was done is in the log.
    pub(super) fn written(&self) {
        self.known_so_far().written = true;
    }
}

/// Runs one request.
pub(super) async fn trail(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("unknown", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let peer = where_from(&request, &state);
    let actor = Actor {
        request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()),
        address: peer.map(|peer| peer.to_string()),
        ..Actor::unknown()
    };
    let trail = Trail::new(actor, peer);
    request.extensions_mut().insert(trail.clone());
    let answer = next.run(request).await;

    let error = answer.extensions().get::<ApiError>().map(ApiError::code);
    let status = answer.status();
    let (entry, unwritten) = {
        let known = trail.known_so_far();
        let good = !status.is_client_error() && !status.is_server_error();
        // What changes something is written down before it is done: what then fails is told by an entry of its own.
        let ended = match (error, known.written) {
            (Some(code), false) => is_refusal(code, known.tried).then_some(Outcome::Refused),
            (_, true) if !good => Some(Outcome::Failed),
            _ => None,
        };
        let entry = known.action.zip(ended).map(|(action, outcome)| {
            let code = error.map(ErrorCode::code);
            let details = json!({"code": code, "method": method.as_str(), "route": route});
            let mut entry = known.actor.entry(action, outcome, &details);
            entry.case_id.clone_from(&known.case_id);
            entry
        });
        (entry, good && known.action.is_some() && !known.written)
    };
    if unwritten {
        tracing::error!(route, "an answer was not written down and is not sent");
        return ApiError::new(ErrorCode::Internal).into_response();
    }
    if let Some(entry) = entry
        && let Err(error) = state.access().record(entry).await
    {
        return ApiError::from(error).into_response();
    }
    answer
}

/// What is a refusal in the sense of the log. Who has shown nothing at all was not refused but asked to log in; whether a
/// case is missing or hidden is written down alike, and takes as long.
fn is_refusal(code: ErrorCode, tried: bool) -> bool {
    match code {
        ErrorCode::NotSignedIn => tried,
        ErrorCode::NotAllowed
        | ErrorCode::OriginalNotAllowed
        | ErrorCode::PasswordMustChange
        | ErrorCode::CaseNotFound
        | ErrorCode::PageNotFound
        | ErrorCode::OriginalNotFound
        | ErrorCode::UploadNotFound
        | ErrorCode::JobNotFound
        | ErrorCode::CasesTaken
        | ErrorCode::OwnGrant
        | ErrorCode::SecondAdministrator
        | ErrorCode::LastSecurityAdmin => true,
        _ => false,
    }
}

/// Where a request comes from: what the proxy says when there is one, for it is the peer of every connection then.
fn where_from(request: &Request, state: &AppState) -> Option<IpAddr> {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.to_canonical());
    if !state.site().proxy || !peer.is_some_and(|peer| peer.is_loopback()) {
        return peer;
    }
    let headers = request.headers().get_all(FORWARDED_FOR).iter();
    let last = headers.filter_map(|value| value.to_str().ok()).next_back();
    // Whatever stands before the last was sent by the client itself.
    let said = last.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    said.or(peer)
}

impl<S: Send + Sync> FromRequestParts<S> for Trail {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}
