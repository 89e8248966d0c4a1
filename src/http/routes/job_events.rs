//! `GET /api/v1/jobs/{job}/events`: how far a job is, while it runs (Server-Sent Events).
//!
//! Each event is the state of the job; its number is the revision of the upload. Who comes back with the last number they saw
//! gets what changed since, and what they saw not once more. A stream is a future that sleeps between two looks at one number in the
//! catalogue: it holds no thread, there are [`limits::JOB_LISTENERS`] at most, and none lives longer than
//! [`limits::JOB_EVENTS_TIME`]; then the browser comes back and shows again who asks.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep};

use super::jobs::{JobWithFiles, job_of};
use super::uploads::answers::has_indexer;
use crate::access::Action;
use crate::catalogue::{Upload, UploadFile};
use crate::http::error::{ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{self, May};
use crate::http::state::AppState;

/// Header in which a browser that comes back says what it saw last.
const LAST_EVENT_ID: &str = "last-event-id";
/// Time without news after which a comment says that the stream lives.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// How far a job is, as events named `job` with a `JobWithFiles` as data, until it is over. The first holds all files, the
/// others those that changed. When nothing more will come the answer to a browser that comes back is 204.
#[utoipa::path(get, path = "/api/v1/jobs/{job}/events", tag = "uploads", operation_id = "job_events",
    params(
        ("job" = String, Path, description = "Opaque id of the job"),
        ("Last-Event-ID" = Option<String>, Header, description = "Number of the last event that was seen"),
    ),
    responses(
        (status = 200, description = "Events", body = String, content_type = "text/event-stream"),
        (status = 204, description = "Nothing more will come"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn events(
    State(state): State<AppState>,
    may: May<rights::Upload>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let [] = pairs.take([])?;
    let (kind, upload_id) = job_of(&id)?;
    let (now, _) = JobWithFiles::read(&state, &may, (kind, upload_id), language).await?;
    let details = json!({"did": "look_on", "upload": now.job.upload_id});
    may.record(Action::Upload, &details).await?;
    let last = headers
        .get(LAST_EVENT_ID)
        .and_then(|last| last.to_str().ok()?.parse().ok());
    if now.job.is_over() && last == Some(now.job.revision) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let onlooker = Onlooker {
        _place: state.listener_permit()?,
        ending: state.ending(),
        until: Instant::now() + limits::JOB_EVENTS_TIME,
        job: (kind, upload_id.to_owned()),
        seen: last,
        // Who saw the last event knows this, too.
        indexer: (last == Some(now.job.revision)).then_some(now.indexer),
        files: Vec::new(),
        over: false,
        language,
        may,
        state,
    };
    let stream = Sse::new(onlooker.stream());
    Ok(stream
        .keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE))
        .into_response())
}

/// Somebody who looks on.
struct Onlooker {
    state: AppState,
    may: May<rights::Upload>,
    language: Language,
    job: (&'static str, String),
    /// Number of the last event.
    seen: Option<u64>,
    /// Whether an indexer was there, as it was told last.
    indexer: Option<bool>,
    /// The files as they were told last.
    files: Vec<UploadFile>,
    over: bool,
    until: Instant,
    ending: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

impl Onlooker {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        unfold(self, async |mut onlooker| {
            let event = onlooker.next().await?;
            Some((Ok(event), onlooker))
        })
    }

    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        while !self.over && Instant::now() < self.until && !*self.ending.borrow() {
            // A failure ends the stream; the browser comes back.
            if let Some(event) = self.look().await.ok()? {
                return Some(event);
            }
            tokio::select! {
                () = sleep(limits::JOB_POLL) => {}
                _ = self.ending.changed() => {}
            }
        }
        None
    }

    async fn look(&mut self) -> ApiResult<Option<Event>> {
        let account = self.may.viewer().account_key;
        let revision = self
            .state
            .archive()
            .catalogue()
            .upload_revision(account, &self.job.1)
            .await?;
        // An indexer that comes or goes is news, too: who looks on need not wait for ever.
        let indexer = Some(has_indexer(&self.state).await?);
        if revision.is_some() && revision == self.seen && indexer == self.indexer {
            return Ok(None);
        }
        self.indexer = indexer;
        let job = (self.job.0, self.job.1.as_str());
        let (mut answer, upload) = JobWithFiles::read(&self.state, &self.may, job, self.language).await?;
        self.seen = Some(answer.job.revision);
        self.over = answer.job.is_over();
        let changed = self.changed(upload);
        let mut at = changed.into_iter();
        answer.files.retain(|_| at.next().unwrap_or(true));
        let event = Event::default().event("job").id(answer.job.revision.to_string());
        // What serialises here is ours; an event without data would not be seen.
        Ok(event.json_data(&answer).ok())
    }

    /// Which files are not as they were told last.
    fn changed(&mut self, upload: Upload) -> Vec<bool> {
        let before = std::mem::replace(&mut self.files, upload.files);
        let files = self.files.iter().enumerate();
        files.map(|(at, file)| before.get(at) != Some(file)).collect()
    }
}
