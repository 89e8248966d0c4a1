//! Access codes: the counter clerk checks the identity card and hands a code over.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::AccessStore;
use super::refusal::AccessRefusal;
use crate::access::{Action, Actor, CitizenName, CodeTerms, Keyring, Outcome, ReadableCode};
use crate::catalogue::database::{Connection, from_db_u32};
use crate::catalogue::error::{Error, Fault, Result, Tried};
use crate::record::{OwnerKind, OwnerNumber};

/// Days for which a code that is over stays in the list; then name and number go with it.
const KEPT_DAYS: i64 = 30;
const DAY: i64 = 24 * 3600;
/// Bytes of the identifier of a code.
const ID_BYTES: usize = 10;

/// A code that is to be issued.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// The person, as on the identity card; for an organisation whom it authorised.
    pub name: String,
    /// Identity number or credit code.
    pub number: String,
    /// For how long and how much it is good.
    pub terms: CodeTerms,
}

/// A code that was issued. The code itself is told once and kept nowhere.
#[derive(Clone, Debug)]
pub struct IssuedCode {
    /// Identifies it in lists and in the log.
    pub id: String,
    /// The code.
    pub code: ReadableCode,
    /// The person.
    pub name: CitizenName,
    /// The number.
    pub number: OwnerNumber,
    /// When it ends (RFC 3339, UTC).
    pub ends_at: String,
    /// For how long and how much it is good.
    pub terms: CodeTerms,
}

/// Whether a code is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeState {
    /// It is.
    Good,
    /// Its time is over.
    Over,
    /// All its tries or all its logins were used.
    UsedUp,
    /// It was revoked, or another was issued in its place.
    Revoked,
}

impl CodeState {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Over => "over",
            Self::UsedUp => "used_up",
            Self::Revoked => "revoked",
        }
    }

    /// In Chinese.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Good => "有效",
            Self::Over => "已过期",
            Self::UsedUp => "次数用尽",
            Self::Revoked => "已作废",
        }
    }

    /// In English.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Over => "over",
            Self::UsedUp => "used up",
            Self::Revoked => "revoked",
        }
    }
}

/// A code as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSummary {
    /// Identifies it.
    pub id: String,
    /// The name with nothing but its first character; empty when the key is not to be had.
    pub name: String,
    /// The number, masked.
    pub number: String,
    /// Whether it is good.
    pub state: CodeState,
    /// Who issued it.
    pub issued_by: String,
    /// When (RFC 3339, UTC).
    pub issued_at: String,
    /// When it ends (RFC 3339, UTC).
    pub ends_at: String,
    /// Wrong entries.
    pub failures: u32,
    /// Logins.
    pub uses: u32,
}

