//! What is sealed in the file of the accounts: names and numbers of citizens.

use sqlx::Row;
use sqlx::sqlite::SqlitePool;

use super::{AccessStore, citizens, codes};
use crate::access::KeyId;
use crate::catalogue::error::{Fault, Result, Tried};
use crate::catalogue::seal_check::Seals;

/// A table with a sealed column: its name, what names a row, and the place that a row is sealed for.
type SealedTable = (&'static str, &'static str, fn(&str) -> String);

const TABLES: [SealedTable; 2] = [
    ("access_codes", "public_id", codes::place),
    ("citizen_sessions", "secret_hash", citizens::place),
];

impl AccessStore {
    /// Opens everything that is sealed in the file, as [`crate::catalogue::Catalogue::check_seals`] does in the catalogue.
    ///
    /// # Errors
    /// When the file or the key file cannot be read.
    pub async fn check_seals(&self) -> Result<Seals> {
        let looked = async {
            let mut seals = Seals::default();
            let ring = self.ring()?;
            for (table, key, place) in TABLES {
                let select = format!("SELECT {key} AS row_name, sealed FROM {table} ORDER BY {key}");
                let rows = sqlx::query(sqlx::AssertSqlSafe(select))
                    .fetch_all(self.readers())
                    .await?;
                for row in &rows {
                    let sealed: Vec<u8> = row.try_get("sealed")?;
                    seals.look(ring, &place(row.try_get("row_name")?), &sealed);
                }
            }
            Ok(seals)
        };
        looked.await.map_err(self.fault("opening what is sealed"))
    }
}

/// The keys under which something is sealed in a copy of the file, of whatever version it is.
pub(in crate::catalogue) async fn keys_needed(pool: &SqlitePool) -> Tried<Vec<KeyId>> {
    let mut needed = Vec::new();
    for (table, ..) in TABLES {
        let is_there = sqlx::query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1");
        if is_there.bind(table).fetch_optional(pool).await?.is_none() {
            continue;
        }
        let select = format!("SELECT DISTINCT substr(sealed, 1, 5) FROM {table}");
        let heads: Vec<Vec<u8>> = sqlx::query_scalar(sqlx::AssertSqlSafe(select)).fetch_all(pool).await?;
        for head in heads {
            needed.push(KeyId::of_sealed(&head).ok_or_else(|| Fault::damaged("name and number of a citizen"))?);
        }
    }
    Ok(needed)
}
