//! How the text of a page is packed before it is sealed: JSON with lines, words and boxes, compressed with zstd.

use std::cell::RefCell;
use std::io::Read;

use sha2::{Digest, Sha256};

use super::error::{Fault, Tried};
use crate::record::PageText;

/// zstd level: 3 takes a page of boxes to about a tenth in under a millisecond; higher levels gain little.
const LEVEL: i32 = 3;
/// Largest JSON of one page that is read back, in bytes. A page full of single-character words is near 1 MB.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

thread_local! {
    /// Making a compressor costs more than compressing a page of plain text.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    /// The same of unpacking.
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

/// The text of a page as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EncodedText {
    /// Compressed JSON.
    pub(super) blob: Vec<u8>,
    /// SHA-256 of the JSON.
    pub(super) hash: String,
}

/// Packs the text of a page; `Err` says why it cannot be kept.
pub(super) fn encode(text: &PageText) -> Result<EncodedText, String> {
    let json = serde_json::to_vec(text).map_err(|e| e.to_string())?;
    if json.len() as u64 > MOST_BYTES {
        return Err(format!("its text takes more than {MOST_BYTES} bytes"));
    }
    let blob = compress(&json).map_err(|e| e.to_string())?;
    Ok(EncodedText {
        blob,
        hash: hash_of(&json),
    })
}

/// The hash that [`encode`] gives; `None` for a text that cannot be kept.
pub(super) fn hash(text: &PageText) -> Option<String> {
    serde_json::to_vec(text).ok().map(|json| hash_of(&json))
}

fn hash_of(json: &[u8]) -> String {
    hex::encode(Sha256::digest(json))
}

pub(super) fn compress(json: &[u8]) -> std::io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|compressor| match compressor {
        Some(compressor) => compressor.compress(json),
        None => compressor.insert(zstd::bulk::Compressor::new(LEVEL)?).compress(json),
    })
}

/// Unpacks the text of a page.
pub(super) fn decode(blob: &[u8]) -> Tried<PageText> {
    let damaged = || Fault::damaged("text of a page");
    let json = decompress(blob).map_err(|_| damaged())?;
    serde_json::from_slice(&json).map_err(|_| damaged())
}

/// Unpacks what [`compress`] packed, up to the largest size of a page.
pub(super) fn decompress(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    // What was packed in one piece says how large it was.
    let length = zstd::bulk::Decompressor::upper_bound(packed).filter(|length| *length as u64 <= MOST_BYTES);
    if let Some(length) = length {
        return DECOMPRESSOR.with_borrow_mut(|decompressor| match decompressor {
            Some(decompressor) => decompressor.decompress(packed, length),
            None => decompressor
                .insert(zstd::bulk::Decompressor::new()?)
                .decompress(packed, length),
        });
    }
    let mut json = Vec::new();
    let mut decoder = zstd::stream::read::Decoder::new(packed)?.take(MOST_BYTES);
    decoder.read_to_end(&mut json)?;
    Ok(json)
}
