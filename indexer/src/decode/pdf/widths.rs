//! Makes the widths of Chinese fonts readable for the text reader.
//!
//! The `W` array of a CID font gives widths as `c [w …]` or as `first last w` (ISO 32000-1, 9.7.4.3).
//! pdf-extract 0.12 misreads the second form, which puts every letter of a line into one place;
//! so it gets the same widths in the first form.

use pdf_extract::{Dictionary, Document, Object};

/// Longest range that is written out; a font has at most 65,536 glyphs.
const MAX_RANGE: i64 = 65_536;

/// Rewrites the widths of every CID font of the document.
pub(super) fn write_out_ranges(document: &mut Document) {
    let fonts: Vec<_> = document
        .objects
        .iter()
        .filter_map(|(id, object)| {
            let font = object.as_dict().ok().filter(|d| is_cid_font(d))?;
            let widths = font.get(b"W").ok()?;
            let (_, widths) = document.dereference(widths).ok()?;
            Some((*id, listed(widths.as_array().ok()?, document)?))
        })
        .collect();
    for (id, widths) in fonts {
        if let Some(Object::Dictionary(font)) = document.objects.get_mut(&id) {
            font.set("W", Object::Array(widths));
        }
    }
}

fn is_cid_font(dictionary: &Dictionary) -> bool {
    let subtype = dictionary.get(b"Subtype").and_then(Object::as_name);
    matches!(subtype, Ok(b"CIDFontType0" | b"CIDFontType2"))
}

/// The same widths as lists; `None` when the array is not one of widths.
fn listed(widths: &[Object], document: &Document) -> Option<Vec<Object>> {
    let resolved: Vec<&Object> = widths
        .iter()
        .map(|object| document.dereference(object).map_or(object, |(_, found)| found))
        .collect();
    let mut result = Vec::new();
    let mut rest = resolved.as_slice();
    loop {
        rest = match rest {
            [first, Object::Array(list), following @ ..] => {
                result.push(Object::Integer(first.as_i64().ok()?));
                result.push(Object::Array(list.clone()));
                following
            }
            [first, last, width, following @ ..] => {
                let (first, last) = (first.as_i64().ok()?, last.as_i64().ok()?);
                let count = last.checked_sub(first)?.checked_add(1)?;
                if !(1..=MAX_RANGE).contains(&count) {
                    return None;
                }
                result.push(Object::Integer(first));
                let list = (0..count).map(|_| (*width).clone()).collect();
                result.push(Object::Array(list));
                following
            }
            [] => return Some(result),
            _ => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_become_lists() {
        let number = |n: i64| Object::Integer(n);
        let widths = [
            number(0),
            number(2),
            number(1000),
            number(7),
            Object::Array(vec![number(500), number(600)]),
        ];
        let list = |n: &[i64]| Object::Array(n.iter().map(|n| number(*n)).collect());
        let expected = vec![number(0), list(&[1000, 1000, 1000]), number(7), list(&[500, 600])];
        assert_eq!(listed(&widths, &Document::new()), Some(expected));
        for broken in [
            vec![number(1)],
            vec![number(5), number(2), number(1)],
            vec![number(0), number(1 << 40), number(1)],
        ] {
            assert_eq!(listed(&broken, &Document::new()), None);
        }
    }
}
