//! The rows of corrections: what of them is sealed, how they are written and read.

use serde::{Deserialize, Serialize};
use sqlx::{Row, sqlite::SqliteRow};

use super::database::{Connection, from_db_u32};
use super::error::{Fault, Tried};
use super::facts::{read_area, write_area};
use super::sealed::{Place, Secrets};
use crate::record::{Correction, CorrectionSubject, FieldName, LineAnchor, Undo};

pub(super) const LINE_COLUMNS: &str = "c.case_key, c.number, c.occurrence, c.content_id, c.page, c.line, c.area, \
                                       c.page_width, c.page_height, c.follows, c.sealed";

const INSERT: &str = "INSERT INTO corrections (case_key, number, kind, field, occurrence, content_id, page, line, area, \
     page_width, page_height, follows, subject, review, author, made_at, sealed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

pub(super) async fn insert(
    connection: &mut Connection,
    secrets: &Secrets,
    key: i64,
    correction: &Correction,
) -> Tried<()> {
    let subject = &correction.subject;
    let line = match subject {
        CorrectionSubject::Line(anchor) => Some(anchor),
        _ => None,
    };
    let field = match subject {
        CorrectionSubject::Field(field) => Some(*field),
        CorrectionSubject::Checked { field, .. } => *field,
        CorrectionSubject::Line(_) => None,
    };
    let (checked, review) = match subject {
        CorrectionSubject::Checked { subject, review, .. } => (Some(subject), Some(review)),
        _ => (None, None),
    };
    let text = CorrectionText {
        source_name: line.map(|line| line.source_name.clone()),
        as_read: line.map(|line| line.as_read.clone()),
        old: correction.old.clone(),
        value: correction.value.clone(),
        reason: correction.reason.clone(),
    };
    let place = Place::Correction {
        case_key: key,
        number: i64::from(correction.number),
    };
    sqlx::query(INSERT)
        .bind(key)
        .bind(i64::from(correction.number))
        .bind(subject.code())
        .bind(field.map(FieldName::code))
        .bind(line.map(|l| i64::from(l.occurrence)))
        .bind(line.map(|l| l.content_id.as_str()))
        .bind(line.map(|l| i64::from(l.page)))
        .bind(line.map(|l| i64::from(l.line)))
        .bind(line.map(|l| write_area(l.area)))
        .bind(line.map(|l| i64::from(l.page_size.0)))
        .bind(line.map(|l| i64::from(l.page_size.1)))
        .bind(line.and_then(|l| l.follows).map(i64::from))
        .bind(checked)
        .bind(review)
        .bind(&correction.author)
        .bind(&correction.made_at)
        .bind(secrets.seal(place, &text)?)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn insert_undo(
    connection: &mut Connection,
    secrets: &Secrets,
    key: i64,
    number: u32,
    undo: &Undo,
) -> Tried<()> {
    let place = Place::Undo {
        case_key: key,
        number: i64::from(number),
    };
    sqlx::query(
        "INSERT INTO correction_undos (case_key, number, author, undone_at, sealed) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(key)
    .bind(i64::from(number))
    .bind(&undo.author)
    .bind(&undo.undone_at)
    .bind(secrets.seal(place, &undo.reason)?)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn list(connection: &mut Connection, secrets: &Secrets, key: i64) -> Tried<Vec<Correction>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT c.kind, c.field, c.subject, c.review, c.author, c.made_at, u.author AS undone_by, u.undone_at, \
         u.sealed AS undone_reason, {LINE_COLUMNS} FROM corrections c \
         LEFT JOIN correction_undos u ON u.case_key = c.case_key AND u.number = c.number \
         WHERE c.case_key = $1 ORDER BY c.number"
    )))
    .bind(key)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_row(row, secrets, key)).collect()
}

fn from_row(row: &SqliteRow, secrets: &Secrets, case_key: i64) -> Tried<Correction> {
    let number: i64 = row.try_get("number")?;
    let text = CorrectionText::of(secrets, case_key, row)?;
    let kind: String = row.try_get("kind")?;
    let field: Option<String> = row.try_get("field")?;
    let field = field.as_deref().and_then(FieldName::from_code);
    let damaged = || Fault::damaged("correction");
    let subject = match kind.as_str() {
        "field" => CorrectionSubject::Field(field.ok_or_else(damaged)?),
        "line" => CorrectionSubject::Line(anchor_from_row(row, &text)?),
        "checked" => CorrectionSubject::Checked {
            subject: row.try_get::<Option<String>, _>("subject")?.ok_or_else(damaged)?,
            review: row.try_get::<Option<String>, _>("review")?.ok_or_else(damaged)?,
            field,
        },
        _ => return Err(damaged()),
    };
    let undone_by: Option<String> = row.try_get("undone_by")?;
    let undone = match undone_by {
        Some(author) => {
            let sealed: Vec<u8> = row.try_get("undone_reason")?;
            Some(Undo {
                author,
                reason: secrets.open(Place::Undo { case_key, number }, &sealed)?,
                undone_at: row.try_get("undone_at")?,
            })
        }
        None => None,
    };
    Ok(Correction {
        number: from_db_u32(number, "number of a correction")?,
        subject,
        old: text.old,
        value: text.value,
        reason: text.reason,
        author: row.try_get("author")?,
        made_at: row.try_get("made_at")?,
        undone,
    })
}

/// What is sealed of a correction.
#[derive(Serialize, Deserialize)]
pub(super) struct CorrectionText {
    pub(super) source_name: Option<String>,
    pub(super) as_read: Option<String>,
    pub(super) old: Option<String>,
    pub(super) value: Option<String>,
    pub(super) reason: Option<String>,
}

impl CorrectionText {
    /// Opens it, from a row with `number` and `sealed`.
    pub(super) fn of(secrets: &Secrets, case_key: i64, row: &SqliteRow) -> Tried<Self> {
        let sealed: Vec<u8> = row.try_get("sealed")?;
        let number = row.try_get("number")?;
        secrets.open(Place::Correction { case_key, number }, &sealed)
    }
}

/// The columns of [`LINE_COLUMNS`].
pub(super) fn anchor_from_row(row: &SqliteRow, text: &CorrectionText) -> Tried<LineAnchor> {
    let said = |text: &Option<String>| text.clone().ok_or_else(|| Fault::damaged("place of a corrected line"));
    let number = |column: &'static str| -> Tried<u32> {
        let value: Option<i64> = row.try_get(column)?;
        from_db_u32(value.unwrap_or(-1), "place of a corrected line")
    };
    let column = |column: &'static str| -> Tried<String> { said(&row.try_get(column)?) };
    let follows: Option<i64> = row.try_get("follows")?;
    Ok(LineAnchor {
        source_name: said(&text.source_name)?,
        occurrence: number("occurrence")?,
        content_id: column("content_id")?,
        page: number("page")?,
        line: number("line")?,
        area: read_area(&column("area")?)?,
        page_size: (number("page_width")?, number("page_height")?),
        as_read: said(&text.as_read)?,
        follows: follows
            .map(|number| from_db_u32(number, "number of a correction"))
            .transpose()?,
    })
}
