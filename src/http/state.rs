//! What all handlers share.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::codes::ErrorCode;
use super::error::{ApiError, ApiResult};
use super::limits;
use super::metrics::Metrics;
use crate::archive::{Archive, View};
use crate::catalogue::AccessStore;
use crate::config::{CitizenService, MaintenancePlan};
use crate::maintenance::Upkeep;
use crate::search::statistics::{StatisticsRequest, StatisticsResponse};
use crate::search::{self, AllMatches, SearchRequest, SearchResponse, SuggestRequest, SuggestResponse};

/// What all handlers share. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

/// How the server is reached, and how it presents itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Host names under which it is reached, besides those of this machine.
    pub names: Vec<String>,
    /// Whether browsers reach it by TLS, so that cookies are sent by TLS only.
    pub tls: bool,
    /// Whether a proxy on this machine says where requests come from.
    pub proxy: bool,
    /// What citizens are told and given.
    pub citizen: CitizenService,
    /// What keeps the archive, and when.
    pub maintenance: MaintenancePlan,
}

struct Inner {
    archive: Archive,
    access: AccessStore,
    site: Site,
    searches: Arc<Semaphore>,
    images: Arc<Semaphore>,
    exports: Arc<Semaphore>,
    aside: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    listeners: Arc<Semaphore>,
    /// Held while an uploaded file gets its name and is noted, so that of two that are the same file one is too late.
    naming: Mutex<()>,
    ending: watch::Sender<bool>,
    permit_time: Duration,
    search_time: Duration,
    metrics: Metrics,
    upkeep: Upkeep,
}

impl AppState {
    /// Serves an archive, with so many searches at the same time.
    pub fn new(archive: Archive, access: AccessStore, site: Site, concurrent_searches: usize) -> Self {
        let times = (limits::PERMIT_TIME, limits::SEARCH_TIME);
        Self::with_times(archive, access, site, concurrent_searches, times)
    }

    /// As [`Self::new`], with other times to wait for a place and to search.
    pub fn with_times(
        archive: Archive,
        access: AccessStore,
        site: Site,
        concurrent_searches: usize,
        (permit_time, search_time): (Duration, Duration),
    ) -> Self {
        let plan = site.maintenance.clone();
        let upkeep = Upkeep::new(archive.clone(), access.clone(), plan, Arc::new(jiff::Timestamp::now));
        Self(Arc::new(Inner {
            upkeep,
            archive,
            access,
            site,
            searches: Arc::new(Semaphore::new(concurrent_searches)),
            images: Arc::new(Semaphore::new(limits::CONCURRENT_IMAGES)),
            exports: Arc::new(Semaphore::new(limits::CONCURRENT_EXPORTS)),
            aside: Arc::new(Semaphore::new(1)),
            uploads: Arc::new(Semaphore::new(limits::CONCURRENT_UPLOADS)),
            listeners: Arc::new(Semaphore::new(limits::JOB_LISTENERS)),
            naming: Mutex::new(()),
            ending: watch::Sender::new(false),
            permit_time,
            search_time,
            metrics: Metrics::new(),
        }))
    }

    /// The archive.
    pub fn archive(&self) -> &Archive {
        &self.0.archive
    }

    /// Accounts and the audit log.
    pub fn access(&self) -> &AccessStore {
        &self.0.access
    }

    /// How the server is reached.
    pub(super) fn site(&self) -> &Site {
        &self.0.site
    }

