//! Documents and pages of a line.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::record::{
    DocumentKind, DocumentRecord, FormField, PageRecord, PageSpan, PageText, Seal, TextLine, TextSource,
};

/// A document of a line.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct DocumentLine {
    /// Title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// 文种: code or name; found from title and text when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// File name inside the case; none for a text that never was a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_name: Option<String>,
    /// The file from which the pages were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileLine>,
    /// Which pages of the file, when several documents are bound together in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PageSpan>,
    /// Why the file could not be read: stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// The pages in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageLine>,
}

/// The file from which the pages of a document were read. The line holds no bytes of it: who imports the line without having
/// the file has its text only, until the file is taken in.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FileLine {
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Media type, e.g. `application/pdf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Number of its pages, which may belong to several documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
}

/// A page of a line: its text, or all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum PageLine {
    /// The text, lines separated by `\n`. Its number is its place in the list.
    Text(String),
    /// The page with its geometry, as `juanzong-indexer ocr --format json` writes it.
    Read(Box<ReadPage>),
}

/// A page with its geometry.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct ReadPage {
    /// Number in the file, from 1; its place in the list when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Width of the upright page in pixels; 0 when the text has no geometry.
    #[serde(default)]
    pub width: u32,
    /// Height of the upright page in pixels.
    #[serde(default)]
    pub height: u32,
    /// Resolution in dots per inch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpi: Option<u32>,
    /// Clockwise turn that made the page upright: 0, 90, 180 or 270 degrees.
    #[serde(default)]
    pub rotation: u32,
    /// Skew of the text in degrees, positive clockwise.
    #[serde(default)]
    pub skew: f32,
    /// Mean confidence of the text, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// Where the text comes from; `import` when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<TextSource>,
    /// Name and version of the recogniser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The text, where there are no `lines`; else what they say, which is not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The lines in reading order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<TextLine>>,
    /// The seals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<Seal>,
    /// Labels and values of forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<FormField>,
    /// Why the page could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<PageFault>,
}

/// Why a page could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFault {
    /// Stable code.
    pub code: String,
    /// What happened.
    #[serde(default)]
    pub detail: String,
}

impl DocumentLine {
    pub(super) fn of_document(document: &DocumentRecord) -> Self {
        let pages = document.pages.iter().zip(1..);
        Self {
            title: Some(document.title.clone()),
            kind: Some(document.kind.code().to_owned()),
            source_name: Some(document.source_name.clone()).filter(|name| !name.is_empty()),
            file: document.file_sha256.as_ref().map(|sha256| FileLine {
                sha256: sha256.clone(),
                ..FileLine::default()
            }),
            part: document.part,
            failure: document.failure.clone(),
            pages: pages.map(|(page, place)| PageLine::of_page(page, place)).collect(),
        }
    }

    pub(super) fn into_document(self, ordinal: u32) -> DocumentRecord {
        let kind = self.kind.as_deref().and_then(DocumentKind::parse);
        let pages = self.pages.into_iter().zip(1..);
        DocumentRecord {
            ordinal,
            title: self.title.unwrap_or_default(),
            kind: kind.unwrap_or(DocumentKind::Other),
            source_name: self.source_name.unwrap_or_default(),
            file_sha256: self.file.map(|file| file.sha256),
            part: self.part,
            failure: self.failure,
            pages: pages.map(|(page, place)| page.into_page(place)).collect(),
        }
    }
}

impl PageLine {
    /// The text alone where that says it all.
    fn of_page(page: &PageRecord, place: u32) -> Self {
        let text = page.text.text();
        if PageRecord::imported(place, &text) == *page {
            return Self::Text(text);
        }
        Self::Read(Box::new(ReadPage {
            number: Some(page.number),
            width: page.width,
            height: page.height,
            dpi: page.dpi,
            rotation: page.rotation,
            skew: page.skew,
            confidence: page.confidence,
            source: Some(page.source),
            engine: Some(page.engine.clone()),
            text: None,
            lines: Some(page.text.lines.clone()),
            seals: page.text.seals.clone(),
            form: page.text.form.clone(),
            failure: page.failure.clone().map(|(code, detail)| PageFault { code, detail }),
        }))
    }

    /// Number of the page that stands at a place of the list.
    pub fn number(&self, place: u32) -> u32 {
        match self {
            Self::Text(_) => place,
            Self::Read(page) => page.number.unwrap_or(place),
        }
    }

    fn into_page(self, place: u32) -> PageRecord {
        let page = match self {
            Self::Text(text) => return PageRecord::imported(place, &text),
            Self::Read(page) => *page,
        };
        let has_lines = page.lines.is_some();
        let text = match (page.lines, page.text) {
            (Some(lines), _) => PageText {
                lines,
                seals: page.seals,
                form: page.form,
            },
            (None, text) => PageText {
                seals: page.seals,
                ..PageText::without_geometry(&text.unwrap_or_default())
            },
        };
        // Who gives lines says what is known of their confidence.
        let confidence = page.confidence.or_else(|| text.confidence().filter(|_| !has_lines));
        PageRecord {
            number: page.number.unwrap_or(place),
            width: page.width,
            height: page.height,
            dpi: page.dpi,
            rotation: page.rotation,
            skew: page.skew,
            confidence,
            source: page.source.unwrap_or(TextSource::Import),
            engine: page.engine.unwrap_or_default(),
            text,
            failure: page.failure.map(|fault| (fault.code, fault.detail)),
        }
    }
}

/// By hand, so that an error keeps its place in the line: serde's own reading of such an enum loses it.
impl<'de> Deserialize<'de> for PageLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Page;

        impl<'de> Visitor<'de> for Page {
            type Value = PageLine;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the text of a page or an object")
            }

            fn visit_str<E>(self, text: &str) -> Result<PageLine, E> {
                Ok(PageLine::Text(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<PageLine, E> {
                Ok(PageLine::Text(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PageLine, A::Error> {
                ReadPage::deserialize(MapAccessDeserializer::new(map)).map(|page| PageLine::Read(Box::new(page)))
            }
        }

        deserializer.deserialize_any(Page)
    }
}
