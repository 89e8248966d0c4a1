//! The format of a scan file, told from its bytes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// How many bytes are looked at: a PDF header may come after 1,024 bytes of something else (ISO 32000-1, annex H.3.4.1).
const HEAD: usize = 1024 + 8;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaType {
    /// Portable Document Format.
    Pdf,
    /// TIFF or `BigTIFF`.
    Tiff,
    /// JPEG (JFIF or EXIF).
    Jpeg,
    /// Portable Network Graphics.
    Png,
    /// Windows bitmap.
    Bmp,
    /// WebP.
    Webp,
}

impl MediaType {
    /// Every format.
    pub const ALL: &'static [Self] = &[Self::Pdf, Self::Tiff, Self::Jpeg, Self::Png, Self::Bmp, Self::Webp];

    /// The registered media type (IANA).
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Tiff => "image/tiff",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Bmp => "image/bmp",
            Self::Webp => "image/webp",
        }
    }

    /// The format with this media type.
    pub fn from_mime(mime: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|t| t.mime() == mime)
    }

    /// The format that a file name announces, by its extension.
    pub fn from_extension(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "pdf" => Some(Self::Pdf),
            "tif" | "tiff" => Some(Self::Tiff),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            "bmp" => Some(Self::Bmp),
            "webp" => Some(Self::Webp),
            _ => None,
        }
    }

    /// The format of the file that starts with these bytes.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        match head {
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Self::Tiff),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ if is_bitmap(head) => Some(Self::Bmp),
            _ => {
                let window = head.get(..HEAD).unwrap_or(head);
                window.windows(5).any(|w| w == b"%PDF-").then_some(Self::Pdf)
            }
        }
    }

    /// The format of a file on disk; `None` when it is of no format that we read.
    pub fn of_file(path: &Path) -> io::Result<Option<Self>> {
        let mut head = Vec::with_capacity(HEAD);
        File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
        Ok(Self::sniff(&head))
    }
}

/// "BM" alone is too little: the size of the header that follows is one of a few values.
fn is_bitmap(head: &[u8]) -> bool {
    head.starts_with(b"BM")
        && matches!(
            head.get(14..18),
            Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0])
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let mut late_pdf = vec![b'\n'; 1000];
        late_pdf.extend_from_slice(b"%PDF-1.4");
        let mut too_late = vec![b' '; 2000];
        too_late.extend_from_slice(b"%PDF-1.4");
        let mut bitmap = b"BM".to_vec();
        bitmap.extend_from_slice(&[0; 12]);
        bitmap.extend_from_slice(&[40, 0, 0, 0]);
        let cases: &[(&[u8], Option<MediaType>)] = &[
            (b"%PDF-1.7\n", Some(MediaType::Pdf)),
            (&late_pdf, Some(MediaType::Pdf)),
            (&too_late, None),
            (b"II\x2a\0\x08\0\0\0", Some(MediaType::Tiff)),
            (b"MM\0\x2a\0\0\0\x08", Some(MediaType::Tiff)),
            (b"II\x2b\0\x08\0\0\0", Some(MediaType::Tiff)),
            (b"\xff\xd8\xff\xe0", Some(MediaType::Jpeg)),
            (b"\x89PNG\r\n\x1a\n", Some(MediaType::Png)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(MediaType::Webp)),
            (&bitmap, Some(MediaType::Bmp)),
            (b"BMW is a car, not a bitmap", None),
            (b"PK\x03\x04", None),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
            (b"", None),
        ];
        for (head, expected) in cases {
            assert_eq!(MediaType::sniff(head), *expected, "{:?}", head.get(..8));
        }
    }

    #[test]
    fn mime_and_extension_agree() {
        for media_type in MediaType::ALL {
            assert_eq!(MediaType::from_mime(media_type.mime()), Some(*media_type));
        }
        assert_eq!(
            MediaType::from_extension(Path::new("a/决定书.TIFF")),
            Some(MediaType::Tiff)
        );
        assert_eq!(MediaType::from_extension(Path::new("a/pdf")), None);
    }
}
