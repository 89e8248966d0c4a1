//! `juanzong` (卷宗): full-text search and retrieval for scanned Chinese administrative-approval archives.
//!
//! Data flows one way:
//! `ScanFile → PageImage → PageText → Extraction → Case → catalogue (the truth) and index (a projection)`, and
//! `SearchRequest → QueryTree → QueryPlan → Hits → SearchResponse`. The first half lives in the `juanzong-indexer`
//! package, so that this library links no reader of untrusted files. `docs/architecture.md` shows every room.

pub mod access;
pub mod analysis;
pub mod analytics;
pub mod archive;
#[cfg(feature = "server")]
pub mod backup;
mod bounded;
pub mod catalogue;
#[cfg(feature = "server")]
pub mod cli;
pub mod config;
#[cfg(feature = "server")]
pub mod export;
#[cfg(feature = "server")]
pub mod http;
pub mod index;
#[doc(hidden)]
pub mod killpoint;
#[cfg(feature = "server")]
pub mod maintenance;
#[cfg(feature = "server")]
mod page_image;
pub mod pdf;
pub mod record;
pub mod review;
pub mod search;
#[cfg(feature = "server")]
pub mod telemetry;
pub mod text_table;
#[cfg(feature = "server")]
mod throttle;
#[cfg(feature = "server")]
pub mod verify;
pub mod xml;
