//! Which originals were decoded again, page by page, and with what end: whether the archive can still be opened is a question
//! that only who reads the files can answer.

use sqlx::Row;

use super::database::{Catalogue, from_db_u32, now};
use super::error::Result;

/// How the last decoding of an original ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoding {
    /// SHA-256 of the original.
    pub sha256: String,
    /// Program and version that decoded it.
    pub program: String,
    /// When (RFC 3339, UTC); filled in when it is kept.
    pub checked_at: String,
    /// Number of its pages, when it could be opened.
    pub pages: Option<u32>,
    /// The page that could not be decoded.
    pub page: Option<u32>,
    /// Why it, or the page, could not be decoded, by code.
    pub failure_code: Option<String>,
}

impl Catalogue {
    /// Keeps how a decoding ended, in place of an earlier one of the same original.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_decoding(&self, decoding: &Decoding) -> Result<()> {
        let kept = async {
            let mut transaction = self.write().await?;
            sqlx::query(
                "INSERT INTO decodings (sha256, program, checked_at, pages, page, failure_code) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sha256) DO UPDATE SET program = excluded.program, \
                 checked_at = excluded.checked_at, pages = excluded.pages, page = excluded.page, \
                 failure_code = excluded.failure_code",
            )
            .bind(&decoding.sha256)
            .bind(&decoding.program)
            .bind(now())
            .bind(decoding.pages.map(i64::from))
            .bind(decoding.page.map(i64::from))
            .bind(&decoding.failure_code)
            .execute(&mut *transaction)
            .await?;
            Ok(transaction.commit().await?)
        };
        kept.await.map_err(self.fault("keeping how a file was decoded"))
    }

    /// How the last decoding of an original ended; `None` when there was none.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn decoding(&self, sha256: &str) -> Result<Option<Decoding>> {
        let read = async {
            let row = sqlx::query("SELECT * FROM decodings WHERE sha256 = $1")
                .bind(sha256)
                .fetch_optional(self.readers())
                .await?;
            let Some(row) = row else { return Ok(None) };
            let number = |name: &str| row.try_get::<Option<i64>, _>(name);
            let small = |value: Option<i64>| value.map(|n| from_db_u32(n, "page number")).transpose();
            Ok(Some(Decoding {
                sha256: row.try_get("sha256")?,
                program: row.try_get("program")?,
                checked_at: row.try_get("checked_at")?,
                pages: small(number("pages")?)?,
                page: small(number("page")?)?,
                failure_code: row.try_get("failure_code")?,
            }))
        };
        read.await.map_err(self.fault("reading how a file was decoded"))
    }
}
