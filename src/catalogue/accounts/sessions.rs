//! Logging in and out.

use std::net::IpAddr;

use serde_json::json;
use sqlx::Row;

use super::attempts::{self, Subject};
use super::people::{end_sessions, find, one_line, set_password};
use super::refusal::AccessRefusal;
use super::rows::{ACCOUNT, rights_from_text, viewer_from_row};
use super::{AccessStore, Inner};
use crate::access::{
    AccountName, Action, Actor, Credential, Outcome, PURPOSE_CHARACTERS, PasswordHash, Secret, SecretKind, Viewer,
    check_password, verify_against_nothing,
};
use crate::catalogue::database::{Connection, to_db};
use crate::catalogue::error::{Error, Result, Tried};

/// Longest time of a session, in seconds: a working day.
const LONGEST: i64 = 12 * 3600;
/// Longest time between two requests of a session, in seconds.
const IDLE: i64 = 30 * 60;
/// The time of the last request is written at most so often, in seconds.
const WRITTEN_EVERY: i64 = 60;

/// One sort of sessions, by the statements that change them.
pub(super) struct Sessions {
    /// `$1` is the time of the last request, `$2` the hash of the secret.
    pub(super) used: &'static str,
    /// `$1` is the hash of the secret.
    pub(super) end: &'static str,
}

/// Those of accounts.
const STAFF: Sessions = Sessions {
    used: "UPDATE sessions SET used_at = $1 WHERE secret_hash = $2",
    end: "DELETE FROM sessions WHERE secret_hash = $1",
};

/// What somebody sends to log in.
#[derive(Clone)]
pub struct SignIn {
    /// The name as it was typed.
    pub name: String,
    /// The password.
    pub password: String,
    /// What is going to be done; the purpose of the grant when it is not said.
    pub purpose: Option<String>,
    /// Where from; failures are counted by it.
    pub address: Option<IpAddr>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn(…)")
    }
}

impl AccessStore {
    /// Logs in: a new session with a new secret, whatever the client had before.
    ///
    /// # Errors
    /// [`AccessRefusal::SignIn`], which takes the same time for every reason, [`AccessRefusal::TooManyAttempts`], or when
    /// the file cannot be written.
    pub async fn sign_in(&self, asked: &SignIn, actor: &Actor) -> Result<(Secret, Viewer)> {
        let signed_in = async {
            let purpose = asked
                .purpose
                .as_deref()
                .map(|purpose| one_line("purpose", purpose, PURPOSE_CHARACTERS))
                .transpose()?;
            let name = AccountName::parse(&asked.name);
            let counted = name.as_ref().map_or(asked.name.trim(), AccountName::as_str);
            let mut subjects = vec![Subject::name(counted)];
            subjects.extend(asked.address.map(Subject::address));

            let _turn = self.inner.sign_ins.acquire().await;
            let mut read = self.inner.read().await?;
            attempts::check(&mut read, &subjects, self.inner.seconds()).await?;
            let row = match &name {
                Some(name) => find(&mut read, name).await?,
                None => None,
            };
            drop(read);
            let active = row.filter(|row| row.try_get::<String, _>("state").is_ok_and(|state| state == "active"));
            let known = active
                .map(|row| Ok::<_, crate::catalogue::error::Fault>((row.try_get::<String, _>("password")?, row)))
                .transpose()?;
            let (hash, row) = known.unzip();
            if !self.inner.is_password(hash, &asked.password).await? {
                return self
                    .refuse(&subjects, row.is_some().then_some(name).flatten(), actor)
                    .await;
            }
            let Some(row) = row else {
                return Err(AccessRefusal::SignIn.into());
            };

            let secret = Secret::new(SecretKind::Session);
            let viewer = viewer_from_row(&row, Credential::Session, purpose)?;
            let mut transaction = self.inner.write().await?;
            // Somebody else may have locked the name meanwhile.
            attempts::check(&mut transaction, &subjects, self.inner.seconds()).await?;
            attempts::succeeded(&mut transaction, &subjects[0]).await?;
            insert(
                &mut transaction,
                &secret,
                &viewer,
                actor.address.as_deref(),
                &self.inner,
            )
            .await?;
            let actor = actor.clone().known(&viewer);
            let entry = actor.entry(Action::SignIn, Outcome::Done, &json!({}));
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await?;
            Ok((secret, viewer))
        };
        signed_in.await.map_err(self.fault("logging in"))
    }

