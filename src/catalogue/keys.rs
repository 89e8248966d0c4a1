//! Which keys an archive is sealed with: their names are kept in the catalogue, so that a lost key is told at once, and never
//! taken for a new archive.

use std::path::Path;

use sqlx::sqlite::SqlitePool;

use super::database::Connection;
use super::error::{Error, Fault, Tried};
use crate::access::{KeyDirectory, KeyId, Keyring};

/// Name of the list in `meta`.
const NAME: &str = "keys";

/// Opens the keys of a catalogue; an archive that has none yet gets one.
pub(super) async fn open(pool: &SqlitePool, directory: &Path) -> Tried<Keyring> {
    let mut connection = pool.acquire().await?;
    let mut used = used(&mut connection).await?;
    let directory = KeyDirectory::open(directory).map_err(Error::from)?;
    let ring = match used.first() {
        // A new key would not open what is sealed.
        Some(first) if !directory.has_archive_key() => return Err(Error::Keys(directory.lost(*first)).into()),
        Some(_) => Keyring::open(&directory),
        None => Keyring::open_or_make(&directory),
    };
    let ring = ring.map_err(Error::from)?;
    if used.is_empty() {
        let insert = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        sqlx::query(insert)
            .bind(NAME)
            .bind(ring.current().to_string())
            .execute(&mut *connection)
            .await?;
        // Read again: another process may have been first.
        used = self::used(&mut connection).await?;
    }
    for id in &used {
        ring.need(*id).map_err(Error::from)?;
    }
    // A key was added and nothing is sealed under it yet: from now on there will be.
    if !used.contains(&ring.current()) {
        used.push(ring.current());
        set_used(&mut connection, &used).await?;
    }
    Ok(ring)
}

/// The keys under which something may be sealed.
pub(super) async fn used(connection: &mut Connection) -> Tried<Vec<KeyId>> {
    let kept: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(NAME)
        .fetch_optional(connection)
        .await?;
    let kept = kept.unwrap_or_default();
    let names = kept.split(' ').filter(|name| !name.is_empty());
    names
        .map(|name| KeyId::parse(name).ok_or_else(|| Fault::damaged("name of a key")))
        .collect()
}

/// Says under which keys something may be sealed.
pub(super) async fn set_used(connection: &mut Connection, ids: &[KeyId]) -> Tried<()> {
    let names: Vec<String> = ids.iter().map(KeyId::to_string).collect();
    sqlx::query("UPDATE meta SET value = $2 WHERE name = $1")
        .bind(NAME)
        .bind(names.join(" "))
        .execute(connection)
        .await?;
    Ok(())
}
