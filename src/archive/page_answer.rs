//! One page as it is answered.

use serde::{Deserialize, Serialize};

use super::view::View;
use crate::access::{Masking, PersonalData, personal_areas};
use crate::catalogue::{self, CorrectedPage};
use crate::record::{AppliedEdit, PageRecord, PixelBox, TextLine};
use crate::search::{self, PageMark};

/// One page: its text with boxes, and what to mark. All boxes are `[x0, y0, x1, y1]` in pixels of a page of
/// `width` × `height`, upright.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PageAnswer {
    /// Opaque id of the case.
    pub case_id: String,
    /// Position of the document in the case, from 1.
    pub document: u32,
    /// Number of the page in the document's file.
    pub page: u32,
    /// Width of the page in pixels; 0 when the text has no geometry.
    pub width: u32,
    /// Height of the page in pixels.
    pub height: u32,
    /// Resolution in dots per inch.
    pub dpi: Option<u32>,
    /// Clockwise turn in degrees that made the page upright.
    pub rotation: u32,
    /// Skew of the text in degrees, positive clockwise.
    pub skew: f32,
    /// Mean confidence of the text, 0 to 1.
    pub confidence: Option<f32>,
    /// Where the text comes from: `ocr`, `text_layer` or `import`.
    pub source: String,
    /// The text in reading order, lines separated by `\n`.
    pub text: String,
    /// The lines in reading order.
    pub lines: Vec<LineAnswer>,
    /// What to mark for the query `q`, in reading order.
    pub marks: Vec<PageMark>,
    /// Why the page could not be read; it has no text then.
    pub failure: Option<PageFailure>,
    /// Whether there is an image of the page.
    pub image: bool,
}

/// One line of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LineAnswer {
    /// The text.
    pub text: String,
    /// Its box.
    #[serde(rename = "box")]
    pub area: [u32; 4],
    /// Confidence, 0 to 1.
    pub confidence: f32,
    /// The words in reading order; often one Han character each.
    pub words: Vec<WordAnswer>,
    /// That a person gave the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<LineCorrection>,
}

/// The correction that a line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LineCorrection {
    /// Its number in the case.
    pub number: u32,
    /// Whether the line was found; else its text was added at the end of the page.
    pub placed: bool,
}

/// One word of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct WordAnswer {
    /// The characters.
    pub text: String,
    /// Its box.
    #[serde(rename = "box")]
    pub area: [u32; 4],
    /// Confidence, 0 to 1.
    pub confidence: f32,
}

/// Why a page could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PageFailure {
    /// Stable code.
    pub code: String,
}

/// A page as a viewer may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownPage {
    /// The page with its corrected lines, masked.
    pub page: CorrectedPage,
    /// Boxes to blacken on its image, in pixels of the upright page.
    pub hidden: Vec<PixelBox>,
}

impl View {
    /// A page of a case, with its corrected lines; `None` when there is none that may be seen.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn page(&self, case_id: &str, document: u32, number: u32) -> catalogue::Result<Option<ShownPage>> {
        let Some(case) = self.summary(case_id).await? else {
            return Ok(None);
        };
        let catalogue = self.archive.catalogue();
        let Some(mut page) = catalogue.corrected_page(case.case_key, document, number).await? else {
            return Ok(None);
        };
        let mut hidden = Vec::new();
        if self.masking == Masking::Masked {
            let facts = catalogue.facts(case.case_key).await?.unwrap_or_default();
            let masked = PersonalData::of(&facts).mask_page(std::mem::take(&mut page.page.text));
            page.page.text = masked.text;
            page.as_read = PersonalData::of(&facts).mask_page(page.as_read).text;
            hidden = masked.areas;
            hidden.extend(personal_areas(&facts, &page.address.content_id, number));
        }
        Ok(Some(ShownPage { page, hidden }))
    }

    /// What to mark on a page, as it is shown, for a query.
    ///
    /// # Errors
    /// When the query is beyond its limits.
    pub fn marks(&self, query: Option<&str>, page: &PageRecord) -> Result<Vec<PageMark>, search::Error> {
        match query {
            Some(query) => Ok(self.archive.searcher().mark_page(query, &page.text)?.marks),
            None => Ok(Vec::new()),
        }
    }
}

impl PageAnswer {
    /// Puts a page and its marks into the form of the answer.
    pub fn new(case_id: String, shown: CorrectedPage, marks: Vec<PageMark>, image: bool) -> Self {
        let CorrectedPage {
            address,
            page: record,
            edits,
            ..
        } = shown;
        Self {
            case_id,
            document: address.document,
            page: address.page,
            width: record.width,
            height: record.height,
            dpi: record.dpi,
            rotation: record.rotation,
            skew: record.skew,
            confidence: record.confidence,
            source: record.source.code().to_owned(),
            text: record.text.text(),
            lines: record
                .text
                .lines
                .into_iter()
                .enumerate()
                .map(|(at, text)| line(text, edits.iter().find(|edit| edit.line == at)))
                .collect(),
            marks,
            failure: record.failure.map(|(code, _)| PageFailure { code }),
            image,
        }
    }
}

fn line(line: TextLine, edit: Option<&AppliedEdit>) -> LineAnswer {
    let word = |word: crate::record::TextWord| WordAnswer {
        text: word.text,
        area: word.area.into(),
        confidence: word.confidence,
    };
    LineAnswer {
        text: line.text,
        area: line.area.into(),
        confidence: line.confidence,
        words: line.words.into_iter().map(word).collect(),
        correction: edit.map(|edit| LineCorrection {
            number: edit.number,
            placed: edit.placed,
        }),
    }
}
