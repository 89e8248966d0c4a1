//! The JSON of `juanzong-indexer ocr`: its shape is part of the interface of the program.

use std::io::Write;

use juanzong::record::{Alternative, FormField, LineRole, PageRecord, Seal, TextLine, TextWord};
use serde::Serialize;

use super::{Error, PageWriter, Remark, Scan};
use crate::decode::Failure;

/// Writes JSON; the pages stand in one array, the failures after it.
pub(super) struct JsonWriter<W> {
    out: W,
    name: String,
    begun: bool,
    pages: usize,
    failures: Vec<FailureJson>,
}

#[derive(Serialize)]
struct PageJson<'a> {
    number: u32,
    width: u32,
    height: u32,
    rotation: u32,
    skew: f64,
    confidence: Option<f64>,
    text: String,
    lines: Vec<LineJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    seals: Vec<PieceJson<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    form: &'a [FormField],
}

#[derive(Serialize)]
struct LineJson<'a> {
    #[serde(flatten)]
    line: PieceJson<'a>,
    words: Vec<PieceJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternatives: Vec<AlternativeJson<'a>>,
    #[serde(skip_serializing_if = "LineRole::is_body")]
    role: LineRole,
}

/// A text with its place: a line, a word or a seal.
#[derive(Serialize)]
struct PieceJson<'a> {
    text: &'a str,
    #[serde(rename = "box")]
    area: [u32; 4],
    confidence: f64,
}

#[derive(Serialize)]
struct AlternativeJson<'a> {
    at: usize,
    text: &'a str,
    confidence: f64,
}

/// A page that failed; the list is only there when it is not empty.
#[derive(Serialize)]
struct FailureJson {
    number: u32,
    code: &'static str,
    message: &'static str,
    detail: String,
}

impl<W: Write> JsonWriter<W> {
    pub(super) fn new(out: W, name: String) -> Self {
        Self {
            out,
            name,
            begun: false,
            pages: 0,
            failures: Vec::new(),
        }
    }

    fn begin(&mut self) -> Result<(), Error> {
        if !self.begun {
            self.begun = true;
            write!(
                self.out,
                "{{\"file\":{},\"pages\":[",
                serde_json::to_string(&self.name)?
            )?;
        }
        Ok(())
    }
}

impl<W: Write + Send> PageWriter for JsonWriter<W> {
    fn page(&mut self, page: &PageRecord, _: Option<Scan>) -> Result<(), Error> {
        self.begin()?;
        if self.pages > 0 {
            self.out.write_all(b",")?;
        }
        self.pages += 1;
        serde_json::to_writer(&mut self.out, &page_json(page))?;
        Ok(())
    }

    fn failed(&mut self, number: u32, failure: &Failure, _: Option<Scan>) -> Result<(), Error> {
        self.failures.push(FailureJson {
            number,
            code: failure.code.code(),
            message: failure.code.message_zh(),
            detail: failure.detail.clone(),
        });
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Remark>, Error> {
        self.begin()?;
        self.out.write_all(b"]")?;
        if !self.failures.is_empty() {
            self.out.write_all(b",\"failures\":")?;
            serde_json::to_writer(&mut self.out, &self.failures)?;
        }
        self.out.write_all(b"}\n")?;
        self.out.flush()?;
        Ok(Vec::new())
    }
}

fn page_json(page: &PageRecord) -> PageJson<'_> {
    PageJson {
        number: page.number,
        width: page.width,
        height: page.height,
        rotation: page.rotation,
        skew: rounded(page.skew, 100.0),
        confidence: page.confidence.map(|c| rounded(c, 1000.0)),
        text: page.text.text(),
        lines: page.text.lines.iter().map(line_json).collect(),
        seals: page.text.seals.iter().map(seal_json).collect(),
        form: &page.text.form,
    }
}

fn line_json(line: &TextLine) -> LineJson<'_> {
    LineJson {
        line: PieceJson {
            text: &line.text,
            area: line.area.into(),
            confidence: rounded(line.confidence, 1000.0),
        },
        words: line.words.iter().map(word_json).collect(),
        alternatives: line.alternatives.iter().map(alternative_json).collect(),
        role: line.role,
    }
}

fn word_json(word: &TextWord) -> PieceJson<'_> {
    PieceJson {
        text: &word.text,
        area: word.area.into(),
        confidence: rounded(word.confidence, 1000.0),
    }
}

fn seal_json(seal: &Seal) -> PieceJson<'_> {
    PieceJson {
        text: &seal.text,
        area: seal.area.into(),
        confidence: rounded(seal.confidence, 1000.0),
    }
}

fn alternative_json(alternative: &Alternative) -> AlternativeJson<'_> {
    AlternativeJson {
        at: alternative.at,
        text: &alternative.text,
        confidence: rounded(alternative.confidence, 1000.0),
    }
}

/// Without the digits that only say how a binary fraction looks in decimal.
fn rounded(value: f32, steps: f64) -> f64 {
    (f64::from(value) * steps).round() / steps
}
