//! A PDF written anew from its objects, for files that nothing can be added to: encrypted ones, and ones whose
//! cross-references are damaged.
//!
//! Everything that the catalogue leads to is written, streams in their coding as they are, so pictures keep their bytes, and
//! bookmarks, annotations and forms stay. What no object leads to is left behind.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use hayro::hayro_syntax::PdfVersion;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};

use super::{PdfFile, syntax, trailer};

/// Deepest nesting of objects in one another that is followed.
const MAX_DEPTH: usize = 64;

impl PdfFile {
    /// Whether nothing can be added to the file as it is, so that it has to be written anew for that.
    pub(in crate::decode) fn needs_rebuilding(&self) -> bool {
        self.trailer().is_none()
    }

    /// Writes the file anew, without encryption.
    pub(in crate::decode) fn rebuild(&self, out: &mut impl Write) -> io::Result<()> {
        let mut writer = Writer {
            out,
            at: 0,
            places: BTreeMap::new(),
        };
        let version = if self.pdf.version() == PdfVersion::Pdf20 {
            "2.0"
        } else {
            "1.7"
        };
        writer.bytes(format!("%PDF-{version}\n").as_bytes())?;
        writer.bytes(b"%\xe5\x8d\xb7\xe5\xae\x97\n")?;

        let root = self.pdf.xref().root_id();
        let old = trailer::last_entries(&self.bytes);
        let info = old
            .as_ref()
            .and_then(|dict| dict.get_ref(b"Info"))
            .map(ObjectIdentifier::from);
        let mut waiting: Vec<ObjectIdentifier> = info.into_iter().chain([root]).collect();
        let mut seen: BTreeSet<ObjectIdentifier> = waiting.iter().copied().collect();
        while let Some(id) = waiting.pop() {
            // A reference to nothing stands for null.
            let Some(object) = self.pdf.xref().get::<Object<'_>>(id) else {
                continue;
            };
            let mut found = Vec::new();
            references(&object, &mut found, 0);
            waiting.extend(found.into_iter().filter(|id| seen.insert(*id)));
            writer.object(id, object)?;
        }
        let identity = old
            .and_then(|dict| syntax::entries_of(&dict, &[b"ID"]))
            .unwrap_or_default();
        writer.finish(root, info, &identity)
    }
}

/// The objects that an object refers to.
fn references(object: &Object<'_>, found: &mut Vec<ObjectIdentifier>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut look = |value: MaybeRef<Object<'_>>| match value {
        MaybeRef::Ref(reference) => found.push(reference.into()),
        MaybeRef::NotRef(object) => references(&object, found, depth + 1),
    };
    match object {
        Object::Dict(dict) => dict.entries().for_each(|(_, value)| look(value)),
        Object::Stream(stream) => stream.dict().entries().for_each(|(_, value)| look(value)),
        Object::Array(array) => array.raw_iter().for_each(look),
        _ => {}
    }
}

struct Writer<'w, W> {
    out: &'w mut W,
    at: u64,
    places: BTreeMap<u32, (u64, i32)>,
}

impl<W: Write> Writer<'_, W> {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn object(&mut self, id: ObjectIdentifier, object: Object<'_>) -> io::Result<()> {
        // Of two generations the one that was met first is kept; only broken files have both.
        if id.gen_number < 0 || self.places.contains_key(&id.obj_number) {
            return Ok(());
        }
        self.places.insert(id.obj_number, (self.at, id.gen_number));
        self.bytes(format!("{} {} obj\n", id.obj_number, id.gen_number).as_bytes())?;
        if let Object::Stream(stream) = object {
            self.stream(&stream)?;
        } else {
            // What cannot be written is too deep for any reader.
            self.bytes(&syntax::object(object).unwrap_or_else(|| b"null".to_vec()))?;
        }
        self.bytes(b"\nendobj\n\n")
    }

    fn stream(&mut self, stream: &Stream<'_>) -> io::Result<()> {
        let data = stream.raw_data();
        let dict = stream.dict();
        // The data is decrypted already.
        let decrypted_by_filter = first_filter(dict).is_some_and(|filter| filter.as_ref() == b"Crypt");
        let without: &[&[u8]] = if decrypted_by_filter {
            &[b"Length", b"Filter", b"DecodeParms"]
        } else {
            &[b"Length"]
        };
        let mut head = b"<< ".to_vec();
        head.extend(syntax::entries(dict, without).unwrap_or_default());
        if decrypted_by_filter {
            for key in [b"Filter".as_slice(), b"DecodeParms"] {
                if let Some(Object::Array(array)) = dict.get::<Object<'_>>(key) {
                    head.extend(rest_of(key, &array));
                }
            }
        }
        head.extend(format!("/Length {} >>\nstream\n", data.len()).as_bytes());
        self.bytes(&head)?;
        self.bytes(&data)?;
        self.bytes(b"\nendstream")
    }

    fn finish(&mut self, root: ObjectIdentifier, info: Option<ObjectIdentifier>, identity: &[u8]) -> io::Result<()> {
        let start = self.at;
        self.bytes(b"xref\n0 1\n0000000000 65535 f\r\n")?;
        let places = std::mem::take(&mut self.places);
        let numbers: Vec<u32> = places.keys().copied().collect();
        for run in numbers.chunk_by(|a, b| a + 1 == *b) {
            let first = run.first().copied().unwrap_or_default();
            self.bytes(format!("{first} {}\n", run.len()).as_bytes())?;
            for number in run {
                let (offset, generation) = places.get(number).copied().unwrap_or_default();
                self.bytes(format!("{offset:010} {generation:05} n\r\n").as_bytes())?;
            }
        }
        let size = numbers.last().copied().unwrap_or_default().saturating_add(1);
        let reference = |id: ObjectIdentifier| format!("{} {} R", id.obj_number, id.gen_number);
        let info = info.filter(|id| places.contains_key(&id.obj_number));
        let info = info.map(|id| format!("/Info {} ", reference(id))).unwrap_or_default();
        self.bytes(format!("trailer\n<< /Size {size} /Root {} {info}", reference(root)).as_bytes())?;
        self.bytes(identity)?;
        self.bytes(format!(">>\nstartxref\n{start}\n%%EOF\n").as_bytes())?;
        self.out.flush()
    }
}

fn first_filter<'a>(dict: &Dict<'a>) -> Option<Name<'a>> {
    dict.get::<Name<'_>>(b"Filter")
        .or_else(|| dict.get::<Array<'_>>(b"Filter")?.iter::<Name<'_>>().next())
}

/// An entry whose array has lost its first element.
fn rest_of(key: &[u8], array: &Array<'_>) -> Vec<u8> {
    let elements = array.iter::<Object<'_>>().skip(1);
    let elements: Vec<u8> = elements.filter_map(syntax::object).flatten().collect();
    [b"/", key, b" [", &elements, b"] "].concat()
}
