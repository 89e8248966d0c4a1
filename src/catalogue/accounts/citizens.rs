//! Citizens log in with a code from the counter.
//!
//! Whatever is wrong with what somebody sends, the answer is the same, the entry in the log is the same, and one password hash
//! is computed: also for names and numbers that nobody was given a code for, for what cannot be a number or a code, and
//! while number or address are locked.

use std::net::IpAddr;

use serde_json::json;
use sqlx::Row;

use super::AccessStore;
use super::attempts::{self, Subject};
use super::codes::{find_good, keyed, open, seal, subjects, wear_off};
use super::refusal::AccessRefusal;
use super::sessions::Sessions;
use crate::access::{Action, Actor, Citizen, CitizenIdentity, CitizenName, Outcome, ReadableCode, Secret, SecretKind};
use crate::catalogue::database::Connection;
use crate::catalogue::error::{Error, Fault, Result, Tried};
use crate::record::OwnerNumber;

/// Longest time of a session, in seconds: people sit at terminals that others use, too.
const LONGEST: i64 = 3600;
/// Longest time between two requests of a session, in seconds.
const IDLE: i64 = 15 * 60;
/// Their sessions.
const SESSIONS: Sessions = Sessions {
    used: "UPDATE citizen_sessions SET used_at = $1 WHERE secret_hash = $2",
    end: "DELETE FROM citizen_sessions WHERE secret_hash = $1",
};
/// Most characters of what was typed that are looked at: far more than a name, number or code has.
const TYPED: usize = 200;

/// What a citizen sends to log in.
#[derive(Clone)]
pub struct CodeClaim {
    /// The name as it was typed.
    pub name: String,
    /// Identity number or credit code as it was typed.
    pub number: String,
    /// The code as it was typed.
    pub code: String,
    /// Where from; failures are counted by it.
    pub address: Option<IpAddr>,
}

impl std::fmt::Debug for CodeClaim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeClaim(…)")
    }
}

/// By a code from the counter.
impl CitizenIdentity for AccessStore {
    type Claim = CodeClaim;
    type Error = Error;

    async fn identify(&self, claim: &CodeClaim, actor: &Actor) -> Result<Citizen> {
        self.by_code(claim, actor)
            .await
            .map_err(self.fault("logging a citizen in"))
    }
}

impl AccessStore {
    async fn by_code(&self, claim: &CodeClaim, actor: &Actor) -> Tried<Citizen> {
        let short = |typed: &str| typed.chars().take(TYPED).collect::<String>();
        let name = CitizenName::parse(&claim.name);
        let number = OwnerNumber::parse(&short(&claim.number));
        let code = ReadableCode::parse(&short(&claim.code));
        let ring = self.ring()?;
        // What cannot be a number is counted, too.
        let typed = short(claim.number.trim());
        let counted = number.as_ref().map_or(typed.as_str(), OwnerNumber::as_str);
        let counted = keyed(ring, &format!("number\n{counted}"))?;
        let mut counting: Vec<Subject> = counted.last().map(|hash| Subject::citizen(hash)).into_iter().collect();
        counting.extend(claim.address.map(Subject::citizens_address));

        // One at a time: who waits here is counted before the next one is, and staff can log in meanwhile.
        let _turn = self.inner.citizens.acquire().await;
        let now = self.inner.seconds();
        let mut read = self.inner.read().await?;
        let locked = is_locked(&mut read, &counting, now).await?;
        let found = match (&number, &name) {
            (Some(number), Some(name)) => find_good(&mut read, &subjects(ring, number, name)?, now).await?,
            _ => None,
        };
        drop(read);
        let looked_at = found.as_ref().filter(|_| !locked && code.is_some());
        let typed = code.as_ref().map_or("", ReadableCode::as_str);
        let hash = looked_at.map(|found| found.hash.clone());
        let right = self.inner.is_password(hash, typed).await? && looked_at.is_some();

        let mut transaction = self.inner.write().await?;
        let now = self.inner.seconds();
        // Somebody else may have locked the number meanwhile.
        let locked = locked || is_locked(&mut transaction, &counting, now).await?;
        if let (false, Some(found)) = (locked, &found) {
            let good = wear_off(&mut transaction, found.key, right, now).await?;
            if let (true, true, Some(name), Some(number)) = (right, good, name, number) {
                if let Some(subject) = counting.first() {
                    attempts::succeeded(&mut transaction, subject).await?;
                }
                transaction.commit().await?;
                return Ok(Citizen {
                    name,
                    number,
                    pseudonym: found.id.clone(),
                });
            }
        }
        if !locked {
            attempts::failed(&mut transaction, &counting, now).await?;
        }
        let entry = actor.entry(Action::SignIn, Outcome::Refused, &json!({"by": "access_code"}));
        let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
        self.inner.commit(transaction, checkpoint).await?;
        Err(AccessRefusal::CitizenSignIn.into())
    }

