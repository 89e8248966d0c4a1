//! Parsed objects written as PDF syntax again (ISO 32000-1, 7.3).

use hayro::hayro_syntax::object::{Dict, MaybeRef, Object};

/// Deepest nesting that is written.
const MAX_DEPTH: usize = 32;

/// The entries of a dictionary without `<<` and `>>`, but for those named; `None` for what cannot stand in a
/// dictionary, or nests too deeply.
pub(super) fn entries(dict: &Dict<'_>, without: &[&[u8]]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write_entries(&mut out, dict, |key| !without.contains(&key), 0)?;
    Some(out)
}

/// The same for the entries that are named, and no others.
pub(super) fn entries_of(dict: &Dict<'_>, keys: &[&[u8]]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write_entries(&mut out, dict, |key| keys.contains(&key), 0)?;
    Some(out)
}

/// Any object but a stream.
pub(super) fn object(object: Object<'_>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write(&mut out, MaybeRef::NotRef(object), 0)?;
    Some(out)
}

/// The elements of an array that are references, without brackets; `None` when there are others.
pub(super) fn references(value: MaybeRef<Object<'_>>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match value {
        MaybeRef::NotRef(Object::Array(array)) => {
            for element in array.raw_iter() {
                match element {
                    MaybeRef::Ref(_) => write(&mut out, element, 0)?,
                    MaybeRef::NotRef(_) => return None,
                }
            }
        }
        MaybeRef::Ref(_) => write(&mut out, value, 0)?,
        MaybeRef::NotRef(_) => return None,
    }
    Some(out)
}

fn write_entries(out: &mut Vec<u8>, dict: &Dict<'_>, wanted: impl Fn(&[u8]) -> bool, depth: usize) -> Option<()> {
    for (key, value) in dict.entries() {
        if !wanted(key.as_ref()) {
            continue;
        }
        write_name(out, key.as_ref());
        out.push(b' ');
        write(out, value, depth)?;
    }
    Some(())
}

fn write(out: &mut Vec<u8>, value: MaybeRef<Object<'_>>, depth: usize) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    match value {
        MaybeRef::Ref(reference) => {
            out.extend_from_slice(format!("{} {} R", reference.obj_number, reference.gen_number).as_bytes());
        }
        MaybeRef::NotRef(object) => match object {
            Object::Null(_) => out.extend_from_slice(b"null"),
            Object::Boolean(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
            // Without an exponent, which PDF does not know; whole numbers without a point.
            Object::Number(number) => out.extend_from_slice(number.as_f64().to_string().as_bytes()),
            Object::String(string) => {
                out.push(b'<');
                out.extend_from_slice(hex::encode(string.as_bytes()).as_bytes());
                out.push(b'>');
            }
            Object::Name(name) => write_name(out, name.as_ref()),
            Object::Dict(dict) => {
                out.extend_from_slice(b"<<");
                write_entries(out, &dict, |_| true, depth + 1)?;
                out.extend_from_slice(b">>");
            }
            Object::Array(array) => {
                out.push(b'[');
                for element in array.raw_iter() {
                    write(out, element, depth + 1)?;
                }
                out.push(b']');
            }
            // Streams are objects of their own.
            Object::Stream(_) => return None,
        },
    }
    out.push(b' ');
    Some(())
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use hayro::hayro_syntax::object::FromBytes as _;

    use super::*;

    #[test]
    fn what_is_written_reads_the_same() {
        let source = b"<< /A 12 /B -0.5 /C (a\\)b\xff) /D [1 0 R /N#20x true null << /E <0102> >>] /Skip 3 >>";
        let dict = Dict::from_bytes(source).unwrap();
        let written = entries(&dict, &[b"Skip"]).unwrap();
        assert_eq!(
            String::from_utf8(written.clone()).unwrap(),
            "/A 12 /B -0.5 /C <612962ff> /D [1 0 R /N#20x true null <</E <0102> >> ] "
        );
        let again = [b"<<".as_slice(), &written, b">>"].concat();
        let again = Dict::from_bytes(&again).unwrap();
        assert_eq!(entries(&again, &[]).unwrap(), written);
    }

    #[test]
    fn nesting_without_end_is_refused() {
        let source = ["<</A ".repeat(40), "1".to_owned(), ">>".repeat(40)].concat();
        let dict = Dict::from_bytes(source.as_bytes()).unwrap();
        assert_eq!(entries(&dict, &[]), None);
    }
}
