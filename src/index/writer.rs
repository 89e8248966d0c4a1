//! The writer: one long-lived one, in the indexer only.

use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, MergePolicy, NoMergePolicy};
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings, IndexWriter, Term};

use crate::analysis::Analyser;

use super::generation::{self, Generations};
use super::payload::{Payload, fingerprint, last_commit};
use super::schema::{Fields, build};
use super::{Error, ErrorKind, IndexDocument, kept_analysis, tokenizer};

/// How the writer works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriterOptions {
    /// Commit after this many changes.
    pub batch_cases: usize,
    /// Commit when the oldest change has waited this long.
    pub batch_time: Duration,
    /// Indexing threads, 1 to 8.
    pub threads: usize,
    /// Memory of each indexing thread in bytes: 15 MB to 4 GB. A full one is written out as a segment.
    pub memory_per_thread: usize,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self {
            batch_cases: 200,
            batch_time: Duration::from_secs(5),
            threads: 2,
            memory_per_thread: 128 << 20,
        }
    }
}

impl WriterOptions {
    /// For a great many cases that nobody waits for one by one: small commits cost more than the indexing between them.
    /// What was not committed when the program is killed is read from the catalogue again.
    pub const BULK: Self = Self {
        batch_cases: 50_000,
        batch_time: Duration::from_secs(60),
        threads: 2,
        memory_per_thread: 256 << 20,
    };
}

/// Lists of changes that are read before they are applied: while these are analysed, the next are read.
const LISTS_AHEAD: usize = 2;

/// One change of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseChange {
    /// Which case.
    pub case_key: u64,
    /// Number of the change in the catalogue, strictly increasing.
    pub sequence: u64,
    /// The case as it is now; `None` when it was withdrawn.
    pub document: Option<Box<IndexDocument>>,
}

