//! Pages of text, keyed by their content.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::codec::{self, EncodedText};
use super::database::{Catalogue, Connection, from_db_u32, now, to_db};
use super::error::{Error, Fault, Result, Tried};
use super::line_edits;
use super::sealed::{Place, Secrets};
use crate::record::{AppliedEdit, PageRecord, PageText, TextSource};

/// Where a page stands: of which case, in which document, and its number there.
///
/// Pages keep the number that they have in their file, everywhere: in facts, in addresses and on screen. A document
/// that is the second part of a file may thus start with page 5.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageAddress {
    /// Document in the case, from 1.
    pub document: u32,
    /// Page in the file, from 1.
    pub page: u32,
    /// SHA-256 of the file, or of the text where there is no file: names the page images.
    pub content_id: String,
}

/// A page as people see it: with its corrected lines.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrectedPage {
    /// Where it stands.
    pub address: PageAddress,
    /// The page with its corrected lines.
    pub page: PageRecord,
    /// Which lines were corrected.
    pub edits: Vec<AppliedEdit>,
    /// The text as the machine read it or as it was imported.
    pub as_read: PageText,
}

/// Rows of one statement.
const ROWS_AT_A_TIME: usize = 200;

const COLUMNS: &str = "SELECT content_id, number, width, height, dpi, rotation, skew, confidence, source, engine, text, \
                       failure_code, failure_detail FROM pages WHERE content_id = $1";

impl Catalogue {
    /// Keeps one page of a registered file, in place of an earlier reading of it. A page that could not be read is
    /// kept too, with its failure. A case that shows this page takes notice when it is saved the next time.
    ///
    /// # Errors
    /// [`Error::UnknownFile`], [`Error::InvalidPage`], or a failure of the database.
    pub async fn save_page(&self, sha256: &str, page: &PageRecord) -> Result<()> {
        let doing = "saving a page";
        let saved = async {
            let mut transaction = self.write().await?;
            let known: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM files WHERE sha256 = $1")
                .bind(sha256)
                .fetch_one(&mut *transaction)
                .await?;
            if known == 0 {
                let sha256 = sha256.to_owned();
                return Err(Error::UnknownFile { sha256 }.into());
            }
            let text = encode_page(sha256, page)?;
            let row = PageRow {
                content_id: sha256,
                page,
                text: &text,
            };
            put_pages(&mut transaction, self.secrets(), &[row]).await?;
            Ok(transaction.commit().await?)
        };
        saved.await.map_err(self.fault(doing))
    }

    /// One page of a file or an imported text as the machine read it or as it was imported.
    ///
    /// # Errors
    /// When the database fails or the page is unreadable.
    pub async fn page_of_content(&self, content_id: &str, number: u32) -> Result<Option<PageRecord>> {
        let read = async {
            let mut transaction = self.read().await?;
            page_of_content(&mut transaction, self.secrets(), content_id, number).await
        };
        read.await.map_err(self.fault("reading a page"))
    }

    /// One page of a case with its corrected lines; `None` when the case, the document or the page does not exist.
    ///
    /// # Errors
    /// When the database fails or the page is unreadable.
    pub async fn page(&self, case_key: u64, document: u32, number: u32) -> Result<Option<PageRecord>> {
        let shown = self.corrected_page(case_key, document, number).await?;
        Ok(shown.map(|shown| shown.page))
    }

    /// As [`Self::page`], with its address and with what was corrected.
    ///
    /// # Errors
    /// When the database fails or the page is unreadable.
    pub async fn corrected_page(&self, case_key: u64, document: u32, number: u32) -> Result<Option<CorrectedPage>> {
        let read = async {
            let mut transaction = self.read().await?;
            corrected_page(&mut transaction, self.secrets(), to_db(case_key), document, number).await
        };
        read.await.map_err(self.fault("reading a page"))
    }

