//! `/api/v1/dictionaries`: the archive's own words, synonyms, agencies and matters, for the system administrator.

#![allow(unused_qualifications)] // in what the macros of utoipa make

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::access::{Action, masked_query};
use crate::analysis::dictionary::{Addition, Dictionaries, EditError, Error};
use crate::archive::{DictionaryEntry, DictionaryKind, dictionary_entries};
use crate::http::codes::ErrorCode;
use crate::http::dictionary_fault;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Body, Pairs, read};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{May, Operate};
use crate::http::state::{AppState, blocking};

/// Frequency of a word that is added without one: that of the names of agencies, which beat their parts.
const FREQUENCY: usize = 500;

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read by the derive only
struct DictionaryParameters {
    /// `words`, `synonyms`, `agencies` (default) or `matters`.
    kind: Option<String>,
    /// Only entries that hold these letters.
    containing: Option<String>,
    /// Entries of the answer.
    #[param(minimum = 1, maximum = 500, default = 100)]
    size: Option<u32>,
}

/// Entries of a dictionary.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DictionaryAnswer {
    /// Number of all that hold the letters.
    total: usize,
    /// The first of them.
    entries: Vec<DictionaryEntry>,
    /// Whether the index was built with other dictionaries, so that it has to be made anew.
    needs_reindex: bool,
}

/// What a check of the dictionaries on disk says.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DictionaryCheckAnswer {
    /// Number of all entries; `null` when the dictionaries cannot be used.
    entries: Option<usize>,
    /// Whether the index was built with other dictionaries.
    needs_reindex: bool,
    /// The first thing that is wrong. The dictionaries as they were go on being used.
    fault: Option<DictionaryFault>,
}

/// Something that is wrong in a dictionary.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DictionaryFault {
    /// Stable code.
    code: String,
    /// Name of the file.
    file: String,
    /// Line, from 1; `null` when the file cannot be read at all.
    line: Option<usize>,
    /// What is wrong, in words.
    label: String,
}

/// What is to be added. What an entry has already stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::http) enum AdditionRequest {
    /// A term that is one word; needs a reindex.
    Word {
        /// Two or more Han characters.
        term: String,
        /// How often it is met, of 60 million words in all.
        frequency: Option<usize>,
    },
    /// Words of the same meaning.
    Synonyms {
        /// The usual one.
        term: String,
        /// The others, at least one.
        others: Vec<String>,
    },
    /// A name of a kind of agency.
    Agency {
        /// The name without a place.
        name: String,
        /// Another name of the same kind of agency.
        same_as: Option<String>,
        /// First year of the name.
        from: Option<u16>,
        /// Last year of the name.
        to: Option<u16>,
        /// Agencies that took over; `~` before one: in part.
        #[serde(default)]
        successors: Vec<String>,
    },
    /// A matter.
    Matter {
        /// Its name.
        name: String,
        /// 普通, 特许, 认可, 核准, 登记 or 其他.
        category: Option<String>,
        /// Kinds of agency that decide it.
        #[serde(default)]
        agencies: Vec<String>,
        /// Its other names.
        #[serde(default)]
        synonyms: Vec<String>,
    },
}

/// What was added.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AddedAnswer {
    /// Name of the file.
    file: String,
    /// The row as it stands there now.
    row: String,
    /// Whether the index has to be made anew before it counts.
    needs_reindex: bool,
}

impl AdditionRequest {
    /// What it means; `None` when a text is empty or could stand for more than itself in the file.
    fn addition(self) -> Option<Addition> {
        let addition = match self {
            Self::Word { term, frequency } => Addition::Word {
                term,
                frequency: frequency.unwrap_or(FREQUENCY),
            },
            Self::Synonyms { term, others } => Addition::Synonyms { term, others },
            Self::Agency {
                name,
                same_as,
                from,
                to,
                successors,
            } => Addition::Agency {
                name,
                same_as,
                from,
                to,
                successors,
            },
            Self::Matter {
                name,
                category,
                agencies,
                synonyms,
            } => Addition::Matter {
                name,
                category,
                agencies,
                synonyms,
            },
        };
        let plain = |text: &str| {
            let fits = (1..=limits::DICTIONARY_TERM).contains(&text.chars().count());
            fits && !text.starts_with(['#', '!', '-']) && !text.contains(|c: char| c.is_control() || c == '|')
        };
        let (name, others) = texts(&addition);
        let all = others.iter().all(|text| plain(text)) && others.len() <= limits::DICTIONARY_TERMS;
        (plain(name) && all).then_some(addition)
    }
}

/// The term of an addition, and the other texts.
fn texts(addition: &Addition) -> (&str, Vec<&str>) {
    fn all<'a>(lists: &[&'a [String]], one: Option<&'a String>) -> Vec<&'a str> {
        let listed = lists.iter().flat_map(|list| list.iter());
        listed.chain(one).map(String::as_str).collect()
    }
    match addition {
        Addition::Word { term, .. } => (term, Vec::new()),
        Addition::Synonyms { term, others } => (term, all(&[others], None)),
        Addition::Agency {
            name,
            same_as,
            successors,
            ..
        } => (name, all(&[successors], same_as.as_ref())),
        Addition::Matter {
            name,
            category,
            agencies,
            synonyms,
        } => (name, all(&[agencies, synonyms], category.as_ref())),
    }
}

