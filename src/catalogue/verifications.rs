//! Checks of the whole archive (四性检测) as they are kept: how far each has come, what it counted and found.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::database::{Catalogue, from_db, now, to_db};
use super::error::{Fault, Result, Tried};

/// Checks that are kept, with what they found.
const KEPT: i64 = 50;

/// A check of the whole archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationRow {
    /// Its number.
    pub key: u64,
    /// Code of how deep it looks.
    pub depth: String,
    /// Code of what it is at.
    pub phase: String,
    /// The last thing of the phase that was looked at.
    pub after: String,
    /// What was counted, as JSON.
    pub tallies: String,
    /// When it began (RFC 3339, UTC).
    pub started_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
}

/// Something that a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerificationFinding {
    /// Code of the item.
    pub item: String,
    /// Code of what is wrong.
    pub code: String,
    /// Key of the case.
    pub case_key: Option<u64>,
    /// The file, below the data directory, or another place; nothing of people.
    pub place: Option<String>,
    /// Figures and names of fields that belong to it.
    pub detail: Option<String>,
}

impl Catalogue {
    /// Begins a check.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_verification(&self, depth: &str, phase: &str) -> Result<VerificationRow> {
        let begun = async {
            let mut transaction = self.write().await?;
            let row = sqlx::query(
                "INSERT INTO verifications (depth, phase, after, tallies, started_at) VALUES ($1, $2, '', '{}', $3) \
                 RETURNING *",
            )
            .bind(depth)
            .bind(phase)
            .bind(now())
            .fetch_one(&mut *transaction)
            .await?;
            let begun = row_from(&row)?;
            for table in ["verification_findings", "verifications"] {
                let delete = format!(
                    "DELETE FROM {table} WHERE verification_key NOT IN \
                     (SELECT verification_key FROM verifications ORDER BY verification_key DESC LIMIT $1)"
                );
                sqlx::query(sqlx::AssertSqlSafe(delete))
                    .bind(KEPT)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
            Ok(begun)
        };
        begun.await.map_err(self.fault("beginning a check"))
    }

    /// Keeps how far a check has come together with what it found on the way: after a crash it goes on from here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_verification(&self, row: &VerificationRow, findings: &[VerificationFinding]) -> Result<()> {
        let kept = async {
            let mut transaction = self.write().await?;
            for finding in findings {
                sqlx::query(
                    "INSERT INTO verification_findings (verification_key, item, code, case_key, place, detail) \
                     VALUES ($1, $2, $3, $4, $5, $6)",
                )
                .bind(to_db(row.key))
                .bind(&finding.item)
                .bind(&finding.code)
                .bind(finding.case_key.map(to_db))
                .bind(&finding.place)
                .bind(&finding.detail)
                .execute(&mut *transaction)
                .await?;
            }
            sqlx::query(
                "UPDATE verifications SET phase = $2, after = $3, tallies = $4, ended_at = $5 WHERE verification_key = $1",
            )
            .bind(to_db(row.key))
            .bind(&row.phase)
            .bind(&row.after)
            .bind(&row.tallies)
            .bind(&row.ended_at)
            .execute(&mut *transaction)
            .await?;
            Ok(transaction.commit().await?)
        };
        kept.await.map_err(self.fault("keeping a check"))
    }

    /// The last check; with `ended` the last that was ended.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn last_verification(&self, ended: bool) -> Result<Option<VerificationRow>> {
        let read = async {
            let select = match ended {
                true => "SELECT * FROM verifications WHERE ended_at IS NOT NULL ORDER BY verification_key DESC LIMIT 1",
                false => "SELECT * FROM verifications ORDER BY verification_key DESC LIMIT 1",
            };
            let row = sqlx::query(select).fetch_optional(self.readers()).await?;
            row.as_ref().map(row_from).transpose()
        };
        read.await.map_err(self.fault("reading a check"))
    }

    /// What a check found about an item, at most `limit`, in the order in which it was found.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn verification_findings(&self, key: u64, item: &str, limit: u32) -> Result<Vec<VerificationFinding>> {
        let read = async {
            let rows = sqlx::query(
                "SELECT * FROM verification_findings WHERE verification_key = $1 AND item = $2 ORDER BY finding_key LIMIT $3",
            )
            .bind(to_db(key))
            .bind(item)
            .bind(i64::from(limit))
            .fetch_all(self.readers())
            .await?;
            rows.iter().map(finding_from).collect::<Tried<_>>()
        };
        read.await.map_err(self.fault("reading what a check found"))
    }

    /// Cases in whose documents, or earlier versions of them, a file stands, by their keys; at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cases_of_file(&self, sha256: &str, limit: u32) -> Result<Vec<u64>> {
        let read = async {
            let keys: Vec<i64> = sqlx::query_scalar(
                "SELECT case_key FROM documents WHERE content_id = $1 \
                 UNION SELECT case_key FROM document_versions WHERE file_sha256 = $1 ORDER BY case_key LIMIT $2",
            )
            .bind(sha256)
            .bind(i64::from(limit))
            .fetch_all(self.readers())
            .await?;
            keys.into_iter()
                .map(|key| from_db(key, "case key"))
                .collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("looking for the cases of a file"))
    }

    /// Archival codes of cases.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn archival_code(&self, case_key: u64) -> Result<Option<String>> {
        let read = async {
            let code = sqlx::query_scalar("SELECT archival_code FROM cases WHERE case_key = $1").bind(to_db(case_key));
            Ok(code.fetch_optional(self.readers()).await?)
        };
        read.await.map_err(self.fault("reading an archival code"))
    }
}

fn row_from(row: &SqliteRow) -> Tried<VerificationRow> {
    Ok(VerificationRow {
        key: from_db(row.try_get("verification_key")?, "number of a check")?,
        depth: row.try_get("depth")?,
        phase: row.try_get("phase")?,
        after: row.try_get("after")?,
        tallies: row.try_get("tallies")?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
    })
}

fn finding_from(row: &SqliteRow) -> Tried<VerificationFinding> {
    let case_key: Option<i64> = row.try_get("case_key").map_err(Fault::from)?;
    Ok(VerificationFinding {
        item: row.try_get("item")?,
        code: row.try_get("code")?,
        case_key: case_key.map(|key| from_db(key, "case key")).transpose()?,
        place: row.try_get("place")?,
        detail: row.try_get("detail")?,
    })
}
