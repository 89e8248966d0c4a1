//! The identifiers of cases that go out: in addresses, answers and logs.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::sqlite::SqlitePool;

use super::error::{Fault, Tried};
use super::sealed::{Place, open_bytes, seal_bytes};
use crate::access::{KeyId, Keyring};
use crate::record::ArchivalCode;

/// Name of the secret in `meta`.
const NAME: &str = "public_id_secret";
/// Bytes of the secret.
const SECRET_BYTES: usize = 32;
/// Bytes of an identifier: 80 bits, far too many to guess, and no two alike among 10⁹ cases to speak of.
const ID_BYTES: usize = 10;

/// The secret of this archive from which identifiers are derived.
pub(super) struct IdSecret([u8; SECRET_BYTES]);

impl std::fmt::Debug for IdSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdSecret(…)")
    }
}

impl IdSecret {
    /// The secret of the catalogue; a new one is made when there is none yet. It is kept sealed, for what is derived from it
    /// may stand for an identity number; one in clear is sealed.
    pub(super) async fn load_or_make(pool: &SqlitePool, ring: &Keyring) -> Tried<Self> {
        let select = "SELECT value FROM meta WHERE name = $1";
        let mut stored: Option<String> = sqlx::query_scalar(select).bind(NAME).fetch_optional(pool).await?;
        if stored.is_none() {
            let fresh: [u8; SECRET_BYTES] = rand::random();
            sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(NAME)
                .bind(hex::encode(seal_bytes(ring, Place::Secret, &fresh)?))
                .execute(pool)
                .await?;
            // Read again: another process may have been first.
            stored = sqlx::query_scalar(select).bind(NAME).fetch_optional(pool).await?;
        }
        let damaged = || Fault::damaged("secret of the public identifiers");
        let kept = hex::decode(stored.unwrap_or_default()).map_err(|_| damaged())?;
        if let Ok(secret) = <[u8; SECRET_BYTES]>::try_from(kept.as_slice()) {
            Self(secret).keep(pool, ring).await?;
            return Ok(Self(secret));
        }
        let secret = open_bytes(ring, Place::Secret, &kept)?;
        let secret = Self(secret.try_into().map_err(|_| damaged())?);
        if KeyId::of_sealed(&kept) != Some(ring.current()) {
            secret.keep(pool, ring).await?;
        }
        Ok(secret)
    }

    /// Seals the secret under the key in use.
    pub(super) async fn keep(&self, pool: &SqlitePool, ring: &Keyring) -> Tried<()> {
        sqlx::query("UPDATE meta SET value = $2 WHERE name = $1")
            .bind(NAME)
            .bind(hex::encode(seal_bytes(ring, Place::Secret, &self.0)?))
            .execute(pool)
            .await?;
        Ok(())
    }

    /// The identifier of a case: the same for the same case in the same archive, not to be guessed from the archival
    /// code, and telling nothing about it.
    pub(super) fn public_id(&self, code: &ArchivalCode) -> String {
        self.derive(code.as_str())
    }

    /// An identifier for a text: the same for the same text in the same archive, telling nothing about it.
    pub(super) fn derive(&self, text: &str) -> String {
        // HMAC takes a key of any length, so this cannot fail; an empty identifier would be refused by the table.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return String::new();
        };
        mac.update(text.as_bytes());
        hex::encode(
            mac.finalize()
                .into_bytes()
                .into_iter()
                .take(ID_BYTES)
                .collect::<Vec<u8>>(),
        )
    }
}
