//! Saving a case: one transaction that leaves either the whole new state or the old one.

use std::collections::BTreeSet;

use sqlx::{QueryBuilder, Row, Sqlite};

use super::cases::{fields_from_row, open_fields, seal_fields};
use super::database::{Catalogue, Connection, from_db, now, to_db};
use super::directory::check_hash;
use super::documents::{Packed, pack, place, replace_documents};
use super::error::{Error, Fault, Result, Tried};
use super::fingerprint::fingerprint;
use super::insert::{NewCase, insert_new};
use super::owners::owner_of;
use super::sealed::Secrets;
use super::traces::trace_of;
use super::{facts, reviews};
use crate::record::{CaseFields, CaseRecord, Fact};

/// What saving a case did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The catalogue held the same already; nothing was written.
    Unchanged {
        /// Key of the case.
        case_key: u64,
        /// Sequence of its last change.
        sequence: u64,
    },
    /// The case is new.
    Created {
        /// Key of the case.
        case_key: u64,
        /// Sequence of this change.
        sequence: u64,
    },
    /// The case was there and is different now.
    Changed {
        /// Key of the case.
        case_key: u64,
        /// Sequence of this change.
        sequence: u64,
    },
}

impl Saved {
    /// Key of the case.
    pub fn case_key(self) -> u64 {
        match self {
            Self::Unchanged { case_key, .. } | Self::Created { case_key, .. } | Self::Changed { case_key, .. } => {
                case_key
            }
        }
    }

    /// Sequence of the last change of the case.
    pub fn sequence(self) -> u64 {
        match self {
            Self::Unchanged { sequence, .. } | Self::Created { sequence, .. } | Self::Changed { sequence, .. } => {
                sequence
            }
        }
    }
}

impl Catalogue {
    /// Saves a case under its archival code.
    ///
    /// - The facts of catalogue and extraction take the place of the earlier ones; corrections stay, and those in
    ///   `case` are not looked at (see [`Self::correct`]). The fields are resolved from all facts;
    ///   `case.fields` is not looked at either.
    /// - A document whose `pages` are empty shows all pages of its file that are or will be kept by
    ///   [`Self::save_page`], or those of its `part`; else its pages are kept with the case, and it shows the range
    ///   that they span.
    /// - A document with the same source name but other bytes becomes the next version; the earlier one is kept.
    /// - A case that was withdrawn stays so.
    /// - Nothing is written, and no sequence used, when nothing differs.
    ///
    /// # Errors
    /// [`Error::InvalidCase`], [`Error::InvalidPage`], [`Error::UnknownFile`] for a document whose file is not
    /// registered, or a failure of the database. Nothing is changed then.
    pub async fn save_case(&self, case: &CaseRecord) -> Result<Saved> {
        let saved = self.save_cases(std::slice::from_ref(case)).await?;
        let none = || Fault::damaged("answer to saving a case");
        saved
            .first()
            .copied()
            .ok_or_else(|| self.fault("saving a case")(none()))
    }

    /// Saves several cases in one transaction: see [`Self::save_case`].
    ///
    /// # Errors
    /// As [`Self::save_case`]; then none of the cases is saved.
    pub async fn save_cases(&self, cases: &[CaseRecord]) -> Result<Vec<Saved>> {
        let saved = async {
            let mut transaction = self.write().await?;
            let mut all = Vec::with_capacity(cases.len());
            for case in cases {
                let packed = pack_all(case)?;
                all.push(save(&mut transaction, case, &packed, self.secrets()).await?);
            }
            transaction.commit().await?;
            Ok(all)
        };
        saved.await.map_err(self.fault("saving a case"))
    }

    /// Withdraws a case from all answers, or brings it back. Its content stays.
    ///
    /// # Errors
    /// [`Error::UnknownCase`], or a failure of the database.
    pub async fn set_withdrawn(&self, case_key: u64, withdrawn: bool) -> Result<Saved> {
        let set = async {
            let mut transaction = self.write().await?;
            let row = sqlx::query("SELECT withdrawn, sequence FROM cases WHERE case_key = $1")
                .bind(to_db(case_key))
                .fetch_optional(&mut *transaction)
                .await?
                .ok_or(Error::UnknownCase { case_key })?;
            if row.try_get::<i64, _>("withdrawn")? == i64::from(withdrawn) {
                let sequence = from_db(row.try_get("sequence")?, "sequence")?;
                return Ok(Saved::Unchanged { case_key, sequence });
            }
            sqlx::query("UPDATE reviews SET withdrawn = $2 WHERE case_key = $1")
                .bind(to_db(case_key))
                .bind(i64::from(withdrawn))
                .execute(&mut *transaction)
                .await?;
            let sequence = next_sequence(&mut transaction).await?;
            sqlx::query("UPDATE cases SET withdrawn = $2, sequence = $3, changed_at = $4 WHERE case_key = $1")
                .bind(to_db(case_key))
                .bind(i64::from(withdrawn))
                .bind(sequence)
                .bind(now())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            let sequence = from_db(sequence, "sequence")?;
            Ok(Saved::Changed { case_key, sequence })
        };
        set.await.map_err(self.fault("withdrawing a case"))
    }
}

