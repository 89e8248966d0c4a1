//! Whether a cross-reference section says where its objects are (ISO 32000-1, 7.5.4 and 7.5.8).
//!
//! The renderer looks for objects itself when they are not where the section says; other readers may not.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, ObjectIdentifier, Stream};

/// Most entries of one section that are looked at; a file has no more objects.
const MAX_ENTRIES: usize = 8_388_608;

/// Whether each object in use stands where the section at `offset` says; `None` when the section cannot be read.
pub(super) fn hold(bytes: &[u8], pdf: &Pdf, offset: u64) -> Option<bool> {
    let section = bytes.get(usize::try_from(offset).ok()?..)?;
    match section.strip_prefix(b"xref") {
        Some(table) => table_holds(bytes, table),
        None => stream_holds(bytes, section, pdf),
    }
}

fn table_holds(bytes: &[u8], table: &[u8]) -> Option<bool> {
    let mut words = table.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let mut seen = 0;
    loop {
        let first = words.next()?;
        // The keyword may touch the dictionary.
        if first.starts_with(b"trailer") {
            return Some(true);
        }
        let (first, count) = (decimal(first)?, decimal(words.next()?)?);
        for number in first..first.checked_add(count)? {
            seen += 1;
            let (offset, generation, kind) = (decimal(words.next()?)?, decimal(words.next()?)?, words.next()?);
            if seen > MAX_ENTRIES || !matches!(kind, b"n" | b"f") {
                return None;
            }
            // Some writers leave entries of 0 for objects that are not there.
            if kind == b"n" && offset != 0 && !is_object(bytes, offset, number, generation) {
                return Some(false);
            }
        }
    }
}

fn stream_holds(bytes: &[u8], section: &[u8], pdf: &Pdf) -> Option<bool> {
    let mut words = section.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (number, generation) = (decimal(words.next()?)?, decimal(words.next()?)?);
    let id = ObjectIdentifier::new(u32::try_from(number).ok()?, i32::try_from(generation).ok()?);
    let stream = pdf.xref().get::<Stream<'_>>(id)?;
    let dict: &Dict<'_> = stream.dict();
    let data = stream.decoded_data().ok()?;
    let widths: Vec<usize> = dict.get::<Array<'_>>(b"W")?.iter::<u32>().map(|w| w as usize).collect();
    let &[kind_width, place_width, generation_width] = widths.as_slice() else {
        return None;
    };
    let row = kind_width.checked_add(place_width)?.checked_add(generation_width)?;
    if row == 0 || row > 24 || data.len() / row > MAX_ENTRIES {
        return None;
    }
    let index: Vec<u64> = match dict.get::<Array<'_>>(b"Index") {
        Some(index) => index.iter::<u32>().map(u64::from).collect(),
        None => vec![0, dict.get::<u32>(b"Size")?.into()],
    };
    let mut numbers = index.chunks_exact(2).flat_map(|pair| match pair {
        [first, count] => *first..first.saturating_add(*count),
        _ => 0..0,
    });
    for entry in data.chunks_exact(row) {
        let number = numbers.next()?;
        let (kind, rest) = entry.split_at_checked(kind_width)?;
        let (place, generation) = rest.split_at_checked(place_width)?;
        // Without a kind it is an object in use.
        let in_use = kind_width == 0 || big_endian(kind) == 1;
        if in_use && !is_object(bytes, big_endian(place), number, big_endian(generation)) {
            return Some(false);
        }
    }
    Some(true)
}

fn is_object(bytes: &[u8], offset: u64, number: u64, generation: u64) -> bool {
    let at = usize::try_from(offset).ok().and_then(|at| bytes.get(at..));
    let head = at.map(|rest| rest.get(..rest.len().min(48)).unwrap_or_default());
    let mut words = head
        .unwrap_or_default()
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    words.next().and_then(decimal) == Some(number)
        && words.next().and_then(decimal) == Some(generation)
        && words.next().is_some_and(|word| word.starts_with(b"obj"))
}

fn decimal(word: &[u8]) -> Option<u64> {
    if !word.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(word).ok()?.parse().ok()
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}
