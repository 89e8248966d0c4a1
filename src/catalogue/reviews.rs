//! The review queue: what [`crate::review`] found, kept beside the case, so that the queue is one indexed query.

use std::borrow::Cow;
use std::collections::BTreeSet;

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::cases::{self, CaseSummary, SEALED_FIELDS};
use super::database::{Catalogue, Connection, from_db, from_db_u32, to_db};
use super::error::{Fault, Result, Tried};
use super::pages::narrow;
use super::public_id::IdSecret;
use super::sealed::{Place, Secrets};
use super::visible::restrict_to_visible;
use crate::access::VisibleCases;
use crate::record::{ArchivalCode, FieldName};
use crate::review::{Doubt, DoubtEvidence, ReviewReason, Reviewed, ReviewedDocument, assess};

/// Rows written with one statement.
const ROWS_AT_A_TIME: usize = 100;

/// One thing in the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewItem {
    /// Key of the case inside this archive; never shown.
    pub case_key: u64,
    /// Public identifier of the case.
    pub case_id: String,
    /// 档号
    pub archival_code: String,
    /// 题名
    pub title: Option<String>,
    /// 年度
    pub year: Option<u32>,
    /// 审批机关
    pub agency: Option<String>,
    /// Key of the doubt: the same as long as the doubt is the same.
    pub subject: String,
    /// Why it needs eyes.
    pub reason: ReviewReason,
    /// The field it is about.
    pub field: Option<FieldName>,
    /// How probable it is that something is wrong, 0 to 1.
    pub probability: f32,
    /// Cost × probability, 0 to 10: the rank.
    pub score: f32,
    /// Where to look.
    pub evidence: Vec<DoubtEvidence>,
}

/// What of the queue is wanted; nothing set wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewFilter {
    /// Only these reasons; none means all.
    pub reasons: Vec<ReviewReason>,
    /// Only this year.
    pub year: Option<u32>,
    /// Only this agency, by its name.
    pub agency: Option<String>,
    /// Only this case.
    pub case_key: Option<u64>,
}

impl Catalogue {
    /// The queue of the visible cases, the dearest doubts first: how many there are, and at most `limit` of them after the first `offset`.
    /// Withdrawn cases are not in it.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn reviews(
        &self,
        filter: &ReviewFilter,
        visible: &VisibleCases,
        offset: u64,
        limit: u32,
    ) -> Result<(u64, Vec<ReviewItem>)> {
        let listed = async {
            let mut transaction = self.read().await?;
            let mut count = QueryBuilder::<Sqlite>::new("SELECT COUNT(*) FROM reviews r");
            restrict(&mut count, filter);
            restrict_to_visible(&mut count, visible);
            let total: i64 = count.build_query_scalar().fetch_one(&mut *transaction).await?;
            let mut select = QueryBuilder::<Sqlite>::new(
                "SELECT r.*, c.public_id, c.archival_code, c.sealed FROM reviews r \
                 JOIN cases c ON c.case_key = r.case_key",
            );
            restrict(&mut select, filter);
            restrict_to_visible(&mut select, visible);
            select.push(" ORDER BY r.score DESC, r.case_key, r.subject LIMIT ");
            select.push_bind(i64::from(limit));
            select.push(" OFFSET ");
            select.push_bind(to_db(offset));
            let rows = select.build().fetch_all(&mut *transaction).await?;
            let items = rows
                .iter()
                .map(|row| item_from_row(row, self.secrets()))
                .collect::<Tried<Vec<_>>>()?;
            Ok((from_db(total, "count")?, items))
        };
        listed.await.map_err(self.fault("listing what needs review"))
    }

    /// Looks at a case anew, e.g. after the rules have changed; a case that does not exist needs no review.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn refresh_reviews(&self, case_key: u64) -> Result<()> {
        let refreshed = async {
            let mut transaction = self.write().await?;
            refresh_stored(&mut transaction, self.secrets(), to_db(case_key)).await?;
            Ok(transaction.commit().await?)
        };
        refreshed.await.map_err(self.fault("looking at a case anew"))
    }
}

fn restrict(query: &mut QueryBuilder<Sqlite>, filter: &ReviewFilter) {
    query.push(" WHERE r.withdrawn = 0");
    if !filter.reasons.is_empty() {
        query.push(" AND r.reason IN (");
        let mut list = query.separated(", ");
        for reason in &filter.reasons {
            list.push_bind(reason.code());
        }
        query.push(")");
    }
    if let Some(year) = filter.year {
        query.push(" AND r.year = ");
        query.push_bind(i64::from(year));
    }
    if let Some(agency) = &filter.agency {
        query.push(" AND r.agency = ");
        query.push_bind(agency.clone());
    }
    if let Some(case_key) = filter.case_key {
        query.push(" AND r.case_key = ");
        query.push_bind(to_db(case_key));
    }
}

fn item_from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<ReviewItem> {
    let reason: String = row.try_get("reason")?;
    let field: Option<String> = row.try_get("field")?;
    let evidence: String = row.try_get("evidence")?;
    let year: Option<i64> = row.try_get("year")?;
    let archival_code: String = row.try_get("archival_code")?;
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let place = Place::Case {
        archival_code: &archival_code,
    };
    let [title, ..]: [Option<String>; SEALED_FIELDS.len()] = secrets.open(place, &sealed)?;
    Ok(ReviewItem {
        case_key: from_db(row.try_get("case_key")?, "case key")?,
        case_id: row.try_get("public_id")?,
        archival_code,
        title,
        year: year.map(|year| from_db_u32(year, "year")).transpose()?,
        agency: row.try_get("agency")?,
        subject: row.try_get("subject")?,
        reason: ReviewReason::from_code(&reason).ok_or_else(|| Fault::damaged("reason of a review"))?,
        field: field.as_deref().and_then(FieldName::from_code),
        probability: narrow(row.try_get("probability")?),
        score: narrow(row.try_get("score")?),
        evidence: serde_json::from_str(&evidence).map_err(|_| Fault::damaged("evidence of a review"))?,
    })
}

