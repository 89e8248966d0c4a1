//! The archive as a viewer sees it: the only way from a request to cases.

use std::time::Instant;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{from_value, to_value};

use super::shown_pages::ShownPages;
use super::{Archive, CaseAnswer, Labels};
use crate::access::{Masking, PersonalData};
use crate::catalogue::{self, CaseSummary, Catalogue};
use crate::search::statistics::{StatisticsRequest, StatisticsResponse};
use crate::search::{
    self, AllMatches, Criteria, PersonNumbers, SearchRequest, SearchResponse, SuggestRequest, SuggestResponse,
    SuggestViewer, VisibleCases,
};

/// The archive with those cases that a viewer may see, personal data masked unless it is said otherwise. A case outside of
/// them is answered exactly like one that does not exist.
#[derive(Clone)]
pub struct View {
    pub(super) archive: Archive,
    pub(super) visible: VisibleCases,
    pub(super) masking: Masking,
    /// Whether cases may be searched by full numbers of persons.
    numbers: PersonNumbers,
}

impl Archive {
    /// The archive with these cases only.
    pub fn view(&self, visible: VisibleCases) -> View {
        View {
            archive: self.clone(),
            visible,
            masking: Masking::Masked,
            numbers: PersonNumbers::Refused,
        }
    }
}

impl View {
    /// The same with personal data in full. Whoever asks for it gives a reason, which is recorded.
    #[must_use]
    pub fn unmasked(self) -> Self {
        self.with_masking(Masking::Unmasked)
    }

    /// The same with personal data masked or not.
    #[must_use]
    pub fn with_masking(self, masking: Masking) -> Self {
        Self { masking, ..self }
    }

    /// The same, in which cases may be searched by full numbers of persons, or not. A part of a number finds nothing in
    /// either case.
    #[must_use]
    pub fn with_numbers(self, numbers: bool) -> Self {
        let numbers = match numbers {
            true => PersonNumbers::Searched,
            false => PersonNumbers::Refused,
        };
        Self { numbers, ..self }
    }

    /// Searches; see [`Archive::search`].
    ///
    /// # Errors
    /// As there.
    pub async fn search(&self, request: SearchRequest, deadline: Instant) -> Result<SearchResponse, search::Error> {
        let request = request.with_numbers(self.numbers);
        self.archive.search(request, self.visible.clone(), deadline).await
    }

    /// What may be meant by an input; `persons` says whether names of natural persons may be suggested.
    ///
    /// # Errors
    /// As of [`search::Searcher::suggest`].
    pub async fn suggest(
        &self,
        request: &SuggestRequest,
        persons: bool,
        deadline: Instant,
    ) -> Result<SuggestResponse, search::Error> {
        let viewer = SuggestViewer {
            visible: self.visible.clone(),
            persons,
        };
        let texts = SeenTexts::of(&self.archive, &self.visible);
        self.archive
            .searcher()
            .suggest(request, &viewer, &texts, deadline)
            .await
    }

    /// All cases that match, for exports.
    ///
    /// # Errors
    /// As [`Archive::all_matches`].
    pub async fn all_matches(&self, request: SearchRequest, deadline: Instant) -> Result<AllMatches, search::Error> {
        let request = request.with_numbers(self.numbers);
        self.archive.all_matches(request, self.visible.clone(), deadline).await
    }

    /// Statistics of the cases that match. Once it runs it goes on until it ends, even when nobody waits for it any more.
    ///
    /// # Errors
    /// As [`search::Searcher::statistics`].
    pub async fn statistics(
        &self,
        request: StatisticsRequest,
        deadline: Instant,
    ) -> Result<StatisticsResponse, search::Error> {
        let search = request.search().clone().with_numbers(self.numbers);
        let request = request.with_search(search);
        let (searcher, visible) = (self.archive.searcher().clone(), self.visible.clone());
        let task = tokio::task::spawn_blocking(move || searcher.statistics(&request, &visible, deadline));
        task.await.map_err(|_| search::Error::Interrupted)?
    }

    /// What a search looks for, in words, when it was understood so.
    pub fn criteria(&self, request: &SearchRequest, understood: &str) -> Criteria {
        self.archive.searcher().criteria(request, understood)
    }

    /// A case by its public identifier; `None` when there is none that may be seen.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn case(&self, case_id: &str, labels: Labels) -> catalogue::Result<Option<CaseAnswer>> {
        let Some(case) = self.summary(case_id).await? else {
            return Ok(None);
        };
        let key = case.case_key;
        let answer = CaseAnswer::read(self.archive.catalogue(), case, labels, self.masking).await?;
        match answer {
            Some(answer) => self.shown(key, answer).await.map(Some),
            None => Ok(None),
        }
    }

    /// The whole archive, for what has to look at each case by itself; see [`Self::sees`].
    #[cfg(feature = "server")]
    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Whether a case may be seen, as it is in the catalogue now.
    pub(crate) fn sees(&self, case: &CaseSummary) -> bool {
        is_seen(case, &self.visible)
    }

    /// The summary of a case that may be seen.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn summary(&self, case_id: &str) -> catalogue::Result<Option<CaseSummary>> {
        let case = self.archive.catalogue().case_by_id(case_id).await?;
        Ok(case.filter(|case| self.sees(case)))
    }

    /// An answer about a case with the personal data in all its texts masked.
    pub(super) async fn shown<T: Serialize + DeserializeOwned>(
        &self,
        case_key: u64,
        answer: T,
    ) -> catalogue::Result<T> {
        match self.masking {
            Masking::Unmasked => Ok(answer),
            Masking::Masked => {
                let personal = personal_data(self.archive.catalogue(), case_key).await?;
                let unreadable = |_| catalogue::Error::UnknownCase { case_key };
                let mut value = to_value(answer).map_err(unreadable)?;
                personal.mask_json(&mut value);
                from_value(value).map_err(unreadable)
            }
        }
    }
}

/// Whether a case may be seen, by what the catalogue says of it now; the index may be a moment behind.
pub(super) fn is_seen(case: &CaseSummary, visible: &VisibleCases) -> bool {
    !case.withdrawn && visible.allow(case.case_key, &case.archival_code, &case.fields)
}

/// The personal data of a case, to be looked for in its texts.
pub(super) async fn personal_data(catalogue: &Catalogue, case_key: u64) -> catalogue::Result<PersonalData> {
    let facts = catalogue.facts(case_key).await?;
    Ok(PersonalData::of(&facts.unwrap_or_default()))
}

/// Gives search the titles, names and texts of cases that may be seen, with personal data masked: so that neither a snippet
/// nor a mark in it can tell what a mask hides.
pub(super) struct SeenTexts<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) visible: &'a VisibleCases,
    pub(super) shown: &'a ShownPages,
}

impl<'a> SeenTexts<'a> {
    pub(super) fn of(archive: &'a Archive, visible: &'a VisibleCases) -> Self {
        Self {
            catalogue: archive.catalogue(),
            visible,
            shown: &archive.shown,
        }
    }
}
