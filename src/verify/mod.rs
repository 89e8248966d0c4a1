//! 四性检测: whether the archive is still what was put into it, whole, usable and safe.
//!
//! The program reads every byte of every original, and everything that the catalogue holds; it decodes nothing, for it links no
//! reader of untrusted files. That a file opens and decodes is told by who decodes files: the indexer did when the file was
//! taken in, which the same bytes prove still, and does so again with `juanzong-indexer verify`.
//!
//! A check keeps its progress with what it found in the catalogue: one that was killed goes on where it was.

mod files;
mod items;
mod malware;
mod progress;
mod records;
mod report;
mod report_text;
mod report_xml;
mod system;
mod tally;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::access::KeyError;
use crate::catalogue::{self, AccessStore, Catalogue, DataDirectory};
use crate::killpoint;
use crate::record::closed_list;
use crate::throttle::Throttle;

pub use items::{Flaw, Item, Property, Verdict};
pub use malware::MalwareScan;
use progress::Progress;
pub use report::{Conclusion, FindingReport, ItemReport, Report};

closed_list! {
    /// How deep a check looks.
    Depth {
        /// 全面
        Full = "full", "全面检测", "Everything", [];
        /// 核对
        Quick = "quick", "核对", "Reconciliation: names, sizes and figures", [];
        /// 逐件核对
        Each = "each", "逐件核对", "Reconciliation: every original by its hash, every case with the index", [];
    }
}

closed_list! {
    /// What a check is at.
    Phase {
        /// 文件
        Files = "files", "原件", "Originals", [];
        /// 多余文件
        Extra = "extra", "未登记的文件", "Files that are not registered", [];
        /// 案卷
        Cases = "cases", "案卷", "Cases", [];
        /// 系统
        System = "system", "目录库、日志、密钥", "Catalogue, log, keys", [];
    }
}

/// Why a check could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The catalogue, the accounts or the data directory.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// The keys.
    #[error("the keys cannot be used")]
    Keys(#[from] KeyError),
    /// What was kept of a check is unreadable.
    #[error("what was kept of a check cannot be read")]
    Kept(#[source] serde_json::Error),
    /// The work was given up.
    #[error("the check ended before its end")]
    Interrupted,
}

/// How a check is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyOptions {
    /// How deep it looks.
    pub depth: Depth,
    /// Begins from the start, where an interrupted check would be gone on with.
    pub anew: bool,
    /// Most megabytes that are read in a second.
    pub megabytes_per_second: Option<u32>,
    /// Media types that may be kept.
    pub formats: BTreeSet<String>,
    /// How malware is looked for.
    pub malware: Option<MalwareScan>,
    /// Last change and number of cases that the index holds, when it is at hand.
    pub index: Option<(u64, u64)>,
    /// The cases that it held then, by their keys, ascending, when each is to be looked for.
    pub indexed: Option<Arc<[u64]>>,
}

impl Depth {
    /// Whether every byte of the originals is read.
    pub(crate) fn reads_originals(self) -> bool {
        matches!(self, Self::Full | Self::Each)
    }
}

/// Formats that may be kept, unless the configuration names others: those of DA/T 31-2017 for scans, and PDF.
pub const FORMATS: [&str; 4] = ["application/pdf", "image/jpeg", "image/png", "image/tiff"];

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            depth: Depth::Full,
            anew: false,
            megabytes_per_second: None,
            formats: FORMATS.map(str::to_owned).into(),
            malware: None,
            index: None,
            indexed: None,
        }
    }
}

/// The archive that is checked.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its directory.
    pub directory: &'a DataDirectory,
    /// Its catalogue.
    pub catalogue: &'a Catalogue,
    /// Its accounts and audit log.
    pub access: &'a AccessStore,
}

/// A check on its way.
struct Check<'a> {
    subject: Subject<'a>,
    options: &'a VerifyOptions,
    progress: Progress,
    throttle: Throttle,
}

/// Checks the archive, or goes on with a check of the same depth that was interrupted; `stop` is asked now and then whether
/// somebody wants it to end.
///
/// # Errors
/// When the catalogue or the keys cannot be read at all; [`Error::Interrupted`] when it was stopped. What was found so far is
/// kept, and the next check goes on.
pub async fn verify(subject: Subject<'_>, options: &VerifyOptions, stop: impl Fn() -> bool) -> Result<Report, Error> {
    let progress = Progress::begin(subject.catalogue, options).await?;
    let mut check = Check {
        subject,
        options,
        progress,
        throttle: Throttle::megabytes_per_second(options.megabytes_per_second),
    };
    loop {
        let done = match check.progress.phase {
            Phase::Files => check.some_files().await?,
            Phase::Extra => check.some_extra().await?,
            Phase::Cases => check.some_cases().await?,
            Phase::System => {
                check.system().await?;
                check.progress.end(subject.catalogue).await?;
                break;
            }
        };
        check.progress.keep(subject.catalogue, done).await?;
        killpoint::reach("verification_kept");
        if stop() {
            return Err(Error::Interrupted);
        }
    }
    Report::of(subject.catalogue, &check.progress.row).await
}

/// The report of the last check that came to its end, or of the one that is on its way when there is none; `None` when there
/// was never one.
///
/// # Errors
/// When the catalogue fails or holds something unreadable.
pub async fn last_report(catalogue: &Catalogue) -> Result<Option<Report>, Error> {
    let ended = catalogue.last_verification(true).await?;
    let row = match ended {
        Some(row) => Some(row),
        None => catalogue.last_verification(false).await?,
    };
    match row {
        Some(row) => Ok(Some(Report::of(catalogue, &row).await?)),
        None => Ok(None),
    }
}
