//! Writing new cases, as many as there are with each statement: a statement costs more than a row.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use sqlx::{QueryBuilder, Row, Sqlite};

use super::cases::{open_fields, seal_fields};
use super::database::{Connection, from_db, now};
use super::documents::Placed;
use super::error::{Fault, Tried};
use super::facts;
use super::owners::owner_of;
use super::reviews::{self, ReviewedCase};
use super::save::{Saved, last_of_sequences};
use super::sealed::Secrets;
use super::traces::trace_of;
use crate::record::{CaseFields, CaseRecord, Fact};
use crate::review::{Reviewed, ReviewedDocument};

/// Rows of one statement: far from the bounds of SQLite (32,766 values) and PostgreSQL (65,535).
const ROWS_AT_A_TIME: usize = 200;

/// A case that the catalogue does not have yet. Its pages are kept already.
pub(super) struct NewCase<'a> {
    pub(super) case: &'a CaseRecord,
    pub(super) placed: Vec<Placed<'a>>,
    pub(super) fingerprint: String,
}

/// A new case with what is written of it.
struct NewRow<'a> {
    new: &'a NewCase<'a>,
    given: Vec<Fact>,
    fields: CaseFields,
    sequence: i64,
    key: i64,
}

/// Writes new cases; each takes a sequence, in their order. Their archival codes must differ.
pub(super) async fn insert_new(
    connection: &mut Connection,
    secrets: &Secrets,
    cases: &[NewCase<'_>],
) -> Tried<Vec<Saved>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let last = last_of_sequences(connection, cases.len()).await?;
    let first = last + 1 - i64::try_from(cases.len()).map_err(|_| Fault::damaged("sequence"))?;
    let mut rows: Vec<NewRow<'_>> = cases
        .iter()
        .zip(first..)
        .map(|(new, sequence)| {
            let given: Vec<Fact> = facts::given(&new.case.facts).cloned().collect();
            NewRow {
                new,
                fields: CaseFields::resolve(&given),
                given,
                sequence,
                key: 0,
            }
        })
        .collect();
    let time = now();
    for some in rows.chunks_mut(ROWS_AT_A_TIME) {
        insert_cases(connection, secrets, some, &time).await?;
    }
    let all_facts: Vec<(i64, &[Fact])> = rows.iter().map(|row| (row.key, row.given.as_slice())).collect();
    facts::insert(connection, secrets, &all_facts, &time).await?;
    insert_documents(connection, secrets, &rows).await?;
    review(connection, secrets, &rows).await?;
    rows.iter()
        .map(|row| {
            Ok(Saved::Created {
                case_key: from_db(row.key, "case key")?,
                sequence: from_db(row.sequence, "sequence")?,
            })
        })
        .collect()
}

async fn insert_cases(
    connection: &mut Connection,
    secrets: &Secrets,
    rows: &mut [NewRow<'_>],
    time: &str,
) -> Tried<()> {
    let mut insert = QueryBuilder::<Sqlite>::new(
        "INSERT INTO cases (archival_code, sequence, fingerprint, public_id, created_at, changed_at",
    );
    for field in open_fields() {
        insert.push(", ").push(field.code());
    }
    insert.push(", owner, trace, sealed) ");
    let mut sealed = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        sealed.push(seal_fields(secrets, row.new.case.archival_code.as_str(), &row.fields)?);
    }
    insert.push_values(rows.iter().zip(sealed), |mut values, (row, sealed)| {
        let code = &row.new.case.archival_code;
        values
            .push_bind(code.as_str().to_owned())
            .push_bind(row.sequence)
            .push_bind(row.new.fingerprint.clone())
            .push_bind(secrets.ids.public_id(code))
            .push_bind(time.to_owned())
            .push_bind(time.to_owned());
        for field in open_fields() {
            values.push_bind(row.fields.get(field));
        }
        values.push_bind(owner_of(secrets, &row.given));
        values.push_bind(trace_of(secrets, &row.given).pack());
        values.push_bind(sealed);
    });
    insert.push(" RETURNING archival_code, case_key");
    let answer = insert.build().fetch_all(&mut *connection).await?;
    let mut keys = HashMap::with_capacity(answer.len());
    for row in &answer {
        keys.insert(row.try_get::<String, _>(0)?, row.try_get::<i64, _>(1)?);
    }
    for row in rows {
        let key = keys.get(row.new.case.archival_code.as_str());
        row.key = *key.ok_or_else(|| Fault::damaged("answer to saving a case"))?;
    }
    Ok(())
}

async fn insert_documents(connection: &mut Connection, secrets: &Secrets, rows: &[NewRow<'_>]) -> Tried<()> {
    let mut documents = Vec::new();
    for row in rows {
        let mut occurrences: BTreeMap<&str, i64> = BTreeMap::new();
        for place in &row.new.placed {
            let occurrence = occurrences.entry(place.document.source_name.as_str()).or_insert(0);
            *occurrence += 1;
            documents.push((row.key, place, *occurrence, 1));
        }
    }
    super::documents::insert(connection, secrets, &documents).await
}

/// Looks at new cases. Imported text is looked at as it comes, without reading it back: imports are large.
async fn review(connection: &mut Connection, secrets: &Secrets, rows: &[NewRow<'_>]) -> Tried<()> {
    let mut found = Vec::new();
    for row in rows {
        let placed = &row.new.placed;
        if placed.iter().any(|place| place.document.file_sha256.is_some()) {
            reviews::refresh_stored(connection, secrets, row.key).await?;
            continue;
        }
        let reviewed = Reviewed {
            fields: &row.fields,
            facts: &row.given,
            documents: placed
                .iter()
                .map(|place| ReviewedDocument {
                    document: place.document.ordinal,
                    kind: place.document.kind,
                    content_id: place.content_id(),
                    failure: place.document.failure.as_deref(),
                    pages: Cow::Borrowed(place.document.pages.as_slice()),
                })
                .collect(),
            unplaced: Vec::new(),
        };
        let case = ReviewedCase {
            key: row.key,
            code: &row.new.case.archival_code,
            withdrawn: false,
        };
        found.extend(reviews::rows_of(
            &secrets.ids,
            &case,
            &reviewed,
            &mut Default::default(),
        ));
    }
    reviews::insert(connection, &found).await
}