/// The case that doubts are about.
pub(super) struct ReviewedCase<'a> {
    pub(super) key: i64,
    pub(super) code: &'a ArchivalCode,
    pub(super) withdrawn: bool,
}

/// A doubt as it is written.
pub(super) struct ReviewRow {
    case_key: i64,
    subject: String,
    doubt: Doubt,
    year: Option<u32>,
    agency: Option<String>,
    withdrawn: bool,
}

/// The doubts about a case, each once, without those in `known`.
pub(super) fn rows_of(
    secret: &IdSecret,
    case: &ReviewedCase<'_>,
    reviewed: &Reviewed<'_>,
    known: &mut BTreeSet<String>,
) -> Vec<ReviewRow> {
    let mut rows = Vec::new();
    for doubt in assess(reviewed) {
        let subject = subject_of(secret, case.code, &doubt);
        if known.insert(subject.clone()) {
            rows.push(ReviewRow {
                case_key: case.key,
                subject,
                doubt,
                year: reviewed.fields.year().or_else(|| case.code.year()),
                agency: reviewed.fields.agency.clone(),
                withdrawn: case.withdrawn,
            });
        }
    }
    rows
}

/// Writes doubts.
pub(super) async fn insert(connection: &mut Connection, rows: &[ReviewRow]) -> Tried<()> {
    for some in rows.chunks(ROWS_AT_A_TIME) {
        let mut evidence = Vec::with_capacity(some.len());
        for row in some {
            let json = serde_json::to_string(&row.doubt.evidence);
            evidence.push(json.map_err(|_| Fault::damaged("evidence of a review"))?);
        }
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO reviews (case_key, subject, reason, field, probability, score, evidence, year, agency, \
             withdrawn) ",
        );
        insert.push_values(some.iter().zip(evidence), |mut values, (row, evidence)| {
            let doubt = &row.doubt;
            values
                .push_bind(row.case_key)
                .push_bind(row.subject.clone())
                .push_bind(doubt.reason.code())
                .push_bind(doubt.field.map(FieldName::code))
                .push_bind(f64::from(doubt.probability))
                .push_bind(f64::from(doubt.score()))
                .push_bind(evidence)
                .push_bind(row.year.map(i64::from))
                .push_bind(row.agency.clone())
                .push_bind(i64::from(row.withdrawn));
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Puts the doubts about a case in place of the earlier ones, without those that a person has checked.
async fn refresh(
    connection: &mut Connection,
    secret: &IdSecret,
    case: &ReviewedCase<'_>,
    reviewed: &Reviewed<'_>,
) -> Tried<()> {
    sqlx::query("DELETE FROM reviews WHERE case_key = $1")
        .bind(case.key)
        .execute(&mut *connection)
        .await?;
    let subjects: Vec<Option<String>> = sqlx::query_scalar(
        "SELECT subject FROM corrections c WHERE case_key = $1 AND kind = 'checked' AND NOT EXISTS \
         (SELECT 1 FROM correction_undos u WHERE u.case_key = c.case_key AND u.number = c.number)",
    )
    .bind(case.key)
    .fetch_all(&mut *connection)
    .await?;
    let mut checked = subjects.into_iter().flatten().collect();
    insert(connection, &rows_of(secret, case, reviewed, &mut checked)).await
}

/// As [`refresh`], from what the catalogue holds of the case.
pub(super) async fn refresh_stored(connection: &mut Connection, secrets: &Secrets, key: i64) -> Tried<()> {
    let Some(loaded) = cases::load(connection, secrets, key).await? else {
        return Ok(());
    };
    let CaseSummary { withdrawn, .. } = loaded.summary;
    let documents = loaded.record.documents.iter().zip(&loaded.content_ids);
    let reviewed = Reviewed {
        fields: &loaded.record.fields,
        facts: &loaded.record.facts,
        documents: documents
            .map(|(document, content_id)| ReviewedDocument {
                document: document.ordinal,
                kind: document.kind,
                content_id: content_id.as_deref(),
                failure: document.failure.as_deref(),
                pages: Cow::Borrowed(document.pages.as_slice()),
            })
            .collect(),
        unplaced: loaded
            .places
            .iter()
            .filter(|place| !place.edit.placed)
            .map(|place| {
                let evidence = DoubtEvidence {
                    document: place.document,
                    page: Some(place.page),
                    area: Some(place.area),
                };
                (place.edit.number, evidence)
            })
            .collect(),
    };
    let case = ReviewedCase {
        key,
        code: &loaded.record.archival_code,
        withdrawn,
    };
    refresh(connection, &secrets.ids, &case, &reviewed).await
}

/// Key of a doubt. With the secret of the archive, for what a doubt is about may be an identity number.
fn subject_of(secret: &IdSecret, code: &ArchivalCode, doubt: &Doubt) -> String {
    let field = doubt.field.map_or("", FieldName::code);
    secret.derive(&format!(
        "review\n{code}\n{}\n{field}\n{}",
        doubt.reason.code(),
        doubt.about
    ))
}
