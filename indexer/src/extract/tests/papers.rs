//! Whole papers in many layouts and wordings, none of them those of the sample generator, each with what it says.
//!
//! A page is written line by line; ` | ` separates the cells of a table row, which are label and value in turn. Every
//! person, organisation and number is invented.

mod decisions;
mod forms;
mod licences;
mod notices;
mod older;

use std::sync::LazyLock;

use juanzong::analysis::dictionary::Dictionaries;
use juanzong::record::{CaseFields, Fact, FormField, LineRole, PageText, PixelBox, TextLine, TextSource};

use super::super::*;

/// A paper: its lines, and what it says by the codes of the fields; `-` means that it says nothing of a field. A detail
/// may have several values, of which the one given must be among those found.
pub(super) type Paper = (&'static str, &'static [(&'static str, &'static str)]);

/// A page as the reader gives it: lines one below the other, the cells of a row beside each other.
pub(super) fn page(text: &str) -> PageRecord {
    let mut page = PageText::default();
    for (row, line) in (0_u16..).zip(text.lines().map(str::trim).filter(|line| !line.is_empty())) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let first = page.lines.len();
        for (column, cell) in (0_u16..).zip(&cells) {
            let (x, y) = (200 + 500 * u32::from(column), 100 + 80 * u32::from(row));
            let width = 50 * u32::try_from(cell.chars().count()).unwrap_or(0);
            let role = LineRole::Cell { table: 0, row, column };
            page.lines.push(TextLine {
                text: (*cell).to_owned(),
                area: PixelBox::from([x, y, x + width, y + 50]),
                confidence: 0.99,
                role: if cells.len() > 1 { role } else { LineRole::Body },
                ..TextLine::default()
            });
        }
        for pair in 0..cells.len() / 2 {
            page.form.push(FormField {
                label: vec![first + 2 * pair],
                value: vec![first + 2 * pair + 1],
            });
        }
    }
    PageRecord {
        number: 1,
        width: 2480,
        height: 3508,
        dpi: Some(300),
        rotation: 0,
        skew: 0.0,
        confidence: Some(0.99),
        source: TextSource::Ocr,
        engine: "test".into(),
        text: page,
        failure: None,
    }
}

/// The dictionaries, read once for all tests.
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::from_dictionaries(&Dictionaries::builtin().unwrap()));

/// What the rules find in a paper of which not even the file name says anything.
pub(super) fn read(text: &str) -> Vec<Fact> {
    read_pages(&[page(text)])
}

/// The same for pages.
pub(super) fn read_pages(pages: &[PageRecord]) -> Vec<Fact> {
    let mut facts = facts_of(pages);
    weigh(&mut facts);
    facts
}

/// The same before the papers of a case are weighed.
pub(super) fn facts_of(pages: &[PageRecord]) -> Vec<Fact> {
    let document = DocumentPages {
        file_name: "001.jpg",
        file_sha256: "ab",
        pages,
    };
    extract(document, &VOCABULARY).facts
}

/// Reads every paper and names everything that is not as it should be.
pub(super) fn check(papers: &[Paper]) {
    let mut wrong = String::new();
    for (at, (text, said)) in papers.iter().enumerate() {
        let facts = read(text);
        let fields = CaseFields::resolve(&facts);
        for (code, value) in *said {
            let field = FieldName::from_code(code).unwrap();
            let found: Vec<String> = if field.is_detail() {
                let of_field = facts.iter().filter(|f| f.field == field);
                of_field.map(|f| f.value.clone()).collect()
            } else {
                fields.get(field).into_iter().collect()
            };
            let right = if *value == "-" {
                found.is_empty()
            } else {
                found.iter().any(|f| f == value)
            };
            if !right {
                let by: Vec<String> = facts
                    .iter()
                    .filter(|f| f.field == field)
                    .map(|f| format!("{} {} {:.2}", f.value, f.origin, f.confidence()))
                    .collect();
                wrong.push_str(&format!(
                    "paper {at}, {code}: expected {value}, found {found:?} of {by:?}\n"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
