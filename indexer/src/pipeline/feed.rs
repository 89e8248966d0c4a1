//! Keeps the index up with the catalogue: one thread that reads changed cases in the order of their sequence.

use std::collections::HashMap;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use juanzong::analysis::Analyser;
use juanzong::archive::KeyedNumbers;
use juanzong::catalogue::{self, Catalogue};
use juanzong::index::{self, CaseChange, CaseIndexWriter, IndexDocument, ReplayError, WriterOptions};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use super::Error;
use crate::killpoint;

/// Changes listed at a time.
const CHANGES_AT_A_TIME: u32 = 500;
/// Changed cases read from the catalogue at a time, and about how many pages of theirs: they are held in memory.
const CASES_AT_A_TIME: usize = 200;
const PAGES_AT_A_TIME: u64 = 600;

/// Messages with documents on their way to the feed.
const NOTICES_AT_A_TIME: usize = 3;

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
pub struct Notifier {
    sender: Sender<Notice>,
    /// Places for documents on their way.
    room: Arc<Semaphore>,
}

/// Cases were saved; of some the documents are at hand, so that they need not be read back.
#[derive(Default)]
struct Notice {
    documents: Vec<ReadyDocument>,
    place: Option<Place>,
}

/// A place for documents on their way to the feed, which are held in memory.
pub struct Place(#[expect(dead_code, reason = "given back when it is dropped")] Option<OwnedSemaphorePermit>);

/// What the index is to hold of a case as it was saved with a sequence.
pub struct ReadyDocument {
    /// Sequence with which it was saved.
    pub sequence: u64,
    /// The document, with the key of the case.
    pub document: Box<IndexDocument>,
}

impl Notifier {
    /// A case was saved.
    pub fn changed(&self) {
        // The feed ended with an error of its own, which `IndexFeed::finish` reports.
        let _ = self.sender.send(Notice::default());
    }

    /// Waits for a place while the feed is behind. To be had before the cases are saved: what the feed sees in the
    /// catalogue before it hears of it, it reads back.
    pub async fn place(&self) -> Place {
        Place(Arc::clone(&self.room).acquire_owned().await.ok())
    }

    /// Cases were saved whose documents are at hand.
    pub fn changed_with(&self, documents: Vec<ReadyDocument>, place: Place) {
        let _ = self.sender.send(Notice {
            documents,
            place: Some(place),
        });
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
        let analyser = KeyedNumbers::analyser(&analyser, &catalogue)?;
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
        let notifier = Notifier {
            sender,
            room: Arc::new(Semaphore::new(NOTICES_AT_A_TIME)),
        };
        Ok(Self { notifier, thread })
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
pub async fn reindex(catalogue: Arc<Catalogue>, analyser: Analyser, root: PathBuf) -> Result<u64, Error> {
    let analyser = KeyedNumbers::analyser(&analyser, &catalogue)?;
    let source = Source {
        catalogue,
        handle: Handle::current(),
    };
    tokio::task::spawn_blocking(move || rebuild(&source, &analyser, &root)).await?
}

/// Where changes come from: the catalogue, read from a blocking thread.
#[derive(Clone)]
struct Source {
    catalogue: Arc<Catalogue>,
    handle: Handle,
}

/// What the feed was told of and has not applied yet.
#[derive(Default)]
struct Waiting {
    /// Documents at hand, by the sequence with which their case was saved.
    documents: HashMap<u64, Box<IndexDocument>>,
    /// Places to be given back when the feed has come to a sequence.
    places: Vec<(u64, Place)>,
}

impl Waiting {
    fn take(&mut self, notice: Notice) {
        let last = notice.documents.iter().map(|document| document.sequence).max();
        if let Some(place) = notice.place {
            self.places.push((last.unwrap_or(0), place));
        }
        let documents = notice.documents.into_iter();
        self.documents
            .extend(documents.map(|document| (document.sequence, document.document)));
    }

    /// Forgets what the feed has come past.
    fn applied(&mut self, sequence: u64) {
        self.places.retain(|(last, _)| *last > sequence);
        if self.places.is_empty() {
            // Overtaken by later changes of the same cases.
            self.documents.retain(|saved, _| *saved > sequence);
        }
    }
}

impl Source {
    /// The next changes, at most `limit`. A document at hand is taken if it is that of the last change of its case; the
    /// catalogue says which that is. `news` gives what the feed was told of meanwhile.
    fn changed_since(
        &self,
        sequence: u64,
        limit: u32,
        waiting: &mut Waiting,
        news: impl Iterator<Item = Notice>,
    ) -> Result<Vec<CaseChange>, catalogue::Error> {
        let mut changes = self.handle.block_on(self.catalogue.changed_since(sequence, limit))?;
        news.for_each(|notice| waiting.take(notice));
        // Those that have to be read back, as many as may be held in memory.
        let mut pages = 0;
        let mut missing = Vec::new();
        for (at, change) in changes.iter().enumerate() {
            if change.withdrawn || waiting.documents.contains_key(&change.sequence) {
                continue;
            }
            if missing.len() >= CASES_AT_A_TIME || pages >= PAGES_AT_A_TIME {
                changes.truncate(at);
                break;
            }
            killpoint::reach("case_loaded");
            pages += change.pages;
            missing.push(change.case_key);
        }
        let loaded = match missing.as_slice() {
            [] => Vec::new(),
            keys => self.handle.block_on(self.catalogue.load_texts(keys))?,
        };
        let mut loaded: HashMap<u64, _> = loaded.into_iter().collect();
        let document_of = |change: &catalogue::CaseChange| {
            if change.withdrawn {
                return None;
            }
            let at_hand = waiting.documents.remove(&change.sequence);
            at_hand
                .filter(|document| document.case_key() == change.case_key)
                .or_else(|| {
                    let case = loaded.remove(&change.case_key)?;
                    Some(Box::new(IndexDocument::from_case(&case, change.case_key)))
                })
        };
        let documents: Vec<_> = changes.iter().map(document_of).collect();
        let changes = changes.into_iter().zip(documents);
        Ok(changes
            .map(|(change, document)| CaseChange {
                case_key: change.case_key,
                sequence: change.sequence,
                document,
            })
            .collect())
    }
}

fn open(source: &Source, analyser: &Analyser, options: &FeedOptions) -> Result<CaseIndexWriter, Error> {
    let opened = match CaseIndexWriter::open(&options.root, analyser, options.writer) {
        Err(index::Error::NeedsReindex { .. }) => {
            tracing::info!("the index was built with other dictionaries or another key and is made anew");
            rebuild(source, analyser, &options.root)?;
            CaseIndexWriter::open(&options.root, analyser, options.writer)
        }
        other => other,
    };
    let mut writer = opened?;
    let replayed = catch_up(&mut writer, source, &mut Waiting::default(), None)?;
    if replayed > 0 {
        tracing::info!(changes = replayed, "replayed what the index was missing");
        writer.commit()?;
    }
    Ok(writer)
}

fn rebuild(source: &Source, analyser: &Analyser, root: &Path) -> Result<u64, Error> {
    let changed_since = |sequence, limit: usize| {
        source.changed_since(
            sequence,
            u32::try_from(limit).unwrap_or(u32::MAX),
            &mut Waiting::default(),
            iter::empty(),
        )
    };
    index::rebuild(root, analyser, WriterOptions::BULK, changed_since).map_err(|error| match error {
        ReplayError::Source(source) => Error::Catalogue(source),
        ReplayError::Index(source) => Error::Index(source),
    })
}

/// Applies every change the index lacks; commits by batches only.
fn catch_up(
    writer: &mut CaseIndexWriter,
    source: &Source,
    waiting: &mut Waiting,
    receiver: Option<&Receiver<Notice>>,
) -> Result<u64, Error> {
    let mut applied = 0;
    loop {
        let news = receiver.into_iter().flat_map(Receiver::try_iter);
        let changes = source.changed_since(writer.sequence(), CHANGES_AT_A_TIME, waiting, news)?;
        let ended = changes.is_empty();
        for change in changes {
            let committed = writer.apply(change)?;
            killpoint::reach(if committed { "index_committed" } else { "index_applied" });
            applied += 1;
        }
        waiting.applied(writer.sequence());
        if ended {
            return Ok(applied);
        }
    }
}

fn run(
    mut writer: CaseIndexWriter,
    source: &Source,
    receiver: &Receiver<Notice>,
    look: Duration,
) -> Result<u64, Error> {
    let mut applied = 0;
    let mut waiting = Waiting::default();
    loop {
        match receiver.recv_timeout(look) {
            Ok(notice) => {
                // One look at the catalogue answers all notifications that have come meanwhile.
                waiting.take(notice);
                applied += catch_up(&mut writer, source, &mut waiting, Some(receiver))?;
                writer.commit_if_due()?;
            }
            Err(RecvTimeoutError::Timeout) => {
                writer.commit_if_due()?;
            }
            Err(RecvTimeoutError::Disconnected) => {
                applied += catch_up(&mut writer, source, &mut waiting, None)?;
                writer.close()?;
                return Ok(applied);
            }
        }
    }
}