    /// Counts a failure and writes it down. The name is written only when there is an account of this name: people type
    /// passwords into the wrong field.
    async fn refuse<T>(&self, subjects: &[Subject], name: Option<AccountName>, actor: &Actor) -> Tried<T> {
        let mut transaction = self.inner.write().await?;
        let locked = attempts::failed(&mut transaction, subjects, self.inner.seconds()).await?;
        let details = json!({"account": name.as_ref().map(AccountName::as_str), "locked": locked});
        let entry = actor.entry(Action::SignIn, Outcome::Refused, &details);
        let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
        self.inner.commit(transaction, checkpoint).await?;
        Err(AccessRefusal::SignIn.into())
    }

    /// Whose session this is; `None` when it is over.
    ///
    /// # Errors
    /// When the file fails.
    pub async fn viewer_of_session(&self, secret: &Secret) -> Result<Option<Viewer>> {
        let found = async {
            let now = self.inner.seconds();
            let mut read = self.inner.read().await?;
            let select = ACCOUNT.replacen("SELECT ", "SELECT s.purpose AS session_purpose, s.used_at, ", 1);
            let query = format!(
                "{select} JOIN sessions s ON s.account_key = a.account_key WHERE s.secret_hash = $1 \
                 AND a.state = 'active' AND s.ends_at > $2 AND s.used_at > $3"
            );
            let hash = secret.hash();
            let row = sqlx::query(sqlx::AssertSqlSafe(query))
                .bind(&hash)
                .bind(now)
                .bind(now - IDLE)
                .fetch_optional(&mut *read)
                .await?;
            drop(read);
            let Some(row) = row else { return Ok(None) };
            self.session_used(&STAFF, &hash, row.try_get("used_at")?, now).await?;
            viewer_from_row(&row, Credential::Session, row.try_get("session_purpose")?).map(Some)
        };
        found.await.map_err(self.fault("looking for a session"))
    }

