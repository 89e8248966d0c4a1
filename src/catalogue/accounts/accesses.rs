//! Who looked at cases, for the people whose cases they are.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::AccessStore;
use crate::access::{Action, Actor, CITIZEN, CaseScope, Outcome, Role};
use crate::catalogue::database::{Connection, from_db, to_db};
use crate::catalogue::error::{Fault, Result, Tried};

/// What counts as looking at a case. Searches do not: the log holds what was asked, not what was found.
const LOOKED: [Action; 8] = [
    Action::ViewCase,
    Action::ViewPage,
    Action::ViewImage,
    Action::ViewCorrections,
    Action::Correct,
    Action::Undo,
    Action::Export,
    Action::Unmask,
];
/// Cases that are asked for with one statement.
const CASES_AT_A_TIME: usize = 500;

/// Who looked, as far as it is told: what the office is, not what the officer is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The role; `None` for who keeps the archive and works at its machine, and for citizens.
    pub role: Option<Role>,
    /// Whether it was a citizen, by another access code.
    pub citizen: bool,
    /// The agencies whose cases the account saw then; empty when it saw those of all, or it is not known any more.
    pub agencies: Vec<String>,
}

/// That somebody looked at a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseAccess {
    /// Place in the log, by which it can be asked about.
    pub sequence: u64,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Public identifier of the case.
    pub case_id: String,
    /// What was done.
    pub action: Action,
    /// Who did it.
    pub visitor: Visitor,
    /// What for, as they said.
    pub purpose: Option<String>,
    /// Why personal data was shown in full.
    pub reason: Option<String>,
}

impl AccessStore {
    /// Who looked at these cases, the latest first, at most `limit`, and only what came before a place in the log. What was
    /// done with the own access code, by its pseudonym, is not among it; what was done with another is, for it may have
    /// come into wrong hands.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn accesses(
        &self,
        case_ids: &[String],
        own: &str,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<CaseAccess>> {
        let read = async {
            let mut transaction = self.inner.read().await?;
            let mut rows = Vec::new();
            for some in case_ids.chunks(CASES_AT_A_TIME) {
                let mut select = looks("SELECT *", some, own, (before, limit));
                for row in select.build().fetch_all(&mut *transaction).await? {
                    rows.push((from_db(row.try_get("sequence")?, "place of an entry")?, row));
                }
            }
            rows.sort_by_key(|(sequence, _)| std::cmp::Reverse(*sequence));
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            let mut known = BTreeMap::new();
            let mut accesses = Vec::with_capacity(rows.len());
            for (sequence, row) in &rows {
                accesses.push(access(&mut transaction, &mut known, *sequence, row).await?);
            }
            Ok(accesses)
        };
        read.await.map_err(self.fault("reading the audit log"))
    }
}

/// The statement that finds who looked at some cases.
pub(super) fn looks(
    select: &'static str,
    case_ids: &[String],
    own: &str,
    (before, limit): (Option<u64>, u32),
) -> QueryBuilder<Sqlite> {
    let mut select = QueryBuilder::new(select);
    select.push(" FROM audit_log WHERE case_id IN (");
    let mut list = select.separated(", ");
    for id in case_ids {
        list.push_bind(id.clone());
    }
    let before = to_db(before.unwrap_or(u64::MAX));
    select.push(") AND sequence < ").push_bind(before);
    select.push(" AND outcome = ").push_bind(Outcome::Done.code());
    select.push(" AND actor <> ").push_bind(Actor::name_of_citizen(own));
    select.push(" AND action IN (");
    let mut list = select.separated(", ");
    for action in LOOKED {
        list.push_bind(action.code());
    }
    // The sign keeps SQLite from going through the whole log in its order instead of by case.
    select
        .push(") ORDER BY +sequence DESC LIMIT ")
        .push_bind(i64::from(limit));
    select
}

/// Grants of an account, with their beginning and end.
type Grants = Vec<(Timestamp, Option<Timestamp>, Option<CaseScope>)>;

async fn access(
    connection: &mut Connection,
    known: &mut BTreeMap<String, Grants>,
    sequence: u64,
    row: &SqliteRow,
) -> Tried<CaseAccess> {
    let code: String = row.try_get("action")?;
    let action = Action::parse(&code).ok_or_else(|| Fault::damaged("action of an entry"))?;
    let at: String = row.try_get("at")?;
    let details: String = row.try_get("details")?;
    let details: serde_json::Value = serde_json::from_str(&details).unwrap_or_default();
    let actor: String = row.try_get("actor")?;
    let role: Option<String> = row.try_get("role")?;
    // `local:1000 as zhao`, `zhao by token report`, `zhao`
    let name = actor.split(" by token ").next().unwrap_or_default();
    let name = name.split(" as ").last().unwrap_or_default();
    if !known.contains_key(name) {
        known.insert(name.to_owned(), grants(connection, name).await?);
    }
    let moment: Option<Timestamp> = at.parse().ok();
    let held = |(from, to, _): &&(Timestamp, Option<Timestamp>, Option<CaseScope>)| {
        moment.is_some_and(|moment| *from <= moment && to.is_none_or(|to| moment < to))
    };
    let grant = known.get(name).and_then(|grants| grants.iter().find(held));
    let scope = grant.and_then(|(.., scope)| scope.as_ref());
    Ok(CaseAccess {
        sequence,
        case_id: row.try_get("case_id")?,
        action,
        visitor: Visitor {
            role: role.as_deref().and_then(Role::parse),
            citizen: role.as_deref() == Some(CITIZEN),
            agencies: scope.and_then(|scope| scope.agencies.clone()).unwrap_or_default(),
        },
        purpose: row.try_get("purpose")?,
        reason: details["reason"].as_str().map(Into::into),
        at,
    })
}

async fn grants(connection: &mut Connection, name: &str) -> Tried<Grants> {
    let rows = sqlx::query(
        "SELECT g.granted_at, g.ended_at, g.scope FROM grants g JOIN accounts a ON a.account_key = g.account_key \
         WHERE a.name = $1",
    )
    .bind(name)
    .fetch_all(connection)
    .await?;
    let grant = |row: &SqliteRow| {
        let time = |text: String| text.parse().map_err(|_| Fault::damaged("time of a grant"));
        let ended_at: Option<String> = row.try_get("ended_at")?;
        let scope: Option<String> = row.try_get("scope")?;
        let scope = scope.map(|scope| serde_json::from_str(&scope).map_err(|_| Fault::damaged("grant of an account")));
        Ok((
            time(row.try_get("granted_at")?)?,
            ended_at.map(time).transpose()?,
            scope.transpose()?,
        ))
    };
    rows.iter().map(grant).collect()
}
