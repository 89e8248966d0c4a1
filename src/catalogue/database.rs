//! Opening the catalogue; its connections.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, QueryBuilder, Sqlite, Transaction};

use super::DataDirectory;
use super::error::{Error, Fault, Result, Tried};
use super::migrate;
use super::public_id::IdSecret;
use super::sealed::Secrets;
use super::{keys, owners, upgrade};
use crate::access::Keyring;

/// How long a connection waits for another process's write before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);
/// Pause before an opening that was in the way of another is tried again.
const BUSY_PAUSE: Duration = Duration::from_millis(20);
/// How long a task waits for a free connection of its own process.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
/// Memory of the writing connection for pages of the file, in KiB, negative as SQLite wants it: imports write all over the
/// file, since texts are kept by their hash.
const WRITER_CACHE: &str = "-65536";
/// Pages of 4 KiB that the write-ahead log holds before they are written into the file: an import writes the same pages again
/// and again.
const LOG_PAGES: &str = "16384";
/// Reading connections of one process.
const READERS: u32 = 4;

/// The catalogue of an archive. Cheap to clone; all clones share their connections.
#[derive(Clone, Debug)]
pub struct Catalogue {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    writer: SqlitePool,
    readers: SqlitePool,
    secrets: Secrets,
}

impl Catalogue {
    /// Opens the catalogue of a data directory, makes it when it is missing, and brings it to this program's version: one in
    /// clear is sealed, which takes a while and goes on where it was interrupted.
    ///
    /// # Errors
    /// When the file or its keys cannot be used, when it is damaged, belongs to another program or to a newer version of
    /// this one.
    pub async fn open(directory: &DataDirectory) -> Result<Self> {
        let path = directory.catalogue_path();
        Self::open_file(&path, &directory.keys())
            .await
            .map_err(|fault| fault.named(&path, "opening it"))
    }

    async fn open_file(path: &Path, keys: &Path) -> Tried<Self> {
        let options = connect_options(path);
        // Setting the journal mode on the writing connection is enough: it is a property of the file.
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("cache_size", WRITER_CACHE)
            // What is deleted is overwritten, not only given free.
            .pragma("wal_autocheckpoint", LOG_PAGES)
            .pragma("secure_delete", "1")
            .synchronous(SqliteSynchronous::Full);
        let writer = connect_writer(writing).await?;
        migrate::bring_up_to(migrate::SEALED, &writer, path, &migrate::CATALOGUE).await?;
        let ring = keys::open(&writer, keys).await?;
        let secrets = Secrets {
            ids: IdSecret::load_or_make(&writer, &ring).await?,
            ring,
        };
        upgrade::seal_all(&writer, path, &secrets).await?;
        owners::fill(&writer, &secrets).await?;
        let readers = connect_readers(options).await?;
        let inner = Inner {
            path: path.to_owned(),
            writer,
            readers,
            secrets,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The file of the catalogue.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Waits for running statements and closes all connections. Other clones are useless afterwards.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    pub(super) fn secrets(&self) -> &Secrets {
        &self.inner.secrets
    }

    pub(super) fn ring(&self) -> &Keyring {
        &self.inner.secrets.ring
    }

    pub(super) fn writer(&self) -> &SqlitePool {
        &self.inner.writer
    }

    /// A transaction that holds the write lock from its start, so that it cannot fail half-way for want of it. Whoever
    /// changes the key adds it before the first transaction under it, so that what is written from then on is under it.
    pub(super) async fn write(&self) -> Tried<Transaction<'static, Sqlite>> {
        let transaction = self.inner.writer.begin_with("BEGIN IMMEDIATE").await?;
        self.ring().refresh().map_err(Error::from)?;
        Ok(transaction)
    }

    /// A transaction that reads one state of the catalogue, whatever others write meanwhile.
    pub(super) async fn read(&self) -> Tried<Transaction<'static, Sqlite>> {
        Ok(self.inner.readers.begin().await?)
    }

    /// For what one statement reads, which sees one state anyway.
    pub(super) fn readers(&self) -> &SqlitePool {
        &self.inner.readers
    }

    /// For `map_err`: names this catalogue and what was being done.
    pub(super) fn fault(&self, doing: &'static str) -> impl FnOnce(Fault) -> Error {
        move |fault| fault.named(&self.inner.path, doing)
    }
}

/// What all connections to a file of ours have in common.
pub(super) fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
}

/// The pool of the reading connections.
pub(super) async fn connect_readers(options: SqliteConnectOptions) -> Tried<SqlitePool> {
    let pool = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A file does not hang up: to ask each time takes as long as a statement.
        .test_before_acquire(false);
    Ok(pool
        .connect_with(options.create_if_missing(false).pragma("query_only", "1"))
        .await?)
}

/// The pool of the one writing connection. Where two programs make the same new catalogue, SQLite refuses one of them the
/// change of the journal mode at once, whatever its busy timeout: it is tried again for as long as that.
pub(super) async fn connect_writer(options: SqliteConnectOptions) -> Tried<SqlitePool> {
    let started = Instant::now();
    loop {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT);
        match pool.connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && started.elapsed() < BUSY_TIMEOUT => tokio::time::sleep(BUSY_PAUSE).await,
            done => return Ok(done?),
        }
    }
}

/// Whether another connection stands in the way (`SQLITE_BUSY`, with or without an extension).
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<i32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}

/// One connection inside a transaction, as the statements of this module take it.
pub(super) type Connection = SqliteConnection;

/// Number for the database. Everything counted here is far below 2⁶³; a larger value is kept at that bound, where no
/// row is, so that it finds nothing rather than something else.
pub(super) fn to_db(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Number from the database.
pub(super) fn from_db(value: i64, what: &str) -> Tried<u64> {
    u64::try_from(value).map_err(|_| Fault::damaged(what))
}

/// Small number from the database.
pub(super) fn from_db_u32(value: i64, what: &str) -> Tried<u32> {
    u32::try_from(value).map_err(|_| Fault::damaged(what))
}

/// The present time as it is stored.
pub(super) fn now() -> String {
    jiff::Timestamp::now().to_string()
}

/// The rows of `start IN (keys) order`; none when there are no keys.
pub(super) async fn select_of(
    start: &str,
    order: &str,
    keys: &[i64],
    connection: &mut Connection,
) -> Tried<Vec<SqliteRow>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = QueryBuilder::<Sqlite>::new(start);
    select.push(" IN (");
    let mut list = select.separated(", ");
    for key in keys {
        list.push_bind(*key);
    }
    select.push(") ").push(order);
    Ok(select.build().fetch_all(connection).await?)
}