    /// Begins a session of somebody who was identified: with a new secret, whatever the client had before.
    ///
    /// # Errors
    /// When the file or the keys cannot be used.
    pub async fn begin_citizen_session(&self, citizen: &Citizen, actor: &Actor) -> Result<Secret> {
        let begun = async {
            let secret = Secret::new(SecretKind::Citizen);
            let (hash, now) = (secret.hash(), self.inner.seconds());
            let value = (
                citizen.name.as_str(),
                citizen.number.as_str(),
                citizen.pseudonym.as_str(),
            );
            let sealed = seal(self.ring()?, &place(&hash), &value)?;
            let mut transaction = self.inner.write().await?;
            sqlx::query("DELETE FROM citizen_sessions WHERE ends_at <= $1 OR used_at <= $2")
                .bind(now)
                .bind(now - IDLE)
                .execute(&mut *transaction)
                .await?;
            sqlx::query(
                "INSERT INTO citizen_sessions (secret_hash, code_key, sealed, began_at, used_at, ends_at, address) \
                 VALUES ($1, (SELECT code_key FROM access_codes WHERE public_id = $2), $3, $4, $4, $5, $6)",
            )
            .bind(&hash)
            .bind(&citizen.pseudonym)
            .bind(sealed)
            .bind(now)
            .bind(now + LONGEST)
            .bind(&actor.address)
            .execute(&mut *transaction)
            .await?;
            let actor = actor.clone().citizen(citizen);
            let entry = actor.entry(Action::SignIn, Outcome::Done, &json!({"by": "access_code"}));
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await?;
            Ok(secret)
        };
        begun.await.map_err(self.fault("logging a citizen in"))
    }

    /// Whose session this is; `None` when it is over, or the code that opened it.
    ///
    /// # Errors
    /// When the file fails.
    pub async fn citizen_of_session(&self, secret: &Secret) -> Result<Option<Citizen>> {
        let found = async {
            let (hash, now) = (secret.hash(), self.inner.seconds());
            let mut read = self.inner.read().await?;
            let row = sqlx::query(
                "SELECT s.sealed, s.used_at FROM citizen_sessions s LEFT JOIN access_codes c ON c.code_key = s.code_key \
                 WHERE s.secret_hash = $1 AND s.ends_at > $2 AND s.used_at > $3 \
                 AND (s.code_key IS NULL OR (c.revoked_at IS NULL AND c.ends_at > $2))",
            )
            .bind(&hash)
            .bind(now)
            .bind(now - IDLE)
            .fetch_optional(&mut *read)
            .await?;
            drop(read);
            let Some(row) = row else { return Ok(None) };
            let sealed: Vec<u8> = row.try_get("sealed")?;
            let Some((name, number, pseudonym)) =
                open::<(String, String, String)>(self.ring()?, &place(&hash), &sealed)
            else {
                return Ok(None);
            };
            self.session_used(&SESSIONS, &hash, row.try_get("used_at")?, now)
                .await?;
            let damaged = || Fault::damaged("session of a citizen");
            Ok(Some(Citizen {
                name: CitizenName::parse(&name).ok_or_else(damaged)?,
                number: OwnerNumber::parse(&number).ok_or_else(damaged)?,
                pseudonym,
            }))
        };
        found.await.map_err(self.fault("looking for a session"))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn end_citizen_session(&self, secret: &Secret, actor: &Actor) -> Result<()> {
        self.end_session(&SESSIONS, secret, actor).await
    }

    /// How many password hashes were computed so far: for tests of what a refusal costs.
    #[doc(hidden)]
    pub fn password_runs(&self) -> u64 {
        self.inner.password_runs.load(std::sync::atomic::Ordering::Relaxed)
    }
}

async fn is_locked(connection: &mut Connection, counting: &[Subject], now: i64) -> Tried<bool> {
    match attempts::check(connection, counting, now).await {
        Ok(()) => Ok(false),
        Err(Fault::Named(Error::Access(AccessRefusal::TooManyAttempts { .. }))) => Ok(true),
        Err(fault) => Err(fault),
    }
}

/// What the name of a row is sealed for.
pub(super) fn place(hash: &str) -> String {
    format!("citizen session {hash}")
}
