//! A change of the key: everything is sealed anew under the key in use, some rows at a time, each time in one transaction, so
//! that it can be interrupted and gone on with, and others read and write meanwhile.

use sqlx::Row;

use super::database::{Catalogue, from_db};
use super::error::{Error, Fault, Result, Tried};
use super::keys;
use crate::access::{KeyId, Keyring, SealError};

/// Rows of one transaction.
const AT_A_TIME: i64 = 500;

/// A column with something sealed: its table, the number of its rows, the column, and in SQL what
/// [`super::sealed::Place`] writes.
pub(super) struct SealedColumn {
    pub(super) table: &'static str,
    pub(super) key: &'static str,
    pub(super) column: &'static str,
    pub(super) place: &'static str,
}

/// All sealed columns.
pub(super) const COLUMNS: [SealedColumn; 14] = [
    SealedColumn {
        table: "pages",
        key: "page_key",
        column: "text",
        place: "'page ' || content_id || ' ' || number",
    },
    SealedColumn {
        table: "cases",
        key: "case_key",
        column: "sealed",
        place: "'case ' || archival_code",
    },
    SealedColumn {
        table: "case_facts",
        key: "facts_key",
        column: "sealed",
        place: "'facts ' || case_key || ' ' || source",
    },
    SealedColumn {
        table: "documents",
        key: "document_key",
        column: "sealed",
        place: "'document ' || case_key || ' ' || ordinal",
    },
    SealedColumn {
        table: "document_versions",
        key: "version_key",
        column: "sealed",
        place: "'version ' || case_key || ' ' || occurrence || ' ' || version",
    },
    SealedColumn {
        table: "corrections",
        key: "correction_key",
        column: "sealed",
        place: "'correction ' || case_key || ' ' || number",
    },
    SealedColumn {
        table: "correction_undos",
        key: "undo_key",
        column: "sealed",
        place: "'undo ' || case_key || ' ' || number",
    },
    SealedColumn {
        table: "jobs",
        key: "job_key",
        column: "source",
        place: "'job ' || kind || ' ' || source_id",
    },
    SealedColumn {
        table: "finding_decisions",
        key: "decision_key",
        column: "sealed",
        place: "'finding ' || finding_id || ' ' || number",
    },
    SealedColumn {
        table: "result_sets",
        key: "set_key",
        column: "sealed",
        place: "'result ' || set_id",
    },
    SealedColumn {
        table: "result_set_lists",
        key: "set_key",
        column: "sealed",
        place: "'list ' || set_id",
    },
    SealedColumn {
        table: "uploads",
        key: "upload_key",
        column: "sealed",
        place: "'upload ' || upload_id",
    },
    SealedColumn {
        table: "upload_files",
        key: "file_key",
        column: "sealed",
        place: "'upload file ' || upload_key || ' ' || number",
    },
    SealedColumn {
        table: "upload_reports",
        key: "upload_key",
        column: "sealed",
        place: "'upload report ' || upload_key",
    },
];

/// The one table with two sealed columns.
pub(super) const JOB_REASONS: SealedColumn = SealedColumn {
    table: "jobs",
    key: "job_key",
    column: "reason",
    place: "'reason ' || job_key",
};

/// What [`Catalogue::reseal`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Rows that were sealed anew.
    pub rows: u64,
    /// Whether everything is sealed under the key in use.
    pub finished: bool,
}

/// How much is sealed under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// Name of the key.
    pub id: KeyId,
    /// Whether it is the one under which is sealed now.
    pub in_use: bool,
    /// Rows sealed under it.
    pub rows: u64,
}

impl Catalogue {
    /// Seals everything under the key in use that is sealed under another. `seen` is told after each transaction how many
    /// rows were sealed so far, and says whether to go on.
    ///
    /// # Errors
    /// When the keys or the database fail; what was done so far stays.
    pub async fn reseal(&self, seen: impl FnMut(u64) -> bool) -> Result<Resealed> {
        self.reseal_by(AT_A_TIME, seen).await
    }

