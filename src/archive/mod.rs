//! An opened archive: catalogue, index and search put together, and what they answer.
//!
//! The API and the command line both answer from here, so that `--json` prints exactly what the API sends.

mod asked;
mod case_answer;
mod citizen;
mod contents_answer;
mod corrections;
mod dictionaries;
mod dictionary_answer;
mod findings;
mod mandate;
mod numbers;
mod page_answer;
mod result_sets;
mod reviews;
mod samples;
mod shown_pages;
mod stage_answer;
mod texts;
mod uploads;
mod view;

use std::time::Instant;

use thiserror::Error;

use crate::analysis::{self, Analyser};
use crate::catalogue::{self, Catalogue, DataDirectory};
use crate::index::{self, CaseIndex};
use crate::search::{self, AllMatches, SearchRequest, SearchResponse, Searcher, VisibleCases};

pub use asked::{asked, asked_findings, asked_statistics};
pub use case_answer::{Applicant, CaseAnswer, DocumentAnswer, FactAnswer};
pub use citizen::{CitizenView, OwnCase, OwnCaseAnswer, OwnCasesAnswer, OwnDocument, OwnStage, OwnSummary};
pub use contents_answer::{ContentsAnswer, ContentsDifferenceAnswer, ContentsEntryAnswer};
pub use corrections::{CorrectionAnswer, CorrectionsAnswer, UndoAnswer};
pub use dictionary_answer::{DictionaryEntry, DictionaryKind, dictionary_entries};
pub use findings::{
    DuplicateNumber, FindingAnswer, FindingDecisionAnswer, FindingState, FindingsAnswer, FindingsQuery, ListedCase,
    MissingNumbers, NumbersAnswer, RuleAnswer, SelectedFindings, take_once,
};
pub use numbers::KeyedNumbers;
pub use page_answer::{LineAnswer, LineCorrection, PageAnswer, PageFailure, ShownPage, WordAnswer};
pub use result_sets::{
    Cause, ComparisonAnswer, Difference, DifferenceAnswer, DifferenceCount, ResultSetAnswer, ResultSetError,
    ResultSetsAnswer,
};
pub use reviews::{ReviewAnswer, ReviewPlace, ReviewsAnswer};
pub use samples::{SampleAnswer, StratumAnswer};
pub use stage_answer::StageAnswer;
pub use uploads::CaseStanding;
pub use view::View;

use dictionaries::DictionariesSeen;
use findings::KeptFindings;
use shown_pages::ShownPages;
use view::SeenTexts;

/// An archive that is open for answers. Cheap to clone.
#[derive(Clone)]
pub struct Archive {
    directory: DataDirectory,
    catalogue: Catalogue,
    searcher: Searcher,
    dictionaries_seen: DictionariesSeen,
    shown: ShownPages,
    findings: KeptFindings,
}

/// Why an archive cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The catalogue or the data directory.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// The dictionaries.
    #[error("the dictionaries cannot be loaded")]
    Analysis(#[from] analysis::Error),
    /// The index.
    #[error("the index in `{path}` cannot be opened")]
    Index {
        /// Where it is.
        path: std::path::PathBuf,
        /// Why not.
        #[source]
        source: index::Error,
    },
}

impl Archive {
    /// Opens catalogue and index of a data directory. There may be no index yet.
    ///
    /// # Errors
    /// When one of the parts cannot be opened.
    pub async fn open(directory: DataDirectory) -> Result<Self, OpenError> {
        // Looked at before they are read: a change in between is seen the next time.
        let seen = DictionariesSeen::now(&directory.dictionaries());
        let analyser = Analyser::extended(&directory.dictionaries())?;
        Self::open_seen(directory, analyser, seen).await
    }

    /// As [`Self::open`], with an analyser that is loaded already, from the same dictionaries.
    ///
    /// # Errors
    /// When one of the parts cannot be opened.
    pub async fn open_with(directory: DataDirectory, analyser: Analyser) -> Result<Self, OpenError> {
        let seen = DictionariesSeen::now(&directory.dictionaries());
        Self::open_seen(directory, analyser, seen).await
    }

    async fn open_seen(
        directory: DataDirectory,
        analyser: Analyser,
        dictionaries_seen: DictionariesSeen,
    ) -> Result<Self, OpenError> {
        let catalogue = Catalogue::open(&directory).await?;
        let analyser = KeyedNumbers::analyser(&analyser, &catalogue)?;
        let path = directory.index();
        let index = CaseIndex::open(&path, &analyser).map_err(|source| OpenError::Index { path, source })?;
        Ok(Self {
            directory,
            catalogue,
            searcher: Searcher::new(index),
            dictionaries_seen,
            shown: ShownPages::default(),
            findings: KeptFindings::default(),
        })
    }

    /// The data directory.
    pub fn directory(&self) -> &DataDirectory {
        &self.directory
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The index.
    pub fn index(&self) -> &CaseIndex {
        self.searcher.index()
    }

    /// Reads queries, and finds what to mark.
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// Searches. Once it runs it goes on until it ends, even when nobody waits for it any more.
    ///
    /// # Errors
    /// As [`Searcher::find`] and [`Searcher::answer`].
    pub async fn search(
        &self,
        request: SearchRequest,
        visible: VisibleCases,
        deadline: Instant,
    ) -> Result<SearchResponse, search::Error> {
        let texts = SeenTexts::of(self, &visible);
        self.searcher.search(&request, &visible, &texts, deadline).await
    }

    /// All cases of the index by their keys, ascending, and the last change of the catalogue that it holds; from one snapshot.
    ///
    /// # Errors
    /// As [`Self::all_matches`].
    pub async fn indexed_cases(&self, deadline: Instant) -> Result<(u64, Vec<u64>), search::Error> {
        let everything = SearchRequest::from_pairs(std::iter::empty::<(&str, &str)>())?;
        let found = self.all_matches(everything, VisibleCases::all(), deadline).await?;
        let mut keys = found.keys().to_vec();
        keys.sort_unstable();
        Ok((found.sequence, keys))
    }

    /// All cases that match, for exports.
    ///
    /// # Errors
    /// As [`Searcher::find_all`].
    pub async fn all_matches(
        &self,
        request: SearchRequest,
        visible: VisibleCases,
        deadline: Instant,
    ) -> Result<AllMatches, search::Error> {
        let searcher = self.searcher.clone();
        let task = tokio::task::spawn_blocking(move || searcher.find_all(&request, &visible, deadline));
        task.await.map_err(|_| search::Error::Interrupted)?
    }
}

/// The language of the labels in an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    /// Chinese.
    #[default]
    Chinese,
    /// English.
    English,
}
