//! What keeps the archive: backups, checks and reconciliations, by command or at the times that the configuration names.
//!
//! One at a time, in all programs that have the archive open: a lock in the data directory is held meanwhile. Each run is
//! written down in the catalogue, which tells when the next is due, and in the audit log. Nothing here looks at a clock but
//! through the one that it is given.

mod run;
mod schedule;
mod status;

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::archive::Archive;
use crate::catalogue::{self, AccessStore, Clock};
use crate::config::MaintenancePlan;
use crate::record::closed_list;
use crate::{backup, verify};

pub use run::Done;
pub use status::{LastRun, TaskStatus};

closed_list! {
    /// Something that is done now and then.
    Task {
        /// 备份
        Backup = "backup", "备份", "Backup", [];
        /// 四性检测
        Verify = "verify", "四性检测", "Check of the four properties", [];
        /// 核对
        Reconcile = "reconcile", "核对", "Reconciliation", [];
    }
}

closed_list! {
    /// How a run ended.
    Ended {
        /// 完成
        Done = "done", "完成", "Done", [];
        /// 发现问题
        Problems = "problems", "完成，发现问题", "Done; something is wrong", [];
        /// 失败
        Failed = "failed", "失败", "Failed", [];
        /// 中断
        Interrupted = "interrupted", "中断", "Interrupted", [];
    }
}

/// Why a task was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The catalogue, the accounts or the data directory.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// The backup.
    #[error(transparent)]
    Backup(#[from] backup::Error),
    /// The check.
    #[error(transparent)]
    Verify(#[from] verify::Error),
    /// The index could not be listed.
    #[error("the index cannot be compared with the catalogue")]
    Index(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another task is being done, here or by another program.
    #[error("another task of maintenance is running (`{path}` is locked)")]
    Busy {
        /// The lock.
        path: PathBuf,
    },
    /// No directory of backups is configured.
    #[error("no directory of backups is configured: [maintenance.backup] to")]
    NotConfigured,
}

/// Keeps an archive. Cheap to clone.
#[derive(Clone)]
pub struct Upkeep(Arc<Inner>);

struct Inner {
    archive: Archive,
    access: AccessStore,
    plan: MaintenancePlan,
    clock: Clock,
    /// When this was made: what has never run is not due before its next time.
    since: jiff::Timestamp,
    running: Mutex<Option<Task>>,
    stop: AtomicBool,
}

impl Upkeep {
    /// Keeps an archive as planned, by a clock.
    pub fn new(archive: Archive, access: AccessStore, plan: MaintenancePlan, clock: Clock) -> Self {
        let since = clock();
        Self(Arc::new(Inner {
            archive,
            access,
            plan,
            clock,
            since,
            running: Mutex::new(None),
            stop: AtomicBool::new(false),
        }))
    }

    /// What is planned.
    pub fn plan(&self) -> &MaintenancePlan {
        &self.0.plan
    }

    /// Asks what runs to end as soon as nothing is lost by it.
    pub fn stop(&self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }

    fn stopping(&self) -> bool {
        self.0.stop.load(Ordering::Relaxed)
    }

    fn running(&self) -> MutexGuard<'_, Option<Task>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seconds since 1970.
    fn seconds(&self) -> i64 {
        (self.0.clock)().as_second()
    }

    /// Keeps all others away that would do something to the archive.
    fn lock(&self) -> Result<File, Error> {
        let path = self.0.archive.directory().root().join("maintenance.lock");
        let io = catalogue::Error::io;
        let opened = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Error::Busy { path }),
            Err(TryLockError::Error(error)) => Err(io("lock", &path)(error).into()),
        }
    }
}
