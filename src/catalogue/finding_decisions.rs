//! What people decided on findings: that one is a false alarm, and that it is none after all. Nothing is ever changed or
//! deleted; the last decision counts.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Row, Sqlite};

use super::corrections::{MOST_AUTHOR, MOST_REASON, part};
use super::database::{Catalogue, from_db_u32, now};
use super::error::{Result, Tried};
use super::sealed::Place;

/// Findings looked for with one statement.
const IDS_AT_A_TIME: usize = 500;

/// What somebody decides on a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDecision {
    /// Identifier of the finding.
    pub finding_id: String,
    /// Code of its rule.
    pub rule: String,
    /// Whether it is a false alarm; otherwise an earlier decision is taken back.
    pub dismissed: bool,
    /// Hash of what the finding says now.
    pub state: String,
    /// Who says so, at most [`MOST_AUTHOR`] characters.
    pub author: String,
    /// Why, 1 to [`MOST_REASON`] characters.
    pub reason: String,
}

/// What was decided on a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingDecision {
    /// Counts the decisions on this finding, from 1.
    pub number: u32,
    /// Whether it is a false alarm; otherwise an earlier decision was taken back.
    pub dismissed: bool,
    /// Hash of what the finding said then.
    pub state: String,
    /// Who said so.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When (RFC 3339, UTC).
    pub made_at: String,
}

impl Catalogue {
    /// Keeps what somebody decides on a finding.
    ///
    /// # Errors
    /// [`super::Error::Refused`] without a reason, or when a text is too long; a failure of the database.
    pub async fn decide_finding(&self, new: &NewDecision) -> Result<FindingDecision> {
        let decided = async {
            let author = part("author", &new.author, MOST_AUTHOR)?;
            let reason = part("reason", &new.reason, MOST_REASON)?;
            let mut transaction = self.write().await?;
            let last: i64 =
                sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) FROM finding_decisions WHERE finding_id = $1")
                    .bind(&new.finding_id)
                    .fetch_one(&mut *transaction)
                    .await?;
            let number = last + 1;
            let place = Place::FindingDecision {
                finding_id: &new.finding_id,
                number,
            };
            let made_at = now();
            sqlx::query(
                "INSERT INTO finding_decisions (finding_id, number, rule, dismissed, state, author, made_at, sealed) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&new.finding_id)
            .bind(number)
            .bind(&new.rule)
            .bind(i64::from(new.dismissed))
            .bind(&new.state)
            .bind(&author)
            .bind(&made_at)
            .bind(self.secrets().seal(place, &reason)?)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(FindingDecision {
                number: from_db_u32(number, "number of a decision")?,
                dismissed: new.dismissed,
                state: new.state.clone(),
                author,
                reason,
                made_at,
            })
        };
        decided.await.map_err(self.fault("deciding on a finding"))
    }

    /// What was decided on findings, of each the decisions in their order; those nobody decided on are missing.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn finding_decisions(&self, finding_ids: &[String]) -> Result<HashMap<String, Vec<FindingDecision>>> {
        let read = async {
            let mut transaction = self.read().await?;
            let mut found: HashMap<String, Vec<FindingDecision>> = HashMap::new();
            for some in finding_ids.chunks(IDS_AT_A_TIME) {
                let mut select = QueryBuilder::<Sqlite>::new("SELECT * FROM finding_decisions WHERE finding_id IN (");
                let mut list = select.separated(", ");
                for id in some {
                    list.push_bind(id.clone());
                }
                select.push(") ORDER BY finding_id, number");
                for row in select.build().fetch_all(&mut *transaction).await? {
                    let id: String = row.try_get("finding_id")?;
                    let number: i64 = row.try_get("number")?;
                    let sealed: Vec<u8> = row.try_get("sealed")?;
                    let place = Place::FindingDecision {
                        finding_id: &id,
                        number,
                    };
                    let decision = FindingDecision {
                        number: from_db_u32(number, "number of a decision")?,
                        dismissed: row.try_get::<i64, _>("dismissed")? != 0,
                        state: row.try_get("state")?,
                        author: row.try_get("author")?,
                        reason: self.secrets().open(place, &sealed)?,
                        made_at: row.try_get("made_at")?,
                    };
                    found.entry(id).or_default().push(decision);
                }
            }
            Ok(found)
        };
        read.await.map_err(self.fault("reading decisions on findings"))
    }

    /// The findings that are dismissed now, each with the hash of what it said when it was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dismissed_findings(&self) -> Result<HashMap<String, String>> {
        let read = async {
            let rows = sqlx::query(
                "SELECT d.finding_id, d.state FROM finding_decisions d WHERE d.dismissed = 1 AND d.number = \
                 (SELECT MAX(l.number) FROM finding_decisions l WHERE l.finding_id = d.finding_id)",
            )
            .fetch_all(self.readers())
            .await?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                .collect::<Tried<HashMap<String, String>>>()
        };
        read.await.map_err(self.fault("reading dismissed findings"))
    }
}
