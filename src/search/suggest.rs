//! Suggestions while somebody types: numbers, names, matters, agencies.
//!
//! Three steps. The index says which cases the viewer may see that could have what is typed ([`candidates`]): by grams, by
//! sounds, by values, all intersected with the filter of the viewer, and never more than
//! [`limits::CASES_LOOKED_AT`] cases of a kind. Numbers and names are then fetched from the catalogue, for the index
//! does not hold them, and compared letter by letter ([`offer`]). What is left is put in order.
//!
//! Nothing else is ever suggested: identity numbers, telephone numbers and addresses are no kind, and what looks like
//! one in another field is left out. Names of persons are for those who may see them.

mod candidates;
mod offer;

use std::future::Future;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::request::once;
use super::{Error, Searcher, VisibleCases, limits};
use candidates::Candidates;

/// Declares the kinds once: variant, code, Chinese name.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal;)+) => {
        /// What a suggestion is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum SuggestionKind {
            $($(#[$doc])* $variant,)+
        }

        impl SuggestionKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The Chinese name.
            pub fn label_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }
        }
    };
}

kinds! {
    /// 文号
    DocumentNumber = "document_number", "文号";
    /// 档号
    ArchivalCode = "archival_code", "档号";
    /// 受理编号
    AcceptanceNumber = "acceptance_number", "受理编号";
    /// 申请人
    Applicant = "applicant", "申请人";
    /// 审批事项
    Matter = "matter", "审批事项";
    /// 审批机关
    Agency = "agency", "审批机关";
}

/// What was typed, and how many suggestions are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestRequest {
    input: String,
    size: usize,
}

impl SuggestRequest {
    /// What was typed.
    pub fn input(&self) -> &str {
        &self.input
    }

    /// Reads the parameters of `GET /api/v1/suggest`: `q` and `size`.
    ///
    /// # Errors
    /// One variant for each rule that a parameter breaks, all of [`super::ErrorKind::Invalid`].
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Self, Error>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let (mut input, mut size) = (None, None);
        for (name, value) in pairs {
            match name.as_ref() {
                "q" => once("q", &mut input, value.as_ref())?,
                "size" => once("size", &mut size, value.as_ref())?,
                _ => return Err(Error::UnknownParameter),
            }
        }
        let input = input.unwrap_or_default();
        if input.chars().nth(limits::SUGGEST_CHARACTERS).is_some() {
            return Err(Error::QueryTooLong {
                most: limits::SUGGEST_CHARACTERS,
            });
        }
        let size = match size {
            None => limits::DEFAULT_SUGGESTIONS,
            Some(text) => {
                let size = text
                    .trim()
                    .parse()
                    .ok()
                    .filter(|size| limits::SUGGESTIONS.contains(size));
                size.ok_or(Error::SizeOutOfRange {
                    most: *limits::SUGGESTIONS.end(),
                })?
            }
        };
        Ok(Self {
            input: input.trim().to_owned(),
            size,
        })
    }
}

/// For whom suggestions are made. There is no default: a caller has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestViewer {
    /// The cases that may be seen: only what stands in one of them is suggested, and only they are counted.
    pub visible: VisibleCases,
    /// Whether names of natural persons may be suggested.
    pub persons: bool,
}

/// The answer to what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SuggestResponse {
    /// Time spent, in milliseconds.
    pub took_ms: u64,
    /// The most useful first; no text of a kind twice.
    pub suggestions: Vec<Suggestion>,
}

/// Something that goes on as what was typed begins, or holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// As it stands in the cases.
    pub text: String,
    /// What it is.
    pub kind: SuggestionKind,
    /// What it is, in Chinese.
    pub label: String,
    /// Cases that have it.
    pub count: u64,
}

/// The names and numbers of a case that may be suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseNames {
    /// Key of the case in catalogue and index.
    pub case_key: u64,
    /// 档号
    pub archival_code: String,
    /// 文号
    pub document_number: Option<String>,
    /// 受理编号
    pub acceptance_number: Option<String>,
    /// 申请人
    pub applicant: Option<String>,
}

/// Gives the names and numbers of a few cases.
pub trait NameTexts: Sync {
    /// What can go wrong.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Those of these cases, in any order; a case that no longer exists is left out.
    fn names(&self, case_keys: &[u64]) -> impl Future<Output = Result<Vec<CaseNames>, Self::Error>> + Send;
}

impl Searcher {
    /// What may be meant by an input.
    ///
    /// # Errors
    /// [`Error::Index`] while there is no index, [`Error::DeadlineExceeded`] when the time is over, [`Error::Texts`] when
    /// the names cannot be fetched.
    pub async fn suggest<T: NameTexts>(
        &self,
        request: &SuggestRequest,
        viewer: &SuggestViewer,
        texts: &T,
        deadline: Instant,
    ) -> Result<SuggestResponse, Error> {
        let started = Instant::now();
        let (searcher, input, for_whom) = (self.clone(), request.input.clone(), viewer.clone());
        let gather = move || {
            let snapshot = searcher.index().snapshot()?;
            let values = searcher.values().get(&snapshot)?;
            candidates::gather(&input, &snapshot, &values, searcher.kept(), &for_whom, deadline)
        };
        let gathered = tokio::task::spawn_blocking(gather).await;
        let candidates = gathered.map_err(|_| Error::Interrupted)??;
        let suggestions = match candidates {
            None => Vec::new(),
            Some(Candidates {
                input,
                analyser,
                values,
                cases,
            }) => {
                let keys: Vec<u64> = cases.iter().map(|case| case.case_key).collect();
                let names = texts.names(&keys).await.map_err(|e| Error::Texts(Box::new(e)))?;
                offer::offer(&input, &analyser, values, &cases, &names, request.size)
            }
        };
        Ok(SuggestResponse {
            took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            suggestions,
        })
    }
}
