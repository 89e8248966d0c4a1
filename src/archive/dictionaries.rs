//! The archive's own dictionaries, followed while they are edited.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::analysis;
use crate::analysis::dictionary::Dictionaries;

use super::Archive;

/// How the folder looked when it was read last. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(super) struct DictionariesSeen(Arc<Mutex<Look>>);

/// Name, size and time of change of each table of the folder.
type Look = Vec<(std::ffi::OsString, u64, Option<SystemTime>)>;

impl DictionariesSeen {
    pub(super) fn now(folder: &Path) -> Self {
        Self(Arc::new(Mutex::new(look(folder))))
    }
}

/// What cannot be looked at counts as not there; reading it tells why.
fn look(folder: &Path) -> Look {
    let mut seen = Look::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "tsv")
            && let Ok(metadata) = entry.metadata()
        {
            seen.push((entry.file_name(), metadata.len(), metadata.modified().ok()));
        }
    }
    seen.sort();
    seen
}

impl Archive {
    /// Reads the dictionaries again when a file of theirs has changed; `true` when it did. What only queries look into
    /// counts for the next search; a change of words counts once the index is made anew, and until then the index is
    /// read as it was written. Not to be called on a thread that must not wait: building the word list takes a moment.
    ///
    /// # Errors
    /// When a file cannot be used: the dictionaries as they were go on being used, and it is told once for each change.
    pub fn reload_dictionaries(&self) -> Result<bool, analysis::Error> {
        let folder = self.directory.dictionaries();
        let mut seen = self.dictionaries_seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = look(&folder);
        if *seen == now {
            return Ok(false);
        }
        *seen = now;
        let dictionaries = Dictionaries::extended(&folder)?;
        let index = self.searcher.index();
        index.use_analyser(&index.wanted_analyser().with_dictionaries(dictionaries));
        Ok(true)
    }
}
