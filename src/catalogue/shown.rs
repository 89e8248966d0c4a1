//! What search shows of the cases on a page of hits: texts of pages, and the facts that say what of them is masked.
//!
//! A page of hits is read in a few statements, whatever their number: each has to wait for a turn of a connection.

use std::collections::{BTreeSet, HashMap};

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::database::{Catalogue, Connection, from_db, select_of, to_db};
use super::error::{Fault, Result, Tried};
use super::facts;
use super::line_edits;
use super::pages::{PageAddress, address_from_row, page_from_row, text_from_row};
use super::sealed::Secrets;
use crate::record::{DocumentKind, Fact, PageText};

/// Cases read by one statement; SQLite takes up to 500 selections in one.
const CASES_AT_A_TIME: usize = 100;

/// The text of one page with the kind of its document.
#[derive(Clone, Debug, PartialEq)]
pub struct TextOfPage {
    /// Where it stands.
    pub address: PageAddress,
    /// What the document is.
    pub kind: DocumentKind,
    /// The text with its corrected lines.
    pub text: PageText,
}

/// Some pages of a case with its facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextsOfCase {
    /// In order.
    pub pages: Vec<TextOfPage>,
    /// All of them, the latest correction first.
    pub facts: Vec<Fact>,
}

impl Catalogue {
    /// Those of some cases of which a document has a file, and so pages that can be shown as images.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn with_images(&self, case_keys: &[u64]) -> Result<BTreeSet<u64>> {
        let read = async {
            let mut transaction = self.read().await?;
            let keys: Vec<i64> = case_keys.iter().map(|key| to_db(*key)).collect();
            let mut found = BTreeSet::new();
            for some in keys.chunks(CASES_AT_A_TIME) {
                let files = "SELECT DISTINCT case_key FROM documents WHERE file_sha256 IS NOT NULL AND case_key";
                for row in select_of(files, "", some, &mut transaction).await? {
                    found.insert(from_db(row.try_get(0)?, "case key")?);
                }
            }
            Ok(found)
        };
        read.await.map_err(self.fault("asking which cases have images"))
    }

    /// At most `limit` pages of each of some cases, the first `offset` left out, and the facts of the cases; in the order
    /// of the keys, which must differ. A case that does not exist has neither.
    ///
    /// # Errors
    /// When the database fails or something is unreadable.
    pub async fn texts_of_cases(&self, case_keys: &[u64], offset: usize, limit: usize) -> Result<Vec<TextsOfCase>> {
        let read = async {
            let mut transaction = self.read().await?;
            let keys: Vec<i64> = case_keys.iter().map(|key| to_db(*key)).collect();
            let mut found = Vec::with_capacity(keys.len());
            for some in keys.chunks(CASES_AT_A_TIME) {
                let span = (to_db(offset as u64), to_db(limit as u64));
                let mut texts = Texts {
                    connection: &mut transaction,
                    secrets: self.secrets(),
                    corrected: BTreeSet::new(),
                };
                found.extend(texts.of_cases(some, span).await?);
            }
            Ok(found)
        };
        read.await.map_err(self.fault("reading the pages of cases"))
    }
}

/// Reads within one transaction.
struct Texts<'a> {
    connection: &'a mut Connection,
    secrets: &'a Secrets,
    /// Cases of which something was corrected.
    corrected: BTreeSet<i64>,
}

impl Texts<'_> {
    async fn of_cases(&mut self, keys: &[i64], span: (i64, i64)) -> Tried<Vec<TextsOfCase>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.corrected = self.corrected_among(keys).await?;
        let mut pages = self.pages(keys, span).await?;
        let mut facts = self.facts(keys).await?;
        let case = |key: &i64| TextsOfCase {
            pages: pages.remove(key).unwrap_or_default(),
            facts: facts.remove(key).unwrap_or_default(),
        };
        Ok(keys.iter().map(case).collect())
    }

    async fn corrected_among(&mut self, keys: &[i64]) -> Tried<BTreeSet<i64>> {
        let corrected = "SELECT DISTINCT case_key FROM corrections WHERE case_key";
        let rows = select_of(corrected, "", keys, self.connection).await?;
        Ok(rows
            .iter()
            .map(|row| row.try_get(0))
            .collect::<std::result::Result<_, _>>()?)
    }

    async fn pages(&mut self, keys: &[i64], (offset, limit): (i64, i64)) -> Tried<HashMap<i64, Vec<TextOfPage>>> {
        // Of a corrected page all is needed, of the others as little as will do.
        let columns = match self.corrected.is_empty() {
            true => "p.content_id, p.number, p.text",
            false => "p.*",
        };
        let mut select = QueryBuilder::<Sqlite>::new("");
        for (at, key) in keys.iter().enumerate() {
            select.push(if at > 0 { " UNION ALL " } else { "" });
            select
                .push("SELECT * FROM (SELECT d.case_key, d.ordinal, d.kind, ")
                .push(columns);
            select.push(
                " FROM documents d JOIN pages p ON p.content_id = d.content_id \
                 WHERE p.number >= d.first_page AND p.number < d.first_page + d.page_count AND d.case_key = ",
            );
            select.push_bind(*key).push(" ORDER BY d.ordinal, p.number LIMIT ");
            select.push_bind(limit).push(" OFFSET ").push_bind(offset).push(")");
        }
        let rows = select.build().fetch_all(&mut *self.connection).await?;
        let mut edits = HashMap::new();
        for key in self.corrected.clone() {
            edits.insert(key, line_edits::load(&mut *self.connection, self.secrets, key).await?);
        }
        let mut pages: HashMap<i64, Vec<TextOfPage>> = HashMap::new();
        for row in &rows {
            let key: i64 = row.try_get("case_key")?;
            let address = address_from_row(row)?;
            let text = match edits.get(&key).filter(|edits| !edits.is_empty()) {
                None => text_from_row(row, self.secrets)?,
                Some(edits) => {
                    let mut page = page_from_row(row, self.secrets)?;
                    edits.apply(address.document, &mut page);
                    page.text
                }
            };
            let kind = kind_from_row(row)?;
            pages.entry(key).or_default().push(TextOfPage { address, kind, text });
        }
        for pages in pages.values_mut() {
            pages.sort_by_key(|page| (page.address.document, page.address.page));
        }
        Ok(pages)
    }

    async fn facts(&mut self, keys: &[i64]) -> Tried<HashMap<i64, Vec<Fact>>> {
        let mut facts = facts::given_of(&mut *self.connection, self.secrets, keys).await?;
        for key in &self.corrected {
            facts.insert(*key, facts::load(&mut *self.connection, self.secrets, *key).await?);
        }
        Ok(facts)
    }
}

fn kind_from_row(row: &SqliteRow) -> Tried<DocumentKind> {
    let kind: String = row.try_get("kind")?;
    DocumentKind::parse(&kind).ok_or_else(|| Fault::damaged("kind of a document"))
}
