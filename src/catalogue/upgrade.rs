//! Seals an archive that was kept in clear: row by row from the old tables into the new ones, some at a time, each time in one
//! transaction. Whoever is interrupted goes on with what is left, for what was moved is not there any more.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::Row;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use super::cases::{SEALED_FIELDS, seal_fields};
use super::correction_rows::CorrectionText;
use super::database::{Connection, from_db_u32};
use super::error::{Fault, Tried};
use super::facts::{self, read_area};
use super::pages::narrow;
use super::sealed::{Place, Secrets};
use super::{jobs, migrate};
use crate::access::KeyId;
use crate::record::{CaseFields, Evidence, Fact, FactSource, FieldName};

/// Rows, or cases, of one transaction.
const AT_A_TIME: i64 = 500;

/// Seals what is in clear and removes the tables that held it.
pub(super) async fn seal_all(pool: &SqlitePool, path: &Path, secrets: &Secrets) -> Tried<()> {
    let mut moved = 0;
    let mut last_page = 0;
    while let Some(done) = seal_some(pool, secrets, (&mut last_page, AT_A_TIME)).await? {
        moved += done;
        if done == 0 {
            break;
        }
    }
    migrate::bring_up_to_date(pool, path, &migrate::CATALOGUE).await?;
    if moved > 0 {
        tracing::info!(rows = moved, "sealed what the catalogue held in clear");
        clean(pool).await;
    }
    Ok(())
}

/// Seals the next rows, in one transaction; gives how many, and `None` when another process has finished.
pub(super) async fn seal_some(
    pool: &SqlitePool,
    secrets: &Secrets,
    (last_page, limit): (&mut i64, i64),
) -> Tried<Option<u64>> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let finished: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM migrations WHERE number = $1")
        .bind(i64::from(migrate::NOTHING_IN_CLEAR))
        .fetch_one(&mut *transaction)
        .await?;
    if finished > 0 {
        return Ok(None);
    }
    let mut done = pages(&mut transaction, secrets, last_page, limit).await?;
    if done == 0 {
        done = cases(&mut transaction, secrets, limit).await?;
    }
    if done == 0 {
        done = case_facts(&mut transaction, secrets, limit).await?;
    }
    if done == 0 {
        done = documents(&mut transaction, secrets, limit).await?;
    }
    if done == 0 {
        done = versions(&mut transaction, secrets, limit).await?;
    }
    if done == 0 {
        done = corrections(&mut transaction, secrets, limit).await?;
    }
    if done == 0 {
        done = jobs(&mut transaction, secrets, limit).await?;
    }
    transaction.commit().await?;
    Ok(Some(done))
}

/// Leaves nothing of the old rows in the file and its log. Another process that reads may stand in the way: then the rows are
/// overwritten all the same (`secure_delete`), and the log as soon as it is used again.
async fn clean(pool: &SqlitePool) {
    for statement in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
        if let Err(error) = sqlx::query(statement).execute(pool).await {
            tracing::warn!(%error, "the catalogue was sealed, but its file could not be written anew");
        }
    }
}

/// Texts are sealed where they are: what is sealed begins otherwise than what is only packed.
async fn pages(connection: &mut Connection, secrets: &Secrets, last: &mut i64, limit: i64) -> Tried<u64> {
    loop {
        let rows = sqlx::query(
            "SELECT page_key, content_id, number, text FROM pages WHERE page_key > $1 ORDER BY page_key LIMIT $2",
        )
        .bind(*last)
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
        let mut sealed = 0;
        for row in &rows {
            let key: i64 = row.try_get("page_key")?;
            *last = key;
            let text: Vec<u8> = row.try_get("text")?;
            if KeyId::of_sealed(&text).is_some() {
                continue;
            }
            let content_id: String = row.try_get("content_id")?;
            let place = Place::Page {
                content_id: &content_id,
                number: row.try_get("number")?,
            };
            sqlx::query("UPDATE pages SET text = $2 WHERE page_key = $1")
                .bind(key)
                .bind(secrets.seal_bytes(place, &text)?)
                .execute(&mut *connection)
                .await?;
            sealed += 1;
        }
        if sealed > 0 || rows.is_empty() {
            return Ok(sealed);
        }
    }
}

async fn cases(connection: &mut Connection, secrets: &Secrets, limit: i64) -> Tried<u64> {
    let rows = sqlx::query("SELECT * FROM cases WHERE sealed IS NULL LIMIT $1")
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        let code: String = row.try_get("archival_code")?;
        let mut fields = CaseFields::default();
        for field in SEALED_FIELDS {
            let value: Option<String> = row.try_get(field.code())?;
            if value.is_some_and(|value| !fields.set(field, &value)) {
                return Err(Fault::damaged(format!("value of the field `{}`", field.code())));
            }
        }
        sqlx::query(
            "UPDATE cases SET sealed = $2, title = NULL, applicant_name = NULL, applicant_id_number = NULL \
             WHERE archival_code = $1",
        )
        .bind(&code)
        .bind(seal_fields(secrets, &code, &fields)?)
        .execute(&mut *connection)
        .await?;
    }
    Ok(rows.len() as u64)
}

