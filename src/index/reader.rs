//! The reader: finds the current generation and its last commit.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tantivy::store::StoreReader;
use tantivy::{Index, IndexReader, ReloadPolicy, Searcher};

use crate::analysis::Analyser;

use super::generation::{self, Generation, Generations};
use super::payload::{built_by, fingerprint, last_commit, with_key_of};
use super::schema::Fields;
use super::stored_letters::{NumberParts, stores};
use super::{Error, kept_analysis};

/// What the index is at the moment, for `/readyz`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexStatus {
    /// Whether searches can be answered.
    pub ready: bool,
    /// Name of the generation that is served.
    pub generation: Option<String>,
    /// Every change of the catalogue up to this sequence can be found.
    pub sequence: u64,
    /// Cases in the index.
    pub cases: u64,
    /// The generation was built by another analysis: answers may miss something until `juanzong-indexer reindex`.
    pub needs_reindex: bool,
}

/// The index for reading. Cheap to clone; all clones see the same state. It never locks out the writer, but needs
/// write permission on the folder, because tantivy takes a lock file while it opens segments.
#[derive(Clone)]
pub struct CaseIndex(Arc<Inner>);

struct Inner {
    generations: Generations,
    state: RwLock<State>,
}

#[derive(Clone)]
struct State {
    open: Option<Arc<Open>>,
    /// With the dictionaries as they are now.
    wanted: Analyser,
    /// A generation exists but its schema is not ours, so it cannot be read at all.
    unreadable: bool,
}

struct Open {
    number: u64,
    index: Index,
    reader: IndexReader,
    snapshot: Snapshot,
    opstamp: u64,
    /// What the generation was built with.
    fingerprint: String,
}

/// One state of the index: everything in one answer comes from one snapshot.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    /// What is stored of the cases of each of its segments.
    pub(super) stores: Arc<Vec<StoreReader>>,
    pub(crate) fields: Fields,
    /// Name of the generation.
    pub(crate) generation: String,
    /// Cuts queries as the texts of this generation were cut, and reads them with the dictionaries as they are now.
    pub(crate) analyser: Analyser,
    /// Number of the generation and of its commit: the same index has the same two.
    pub(crate) state: (u64, u64),
    /// Tells it from every other snapshot of this process: the same question has the same answer.
    pub(crate) id: u64,
    pub(crate) sequence: u64,
    /// How common parts of numbers are; worked out when it is asked for.
    pub(super) parts: Arc<OnceLock<NumberParts>>,
}

impl CaseIndex {
    /// Opens the current generation under `root`. There may be none yet: then nothing can be searched until
    /// [`Self::reload_if_changed`] finds one.
    ///
    /// # Errors
    /// When a generation exists and cannot be read; not when it needs a reindex, see [`Self::status`].
    pub fn open(root: &Path, analyser: &Analyser) -> Result<Self, Error> {
        let index = Self(Arc::new(Inner {
            generations: Generations::at(root),
            state: RwLock::new(State {
                open: None,
                wanted: analyser.clone(),
                unreadable: false,
            }),
        }));
        match index.reload_if_changed() {
            Ok(_) | Err(Error::NeedsReindex { .. }) => Ok(index),
            Err(error) => Err(error),
        }
    }

    /// Looks for a new commit or a new generation, and reads it; `true` when there was one. After an error the old
    /// state is still served.
    ///
    /// # Errors
    /// When the new state cannot be read; [`Error::NeedsReindex`] when its schema is not ours.
    pub fn reload_if_changed(&self) -> Result<bool, Error> {
        let Some(number) = self.0.generations.current()? else {
            return Ok(false);
        };
        let open = self.state().open;
        match open.filter(|open| open.number == number) {
            Some(open) => self.reload(&open),
            None => self.open_generation(number).map(|()| true),
        }
    }

    fn reload(&self, open: &Open) -> Result<bool, Error> {
        // The payload is read before the segments: the snapshot then holds at least what its sequence says.
        let committed = last_commit(&open.index, open.number)?;
        if committed.opstamp == open.opstamp {
            return Ok(false);
        }
        open.reader.reload().map_err(|e| failed("reload", open.number, e))?;
        let searcher = open.reader.searcher();
        self.put(Open {
            number: open.number,
            index: open.index.clone(),
            reader: open.reader.clone(),
            snapshot: Snapshot {
                stores: stores(&searcher).map_err(|e| failed("reload", open.number, e))?.into(),
                searcher,
                fields: open.snapshot.fields,
                generation: open.snapshot.generation.clone(),
                analyser: open.snapshot.analyser.clone(),
                state: (open.number, committed.opstamp),
                id: next_id(),
                sequence: committed.payload.sequence,
                parts: Arc::default(),
            },
            opstamp: committed.opstamp,
            fingerprint: open.fingerprint.clone(),
        });
        Ok(true)
    }