    /// The address of one page of a case, if it has that page.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_address(&self, case_key: u64, document: u32, number: u32) -> Result<Option<PageAddress>> {
        let read = async {
            let mut transaction = self.read().await?;
            page_address(&mut transaction, to_db(case_key), document, number).await
        };
        read.await.map_err(self.fault("reading a page"))
    }

    /// The addresses of all pages of a case, in order: to read its pages one at a time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_addresses(&self, case_key: u64) -> Result<Vec<PageAddress>> {
        let read = async {
            let mut transaction = self.read().await?;
            let rows = sqlx::query(
                "SELECT d.ordinal, p.number, p.content_id FROM documents d \
                 JOIN pages p ON p.content_id = d.content_id \
                 WHERE d.case_key = $1 AND p.number >= d.first_page AND p.number < d.first_page + d.page_count \
                 ORDER BY d.ordinal, p.number",
            )
            .bind(to_db(case_key))
            .fetch_all(&mut *transaction)
            .await?;
            rows.iter().map(address_from_row).collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("listing the pages of a case"))
    }
}

/// One page of a case with its corrected lines.
pub(super) async fn corrected_page(
    connection: &mut Connection,
    secrets: &Secrets,
    key: i64,
    document: u32,
    number: u32,
) -> Tried<Option<CorrectedPage>> {
    let Some(address) = page_address(connection, key, document, number).await? else {
        return Ok(None);
    };
    let Some(mut page) = page_of_content(connection, secrets, &address.content_id, number).await? else {
        return Ok(None);
    };
    let as_read = page.text.clone();
    let edits = line_edits::load(connection, secrets, key)
        .await?
        .apply(document, &mut page);
    Ok(Some(CorrectedPage {
        address,
        page,
        edits,
        as_read,
    }))
}

async fn page_address(connection: &mut Connection, key: i64, document: u32, number: u32) -> Tried<Option<PageAddress>> {
    let content: Option<String> = sqlx::query_scalar(
        "SELECT p.content_id FROM documents d JOIN pages p ON p.content_id = d.content_id \
         WHERE d.case_key = $1 AND d.ordinal = $2 AND p.number = $3 \
         AND p.number >= d.first_page AND p.number < d.first_page + d.page_count",
    )
    .bind(key)
    .bind(i64::from(document))
    .bind(i64::from(number))
    .fetch_optional(connection)
    .await?;
    Ok(content.map(|content_id| PageAddress {
        document,
        page: number,
        content_id,
    }))
}

async fn page_of_content(
    connection: &mut Connection,
    secrets: &Secrets,
    content_id: &str,
    number: u32,
) -> Tried<Option<PageRecord>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} AND number = $2")))
        .bind(content_id)
        .bind(i64::from(number))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(|row| page_from_row(row, secrets)).transpose()
}

/// Checks a page and packs its text.
pub(super) fn encode_page(content_id: &str, page: &PageRecord) -> Result<EncodedText> {
    let invalid = |detail: String| Error::InvalidPage {
        content_id: content_id.to_owned(),
        number: page.number,
        detail,
    };
    if page.number == 0 {
        return Err(invalid("pages count from 1".into()));
    }
    codec::encode(&page.text).map_err(invalid)
}

/// A page as it is written.
#[derive(Clone, Copy)]
pub(super) struct PageRow<'a> {
    pub(super) content_id: &'a str,
    pub(super) page: &'a PageRecord,
    pub(super) text: &'a EncodedText,
}

