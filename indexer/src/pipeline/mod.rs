//! From scans to answers: plan, read, assemble, save, index.
//!
//! Order of writing: original on disk → pages → case and facts in one transaction → job done → index. Whatever is
//! interrupted is done again from the last step that stands, so a run that was killed and started again ends like one
//! that was not.

mod assemble;
mod corrections;
mod decode_again;
mod dry_run;
mod error;
mod feed;
mod filter;
mod import;
mod imported;
mod inbox;
mod ingest;
mod papers;
mod plan;
mod read_anew;
mod read_file;
mod reprocess;
mod stop;
mod titles;
mod uploads;
mod watch;

pub use decode_again::{DecodeSummary, decode_again};
pub use dry_run::{Known, dry_run};
pub use error::Error;
pub use feed::{FeedOptions, IndexFeed, Notifier, ReadyDocument, reindex};
pub use filter::{Filter, NoFilter};
pub use import::{ImportOptions, Importing, LINES_OF_BATCH, import};
pub use ingest::{IngestOptions, Ingestion, ingest};
pub use plan::{Plan, PlannedCase, plan};
pub use reprocess::{ReprocessOptions, reprocess};
pub use stop::Stop;
pub use watch::Watcher;