impl AccessStore {
    /// Issues a code. One that the same person has for the same number is not good any more.
    ///
    /// # Errors
    /// [`AccessRefusal::CitizenName`], [`AccessRefusal::CitizenNumber`], or when the file or the keys cannot be used.
    pub async fn issue_code(&self, new: &NewCode, actor: &Actor) -> Result<IssuedCode> {
        let issued = async {
            let name = CitizenName::parse(&new.name).ok_or(AccessRefusal::CitizenName)?;
            let number = OwnerNumber::parse(&new.number).ok_or(AccessRefusal::CitizenNumber)?;
            let ring = self.ring()?;
            let subjects = subjects(ring, &number, &name)?;
            let subject = subjects.last().ok_or_else(|| Fault::damaged("keys of the archive"))?;
            let code = ReadableCode::random();
            let hash = self.inner.hashed(code.as_str()).await?;
            let id = hex::encode(rand::random::<[u8; ID_BYTES]>());
            let sealed = seal(ring, &place(&id), &(name.as_str(), number.as_str()))?;
            let (now, at) = (self.inner.seconds(), self.inner.now().to_string());
            let ends_at = now + i64::from(new.terms.days) * DAY;

            let mut transaction = self.inner.write().await?;
            sqlx::query("DELETE FROM access_codes WHERE ends_at < $1")
                .bind(now - KEPT_DAYS * DAY)
                .execute(&mut *transaction)
                .await?;
            let mut revoke = QueryBuilder::<Sqlite>::new("UPDATE access_codes SET revoked_at = ");
            revoke.push_bind(&at).push(" WHERE revoked_at IS NULL AND ");
            push_subjects(&mut revoke, &subjects);
            revoke.build().execute(&mut *transaction).await?;
            sqlx::query(
                "INSERT INTO access_codes (public_id, subject, sealed, code, kind, most_failures, most_uses, issued_by, \
                 issued_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(&id)
            .bind(subject)
            .bind(sealed)
            .bind(hash.as_str())
            .bind(number.kind().code())
            .bind(i64::from(new.terms.tries))
            .bind(i64::from(new.terms.uses))
            .bind(&actor.name)
            .bind(&at)
            .bind(ends_at)
            .execute(&mut *transaction)
            .await?;
            let details = json!({"did": "issue", "code": id, "kind": number.kind().code(), "days": new.terms.days});
            let entry = actor.entry(Action::AccessCode, Outcome::Done, &details);
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await?;
            Ok(IssuedCode {
                id,
                code,
                name,
                number,
                ends_at: time(ends_at),
                terms: new.terms,
            })
        };
        issued.await.map_err(self.fault("issuing an access code"))
    }

    /// Ends a code, and the sessions that it opened.
    ///
    /// # Errors
    /// [`AccessRefusal::NoCode`], or when the file cannot be written.
    pub async fn revoke_code(&self, id: &str, actor: &Actor) -> Result<()> {
        let revoked = async {
            let mut transaction = self.inner.write().await?;
            let done =
                sqlx::query("UPDATE access_codes SET revoked_at = $1 WHERE public_id = $2 AND revoked_at IS NULL")
                    .bind(self.inner.now().to_string())
                    .bind(id)
                    .execute(&mut *transaction)
                    .await?;
            if done.rows_affected() == 0 {
                return Err(AccessRefusal::NoCode.into());
            }
            let entry = actor.entry(Action::AccessCode, Outcome::Done, &json!({"did": "revoke", "code": id}));
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await
        };
        revoked.await.map_err(self.fault("revoking an access code"))
    }

    /// The codes of the last weeks, the latest first, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn codes(&self, limit: u32) -> Result<Vec<CodeSummary>> {
        let listed = async {
            let ring = self.ring()?;
            let now = self.inner.seconds();
            let mut transaction = self.inner.read().await?;
            let rows = sqlx::query("SELECT * FROM access_codes ORDER BY code_key DESC LIMIT $1")
                .bind(i64::from(limit))
                .fetch_all(&mut *transaction)
                .await?;
            let summaries = rows.iter().map(|row| summary(row, ring, now));
            summaries.collect::<Tried<Vec<_>>>()
        };
        listed.await.map_err(self.fault("listing the access codes"))
    }

    /// The keys of the archive, by which names and numbers of citizens are sealed and found.
    pub(super) fn ring(&self) -> Tried<&Keyring> {
        if let Some(ring) = self.inner.ring.get() {
            return Ok(ring);
        }
        // Not made when it is missing: that would hide that the key of the catalogue is lost.
        let ring = Keyring::open(&self.inner.keys).map_err(Error::from)?;
        Ok(self.inner.ring.get_or_init(|| ring))
    }
}

fn summary(row: &SqliteRow, ring: &Keyring, now: i64) -> Tried<CodeSummary> {
    let id: String = row.try_get("public_id")?;
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let who: Option<(String, String)> = open(ring, &place(&id), &sealed);
    let name = who.as_ref().and_then(|(name, _)| CitizenName::parse(name));
    let number = who.as_ref().and_then(|(_, number)| OwnerNumber::parse(number));
    let ends_at: i64 = row.try_get("ends_at")?;
    let count = |name: &'static str| -> Tried<u32> { from_db_u32(row.try_get(name)?, "count of an access code") };
    let (failures, uses) = (count("failures")?, count("uses")?);
    let state = if row.try_get::<Option<String>, _>("revoked_at")?.is_some() {
        CodeState::Revoked
    } else if failures >= count("most_failures")? || uses >= count("most_uses")? {
        CodeState::UsedUp
    } else if ends_at <= now {
        CodeState::Over
    } else {
        CodeState::Good
    };
    Ok(CodeSummary {
        id,
        name: name.map(|name| name.masked()).unwrap_or_default(),
        number: number.map(|number| number.masked()).unwrap_or_default(),
        state,
        issued_by: row.try_get("issued_by")?,
        issued_at: row.try_get("issued_at")?,
        ends_at: time(ends_at),
        failures,
        uses,
    })
}

