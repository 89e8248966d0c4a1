//! Earlier versions of the documents of a case.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::cases::DocumentVersion;
use super::database::{Connection, from_db_u32, now, to_db};
use super::documents::Held;
use super::error::Tried;
use super::sealed::{Place, Secrets};

/// An earlier version with what tells documents of one name apart.
pub(super) struct HeldVersion {
    pub(super) occurrence: i64,
    pub(super) version: DocumentVersion,
}

/// The earlier versions of a case's documents, by name, occurrence and version.
pub(super) async fn of_case(connection: &mut Connection, secrets: &Secrets, case_key: i64) -> Tried<Vec<HeldVersion>> {
    let rows = sqlx::query("SELECT * FROM document_versions WHERE case_key = $1")
        .bind(case_key)
        .fetch_all(connection)
        .await?;
    let mut held = rows
        .iter()
        .map(|row| from_row(row, secrets))
        .collect::<Tried<Vec<_>>>()?;
    held.sort_by(|a, b| {
        let key = |held: &HeldVersion| (held.occurrence, held.version.version);
        let names = a.version.source_name.cmp(&b.version.source_name);
        names.then_with(|| key(a).cmp(&key(b)))
    });
    Ok(held)
}

fn from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<HeldVersion> {
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let (occurrence, version) = (row.try_get("occurrence")?, row.try_get("version")?);
    let place = Place::Version {
        case_key: row.try_get("case_key")?,
        occurrence,
        version,
    };
    let (source_name, title): (String, String) = secrets.open(place, &sealed)?;
    Ok(HeldVersion {
        occurrence,
        version: DocumentVersion {
            source_name,
            version: from_db_u32(version, "version of a document")?,
            title,
            file_sha256: row.try_get("file_sha256")?,
            content_id: row.try_get("content_id")?,
            superseded_by: row.try_get("superseded_by")?,
        },
    })
}

/// Keeps what a document is as an earlier version.
pub(super) async fn keep(
    connection: &mut Connection,
    secrets: &Secrets,
    case_key: i64,
    held: &Held,
    superseded_by: Option<&str>,
) -> Tried<()> {
    let (source_name, occurrence) = &held.identity;
    let place = Place::Version {
        case_key,
        occurrence: *occurrence,
        version: held.version,
    };
    let sealed = secrets.seal(place, &(source_name, &held.title))?;
    sqlx::query(
        "INSERT INTO document_versions (case_key, occurrence, version, kind, file_sha256, content_id, first_page, \
         page_count, superseded_by, superseded_at, sealed) \
         SELECT case_key, occurrence, version, kind, file_sha256, content_id, first_page, page_count, $3, $4, $5 \
         FROM documents WHERE case_key = $1 AND ordinal = $2",
    )
    .bind(case_key)
    .bind(to_db(held.ordinal.into()))
    .bind(superseded_by)
    .bind(now())
    .bind(sealed)
    .execute(connection)
    .await?;
    Ok(())
}
