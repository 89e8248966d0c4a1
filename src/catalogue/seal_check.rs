//! Whether everything that is sealed opens with the keys at hand, and stands where it was sealed for.

use sqlx::Row;

use super::database::Catalogue;
use super::error::{Fault, Result, Tried};
use super::reseal::{COLUMNS, JOB_REASONS, SealedColumn};
use crate::access::Keyring;

/// Rows that are looked at in one transaction.
const AT_A_TIME: i64 = 500;

/// What a look at everything sealed found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seals {
    /// Values that were opened.
    pub opened: u64,
    /// Places of those that do not open, the first hundred: tables, keys and archival codes, nothing of people.
    pub broken: Vec<String>,
    /// How many do not open.
    pub failed: u64,
}

/// Most places that are named.
const NAMED: usize = 100;

impl Seals {
    /// Opens a value that is sealed for a place, and counts it.
    pub(super) fn look(&mut self, ring: &Keyring, place: &str, sealed: &[u8]) {
        match ring.open_sealed(place, sealed) {
            Ok(_) => self.opened += 1,
            Err(_) => {
                self.failed += 1;
                if self.broken.len() < NAMED {
                    self.broken.push(place.to_owned());
                }
            }
        }
    }
}

impl Catalogue {
    /// Opens everything that is sealed. A value that does not open is counted and named; the others are opened still.
    ///
    /// # Errors
    /// When the database or the key file cannot be read.
    pub async fn check_seals(&self) -> Result<Seals> {
        let looked = async {
            let mut seals = Seals::default();
            for column in COLUMNS.iter().chain([&JOB_REASONS]) {
                let mut after = i64::MIN;
                while let Some(last) = self.check_some(column, after, &mut seals).await? {
                    after = last;
                }
            }
            Ok(seals)
        };
        looked.await.map_err(self.fault("opening what is sealed"))
    }

    /// Opens some values of a column; gives the last row, `None` at the end.
    async fn check_some(&self, column: &SealedColumn, after: i64, seals: &mut Seals) -> Tried<Option<i64>> {
        let SealedColumn {
            table,
            key,
            column,
            place,
        } = column;
        let select = format!(
            "SELECT {key} AS row_key, {place} AS place, {column} AS sealed FROM {table} \
             WHERE {key} > $1 AND {column} IS NOT NULL ORDER BY {key} LIMIT $2"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(after)
            .bind(AT_A_TIME)
            .fetch_all(self.readers())
            .await?;
        let mut last = None;
        for row in &rows {
            last = Some(row.try_get("row_key")?);
            let place: String = row.try_get("place")?;
            let sealed: Vec<u8> = row.try_get("sealed").map_err(Fault::from)?;
            seals.look(self.ring(), &place, &sealed);
        }
        Ok(last)
    }
}
