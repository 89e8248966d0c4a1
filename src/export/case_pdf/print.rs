//! Text printed on pages of A4.

use super::PRINT;
use super::font::{Encoded, PrintFont};
use super::notice::Notice;
use crate::pdf::A4;
use crate::pdf::geometry::number;

/// Margins in points: an inch.
const MARGIN: f64 = 72.0;
/// Size of letters in points (小四), of the head of a notice, and of a line in sizes of its letters.
const SIZE: f64 = 12.0;
const HEAD: f64 = 22.0;
const LEADING: f64 = 1.6;

/// A page that says why there is nothing else on it.
pub(super) fn notice_page(font: &mut PrintFont, notice: &Notice) -> Vec<u8> {
    let mut page = Page::new(A4.1 * 0.62);
    for line in wrapped(font, &notice.head, HEAD) {
        page.centred(&line, HEAD);
    }
    page.skip(SIZE);
    for line in notice.lines.iter().flat_map(|line| wrapped(font, line, SIZE)) {
        page.centred(&line, SIZE);
    }
    page.finish()
}

/// Lines of text on as many pages as they need.
pub(super) fn text_pages(font: &mut PrintFont, lines: &[&str]) -> Vec<Vec<u8>> {
    let mut pages = Vec::new();
    let mut page = Page::new(A4.1 - MARGIN);
    for line in lines.iter().flat_map(|line| wrapped(font, line, SIZE)) {
        if page.left() < SIZE * LEADING {
            let full = std::mem::replace(&mut page, Page::new(A4.1 - MARGIN));
            pages.push(full.finish());
        }
        page.line(&line, SIZE);
    }
    pages.push(page.finish());
    pages
}

/// A line cut into pieces that fit between the margins; words of letters and digits stay whole when they fit.
fn wrapped(font: &mut PrintFont, line: &str, size: f64) -> Vec<Encoded> {
    let room = (A4.0 - 2.0 * MARGIN) / size;
    let mut pieces = Vec::new();
    let mut piece = Encoded::default();
    let letters: Vec<char> = line.chars().collect();
    for word in letters.chunk_by(|a, b| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric()) {
        let encoded = font.encode(word.iter().copied());
        if piece.ems + encoded.ems > room && piece.ems > 0.0 {
            pieces.push(std::mem::take(&mut piece));
        }
        if encoded.ems <= room {
            piece.push(&encoded);
            continue;
        }
        for c in word {
            let encoded = font.encode([*c]);
            if piece.ems + encoded.ems > room {
                pieces.push(std::mem::take(&mut piece));
            }
            piece.push(&encoded);
        }
    }
    pieces.push(piece);
    pieces
}

/// A page as it grows; `y` is where the next line begins, upwards.
struct Page {
    y: f64,
    out: String,
}

impl Page {
    fn new(y: f64) -> Self {
        Self { y, out: String::new() }
    }

    fn left(&self) -> f64 {
        self.y - MARGIN
    }

    fn skip(&mut self, points: f64) {
        self.y -= points;
    }

    fn line(&mut self, line: &Encoded, size: f64) {
        self.put(line, size, MARGIN);
    }

    fn centred(&mut self, line: &Encoded, size: f64) {
        self.put(line, size, (A4.0 - line.ems * size) / 2.0);
    }

    fn put(&mut self, line: &Encoded, size: f64, x: f64) {
        self.y -= size * LEADING;
        if line.codes.is_empty() {
            return;
        }
        let name = String::from_utf8_lossy(PRINT.0);
        let codes = hex::encode(&line.codes);
        let (x, y, size) = (number(x), number(self.y), number(size));
        self.out
            .push_str(&format!("/{name} {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj\n"));
    }

    fn finish(self) -> Vec<u8> {
        format!("BT\n{}ET\n", self.out).into_bytes()
    }
}
