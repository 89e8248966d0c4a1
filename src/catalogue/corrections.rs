//! Corrections, a layer of their own that only grows; nothing that is read or imported touches it.

use sqlx::{Row, sqlite::SqliteRow};
use thiserror::Error;

use super::cases::{document_from_row, fields_from_row};
use super::correction_rows::{insert, insert_undo, list};
use super::database::{Catalogue, Connection, from_db_u32, now, to_db};
use super::error::{Error, Result, Tried};
use super::pages::corrected_page;
use super::save::{next_sequence, update};
use super::sealed::Secrets;
use super::{facts, jobs, reviews};
use crate::record::{CaseFields, Correction, CorrectionSubject, FieldName, LineAnchor, Undo};

/// Kind of the jobs that tell the indexer of corrections; their source is `档号#number`, with `/undo` when one was undone.
pub const CORRECTION_JOB: &str = "correction";
/// Longest value of a field, in characters.
pub const MOST_VALUE: usize = 500;
/// Longest text of a line, in characters.
pub const MOST_LINE: usize = 2_000;
/// Longest name of an author, in characters.
pub const MOST_AUTHOR: usize = 100;
/// Longest reason, in characters.
pub const MOST_REASON: usize = 1_000;

/// A correction that a person makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCorrection {
    /// What is to be different.
    pub change: Change,
    /// Who makes it: the person of the account.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
}

/// What a person changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The value of a field.
    Field {
        /// The field.
        field: FieldName,
        /// The right value, in any form that the field reads.
        value: String,
        /// What the person saw; refused when it is something else by now. Empty for a field without a value.
        old: Option<String>,
    },
    /// The text of a line.
    Line {
        /// Position of the document in the case, from 1.
        document: u32,
        /// Page of the document's file.
        page: u32,
        /// Index of the line on the page as it is answered, from 0.
        line: u32,
        /// The right text; empty when nothing stands there.
        value: String,
        /// What the person saw; refused when it is something else by now.
        old: Option<String>,
    },
    /// Nothing: what the review queue doubts was checked and stands as it is.
    Checked {
        /// Key of the doubt.
        review: String,
    },
}

/// Why a correction is refused. Never holds what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Not a value of the field.
    #[error("not a value of the field `{}`", field.code())]
    Value {
        /// The field.
        field: FieldName,
    },
    /// Something is longer than allowed, or holds control characters.
    #[error("`{what}` is longer than {most} characters or holds control characters")]
    TooLong {
        /// Name of the part.
        what: &'static str,
        /// Most characters.
        most: usize,
    },
    /// Something must be given.
    #[error("`{what}` is missing")]
    Missing {
        /// Name of the part.
        what: &'static str,
    },
    /// What the person saw is not there any more.
    #[error("the value has changed meanwhile")]
    Stale,
    /// No such document, page or line.
    #[error("there is no such line")]
    NoLine,
    /// No such doubt in the review queue.
    #[error("there is no such doubt")]
    NoReview,
    /// No such correction.
    #[error("there is no such correction")]
    NoCorrection,
    /// The correction was undone before.
    #[error("the correction is undone already")]
    Undone,
    /// The text holds other masks than hide something of the line.
    #[error("other masks than hide something")]
    Masked,
    /// Somebody keeps as many results as are kept.
    #[error("too many results are kept")]
    TooMany,
}