impl DictionaryFault {
    fn new(error: &Error, language: Language) -> Self {
        Self {
            code: error.code().to_owned(),
            file: dictionary_fault::file(error).to_owned(),
            line: error.place().map(|place| place.line),
            label: dictionary_fault::words(error, language).to_owned(),
        }
    }
}

/// The entries of a dictionary that searches use now, built-in and own.
#[utoipa::path(get, operation_id = "dictionary", path = "/api/v1/dictionaries", tag = "dictionaries", params(DictionaryParameters), responses(
    (status = 200, body = DictionaryAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn entries(
    State(state): State<AppState>,
    may: May<Operate>,
    pairs: Pairs,
) -> ApiResult<Json<DictionaryAnswer>> {
    let [kind, containing, size] = pairs.take(["kind", "containing", "size"])?;
    let invalid = || ApiError::new(ErrorCode::InvalidParameter).with("parameter", "kind");
    let kind = match kind.as_deref() {
        None => DictionaryKind::Agencies,
        Some(code) => DictionaryKind::parse(code).ok_or_else(invalid)?,
    };
    let size: usize = read("size", size.as_deref())?.unwrap_or(limits::DICTIONARY_ENTRIES);
    if !limits::DICTIONARY_ENTRIES_ON_A_PAGE.contains(&size) {
        return Err(ApiError::new(ErrorCode::SizeOutOfRange).with("most", limits::DICTIONARY_ENTRIES_ON_A_PAGE.end()));
    }
    let containing = containing.unwrap_or_default();
    let index = state.archive().index();
    let analyser = index.wanted_analyser();
    let mut entries = dictionary_entries(analyser.dictionaries(), kind, containing.trim());
    let total = entries.len();
    entries.truncate(size);
    let details = json!({"did": "dictionary", "dictionary": kind, "entries": total});
    may.record(Action::Operate, &details).await?;
    Ok(Json(DictionaryAnswer {
        total,
        entries,
        needs_reindex: index.status().needs_reindex,
    }))
}

/// Checks the dictionaries as they lie on disk, line by line.
#[utoipa::path(get, operation_id = "check_dictionaries", path = "/api/v1/dictionaries/check", tag = "dictionaries", responses(
    (status = 200, body = DictionaryCheckAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn check(
    State(state): State<AppState>,
    may: May<Operate>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<DictionaryCheckAnswer>> {
    let [] = pairs.take([])?;
    let folder = state.archive().directory().dictionaries();
    let read = state.aside(move || Dictionaries::extended(&folder)).await?;
    let fault = read.as_ref().err().map(|error| DictionaryFault::new(error, language));
    let details = json!({"did": "check_dictionaries", "fault": fault.as_ref().map(|fault| &fault.code)});
    may.record(Action::Operate, &details).await?;
    Ok(Json(DictionaryCheckAnswer {
        entries: read.ok().map(|dictionaries| dictionaries.entries()),
        needs_reindex: state.archive().index().status().needs_reindex,
        fault,
    }))
}

/// Adds to the archive's own dictionaries. Nothing is written unless the dictionaries can be used with it.
#[utoipa::path(post, operation_id = "add_to_dictionary", path = "/api/v1/dictionaries", tag = "dictionaries", request_body = AdditionRequest, responses(
    (status = 201, body = AddedAnswer),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub(in crate::http) async fn add(
    State(state): State<AppState>,
    may: May<Operate>,
    pairs: Pairs,
    language: Language,
    Body(request): Body<AdditionRequest>,
) -> ApiResult<(StatusCode, Json<AddedAnswer>)> {
    let [] = pairs.take([])?;
    let addition = request
        .addition()
        .ok_or_else(|| ApiError::new(ErrorCode::InvalidBody))?;
    let term = masked_query(texts(&addition).0);
    let folder = state.archive().directory().dictionaries();
    // One at a time: what is checked now must still hold when it is written.
    let _permit = state.aside_permit().await?;
    let checked = blocking(move || addition.check(&folder)).await?;
    let checked = checked.map_err(|error| refused(error, language))?;
    // Written down before it is done: a file is not changed in one transaction with the log.
    let details = json!({"did": "add_to_dictionary", "file": checked.added().file, "term": term});
    may.record(Action::Operate, &details).await?;
    let archive = state.archive().clone();
    let work = move || {
        let added = checked.write()?;
        // The server follows changes by itself in a moment; whoever added it wants to see it now.
        if let Err(error) = archive.reload_dictionaries() {
            tracing::warn!(
                cause = crate::telemetry::chain(&error),
                "a dictionary that was written cannot be read"
            );
        }
        Ok::<_, EditError>(added)
    };
    let added = blocking(work).await?.map_err(|error| refused(error, language))?;
    let answer = AddedAnswer {
        file: added.file.to_owned(),
        row: added.row,
        needs_reindex: added.needs_reindex,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

fn refused(error: EditError, language: Language) -> ApiError {
    match &error {
        EditError::Dictionary(wrong) => ApiError::new(ErrorCode::DictionaryInvalid)
            .with("file", dictionary_fault::file(wrong))
            .with("line", wrong.place().map_or(0, |place| place.line))
            .with("reason", dictionary_fault::words(wrong, language)),
        EditError::Unwritable { .. } => ApiError::new(ErrorCode::Internal),
    }
    .because(error)
}
