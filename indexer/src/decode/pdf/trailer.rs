//! Whether something can be added at the end of a PDF file, and what has to be known for it (ISO 32000-1, 7.5).
//!
//! The renderer repairs broken files silently. What is added to a file has to point back to cross-references that every
//! reader finds, so they are looked at here once more, and strictly.

use std::collections::BTreeSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, FromBytes as _, Number, Object, ObjectIdentifier};

use super::{places, syntax};
use crate::decode::original::PdfTrailer;

/// Longest chain of cross-reference sections that is followed.
const MAX_SECTIONS: usize = 256;

/// Within how many bytes of its start a file says that it is made for the web.
const HEAD: usize = 1024;

/// Object numbers beyond this are of files made to break readers (ISO 32000-1, annex C).
const MAX_OBJECT: u32 = 8_388_607;

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
    let (_, previous) = start_of_last(bytes)?;
    let last = section(bytes, previous)?;
    if last.dict.contains_key(b"Encrypt") {
        return None;
    }
    let root = last.dict.get_ref(b"Root")?;
    if ObjectIdentifier::from(root) != pdf.xref().root_id() {
        return None;
    }
    let mut seen = BTreeSet::new();
    let mut next = Some(previous);
    while let Some(offset) = next {
        if seen.len() > MAX_SECTIONS || !seen.insert(offset) || !places::hold(bytes, pdf, offset)? {
            return None;
        }
        next = section(bytes, offset)?.previous();
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
    Some(PdfTrailer {
        previous,
        stream: last.stream,
        first_free,
        entries: syntax::entries_of(&last.dict, KEPT)?,
        length: bytes.len() as u64,
    })
}

/// Entries of the trailer that a newer one has too.
pub(super) const KEPT: &[&[u8]] = &[b"Root", b"Info", b"ID"];

/// The trailer of the last cross-reference section, as far as there is one; of a damaged file, of the last `trailer` that
/// can be read.
pub(super) fn last_entries(bytes: &[u8]) -> Option<Dict<'_>> {
    let stated = start_of_last(bytes).and_then(|(_, offset)| section(bytes, offset));
    let found = || {
        let at = memchr::memmem::rfind(bytes, b"trailer")?;
        let at = at + memchr::memmem::find(bytes.get(at..)?, b"<<")?;
        Dict::from_bytes(bytes.get(at..)?)
    };
    stated.map(|section| section.dict).or_else(found)
}

/// Whether the file ends where its writer ended it, as far as that can be told without reading its objects. Some writers
/// leave the end marker out, and copying may add bytes behind it.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    // A file for the web has the cross-references of its first page in front, with an end marker of their own.
    let first = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    if let Some(at) = memchr::memmem::find(first, b"/Linearized")
        && let Some(dict) = memchr::memmem::rfind(first.get(..at).unwrap_or_default(), b"<<")
            .and_then(|at| Dict::from_bytes(first.get(at..)?))
        && let Some(length) = dict.get::<Number>(b"L").and_then(|n| usize::try_from(n.as_i64()).ok())
        && bytes.len() < length
    {
        return false;
    }
    let marker = memchr::memmem::rfind(bytes, b"%%EOF").map(|at| at + b"%%EOF".len());
    let stated = start_of_last(bytes).filter(|(_, offset)| section(bytes, *offset).is_some());
    let end = marker.max(stated.map(|(end, _)| end));
    // Objects behind the end are the beginning of an update that is cut off.
    end.and_then(|end| bytes.get(end..))
        .is_some_and(|rest| memchr::memmem::find(rest, b" obj").is_none())
}

/// The end of the last `startxref` with its number, and that number.
fn start_of_last(bytes: &[u8]) -> Option<(usize, u64)> {
    let start = memchr::memmem::rfind(bytes, b"startxref")? + b"startxref".len();
    Some((start, number(bytes.get(start..)?)?))
}

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
