//! Saving many cases whose text exists already: packed side by side on other threads, written with few statements.

use std::collections::{HashMap, HashSet};

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::cases::fields_from_row;
use super::database::{Catalogue, Connection, from_db};
use super::documents::{Packed, Placed};
use super::error::{Result, Tried};
use super::fingerprint::fingerprint_of_texts;
use super::insert::{NewCase, insert_new};
use super::pages::put_pages;
use super::save::{Saved, pack_all, save};
use super::sealed::Secrets;
use crate::record::{ArchivalCode, CaseFields, CaseRecord, Fact, FactSource};

/// Cases looked for with one statement.
const CODES_AT_A_TIME: usize = 500;

/// A case that is ready to be saved: checked, and the texts of its pages packed.
#[derive(Clone, Debug, PartialEq)]
pub struct PackedCase {
    case: CaseRecord,
    packed: Vec<Packed>,
}

impl PackedCase {
    /// Checks a case and packs its pages, which is most of the work of saving it.
    ///
    /// # Errors
    /// [`super::Error::InvalidCase`], [`super::Error::InvalidPage`].
    pub fn new(case: CaseRecord) -> Result<Self> {
        let packed = pack_all(&case)?;
        Ok(Self { case, packed })
    }

    /// The case.
    pub fn case(&self) -> &CaseRecord {
        &self.case
    }

    /// The content that each document shows: SHA-256 of its file or its text; evidence of facts names it.
    pub fn content_ids(&self) -> impl Iterator<Item = Option<&str>> {
        self.packed.iter().map(|packed| packed.content_id.as_deref())
    }

    /// Puts other facts in place of those of the case.
    pub fn set_facts(&mut self, facts: Vec<Fact>) {
        self.case.fields = CaseFields::resolve(&facts);
        self.case.facts = facts;
    }

    fn has_files(&self) -> bool {
        self.case
            .documents
            .iter()
            .any(|document| document.file_sha256.is_some())
    }

    fn placed(&self) -> Vec<Placed<'_>> {
        let documents = self.case.documents.iter().zip(&self.packed);
        documents
            .map(|(document, packed)| Placed::new(document, packed, 0))
            .collect()
    }
}

impl Catalogue {
    /// Saves many cases in one transaction, as [`Self::save_case`] would save one after the other, only faster: new cases
    /// without files are written together, and come before the others in the sequence.
    ///
    /// # Errors
    /// As [`Self::save_case`]; then none of the cases is saved.
    pub async fn save_packed(&self, cases: &[&PackedCase]) -> Result<Vec<Saved>> {
        let saved = async {
            let mut transaction = self.write().await?;
            let known = known(&mut transaction, cases).await?;
            let mut all: Vec<Option<Saved>> = vec![None; cases.len()];
            let mut codes: HashSet<&ArchivalCode> = HashSet::new();
            let (mut new, mut places) = (Vec::new(), Vec::new());
            for (at, case) in cases.iter().enumerate() {
                let code = &case.case.archival_code;
                let first = codes.insert(code);
                if case.has_files() || !first {
                    continue;
                }
                let placed = case.placed();
                let fingerprint = fingerprint_of_texts(&case.case, &placed)?;
                match known.get(code.as_str()) {
                    None => {
                        places.push(at);
                        new.push(NewCase {
                            case: &case.case,
                            placed,
                            fingerprint,
                        });
                    }
                    Some(row) => all[at] = unchanged(self.secrets(), row, &case.case, &fingerprint)?,
                }
            }
            put_new_pages(&mut transaction, self.secrets(), &new).await?;
            for (at, created) in places
                .into_iter()
                .zip(insert_new(&mut transaction, self.secrets(), &new).await?)
            {
                all[at] = Some(created);
            }
            let mut saved = Vec::with_capacity(cases.len());
            for (case, done) in cases.iter().zip(all) {
                saved.push(match done {
                    Some(done) => done,
                    None => save(&mut transaction, &case.case, &case.packed, self.secrets()).await?,
                });
            }
            transaction.commit().await?;
            Ok(saved)
        };
        saved.await.map_err(self.fault("saving cases"))
    }

    /// Those of some cases that people have corrected, with their keys.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn corrected_among(&self, codes: &[&ArchivalCode]) -> Result<HashMap<String, u64>> {
        let found = async {
            let mut transaction = self.read().await?;
            let mut found = HashMap::new();
            for some in codes.chunks(CODES_AT_A_TIME) {
                let mut select = QueryBuilder::<Sqlite>::new(
                    "SELECT archival_code, case_key FROM cases c WHERE \
                     EXISTS (SELECT 1 FROM corrections k WHERE k.case_key = c.case_key) AND archival_code IN (",
                );
                let mut list = select.separated(", ");
                for code in some {
                    list.push_bind(code.as_str().to_owned());
                }
                select.push(")");
                for row in select.build().fetch_all(&mut *transaction).await? {
                    found.insert(row.try_get(0)?, from_db(row.try_get(1)?, "case key")?);
                }
            }
            Ok(found)
        };
        found.await.map_err(self.fault("looking for corrected cases"))
    }
}

/// The rows of those cases that are there already, with the number of their corrections.
async fn known(connection: &mut Connection, cases: &[&PackedCase]) -> Tried<HashMap<String, SqliteRow>> {
    let mut known = HashMap::new();
    for some in cases.chunks(CODES_AT_A_TIME) {
        let mut select = QueryBuilder::<Sqlite>::new(
            "SELECT c.*, (SELECT COUNT(*) FROM corrections k WHERE k.case_key = c.case_key) AS corrected \
             FROM cases c WHERE archival_code IN (",
        );
        let mut list = select.separated(", ");
        for case in some {
            list.push_bind(case.case.archival_code.as_str().to_owned());
        }
        select.push(")");
        for row in select.build().fetch_all(&mut *connection).await? {
            known.insert(row.try_get("archival_code")?, row);
        }
    }
    Ok(known)
}

/// What saving a case did that is as it was; `None` when it may have to be written.
fn unchanged(secrets: &Secrets, row: &SqliteRow, case: &CaseRecord, fingerprint: &str) -> Tried<Option<Saved>> {
    if row.try_get::<i64, _>("corrected")? > 0 || row.try_get::<String, _>("fingerprint")? != fingerprint {
        return Ok(None);
    }
    let given: Vec<_> = case
        .facts
        .iter()
        .filter(|f| f.source != FactSource::Correction)
        .cloned()
        .collect();
    if fields_from_row(row, secrets)? != CaseFields::resolve(&given) {
        return Ok(None);
    }
    Ok(Some(Saved::Unchanged {
        case_key: from_db(row.try_get("case_key")?, "case key")?,
        sequence: from_db(row.try_get("sequence")?, "sequence")?,
    }))
}

/// Keeps the pages of new cases, a text that several of them show once.
async fn put_new_pages(connection: &mut Connection, secrets: &Secrets, new: &[NewCase<'_>]) -> Tried<()> {
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for place in new.iter().flat_map(|new| &new.placed) {
        if place.content_id().is_some_and(|id| seen.insert(id)) {
            rows.extend(place.packed.rows(place.document));
        }
    }
    put_pages(connection, secrets, &rows).await
}