impl Catalogue {
    /// Makes a correction. It wins over all that is read or imported, now and later, until it is undone or corrected
    /// again; a job tells the indexer.
    ///
    /// # Errors
    /// [`Error::UnknownCase`], [`Error::Refused`] with the reason, or a failure of the database. Nothing is changed then.
    pub async fn correct(&self, case_key: u64, new: &NewCorrection) -> Result<Correction> {
        let made = async {
            let author = part("author", &new.author, MOST_AUTHOR)?;
            let reason = optional("reason", new.reason.as_deref(), MOST_REASON)?;
            let mut transaction = self.write().await?;
            let key = to_db(case_key);
            let case = sqlx::query("SELECT * FROM cases WHERE case_key = $1")
                .bind(key)
                .fetch_optional(&mut *transaction)
                .await?
                .ok_or(Error::UnknownCase { case_key })?;
            let (subject, old, value) = change(&mut transaction, self.secrets(), key, &case, &new.change).await?;
            let number: i64 =
                sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) + 1 FROM corrections WHERE case_key = $1")
                    .bind(key)
                    .fetch_one(&mut *transaction)
                    .await?;
            let correction = Correction {
                number: from_db_u32(number, "number of a correction")?,
                subject,
                old,
                value,
                reason,
                author,
                made_at: now(),
                undone: None,
            };
            insert(&mut transaction, self.secrets(), key, &correction).await?;
            self.settle(&mut transaction, key, &case, &correction, "").await?;
            transaction.commit().await?;
            Ok(correction)
        };
        made.await.map_err(self.fault("correcting a case"))
    }

    /// Takes a correction back: what it had replaced counts again. The correction stays in the history.
    ///
    /// # Errors
    /// [`Error::UnknownCase`], [`Error::Refused`], or a failure of the database.
    pub async fn undo_correction(
        &self,
        case_key: u64,
        number: u32,
        author: &str,
        reason: Option<&str>,
    ) -> Result<Correction> {
        let undone = async {
            let author = part("author", author, MOST_AUTHOR)?;
            let reason = optional("reason", reason, MOST_REASON)?;
            let mut transaction = self.write().await?;
            let key = to_db(case_key);
            let case = sqlx::query("SELECT * FROM cases WHERE case_key = $1")
                .bind(key)
                .fetch_optional(&mut *transaction)
                .await?
                .ok_or(Error::UnknownCase { case_key })?;
            let mut all = list(&mut transaction, self.secrets(), key).await?;
            let at = all.iter().position(|correction| correction.number == number);
            let mut correction = at.map(|at| all.swap_remove(at)).ok_or(Refusal::NoCorrection)?;
            if correction.undone.is_some() {
                return Err(Refusal::Undone.into());
            }
            let undo = Undo {
                reason,
                author,
                undone_at: now(),
            };
            insert_undo(&mut transaction, self.secrets(), key, number, &undo).await?;
            correction.undone = Some(undo);
            self.settle(&mut transaction, key, &case, &correction, "/undo").await?;
            transaction.commit().await?;
            Ok(correction)
        };
        undone.await.map_err(self.fault("undoing a correction"))
    }

    /// All corrections of a case in the order in which they were made, those that were undone among them.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn corrections(&self, case_key: u64) -> Result<Vec<Correction>> {
        let listed = async {
            let mut transaction = self.read().await?;
            list(&mut transaction, self.secrets(), to_db(case_key)).await
        };
        listed.await.map_err(self.fault("listing corrections"))
    }

    /// Lets fields, review queue and indexer know of a correction or its undoing.
    async fn settle(
        &self,
        connection: &mut Connection,
        key: i64,
        case: &SqliteRow,
        correction: &Correction,
        suffix: &str,
    ) -> Tried<()> {
        let changes_case = !matches!(correction.subject, CorrectionSubject::Checked { .. });
        if changes_case {
            let archival_code: String = case.try_get("archival_code")?;
            let fingerprint: String = case.try_get("fingerprint")?;
            let all_facts = facts::load(connection, self.secrets(), key).await?;
            let fields = CaseFields::resolve(&all_facts);
            let sequence = next_sequence(connection).await?;
            update(
                connection,
                self.secrets(),
                &archival_code,
                (sequence, &fingerprint),
                (&fields, &all_facts),
            )
            .await?;
            let source = format!("{archival_code}#{}{suffix}", correction.number);
            jobs::put(connection, self.secrets(), CORRECTION_JOB, &source, None).await?;
        }
        reviews::refresh_stored(connection, self.secrets(), key).await
    }
}

