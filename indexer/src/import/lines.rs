//! A file or standard input → lines, in constant memory: compressed or not, in whatever coding.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{CoderResult, Decoder, GB18030, UTF_16BE, UTF_16LE};
use flate2::bufread::MultiGzDecoder;

use crate::table::{Encoding, encoding_of};

/// Longest line, in bytes: a case of thousands of pages with the box of every word. Longer ones are passed over without being
/// held in memory.
pub const MOST_LINE: usize = 256 << 20;
/// The coding of a file is told from its beginning, in bytes.
const SAMPLE: usize = 1 << 20;
/// Read at a time, in bytes.
const BUFFER: usize = 256 << 10;
/// First bytes of compressed files.
const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1; blank lines count.
    pub number: u64,
    /// Its bytes, without the line end.
    pub bytes: Vec<u8>,
    /// Whether it is longer than may be, so that `bytes` is empty.
    pub too_long: bool,
}

/// What is read from, and how far it is.
pub struct Opened {
    /// Its content, decompressed, in UTF-8.
    pub lines: LineReader<Box<dyn BufRead + Send>>,
    /// Size in bytes as it is on disk; `None` for standard input.
    pub bytes: Option<u64>,
    /// Bytes read so far, as they are on disk.
    pub read: Arc<AtomicU64>,
}

/// Opens a file, or standard input for `-`. Gzip and Zstandard are told by their first bytes; the coding (UTF-8 with or
/// without byte order mark, UTF-16 with one, GB18030) by the beginning of the text.
///
/// # Errors
/// When the file cannot be opened or its beginning cannot be read.
pub fn open(path: &Path) -> io::Result<Opened> {
    let read = Arc::new(AtomicU64::new(0));
    let (source, bytes): (Box<dyn Read + Send>, Option<u64>) = if path == Path::new("-") {
        (Box::new(io::stdin()), None)
    } else {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        (Box::new(file), Some(bytes))
    };
    let counted = Counted {
        source,
        read: Arc::clone(&read),
    };
    let lines = LineReader::new(text_of(Box::new(BufReader::with_capacity(BUFFER, counted)))?, MOST_LINE);
    Ok(Opened { lines, bytes, read })
}

/// The content of a stream as UTF-8.
pub(super) fn text_of(mut stream: Box<dyn BufRead + Send>) -> io::Result<Box<dyn BufRead + Send>> {
    let start = stream.fill_buf()?;
    let plain: Box<dyn BufRead + Send> = if start.starts_with(GZIP) {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(stream)))
    } else if start.starts_with(ZSTD) {
        let decoder = zstd::stream::read::Decoder::with_buffer(stream)?;
        Box::new(BufReader::with_capacity(BUFFER, decoder))
    } else {
        stream
    };
    decoded(plain)
}

fn decoded(stream: Box<dyn BufRead + Send>) -> io::Result<Box<dyn BufRead + Send>> {
    let mut start = Vec::with_capacity(SAMPLE);
    let mut stream = stream;
    stream.by_ref().take(SAMPLE as u64).read_to_end(&mut start)?;
    let encoding = encoding_of(&start);
    let decoder = match encoding {
        Encoding::Utf8 => None,
        Encoding::Utf16 if start.starts_with(b"\xff\xfe") => Some(UTF_16LE.new_decoder_with_bom_removal()),
        Encoding::Utf16 => Some(UTF_16BE.new_decoder_with_bom_removal()),
        Encoding::Gb18030 => Some(GB18030.new_decoder_without_bom_handling()),
    };
    if start.starts_with(b"\xef\xbb\xbf") {
        start.drain(..3);
    }
    let whole = BufReader::with_capacity(BUFFER, io::Cursor::new(start).chain(stream));
    Ok(match decoder {
        None => Box::new(whole),
        Some(decoder) => Box::new(BufReader::with_capacity(BUFFER, Transcoded::new(whole, decoder))),
    })
}

/// Counts what goes through.
struct Counted<R> {
    source: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Another coding as UTF-8. A broken place becomes U+FFFD, which the checks of values and texts name.
struct Transcoded<R> {
    source: R,
    decoder: Decoder,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: BufRead> Transcoded<R> {
    fn new(source: R, decoder: Decoder) -> Self {
        Self {
            source,
            decoder,
            ready: Vec::new(),
            at: 0,
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let input = self.source.fill_buf()?;
        let last = input.is_empty();
        // As much as the input can become, so that all of it is taken.
        let most = self.decoder.max_utf8_buffer_length(input.len()).unwrap_or(BUFFER * 3);
        self.ready.resize(most, 0);
        let (result, taken, written, _) = self.decoder.decode_to_utf8(input, &mut self.ready, last);
        self.source.consume(taken);
        self.ready.truncate(written);
        self.at = 0;
        self.ended = last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: BufRead> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.at);
        buffer[..count].copy_from_slice(&self.ready[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Cuts a stream into lines.
pub struct LineReader<R> {
    source: R,
    number: u64,
    most: usize,
}

impl<R: BufRead> LineReader<R> {
    /// Lines of at most `most` bytes.
    pub fn new(source: R, most: usize) -> Self {
        Self {
            source,
            number: 0,
            most,
        }
    }

    /// The next line that is not blank; `None` at the end.
    ///
    /// # Errors
    /// When the stream cannot be read on.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            let limit = self.most as u64 + 1;
            if self.source.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            let ended = bytes.last() == Some(&b'\n');
            let too_long = !ended && bytes.len() > self.most;
            if too_long {
                bytes = Vec::new();
                self.skip_line()?;
            }
            while bytes.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
                bytes.pop();
            }
            if too_long || !bytes.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(Line {
                    number: self.number,
                    bytes,
                    too_long,
                }));
            }
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.source.fill_buf()?;
            let (taken, ended) = match memchr::memchr(b'\n', buffer) {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.source.consume(taken);
            if ended {
                return Ok(());
            }
        }
    }
}
