//! The protocol between the parent and a reading process: frames on standard input and output.
//!
//! A frame is the magic `JZR1`, the length of its JSON part and of its body (both 32-bit, little endian),
//! the JSON part, the body. A child first says [`Answer::Ready`]; then each request is answered in full
//! before the next one is sent. Whatever does not follow this is a broken child.

use std::io::{self, Read, Write};

use juanzong::catalogue::Picture;
use juanzong::record::{PageRecord, PageText, TextSource};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::decode::{Failure, Original, limits};
use crate::source::MediaType;

/// Version of the protocol, told in [`Answer::Ready`].
pub const VERSION: u32 = 1;

/// First bytes of a frame.
const MAGIC: [u8; 4] = *b"JZR1";

/// Bytes before the JSON part.
pub const HEAD_BYTES: usize = 12;

/// Longest JSON part: the words of a very dense page take 2 MiB.
const MAX_JSON: u32 = 32 << 20;

/// Longest body: the coded picture of a page.
#[allow(clippy::cast_possible_truncation)] // a constant far below 2^32
pub const MAX_BODY: u32 = limits::MAX_PICTURE_BYTES as u32;

/// What a file is and how many pages it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProbe {
    /// The format, by the bytes of the file.
    pub media_type: MediaType,
    /// The number of pages, at least 1.
    pub pages: u32,
}

/// One page as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadPage {
    /// What the catalogue keeps of it.
    pub record: PageRecord,
    /// The upright page as JPEG, for people to read; empty when it wasn't asked for.
    pub reading_image: Vec<u8>,
    /// The upright page as small JPEG; empty when it wasn't asked for.
    pub thumbnail: Vec<u8>,
    /// How the upright page looks; `None` when images weren't asked for, and for an empty page.
    pub picture: Option<Picture>,
}

/// What the parent asks for. The body of a request is the path of the file, in the bytes of the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// Answered with [`Answer::Probed`] or [`Answer::FileFailed`].
    Probe,
    /// Answered with [`Answer::PageStarted`] and [`Answer::Page`] or [`Answer::PageFailed`] for each page,
    /// then [`Answer::Done`]; or with [`Answer::FileFailed`].
    Read {
        /// First page, from 1.
        first: u32,
        /// Last page.
        last: u32,
        /// Whether the images of the pages are wanted beside their text.
        images: bool,
    },
    /// Answered with [`Answer::Original`] or [`Answer::FileFailed`].
    Original {
        /// The page, from 1.
        number: u32,
    },
    /// Answered with [`Answer::Piece`]s and [`Answer::Done`], or with [`Answer::FileFailed`], also after some pieces.
    Rebuild,
    /// Answered with [`Answer::Workbook`] or [`Answer::FileFailed`].
    Workbook,
}

/// What the child says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// The child is there and speaks this version.
    Ready {
        /// [`VERSION`] of the child.
        version: u32,
    },
    /// The file could be opened.
    Probed(FileProbe),
    /// The file as a whole cannot be read.
    FileFailed(Failure),
    /// The child begins with this page; if it dies now, this page is to blame.
    PageStarted {
        /// Number of the page.
        number: u32,
    },
    /// A page has been read; the body holds the reading image and the thumbnail, one after the other.
    Page(Box<PageHead>),
    /// A page cannot be read.
    PageFailed {
        /// Number of the page.
        number: u32,
        /// Why.
        failure: Failure,
    },
    /// All pages of the request have been answered.
    Done,
    /// A page as it stands in its file; the body holds its coded picture when that has no place in the file.
    Original(Original),
    /// The body holds the next piece of a PDF that is written anew; none come when the file can be added to as it is.
    Piece,
    /// A workbook has been read; the body holds its sheets ([`crate::table::Sheet`]) as JSON.
    Workbook,
}

/// A [`PageRecord`] on the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageHead {
    number: u32,
    width: u32,
    height: u32,
    dpi: Option<u32>,
    rotation: u32,
    skew: f32,
    confidence: Option<f32>,
    source: TextSource,
    engine: String,
    text: PageText,
    reading_image_bytes: usize,
    picture: Option<Picture>,
}

impl PageHead {
    /// Number of the page.
    pub fn number(&self) -> u32 {
        self.number
    }
}

/// Splits a page into the two parts of a frame.
pub fn pack(page: ReadPage) -> (Answer, Vec<u8>) {
    let record = page.record;
    let head = PageHead {
        number: record.number,
        width: record.width,
        height: record.height,
        dpi: record.dpi,
        rotation: record.rotation,
        skew: record.skew,
        confidence: record.confidence,
        source: record.source,
        engine: record.engine,
        text: record.text,
        reading_image_bytes: page.reading_image.len(),
        picture: page.picture,
    };
    let mut body = page.reading_image;
    body.extend_from_slice(&page.thumbnail);
    (Answer::Page(Box::new(head)), body)
}

/// Puts a page together again; `None` when the body is too short for what the head says.
pub fn unpack(head: PageHead, mut body: Vec<u8>) -> Option<ReadPage> {
    if body.len() < head.reading_image_bytes {
        return None;
    }
    let thumbnail = body.split_off(head.reading_image_bytes);
    Some(ReadPage {
        record: PageRecord {
            number: head.number,
            width: head.width,
            height: head.height,
            dpi: head.dpi,
            rotation: head.rotation,
            skew: head.skew,
            confidence: head.confidence,
            source: head.source,
            engine: head.engine,
            text: head.text,
            failure: None,
        },
        reading_image: body,
        thumbnail,
        picture: head.picture,
    })
}

