//! Whose cases they are: by a keyed hash of the number of the applicant, which the catalogue keeps when it is certain.
//!
//! The hash is made with the secret of the public identifiers, which is sealed and outlives a change of the key: without it
//! nobody can try numbers against a stolen file, and nothing has to be hashed anew.

use sqlx::sqlite::SqlitePool;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::cases::{CaseSummary, summary_from_row};
use super::database::{Catalogue, from_db, to_db};
use super::error::{Result, Tried};
use super::facts;
use super::sealed::Secrets;
use super::traces::trace_of;
use crate::record::{Fact, OwnerNumber, SecurityClass, certain_owner};

/// Name in `meta` of the sign that all cases were looked at; another one when more is to be found out.
const FILLED: &str = "traces";
/// Cases of one transaction.
const AT_A_TIME: i64 = 500;

/// What is kept of the number of the applicant; `None` when it is not certain.
pub(super) fn owner_of(secrets: &Secrets, facts: &[Fact]) -> Option<String> {
    certain_owner(facts).map(|number| hash(secrets, &number))
}

fn hash(secrets: &Secrets, number: &str) -> String {
    // A line end stands in no archival code, of which identifiers are derived with the same secret.
    secrets.ids.derive(&format!("owner\n{number}"))
}

/// Finds out once whose the cases are that were saved before this was kept, and their traces. Whoever is interrupted begins again.
pub(super) async fn fill(pool: &SqlitePool, secrets: &Secrets) -> Tried<()> {
    let mut last = 0_i64;
    loop {
        // Without the write lock: who opens the catalogue need not wait for an import.
        let filled: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM meta WHERE name = $1")
            .bind(FILLED)
            .fetch_one(pool)
            .await?;
        if filled > 0 {
            return Ok(());
        }
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        let keys: Vec<i64> =
            sqlx::query_scalar("SELECT case_key FROM cases WHERE case_key > $1 ORDER BY case_key LIMIT $2")
                .bind(last)
                .bind(AT_A_TIME)
                .fetch_all(&mut *transaction)
                .await?;
        for key in &keys {
            let facts = facts::load(&mut transaction, secrets, *key).await?;
            sqlx::query("UPDATE cases SET owner = $2, trace = $3 WHERE case_key = $1")
                .bind(key)
                .bind(owner_of(secrets, &facts))
                .bind(trace_of(secrets, &facts).pack())
                .execute(&mut *transaction)
                .await?;
        }
        match keys.last() {
            Some(key) => last = *key,
            None => {
                sqlx::query("INSERT INTO meta (name, value) VALUES ($1, '1') ON CONFLICT (name) DO NOTHING")
                    .bind(FILLED)
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        transaction.commit().await?;
    }
}

/// Begins a query over the cases that an owner may see: no withdrawn one and no secret one.
fn of_owner(secrets: &Secrets, columns: &str, number: &OwnerNumber) -> QueryBuilder<Sqlite> {
    let mut select = QueryBuilder::new(format!(
        "SELECT {columns} FROM cases WHERE withdrawn = 0 AND owner IN ("
    ));
    let mut list = select.separated(", ");
    for form in number.forms() {
        list.push_bind(hash(secrets, &form));
    }
    select.push(") AND COALESCE(security_class, ");
    select.push_bind(SecurityClass::Internal.code());
    select.push(") IN (");
    let mut list = select.separated(", ");
    list.push_bind(SecurityClass::Public.code());
    list.push_bind(SecurityClass::Internal.code());
    select.push(")");
    select
}

const NEWEST_FIRST: &str = " ORDER BY COALESCE(decided_on, accepted_on, applied_on, '') DESC, case_key DESC";

impl Catalogue {
    /// The cases of an owner, the newest first: how many there are, and `limit` of them from `from` on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cases_of_owner(
        &self,
        number: &OwnerNumber,
        (from, limit): (u64, u32),
    ) -> Result<(u64, Vec<CaseSummary>)> {
        let read = async {
            let mut transaction = self.read().await?;
            let mut count = of_owner(self.secrets(), "COUNT(*)", number);
            let count: i64 = count.build_query_scalar().fetch_one(&mut *transaction).await?;
            let mut select = of_owner(self.secrets(), "*", number);
            select.push(NEWEST_FIRST).push(" LIMIT ").push_bind(i64::from(limit));
            select.push(" OFFSET ").push_bind(to_db(from));
            let rows = select.build().fetch_all(&mut *transaction).await?;
            let cases = rows.iter().map(|row| summary_from_row(row, self.secrets()));
            Ok((from_db(count, "number of cases")?, cases.collect::<Tried<Vec<_>>>()?))
        };
        read.await.map_err(self.fault("listing the cases of an owner"))
    }

    /// The case with this public identifier, when it is one of this owner. One of somebody else costs what one costs that
    /// does not exist.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn case_of_owner(&self, number: &OwnerNumber, case_id: &str) -> Result<Option<CaseSummary>> {
        let read = async {
            let mut transaction = self.read().await?;
            let mut select = of_owner(self.secrets(), "*", number);
            select.push(" AND public_id = ").push_bind(case_id.to_owned());
            let row = select.build().fetch_optional(&mut *transaction).await?;
            row.as_ref()
                .map(|row| summary_from_row(row, self.secrets()))
                .transpose()
        };
        read.await.map_err(self.fault("finding a case"))
    }

    /// The public identifiers of all cases of an owner, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn case_ids_of_owner(&self, number: &OwnerNumber) -> Result<Vec<String>> {
        let read = async {
            let mut transaction = self.read().await?;
            let mut select = of_owner(self.secrets(), "public_id", number);
            select.push(NEWEST_FIRST);
            let rows = select.build().fetch_all(&mut *transaction).await?;
            rows.iter().map(|row| Ok(row.try_get(0)?)).collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("listing the cases of an owner"))
    }
}
