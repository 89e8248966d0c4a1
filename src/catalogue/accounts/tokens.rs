//! Tokens of programs.

use std::collections::BTreeSet;

use serde_json::json;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::AccessStore;
use super::people::{find, one_line};
use super::refusal::AccessRefusal;
use super::rows::{grant_from_row, name_from_row, rights_from_text, rights_to_text};
use crate::access::{AccountName, Action, Actor, Outcome, Right, Secret, SecretKind};
use crate::catalogue::error::{Result, Tried};

/// Most characters of the name of a token.
const NAME_CHARACTERS: usize = 40;
/// Most days that a token is valid.
const MOST_DAYS: u32 = 366;

/// A token that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// The account whose rights it has a part of.
    pub account: AccountName,
    /// What it is for; one account has no two of a name.
    pub name: String,
    /// What it may do.
    pub rights: BTreeSet<Right>,
    /// Days that it is valid.
    pub days: u32,
}

/// A token as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSummary {
    /// The account.
    pub account: AccountName,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub rights: BTreeSet<Right>,
    /// When it was made (RFC 3339, UTC).
    pub created_at: String,
    /// When it ends (RFC 3339, UTC).
    pub ends_at: String,
    /// When it was revoked (RFC 3339, UTC).
    pub revoked_at: Option<String>,
}

impl AccessStore {
    /// Makes a token; the secret is kept nowhere.
    ///
    /// # Errors
    /// [`AccessRefusal`], or when the file cannot be written.
    pub async fn create_token(&self, new: &NewToken, actor: &Actor) -> Result<Secret> {
        let made = async {
            let name = one_line("name", &new.name, NAME_CHARACTERS)?;
            if !(1..=MOST_DAYS).contains(&new.days) {
                return Err(AccessRefusal::TokenDays { most: MOST_DAYS }.into());
            }
            let mut transaction = self.inner.write().await?;
            let row = find(&mut transaction, &new.account)
                .await?
                .ok_or(AccessRefusal::NoAccount)?;
            let key: i64 = row.try_get("account_key")?;
            let role = grant_from_row(&row)?
                .map(|grant| grant.role().rights())
                .unwrap_or_default();
            if new.rights.is_empty() || !new.rights.iter().all(|right| role.contains(right)) {
                return Err(AccessRefusal::TokenRights.into());
            }
            let taken: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM tokens WHERE account_key = $1 AND name = $2 AND revoked_at IS NULL",
            )
            .bind(key)
            .bind(&name)
            .fetch_one(&mut *transaction)
            .await?;
            if taken > 0 {
                return Err(AccessRefusal::TokenTaken.into());
            }
            let secret = Secret::new(SecretKind::Token);
            sqlx::query(
                "INSERT INTO tokens (account_key, name, secret_hash, rights, created_by, created_at, ends_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(key)
            .bind(&name)
            .bind(secret.hash())
            .bind(rights_to_text(&new.rights))
            .bind(&actor.name)
            .bind(self.inner.now().to_string())
            .bind(self.inner.seconds() + i64::from(new.days) * 24 * 3600)
            .execute(&mut *transaction)
            .await?;
            let details = json!({"account": new.account.as_str(), "token": name, "did": "create",
                "rights": rights_to_text(&new.rights), "days": new.days});
            let entry = actor.entry(Action::Token, Outcome::Done, &details);
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await?;
            Ok(secret)
        };
        made.await.map_err(self.fault("making a token"))
    }

    /// Ends a token.
    ///
    /// # Errors
    /// [`AccessRefusal::NoToken`], or when the file cannot be written.
    pub async fn revoke_token(&self, account: &AccountName, name: &str, actor: &Actor) -> Result<()> {
        let revoked = async {
            let mut transaction = self.inner.write().await?;
            let row = find(&mut transaction, account).await?.ok_or(AccessRefusal::NoAccount)?;
            let done = sqlx::query(
                "UPDATE tokens SET revoked_at = $1 WHERE account_key = $2 AND name = $3 AND revoked_at IS NULL",
            )
            .bind(self.inner.now().to_string())
            .bind(row.try_get::<i64, _>("account_key")?)
            .bind(name.trim())
            .execute(&mut *transaction)
            .await?;
            if done.rows_affected() == 0 {
                return Err(AccessRefusal::NoToken.into());
            }
            let details = json!({"account": account.as_str(), "token": name.trim(), "did": "revoke"});
            let entry = actor.entry(Action::Token, Outcome::Done, &details);
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await
        };
        revoked.await.map_err(self.fault("revoking a token"))
    }

    /// All tokens, also those that are over, by account and time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn tokens(&self) -> Result<Vec<TokenSummary>> {
        let listed = async {
            let mut transaction = self.inner.read().await?;
            let rows = sqlx::query(
                "SELECT a.name, t.name AS token_name, t.rights, t.created_at, t.ends_at, t.revoked_at FROM tokens t \
                 JOIN accounts a ON a.account_key = t.account_key ORDER BY a.name, t.token_key",
            )
            .fetch_all(&mut *transaction)
            .await?;
            let summary = |row: &SqliteRow| {
                let ends_at = jiff::Timestamp::from_second(row.try_get("ends_at")?);
                Ok(TokenSummary {
                    account: name_from_row(row)?,
                    name: row.try_get("token_name")?,
                    rights: rights_from_text(&row.try_get::<String, _>("rights")?)?,
                    created_at: row.try_get("created_at")?,
                    ends_at: ends_at.map(|time| time.to_string()).unwrap_or_default(),
                    revoked_at: row.try_get("revoked_at")?,
                })
            };
            rows.iter().map(summary).collect::<Tried<Vec<_>>>()
        };
        listed.await.map_err(self.fault("listing the tokens"))
    }
}