    /// What keeps the archive.
    pub fn upkeep(&self) -> &Upkeep {
        &self.0.upkeep
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Searches, with a permit and a deadline.
    ///
    /// The search runs in a task of its own that holds the permit until it ends: when the client goes away or the time
    /// is over, the work in the blocking pool goes on, and so must its place be taken.
    pub(super) async fn search(&self, view: View, request: SearchRequest) -> ApiResult<SearchResponse> {
        let outcome = self.try_search(view, request).await;
        let label = match &outcome {
            Ok(_) => "answered",
            Err(error) => error.code().code(),
        };
        self.metrics().search(label);
        outcome
    }

    async fn try_search(&self, view: View, request: SearchRequest) -> ApiResult<SearchResponse> {
        let permit = self.permit(&self.0.searches).await?;
        let deadline = Instant::now() + self.0.search_time;
        let state = self.clone();
        let task = tokio::spawn(async move {
            let _permit = permit;
            let _runs = state.metrics().search_runs();
            view.search(request, deadline).await
        });
        self.in_time(task).await
    }

    /// Suggests, with a permit and a deadline as [`Self::search`].
    pub(super) async fn suggest(&self, view: View, request: SuggestRequest) -> ApiResult<SuggestResponse> {
        let permit = self.permit(&self.0.searches).await?;
        let deadline = Instant::now() + self.0.search_time;
        let task = tokio::spawn(async move {
            let _permit = permit;
            // Staff and auditors see the names of the cases they may see.
            view.suggest(&request, true, deadline).await
        });
        self.in_time(task).await
    }

    /// All cases that match, with a permit and a deadline as [`Self::search`].
    pub(super) async fn all_matches(&self, view: View, request: SearchRequest) -> ApiResult<AllMatches> {
        let permit = self.permit(&self.0.searches).await?;
        let deadline = Instant::now() + self.0.search_time;
        let task = tokio::spawn(async move {
            let _permit = permit;
            view.all_matches(request, deadline).await
        });
        self.in_time(task).await
    }

    /// Statistics, with a permit and a deadline as [`Self::search`].
    pub(super) async fn statistics(&self, view: View, request: StatisticsRequest) -> ApiResult<StatisticsResponse> {
        let permit = self.permit(&self.0.searches).await?;
        let deadline = Instant::now() + self.0.search_time;
        let task = tokio::spawn(async move {
            let _permit = permit;
            view.statistics(request, deadline).await
        });
        self.in_time(task).await
    }

    /// Time for one search once it runs.
    pub(super) fn search_time(&self) -> Duration {
        self.0.search_time
    }

    /// A place among those whose exports are written.
    pub(super) async fn export_permit(&self) -> ApiResult<OwnedSemaphorePermit> {
        self.permit(&self.0.exports).await
    }

    /// A place among those that send files.
    pub(super) async fn upload_permit(&self) -> ApiResult<OwnedSemaphorePermit> {
        self.permit(&self.0.uploads).await
    }

    /// The turn of a file that was received as a whole.
    pub(super) async fn naming(&self) -> MutexGuard<'_, ()> {
        self.0.naming.lock().await
    }

    /// A place among those that look on at jobs, if there is one.
    pub(super) fn listener_permit(&self) -> ApiResult<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.0.listeners).try_acquire_owned();
        place.map_err(|_| ApiError::new(ErrorCode::TooManyListeners))
    }

    /// Ends what would otherwise be answered for ever.
    pub(super) fn end(&self) {
        self.0.ending.send_replace(true);
    }

    /// Told when the server ends.
    pub(super) fn ending(&self) -> watch::Receiver<bool> {
        self.0.ending.subscribe()
    }

    /// What a task answers, or that the time is over; the task goes on.
    async fn in_time<T>(&self, task: JoinHandle<Result<T, search::Error>>) -> ApiResult<T> {
        match timeout(self.0.search_time, task).await {
            Ok(Ok(answer)) => Ok(answer?),
            Ok(Err(_panicked)) => Err(search::Error::Interrupted.into()),
            Err(_elapsed) => Err(search::Error::DeadlineExceeded.into()),
        }
    }

    /// Runs work on images on the blocking pool, a few at a time.
    pub(super) async fn image_work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> ApiResult<T> + Send + 'static,
    ) -> ApiResult<T> {
        let permit = self.permit(&self.0.images).await?;
        blocking(move || {
            let _permit = permit;
            work()
        })
        .await?
    }

    /// A place for what administrators do one after the other: two edits of a file at once would lose one.
    pub(super) async fn aside_permit(&self) -> ApiResult<OwnedSemaphorePermit> {
        self.permit(&self.0.aside).await
    }

    /// Runs such work on the blocking pool.
    pub(super) async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
        let permit = self.aside_permit().await?;
        blocking(move || {
            let _permit = permit;
            work()
        })
        .await
    }

    async fn permit(&self, places: &Arc<Semaphore>) -> ApiResult<OwnedSemaphorePermit> {
        let waiting = timeout(self.0.permit_time, Arc::clone(places).acquire_owned());
        match waiting.await {
            Ok(Ok(permit)) => Ok(permit),
            // The semaphore is never closed; if it were, nobody would get a place any more.
            Ok(Err(_)) | Err(_) => Err(ApiError::new(ErrorCode::Busy)),
        }
    }
}

/// Runs work that must not hold up others on the blocking pool.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
    let task = tokio::task::spawn_blocking(work);
    task.await
        .map_err(|error| ApiError::new(ErrorCode::Internal).because(error))
}