    /// Notes that a session was used, unless that was noted just before.
    pub(super) async fn session_used(&self, sessions: &Sessions, hash: &str, noted_at: i64, now: i64) -> Tried<()> {
        if noted_at > now - WRITTEN_EVERY {
            return Ok(());
        }
        let mut transaction = self.inner.write().await?;
        sqlx::query(sessions.used)
            .bind(now)
            .bind(hash)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Ends a session, and writes it down.
    pub(super) async fn end_session(&self, sessions: &Sessions, secret: &Secret, actor: &Actor) -> Result<()> {
        let ended = async {
            let mut transaction = self.inner.write().await?;
            sqlx::query(sessions.end)
                .bind(secret.hash())
                .execute(&mut *transaction)
                .await?;
            let entry = actor.entry(Action::SignOut, Outcome::Done, &json!({}));
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await
        };
        ended.await.map_err(self.fault("logging out"))
    }

    /// Whose token this is; `None` when it is over or was revoked.
    ///
    /// # Errors
    /// When the file fails.
    pub async fn viewer_of_token(&self, secret: &Secret) -> Result<Option<Viewer>> {
        let found = async {
            let mut read = self.inner.read().await?;
            let select = ACCOUNT.replacen("SELECT ", "SELECT t.name AS token_name, t.rights, ", 1);
            let query = format!(
                "{select} JOIN tokens t ON t.account_key = a.account_key WHERE t.secret_hash = $1 \
                 AND a.state = 'active' AND t.ends_at > $2 AND t.revoked_at IS NULL"
            );
            let row = sqlx::query(sqlx::AssertSqlSafe(query))
                .bind(secret.hash())
                .bind(self.inner.seconds())
                .fetch_optional(&mut *read)
                .await?;
            let Some(row) = row else { return Ok(None) };
            let credential = Credential::Token {
                name: row.try_get("token_name")?,
                rights: rights_from_text(&row.try_get::<String, _>("rights")?)?,
            };
            viewer_from_row(&row, credential, None).map(Some)
        };
        found.await.map_err(self.fault("looking for a token"))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn sign_out(&self, secret: &Secret, actor: &Actor) -> Result<()> {
        self.end_session(&STAFF, secret, actor).await
    }

    /// Changes the own password. All sessions of the account end; the new secret is that of a new one.
    ///
    /// # Errors
    /// [`AccessRefusal::SignIn`] when the old password is wrong, which counts as a failed login;
    /// [`AccessRefusal::Password`]; or when the file cannot be written.
    pub async fn change_password(&self, viewer: &Viewer, old: &str, new: &str, actor: &Actor) -> Result<Secret> {
        let changed = async {
            let subjects = [Subject::name(viewer.name.as_str())];
            let _turn = self.inner.sign_ins.acquire().await;
            let mut read = self.inner.read().await?;
            attempts::check(&mut read, &subjects, self.inner.seconds()).await?;
            let row = find(&mut read, &viewer.name).await?.ok_or(AccessRefusal::NoAccount)?;
            drop(read);
            let hash: String = row.try_get("password")?;
            if !self.inner.is_password(Some(hash), old).await? {
                return self.refuse(&subjects, Some(viewer.name.clone()), actor).await;
            }
            if old == new {
                return Err(AccessRefusal::Password(crate::access::WeakPassword::Unchanged).into());
            }
            check_password(&viewer.name, new).map_err(AccessRefusal::from)?;
            let hash = self.inner.hashed(new).await?;
            let secret = Secret::new(SecretKind::Session);
            let mut transaction = self.inner.write().await?;
            attempts::succeeded(&mut transaction, &subjects[0]).await?;
            let key = to_db(viewer.account_key);
            set_password(&mut transaction, key, &hash, false, &self.inner).await?;
            end_sessions(&mut transaction, key, None).await?;
            insert(&mut transaction, &secret, viewer, actor.address.as_deref(), &self.inner).await?;
            let entry = actor.entry(Action::ChangePassword, Outcome::Done, &json!({}));
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await?;
            Ok(secret)
        };
        changed.await.map_err(self.fault("changing a password"))
    }
}

impl Inner {
    /// Whether a password is the one of which this is kept; without an account it takes as long to say no.
    pub(super) async fn is_password(&self, hash: Option<String>, password: &str) -> Tried<bool> {
        let password = password.to_owned();
        self.aside(move || match hash {
            Some(hash) => PasswordHash::stored(hash).verify(&password),
            None => {
                verify_against_nothing(&password);
                false
            }
        })
        .await
    }
}

async fn insert(
    connection: &mut Connection,
    secret: &Secret,
    viewer: &Viewer,
    address: Option<&str>,
    inner: &Inner,
) -> Tried<()> {
    let now = inner.seconds();
    sqlx::query("DELETE FROM sessions WHERE ends_at <= $1 OR used_at <= $2")
        .bind(now)
        .bind(now - IDLE)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO sessions (secret_hash, account_key, began_at, used_at, ends_at, purpose, address) \
         VALUES ($1, $2, $3, $3, $4, $5, $6)",
    )
    .bind(secret.hash())
    .bind(to_db(viewer.account_key))
    .bind(now)
    .bind(now + LONGEST)
    .bind(&viewer.purpose)
    .bind(address)
    .execute(connection)
    .await?;
    Ok(())
}

impl Error {
    /// What is refused about accounts, if it is that.
    pub fn access_refusal(&self) -> Option<AccessRefusal> {
        match self {
            Self::Access(refusal) => Some(*refusal),
            _ => None,
        }
    }
}