    fn open_generation(&self, number: u64) -> Result<(), Error> {
        let index = Index::open_in_dir(self.0.generations.path(number)).map_err(|e| failed("open", number, e))?;
        let committed = last_commit(&index, number)?;
        if !committed.same_schema {
            self.write(|state| state.unreadable = true);
            return Err(committed.needs_reindex(number, &fingerprint(&self.state().wanted)));
        }
        let built_as = committed.payload.fingerprint;
        // Whatever else is wanted by now, its numbers are read with their own key.
        let wanted = with_key_of(&built_as, &self.state().wanted);
        let analyser = if built_by(&built_as, &wanted) {
            wanted
        } else {
            // Of another release of the program: then nearly the same tokens are better than no answer.
            kept_analysis::kept(&self.0.generations.path(number), &built_as, &wanted)
                .map_or_else(|| wanted.clone(), |kept| kept.with_tables_of(&wanted))
        };
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(0)
            .try_into()
            .map_err(|e| failed("open", number, e))?;
        let searcher = reader.searcher();
        self.put(Open {
            number,
            snapshot: Snapshot {
                stores: stores(&searcher).map_err(|e| failed("open", number, e))?.into(),
                searcher,
                fields: Fields::of(&index.schema())?,
                generation: generation::name(number),
                analyser,
                state: (number, committed.opstamp),
                id: next_id(),
                sequence: committed.payload.sequence,
                parts: Arc::default(),
            },
            index,
            reader,
            opstamp: committed.opstamp,
            fingerprint: built_as,
        });
        Ok(())
    }

    /// Goes on with changed dictionaries: what queries look into counts at once; when the tokens are others, too, the
    /// generation is still read with those it was written with, and [`Self::status`] asks for a reindex.
    pub fn use_analyser(&self, analyser: &Analyser) {
        self.write(|state| {
            if let Some(open) = &state.open {
                let of_tokens = if built_by(&open.fingerprint, analyser) {
                    analyser
                } else {
                    &open.snapshot.analyser
                };
                let mut snapshot = open.snapshot.clone();
                snapshot.analyser = of_tokens.with_tables_of(analyser);
                // Another key opens other numbers.
                snapshot.parts = Arc::default();
                snapshot.id = next_id();
                state.open = Some(Arc::new(Open {
                    number: open.number,
                    index: open.index.clone(),
                    reader: open.reader.clone(),
                    snapshot,
                    opstamp: open.opstamp,
                    fingerprint: open.fingerprint.clone(),
                }));
            }
            state.wanted = analyser.clone();
        });
    }

    /// The analyser for queries at the moment.
    pub fn analyser(&self) -> Analyser {
        let state = self.state();
        match state.open {
            Some(open) => open.snapshot.analyser.clone(),
            None => state.wanted,
        }
    }

    /// The analyser with the dictionaries as they are now, also when the index was built with others.
    pub fn wanted_analyser(&self) -> Analyser {
        self.state().wanted
    }

    /// What the index is at the moment.
    pub fn status(&self) -> IndexStatus {
        let state = self.state();
        match &state.open {
            Some(open) => IndexStatus {
                ready: true,
                generation: Some(generation::name(open.number)),
                sequence: open.snapshot.sequence,
                cases: open.snapshot.searcher.num_docs(),
                needs_reindex: !built_by(&open.fingerprint, &state.wanted) || state.unreadable,
            },
            None => IndexStatus {
                ready: false,
                generation: None,
                sequence: 0,
                cases: 0,
                needs_reindex: state.unreadable,
            },
        }
    }

    /// All generations on disk, the oldest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn generations(&self) -> Result<Vec<Generation>, Error> {
        self.0.generations.list()
    }

    /// The snapshot from which one request is answered.
    pub(crate) fn snapshot(&self) -> Result<Snapshot, Error> {
        match self.state().open {
            Some(open) => Ok(open.snapshot.clone()),
            None => Err(Error::NotReady),
        }
    }

    fn put(&self, open: Open) {
        self.write(|state| {
            // Of two reloads at once the later commit wins.
            let older = state
                .open
                .as_ref()
                .is_some_and(|old| (old.number, old.opstamp) > (open.number, open.opstamp));
            if !older {
                let mut open = open;
                // The dictionaries may have changed since it was opened.
                open.snapshot.analyser = open.snapshot.analyser.with_tables_of(&state.wanted);
                state.open = Some(Arc::new(open));
                state.unreadable = false;
            }
        });
    }

    fn state(&self) -> State {
        self.0.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn write(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.state.write().unwrap_or_else(PoisonError::into_inner));
    }
}

fn next_id() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

fn failed(action: &'static str, number: u64, source: tantivy::TantivyError) -> Error {
    Error::Tantivy {
        action,
        generation: generation::name(number),
        source,
    }
}
