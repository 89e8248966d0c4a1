//! What each commit says about itself.

use serde::{Deserialize, Serialize};
use tantivy::Index;

use crate::analysis::Analyser;

use super::schema::{SCHEMA_VERSION, build};
use super::{Error, generation};

/// Rides on every commit: what the index holds, and how it was built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Payload {
    /// Every change of the catalogue up to this sequence is in the index.
    pub(super) sequence: u64,
    /// See [`fingerprint`].
    pub(super) fingerprint: String,
}

/// A commit and its payload.
pub(super) struct Committed {
    pub(super) opstamp: u64,
    pub(super) payload: Payload,
    /// Whether the schema is the one that this program builds.
    pub(super) same_schema: bool,
}

/// Identifies schema, analysis and dictionaries: two generations of one fingerprint hold the same tokens.
pub(super) fn fingerprint(analyser: &Analyser) -> String {
    let tokens = format!("{SCHEMA_VERSION}-{}", analyser.fingerprint());
    match analyser.numbers() {
        Some(numbers) => format!("{tokens}-{}", numbers.name()),
        None => tokens,
    }
}

/// Whether a generation was built as an analyser would; one that keeps no numbers does not ask under which key they are.
pub(super) fn built_by(built_as: &str, analyser: &Analyser) -> bool {
    let wanted = fingerprint(analyser);
    let rest = built_as.strip_prefix(&wanted);
    rest.is_some_and(|rest| rest.is_empty() || (analyser.numbers().is_none() && rest.starts_with('-')))
}

/// An analyser that keeps numbers of persons under the key with which a generation was built, where that is another key than
/// its own and to be had.
pub(super) fn with_key_of(built_as: &str, analyser: &Analyser) -> Analyser {
    let name = built_as.splitn(3, '-').nth(2);
    let numbers = analyser
        .numbers()
        .filter(|numbers| name.is_some_and(|name| name != numbers.name()));
    match numbers.and_then(|numbers| numbers.named(name?)) {
        Some(numbers) => analyser.with_number_keeper(Some(numbers)),
        None => analyser.clone(),
    }
}

/// Reads the last commit of an index.
pub(super) fn last_commit(index: &Index, number: u64) -> Result<Committed, Error> {
    let metas = index.load_metas().map_err(|source| Error::Tantivy {
        action: "read the last commit of",
        generation: generation::name(number),
        source,
    })?;
    let payload = metas
        .payload
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok());
    Ok(Committed {
        opstamp: metas.opstamp,
        payload: payload.ok_or_else(|| Error::BadPayload {
            generation: generation::name(number),
        })?,
        same_schema: metas.schema == build(),
    })
}

impl Committed {
    /// Fails unless the generation was built as this program builds.
    pub(super) fn check(&self, number: u64, expected: &str) -> Result<(), Error> {
        if self.same_schema && self.payload.fingerprint == expected {
            return Ok(());
        }
        Err(self.needs_reindex(number, expected))
    }

    pub(super) fn needs_reindex(&self, number: u64, expected: &str) -> Error {
        Error::NeedsReindex {
            generation: generation::name(number),
            found: self.payload.fingerprint.clone(),
            expected: expected.to_owned(),
        }
    }
}