/// Checks a change against the case and tells what it is about, what stood there, and what is to stand there.
async fn change(
    connection: &mut Connection,
    secrets: &Secrets,
    key: i64,
    case: &SqliteRow,
    change: &Change,
) -> Tried<(CorrectionSubject, Option<String>, Option<String>)> {
    match change {
        Change::Field { field, value, old } => {
            let value = part("value", value, MOST_VALUE)?;
            let field = *field;
            let value = canonical(field, &value).ok_or(Refusal::Value { field })?;
            let present = fields_from_row(case, secrets)?.get(field);
            if let Some(old) = old {
                let seen = Some(old.trim()).filter(|old| !old.is_empty());
                let seen = seen.map(|seen| canonical(field, seen).unwrap_or_else(|| seen.to_owned()));
                if seen != present {
                    return Err(Refusal::Stale.into());
                }
            }
            Ok((CorrectionSubject::Field(field), present, Some(value)))
        }
        Change::Line {
            document,
            page,
            line,
            value,
            old,
        } => {
            let value = bounded("value", value, MOST_LINE)?;
            let (anchor, present) = line_now(connection, secrets, key, (*document, *page, *line)).await?;
            if old.as_ref().is_some_and(|old| *old != present) {
                return Err(Refusal::Stale.into());
            }
            Ok((CorrectionSubject::Line(anchor), Some(present), Some(value)))
        }
        Change::Checked { review } => {
            let row = sqlx::query("SELECT reason, field FROM reviews WHERE case_key = $1 AND subject = $2")
                .bind(key)
                .bind(review)
                .fetch_optional(&mut *connection)
                .await?
                .ok_or(Refusal::NoReview)?;
            let field: Option<String> = row.try_get("field")?;
            let subject = CorrectionSubject::Checked {
                subject: review.clone(),
                review: row.try_get("reason")?,
                field: field.as_deref().and_then(FieldName::from_code),
            };
            Ok((subject, None, None))
        }
    }
}

/// A line of a page as it is answered: what it says now, and how to find it again.
async fn line_now(
    connection: &mut Connection,
    secrets: &Secrets,
    key: i64,
    (document, page, line): (u32, u32, u32),
) -> Tried<(LineAnchor, String)> {
    let row = sqlx::query("SELECT * FROM documents WHERE case_key = $1 AND ordinal = $2")
        .bind(key)
        .bind(i64::from(document))
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(Refusal::NoLine)?;
    let shown = corrected_page(connection, secrets, key, document, page)
        .await?
        .ok_or(Refusal::NoLine)?;
    let at = line as usize;
    let now = shown.page.text.lines.get(at).ok_or(Refusal::NoLine)?;
    let earlier = shown.edits.iter().find(|edit| edit.line == at);
    let raw = shown.as_read.lines.get(at);
    let anchor = match (earlier, raw) {
        // A line that was added because its place was lost keeps the place it had.
        (Some(edit), None) => {
            let made = list(connection, secrets, key).await?;
            let anchor = made.into_iter().find_map(|correction| match correction.subject {
                CorrectionSubject::Line(anchor) if correction.number == edit.number => Some(anchor),
                _ => None,
            });
            LineAnchor {
                follows: Some(edit.number),
                ..anchor.ok_or(Refusal::NoLine)?
            }
        }
        (earlier, Some(raw)) => LineAnchor {
            source_name: document_from_row(&row, secrets)?.source_name,
            occurrence: from_db_u32(row.try_get("occurrence")?, "occurrence of a document")?,
            content_id: shown.address.content_id.clone(),
            page,
            line,
            area: raw.area,
            page_size: (shown.page.width, shown.page.height),
            as_read: raw.text.clone(),
            follows: earlier.map(|edit| edit.number),
        },
        (None, None) => return Err(Refusal::NoLine.into()),
    };
    Ok((anchor, now.text.clone()))
}

/// The form in which a field keeps a value; `None` when it is none.
fn canonical(field: FieldName, value: &str) -> Option<String> {
    let mut fields = CaseFields::default();
    if fields.set(field, value) {
        fields.get(field)
    } else {
        None
    }
}

pub(super) type Checked<T> = std::result::Result<T, Refusal>;

fn bounded(what: &'static str, text: &str, most: usize) -> Checked<String> {
    let text = text.trim();
    if text.chars().nth(most).is_some() || text.chars().any(char::is_control) {
        return Err(Refusal::TooLong { what, most });
    }
    Ok(text.to_owned())
}

pub(super) fn part(what: &'static str, text: &str, most: usize) -> Checked<String> {
    let text = bounded(what, text, most)?;
    if text.is_empty() {
        return Err(Refusal::Missing { what });
    }
    Ok(text)
}

fn optional(what: &'static str, text: Option<&str>, most: usize) -> Checked<Option<String>> {
    let text = text.map(|text| bounded(what, text, most)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}
