//! The audit log on disk.
//!
//! Entries are written by one task: all that wait are sealed one behind the other and committed together, so that a hundred
//! searches at the same time wait for one turn of the disk, not for a hundred. Whoever waits is told only after that.

mod read;

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use tokio::sync::{mpsc, oneshot};

use super::{AccessStore, Inner, day_of};
use crate::access::{AuditEntry, Checkpoint};
use crate::catalogue::database::{Connection, from_db, to_db};
use crate::catalogue::error::{Error, Fault, Result, Tried};

pub use read::{AuditFilter, AuditReport};

/// Requests that may wait for the log; more are held up.
const WAITING: usize = 1_024;
/// Most entries of one commit.
const TOGETHER: usize = 256;
/// Entries after which a checkpoint is made, also within a day.
const BETWEEN_CHECKPOINTS: u64 = 1_000;

/// Entries and who waits for them.
pub(super) struct Waiting {
    entries: Vec<AuditEntry>,
    written: oneshot::Sender<bool>,
}

/// Starts the task that writes; it ends when nobody can ask it any more.
pub(super) fn start(inner: Arc<Inner>) -> mpsc::Sender<Waiting> {
    let (sender, mut receiver) = mpsc::channel::<Waiting>(WAITING);
    tokio::spawn(async move {
        let mut waiting = Vec::new();
        while receiver.recv_many(&mut waiting, TOGETHER).await > 0 {
            let entries = waiting.iter().flat_map(|waiting| waiting.entries.iter().cloned());
            let written = inner.append_alone(entries.collect()).await;
            if let Err(fault) = &written {
                tracing::error!(?fault, "the audit log could not be written");
            }
            for waiting in waiting.drain(..) {
                // Who does not wait any more gets no answer either.
                let _ = waiting.written.send(written.is_ok());
            }
        }
    });
    sender
}

impl AccessStore {
    /// Writes an entry; it is on disk when this returns.
    ///
    /// # Errors
    /// [`Error::AuditLog`]: then what it tells of must not be answered.
    pub async fn record(&self, entry: AuditEntry) -> Result<()> {
        let (written, told) = oneshot::channel();
        let waiting = Waiting {
            entries: vec![entry],
            written,
        };
        self.log.send(waiting).await.map_err(|_| Error::AuditLog)?;
        match told.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Error::AuditLog),
        }
    }

    /// Signs the end of the log, unless it is signed already.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn checkpoint(&self) -> Result<()> {
        let made = async {
            let mut transaction = self.inner.write().await?;
            let (sequence, hash) = head(&mut transaction).await?;
            let last = last_checkpoint(&mut transaction).await?;
            if sequence == 0 || last.is_some_and(|(signed, _)| signed == sequence) {
                return Ok(());
            }
            let checkpoint = self.inner.sign(&mut transaction, sequence, hash).await?;
            self.inner.commit(transaction, Some(checkpoint)).await
        };
        made.await.map_err(self.fault("signing the audit log"))
    }
}

impl Inner {
    async fn append_alone(&self, entries: Vec<AuditEntry>) -> Tried<()> {
        let mut transaction = self.write().await?;
        let made = self.append(&mut transaction, entries).await?;
        self.commit(transaction, made).await
    }

    /// Puts entries behind the last one, in a transaction that holds the write lock; the checkpoint that is due.
    pub(super) async fn append(
        &self,
        connection: &mut Connection,
        entries: Vec<AuditEntry>,
    ) -> Tried<Option<Checkpoint>> {
        let (mut sequence, mut previous) = head(connection).await?;
        let now = self.now();
        for mut entry in entries {
            entry.at = now.to_string();
            let sealed = entry.seal(self.hash, sequence + 1, previous);
            (sequence, previous) = (sealed.sequence, sealed.hash);
            let entry = &sealed.entry;
            sqlx::query(
                "INSERT INTO audit_log (sequence, hash_kind, at, actor, role, action, outcome, case_id, purpose, \
                 request_id, address, details, previous, hash) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            )
            .bind(to_db(sealed.sequence))
            .bind(sealed.hash_kind.code())
            .bind(&entry.at)
            .bind(&entry.actor)
            .bind(&entry.role)
            .bind(entry.action.code())
            .bind(entry.outcome.code())
            .bind(&entry.case_id)
            .bind(&entry.purpose)
            .bind(&entry.request_id)
            .bind(&entry.address)
            .bind(&entry.details)
            .bind(sealed.previous.as_slice())
            .bind(sealed.hash.as_slice())
            .execute(&mut *connection)
            .await?;
        }
        let last = last_checkpoint(connection).await?;
        let due = last.is_none_or(|(signed, at)| {
            day_of(at) != day_of(now) || sequence.saturating_sub(signed) >= BETWEEN_CHECKPOINTS
        });
        match due && sequence > 0 {
            true => self.sign(connection, sequence, previous).await.map(Some),
            false => Ok(None),
        }
    }

    async fn sign(&self, connection: &mut Connection, sequence: u64, hash: [u8; 32]) -> Tried<Checkpoint> {
        let checkpoint = self.signing.sign(sequence, hash, self.now().to_string());
        sqlx::query("INSERT INTO audit_checkpoints (sequence, hash, at, key, signature) VALUES ($1, $2, $3, $4, $5)")
            .bind(to_db(checkpoint.sequence))
            .bind(&checkpoint.hash)
            .bind(&checkpoint.at)
            .bind(&checkpoint.key)
            .bind(&checkpoint.signature)
            .execute(connection)
            .await?;
        Ok(checkpoint)
    }
}

/// Place and hash of the last entry; zeros when there is none.
async fn head(connection: &mut Connection) -> Tried<(u64, [u8; 32])> {
    let row = sqlx::query("SELECT sequence, hash FROM audit_log ORDER BY sequence DESC LIMIT 1")
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok((0, [0; 32])) };
    let hash: Vec<u8> = row.try_get("hash")?;
    let hash = hash.try_into().map_err(|_| Fault::damaged("hash of an entry"))?;
    Ok((from_db(row.try_get("sequence")?, "place of an entry")?, hash))
}

/// Place and time of the last checkpoint.
async fn last_checkpoint(connection: &mut Connection) -> Tried<Option<(u64, Timestamp)>> {
    let row = sqlx::query("SELECT sequence, at FROM audit_checkpoints ORDER BY checkpoint_key DESC LIMIT 1")
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let at: String = row.try_get("at")?;
    let at = at.parse().map_err(|_| Fault::damaged("time of a checkpoint"))?;
    Ok(Some((from_db(row.try_get("sequence")?, "place of a checkpoint")?, at)))
}
