//! Certified copies: what was issued, and whether a copy is one of them.

use std::net::IpAddr;

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::Row;

use super::AccessStore;
use super::attempts::{self, Subject};
use super::refusal::AccessRefusal;
use crate::access::{Action, Actor, AuditEntry, Outcome, ReadableCode};
use crate::catalogue::error::{Error, Fault, Result};
use crate::record::CivilDate;

/// What anybody may know of a certified copy who has its verification code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertifiedCopy {
    /// The day in Chinese time on which it was issued.
    pub issued_on: CivilDate,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
}

impl AccessStore {
    /// Writes down that a copy was issued, with the entry of the log that says to whom.
    ///
    /// # Errors
    /// When the file cannot be written: then the copy must not be given away.
    pub async fn record_copy(&self, code: &ReadableCode, copy: &CertifiedCopy, entry: AuditEntry) -> Result<()> {
        let recorded = async {
            let mut transaction = self.inner.write().await?;
            sqlx::query("INSERT INTO certified_copies (code_hash, sha256, issued_on) VALUES ($1, $2, $3)")
                .bind(hash(code))
                .bind(&copy.sha256)
                .bind(copy.issued_on.to_string())
                .execute(&mut *transaction)
                .await?;
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await
        };
        recorded.await.map_err(self.fault("recording a certified copy"))
    }

    /// The copy with this verification code; `None` when none was issued. Who asks very often has to wait.
    ///
    /// # Errors
    /// [`AccessRefusal::TooManyVerifications`], or when the file cannot be used.
    pub async fn verify_copy(
        &self,
        typed: &str,
        address: Option<IpAddr>,
        actor: &Actor,
    ) -> Result<Option<CertifiedCopy>> {
        let verified = async {
            let code = ReadableCode::parse(typed);
            let counting: Vec<Subject> = address.map(Subject::verifier).into_iter().collect();
            let now = self.inner.seconds();
            let mut transaction = self.inner.write().await?;
            attempts::check(&mut transaction, &counting, now)
                .await
                .map_err(renamed)?;
            let row = match &code {
                None => None,
                Some(code) => {
                    sqlx::query("SELECT sha256, issued_on FROM certified_copies WHERE code_hash = $1")
                        .bind(hash(code))
                        .fetch_optional(&mut *transaction)
                        .await?
                }
            };
            attempts::failed(&mut transaction, &counting, now).await?;
            let copy = match &row {
                None => None,
                Some(row) => {
                    let issued_on: String = row.try_get("issued_on")?;
                    Some(CertifiedCopy {
                        issued_on: CivilDate::parse(&issued_on).ok_or_else(|| Fault::damaged("date of a copy"))?,
                        sha256: row.try_get("sha256")?,
                    })
                }
            };
            let entry = actor.entry(Action::VerifyCopy, Outcome::Done, &json!({"genuine": copy.is_some()}));
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await?;
            Ok(copy)
        };
        verified.await.map_err(self.fault("verifying a copy"))
    }
}

/// Who looks too often did not fail to log in.
fn renamed(fault: Fault) -> Fault {
    match fault {
        Fault::Named(Error::Access(AccessRefusal::TooManyAttempts { seconds })) => {
            AccessRefusal::TooManyVerifications { seconds }.into()
        }
        fault => fault,
    }
}

fn hash(code: &ReadableCode) -> String {
    hex::encode(Sha256::digest(code.as_str().as_bytes()))
}