/// A code that is good for somebody now.
pub(super) struct GoodCode {
    pub(super) key: i64,
    pub(super) id: String,
    pub(super) hash: String,
}

/// The code that is good now for somebody, if there is one.
pub(super) async fn find_good(connection: &mut Connection, subjects: &[String], now: i64) -> Tried<Option<GoodCode>> {
    let mut select = QueryBuilder::<Sqlite>::new("SELECT code_key, public_id, code FROM access_codes WHERE ");
    push_subjects(&mut select, subjects);
    select.push(" AND revoked_at IS NULL AND failures < most_failures AND uses < most_uses AND ends_at > ");
    select.push_bind(now).push(" ORDER BY code_key DESC LIMIT 1");
    let row = select.build().fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(GoodCode {
        key: row.try_get("code_key")?,
        id: row.try_get("public_id")?,
        hash: row.try_get("code")?,
    }))
}

/// Counts one login, or one failure, of a code; `false` when it is not good any more.
pub(super) async fn wear_off(connection: &mut Connection, key: i64, right: bool, now: i64) -> Tried<bool> {
    let count = match right {
        true => "UPDATE access_codes SET uses = uses + 1",
        false => "UPDATE access_codes SET failures = failures + 1",
    };
    let update = format!(
        "{count} WHERE code_key = $1 AND revoked_at IS NULL AND failures < most_failures AND uses < most_uses \
         AND ends_at > $2"
    );
    let done = sqlx::query(sqlx::AssertSqlSafe(update))
        .bind(key)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

fn push_subjects(query: &mut QueryBuilder<Sqlite>, subjects: &[String]) {
    query.push("subject IN (");
    let mut list = query.separated(", ");
    for subject in subjects {
        list.push_bind(subject.clone());
    }
    query.push(")");
}

/// Somebody as codes are found by them: under each key of the archive, the one in use last.
pub(super) fn subjects(ring: &Keyring, number: &OwnerNumber, name: &CitizenName) -> Tried<Vec<String>> {
    keyed(ring, &format!("code\n{}\n{}", number.as_str(), name.as_str()))
}

/// A text hashed under each key of the archive, the one in use last.
pub(super) fn keyed(ring: &Keyring, text: &str) -> Tried<Vec<String>> {
    ring.refresh().map_err(Error::from)?;
    let hashed = ring.ids().into_iter().map(|id| {
        let key = ring.lookup_key(id).map_err(Error::from)?;
        // HMAC takes a key of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| Fault::damaged("key of the archive"))?;
        mac.update(b"juanzong citizen\n");
        mac.update(text.as_bytes());
        Ok(hex::encode(mac.finalize().into_bytes()))
    });
    hashed.collect()
}

/// What the name of a row is sealed for.
pub(super) fn place(id: &str) -> String {
    format!("access code {id}")
}

/// Seals a value as JSON.
pub(super) fn seal(ring: &Keyring, place: &str, value: &impl serde::Serialize) -> Tried<Vec<u8>> {
    let damaged = || Fault::damaged("name and number of a citizen");
    let json = serde_json::to_vec(value).map_err(|_| damaged())?;
    ring.seal(place, &json).map_err(|_| damaged())
}

/// Opens a value; `None` when its key is not to be had, or it is damaged.
pub(super) fn open<T: serde::de::DeserializeOwned>(ring: &Keyring, place: &str, sealed: &[u8]) -> Option<T> {
    serde_json::from_slice(&ring.open_sealed(place, sealed).ok()?).ok()
}

/// Seconds since 1970 as they are told.
fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}

impl IssuedCode {
    /// Whether the code is of a person or of an organisation.
    pub fn kind(&self) -> OwnerKind {
        self.number.kind()
    }
}
