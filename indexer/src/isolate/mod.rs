//! The parent side: a pool of reading processes that may crash, hang or eat memory without harm.
//!
//! A process has one request at a time and says which page it begins. When it dies or takes too long, that page
//! fails with `crashed`, `time_limit` or `memory_limit`, a new process takes its place and goes on with the next page.

mod child;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use self::child::Child;
use crate::decode::{Failure, FailureCode, Original};
use crate::ocr::Engine;
use crate::table::Sheet;
use crate::worker::protocol::{self, Answer, Request};
pub use crate::worker::{FileProbe, ReadPage};

/// How reading processes are run.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// Processes at a time; one per core reads fastest.
    pub workers: usize,
    /// The recogniser.
    pub engine: Engine,
    /// Longest time for one page, and for opening a file.
    pub page_time_limit: Duration,
    /// Address space of one process in bytes.
    pub memory_limit: u64,
    /// A process is replaced after this many pages, because recognisers never give all memory back.
    pub recycle_after_pages: u32,
    /// Whether pages come with their reading image and thumbnail.
    pub images: bool,
    /// The program with the subcommand `worker`: this one.
    pub executable: PathBuf,
}

impl PoolConfig {
    /// One process per core and limits that every page of a real archive keeps.
    pub fn new(executable: PathBuf) -> Self {
        Self {
            workers: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            engine: Engine::default(),
            page_time_limit: Duration::from_secs(120),
            memory_limit: 2 << 30,
            recycle_after_pages: 200,
            images: true,
            executable,
        }
    }
}

/// One page of a file, read or not.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadEvent {
    /// The page has been read.
    Page(Box<ReadPage>),
    /// The page could not be read.
    PageFailed {
        /// Number of the page, from 1.
        number: u32,
        /// Why.
        failure: Failure,
    },
}

/// A pool of reading processes. Cheap to clone; when the last clone is gone, so are the processes.
#[derive(Clone)]
pub struct ReaderPool {
    inner: Arc<Inner>,
}

struct Inner {
    config: PoolConfig,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Child>>,
}

/// A process taken out of the pool; it goes back only after a request that ended well.
struct Lease {
    inner: Arc<Inner>,
    child: Child,
    _permit: OwnedSemaphorePermit,
}

/// How a request for some pages ended.
enum Ended {
    /// All pages were answered; the process can be used again.
    Complete,
    /// Nobody listens any more.
    NobodyListens,
    /// The process is gone, while it read this page, if it had begun one.
    Died { page: Option<u32>, failure: Failure },
}

impl ReaderPool {
    /// A pool; processes are started when they are first needed.
    pub fn new(config: PoolConfig) -> Self {
        let permits = Arc::new(Semaphore::new(config.workers.max(1)));
        Self {
            inner: Arc::new(Inner {
                config,
                permits,
                idle: Mutex::new(Vec::new()),
            }),
        }
    }

    /// How the pool was set up.
    pub fn config(&self) -> &PoolConfig {
        &self.inner.config
    }

    /// Opens a file in a child process: what it is, and how many pages it has.
    pub async fn probe(&self, path: &Path) -> Result<FileProbe, Failure> {
        let mut lease = self.lease().await?;
        let limit = self.inner.config.page_time_limit;
        lease.child.send(&Request::Probe, path).await?;
        match lease.child.receive(limit).await? {
            (Answer::Probed(probe), _) => {
                lease.give_back();
                Ok(probe)
            }
            (Answer::FileFailed(failure), _) => {
                lease.give_back();
                Err(failure)
            }
            _ => Err(out_of_turn()),
        }
    }

    /// Asks for a page, counted from 1, as it stands in its file, with its coded picture when that has no place there.
    pub async fn original(&self, path: &Path, number: u32) -> Result<(Original, Vec<u8>), Failure> {
        let mut lease = self.lease().await?;
        let limit = self.inner.config.page_time_limit;
        lease.child.send(&Request::Original { number }, path).await?;
        let answer = lease.child.receive(limit).await?;
        lease.child.count_page();
        match answer {
            (Answer::Original(original), body) => {
                lease.give_back();
                Ok((original, body))
            }
            (Answer::FileFailed(failure), _) => {
                lease.give_back();
                Err(failure)
            }
            _ => Err(out_of_turn()),
        }
    }

    /// Writes a PDF that nothing can be added to anew, to `out`; whether that was needed. When it fails, `out` may hold a
    /// part of it.
    pub async fn rebuild(&self, path: &Path, out: &mut (impl Write + Send)) -> Result<bool, Failure> {
        let mut lease = self.lease().await?;
        let limit = self.inner.config.page_time_limit;
        lease.child.send(&Request::Rebuild, path).await?;
        let mut rebuilt = false;
        loop {
            match lease.child.receive(limit).await? {
                (Answer::Piece, piece) => {
                    rebuilt = true;
                    let unwritten = |e: io::Error| {
                        Failure::new(
                            FailureCode::Unreadable,
                            format!("no room to write it anew: {}", e.kind()),
                        )
                    };
                    out.write_all(&piece).map_err(unwritten)?;
                }
                (Answer::Done, _) => {
                    lease.give_back();
                    return Ok(rebuilt);
                }
                (Answer::FileFailed(failure), _) => {
                    lease.give_back();
                    return Err(failure);
                }
                _ => return Err(out_of_turn()),
            }
        }
    }

