//! What is kept of people is kept sealed: as JSON, packed where that makes it smaller, under the key of the archive and for
//! the place where it stands (`access/sealing.rs`).

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codec;
use super::error::{Error, Fault, Tried};
use super::public_id::IdSecret;
use crate::access::{Keyring, SealError};

/// JSON below this many bytes is not packed: it would not become smaller.
const LEAST_PACKED: usize = 200;
/// What the first byte of the JSON says: it is there as it is, or packed.
const PLAIN: u8 = 0;
const PACKED: u8 = 1;

/// A place for something sealed. Its name goes into the seal, so that nothing opens elsewhere; `reseal.rs` builds the same
/// names in SQL.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// The secret of the public identifiers.
    Secret,
    /// Text of a page.
    Page { content_id: &'a str, number: i64 },
    /// Fields of a case.
    Case { archival_code: &'a str },
    /// Facts of a case from one source.
    Facts { case_key: i64, source: &'a str },
    /// Title, source name and failure of a document.
    Document { case_key: i64, ordinal: i64 },
    /// Source name and title of an earlier version.
    Version {
        case_key: i64,
        occurrence: i64,
        version: i64,
    },
    /// What a correction says.
    Correction { case_key: i64, number: i64 },
    /// Why a correction was undone.
    Undo { case_key: i64, number: i64 },
    /// Source of a job.
    Job { kind: &'a str, source_id: &'a str },
    /// Why a job failed.
    JobReason { job_key: i64 },
    /// Why a finding was dismissed.
    FindingDecision { finding_id: &'a str, number: i64 },
    /// Name and parameters of a kept result.
    ResultSet { set_id: &'a str },
    /// Its list.
    ResultSetList { set_id: &'a str },
    /// How an upload is to be understood.
    Upload { upload_id: &'a str },
    /// Name of a file of an upload.
    UploadFile { upload_key: i64, number: i64 },
    /// What the check of an upload found.
    UploadReport { upload_key: i64 },
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret => write!(f, "secret"),
            Self::Page { content_id, number } => write!(f, "page {content_id} {number}"),
            Self::Case { archival_code } => write!(f, "case {archival_code}"),
            Self::Facts { case_key, source } => write!(f, "facts {case_key} {source}"),
            Self::Document { case_key, ordinal } => write!(f, "document {case_key} {ordinal}"),
            Self::Version {
                case_key,
                occurrence,
                version,
            } => write!(f, "version {case_key} {occurrence} {version}"),
            Self::Correction { case_key, number } => write!(f, "correction {case_key} {number}"),
            Self::Undo { case_key, number } => write!(f, "undo {case_key} {number}"),
            Self::Job { kind, source_id } => write!(f, "job {kind} {source_id}"),
            Self::JobReason { job_key } => write!(f, "reason {job_key}"),
            Self::ResultSet { set_id } => write!(f, "result {set_id}"),
            Self::ResultSetList { set_id } => write!(f, "list {set_id}"),
            Self::Upload { upload_id } => write!(f, "upload {upload_id}"),
            Self::UploadFile { upload_key, number } => write!(f, "upload file {upload_key} {number}"),
            Self::UploadReport { upload_key } => write!(f, "upload report {upload_key}"),
            Self::FindingDecision { finding_id, number } => write!(f, "finding {finding_id} {number}"),
        }
    }
}

impl Place<'_> {
    /// What stands there, for messages.
    fn what(&self) -> &'static str {
        match self {
            Self::Secret => "secret of the public identifiers",
            Self::Page { .. } => "text of a page",
            Self::Case { .. } => "set of fields of a case",
            Self::Facts { .. } => "set of facts",
            Self::Document { .. } | Self::Version { .. } => "document",
            Self::Correction { .. } | Self::Undo { .. } => "correction",
            Self::Job { .. } | Self::JobReason { .. } => "job",
            Self::ResultSet { .. } | Self::ResultSetList { .. } => "kept result",
            Self::FindingDecision { .. } => "decision on a finding",
            Self::Upload { .. } | Self::UploadFile { .. } | Self::UploadReport { .. } => "upload",
        }
    }
}

/// Keys and secrets of an opened catalogue.
#[derive(Debug)]
pub(super) struct Secrets {
    pub(super) ring: Keyring,
    pub(super) ids: IdSecret,
}

impl Secrets {
    /// Seals a value.
    pub(super) fn seal(&self, place: Place<'_>, value: &impl Serialize) -> Tried<Vec<u8>> {
        let json = serde_json::to_vec(value).map_err(|_| Fault::damaged(place.what()))?;
        let packed = match json.len() {
            0..LEAST_PACKED => None,
            _ => codec::compress(&json).ok(),
        };
        let (sign, bytes) = match packed {
            Some(packed) => (PACKED, packed),
            None => (PLAIN, json),
        };
        let mut plain = Vec::with_capacity(bytes.len() + 1);
        plain.push(sign);
        plain.extend(bytes);
        seal_bytes(&self.ring, place, &plain)
    }

    /// Opens a value.
    pub(super) fn open<T: DeserializeOwned>(&self, place: Place<'_>, sealed: &[u8]) -> Tried<T> {
        let read = read_json(&self.open_bytes(place, sealed)?);
        read.ok_or_else(|| Fault::damaged(place.what()))
    }

    /// Opens any value at a place with this name.
    pub(super) fn open_at(&self, place: &str, sealed: &[u8]) -> Tried<serde_json::Value> {
        let damaged = || Fault::damaged(format!("value of `{place}`"));
        let plain = self.ring.open_sealed(place, sealed).map_err(|_| damaged())?;
        read_json(&plain).ok_or_else(damaged)
    }

    /// Seals bytes that are packed already.
    pub(super) fn seal_bytes(&self, place: Place<'_>, plain: &[u8]) -> Tried<Vec<u8>> {
        seal_bytes(&self.ring, place, plain)
    }

    /// Opens bytes.
    pub(super) fn open_bytes(&self, place: Place<'_>, sealed: &[u8]) -> Tried<Vec<u8>> {
        open_bytes(&self.ring, place, sealed)
    }
}

fn read_json<T: DeserializeOwned>(plain: &[u8]) -> Option<T> {
    match plain.split_first()? {
        (&PLAIN, json) => serde_json::from_slice(json).ok(),
        (&PACKED, packed) => serde_json::from_slice(&codec::decompress(packed).ok()?).ok(),
        _ => None,
    }
}

pub(super) fn seal_bytes(ring: &Keyring, place: Place<'_>, plain: &[u8]) -> Tried<Vec<u8>> {
    ring.seal(&place.to_string(), plain)
        .map_err(|error| fault(place, error))
}

pub(super) fn open_bytes(ring: &Keyring, place: Place<'_>, sealed: &[u8]) -> Tried<Vec<u8>> {
    ring.open_sealed(&place.to_string(), sealed)
        .map_err(|error| fault(place, error))
}

fn fault(place: Place<'_>, error: SealError) -> Fault {
    match error {
        SealError::Key(error) => Error::Keys(error).into(),
        SealError::Damaged | SealError::Unsealable => Fault::damaged(place.what()),
    }
}