/// Writes pages, in place of earlier readings of them; a page that is there already in the same form stays. No page may
/// occur twice.
pub(super) async fn put_pages(connection: &mut Connection, secrets: &Secrets, pages: &[PageRow<'_>]) -> Tried<()> {
    let time = now();
    for some in pages.chunks(ROWS_AT_A_TIME) {
        let mut sealed = Vec::with_capacity(some.len());
        for PageRow { content_id, page, text } in some {
            let number = i64::from(page.number);
            sealed.push(secrets.seal_bytes(Place::Page { content_id, number }, &text.blob)?);
        }
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO pages (content_id, number, width, height, dpi, rotation, skew, confidence, source, engine, \
             text, text_hash, failure_code, failure_detail, saved_at) ",
        );
        insert.push_values(
            some.iter().zip(sealed),
            |mut row, (PageRow { content_id, page, text }, sealed)| {
                let (failure_code, failure_detail) = page.failure.clone().unzip();
                row.push_bind((*content_id).to_owned())
                    .push_bind(i64::from(page.number))
                    .push_bind(i64::from(page.width))
                    .push_bind(i64::from(page.height))
                    .push_bind(page.dpi.map(i64::from))
                    .push_bind(i64::from(page.rotation))
                    .push_bind(f64::from(page.skew))
                    .push_bind(page.confidence.map(f64::from))
                    .push_bind(page.source.code())
                    .push_bind(page.engine.clone())
                    .push_bind(sealed)
                    .push_bind(text.hash.clone())
                    .push_bind(failure_code)
                    .push_bind(failure_detail)
                    .push_bind(time.clone());
            },
        );
        insert.push(
            " ON CONFLICT (content_id, number) DO UPDATE SET width = excluded.width, height = excluded.height, \
             dpi = excluded.dpi, rotation = excluded.rotation, skew = excluded.skew, \
             confidence = excluded.confidence, source = excluded.source, engine = excluded.engine, \
             text = excluded.text, text_hash = excluded.text_hash, failure_code = excluded.failure_code, \
             failure_detail = excluded.failure_detail, saved_at = excluded.saved_at \
             WHERE pages.width <> excluded.width OR pages.height <> excluded.height \
             OR pages.dpi IS DISTINCT FROM excluded.dpi OR pages.rotation <> excluded.rotation \
             OR pages.skew <> excluded.skew OR pages.confidence IS DISTINCT FROM excluded.confidence \
             OR pages.source <> excluded.source OR pages.engine <> excluded.engine \
             OR pages.text_hash <> excluded.text_hash \
             OR pages.failure_code IS DISTINCT FROM excluded.failure_code \
             OR pages.failure_detail IS DISTINCT FROM excluded.failure_detail",
        );
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// The pages `first .. first + count` of a file or text, in order.
pub(super) async fn pages_in_range(
    connection: &mut Connection,
    secrets: &Secrets,
    content_id: &str,
    first: u32,
    count: u32,
) -> Tried<Vec<PageRecord>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} AND number >= $2 AND number < $3 ORDER BY number"
    )))
    .bind(content_id)
    .bind(i64::from(first))
    .bind(i64::from(first) + i64::from(count))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| page_from_row(row, secrets)).collect()
}

pub(super) fn address_from_row(row: &SqliteRow) -> Tried<PageAddress> {
    Ok(PageAddress {
        document: from_db_u32(row.try_get("ordinal")?, "document number")?,
        page: from_db_u32(row.try_get("number")?, "page number")?,
        content_id: row.try_get("content_id")?,
    })
}

/// The text of a page.
pub(super) fn text_from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<PageText> {
    let content_id: String = row.try_get("content_id")?;
    let sealed: Vec<u8> = row.try_get("text")?;
    let place = Place::Page {
        content_id: &content_id,
        number: row.try_get("number")?,
    };
    codec::decode(&secrets.open_bytes(place, &sealed)?)
}

pub(super) fn page_from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<PageRecord> {
    let source: String = row.try_get("source")?;
    let dpi: Option<i64> = row.try_get("dpi")?;
    let failure_code: Option<String> = row.try_get("failure_code")?;
    let failure_detail: Option<String> = row.try_get("failure_detail")?;
    Ok(PageRecord {
        number: from_db_u32(row.try_get("number")?, "page number")?,
        width: from_db_u32(row.try_get("width")?, "page width")?,
        height: from_db_u32(row.try_get("height")?, "page height")?,
        dpi: dpi.map(|dpi| from_db_u32(dpi, "page resolution")).transpose()?,
        rotation: from_db_u32(row.try_get("rotation")?, "page rotation")?,
        skew: narrow(row.try_get("skew")?),
        confidence: row.try_get::<Option<f64>, _>("confidence")?.map(narrow),
        source: TextSource::from_code(&source).ok_or_else(|| Fault::damaged("source of a page's text"))?,
        engine: row.try_get("engine")?,
        text: text_from_row(row, secrets)?,
        failure: failure_code.map(|code| (code, failure_detail.unwrap_or_default())),
    })
}

/// Values were written from `f32`, so nothing is lost.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn narrow(value: f64) -> f32 {
    value as f32
}