    /// Reads the sheets of a workbook in a child process.
    pub async fn workbook(&self, path: &Path) -> Result<Vec<Sheet>, Failure> {
        let mut lease = self.lease().await?;
        let limit = self.inner.config.page_time_limit;
        lease.child.send(&Request::Workbook, path).await?;
        let answer = lease.child.receive(limit).await?;
        match answer {
            (Answer::Workbook, body) => {
                lease.give_back();
                let malformed = |_| Failure::new(FailureCode::Crashed, "the sheets came damaged");
                serde_json::from_slice(&body).map_err(malformed)
            }
            (Answer::FileFailed(failure), _) => {
                lease.give_back();
                Err(failure)
            }
            _ => Err(out_of_turn()),
        }
    }

    /// Reads some pages of a file, in order; each page is sent to `events` as soon as it is there.
    ///
    /// `Ok` when every page was sent, read or failed, or when nobody listens to `events` any more.
    /// `Err` when the file as a whole cannot be read; then the pages not sent yet will not come.
    pub async fn read(
        &self,
        path: &Path,
        pages: RangeInclusive<u32>,
        events: mpsc::Sender<ReadEvent>,
    ) -> Result<(), Failure> {
        let (mut next, last) = (*pages.start(), *pages.end());
        while next <= last {
            let mut lease = self.lease().await?;
            // A long file must not keep its process beyond the recycling.
            let chunk_last = last.min(next.saturating_add(lease.remaining_pages() - 1));
            let first = next;
            match lease.read(path, &mut next, chunk_last, &events).await? {
                Ended::Complete => lease.give_back(),
                Ended::NobodyListens => return Ok(()),
                // Before its first page it died of the file; between two pages a new one can go on.
                Ended::Died { page: None, failure } if next == first => return Err(failure),
                Ended::Died { page: None, .. } => {}
                Ended::Died {
                    page: Some(number),
                    failure,
                } => {
                    drop(lease);
                    if events.send(ReadEvent::PageFailed { number, failure }).await.is_err() {
                        return Ok(());
                    }
                    next = number + 1;
                }
            }
        }
        Ok(())
    }

    /// Ends the idle processes and waits until they are gone. Requests that still run keep theirs;
    /// a pool that is merely dropped kills its processes without waiting.
    pub async fn close(&self) {
        let idle = std::mem::take(&mut *self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for child in idle {
            child.end().await;
        }
    }

    /// A process that waits for work. One that died while it waited is dropped: no file is to blame for that.
    fn idle_child(&self) -> Option<Child> {
        let mut idle = self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(mut child) = idle.pop() {
            if child.is_alive() {
                return Some(child);
            }
        }
        None
    }

    async fn lease(&self) -> Result<Lease, Failure> {
        let permit = Arc::clone(&self.inner.permits)
            .acquire_owned()
            .await
            .map_err(|_| Failure::new(FailureCode::WorkerUnavailable, "the pool is closed"))?;
        let child = match self.idle_child() {
            Some(child) => child,
            None => Child::start(&self.inner.config).await?,
        };
        Ok(Lease {
            inner: Arc::clone(&self.inner),
            child,
            _permit: permit,
        })
    }
}

impl Lease {
    /// Pages that this process may still read, at least 1.
    fn remaining_pages(&self) -> u32 {
        let limit = self.inner.config.recycle_after_pages;
        limit.saturating_sub(self.child.pages_begun()).max(1)
    }

    fn give_back(self) {
        if self.child.pages_begun() < self.inner.config.recycle_after_pages {
            let mut idle = self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(self.child);
        }
    }

    /// Asks for the pages from `next` to `last`; `next` follows the pages that were sent.
    async fn read(
        &mut self,
        path: &Path,
        next: &mut u32,
        last: u32,
        events: &mpsc::Sender<ReadEvent>,
    ) -> Result<Ended, Failure> {
        let limit = self.inner.config.page_time_limit;
        let request = Request::Read {
            first: *next,
            last,
            images: self.inner.config.images,
        };
        let mut begun = None;
        let sent = self.child.send(&request, path).await;
        if let Err(failure) = sent {
            return Ok(Ended::Died { page: begun, failure });
        }
        loop {
            let event = match self.child.receive(limit).await {
                Err(failure) => return Ok(Ended::Died { page: begun, failure }),
                Ok((Answer::PageStarted { number }, _)) if begun.is_none() && number == *next && number <= last => {
                    begun = Some(number);
                    self.child.count_page();
                    continue;
                }
                Ok((Answer::Page(head), body)) if begun == Some(head.number()) => {
                    protocol::unpack(*head, body).map(|page| ReadEvent::Page(Box::new(page)))
                }
                Ok((Answer::PageFailed { number, failure }, _)) if begun == Some(number) => {
                    Some(ReadEvent::PageFailed { number, failure })
                }
                Ok((Answer::FileFailed(failure), _)) if begun.is_none() => return Err(failure),
                Ok((Answer::Done, _)) if begun.is_none() && *next > last => return Ok(Ended::Complete),
                Ok(_) => None,
            };
            let Some(event) = event else {
                return Ok(Ended::Died {
                    page: begun,
                    failure: out_of_turn(),
                });
            };
            begun = None;
            *next += 1;
            if events.send(event).await.is_err() {
                return Ok(Ended::NobodyListens);
            }
        }
    }
}

fn out_of_turn() -> Failure {
    Failure::new(FailureCode::Crashed, "the reading process answered out of turn")
}
