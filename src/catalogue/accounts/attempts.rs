//! Failed logins: who tries too often has to wait.
//!
//! Names are counted whether there is such an account or not, so that a lock tells nothing; what is kept of one is a
//! hash, for people type passwords into the wrong field.

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use sqlx::Row;

use super::refusal::AccessRefusal;
use crate::catalogue::database::Connection;
use crate::catalogue::error::Tried;

/// Failures of one name after which it is locked.
const MOST_OF_NAME: i64 = 5;
/// Failures from one address after which it is locked: several people may sit behind it.
const MOST_OF_ADDRESS: i64 = 20;
/// Failures with one number of a citizen after which it is locked.
const MOST_OF_CITIZEN: i64 = 5;
/// Copies that are verified from one address after which it has to wait.
const MOST_OF_VERIFIER: i64 = 60;
/// Time in which failures are counted together, in seconds.
const WINDOW: i64 = 15 * 60;
/// How long a lock lasts, in seconds.
const LOCK: i64 = 15 * 60;

/// Something whose failures are counted.
pub(super) struct Subject {
    key: String,
    most: i64,
}

impl Subject {
    /// A name as it was typed, in the form in which names are compared.
    pub(super) fn name(name: &str) -> Self {
        Self {
            key: format!("name:{}", hex::encode(Sha256::digest(name.as_bytes()))),
            most: MOST_OF_NAME,
        }
    }

    /// A number of a citizen, by its keyed hash.
    pub(super) fn citizen(hash: &str) -> Self {
        Self {
            key: format!("citizen:{hash}"),
            most: MOST_OF_CITIZEN,
        }
    }

    /// An address; a whole network of IPv6 that one customer gets counts as one.
    pub(super) fn address(address: IpAddr) -> Self {
        Self::network("address", address, MOST_OF_ADDRESS)
    }

    /// An address from which citizens log in: what they do there locks no staff out.
    pub(super) fn citizens_address(address: IpAddr) -> Self {
        Self::network("citizens", address, MOST_OF_ADDRESS)
    }

    /// An address from which copies are verified.
    pub(super) fn verifier(address: IpAddr) -> Self {
        Self::network("verifier", address, MOST_OF_VERIFIER)
    }

    fn network(what: &str, address: IpAddr, most: i64) -> Self {
        let key = match address.to_canonical() {
            IpAddr::V4(address) => format!("{what}:{address}"),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{what}:{a:x}:{b:x}:{c:x}:{d:x}")
            }
        };
        Self { key, most }
    }
}

/// Refuses when one of the subjects is locked.
pub(super) async fn check(connection: &mut Connection, subjects: &[Subject], now: i64) -> Tried<()> {
    for subject in subjects {
        let until: Option<i64> = sqlx::query_scalar("SELECT locked_until FROM attempts WHERE subject = $1")
            .bind(&subject.key)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(left) = until.map(|until| until - now).filter(|left| *left > 0) {
            let seconds = u32::try_from(left).unwrap_or(u32::MAX);
            return Err(AccessRefusal::TooManyAttempts { seconds }.into());
        }
    }
    Ok(())
}

/// Counts a failure of each of them; whether one of them is locked by it.
pub(super) async fn failed(connection: &mut Connection, subjects: &[Subject], now: i64) -> Tried<bool> {
    sqlx::query("DELETE FROM attempts WHERE began_at < $1 AND locked_until < $2")
        .bind(now - WINDOW)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    let mut locked = false;
    for subject in subjects {
        let row = sqlx::query(
            "INSERT INTO attempts (subject, failures, began_at, locked_until) VALUES ($1, 1, $2, 0) \
             ON CONFLICT (subject) DO UPDATE SET failures = failures + 1 RETURNING failures",
        )
        .bind(&subject.key)
        .bind(now)
        .fetch_one(&mut *connection)
        .await?;
        if row.try_get::<i64, _>("failures")? >= subject.most {
            locked = true;
            sqlx::query("UPDATE attempts SET locked_until = $1, failures = 0, began_at = $2 WHERE subject = $3")
                .bind(now + LOCK)
                .bind(now)
                .bind(&subject.key)
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(locked)
}

/// Forgets the failures of a name. Those of an address stay, or an attacker with an account could go on for ever.
pub(super) async fn succeeded(connection: &mut Connection, name: &Subject) -> Tried<()> {
    sqlx::query("DELETE FROM attempts WHERE subject = $1")
        .bind(&name.key)
        .execute(connection)
        .await?;
    Ok(())
}
