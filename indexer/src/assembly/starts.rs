//! Which pages begin with the title of a document.
//!
//! Words alone do not make a title: contents of annexes, headings of reports and sentences name other documents, too.
//! What begins a document is set larger than the text and in the middle of the page.

use juanzong::record::{DocumentKind, LineRole, PageRecord, PageText, PixelBox, TextLine};

use crate::extract::{DocumentPages, kind_of_title, written_title};

/// Among so many lines at the top a title stands.
const TOP_LINES: usize = 12;
/// How much larger than the text of the page the print of a title is, in hundredths.
const LARGER: f32 = 1.2;
/// How far from the middle of the page, or of what is printed on it, the middle of a title may be, in parts of the width
/// of the page.
const OFF_CENTRE: f32 = 0.06;
/// Lines with fewer characters say little about the size of the text; a title has at least three.
const CHARACTERS_LEAST: f32 = 4.0;
const TITLE_LEAST: f32 = 3.0;
/// Confidence of a title by its look, and of one by its words alone.
const BY_LOOK: f32 = 0.95;
const BY_WORDS: f32 = 0.5;
/// What is left of it when a character of the wording was misread.
const MISREAD: f32 = 0.96;
/// The form at the end of a volume for remarks; contents lists do not name it.
const REMARKS: &str = "备考表";

/// The title that a page begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// The kind of document that it names.
    pub kind: DocumentKind,
    /// How sure it is that a document begins here, 0 to 1.
    pub confidence: f32,
    /// The title as read.
    pub title: String,
    /// Its box in pixels of the upright page.
    pub area: Option<PixelBox>,
}

/// For each page the title that it begins with.
pub fn starts(pages: &[PageRecord]) -> Vec<Option<Start>> {
    pages.iter().map(start).collect()
}

fn start(page: &PageRecord) -> Option<Start> {
    let shaped = PageRecord {
        text: PageText {
            lines: title_lines(page).cloned().collect(),
            ..PageText::default()
        },
        engine: String::new(),
        failure: None,
        ..*page
    };
    if let Some(line) = shaped
        .text
        .lines
        .iter()
        .find(|line| without_spaces(line).ends_with(REMARKS))
    {
        return Some(Start {
            kind: DocumentKind::Other,
            confidence: BY_LOOK,
            title: without_spaces(line),
            area: Some(line.area),
        });
    }
    match (by_words(&shaped, BY_LOOK), by_words(page, BY_WORDS)) {
        // Among other lines a title over several lines is found whole.
        (Some(look), Some(words)) if words.kind == look.kind && words.title.ends_with(&look.title) => Some(Start {
            confidence: look.confidence,
            ..words
        }),
        (look, words) => look.or(words),
    }
}

fn by_words(page: &PageRecord, confidence: f32) -> Option<Start> {
    let (kind, fact) = written_title(DocumentPages {
        file_name: "",
        file_sha256: "",
        pages: std::slice::from_ref(page),
    })?;
    let title = fact.as_read.unwrap_or(fact.value);
    let title: String = title.chars().filter(|c| !c.is_whitespace()).collect();
    let exact = if kind_of_title(&title).is_some() { 1.0 } else { MISREAD };
    Some(Start {
        kind,
        confidence: confidence * exact,
        title,
        area: fact.evidence.and_then(|evidence| evidence.area),
    })
}

/// The lines at the top of a page that look like a title.
fn title_lines(page: &PageRecord) -> impl Iterator<Item = &TextLine> {
    let lines = || page.text.lines.iter().filter(|line| is_text(line));
    let mut sizes: Vec<f32> = lines()
        .filter_map(|line| size_of_print(line, CHARACTERS_LEAST))
        .collect();
    sizes.sort_by(f32::total_cmp);
    let typical = sizes.get(sizes.len() / 2).copied();
    let printed = lines()
        .map(|line| line.area)
        .reduce(PixelBox::union)
        .unwrap_or_default();
    lines().take(TOP_LINES).filter(move |line| {
        let (Some(size), Some(typical)) = (size_of_print(line, TITLE_LEAST), typical) else {
            return false;
        };
        let middle = centre(line.area);
        let near = |of: f32| (middle - of).abs() <= OFF_CENTRE * pixels(page.width);
        size >= typical * LARGER && (near(pixels(page.width) / 2.0) || near(centre(printed)))
    })
}

/// Repeated heads, feet and page numbers are furniture.
fn is_text(line: &TextLine) -> bool {
    !matches!(line.role, LineRole::PageNumber | LineRole::Footer | LineRole::Header)
}

/// Width of a Han character in pixels; `None` for a line that has fewer characters than `least`, or no place. Heights do not serve: that of
/// the box of a long line grows with the skew of the page.
fn size_of_print(line: &TextLine, least: f32) -> Option<f32> {
    let width = |c: char| if c.is_ascii() { 0.55 } else { 1.0 };
    let characters: f32 = line.text.chars().filter(|c| !c.is_whitespace()).map(width).sum();
    (characters >= least && line.area.width() > 0).then(|| pixels(line.area.width()) / characters)
}

fn without_spaces(line: &TextLine) -> String {
    line.text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn centre(area: PixelBox) -> f32 {
    f32::midpoint(pixels(area.x0), pixels(area.x1))
}

#[allow(clippy::cast_precision_loss)] // pages are far smaller than 2^24 pixels
fn pixels(value: u32) -> f32 {
    value as f32
}
