//! Reading and checking the log.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::AccessStore;
use crate::access::{Action, AuditEntry, ChainFinding, ChainHash, Checkpoint, Outcome, SealedEntry, Verifier};
use crate::catalogue::database::{from_db, to_db};
use crate::catalogue::error::{Fault, Result, Tried};

/// Entries that are read at a time.
const AT_A_TIME: u32 = 1_000;

/// Which entries are wanted; nothing set wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only entries before this place.
    pub before: Option<u64>,
    /// Only what this actor did, by the whole name.
    pub actor: Option<String>,
    /// Only what was done.
    pub action: Option<Action>,
    /// Only how it ended.
    pub outcome: Option<Outcome>,
    /// Only this case, by its public identifier.
    pub case_id: Option<String>,
}

/// What a check of the whole log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Entries that were read.
    pub entries: u64,
    /// Place of the last entry that a valid checkpoint signs.
    pub signed: Option<u64>,
    /// What is wrong.
    pub findings: Vec<ChainFinding>,
}

impl AccessStore {
    /// The latest entries, the latest first, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn audit_entries(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<SealedEntry>> {
        let read = async {
            let mut select = QueryBuilder::<Sqlite>::new("SELECT * FROM audit_log WHERE sequence < ");
            select.push_bind(to_db(filter.before.unwrap_or(u64::MAX)));
            let texts = [
                (" AND actor = ", filter.actor.as_deref()),
                (" AND action = ", filter.action.map(Action::code)),
                (" AND outcome = ", filter.outcome.map(Outcome::code)),
                (" AND case_id = ", filter.case_id.as_deref()),
            ];
            for (condition, value) in texts {
                if let Some(value) = value {
                    select.push(condition);
                    select.push_bind(value);
                }
            }
            select.push(" ORDER BY sequence DESC LIMIT ");
            select.push_bind(i64::from(limit));
            let mut transaction = self.inner.read().await?;
            let rows = select.build().fetch_all(&mut *transaction).await?;
            rows.iter().map(entry_from_row).collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("reading the audit log"))
    }

    /// Goes through the whole log in its order; stops when `each` fails.
    ///
    /// # Errors
    /// When the file cannot be read, or as `each`.
    pub async fn walk_audit<E: From<crate::catalogue::Error>>(
        &self,
        mut each: impl FnMut(&SealedEntry) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        // From below the first place on: an entry put in may have any.
        let mut after = i64::MIN;
        loop {
            let read = async {
                let mut transaction = self.inner.read().await?;
                let rows = sqlx::query("SELECT * FROM audit_log WHERE sequence > $1 ORDER BY sequence LIMIT $2")
                    .bind(after)
                    .bind(i64::from(AT_A_TIME))
                    .fetch_all(&mut *transaction)
                    .await?;
                rows.iter().map(entry_from_row).collect::<Tried<Vec<_>>>()
            };
            let entries = read.await.map_err(self.fault("reading the audit log"))?;
            let Some(last) = entries.last() else { return Ok(()) };
            after = to_db(last.sequence);
            entries.iter().try_for_each(&mut each)?;
        }
    }

    /// Checks the whole log: against itself, the checkpoints in it, and the copies beside the keys. `more` are public keys
    /// that are trusted besides.
    ///
    /// # Errors
    /// When the file or the keys cannot be read.
    pub async fn verify_audit(&self, more: &[String]) -> Result<AuditReport> {
        self.verify_audit_to(more, u64::MAX).await
    }

    /// As [`Self::verify_audit`], of a log that was copied when its last entry was `last`: copies of later checkpoints sign
    /// what is not in it.
    ///
    /// # Errors
    /// When the file or the keys cannot be read.
    pub async fn verify_audit_to(&self, more: &[String], last: u64) -> Result<AuditReport> {
        let mut trusted: Vec<String> = more.to_vec();
        trusted.extend(self.inner.keys.checkpoint_keys()?.iter().map(|key| key.public()));
        let mut checkpoints = self.audit_checkpoints().await?;
        for copy in self.inner.keys.checkpoints()? {
            if copy.sequence <= last && !checkpoints.contains(&copy) {
                checkpoints.push(copy);
            }
        }
        let mut verifier = Verifier::new(checkpoints, &trusted);
        let mut entries = 0;
        self.walk_audit(|entry| {
            entries += 1;
            verifier.entry(entry);
            Ok::<_, crate::catalogue::Error>(())
        })
        .await?;
        Ok(AuditReport {
            entries,
            signed: verifier.last_signed(),
            findings: verifier.finish(),
        })
    }

    /// The checkpoints in the file, in their order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn audit_checkpoints(&self) -> Result<Vec<Checkpoint>> {
        let read = async {
            let mut transaction = self.inner.read().await?;
            let rows = sqlx::query("SELECT * FROM audit_checkpoints ORDER BY checkpoint_key")
                .fetch_all(&mut *transaction)
                .await?;
            rows.iter().map(checkpoint_from_row).collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("reading the checkpoints"))
    }
}

fn checkpoint_from_row(row: &SqliteRow) -> Tried<Checkpoint> {
    Ok(Checkpoint {
        sequence: from_db(row.try_get("sequence")?, "place of a checkpoint")?,
        hash: row.try_get("hash")?,
        at: row.try_get("at")?,
        key: row.try_get("key")?,
        signature: row.try_get("signature")?,
    })
}

/// Names the place of an entry that cannot be read: that is a finding of its own.
fn entry_from_row(row: &SqliteRow) -> Tried<SealedEntry> {
    let sequence: i64 = row.try_get("sequence")?;
    readable_entry(row).map_err(|_| Fault::damaged(format!("entry {sequence} of the audit log")))
}

fn readable_entry(row: &SqliteRow) -> Tried<SealedEntry> {
    let code = |name: &'static str| -> Tried<String> { Ok(row.try_get(name)?) };
    let hash = |name: &'static str| -> Tried<[u8; 32]> {
        let bytes: Vec<u8> = row.try_get(name)?;
        bytes.try_into().map_err(|_| Fault::damaged("hash of an entry"))
    };
    Ok(SealedEntry {
        sequence: from_db(row.try_get("sequence")?, "place of an entry")?,
        hash_kind: ChainHash::parse(&code("hash_kind")?).ok_or_else(|| Fault::damaged("hash function"))?,
        entry: AuditEntry {
            at: row.try_get("at")?,
            actor: row.try_get("actor")?,
            role: row.try_get("role")?,
            action: Action::parse(&code("action")?).ok_or_else(|| Fault::damaged("action of an entry"))?,
            outcome: Outcome::parse(&code("outcome")?).ok_or_else(|| Fault::damaged("outcome of an entry"))?,
            case_id: row.try_get("case_id")?,
            purpose: row.try_get("purpose")?,
            request_id: row.try_get("request_id")?,
            address: row.try_get("address")?,
            details: row.try_get("details")?,
        },
        previous: hash("previous")?,
        hash: hash("hash")?,
    })
}
