//! Bytes → text, when nobody says in which coding.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use serde::Serialize;

/// The codings in which tables come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    #[serde(rename = "UTF-8")]
    Utf8,
    /// UTF-16 with byte order mark: what Excel calls Unicode text.
    #[serde(rename = "UTF-16")]
    Utf16,
    /// GB18030 (GB 18030-2022) and with it GBK and GB2312: what a Chinese Excel calls CSV.
    #[serde(rename = "GB18030")]
    Gb18030,
}

/// Valid characters beyond ASCII for each broken place that still make a text UTF-8: GB18030 has hardly any of them.
const VALID_PER_BROKEN: usize = 4;

/// The coding of a text, told from its bytes; the beginning of a long one will do.
pub fn encoding_of(bytes: &[u8]) -> Encoding {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Encoding::Utf8;
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Encoding::Utf16;
    }
    let (mut valid, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if broken * VALID_PER_BROKEN <= valid {
        Encoding::Utf8
    } else {
        Encoding::Gb18030
    }
}

/// Decodes a text. A broken place becomes U+FFFD, so that the cell it stands in can be named and the others be used.
pub fn decode(bytes: &[u8]) -> (String, Encoding) {
    let encoding = encoding_of(bytes);
    let text = match encoding {
        Encoding::Utf8 => {
            let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            return (String::from_utf8_lossy(rest).into_owned(), encoding);
        }
        Encoding::Utf16 if bytes.starts_with(b"\xff\xfe") => UTF_16LE.decode_with_bom_removal(bytes).0,
        Encoding::Utf16 => UTF_16BE.decode_with_bom_removal(bytes).0,
        Encoding::Gb18030 => GB18030.decode_without_bom_handling(bytes).0,
    };
    (text.into_owned(), encoding)
}