/// Checks a case and packs the pages that came with it.
pub(super) fn pack_all(case: &CaseRecord) -> Result<Vec<Packed>> {
    check(case)?;
    let documents = case.documents.iter();
    documents.map(|document| pack(&case.archival_code, document)).collect()
}

pub(super) async fn save(
    connection: &mut Connection,
    case: &CaseRecord,
    packed: &[Packed],
    secrets: &Secrets,
) -> Tried<Saved> {
    let mut placed = Vec::with_capacity(case.documents.len());
    for (document, packed) in case.documents.iter().zip(packed) {
        placed.push(place(connection, secrets, document, packed).await?);
    }
    let fingerprint = fingerprint(connection, case, &placed).await?;

    let present = sqlx::query("SELECT * FROM cases WHERE archival_code = $1")
        .bind(case.archival_code.as_str())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = present else {
        let new = NewCase {
            case,
            placed,
            fingerprint,
        };
        let created = insert_new(connection, secrets, &[new]).await?;
        return created
            .first()
            .copied()
            .ok_or_else(|| Fault::damaged("answer to saving a case"));
    };

    let key: i64 = row.try_get("case_key")?;
    let case_key = from_db(key, "case key")?;
    let mut all_facts = facts::corrections(connection, secrets, key).await?;
    all_facts.extend(facts::given(&case.facts).cloned());
    let fields = CaseFields::resolve(&all_facts);
    let same = row.try_get::<String, _>("fingerprint")? == fingerprint && fields_from_row(&row, secrets)? == fields;
    if same {
        let sequence = from_db(row.try_get("sequence")?, "sequence")?;
        return Ok(Saved::Unchanged { case_key, sequence });
    }
    let sequence = next_sequence(connection).await?;
    update(
        connection,
        secrets,
        case.archival_code.as_str(),
        (sequence, &fingerprint),
        (&fields, &all_facts),
    )
    .await?;
    facts::replace(connection, secrets, key, &case.facts).await?;
    replace_documents(connection, secrets, key, &placed).await?;
    reviews::refresh_stored(connection, secrets, key).await?;
    let sequence = from_db(sequence, "sequence")?;
    Ok(Saved::Changed { case_key, sequence })
}

fn check(case: &CaseRecord) -> Result<()> {
    let invalid = |detail: String| Error::InvalidCase {
        archival_code: case.archival_code.to_string(),
        detail,
    };
    let mut ordinals = BTreeSet::new();
    for document in &case.documents {
        let ordinal = document.ordinal;
        if ordinal == 0 || !ordinals.insert(ordinal) {
            return Err(invalid(format!("document number {ordinal} is 0 or occurs twice")));
        }
        if let Some(sha256) = &document.file_sha256 {
            check_hash(sha256)?;
        }
        if document
            .part
            .is_some_and(|part| part.first_page == 0 || part.page_count == 0)
        {
            return Err(invalid(format!("document {ordinal} is a part of no page")));
        }
        let mut numbers = BTreeSet::new();
        for page in &document.pages {
            if !numbers.insert(page.number) {
                return Err(invalid(format!(
                    "page {} of document {ordinal} occurs twice",
                    page.number
                )));
            }
        }
    }
    Ok(())
}

pub(super) async fn next_sequence(connection: &mut Connection) -> Tried<i64> {
    last_of_sequences(connection, 1).await
}

/// Takes so many sequences, and gives the last of them.
pub(super) async fn last_of_sequences(connection: &mut Connection, count: usize) -> Tried<i64> {
    let next = "UPDATE counters SET value = value + $1 WHERE name = 'sequence' RETURNING value";
    Ok(sqlx::query_scalar(next)
        .bind(to_db(count as u64))
        .fetch_one(connection)
        .await?)
}

/// Writes the fields of a case, with the sequence of this change and its fingerprint.
pub(super) async fn update(
    connection: &mut Connection,
    secrets: &Secrets,
    archival_code: &str,
    (sequence, fingerprint): (i64, &str),
    (fields, facts): (&CaseFields, &[Fact]),
) -> Tried<()> {
    let mut update = QueryBuilder::<Sqlite>::new("UPDATE cases SET sequence = ");
    update.push_bind(sequence);
    update.push(", fingerprint = ").push_bind(fingerprint);
    update.push(", changed_at = ").push_bind(now());
    for field in open_fields() {
        update.push(format_args!(", {} = ", field.code()));
        update.push_bind(fields.get(field));
    }
    update.push(", owner = ").push_bind(owner_of(secrets, facts));
    update.push(", trace = ").push_bind(trace_of(secrets, facts).pack());
    update.push(", sealed = ");
    update.push_bind(seal_fields(secrets, archival_code, fields)?);
    update.push(" WHERE archival_code = ").push_bind(archival_code);
    update.build().execute(connection).await?;
    Ok(())
}
