//! A document as a list of lines, and the evidence for a part of one.

use std::ops::Range;

use juanzong::record::{Evidence, Fact, FactSource, FieldName, TextLine};

use super::DocumentPages;

/// The lines of a document in reading order.
pub(super) struct Reading<'a> {
    /// All lines of all pages.
    pub(super) lines: Vec<Line<'a>>,
    sha256: &'a str,
}

/// One line and the page it stands on.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Page of the file, from 1.
    pub(super) page: u32,
    /// The text without spaces, as rules read it.
    pub(super) line: &'a TextLine,
}

impl<'a> Reading<'a> {
    pub(super) fn of(document: DocumentPages<'a>) -> Self {
        let lines = document
            .pages
            .iter()
            .flat_map(|page| {
                page.text.lines.iter().map(|line| Line {
                    page: page.number,
                    line,
                })
            })
            .collect();
        Self {
            lines,
            sha256: document.file_sha256,
        }
    }

    /// The lines of the first page.
    pub(super) fn first_page(&self) -> &[Line<'a>] {
        let Some(first) = self.lines.first() else { return &[] };
        let end = self
            .lines
            .iter()
            .position(|l| l.page != first.page)
            .unwrap_or(self.lines.len());
        &self.lines[..end]
    }

    /// A fact that stands in some characters of a line.
    pub(super) fn fact(&self, field: FieldName, value: String, found: Found<'_>) -> Fact {
        let as_read: String = found
            .line
            .line
            .text
            .chars()
            .skip(found.span.start)
            .take(found.span.len())
            .collect();
        Fact {
            field,
            as_read: (as_read != value).then_some(as_read),
            value,
            source: FactSource::Extraction,
            origin: found.rule.to_owned(),
            evidence: Some(Evidence {
                file_sha256: self.sha256.to_owned(),
                page: found.line.page,
                area: found.line.line.area_of(found.span),
                confidence: found.weight * found.line.line.confidence,
            }),
        }
    }
}

/// Where a rule found its value and how much the rule is worth.
pub(super) struct Found<'a> {
    /// The line.
    pub(super) line: Line<'a>,
    /// Characters of the line.
    pub(super) span: Range<usize>,
    /// Name of the rule.
    pub(super) rule: &'static str,
    /// Worth of the rule on perfect text, 0 to 1.
    pub(super) weight: f32,
}

/// The text without any white space: OCR and typesetting put spaces into titles (`许 可 证`).
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Number of characters.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

/// The first place of `needle`, as a range of characters.
pub(super) fn find_characters(text: &str, needle: &str) -> Option<Range<usize>> {
    let (before, _) = text.split_once(needle)?;
    let start = length(before);
    Some(start..start + length(needle))
}
