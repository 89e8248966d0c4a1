//! Keeps the index up with the catalogue: one thread that reads changed cases in the order of their sequence.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use juanzong::analysis::Analyser;
use juanzong::catalogue::Catalogue;
use juanzong::index::{self, CaseChange, CaseIndexWriter, IndexDocument, ReplayError, WriterOptions};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::Error;
use crate::killpoint;

/// Changed cases read from the catalogue at a time; each is held in memory with all its pages.
const CASES_AT_A_TIME: u32 = 20;

/// How long an uncommitted change may wait for another look at the clock: as long as a batch may, within these bounds.
const SHORTEST_LOOK: Duration = Duration::from_millis(50);
const LONGEST_LOOK: Duration = Duration::from_millis(500);

/// How the feed works.
#[derive(Clone, Debug)]
pub struct FeedOptions {
    /// Folder of the index.
    pub root: PathBuf,
    /// Batches and memory of the writer.
    pub writer: WriterOptions,
}

/// Tells the feed that cases were saved; cheap to clone.
#[derive(Clone, Debug)]
pub struct Notifier(Sender<()>);

impl Notifier {
    /// A case was saved.
    pub fn changed(&self) {
        // The feed ended with an error of its own, which `IndexFeed::finish` reports.
        let _ = self.0.send(());
    }
}

/// The running feed.
pub struct IndexFeed {
    notifier: Notifier,
    thread: JoinHandle<Result<u64, Error>>,
}

impl IndexFeed {
    /// Opens the index, makes it anew when it was built with other dictionaries, replays what is missing, and goes on
    /// with every notification. Returns when the index is up to date.
    pub async fn start(catalogue: Arc<Catalogue>, analyser: Analyser, options: FeedOptions) -> Result<Self, Error> {
        let source = Source {
            catalogue,
            handle: Handle::current(),
        };
        let (sender, receiver) = channel();
        let look = options.writer.batch_time.clamp(SHORTEST_LOOK, LONGEST_LOOK);
        let writer = tokio::task::spawn_blocking({
            let source = source.clone();
            move || open(&source, &analyser, &options)
        })
        .await??;
        let thread = tokio::task::spawn_blocking(move || run(writer, &source, &receiver, look));
        Ok(Self {
            notifier: Notifier(sender),
            thread,
        })
    }

    /// The end to which saved cases are announced.
    pub fn notifier(&self) -> Notifier {
        self.notifier.clone()
    }

    /// Whether it has ended by itself, which it does only with an error: [`Self::finish`] tells which.
    pub fn ended(&self) -> bool {
        self.thread.is_finished()
    }

    /// Indexes what is left, commits, waits for merges; gives the number of changes applied since the start.
    /// Every [`Notifier`] must be gone, or this waits for it.
    pub async fn finish(self) -> Result<u64, Error> {
        drop(self.notifier);
        self.thread.await?
    }
}

/// Makes a new generation of the index from the catalogue and switches to it; gives the number of cases.
pub async fn reindex(catalogue: Arc<Catalogue>, analyser: Analyser, options: FeedOptions) -> Result<u64, Error> {
    let source = Source {
        catalogue,
        handle: Handle::current(),
    };
    tokio::task::spawn_blocking(move || rebuild(&source, &analyser, &options)).await?
}

/// Where changes come from: the catalogue, read from a blocking thread.
#[derive(Clone)]
struct Source {
    catalogue: Arc<Catalogue>,
    handle: Handle,
}

impl Source {
    fn changed_since(&self, sequence: u64, limit: u32) -> Result<Vec<CaseChange>, juanzong::catalogue::Error> {
        self.handle.block_on(async {
            let mut changes = Vec::new();
            for change in self.catalogue.changed_since(sequence, limit).await? {
                killpoint::reach("case_loaded");
                let record = match change.withdrawn {
                    true => None,
                    false => self.catalogue.load_case(change.case_key).await?,
                };
                let document = record.map(|case| Box::new(IndexDocument::from_case(&case, change.case_key)));
                changes.push(CaseChange {
                    case_key: change.case_key,
                    sequence: change.sequence,
                    document,
                });
            }
            Ok(changes)
        })
    }
}

fn open(source: &Source, analyser: &Analyser, options: &FeedOptions) -> Result<CaseIndexWriter, Error> {
    let opened = match CaseIndexWriter::open(&options.root, analyser, options.writer) {
        Err(index::Error::NeedsReindex { .. }) => {
            tracing::info!("the index was built with other dictionaries and is made anew");
            rebuild(source, analyser, options)?;
            CaseIndexWriter::open(&options.root, analyser, options.writer)
        }
        other => other,
    };
    let mut writer = opened?;
    let replayed = catch_up(&mut writer, source)?;
    if replayed > 0 {
        tracing::info!(changes = replayed, "replayed what the index was missing");
        writer.commit()?;
    }
    Ok(writer)
}

fn rebuild(source: &Source, analyser: &Analyser, options: &FeedOptions) -> Result<u64, Error> {
    let changed_since = |sequence, limit: usize| {
        source.changed_since(sequence, u32::try_from(limit).unwrap_or(u32::MAX).min(CASES_AT_A_TIME))
    };
    index::rebuild(&options.root, analyser, options.writer, changed_since).map_err(|error| match error {
        ReplayError::Source(source) => Error::Catalogue(source),
        ReplayError::Index(source) => Error::Index(source),
    })
}

/// Applies every change the index lacks; commits by batches only.
fn catch_up(writer: &mut CaseIndexWriter, source: &Source) -> Result<u64, Error> {
    let mut applied = 0;
    loop {
        let changes = source.changed_since(writer.sequence(), CASES_AT_A_TIME)?;
        if changes.is_empty() {
            return Ok(applied);
        }
        for change in changes {
            let committed = writer.apply(change)?;
            killpoint::reach(if committed { "index_committed" } else { "index_applied" });
            applied += 1;
        }
    }
}

fn run(mut writer: CaseIndexWriter, source: &Source, receiver: &Receiver<()>, look: Duration) -> Result<u64, Error> {
    let mut applied = 0;
    loop {
        match receiver.recv_timeout(look) {
            Ok(()) => {
                // One look at the catalogue answers all notifications that have come meanwhile.
                while receiver.try_recv().is_ok() {}
                applied += catch_up(&mut writer, source)?;
                writer.commit_if_due()?;
            }
            Err(RecvTimeoutError::Timeout) => {
                writer.commit_if_due()?;
            }
            Err(RecvTimeoutError::Disconnected) => {
                applied += catch_up(&mut writer, source)?;
                writer.close()?;
                return Ok(applied);
            }
        }
    }
}
