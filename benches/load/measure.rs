//! Asking and timing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use juanzong::archive::Archive;
use juanzong::catalogue::DataDirectory;
use juanzong::search::{SearchRequest, VisibleCases};
use tokio::runtime::{Builder, Runtime};

use crate::queries::Query;

/// Something that answers queries, one at a time.
pub(crate) trait Asked {
    fn ask(&mut self, query: &Query);
}

/// How long each query took.
pub(crate) struct Times {
    each: Vec<Duration>,
    whole: Duration,
}

impl Times {
    fn at(&self, percent: usize) -> f64 {
        let at = (self.each.len().saturating_sub(1)) * percent / 100;
        self.each.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }
}

/// Asks every query once, one after the other.
pub(crate) fn once<A: Asked>(queries: &[Query], new: impl Fn() -> A) -> Times {
    let mut asked = new();
    let started = Instant::now();
    let mut each: Vec<Duration> = queries.iter().map(|query| timed(&mut asked, query)).collect();
    each.sort_unstable();
    Times {
        each,
        whole: started.elapsed(),
    }
}

/// Asks the queries in turn, as many at the same time as wanted, until the time is over.
pub(crate) fn steadily<A: Asked>(
    queries: &[Query],
    at_once: usize,
    time: Duration,
    new: impl Fn() -> A + Sync,
) -> Times {
    let started = Instant::now();
    let next = AtomicUsize::new(0);
    let one = || {
        let mut asked = new();
        let mut each = Vec::new();
        while started.elapsed() < time {
            let query = &queries[next.fetch_add(1, Ordering::Relaxed) % queries.len()];
            each.push(timed(&mut asked, query));
        }
        each
    };
    let mut each: Vec<Duration> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..at_once).map(|_| scope.spawn(one)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    each.sort_unstable();
    Times {
        each,
        whole: started.elapsed(),
    }
}

fn timed(asked: &mut impl Asked, query: &Query) -> Duration {
    let started = Instant::now();
    asked.ask(query);
    started.elapsed()
}

/// The archive opened in this process.
pub(crate) struct Inside {
    archive: Archive,
    /// One for all: the connections of an archive are those of the runtime that opened it.
    runtime: Arc<Runtime>,
    /// Who asks.
    visible: VisibleCases,
}

impl Clone for Inside {
    fn clone(&self) -> Self {
        self.by(self.visible.clone())
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

impl Inside {
    pub(crate) fn open(data: &std::path::Path) -> Self {
        let runtime = Arc::new(runtime());
        let directory = DataDirectory::open(data).unwrap();
        Self {
            archive: runtime.block_on(Archive::open(directory)).unwrap(),
            runtime,
            visible: VisibleCases::all(),
        }
    }

    /// The same, asked by somebody who may see these cases.
    pub(crate) fn by(&self, visible: VisibleCases) -> Self {
        Self {
            archive: self.archive.clone(),
            runtime: Arc::clone(&self.runtime),
            visible,
        }
    }

    /// The values of a facet over all cases.
    pub(crate) fn values(&self, facet: &str) -> Vec<String> {
        let request = SearchRequest::from_pairs([("facets", facet)]).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let view = self.archive.view(VisibleCases::all());
        let found = self.runtime.block_on(view.search(request, deadline)).unwrap();
        found.facets[facet].iter().map(|value| value.value.clone()).collect()
    }
}

/// Asks each query for the first time by all of them, each beginning in turn; gives the whole time of each.
///
/// Before, `warm` asks, so that nobody pays for what is read from disk or counted for everybody.
pub(crate) fn beside(queries: &[Query], warm: &mut Inside, all: &mut [Inside]) -> Vec<Duration> {
    let mut times = vec![Duration::ZERO; all.len()];
    for (turn, query) in queries.iter().enumerate() {
        warm.ask(query);
        for step in 0..all.len() {
            let at = (turn + step) % all.len();
            times[at] += timed(&mut all[at], query);
        }
    }
    times
}

impl Asked for Inside {
    fn ask(&mut self, query: &Query) {
        let request = SearchRequest::from_pairs(query.pairs.iter().map(|(name, value)| (*name, value))).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let view = self.archive.view(self.visible.clone());
        self.runtime.block_on(view.search(request, deadline)).unwrap();
    }
}

/// A line of the table.
pub(crate) struct Row<'a> {
    pub(crate) kind: &'a str,
    pub(crate) cold: Times,
    pub(crate) warm: Times,
}

impl Row<'_> {
    pub(crate) fn print_head() {
        println!(
            "| kind | first time, one after the other: queries/s | p50 / p99 ms | asked again: queries/s | p50 | p95 | p99 ms |"
        );
        println!("|---|---|---|---|---|---|---|");
    }

    #[allow(clippy::cast_precision_loss)] // thousands
    pub(crate) fn print(&self) {
        let Self { kind, cold, warm } = self;
        println!(
            "| {kind} | {:.0} | {:.1} / {:.1} | {:.0} | {:.1} | {:.1} | {:.1} |",
            cold.each.len() as f64 / cold.whole.as_secs_f64(),
            cold.at(50),
            cold.at(99),
            warm.each.len() as f64 / warm.whole.as_secs_f64(),
            warm.at(50),
            warm.at(95),
            warm.at(99)
        );
    }
}