/// Why a replay stopped.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError<E: std::error::Error + 'static> {
    /// The changes could not be read.
    #[error("cannot read the changes of the catalogue")]
    Source(#[source] E),
    /// The index could not be written.
    #[error("cannot bring the index up to date")]
    Index(#[from] Error),
}

/// Writes changes of the catalogue into the current generation. Only the indexer may hold one: it locks the index.
///
/// After an error the changes since the last commit are forgotten and [`Self::sequence`] is that of the last commit;
/// the next call starts a new writer, so the caller goes on by [`Self::replay`].
pub struct CaseIndexWriter {
    number: u64,
    index: Index,
    fields: Fields,
    analyser: Analyser,
    fingerprint: String,
    options: WriterOptions,
    writer: Option<IndexWriter>,
    committed: u64,
    applied: u64,
    pending: usize,
    pending_since: Option<Instant>,
}

impl CaseIndexWriter {
    /// Opens the current generation under `root`, or makes an empty first one; removes what a crash left half built.
    ///
    /// # Errors
    /// [`Error::NeedsReindex`] when the generation was built by another analysis; [`Error::Tantivy`] of kind `Busy`
    /// when another process writes.
    pub fn open(root: &Path, analyser: &Analyser, options: WriterOptions) -> Result<Self, Error> {
        let generations = Generations::at(root);
        generations.create_root()?;
        match generations.current()? {
            Some(number) => {
                let writer = Self::open_generation(&generations, number, analyser, options)?;
                // Only now: what [`rebuild`] has begun is not thrown away while it is needed.
                generations.remove_unfinished()?;
                generations.remove_old()?;
                Ok(writer)
            }
            None => {
                generations.remove_unfinished()?;
                let mut writer = Self::create_generation(&generations, analyser, options)?;
                writer.write_commit()?;
                generations.switch_to(writer.number)?;
                Ok(writer)
            }
        }
    }

    fn open_generation(
        generations: &Generations,
        number: u64,
        analyser: &Analyser,
        options: WriterOptions,
    ) -> Result<Self, Error> {
        let index = Index::open_in_dir(generations.path(number)).map_err(|e| failed("open", number, e))?;
        let committed = last_commit(&index, number)?;
        committed.check(number, &fingerprint(analyser))?;
        Self::start(number, index, analyser, options, committed.payload.sequence)
    }

    fn create_generation(
        generations: &Generations,
        analyser: &Analyser,
        options: WriterOptions,
    ) -> Result<Self, Error> {
        let number = generations.create()?;
        kept_analysis::keep(&generations.path(number), analyser)?;
        let index = Index::builder()
            .schema(build())
            .settings(settings())
            .create_in_dir(generations.path(number))
            .map_err(|e| failed("create", number, e))?;
        Self::start(number, index, analyser, options, 0)
    }

    fn start(
        number: u64,
        index: Index,
        analyser: &Analyser,
        options: WriterOptions,
        sequence: u64,
    ) -> Result<Self, Error> {
        tokenizer::register(index.tokenizers(), analyser);
        let mut writer = Self {
            number,
            fields: Fields::of(&index.schema())?,
            index,
            analyser: analyser.clone(),
            fingerprint: fingerprint(analyser),
            options,
            writer: None,
            committed: sequence,
            applied: sequence,
            pending: 0,
            pending_since: None,
        };
        // Takes the lock now, so that a second writer is told at once.
        writer.run("write", |_| Ok(()))?;
        Ok(writer)
    }

    /// Sequence of the last change applied; changes above it are missing.
    pub fn sequence(&self) -> u64 {
        self.applied
    }

    /// Sequence of the last change that is committed, that is, safe and visible.
    pub fn committed_sequence(&self) -> u64 {
        self.committed
    }

    /// Applies one change: the case's old document is deleted, the new one added. Commits when the batch is full or
    /// old enough; `true` when it did.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] unless the sequence is above the last one.
    pub fn apply(&mut self, change: CaseChange) -> Result<bool, Error> {
        if change.sequence <= self.applied {
            return Err(Error::OutOfOrder {
                sequence: change.sequence,
                last: self.applied,
            });
        }
        let old = Term::from_field_u64(self.fields.case_key, change.case_key);
        let document = change
            .document
            .map(|new| new.into_tantivy(&self.fields, &self.analyser));
        self.run("write", |writer| {
            writer.delete_term(old);
            match document {
                Some(document) => writer.add_document(document).map(|_| ()),
                None => Ok(()),
            }
        })?;
        self.applied = change.sequence;
        self.pending += 1;
        self.pending_since.get_or_insert_with(Instant::now);
        if self.pending >= self.options.batch_cases {
            self.commit()?;
            return Ok(true);
        }
        self.commit_if_due()
    }

    /// Commits when changes have waited for `batch_time`; `true` when it did. To be called now and then while idle.
    ///
    /// # Errors
    /// When the commit fails.
    pub fn commit_if_due(&mut self) -> Result<bool, Error> {
        let due = self
            .pending_since
            .is_some_and(|since| since.elapsed() >= self.options.batch_time);
        if due {
            self.commit()?;
        }
        Ok(due)
    }

    /// Makes everything applied so far safe and visible to readers that reload.
    ///
    /// # Errors
    /// When the commit fails.
    pub fn commit(&mut self) -> Result<(), Error> {
        if self.applied == self.committed {
            return Ok(());
        }
        self.write_commit()
    }

    fn write_commit(&mut self) -> Result<(), Error> {
        let sequence = self.applied;
        let payload = serde_json::json!(Payload {
            sequence,
            fingerprint: self.fingerprint.clone(),
        });
        self.run("commit", |writer| {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&payload.to_string());
            prepared.commit()
        })?;
        self.committed = sequence;
        self.pending = 0;
        self.pending_since = None;
        Ok(())
    }

    /// Applies every change that is missing, and commits. `changed_since(sequence, limit)` gives the next changes
    /// after a sequence, ascending, at most `limit`, none when there are no more; it is called on a thread of its own, for
    /// some lists ahead. Returns how many were applied.
    ///
    /// # Errors
    /// When reading or writing fails; what was committed before stays.
    pub fn replay<E: std::error::Error + Send + 'static>(
        &mut self,
        mut changed_since: impl FnMut(u64, usize) -> Result<Vec<CaseChange>, E> + Send,
    ) -> Result<u64, ReplayError<E>> {
        let limit = self.options.batch_cases.clamp(1, 100);
        let mut read = self.applied;
        thread::scope(|scope| {
            let (sender, lists) = sync_channel(LISTS_AHEAD);
            scope.spawn(move || {
                loop {
                    let list = changed_since(read, limit);
                    let last = list.as_ref().ok().and_then(|list| list.last());
                    let last = last.map(|change| change.sequence);
                    // Nobody takes it when applying has failed.
                    let taken = sender.send(list).is_ok();
                    match last.filter(|_| taken) {
                        Some(sequence) => read = sequence,
                        None => break,
                    }
                }
            });
            let mut applied = 0;
            for list in lists {
                for change in list.map_err(ReplayError::Source)? {
                    self.apply(change)?;
                    applied += 1;
                }
            }
            self.commit()?;
            Ok(applied)
        })
    }

    /// Commits, then rewrites every segment that holds deleted cases, so that withdrawn text leaves the disk.
    /// Readers that have not reloaded keep the old files open until they do.
    ///
    /// # Errors
    /// When a merge fails.
    pub fn purge(&mut self) -> Result<(), Error> {
        self.commit()?;
        // Segments that are being merged cannot be merged by hand: the running merges end first, and none begins
        // until this is done.
        self.wait_for_merges()?;
        let number = self.number;
        let metas = self
            .index
            .searchable_segment_metas()
            .map_err(|e| failed("list", number, e))?;
        let doomed: Vec<_> = metas
            .iter()
            .filter(|s| s.num_deleted_docs() > 0)
            .map(|s| s.id())
            .collect();
        drop(metas);
        self.run("merge", |writer| {
            writer.set_merge_policy(Box::new(NoMergePolicy));
            for segment in doomed {
                writer.merge(&[segment]).wait()?;
            }
            writer.garbage_collect_files().wait()?;
            writer.set_merge_policy(merge_policy());
            Ok(())
        })
    }

    /// Commits and waits for merges to end.
    ///
    /// # Errors
    /// When the commit or a merge fails.
    pub fn close(mut self) -> Result<(), Error> {
        self.commit()?;
        self.wait_for_merges()
    }

    /// Ends the writer of tantivy, which is the only way to wait for merges; the next call starts another.
    fn wait_for_merges(&mut self) -> Result<(), Error> {
        match self.writer.take() {
            Some(writer) => writer
                .wait_merging_threads()
                .map_err(|e| failed("merge", self.number, e)),
            None => Ok(()),
        }
    }

    /// Runs something on the writer of tantivy. One that failed is dead: it is dropped, and what it had not
    /// committed is forgotten.
    fn run<T>(
        &mut self,
        action: &'static str,
        task: impl FnOnce(&mut IndexWriter) -> tantivy::Result<T>,
    ) -> Result<T, Error> {
        let result = match &mut self.writer {
            Some(writer) => task(writer),
            None => new_writer(&self.index, self.options).and_then(|writer| task(self.writer.insert(writer))),
        };
        result.map_err(|source| {
            self.forget();
            failed(action, self.number, source)
        })
    }

    fn forget(&mut self) {
        self.writer = None;
        self.applied = self.committed;
        self.pending = 0;
        self.pending_since = None;
    }

    /// Behaves as after an error of tantivy.
    #[cfg(test)]
    pub(super) fn fail_for_tests(&mut self) {
        let failure = |_: &mut IndexWriter| Err::<(), _>(tantivy::TantivyError::InternalError(String::new()));
        assert!(self.run("write", failure).is_err());
    }
}

