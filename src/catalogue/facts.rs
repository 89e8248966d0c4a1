//! The facts of a case. What the indexer finds is replaced as a whole each time, so that the facts of one source are kept in
//! one sealed piece; what a person corrected stays.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Row, Sqlite};

use super::correction_rows::CorrectionText;
use super::database::{Connection, now, select_of};
use super::error::{Fault, Tried};
use super::sealed::{Place, Secrets};
use crate::record::{Fact, FactSource, FieldName, PixelBox};

/// Rows of one statement.
const ROWS_AT_A_TIME: usize = 500;

/// All facts of a case, in the order in which [`crate::record::CaseFields::resolve`] is to see them: the latest
/// correction first, then catalogue and extraction as they were given.
pub(super) async fn load(connection: &mut Connection, secrets: &Secrets, case_key: i64) -> Tried<Vec<Fact>> {
    let mut corrections = corrections(connection, secrets, case_key).await?;
    corrections.extend(load_source(connection, secrets, case_key, FactSource::Catalogue).await?);
    corrections.extend(load_source(connection, secrets, case_key, FactSource::Extraction).await?);
    Ok(corrections)
}

async fn load_source(
    connection: &mut Connection,
    secrets: &Secrets,
    case_key: i64,
    source: FactSource,
) -> Tried<Vec<Fact>> {
    let sealed: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT sealed FROM case_facts WHERE case_key = $1 AND source = $2")
            .bind(case_key)
            .bind(source.code())
            .fetch_optional(connection)
            .await?;
    let source = source.code();
    let facts = sealed.map(|sealed| secrets.open(Place::Facts { case_key, source }, &sealed));
    Ok(facts.transpose()?.unwrap_or_default())
}

/// The facts of several cases that the indexer gave, of each catalogue before extraction.
pub(super) async fn given_of(
    connection: &mut Connection,
    secrets: &Secrets,
    case_keys: &[i64],
) -> Tried<HashMap<i64, Vec<Fact>>> {
    let facts = "SELECT case_key, source, sealed FROM case_facts WHERE case_key";
    let rows = select_of(facts, "ORDER BY case_key", case_keys, connection).await?;
    let mut facts: HashMap<i64, Vec<Fact>> = HashMap::new();
    for row in rows {
        let case_key: i64 = row.try_get("case_key")?;
        let source: String = row.try_get("source")?;
        let sealed: Vec<u8> = row.try_get("sealed")?;
        let place = Place::Facts {
            case_key,
            source: &source,
        };
        let mut given: Vec<Fact> = secrets.open(place, &sealed)?;
        let kept = facts.entry(case_key).or_default();
        match source == FactSource::Catalogue.code() {
            true => {
                given.append(kept);
                *kept = given;
            }
            false => kept.append(&mut given),
        }
    }
    Ok(facts)
}

/// The facts that the indexer gives, in the order in which they are kept: catalogue, then extraction.
pub(super) fn given(facts: &[Fact]) -> impl Iterator<Item = &Fact> {
    let of = |source| facts.iter().filter(move |f| f.source == source);
    of(FactSource::Catalogue).chain(of(FactSource::Extraction))
}

/// The values that people gave to fields and that stand, as facts, the latest first.
pub(super) async fn corrections(connection: &mut Connection, secrets: &Secrets, case_key: i64) -> Tried<Vec<Fact>> {
    let rows = sqlx::query(
        "SELECT number, field, sealed, author FROM corrections c WHERE case_key = $1 AND kind = 'field' AND NOT EXISTS \
         (SELECT 1 FROM correction_undos u WHERE u.case_key = c.case_key AND u.number = c.number) \
         ORDER BY number DESC",
    )
    .bind(case_key)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let field: String = row.try_get("field")?;
            let text = CorrectionText::of(secrets, case_key, row)?;
            Ok(Fact {
                field: FieldName::from_code(&field).ok_or_else(|| Fault::damaged("name of a field"))?,
                value: text.value.ok_or_else(|| Fault::damaged("correction"))?,
                as_read: None,
                source: FactSource::Correction,
                origin: row.try_get("author")?,
                evidence: None,
            })
        })
        .collect()
}

/// Puts the given facts in place of those given before; corrections are kept elsewhere.
pub(super) async fn replace(
    connection: &mut Connection,
    secrets: &Secrets,
    case_key: i64,
    facts: &[Fact],
) -> Tried<()> {
    sqlx::query("DELETE FROM case_facts WHERE case_key = $1")
        .bind(case_key)
        .execute(&mut *connection)
        .await?;
    insert(connection, secrets, &[(case_key, facts)], &now()).await
}

/// Writes the facts of cases that have none.
pub(super) async fn insert(
    connection: &mut Connection,
    secrets: &Secrets,
    cases: &[(i64, &[Fact])],
    time: &str,
) -> Tried<()> {
    let mut rows = Vec::with_capacity(2 * cases.len());
    for (case_key, facts) in cases {
        for source in [FactSource::Catalogue, FactSource::Extraction] {
            let of_source: Vec<&Fact> = facts.iter().filter(|fact| fact.source == source).collect();
            if !of_source.is_empty() {
                let place = Place::Facts {
                    case_key: *case_key,
                    source: source.code(),
                };
                rows.push((*case_key, source, secrets.seal(place, &of_source)?));
            }
        }
    }
    for some in rows.chunks(ROWS_AT_A_TIME) {
        let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO case_facts (case_key, source, sealed, recorded_at) ");
        insert.push_values(some, |mut row, (case_key, source, sealed)| {
            row.push_bind(*case_key)
                .push_bind(source.code())
                .push_bind(sealed.clone())
                .push_bind(time.to_owned());
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(super) fn write_area(area: PixelBox) -> String {
    let [x0, y0, x1, y1]: [u32; 4] = area.into();
    format!("{x0},{y0},{x1},{y1}")
}

pub(super) fn read_area(text: &str) -> Tried<PixelBox> {
    let edges: Vec<u32> = text.split(',').map_while(|part| part.parse().ok()).collect();
    let edges: [u32; 4] = edges.try_into().map_err(|_| Fault::damaged("box of a fact"))?;
    Ok(edges.into())
}