/// The next cases that have rows in a table in clear.
async fn next_cases(connection: &mut Connection, select: &'static str, limit: i64) -> Tried<Vec<i64>> {
    Ok(sqlx::query_scalar(select).bind(limit).fetch_all(connection).await?)
}

async fn case_facts(connection: &mut Connection, secrets: &Secrets, limit: i64) -> Tried<u64> {
    let keys = next_cases(
        &mut *connection,
        "SELECT DISTINCT case_key FROM facts ORDER BY case_key LIMIT $1",
        limit,
    )
    .await?;
    for key in &keys {
        let rows = sqlx::query("SELECT * FROM facts WHERE case_key = $1 ORDER BY source, ordinal")
            .bind(key)
            .fetch_all(&mut *connection)
            .await?;
        // Of one time and source, as they were written.
        let mut sources: BTreeMap<String, (String, Vec<Fact>)> = BTreeMap::new();
        for row in &rows {
            let source: String = row.try_get("source")?;
            let fact = fact_from_row(row, &source)?;
            let time = row.try_get("recorded_at")?;
            sources.entry(source).or_insert((time, Vec::new())).1.push(fact);
        }
        for (time, facts) in sources.values() {
            facts::insert(&mut *connection, secrets, &[(*key, facts)], time).await?;
        }
        sqlx::query("DELETE FROM facts WHERE case_key = $1")
            .bind(key)
            .execute(&mut *connection)
            .await?;
    }
    Ok(keys.len() as u64)
}

fn fact_from_row(row: &SqliteRow, source: &str) -> Tried<Fact> {
    let field: String = row.try_get("field")?;
    let file: Option<String> = row.try_get("file_sha256")?;
    let evidence = match file {
        Some(file_sha256) => {
            let page: Option<i64> = row.try_get("page")?;
            let area: Option<String> = row.try_get("area")?;
            let confidence: Option<f64> = row.try_get("confidence")?;
            Some(Evidence {
                file_sha256,
                page: from_db_u32(page.unwrap_or(-1), "page of a fact")?,
                area: area.as_deref().map(read_area).transpose()?,
                confidence: narrow(confidence.ok_or_else(|| Fault::damaged("confidence of a fact"))?),
            })
        }
        None => None,
    };
    Ok(Fact {
        field: FieldName::from_code(&field).ok_or_else(|| Fault::damaged("name of a field"))?,
        value: row.try_get("value")?,
        as_read: row.try_get("as_read")?,
        source: FactSource::from_code(source).ok_or_else(|| Fault::damaged("source of a fact"))?,
        origin: row.try_get("origin")?,
        evidence,
    })
}

async fn documents(connection: &mut Connection, secrets: &Secrets, limit: i64) -> Tried<u64> {
    let rows = sqlx::query("SELECT * FROM documents LIMIT $1")
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        let (case_key, ordinal) = (row.try_get("case_key")?, row.try_get("ordinal")?);
        let text: (String, String, Option<String>) = (
            row.try_get("title")?,
            row.try_get("source_name")?,
            row.try_get("failure")?,
        );
        sqlx::query(
            "INSERT INTO sealed_documents (case_key, ordinal, kind, occurrence, version, file_sha256, content_id, \
             first_page, page_count, is_part, sealed) \
             SELECT case_key, ordinal, kind, occurrence, version, file_sha256, content_id, first_page, page_count, \
             is_part, $3 FROM documents WHERE case_key = $1 AND ordinal = $2",
        )
        .bind(case_key)
        .bind(ordinal)
        .bind(secrets.seal(Place::Document { case_key, ordinal }, &text)?)
        .execute(&mut *connection)
        .await?;
        sqlx::query("DELETE FROM documents WHERE case_key = $1 AND ordinal = $2")
            .bind(case_key)
            .bind(ordinal)
            .execute(&mut *connection)
            .await?;
    }
    Ok(rows.len() as u64)
}

