//! The chain of image directories of a TIFF file (TIFF 6.0, section 2; `BigTIFF`).
//!
//! Read by us and not by the picture decoder, so that a broken directory costs its own page only.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek, SeekFrom};

use crate::decode::failure::{Failure, FailureCode};
use crate::decode::limits::MAX_PAGES;

/// Tags that we read ourselves.
pub(super) mod tag {
    pub(in super::super) const SUBFILE_TYPE: u16 = 254;
    pub(in super::super) const WIDTH: u16 = 256;
    pub(in super::super) const HEIGHT: u16 = 257;
    pub(in super::super) const BITS_PER_SAMPLE: u16 = 258;
    pub(in super::super) const COMPRESSION: u16 = 259;
    pub(in super::super) const PHOTOMETRIC: u16 = 262;
    pub(in super::super) const FILL_ORDER: u16 = 266;
    pub(in super::super) const STRIP_OFFSETS: u16 = 273;
    pub(in super::super) const ORIENTATION: u16 = 274;
    pub(in super::super) const SAMPLES_PER_PIXEL: u16 = 277;
    pub(in super::super) const ROWS_PER_STRIP: u16 = 278;
    pub(in super::super) const STRIP_BYTE_COUNTS: u16 = 279;
    pub(in super::super) const X_RESOLUTION: u16 = 282;
    pub(in super::super) const Y_RESOLUTION: u16 = 283;
    pub(in super::super) const T4_OPTIONS: u16 = 292;
    pub(in super::super) const RESOLUTION_UNIT: u16 = 296;
    pub(in super::super) const COLOR_MAP: u16 = 320;
    pub(in super::super) const TILE_OFFSETS: u16 = 324;
    pub(in super::super) const JPEG_TABLES: u16 = 347;
}

/// Most values of one entry that are read: the strips of a page of one row each.
const MAX_VALUES: u64 = 200_000;

/// Byte order and offset size of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    little_endian: bool,
    big_tiff: bool,
}

impl Layout {
    /// Reads the file header: the layout, and the offset of the first directory.
    pub(super) fn read(file: &mut (impl Read + Seek)) -> Result<(Self, u64), Failure> {
        let mut head = [0_u8; 4];
        file.seek(SeekFrom::Start(0)).map_err(cut)?;
        file.read_exact(&mut head).map_err(cut)?;
        let layout = Self {
            little_endian: head[0] == b'I',
            big_tiff: head.contains(&43),
        };
        if layout.big_tiff {
            let sizes = layout.number(file, 4)?;
            let plain = if layout.little_endian { 8 } else { 8 << 16 };
            if sizes != plain {
                return Err(Failure::new(
                    FailureCode::Damaged,
                    "BigTIFF with offsets that are not of 8 bytes",
                ));
            }
        }
        let first = layout.number(file, layout.offset_bytes())?;
        Ok((layout, first))
    }

    /// Where in the header the offset of the first directory stands, and its new bytes.
    pub(super) fn first_directory(self, offset: u64) -> (u64, Vec<u8>) {
        let at = if self.big_tiff { 8 } else { 4 };
        (at, self.bytes(offset, self.offset_bytes()))
    }

    /// A number in the byte order of the file.
    pub(super) fn bytes(self, value: u64, size: usize) -> Vec<u8> {
        if self.little_endian {
            value.to_le_bytes().into_iter().take(size).collect()
        } else {
            value.to_be_bytes().into_iter().skip(8 - size).collect()
        }
    }

    fn offset_bytes(self) -> usize {
        if self.big_tiff { 8 } else { 4 }
    }

    fn number(self, file: &mut impl Read, size: usize) -> Result<u64, Failure> {
        let mut bytes = [0_u8; 8];
        let slice = bytes.get_mut(..size).unwrap_or_default();
        file.read_exact(slice).map_err(cut)?;
        Ok(self.decode(&bytes[..size]))
    }