    /// As [`Self::reseal`], with so many rows in a transaction.
    pub(super) async fn reseal_by(&self, limit: i64, mut seen: impl FnMut(u64) -> bool) -> Result<Resealed> {
        let resealed = async {
            let mut rows = 0;
            // Whoever opens the archive from now on needs both keys.
            let mut transaction = self.write().await?;
            let mut used = keys::used(&mut transaction).await?;
            let current = self.ring().current();
            if !used.contains(&current) {
                used.push(current);
                keys::set_used(&mut transaction, &used).await?;
            }
            transaction.commit().await?;
            self.secrets().ids.keep(self.writer(), self.ring()).await?;
            for column in COLUMNS.iter().chain([&JOB_REASONS]) {
                let mut last = Some(i64::MIN);
                while let Some(after) = last {
                    let (done, next) = self.reseal_some(column, current, (after, limit)).await?;
                    rows += done;
                    last = next;
                    if done > 0 && !seen(rows) {
                        return Ok(Resealed { rows, finished: false });
                    }
                }
            }
            let mut transaction = self.write().await?;
            keys::set_used(&mut transaction, &[current]).await?;
            transaction.commit().await?;
            Ok(Resealed { rows, finished: true })
        };
        resealed.await.map_err(self.fault("sealing it with another key"))
    }

    /// Seals rows of one column anew; gives how many and the last row looked at, `None` at the end.
    async fn reseal_some(
        &self,
        column: &SealedColumn,
        current: KeyId,
        (after, limit): (i64, i64),
    ) -> Tried<(u64, Option<i64>)> {
        let SealedColumn {
            table,
            key,
            column,
            place,
        } = column;
        let mut transaction = self.write().await?;
        let select = format!(
            "SELECT {key} AS row_key, {place} AS place, {column} AS sealed FROM {table} \
             WHERE {key} > $1 AND {column} IS NOT NULL AND substr({column}, 1, 5) <> $2 ORDER BY {key} LIMIT $3"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(after)
            .bind(current.head().to_vec())
            .bind(limit)
            .fetch_all(&mut *transaction)
            .await?;
        let update = format!("UPDATE {table} SET {column} = $2 WHERE {key} = $1");
        let mut last = None;
        for row in &rows {
            let row_key: i64 = row.try_get("row_key")?;
            let place: String = row.try_get("place")?;
            let sealed: Vec<u8> = row.try_get("sealed")?;
            let fault = |error: SealError| match error {
                SealError::Key(error) => Fault::from(Error::Keys(error)),
                SealError::Damaged | SealError::Unsealable => Fault::damaged(format!("value in `{table}`")),
            };
            let plain = self.ring().open_sealed(&place, &sealed).map_err(fault)?;
            sqlx::query(sqlx::AssertSqlSafe(update.as_str()))
                .bind(row_key)
                .bind(self.ring().seal(&place, &plain).map_err(fault)?)
                .execute(&mut *transaction)
                .await?;
            last = Some(row_key);
        }
        transaction.commit().await?;
        Ok((rows.len() as u64, last))
    }

    /// The keys of the archive.
    pub fn keyring(&self) -> &Keyring {
        self.ring()
    }

    /// The key for keyed hashes of numbers, and the name of the key of the archive that it belongs to: the one in use.
    ///
    /// # Errors
    /// When the keys fail.
    pub fn lookup_key(&self) -> Result<(KeyId, [u8; 32])> {
        let ring = self.ring();
        ring.refresh()?;
        let current = ring.current();
        Ok((current, ring.lookup_key(current)?))
    }

    /// How much is sealed under each key of the file, and under keys besides.
    ///
    /// # Errors
    /// When the keys or the database fail.
    pub async fn key_uses(&self) -> Result<Vec<KeyUse>> {
        let counted = async {
            self.ring().refresh().map_err(Error::from)?;
            let current = self.ring().current();
            let ids = self.ring().ids().into_iter();
            let mut uses: Vec<KeyUse> = ids
                .map(|id| KeyUse {
                    id,
                    in_use: id == current,
                    rows: 0,
                })
                .collect();
            let mut transaction = self.read().await?;
            for SealedColumn { table, column, .. } in COLUMNS.iter().chain([&JOB_REASONS]) {
                let select = format!(
                    "SELECT substr({column}, 1, 5) AS head, COUNT(*) AS count FROM {table} \
                     WHERE {column} IS NOT NULL GROUP BY head"
                );
                for row in sqlx::query(sqlx::AssertSqlSafe(select))
                    .fetch_all(&mut *transaction)
                    .await?
                {
                    let head: Vec<u8> = row.try_get("head")?;
                    let count = from_db(row.try_get("count")?, "count")?;
                    let Some(id) = KeyId::of_sealed(&head) else {
                        return Err(Fault::damaged(format!("value in `{table}`")));
                    };
                    match uses.iter_mut().find(|known| known.id == id) {
                        Some(known) => known.rows += count,
                        None => uses.push(KeyUse {
                            id,
                            in_use: false,
                            rows: count,
                        }),
                    }
                }
            }
            Ok(uses)
        };
        counted.await.map_err(self.fault("counting what is sealed"))
    }
}
