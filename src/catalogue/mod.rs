//! The SQLite catalogue and the data directory: the truth.
//!
//! Everything that is known about the archive is here: what was read from each page, every fact of a case with its
//! evidence, every version of a document, every job and why it failed. The search index is a projection of it and can
//! be made again at any time with [`Catalogue::changed_since`] and [`Catalogue::load_case`].
//!
//! Only this module names `sqlx`. Statements use the part of SQL that SQLite and PostgreSQL share (`$1`, `RETURNING`,
//! `ON CONFLICT … DO UPDATE`); what is SQLite's alone stands in `migrations/`, `migrate.rs` and `database.rs`.
//!
//! Two processes use one catalogue at the same time: the indexer writes, the server reads. SQLite's write-ahead log
//! lets them; each process has one writing connection and several reading ones.
//!
//! Pages are keyed by *content*: by the SHA-256 of their file, or, where text was imported without a file, by the
//! SHA-256 of that text. So a file that lies in two cases is read once, and a page already read is never
//! read again.

mod accounts;
mod bulk;
mod bulk_load;
mod case_rows;
mod cases;
mod codec;
mod copies;
mod correction_rows;
mod corrections;
mod counts;
mod database;
mod decodings;
mod directory;
mod documents;
mod dump;
mod error;
mod facts;
mod files;
mod finding_decisions;
mod fingerprint;
mod insert;
mod job_tallies;
mod jobs;
mod keys;
mod line_edits;
mod migrate;
mod originals;
mod owners;
mod page_images;
mod page_info;
mod page_pictures;
mod pages;
mod public_id;
mod reseal;
mod result_sets;
mod reviews;
mod save;
mod seal_check;
mod sealed;
mod shown;
mod taken;
#[cfg(test)]
mod tests;
mod traces;
mod upgrade;
mod upkeep;
mod uploads;
mod verifications;
mod versions;
mod visible;
mod walk;
mod whole_file;

pub use accounts::{
    AccessOptions, AccessRefusal, AccessStore, Account, AuditFilter, AuditReport, CaseAccess, CertifiedCopy, Clock,
    CodeClaim, CodeState, CodeSummary, FirstAdministrator, IssuedCode, NewCode, NewToken, SignIn, TokenSummary,
    Visitor,
};
pub use bulk::PackedCase;
pub use case_rows::{CaseRow, SharedContent};
pub use cases::{CaseChange, CaseSummary, DocumentSummary, DocumentVersion, LinePlace};
pub use copies::{DatabaseCopy, KnownFile};
pub use corrections::{
    CORRECTION_JOB, Change, MOST_AUTHOR, MOST_LINE, MOST_REASON, MOST_VALUE, NewCorrection, Refusal,
};
pub use counts::Counts;
pub use database::Catalogue;
pub use decodings::Decoding;
pub use directory::{DataDirectory, IndexerLock};
pub use documents::content_id;
pub use error::{Error, Kind, Result};
pub use files::{FileFailure, FileReading, FileState, NewFile};
pub use finding_decisions::{FindingDecision, NewDecision};
pub use job_tallies::JobTally;
pub use jobs::{Job, JobState};
pub use line_edits::LineEdits;
#[cfg(feature = "server")]
pub(crate) use originals::hash_file;
pub use originals::{StoredFile, file_sha256};
pub use page_images::Rendition;
pub use page_info::PageInfo;
pub use page_pictures::{Picture, PicturedPage};
pub use pages::{CorrectedPage, PageAddress};
pub use reseal::{KeyUse, Resealed};
pub use result_sets::{CaseMark, NewResultSet, ResultSet};
pub use reviews::{ReviewFilter, ReviewItem};
pub use save::Saved;
pub use seal_check::Seals;
pub use shown::{TextOfPage, TextsOfCase};
pub use taken::Taken;
pub use traces::{CaseTrace, NumberState};
pub use upkeep::UpkeepRun;
pub use uploads::{
    CHECK_JOB, FileNews, IncomingFile, MOST_FINDINGS, PathFault, UPLOAD_JOB, Upload, UploadCase, UploadColumn,
    UploadFile, UploadFileState, UploadFinding, UploadJob, UploadLimits, UploadManifest, UploadOptions, UploadPath,
    UploadRefusal, UploadReport, UploadState, UploadWork,
};
pub use verifications::{VerificationFinding, VerificationRow};
pub use walk::CaseExtent;
#[cfg(feature = "server")]
pub(crate) use whole_file::{create_directory, sync_directory};
