//! Results of searches that were kept, with the list of their cases.

use std::collections::HashSet;

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::corrections::{MOST_AUTHOR, Refusal, part};
use super::database::{Catalogue, from_db, now, to_db};
use super::error::{Result, Tried};
use super::sealed::{Place, Secrets};

/// Longest name, in characters.
const MOST_NAME: usize = 200;
/// Result sets of one owner, at most.
const MOST_SETS: i64 = 500;
/// Cases read at a time.
const AT_A_TIME: i64 = 10_000;
/// Cases looked for with one statement.
const KEYS_AT_A_TIME: usize = 500;

/// Where a case was when it was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseMark {
    /// Key of the case.
    pub case_key: u64,
    /// Sequence of its last change.
    pub sequence: u64,
    /// Its public identifier.
    pub case_id: String,
}

/// A result that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewResultSet {
    /// Who keeps it.
    pub owner: String,
    /// What they call it: 1 to 200 characters.
    pub name: String,
    /// The parameters of the search.
    pub parameters: Vec<(String, String)>,
    /// Generation of the index.
    pub generation: String,
    /// Every change up to this sequence was found.
    pub sequence: u64,
    /// Hash of the dictionaries.
    pub tables: String,
    /// Hash of what the owner may see.
    pub rights: String,
    /// Hash of the list.
    pub hash: String,
    /// Key and sequence of each case, by key.
    pub cases: Vec<(u64, u64)>,
}

/// A result that was kept, without its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultSet {
    /// Opaque identifier.
    pub set_id: String,
    /// What its owner calls it.
    pub name: String,
    /// The parameters of the search.
    pub parameters: Vec<(String, String)>,
    /// When it was kept (RFC 3339, UTC).
    pub made_at: String,
    /// Generation of the index.
    pub generation: String,
    /// Every change up to this sequence was found.
    pub sequence: u64,
    /// Highest key of a case then.
    pub last_case: u64,
    /// Hash of the dictionaries.
    pub tables: String,
    /// Hash of what the owner could see.
    pub rights: String,
    /// Cases.
    pub count: u64,
    /// Hash of the list.
    pub hash: String,
}

fn from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<ResultSet> {
    let set_id: String = row.try_get("set_id")?;
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let (name, parameters) = secrets.open(Place::ResultSet { set_id: &set_id }, &sealed)?;
    Ok(ResultSet {
        name,
        parameters,
        made_at: row.try_get("made_at")?,
        generation: row.try_get("generation")?,
        sequence: from_db(row.try_get("sequence")?, "sequence")?,
        last_case: from_db(row.try_get("last_case")?, "case key")?,
        tables: row.try_get("tables")?,
        rights: row.try_get("rights")?,
        count: from_db(row.try_get("count")?, "number of cases")?,
        hash: row.try_get("hash")?,
        set_id,
    })
}

/// Keys and sequences as differences to the one before, which are small.
fn differences(cases: &[(u64, u64)]) -> Vec<(u64, i64)> {
    let mut before = (0, 0_i64);
    let packed = cases.iter().map(|(key, sequence)| {
        let sequence = to_db(*sequence);
        let difference = (key - before.0, sequence - before.1);
        before = (*key, sequence);
        difference
    });
    packed.collect()
}

fn sums(differences: Vec<(u64, i64)>) -> Vec<(u64, u64)> {
    let mut at = (0, 0_i64);
    let unpacked = differences.into_iter().map(|(key, sequence)| {
        at = (at.0 + key, at.1 + sequence);
        (at.0, u64::try_from(at.1).unwrap_or_default())
    });
    unpacked.collect()
}

impl Catalogue {
    /// Keeps a result.
    ///
    /// # Errors
    /// [`super::Error::Refused`] without a name, when it is too long, or when the owner keeps too many; a failure of the
    /// database.
    pub async fn keep_result_set(&self, new: &NewResultSet) -> Result<ResultSet> {
        let kept = async {
            let owner = part("owner", &new.owner, MOST_AUTHOR)?;
            let name = part("name", &new.name, MOST_NAME)?;
            let set_id = hex::encode(rand::random::<[u8; 10]>());
            let mut transaction = self.write().await?;
            let own: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM result_sets WHERE owner = $1")
                .bind(&owner)
                .fetch_one(&mut *transaction)
                .await?;
            if own >= MOST_SETS {
                return Err(Refusal::TooMany.into());
            }
            let place = Place::ResultSet { set_id: &set_id };
            let row = sqlx::query(
                "INSERT INTO result_sets (set_id, owner, made_at, generation, sequence, last_case, tables, rights, count, \
                 hash, sealed) VALUES ($1, $2, $3, $4, $5, (SELECT COALESCE(MAX(case_key), 0) FROM cases), $6, $7, $8, $9, \
                 $10) RETURNING *",
            )
            .bind(&set_id)
            .bind(&owner)
            .bind(now())
            .bind(&new.generation)
            .bind(to_db(new.sequence))
            .bind(&new.tables)
            .bind(&new.rights)
            .bind(to_db(new.cases.len() as u64))
            .bind(&new.hash)
            .bind(self.secrets().seal(place, &(&name, &new.parameters))?)
            .fetch_one(&mut *transaction)
            .await?;
            let list = self
                .secrets()
                .seal(Place::ResultSetList { set_id: &set_id }, &differences(&new.cases))?;
            sqlx::query("INSERT INTO result_set_lists (set_id, sealed) VALUES ($1, $2)")
                .bind(&set_id)
                .bind(list)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            from_row(&row, self.secrets())
        };
        kept.await.map_err(self.fault("keeping a result"))
    }

