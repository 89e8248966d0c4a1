//! The exact truth of a sample: what stands on every page, and where.

use std::collections::BTreeMap;

use juanzong::record::{DocumentKind, FieldName, PixelBox};
use serde::{Deserialize, Serialize};

use super::{Format, Level};

/// Truth of one case; one JSON file each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseTruth {
    /// 档号
    pub archival_code: String,
    /// Name of the folder below `cases/`.
    pub folder: String,
    /// Seed of the run.
    pub seed: u64,
    /// Position of the case in the run, from 0.
    pub index: u32,
    /// The fields; closed lists by code, dates as `YYYY-MM-DD`.
    pub fields: BTreeMap<FieldName, String>,
    /// Details of the case, of which there may be several values: those that its papers name where they have room for
    /// them. Other persons and laws may stand on paper, too.
    #[serde(default)]
    pub details: BTreeMap<FieldName, Vec<String>>,
    /// The documents in order.
    pub documents: Vec<DocumentTruth>,
}

/// Truth of one document: a file, or a part of a bound volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentTruth {
    /// Position in the case, from 1.
    pub ordinal: u32,
    /// File name inside the case folder; documents of one volume have the same.
    pub file: String,
    /// Title.
    pub title: String,
    /// 文种
    pub kind: DocumentKind,
    /// Format of the file.
    pub format: Format,
    /// Whether the file has a text layer and no page images.
    pub born_digital: bool,
    /// The pages in order.
    pub pages: Vec<PageTruth>,
}

/// Truth of one page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageTruth {
    /// Number within the file, from 1.
    pub number: u32,
    /// Width of the stored image in pixels; of a born-digital page at the nominal resolution.
    pub width: u32,
    /// Height of the stored image in pixels; of a born-digital page at the nominal resolution.
    pub height: u32,
    /// Resolution in dots per inch; 300 nominally for a born-digital page.
    pub dpi: u32,
    /// Clockwise turn in degrees (0, 90, 180, 270) that makes the stored image upright.
    pub rotation: u32,
    /// EXIF orientation of the file: 1 when there is none. Where it is not 1 it asks for exactly `rotation`.
    pub exif_orientation: u8,
    /// Colours of the stored image.
    pub colour: Colour,
    /// Level of the scan.
    pub level: Level,
    /// What was done to the page.
    pub degradations: Degradations,
    /// Texts of the seals; they are not among the lines.
    pub seals: Vec<String>,
    /// The lines in reading order; tables row by row, cell by cell.
    pub lines: Vec<LineTruth>,
}

impl PageTruth {
    /// The text in reading order, lines separated by `\n`.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}

/// Colours of a stored page image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// One bit per pixel.
    Bilevel,
    /// Eight bits of grey.
    Grey,
    /// Three times eight bits.
    Rgb,
    /// Vector page without image.
    None,
}

/// What was done to a page; absent effects are zero or false.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Degradations {
    /// Skew in degrees, positive clockwise.
    pub skew: f32,
    /// Standard deviation of the blur in pixels.
    pub blur: f32,
    /// Standard deviation of the noise in grey levels.
    pub noise: f32,
    /// Share of pixels that are specks.
    pub speckle: f32,
    /// Strength of the text showing through from the back, 0 to 1.
    pub bleed_through: f32,
    /// Darkness of the shadow of a fold, 0 to 1.
    pub fold: f32,
    /// Contrast that is left, 0 to 1; 0 means untouched.
    pub contrast: f32,
    /// Darkness of the uneven background, 0 to 1.
    pub uneven: f32,
    /// How much darker than its surroundings, in grey levels, a pixel had to be to turn black; 0 when the page was not
    /// made black and white.
    pub threshold: u8,
    /// Black and white at 200 dpi with thinned strokes, as of a fax.
    pub fax: bool,
    /// Quality of the JPEG compression, 1 to 100; 0 when there is none.
    pub jpeg_quality: u8,
}

/// Truth of one line of text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineTruth {
    /// The text as drawn.
    pub text: String,
    /// Corners of the ink in pixels of the stored image, in the order top left, top right, bottom right, bottom
    /// left as seen on the upright page.
    pub quad: [[f32; 2]; 4],
    /// Box around the quad in pixels of the stored image.
    #[serde(rename = "box")]
    pub area: PixelBox,
    /// Box around the ink in pixels of the upright image (after `rotation`, the skew still in it).
    pub upright: PixelBox,
    /// What the line is.
    pub role: Role,
}

/// What a line of text is in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Agency name in red above the line.
    RedHead,
    /// Title.
    Title,
    /// Heading of a section.
    Heading,
    /// Number: 文号, 受理编号, licence number.
    Number,
    /// Running text.
    Body,
    /// Name of a field of a form.
    Label,
    /// Content of a form or table.
    Cell,
    /// Signature: agency, person, date.
    Signature,
    /// Notes at the bottom: 抄送, 印发.
    Note,
    /// Page number.
    PageNumber,
}
