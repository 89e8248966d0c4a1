//! Accounts, sessions, tokens and the audit log, in `access.db`.
//!
//! A file of its own: the log is written with every answer and must not wait for an import that holds the catalogue; and
//! what is done to an account goes into the log in the same transaction.

mod accesses;
mod attempts;
mod audit;
mod citizens;
mod codes;
mod copies;
mod people;
mod refusal;
mod rows;
mod seals;
mod sessions;
mod tokens;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use sqlx::sqlite::{SqlitePool, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};
use tokio::sync::{Semaphore, mpsc};

use super::DataDirectory;
use super::database::{connect_options, connect_readers, connect_writer};
use super::error::{Error, Fault, Result, Tried};
use super::migrate;
use crate::access::{ChainHash, Checkpoint, CheckpointKey, KeyDirectory, Keyring};
use crate::record::CivilDate;

pub use accesses::{CaseAccess, Visitor};
pub use audit::{AuditFilter, AuditReport};
pub use citizens::CodeClaim;
pub use codes::{CodeState, CodeSummary, IssuedCode, NewCode};
pub use copies::CertifiedCopy;
pub use people::{Account, FirstAdministrator};
pub use refusal::AccessRefusal;
pub(in crate::catalogue) use seals::keys_needed;
pub use sessions::SignIn;
pub use tokens::{NewToken, TokenSummary};

/// Passwords that are checked at the same time: each takes 19 MiB and a core.
const PASSWORDS_AT_ONCE: usize = 2;
/// Hours that Chinese time is ahead of UTC.
const CHINESE_TIME: i8 = 8;

/// Tells the time; tests have one that stands still.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How the file is used.
#[derive(Clone, Debug)]
pub struct AccessOptions {
    /// Where the keys are.
    pub keys: KeyDirectory,
    /// The hash function of new entries of the log.
    pub hash: ChainHash,
}

/// Accounts, sessions, tokens and the audit log. Cheap to clone.
#[derive(Clone)]
pub struct AccessStore {
    inner: Arc<Inner>,
    log: mpsc::Sender<audit::Waiting>,
}

struct Inner {
    path: PathBuf,
    writer: SqlitePool,
    readers: SqlitePool,
    keys: KeyDirectory,
    signing: CheckpointKey,
    hash: ChainHash,
    clock: Clock,
    passwords: Semaphore,
    /// Logins that are looked at: who waits here is counted before the next one is.
    sign_ins: Semaphore,
    /// The same for citizens.
    citizens: Semaphore,
    /// Password hashes that were computed.
    password_runs: AtomicU64,
    /// The keys of the archive, once they were needed.
    ring: OnceLock<Keyring>,
}

impl std::fmt::Debug for AccessStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccessStore({})", self.inner.path.display())
    }
}

impl AccessStore {
    /// Opens the file of a data directory and makes it when it is missing, and the keys, too.
    ///
    /// # Errors
    /// When the file or the keys cannot be used.
    pub async fn open(directory: &DataDirectory, options: AccessOptions) -> Result<Self> {
        Self::open_at(directory, options, Arc::new(Timestamp::now)).await
    }

    /// As [`Self::open`], with another clock.
    ///
    /// # Errors
    /// When the file or the keys cannot be used.
    pub async fn open_at(directory: &DataDirectory, options: AccessOptions, clock: Clock) -> Result<Self> {
        let path = directory.access_path();
        let keys = options.keys.checkpoint_keys()?;
        let signing = keys.last().cloned().ok_or(Error::AuditLog)?;
        let connected = async {
            // Each commit reaches the disk before an answer goes out; entries that wait share one.
            let common = connect_options(&path);
            let writing = common
                .clone()
                .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            let writer = connect_writer(writing).await?;
            migrate::bring_up_to_date(&writer, &path, &migrate::ACCESS).await?;
            Ok((writer, connect_readers(common).await?))
        };
        let (writer, readers) = connected
            .await
            .map_err(|fault: Fault| fault.named(&path, "opening it"))?;
        let inner = Arc::new(Inner {
            path,
            writer,
            readers,
            keys: options.keys,
            signing,
            hash: options.hash,
            clock,
            passwords: Semaphore::new(PASSWORDS_AT_ONCE),
            sign_ins: Semaphore::new(PASSWORDS_AT_ONCE),
            citizens: Semaphore::new(1),
            password_runs: AtomicU64::new(0),
            ring: OnceLock::new(),
        });
        let log = audit::start(Arc::clone(&inner));
        Ok(Self { inner, log })
    }

    /// Signs the end of the log and closes all connections. Other clones are useless afterwards.
    pub async fn close(&self) {
        if let Err(error) = self.checkpoint().await {
            tracing::error!(%error, "the end of the audit log could not be signed");
        }
        self.close_unsigned().await;
    }

    /// Closes all connections and signs nothing: for a copy that must stay as it is.
    pub async fn close_unsigned(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    /// The file of the accounts and the audit log.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    pub(in crate::catalogue) fn readers(&self) -> &SqlitePool {
        &self.inner.readers
    }

    /// The present time, as the log tells it.
    pub fn now(&self) -> Timestamp {
        self.inner.now()
    }

    /// Closes the writing connection only, as if the disk were full: for tests of what happens then.
    #[doc(hidden)]
    pub async fn close_log(&self) {
        self.inner.writer.close().await;
    }

    /// The present day in Chinese time: rights end with a day.
    pub fn today(&self) -> CivilDate {
        self.inner.today()
    }

    /// Where the keys are.
    pub fn keys(&self) -> &KeyDirectory {
        &self.inner.keys
    }

    pub(in crate::catalogue) fn fault(&self, doing: &'static str) -> impl FnOnce(Fault) -> Error {
        move |fault| fault.named(&self.inner.path, doing)
    }
}

impl Inner {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Seconds since 1970.
    fn seconds(&self) -> i64 {
        self.now().as_second()
    }

    fn today(&self) -> CivilDate {
        day_of(self.now())
    }

    async fn write(&self) -> Tried<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    async fn read(&self) -> Tried<Transaction<'static, Sqlite>> {
        Ok(self.readers.begin().await?)
    }

    /// Ends a transaction in which entries were appended, and keeps a copy of the checkpoint that it made. That the copy
    /// cannot be written is told and stops nothing: the checkpoint is in the file, too.
    async fn commit(&self, transaction: Transaction<'static, Sqlite>, made: Option<Checkpoint>) -> Tried<()> {
        transaction.commit().await?;
        if let Some(checkpoint) = made
            && let Err(error) = self.keys.keep_checkpoint(&checkpoint)
        {
            tracing::error!(%error, "the copy of a checkpoint of the audit log could not be written");
        }
        Ok(())
    }
}

/// The day in Chinese time.
fn day_of(time: Timestamp) -> CivilDate {
    let local = TimeZone::fixed(Offset::constant(CHINESE_TIME)).to_datetime(time);
    let part = |value: i8| u32::try_from(value).unwrap_or(1);
    let year = u32::try_from(local.year()).unwrap_or_default();
    // A clock outside of 1900 to 2199 is broken: on such a day nothing is allowed that ends.
    let far = CivilDate::new(2199, 12, 31);
    let date = CivilDate::new(year, part(local.month()), part(local.day())).or(far);
    date.unwrap_or_else(|| unreachable!("the last day of 2199 is a date"))
}

#[cfg(test)]
mod tests;