    /// The results that somebody kept, the latest first.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn result_sets(&self, owner: &str) -> Result<Vec<ResultSet>> {
        let read = async {
            let rows = sqlx::query("SELECT * FROM result_sets WHERE owner = $1 ORDER BY set_key DESC")
                .bind(owner)
                .fetch_all(self.readers())
                .await?;
            rows.iter()
                .map(|row| from_row(row, self.secrets()))
                .collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("listing kept results"))
    }

    /// A result that somebody kept, with keys and sequences of its cases, by key; `None` when it is not there or not theirs.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn result_set(&self, owner: &str, set_id: &str) -> Result<Option<(ResultSet, Vec<(u64, u64)>)>> {
        let read = async {
            let row = sqlx::query(
                "SELECT s.*, l.sealed AS list FROM result_sets s JOIN result_set_lists l ON l.set_id = s.set_id \
                 WHERE s.owner = $1 AND s.set_id = $2",
            )
            .bind(owner)
            .bind(set_id)
            .fetch_optional(self.readers())
            .await?;
            let Some(row) = row else { return Ok(None) };
            let list: Vec<u8> = row.try_get("list")?;
            let list = self.secrets().open(Place::ResultSetList { set_id }, &list)?;
            Ok(Some((from_row(&row, self.secrets())?, sums(list))))
        };
        read.await.map_err(self.fault("reading a kept result"))
    }

    /// Where these cases are now, by key; `keys` ascend. Those that do not exist are missing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn marks(&self, keys: &[u64]) -> Result<Vec<CaseMark>> {
        let read = async {
            let mut transaction = self.read().await?;
            let mut marks = Vec::with_capacity(keys.len());
            let mut last = keys.first().map_or(0, |first| to_db(*first) - 1);
            loop {
                let rows = sqlx::query(
                    "SELECT case_key, sequence, public_id FROM cases WHERE case_key > $1 ORDER BY case_key LIMIT $2",
                )
                .bind(last)
                .bind(AT_A_TIME)
                .fetch_all(&mut *transaction)
                .await?;
                let Some(row) = rows.last() else { break };
                last = row.try_get(0)?;
                for row in &rows {
                    let case_key = from_db(row.try_get(0)?, "case key")?;
                    if keys.binary_search(&case_key).is_ok() {
                        marks.push(CaseMark {
                            case_key,
                            sequence: from_db(row.try_get(1)?, "sequence")?,
                            case_id: row.try_get(2)?,
                        });
                    }
                }
                if keys.last().is_none_or(|most| to_db(*most) <= last) {
                    break;
                }
            }
            Ok(marks)
        };
        read.await.map_err(self.fault("looking for cases"))
    }

    /// Those of these cases that people corrected since a time (RFC 3339, UTC), or whose corrections they undid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn corrected_since(&self, time: &str, keys: &[u64]) -> Result<HashSet<u64>> {
        let read = async {
            let mut transaction = self.read().await?;
            let mut corrected = HashSet::new();
            for some in keys.chunks(KEYS_AT_A_TIME) {
                for (table, column) in [("corrections", "made_at"), ("correction_undos", "undone_at")] {
                    let mut select =
                        QueryBuilder::<Sqlite>::new(format!("SELECT DISTINCT case_key FROM {table} WHERE {column} > "));
                    select.push_bind(time.to_owned()).push(" AND case_key IN (");
                    let mut list = select.separated(", ");
                    for key in some {
                        list.push_bind(to_db(*key));
                    }
                    select.push(")");
                    for row in select.build().fetch_all(&mut *transaction).await? {
                        corrected.insert(from_db(row.try_get(0)?, "case key")?);
                    }
                }
            }
            Ok(corrected)
        };
        read.await.map_err(self.fault("looking for corrected cases"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_unpacked_as_they_were_packed() {
        let cases = vec![(3, 90), (4, 2), (900, 91)];
        assert_eq!(sums(differences(&cases)), cases);
        assert_eq!(sums(differences(&[])), []);
    }
}