/// Bytes of a block of the store: hardly more than one case, for one is all that is read of it.
const STORE_BLOCK: usize = 1 << 11;

/// How the index is written. What is stored is packed already ([`super::letter_code`]).
fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::None,
        docstore_compress_dedicated_thread: false,
        docstore_blocksize: STORE_BLOCK,
        ..IndexSettings::default()
    }
}

fn new_writer(index: &Index, options: WriterOptions) -> tantivy::Result<IndexWriter> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(options.threads.clamp(1, 8))
        .memory_budget_per_thread(options.memory_per_thread.clamp(15_000_000, 4_000_000_000))
        .num_merge_threads(1)
        .build();
    let writer: IndexWriter = index.writer_with_options(options)?;
    writer.set_merge_policy(merge_policy());
    Ok(writer)
}

/// The default policy never merges because of deletions, so withdrawn text would stay on disk.
fn merge_policy() -> Box<dyn MergePolicy> {
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(0.1);
    Box::new(policy)
}

/// Builds a new generation from the catalogue, makes it the current one, and removes all but the one before it.
/// Readers go on with the old one meanwhile. A generation that was begun with the same analysis and not finished is gone
/// on with from its last commit. Returns the number of changes applied.
///
/// # Errors
/// When reading or writing fails; the old generation then stays the current one.
pub fn rebuild<E: std::error::Error + Send + 'static>(
    root: &Path,
    analyser: &Analyser,
    options: WriterOptions,
    changed_since: impl FnMut(u64, usize) -> Result<Vec<CaseChange>, E> + Send,
) -> Result<u64, ReplayError<E>> {
    let generations = Generations::at(root);
    generations.create_root()?;
    let mut writer = match begun(&generations, analyser, options)? {
        Some(writer) => writer,
        None => {
            generations.remove_unfinished()?;
            CaseIndexWriter::create_generation(&generations, analyser, options)?
        }
    };
    let number = writer.number;
    let applied = writer.replay(changed_since)?;
    if applied == 0 {
        writer.write_commit()?;
    }
    writer.close()?;
    generations.switch_to(number)?;
    generations.remove_old()?;
    Ok(applied)
}

/// The writer of a generation that was begun with this analysis. One that cannot be gone on with, because nothing was
/// committed or another analysis began it, is no error: it is made anew.
fn begun(
    generations: &Generations,
    analyser: &Analyser,
    options: WriterOptions,
) -> Result<Option<CaseIndexWriter>, Error> {
    let Some(number) = generations.unfinished()? else {
        return Ok(None);
    };
    match CaseIndexWriter::open_generation(generations, number, analyser, options) {
        Ok(writer) => Ok(Some(writer)),
        Err(error) if error.kind() == ErrorKind::Busy && !matches!(error, Error::NeedsReindex { .. }) => Err(error),
        Err(_) => Ok(None),
    }
}

fn failed(action: &'static str, number: u64, source: tantivy::TantivyError) -> Error {
    Error::Tantivy {
        action,
        generation: generation::name(number),
        source,
    }
}
