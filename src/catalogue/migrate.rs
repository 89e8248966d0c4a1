//! Brings the database to the form this program knows, one numbered step after the other.
//!
//! SQLite's own tables are asked here and nowhere else.

use std::path::Path;

use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::sqlite::SqlitePool;

use super::Error;
use super::database::{Connection, from_db_u32, now};
use super::error::Tried;

/// One step. Once released its text never changes: its checksum is recorded in every catalogue.
pub(super) struct Migration {
    pub(super) number: u32,
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
}

/// The steps of one sort of file, and by which table it is known to be one of ours.
pub(super) struct Schema {
    pub(super) migrations: &'static [Migration],
    pub(super) table: &'static str,
}

/// The catalogue.
pub(super) const CATALOGUE: Schema = Schema {
    migrations: MIGRATIONS,
    table: "cases",
};

/// Accounts and audit log.
pub(super) const ACCESS: Schema = Schema {
    migrations: &[
        Migration {
            number: 1,
            name: "start",
            sql: include_str!("migrations/access_0001_start.sql"),
        },
        Migration {
            number: 180,
            name: "citizens",
            sql: include_str!("migrations/access_0180_citizens.sql"),
        },
    ],
    table: "accounts",
};

/// All steps of the catalogue in the order of their numbers.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "start",
        sql: include_str!("migrations/0001_start.sql"),
    },
    Migration {
        number: 30,
        name: "corrections",
        sql: include_str!("migrations/0030_corrections.sql"),
    },
    Migration {
        number: 84,
        name: "parts",
        sql: include_str!("migrations/0084_parts.sql"),
    },
    Migration {
        number: 104,
        name: "page_rows",
        sql: include_str!("migrations/0104_page_rows.sql"),
    },
    Migration {
        number: SEALED,
        name: "sealed",
        sql: include_str!("migrations/0157_sealed.sql"),
    },
    Migration {
        number: NOTHING_IN_CLEAR,
        name: "nothing_in_clear",
        sql: include_str!("migrations/0158_nothing_in_clear.sql"),
    },
    Migration {
        number: 180,
        name: "owners",
        sql: include_str!("migrations/0180_owners.sql"),
    },
    Migration {
        number: 210,
        name: "findings",
        sql: include_str!("migrations/0210_findings.sql"),
    },
    Migration {
        number: 211,
        name: "result_sets",
        sql: include_str!("migrations/0211_result_sets.sql"),
    },
    Migration {
        number: 212,
        name: "page_pictures",
        sql: include_str!("migrations/0212_page_pictures.sql"),
    },
    Migration {
        number: 220,
        name: "maintenance",
        sql: include_str!("migrations/0220_maintenance.sql"),
    },
    Migration {
        number: 241,
        name: "uploads",
        sql: include_str!("migrations/0241_uploads.sql"),
    },
];

/// The step after which there is room for what is sealed.
pub(super) const SEALED: u32 = 157;
/// The step after which nothing is there but what is sealed.
pub(super) const NOTHING_IN_CLEAR: u32 = 158;

/// Applies what is missing, in one transaction, and refuses what it does not know.
pub(super) async fn bring_up_to_date(pool: &SqlitePool, path: &Path, schema: &Schema) -> Tried<()> {
    bring_up_to(u32::MAX, pool, path, schema).await
}

/// As [`bring_up_to_date`], but goes no further than the step with this number.
pub(super) async fn bring_up_to(last: u32, pool: &SqlitePool, path: &Path, schema: &Schema) -> Tried<()> {
    let wanted = schema.migrations.iter().filter(|step| step.number <= last).count();
    // Without the write lock first: a server that starts while the indexer writes need not wait for it.
    let mut connection = pool.acquire().await?;
    if applied(&mut connection, path, schema).await? >= wanted {
        return Ok(());
    }
    drop(connection);

    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let done = applied(&mut transaction, path, schema).await?;
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS migrations \
         (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)",
    )
    .execute(&mut *transaction)
    .await?;
    for migration in schema.migrations.iter().take(wanted).skip(done) {
        sqlx::raw_sql(migration.sql).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)")
            .bind(i64::from(migration.number))
            .bind(migration.name)
            .bind(checksum(migration.sql))
            .bind(now())
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// How many of our steps the database has, after checking that it is ours and not newer.
async fn applied(connection: &mut Connection, path: &Path, schema: &Schema) -> Tried<usize> {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .fetch_all(&mut *connection)
            .await?;
    if tables.is_empty() {
        return Ok(0);
    }
    let ours = tables.iter().any(|name| name == "migrations") && tables.iter().any(|name| name == schema.table);
    if !ours {
        return Err(Error::NotACatalogue { path: path.to_owned() }.into());
    }
    let rows = sqlx::query("SELECT number, checksum FROM migrations ORDER BY number")
        .fetch_all(&mut *connection)
        .await?;
    let known = schema.migrations.last().map_or(0, |m| m.number);
    for (index, row) in rows.iter().enumerate() {
        let number = from_db_u32(row.try_get("number")?, "migration number")?;
        let recorded: String = row.try_get("checksum")?;
        let Some(migration) = schema.migrations.get(index) else {
            let found = rows.len().try_into().unwrap_or(u32::MAX);
            let path = path.to_owned();
            return Err(Error::TooNew { path, found, known }.into());
        };
        if migration.number != number || checksum(migration.sql) != recorded {
            let path = path.to_owned();
            return Err(Error::MigrationChanged { path, number }.into());
        }
    }
    Ok(rows.len())
}

/// Line ends do not count: a checkout may change them.
fn checksum(sql: &str) -> String {
    let mut hasher = Sha256::new();
    for line in sql.lines() {
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    hex::encode(hasher.finalize())
}
