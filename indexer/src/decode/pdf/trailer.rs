//! Whether something can be added at the end of a PDF file, and what has to be known for it (ISO 32000-1, 7.5).
//!
//! The renderer repairs broken files silently. What is added to a file has to point back to cross-references that every
//! reader finds, so they are looked at here once more, and strictly.

use std::collections::BTreeSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, FromBytes as _, Number, Object, ObjectIdentifier};

use super::syntax;
use crate::decode::original::PdfTrailer;

/// Longest chain of cross-reference sections that is followed.
const MAX_SECTIONS: usize = 256;

/// A cross-reference section: its trailer, and whether it is a stream.
struct Section<'a> {
    dict: Dict<'a>,
    stream: bool,
}

impl Section<'_> {
    /// Offset of the section before this one.
    fn previous(&self) -> Option<u64> {
        let offset = self.dict.get::<Number>(b"Prev")?.as_i64();
        u64::try_from(offset).ok()
    }
}

/// What is needed to add to the file; `None` when it is encrypted or its cross-references are not sound.
pub(super) fn read(bytes: &[u8], pdf: &Pdf) -> Option<PdfTrailer> {
    // Offsets count from the header, which most readers look for at the very beginning.
    if !bytes.starts_with(b"%PDF-") {
        return None;
    }
    let start = memchr::memmem::rfind(bytes, b"startxref")? + b"startxref".len();
    let previous = number(bytes.get(start..)?)?;
    let last = section(bytes, previous)?;
    if last.dict.contains_key(b"Encrypt") {
        return None;
    }
    let root = last.dict.get_ref(b"Root")?;
    if ObjectIdentifier::from(root) != pdf.xref().root_id() {
        return None;
    }
    let mut seen = BTreeSet::from([previous]);
    let mut before = last.previous();
    while let Some(offset) = before {
        if seen.len() > MAX_SECTIONS || !seen.insert(offset) {
            return None;
        }
        before = section(bytes, offset)?.previous();
    }
    let first_free = last.dict.get::<u32>(b"Size")?;
    // A wrong size: the number is taken.
    let taken = pdf
        .xref()
        .get::<Object<'_>>(ObjectIdentifier::new(first_free, 0))
        .is_some();
    if taken || first_free > MAX_OBJECT {
        return None;
    }
    let mut entries = Vec::new();
    for key in [b"Root".as_slice(), b"Info", b"ID"] {
        let others: Vec<_> = last.dict.keys().filter(|k| k.as_ref() != key).collect();
        let others: Vec<&[u8]> = others.iter().map(AsRef::as_ref).collect();
        entries.extend(syntax::entries(&last.dict, &others)?);
    }
    Some(PdfTrailer {
        previous,
        stream: last.stream,
        first_free,
        entries,
        length: bytes.len() as u64,
    })
}

/// Object numbers beyond this are of files made to break readers (ISO 32000-1, annex C).
const MAX_OBJECT: u32 = 8_388_607;

fn section(bytes: &[u8], offset: u64) -> Option<Section<'_>> {
    let rest = bytes.get(usize::try_from(offset).ok()?..)?;
    let (dict_from, stream) = if rest.starts_with(b"xref") {
        (memchr::memmem::find(rest, b"trailer")?, false)
    } else {
        // `12 0 obj`: nothing but digits and blanks before the keyword.
        let keyword = memchr::memmem::find(rest.get(..rest.len().min(64))?, b"obj")?;
        let head = rest.get(..keyword)?;
        if head.is_empty() || !head.iter().all(|b| b.is_ascii_digit() || b.is_ascii_whitespace()) {
            return None;
        }
        (keyword, true)
    };
    let at = dict_from + memchr::memmem::find(rest.get(dict_from..)?, b"<<")?;
    let dict = Dict::from_bytes(rest.get(at..)?)?;
    (!stream || dict.contains_key(b"W")).then_some(Section { dict, stream })
}

/// The number after blanks.
fn number(bytes: &[u8]) -> Option<u64> {
    let text = bytes.get(..bytes.len().min(32))?.trim_ascii_start();
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()
}
