//! Corrected lines of a case: which pages they belong to now, and the pages with them.

use std::collections::BTreeMap;

use sqlx::Row;

use super::cases::document_from_row;
use super::correction_rows::{CorrectionText, LINE_COLUMNS, anchor_from_row};
use super::database::{Connection, from_db_u32};
use super::error::{Fault, Tried};
use super::sealed::Secrets;
use crate::record::{AppliedEdit, LineAnchor, LineEdit, PageRecord, append_lost_edit, apply_line_edits};

/// The corrected lines of one case that stand, with the pages they belong to.
#[derive(Clone, Debug, Default)]
pub struct LineEdits {
    edits: Vec<PlacedEdit>,
}

#[derive(Clone, Debug)]
struct PlacedEdit {
    edit: LineEdit,
    /// Document and page where the line should be.
    pages: Vec<(u32, u32)>,
    /// Whether the page itself is gone, so that the line can only be added to another.
    homeless: bool,
}

impl LineEdits {
    /// Whether there is nothing to apply.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Puts the corrected lines into a page of a document; those whose line is gone are added at its end. Tells where each
    /// went.
    pub fn apply(&self, document: u32, page: &mut PageRecord) -> Vec<AppliedEdit> {
        let place = (document, page.number);
        let here: Vec<&PlacedEdit> = self.edits.iter().filter(|e| e.pages.contains(&place)).collect();
        if here.is_empty() {
            return Vec::new();
        }
        let size = (page.width, page.height);
        let at_home: Vec<&LineEdit> = here.iter().filter(|e| !e.homeless).map(|e| &e.edit).collect();
        let (mut applied, mut lost) = apply_line_edits(&mut page.text, size, &at_home);
        lost.extend(here.iter().filter(|e| e.homeless).map(|e| &e.edit));
        for edit in lost {
            // A line that was emptied and is gone needs no place.
            if edit.text.trim().is_empty() {
                continue;
            }
            let same_page = edit.anchors.first().is_some_and(|a| a.page == page.number) && size.0 > 0;
            applied.push(append_lost_edit(&mut page.text, size, edit, same_page));
        }
        applied
    }

    /// As [`Self::apply`], but leaves out what has lost its place: facts are read from what stands on the page.
    pub fn apply_in_place(&self, document: u32, page: &mut PageRecord) {
        let place = (document, page.number);
        self.place_some(page, |edit| !edit.homeless && edit.pages.contains(&place));
    }

    /// As [`Self::apply_in_place`], for a page of a file that is about to become a document of the case: known by the
    /// file's name in the case, or by its bytes.
    pub fn apply_to_file(&self, source_name: &str, sha256: &str, page: &mut PageRecord) {
        let number = page.number;
        let about = |anchor: &LineAnchor| {
            anchor.page == number && (anchor.content_id == sha256 || anchor.source_name == source_name)
        };
        self.place_some(page, |edit| edit.edit.anchors.iter().any(about));
    }

    fn place_some(&self, page: &mut PageRecord, wanted: impl Fn(&PlacedEdit) -> bool) {
        let here: Vec<&LineEdit> = self.edits.iter().filter(|e| wanted(e)).map(|e| &e.edit).collect();
        if !here.is_empty() {
            apply_line_edits(&mut page.text, (page.width, page.height), &here);
        }
    }
}

/// The corrected lines of a case.
pub(super) async fn load(connection: &mut Connection, secrets: &Secrets, case_key: i64) -> Tried<LineEdits> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT u.number AS undone, {LINE_COLUMNS} FROM corrections c \
         LEFT JOIN correction_undos u ON u.case_key = c.case_key AND u.number = c.number \
         WHERE c.case_key = $1 AND c.kind = 'line' ORDER BY c.number"
    )))
    .bind(case_key)
    .fetch_all(&mut *connection)
    .await?;
    if rows.is_empty() {
        return Ok(LineEdits::default());
    }
    // Corrections of one line make a chain: the last that stands counts, and all tell where the line was.
    let mut first_of: BTreeMap<u32, u32> = BTreeMap::new();
    let mut chains: BTreeMap<u32, Vec<(u32, Option<String>, LineAnchor)>> = BTreeMap::new();
    for row in &rows {
        let number = from_db_u32(row.try_get("number")?, "number of a correction")?;
        let said = CorrectionText::of(secrets, case_key, row)?;
        let anchor = anchor_from_row(row, &said)?;
        let first = anchor.follows.and_then(|n| first_of.get(&n).copied()).unwrap_or(number);
        first_of.insert(number, first);
        let undone = row.try_get::<Option<i64>, _>("undone")?.is_some();
        let text = said.value.ok_or_else(|| Fault::damaged("corrected line"))?;
        chains
            .entry(first)
            .or_default()
            .push((number, (!undone).then_some(text), anchor));
    }
    let homes = homes(connection, secrets, case_key).await?;
    let mut edits = Vec::new();
    for mut chain in chains.into_values() {
        chain.reverse();
        let standing = chain.iter().position(|(_, text, _)| text.is_some());
        let Some((number, Some(text), anchor)) = standing.map(|at| chain.remove(at)) else {
            continue;
        };
        let mut anchors = vec![anchor];
        anchors.extend(chain.into_iter().map(|(_, _, anchor)| anchor));
        let (pages, homeless) = pages_of(&anchors, &homes);
        edits.push(PlacedEdit {
            edit: LineEdit { number, text, anchors },
            pages,
            homeless,
        });
    }
    Ok(LineEdits { edits })
}

/// A document as a home of lines.
struct Home {
    document: u32,
    source_name: String,
    occurrence: u32,
    content_id: Option<String>,
    first_page: u32,
    page_count: u32,
}

impl Home {
    fn has(&self, page: u32) -> bool {
        (self.first_page..self.first_page.saturating_add(self.page_count)).contains(&page)
    }
}

async fn homes(connection: &mut Connection, secrets: &Secrets, case_key: i64) -> Tried<Vec<Home>> {
    let rows = sqlx::query("SELECT * FROM documents WHERE case_key = $1 ORDER BY ordinal")
        .bind(case_key)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let document = document_from_row(row, secrets)?;
            Ok(Home {
                document: document.ordinal,
                source_name: document.source_name,
                occurrence: from_db_u32(row.try_get("occurrence")?, "occurrence of a document")?,
                content_id: document.content_id,
                first_page: document.first_page,
                page_count: document.page_count,
            })
        })
        .collect()
}

/// The pages a line belongs to: where its bytes are shown; else the same page of the document that took their place; else
/// the last page of the case, where its text can be kept.
fn pages_of(anchors: &[LineAnchor], homes: &[Home]) -> (Vec<(u32, u32)>, bool) {
    for anchor in anchors {
        let shown: Vec<(u32, u32)> = homes
            .iter()
            .filter(|home| home.content_id.as_ref() == Some(&anchor.content_id) && home.has(anchor.page))
            .map(|home| (home.document, anchor.page))
            .collect();
        if !shown.is_empty() {
            return (shown, false);
        }
    }
    for anchor in anchors {
        // New bytes may be divided in another way.
        let same_file = |home: &&Home| home.source_name == anchor.source_name && home.has(anchor.page);
        let same_document = homes
            .iter()
            .filter(same_file)
            .find(|home| home.occurrence == anchor.occurrence);
        if let Some(home) = same_document.or_else(|| homes.iter().find(same_file)) {
            return (vec![(home.document, anchor.page)], false);
        }
    }
    let last = homes.iter().rev().find(|home| home.page_count > 0);
    let page = last.map(|home| (home.document, home.first_page + home.page_count - 1));
    (page.into_iter().collect(), true)
}
