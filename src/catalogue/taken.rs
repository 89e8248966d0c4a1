//! Corrections that come with a case from an export: of another archive, or of this one.

use sqlx::Row;

use super::correction_rows::{insert, insert_undo, list};
use super::database::{Catalogue, to_db};
use super::error::{Error, Result};
use super::save::{next_sequence, update};
use super::{facts, reviews};
use crate::record::{CaseFields, Correction};

/// What taking corrections in did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The archive had them all.
    Known,
    /// Some were new.
    Added,
    /// The archive has others under the same numbers: nothing was taken in, its own stay.
    Differ,
}

impl Catalogue {
    /// Takes in the corrections of a case with their numbers, authors and times. Those that the archive has are left alone;
    /// what it has beyond them stays.
    ///
    /// # Errors
    /// [`Error::UnknownCase`], or a failure of the database. Nothing is changed then.
    pub async fn take_corrections(&self, case_key: u64, corrections: &[Correction]) -> Result<Taken> {
        if corrections.is_empty() {
            return Ok(Taken::Known);
        }
        let taken = async {
            let mut transaction = self.write().await?;
            let key = to_db(case_key);
            let case = sqlx::query("SELECT archival_code, fingerprint FROM cases WHERE case_key = $1")
                .bind(key)
                .fetch_optional(&mut *transaction)
                .await?
                .ok_or(Error::UnknownCase { case_key })?;
            let known = list(&mut transaction, self.secrets(), key).await?;
            if known.iter().zip(corrections).any(|(here, there)| !same(here, there)) {
                return Ok(Taken::Differ);
            }
            let mut added = false;
            for (at, correction) in corrections.iter().enumerate() {
                let here = known.get(at);
                if here.is_none() {
                    insert(&mut transaction, self.secrets(), key, correction).await?;
                    added = true;
                }
                if let Some(undo) = &correction.undone
                    && here.is_none_or(|here| here.undone.is_none())
                {
                    insert_undo(&mut transaction, self.secrets(), key, correction.number, undo).await?;
                    added = true;
                }
            }
            if !added {
                return Ok(Taken::Known);
            }
            let all_facts = facts::load(&mut transaction, self.secrets(), key).await?;
            let fields = CaseFields::resolve(&all_facts);
            let sequence = next_sequence(&mut transaction).await?;
            let code: String = case.try_get("archival_code")?;
            let fingerprint: String = case.try_get("fingerprint")?;
            update(
                &mut transaction,
                self.secrets(),
                &code,
                (sequence, &fingerprint),
                (&fields, &all_facts),
            )
            .await?;
            reviews::refresh_stored(&mut transaction, self.secrets(), key).await?;
            transaction.commit().await?;
            Ok(Taken::Added)
        };
        taken.await.map_err(self.fault("taking in corrections"))
    }
}

/// Whether two are one correction, undone or not.
fn same(a: &Correction, b: &Correction) -> bool {
    let bare = |correction: &Correction| Correction {
        undone: None,
        ..correction.clone()
    };
    bare(a) == bare(b)
}
