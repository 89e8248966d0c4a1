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
    /// The file of an import could not be read.
    #[error("无法读取 (cannot read) `{path}`")]
    ImportFile {
        /// The file, as it was given.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The catalogue or the data directory failed.
    #[error(transparent)]
    Catalogue(#[from] juanzong::catalogue::Error),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] juanzong::index::Error),
    /// The dictionaries could not be loaded.
    #[error("the dictionaries could not be loaded")]
    Analysis(#[from] juanzong::analysis::Error),
    /// The archive could not be opened for a search.
    #[error(transparent)]
    Open(#[from] juanzong::archive::OpenError),
    /// A search failed, or its query is not valid.
    #[error(transparent)]
    Search(#[from] juanzong::search::Error),
    /// A case that was asked for is not there.
    #[error("没有这个案卷 (there is no such case): `{name}`")]
    NoCase {
        /// Archival code or identifier as it was given.
        name: String,
    },
    /// A query that finds too many cases to work through.
    #[error("检索到 {total} 件，最多 {most} 件，请缩小范围 (the query finds too many cases)")]
    TooManyHits {
        /// Cases found.
        total: u64,
        /// The most.
        most: u64,
    },
    /// A part of the program ended unexpectedly.
    #[error("an internal task ended unexpectedly")]
    Task(#[from] tokio::task::JoinError),
}
