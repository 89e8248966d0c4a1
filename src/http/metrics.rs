//! What is measured, for Prometheus. Labels hold routes and codes, never anything that was sent or found.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::maintenance::{Ended, TaskStatus};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TaskLabels {
    task: String,
}

/// All measurements of this server.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latency: Family<RouteLabels, Histogram, fn() -> Histogram>,
    searches: Family<OutcomeLabels, Counter>,
    permits: Gauge,
    index_sequence: Gauge<u64, AtomicU64>,
    lag: Gauge<u64, AtomicU64>,
    upkeep: [Family<TaskLabels, Gauge>; 4],
}

/// What is measured of each task of maintenance.
const UPKEEP: [(&str, &str); 4] = [
    (
        "maintenance_last_started",
        "When a task last began, in seconds since 1970",
    ),
    (
        "maintenance_last_duration",
        "How long the last run of a task took, in seconds",
    ),
    (
        "maintenance_last_good",
        "Whether the last run of a task ended without a fault (1) or not (0)",
    ),
    ("maintenance_next", "When a task is done next, in seconds since 1970"),
];

impl Metrics {
    /// Registers everything.
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("juanzong");
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        // 1 ms to 16 s.
        let latency: Family<RouteLabels, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.0, 15)));
        registry.register_with_unit(
            "http_request_duration",
            "Time to answer a request",
            Unit::Seconds,
            latency.clone(),
        );
        let searches = Family::default();
        registry.register("searches", "Searches by how they ended", searches.clone());
        let permits = Gauge::default();
        registry.register("search_permits_in_use", "Searches running", permits.clone());
        let index_sequence = Gauge::default();
        registry.register(
            "index_sequence",
            "Last change of the catalogue that can be found",
            index_sequence.clone(),
        );
        let lag = Gauge::default();
        registry.register(
            "index_sequence_lag",
            "Changes of the catalogue that cannot be found yet",
            lag.clone(),
        );
        let upkeep = UPKEEP.map(|(name, help)| {
            let family = Family::<TaskLabels, Gauge>::default();
            registry.register(name, help, family.clone());
            family
        });
        Self {
            upkeep,
            registry,
            requests,
            latency,
            searches,
            permits,
            index_sequence,
            lag,
        }
    }

    pub(super) fn request(&self, method: &str, route: &str, status: u16, taken: Duration) {
        // A method is a free text of the client; a made-up one must not make a new series.
        let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
        let method = known.into_iter().find(|name| *name == method).unwrap_or("other");
        let labels = RequestLabels {
            method: method.to_owned(),
            route: route.to_owned(),
            status,
        };
        self.requests.get_or_create(&labels).inc();
        let labels = RouteLabels {
            route: route.to_owned(),
        };
        self.latency.get_or_create(&labels).observe(taken.as_secs_f64());
    }

    pub(super) fn search(&self, outcome: &'static str) {
        self.searches.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Counts a running search until the guard is dropped.
    pub(super) fn search_runs(&self) -> SearchRuns {
        self.permits.inc();
        SearchRuns(self.permits.clone())
    }

    /// Writes everything in the text format of `OpenMetrics`.
    ///
    /// # Errors
    /// Never in practice: writing to a string does not fail.
    pub(super) fn write(&self, catalogue: u64, index: u64, tasks: &[TaskStatus]) -> Result<String, std::fmt::Error> {
        self.tasks(tasks);
        self.index_sequence.set(index);
        self.lag.set(catalogue.saturating_sub(index));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Metrics {
    fn tasks(&self, tasks: &[TaskStatus]) {
        let seconds = |time: &str| time.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_second);
        for status in tasks {
            let labels = TaskLabels {
                task: status.task.clone(),
            };
            let [started, duration, good, next] = &self.upkeep;
            if let Some(last) = &status.last {
                started.get_or_create(&labels).set(seconds(&last.started_at));
                if let Some(seconds) = last.seconds {
                    duration.get_or_create(&labels).set(seconds);
                }
                if let Some(result) = &last.result {
                    good.get_or_create(&labels).set(i64::from(result == Ended::Done.code()));
                }
            }
            if let Some(at) = &status.next_at {
                next.get_or_create(&labels).set(seconds(at));
            }
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// A search that is counted as running.
#[derive(Debug)]
pub(super) struct SearchRuns(Gauge);

impl Drop for SearchRuns {
    fn drop(&mut self) {
        self.0.dec();
    }
}