    fn decode(self, bytes: &[u8]) -> u64 {
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        if self.little_endian {
            bytes.iter().rev().fold(0, fold)
        } else {
            bytes.iter().fold(0, fold)
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: u64,
    count: u64,
    /// Where the value field of the entry itself stands.
    field: u64,
}

/// One image directory.
#[derive(Clone, Debug)]
pub(super) struct Directory {
    pub(super) offset: u64,
    layout: Layout,
    entries: BTreeMap<u16, Entry>,
}

impl Directory {
    /// Reads the directory at `offset`; also gives the offset of the next one, 0 at the end of the chain.
    fn read(file: &mut (impl Read + Seek), layout: Layout, offset: u64) -> Result<(Self, u64), Failure> {
        file.seek(SeekFrom::Start(offset)).map_err(cut)?;
        let count = layout.number(file, if layout.big_tiff { 8 } else { 2 })?;
        if count == 0 || count > 4096 {
            return Err(Failure::new(
                FailureCode::Damaged,
                format!("directory of {count} entries"),
            ));
        }
        let (value_bytes, head_bytes) = if layout.big_tiff { (8_u64, 8_u64) } else { (4, 2) };
        let mut entries = BTreeMap::new();
        for index in 0..count {
            let tag = layout.number(file, 2)?;
            let kind = layout.number(file, 2)?;
            let entry_count = layout.number(file, layout.offset_bytes())?;
            layout.number(file, layout.offset_bytes())?;
            let entry = Entry {
                kind,
                count: entry_count,
                field: offset + head_bytes + index * (4 + 2 * value_bytes) + 4 + value_bytes,
            };
            entries.entry(u16::try_from(tag).unwrap_or_default()).or_insert(entry);
        }
        let next = layout.number(file, layout.offset_bytes())?;
        let directory = Self {
            offset,
            layout,
            entries,
        };
        Ok((directory, next))
    }

    /// Whether this is a preview or a transparency mask and not a page of its own (`NewSubfileType`, bits 0 and 2).
    fn is_companion(&self, file: &mut (impl Read + Seek)) -> bool {
        matches!(self.value(file, tag::SUBFILE_TYPE), Ok(Some(bits)) if bits & 0b101 != 0)
    }

    /// Whether the entry is there.
    pub(super) fn has(&self, tag: u16) -> bool {
        self.entries.contains_key(&tag)
    }

    /// Where the value of an entry that fits into its entry stands in the file.
    pub(super) fn field(&self, tag: u16) -> Option<u64> {
        self.entries.get(&tag).map(|e| e.field)
    }

    /// The first value of an entry, if it is there and an unsigned integer.
    pub(super) fn value(&self, file: &mut (impl Read + Seek), tag: u16) -> Result<Option<u64>, Failure> {
        Ok(self.values(file, tag)?.first().copied())
    }

    /// All values of an entry of unsigned integers; empty when it isn't there or of another kind.
    pub(super) fn values(&self, file: &mut (impl Read + Seek), tag: u16) -> Result<Vec<u64>, Failure> {
        match self.entries.get(&tag) {
            Some(entry) => self.read_values(file, entry, entry_size(entry.kind)),
            None => Ok(Vec::new()),
        }
    }

    /// The first value of an entry of unsigned rationals.
    pub(super) fn rational(&self, file: &mut (impl Read + Seek), tag: u16) -> Result<Option<f64>, Failure> {
        let Some(entry) = self.entries.get(&tag).filter(|e| e.kind == 5) else {
            return Ok(None);
        };
        let pair = self.read_values(
            file,
            &Entry {
                count: entry.count.min(1),
                ..*entry
            },
            Some(8),
        )?;
        let Some(&bits) = pair.first() else { return Ok(None) };
        let (first, second) = (bits >> 32, bits & 0xffff_ffff);
        let (numerator, denominator) = if self.layout.little_endian {
            (second, first)
        } else {
            (first, second)
        };
        #[allow(clippy::cast_precision_loss)] // both have 32 bits
        Ok((denominator != 0).then(|| numerator as f64 / denominator as f64))
    }

    fn read_values(
        &self,
        file: &mut (impl Read + Seek),
        entry: &Entry,
        size: Option<usize>,
    ) -> Result<Vec<u64>, Failure> {
        let Some(size) = size else { return Ok(Vec::new()) };
        if entry.count > MAX_VALUES {
            return Err(Failure::new(
                FailureCode::Damaged,
                format!("entry of {} values", entry.count),
            ));
        }
        file.seek(SeekFrom::Start(entry.field)).map_err(cut)?;
        if entry.count * size as u64 > self.layout.offset_bytes() as u64 {
            let at = self.layout.number(file, self.layout.offset_bytes())?;
            file.seek(SeekFrom::Start(at)).map_err(cut)?;
        }
        (0..entry.count).map(|_| self.layout.number(file, size)).collect()
    }
}

/// Bytes of one value of the unsigned kinds BYTE, UNDEFINED, SHORT, LONG, LONG8, IFD8.
fn entry_size(kind: u64) -> Option<usize> {
    match kind {
        1 | 7 => Some(1),
        3 => Some(2),
        4 | 13 => Some(4),
        16 | 18 => Some(8),
        _ => None,
    }
}

/// A page of the chain: its directory, or why there is none.
pub(super) type PageEntry = Result<Directory, Failure>;

/// Reads the whole chain. A directory that cannot be read ends the chain as one failed page,
/// because what comes after it is unknown; a chain that runs back into itself is refused.
pub(super) fn read_chain(file: &mut (impl Read + Seek)) -> Result<(Layout, Vec<PageEntry>), Failure> {
    let (layout, mut offset) = Layout::read(file)?;
    let mut seen = BTreeSet::new();
    let mut pages = Vec::new();
    while offset != 0 {
        if !seen.insert(offset) {
            let detail = format!("directory {} comes again", pages.len());
            return Err(Failure::new(FailureCode::PageTreeCycle, detail));
        }
        if seen.len() > MAX_PAGES as usize {
            return Err(Failure::new(
                FailureCode::TooManyPages,
                format!("more than {MAX_PAGES} directories"),
            ));
        }
        match Directory::read(file, layout, offset) {
            Ok((directory, next)) => {
                if !directory.is_companion(file) {
                    pages.push(Ok(directory));
                }
                offset = next;
            }
            Err(failure) if pages.is_empty() => return Err(failure),
            Err(failure) => {
                pages.push(Err(failure));
                break;
            }
        }
    }
    Ok((layout, pages))
}

#[allow(clippy::needless_pass_by_value)] // used as a function in `map_err`
fn cut(error: io::Error) -> Failure {
    crate::decode::io_failure(error)
}
