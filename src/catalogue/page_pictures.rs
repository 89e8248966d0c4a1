//! How page images look, in few bits: made by the indexer beside the images, compared by findings.

use sqlx::Row;

use super::database::{Catalogue, from_db, from_db_u32};
use super::directory::check_hash;
use super::error::{Fault, Result, Tried};

/// Bytes of a picture.
const BYTES: usize = 32;

/// How a page looks: 256 bits, of which those of another scan of the same sheet differ in few.
pub type Picture = [u8; BYTES];

/// A page as a case shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PicturedPage {
    /// SHA-256 of the file.
    pub content_id: String,
    /// Number in the file, from 1.
    pub number: u32,
    /// The case.
    pub case_key: u64,
    /// How it looks.
    pub picture: Picture,
}

impl Catalogue {
    /// Keeps how a page looks, in place of what was kept before.
    ///
    /// # Errors
    /// [`super::Error::NotAHash`], or a failure of the database.
    pub async fn keep_picture(&self, sha256: &str, number: u32, picture: &Picture) -> Result<()> {
        check_hash(sha256)?;
        let kept = async {
            let mut transaction = self.write().await?;
            sqlx::query(
                "INSERT INTO page_pictures (content_id, number, bits) VALUES ($1, $2, $3) \
                 ON CONFLICT (content_id, number) DO UPDATE SET bits = excluded.bits",
            )
            .bind(sha256)
            .bind(i64::from(number))
            .bind(picture.as_slice())
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(())
        };
        kept.await.map_err(self.fault("keeping how a page looks"))
    }

    /// All pages whose looks are kept, with each case that shows them, in the order of files and pages.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn pictured_pages(&self) -> Result<Vec<PicturedPage>> {
        let read = async {
            let mut transaction = self.read().await?;
            let rows = sqlx::query(
                "SELECT p.content_id, p.number, d.case_key, p.bits FROM page_pictures p \
                 JOIN documents d ON d.content_id = p.content_id AND p.number >= d.first_page \
                 AND p.number < d.first_page + d.page_count ORDER BY p.content_id, p.number, d.case_key",
            )
            .fetch_all(&mut *transaction)
            .await?;
            rows.iter()
                .map(|row| {
                    let bits: Vec<u8> = row.try_get(3)?;
                    Ok(PicturedPage {
                        content_id: row.try_get(0)?,
                        number: from_db_u32(row.try_get(1)?, "page number")?,
                        case_key: from_db(row.try_get(2)?, "case key")?,
                        picture: bits.try_into().map_err(|_| Fault::damaged("picture of a page"))?,
                    })
                })
                .collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("reading how pages look"))
    }
}
