//! Lines of text as a PDF of their own, e.g. the report of a check.

use std::io::Write;

use super::font::PrintFont;
use super::{PRINT, print};
use crate::export::{Error, provenance};
use crate::pdf::{A4, Book, Description, Print, Sheet};

/// Writes lines on as many pages as they need.
pub(in crate::export) fn write<W: Write>(
    title: &str,
    lines: &[String],
    mut font: PrintFont,
    out: W,
) -> Result<(), Error> {
    let description = Description {
        title: title.to_owned(),
        producer: provenance::program(),
        author: None,
        subject: None,
        keywords: None,
    };
    let mut book = Book::new(out, description)?;
    book.bookmark(title.to_owned());
    let id = book.next_ref()?;
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    for content in print::text_pages(&mut font, &lines) {
        book.page(&Sheet {
            size: A4,
            print: Some(Print {
                content,
                fonts: &[(PRINT, id)],
            }),
            ..Sheet::default()
        })?;
    }
    font.write(&mut book, id)?;
    Ok(book.end()?)
}