/// Why a frame could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side closed the pipe between two frames.
    #[error("the other side has gone")]
    Closed,
    /// The pipe broke, or ended inside a frame.
    #[error("the pipe is broken")]
    Pipe(#[from] io::Error),
    /// The bytes are no frame.
    #[error("not a frame of this protocol")]
    NotAFrame,
    /// The frame is larger than allowed.
    #[error("frame of {0} bytes")]
    TooLarge(u64),
    /// The JSON part isn't what it should be.
    #[error("the frame has no valid content")]
    Content(#[from] serde_json::Error),
}

/// Checks the head of a frame; gives the lengths of the JSON part and of the body.
pub fn lengths(head: [u8; HEAD_BYTES]) -> Result<(usize, usize), FrameError> {
    let [m0, m1, m2, m3, j0, j1, j2, j3, b0, b1, b2, b3] = head;
    if [m0, m1, m2, m3] != MAGIC {
        return Err(FrameError::NotAFrame);
    }
    let (json, body) = (
        u32::from_le_bytes([j0, j1, j2, j3]),
        u32::from_le_bytes([b0, b1, b2, b3]),
    );
    if json > MAX_JSON || body > MAX_BODY {
        return Err(FrameError::TooLarge(u64::from(json) + u64::from(body)));
    }
    Ok((json as usize, body as usize))
}

/// The bytes of a frame without its body, which follows.
pub fn encode(content: &impl Serialize, body: &[u8]) -> Result<Vec<u8>, FrameError> {
    let json = serde_json::to_vec(content)?;
    let too_large = || FrameError::TooLarge(json.len() as u64 + body.len() as u64);
    let json_length = u32::try_from(json.len())
        .ok()
        .filter(|n| *n <= MAX_JSON)
        .ok_or_else(too_large)?;
    let body_length = u32::try_from(body.len())
        .ok()
        .filter(|n| *n <= MAX_BODY)
        .ok_or_else(too_large)?;
    let mut frame = Vec::with_capacity(HEAD_BYTES + json.len());
    frame.extend_from_slice(&MAGIC);
    frame.extend_from_slice(&json_length.to_le_bytes());
    frame.extend_from_slice(&body_length.to_le_bytes());
    frame.extend_from_slice(&json);
    Ok(frame)
}

/// Writes a frame.
pub fn write(to: &mut impl Write, content: &impl Serialize, body: &[u8]) -> Result<(), FrameError> {
    to.write_all(&encode(content, body)?)?;
    to.write_all(body)?;
    to.flush()?;
    Ok(())
}

/// Reads a frame; [`FrameError::Closed`] when there is none.
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> Result<(T, Vec<u8>), FrameError> {
    let mut head = [0; HEAD_BYTES];
    let mut first = [0];
    if from.read(&mut first)? == 0 {
        return Err(FrameError::Closed);
    }
    head[0] = first[0];
    from.read_exact(&mut head[1..])?;
    let (json_length, body_length) = lengths(head)?;
    let mut json = vec![0; json_length];
    from.read_exact(&mut json)?;
    let mut body = vec![0; body_length];
    from.read_exact(&mut body)?;
    Ok((serde_json::from_slice(&json)?, body))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::decode::FailureCode;

    #[test]
    fn frames_come_back() {
        let answers = [
            Answer::Ready { version: VERSION },
            Answer::Probed(FileProbe {
                media_type: MediaType::Tiff,
                pages: 3,
            }),
            Answer::PageFailed {
                number: 2,
                failure: Failure::new(FailureCode::Truncated, "row 7"),
            },
            Answer::Done,
        ];
        let mut pipe = Vec::new();
        for answer in &answers {
            write(&mut pipe, answer, b"body").unwrap();
        }
        let mut pipe = Cursor::new(pipe);
        for answer in answers {
            let (read, body): (Answer, _) = read(&mut pipe).unwrap();
            assert_eq!((read, body.as_slice()), (answer, b"body".as_slice()));
        }
        assert!(matches!(read::<Answer>(&mut pipe), Err(FrameError::Closed)));
    }

    #[test]
    fn pages_come_back() {
        let page = ReadPage {
            record: PageRecord {
                number: 4,
                width: 10,
                height: 20,
                dpi: Some(300),
                rotation: 90,
                skew: -0.5,
                confidence: Some(0.9),
                source: TextSource::Ocr,
                engine: "tesseract".to_owned(),
                text: PageText::without_geometry("许可"),
                failure: None,
            },
            reading_image: vec![1, 2, 3],
            thumbnail: vec![4],
            picture: Some([7; 32]),
        };
        let (answer, body) = pack(page.clone());
        let Answer::Page(head) = answer else {
            panic!("a page answer")
        };
        assert_eq!(unpack((*head).clone(), vec![1]), None);
        assert_eq!(unpack(*head, body), Some(page));
    }

    #[test]
    fn garbage_is_refused() {
        let huge = [MAGIC.as_slice(), &u32::MAX.to_le_bytes(), &[0; 4]].concat();
        for bytes in [b"hello, I am no worker".as_slice(), &huge, b"JZR1\x01\0\0\0\0\0\0\0{"] {
            let error = read::<Answer>(&mut Cursor::new(bytes.to_vec())).unwrap_err();
            assert!(!matches!(error, FrameError::Closed), "{bytes:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..64)) {
            let _ = read::<Request>(&mut Cursor::new(bytes));
        }
    }
}
