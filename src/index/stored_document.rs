//! What is stored of a document, read where it lies in the store.
//!
//! `Searcher::doc` copies every stored field byte by byte, which is most of the cost of a look at thousands of cases. What
//! is read here is what tantivy writes (`schema/document/se.rs` of version 0.27): the number of values, and for each its
//! field (four bytes, the lowest first), a code of its type, and for bytes their number and themselves; numbers in groups of
//! seven bits, the lowest first, the last with the eighth bit.

use tantivy::TantivyError;
use tantivy::schema::Field;

/// Code of a value of bytes; the schema stores nothing else.
const BYTES: u8 = 4;

/// The first value of a field of bytes; nothing when the document has none.
pub(super) fn stored(document: &[u8], field: Field) -> tantivy::Result<&[u8]> {
    find(document, field).ok_or_else(|| TantivyError::InternalError("a stored document is damaged".to_owned()))
}

fn find(mut document: &[u8], field: Field) -> Option<&[u8]> {
    for _ in 0..number(&mut document)? {
        let (of, value) = value(&mut document)?;
        if of == field.field_id() {
            return Some(value);
        }
    }
    Some(&[])
}

fn value<'d>(rest: &mut &'d [u8]) -> Option<(u32, &'d [u8])> {
    let (field, after) = rest.split_first_chunk::<4>()?;
    let (code, after) = after.split_first()?;
    if *code != BYTES {
        return None;
    }
    *rest = after;
    let length = usize::try_from(number(rest)?).ok()?;
    let (value, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some((u32::from_le_bytes(*field), value))
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 != 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::schema::{STORED, Schema, TantivyDocument, Value as _};
    use tantivy::{DocAddress, Index, IndexWriter};

    use super::*;

    /// If this fails after an update of tantivy, its store is written in another way.
    #[test]
    fn what_tantivy_stored_is_found() {
        let mut builder = Schema::builder();
        let [first, second, third] = ["a", "b", "c"].map(|name| builder.add_bytes_field(name, STORED));
        let index = Index::create_in_ram(builder.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for length in [0_usize, 1, 127, 128, 20_000] {
            let mut document = TantivyDocument::new();
            document.add_bytes(second, &vec![7; length]);
            document.add_bytes(first, &vec![9; length / 2]);
            writer.add_document(document).unwrap();
        }
        writer.add_document(TantivyDocument::new()).unwrap();
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let segment = searcher.segment_reader(0);
        let store = segment.get_store_reader(0).unwrap();
        for doc in 0..segment.max_doc() {
            let bytes = store.get_document_bytes(doc).unwrap();
            let document: TantivyDocument = searcher.doc(DocAddress::new(0, doc)).unwrap();
            for field in [first, second, third] {
                let expected = document.get_first(field).and_then(|value| value.as_bytes());
                assert_eq!(stored(&bytes, field).unwrap(), expected.unwrap_or_default());
            }
        }
        assert_eq!(segment.max_doc(), 6);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(0_u8..6, 0..64), field in 0_u32..4) {
            let _ = stored(&bytes, Field::from_field_id(field));
        }
    }
}
