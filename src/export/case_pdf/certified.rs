//! A certified copy (核验副本): the papers of a case that its applicant may see, each page with a strip below it that says who
//! keeps the originals, when the copy was made, and by which code anybody can verify it.

use std::fmt::Write as _;
use std::io::Write;

use qrcode::{Color, QrCode};

use super::{PRINT, PdfCounts, PrintFont, Privacy, Volume};
use crate::access::ReadableCode;
use crate::archive::{Archive, Labels, OwnCase};
use crate::export::{Error, provenance};
use crate::pdf::geometry::number;
use crate::pdf::{A4, Book, Description};
use crate::record::{CivilDate, FieldName};

/// Height of the strip in points below a page as wide as A4; it grows and shrinks with the page.
const HEIGHT: f64 = 84.0;
/// Side of the QR code with the white border that it needs.
const SIDE: f64 = 76.0;
/// White modules around the QR code (ISO/IEC 18004).
const QUIET: usize = 4;
/// Left edge of the text, size of its letters and of those in English, and its first and later lines from the top.
const LEFT: f64 = 24.0;
const SIZE: f64 = 9.5;
const SMALL: f64 = 7.0;
const FIRST: f64 = 20.0;
const LEADING: f64 = 15.0;

/// What a certified copy says of itself.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Name of the archive.
    pub archive: String,
    /// The day on which it is issued.
    pub issued_on: CivilDate,
    /// The verification code.
    pub code: ReadableCode,
    /// What the QR code says: an address, or the code alone.
    pub verification: String,
}

/// The strip below the pages.
pub(super) struct Strip {
    certificate: Certificate,
    /// Rows of the QR code, dark where `true`.
    modules: Vec<Vec<bool>>,
    page: u32,
}

impl Strip {
    fn new(certificate: &Certificate) -> Result<Self, Error> {
        let code = QrCode::new(certificate.verification.as_bytes()).map_err(|_| Error::QrCode)?;
        let width = code.width();
        let colours = code.to_colors();
        let rows = colours.chunks(width.max(1));
        Ok(Self {
            certificate: certificate.clone(),
            modules: rows
                .map(|row| row.iter().map(|c| *c == Color::Dark).collect())
                .collect(),
            page: 0,
        })
    }

    /// Height in points below a page of this width.
    pub(super) fn height(width: f64) -> f64 {
        HEIGHT * width / A4.0
    }

    /// The operators that draw it below the next page, whose lower edge is at 0.
    pub(super) fn draw(&mut self, font: &mut PrintFont, width: f64) -> Vec<u8> {
        self.page += 1;
        let scale = width / A4.0;
        let (height, certificate) = (Self::height(width), &self.certificate);
        let date = certificate.issued_on;
        let lines = [
            (
                format!(
                    "{}　核验副本　{}年{}月{}日出具　第 {} 页",
                    certificate.archive,
                    date.year(),
                    date.month(),
                    date.day(),
                    self.page
                ),
                SIZE,
            ),
            ("本页与馆藏档案核对一致；他人信息已遮盖。".to_owned(), SIZE),
            (format!("核验码 {}", certificate.code), SIZE),
            (
                format!(
                    "Certified copy, page {}, {date}; data of others is hidden. Verify it by the code {}.",
                    self.page, certificate.code
                ),
                SMALL,
            ),
        ];
        // Black on white, whatever the page leaves behind.
        let (w, h) = (number(width), number(height));
        let mut out = format!("q 1 g 0 -{h} {w} {h} re f 0 g\nBT\n");
        let name = String::from_utf8_lossy(PRINT.0);
        let room = width - (LEFT + SIDE) * scale;
        for (at, (line, size)) in (0_u8..).zip(lines) {
            let encoded = font.encode(line.chars());
            let size = (size * scale).min(room / encoded.ems.max(1.0));
            let y = -(FIRST + LEADING * f64::from(at)) * scale;
            let codes = hex::encode(&encoded.codes);
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "/{name} {} Tf 1 0 0 1 {} {} Tm <{codes}> Tj",
                number(size),
                number(LEFT * scale),
                number(y)
            );
        }
        out.push_str("ET\n");
        let across = self.modules.len() + 2 * QUIET;
        #[allow(clippy::cast_precision_loss)] // at most 177 modules
        let place = |modules: usize| modules as f64 * SIDE * scale / across as f64;
        let (left, top) = (width - SIDE * scale, -(HEIGHT - SIDE) / 2.0 * scale);
        for (row, modules) in self.modules.iter().enumerate() {
            let mut column = 0;
            for run in modules.chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    let (x, y) = (left + place(column + QUIET), top - place(row + 1 + QUIET));
                    let (x, y, w, h) = (number(x), number(y), number(place(run.len())), number(place(1)));
                    let _ = writeln!(out, "{x} {y} {w} {h} re");
                }
                column += run.len();
            }
        }
        out.push_str("f Q\n");
        out.into_bytes()
    }
}

/// Writes the copy.
pub(in crate::export) async fn write<W: Write, F: FnOnce() -> Result<PrintFont, Error>>(
    archive: &Archive,
    own: &OwnCase,
    certificate: &Certificate,
    font: F,
    out: W,
) -> Result<PdfCounts, Error> {
    let mut volume = Volume {
        book: Book::new(out, description(own, certificate))?,
        archive,
        privacy: Privacy::of_others(own.others.clone()),
        font: None,
        load: Some(font),
        counts: PdfCounts::default(),
        strip: Some(Strip::new(certificate)?),
    };
    volume
        .documents(own.case.case_key, own.documents.clone(), Labels::Chinese)
        .await?;
    volume.finish()
}

/// What the file says about itself.
fn description(own: &OwnCase, certificate: &Certificate) -> Description {
    let title = own.case.fields.get(FieldName::Title);
    let archival_code = own.case.archival_code.to_string();
    Description {
        title: title.map_or_else(|| archival_code.clone(), |title| own.others.data.masked(&title)),
        producer: provenance::program(),
        author: Some(certificate.archive.clone()),
        subject: Some(format!(
            "核验副本；档号：{archival_code}；核验码：{}；出具日期：{}",
            certificate.code, certificate.issued_on
        )),
        keywords: None,
    }
}
