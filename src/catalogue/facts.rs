//! The facts of a case. What the indexer finds is replaced as a whole each time; what a person corrected stays.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::database::{Connection, from_db_u32, now};
use super::error::{Fault, Tried};
use super::pages::narrow;
use crate::record::{Evidence, Fact, FactSource, FieldName, PixelBox};

/// Rows of one statement.
const ROWS_AT_A_TIME: usize = 500;

/// All facts of a case, in the order in which [`crate::record::CaseFields::resolve`] is to see them: the latest
/// correction first, then catalogue and extraction as they were given.
pub(super) async fn load(connection: &mut Connection, case_key: i64) -> Tried<Vec<Fact>> {
    let mut corrections = corrections(connection, case_key).await?;
    corrections.extend(load_source(connection, case_key, FactSource::Catalogue).await?);
    corrections.extend(load_source(connection, case_key, FactSource::Extraction).await?);
    Ok(corrections)
}

async fn load_source(connection: &mut Connection, case_key: i64, source: FactSource) -> Tried<Vec<Fact>> {
    let rows = sqlx::query(
        "SELECT field, value, as_read, origin, file_sha256, page, area, confidence FROM facts \
         WHERE case_key = $1 AND source = $2 ORDER BY ordinal",
    )
    .bind(case_key)
    .bind(source.code())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_row(row, source)).collect()
}

/// The facts that the indexer gives, in the order in which they are kept: catalogue, then extraction.
pub(super) fn given(facts: &[Fact]) -> impl Iterator<Item = &Fact> {
    let of = |source| facts.iter().filter(move |f| f.source == source);
    of(FactSource::Catalogue).chain(of(FactSource::Extraction))
}

/// The values that people gave to fields and that stand, as facts, the latest first.
pub(super) async fn corrections(connection: &mut Connection, case_key: i64) -> Tried<Vec<Fact>> {
    let rows = sqlx::query(
        "SELECT field, value, author FROM corrections c WHERE case_key = $1 AND kind = 'field' AND NOT EXISTS \
         (SELECT 1 FROM correction_undos u WHERE u.case_key = c.case_key AND u.number = c.number) \
         ORDER BY number DESC",
    )
    .bind(case_key)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let field: String = row.try_get("field")?;
            Ok(Fact {
                field: FieldName::from_code(&field).ok_or_else(|| Fault::damaged("name of a field"))?,
                value: row.try_get("value")?,
                as_read: None,
                source: FactSource::Correction,
                origin: row.try_get("author")?,
                evidence: None,
            })
        })
        .collect()
}

/// Puts the given facts in place of those given before; corrections are kept elsewhere.
pub(super) async fn replace(connection: &mut Connection, case_key: i64, facts: &[Fact]) -> Tried<()> {
    sqlx::query("DELETE FROM facts WHERE case_key = $1")
        .bind(case_key)
        .execute(&mut *connection)
        .await?;
    let rows = (0_i64..)
        .zip(given(facts))
        .map(|(ordinal, fact)| (case_key, ordinal, fact));
    insert(connection, &rows.collect::<Vec<_>>(), &now()).await
}

/// Writes facts: key of the case, place in it, fact.
pub(super) async fn insert(connection: &mut Connection, facts: &[(i64, i64, &Fact)], time: &str) -> Tried<()> {
    for some in facts.chunks(ROWS_AT_A_TIME) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO facts (case_key, source, ordinal, field, value, as_read, origin, file_sha256, page, area, \
             confidence, recorded_at) ",
        );
        insert.push_values(some, |mut row, (case_key, ordinal, fact)| {
            let evidence = fact.evidence.as_ref();
            row.push_bind(*case_key)
                .push_bind(fact.source.code())
                .push_bind(*ordinal)
                .push_bind(fact.field.code())
                .push_bind(fact.value.clone())
                .push_bind(fact.as_read.clone())
                .push_bind(fact.origin.clone())
                .push_bind(evidence.map(|e| e.file_sha256.clone()))
                .push_bind(evidence.map(|e| i64::from(e.page)))
                .push_bind(evidence.and_then(|e| e.area).map(write_area))
                .push_bind(evidence.map(|e| f64::from(e.confidence)))
                .push_bind(time.to_owned());
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

fn from_row(row: &SqliteRow, source: FactSource) -> Tried<Fact> {
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
        source,
        origin: row.try_get("origin")?,
        evidence,
    })
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
