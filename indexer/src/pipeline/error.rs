//! What ends an ingest as a whole; what concerns one file or case is an [`crate::report::IngestFailure`].

use thiserror::Error;

/// Why an ingest or a rebuild could not go on.
#[derive(Debug, Error)]
pub enum Error {
    /// The files could not be looked for.
    #[error(transparent)]
    Source(#[from] crate::source::Error),
    /// The manifest could not be read.
    #[error(transparent)]
    Manifest(#[from] crate::manifest::Error),
    /// The catalogue or the data directory failed.
    #[error(transparent)]
    Catalogue(#[from] juanzong::catalogue::Error),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] juanzong::index::Error),
    /// The dictionaries could not be loaded.
    #[error("the dictionaries could not be loaded")]
    Analysis(#[from] juanzong::analysis::Error),
    /// A part of the program ended unexpectedly.
    #[error("an internal task ended unexpectedly")]
    Task(#[from] tokio::task::JoinError),
}