async fn versions(connection: &mut Connection, secrets: &Secrets, limit: i64) -> Tried<u64> {
    let rows = sqlx::query("SELECT * FROM document_versions LIMIT $1")
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        let (case_key, occurrence) = (row.try_get("case_key")?, row.try_get("occurrence")?);
        let version = row.try_get("version")?;
        let place = Place::Version {
            case_key,
            occurrence,
            version,
        };
        let name: String = row.try_get("source_name")?;
        let title: String = row.try_get("title")?;
        let condition =
            "FROM document_versions WHERE case_key = $1 AND source_name = $2 AND occurrence = $3 AND version = $4";
        let insert = format!(
            "INSERT INTO sealed_versions (case_key, occurrence, version, kind, file_sha256, content_id, first_page, \
             page_count, superseded_by, superseded_at, sealed) SELECT case_key, occurrence, version, kind, file_sha256, \
             content_id, first_page, page_count, superseded_by, superseded_at, $5 {condition}"
        );
        sqlx::query(sqlx::AssertSqlSafe(insert))
            .bind(case_key)
            .bind(&name)
            .bind(occurrence)
            .bind(version)
            .bind(secrets.seal(place, &(&name, &title))?)
            .execute(&mut *connection)
            .await?;
        sqlx::query(sqlx::AssertSqlSafe(format!("DELETE {condition}")))
            .bind(case_key)
            .bind(&name)
            .bind(occurrence)
            .bind(version)
            .execute(&mut *connection)
            .await?;
    }
    Ok(rows.len() as u64)
}

/// The corrections of a case with those of them that were undone.
async fn corrections(connection: &mut Connection, secrets: &Secrets, limit: i64) -> Tried<u64> {
    let select = "SELECT DISTINCT case_key FROM corrections ORDER BY case_key LIMIT $1";
    let keys = next_cases(&mut *connection, select, limit).await?;
    for key in &keys {
        let case_key = *key;
        let rows = sqlx::query("SELECT * FROM corrections WHERE case_key = $1")
            .bind(case_key)
            .fetch_all(&mut *connection)
            .await?;
        for row in &rows {
            let number = row.try_get("number")?;
            let text = CorrectionText {
                source_name: row.try_get("source_name")?,
                as_read: row.try_get("as_read")?,
                old: row.try_get("old_value")?,
                value: row.try_get("value")?,
                reason: row.try_get("reason")?,
            };
            sqlx::query(
                "INSERT INTO sealed_corrections (case_key, number, kind, field, occurrence, content_id, page, line, \
                 area, page_width, page_height, follows, subject, review, author, made_at, sealed) \
                 SELECT case_key, number, kind, field, occurrence, content_id, page, line, area, page_width, \
                 page_height, follows, subject, review, author, made_at, $3 FROM corrections \
                 WHERE case_key = $1 AND number = $2",
            )
            .bind(case_key)
            .bind(number)
            .bind(secrets.seal(Place::Correction { case_key, number }, &text)?)
            .execute(&mut *connection)
            .await?;
        }
        let rows = sqlx::query("SELECT number, reason FROM correction_undos WHERE case_key = $1")
            .bind(case_key)
            .fetch_all(&mut *connection)
            .await?;
        for row in &rows {
            let number = row.try_get("number")?;
            let reason: Option<String> = row.try_get("reason")?;
            sqlx::query(
                "INSERT INTO sealed_undos (case_key, number, author, undone_at, sealed) \
                 SELECT case_key, number, author, undone_at, $3 FROM correction_undos \
                 WHERE case_key = $1 AND number = $2",
            )
            .bind(case_key)
            .bind(number)
            .bind(secrets.seal(Place::Undo { case_key, number }, &reason)?)
            .execute(&mut *connection)
            .await?;
        }
        for delete in [
            "DELETE FROM correction_undos WHERE case_key = $1",
            "DELETE FROM corrections WHERE case_key = $1",
        ] {
            sqlx::query(delete).bind(case_key).execute(&mut *connection).await?;
        }
    }
    Ok(keys.len() as u64)
}

async fn jobs(connection: &mut Connection, secrets: &Secrets, limit: i64) -> Tried<u64> {
    let rows = sqlx::query("SELECT job_key, kind, source, reason_detail FROM jobs LIMIT $1")
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        let (job_key, kind): (i64, String) = (row.try_get("job_key")?, row.try_get("kind")?);
        let source: String = row.try_get("source")?;
        let detail: Option<String> = row.try_get("reason_detail")?;
        let source_id = jobs::source_id(secrets, &source);
        let place = Place::Job {
            kind: &kind,
            source_id: &source_id,
        };
        let reason = detail.map(|detail| secrets.seal(Place::JobReason { job_key }, &detail));
        sqlx::query(
            "INSERT INTO sealed_jobs (job_key, kind, source_id, source, content, state, reason_code, reason, attempts, \
             enqueued_at, started_at, finished_at) SELECT job_key, kind, $2, $3, content, state, reason_code, $4, \
             attempts, enqueued_at, started_at, finished_at FROM jobs WHERE job_key = $1",
        )
        .bind(job_key)
        .bind(&source_id)
        .bind(secrets.seal(place, &source)?)
        .bind(reason.transpose()?)
        .execute(&mut *connection)
        .await?;
        sqlx::query("DELETE FROM jobs WHERE job_key = $1")
            .bind(job_key)
            .execute(&mut *connection)
            .await?;
    }
    Ok(rows.len() as u64)
}
