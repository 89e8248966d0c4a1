//! CCITT-coded strips: modified Huffman (TIFF compression 2), Group 3 one- and two-dimensional (3), Group 4 (4).

use std::io::{Read, Seek, SeekFrom};

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};
use image::GrayImage;

use super::directory::{Directory, tag};
use crate::decode::failure::{Failure, FailureCode};

/// The three compressions of TIFF 6.0 (sections 10 and 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaxCoding {
    ModifiedHuffman,
    Group3,
    Group4,
}

impl FaxCoding {
    pub(super) fn from_compression(code: u64) -> Option<Self> {
        match code {
            2 => Some(Self::ModifiedHuffman),
            3 => Some(Self::Group3),
            4 => Some(Self::Group4),
            _ => None,
        }
    }
}

/// Decodes all strips of a page of `width` x `height` pixels, whose size has been checked.
pub(super) fn decode(
    file: &mut (impl Read + Seek),
    directory: &Directory,
    coding: FaxCoding,
    (width, height): (u32, u32),
) -> Result<GrayImage, Failure> {
    if directory.has(tag::TILE_OFFSETS) {
        return Err(Failure::new(FailureCode::Unsupported, "CCITT in tiles"));
    }
    let samples = directory.value(file, tag::SAMPLES_PER_PIXEL)?.unwrap_or(1);
    let bits = directory.value(file, tag::BITS_PER_SAMPLE)?.unwrap_or(1);
    if samples != 1 || bits != 1 {
        return Err(Failure::new(
            FailureCode::Damaged,
            "CCITT with more than one bit a pixel",
        ));
    }
    let offsets = directory.values(file, tag::STRIP_OFFSETS)?;
    let lengths = directory.values(file, tag::STRIP_BYTE_COUNTS)?;
    let rows_per_strip = directory.value(file, tag::ROWS_PER_STRIP)?.unwrap_or(u64::from(height));
    let rows_per_strip = u32::try_from(rows_per_strip).unwrap_or(height).clamp(1, height);
    if offsets.len() != height.div_ceil(rows_per_strip) as usize || lengths.len() != offsets.len() {
        return Err(Failure::new(
            FailureCode::Damaged,
            "the number of strips does not fit the height",
        ));
    }
    let two_dimensional = directory.value(file, tag::T4_OPTIONS)?.unwrap_or(0) & 1 != 0;
    let reversed = directory.value(file, tag::FILL_ORDER)? == Some(2);
    // WhiteIsZero is what fax means by white; with BlackIsZero the colours are exchanged.
    let inverted = directory.value(file, tag::PHOTOMETRIC)? == Some(1);
    let file_length = file.seek(SeekFrom::End(0)).map_err(crate::decode::io_failure)?;

    let mut page = Rows::new(width, height, inverted);
    for (index, (offset, length)) in offsets.iter().zip(&lengths).enumerate() {
        let first_row = u32::try_from(index).unwrap_or(u32::MAX).saturating_mul(rows_per_strip);
        let rows = rows_per_strip.min(height.saturating_sub(first_row));
        if offset.saturating_add(*length) > file_length {
            return Err(Failure::new(
                FailureCode::Truncated,
                format!("strip {index} ends after the file"),
            ));
        }
        file.seek(SeekFrom::Start(*offset)).map_err(crate::decode::io_failure)?;
        let mut data = Vec::new();
        file.take(*length)
            .read_to_end(&mut data)
            .map_err(crate::decode::io_failure)?;
        if reversed {
            data.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        page.start_strip(first_row, rows);
        let mut context = DecoderContext::new(DecodeSettings {
            columns: width,
            rows,
            end_of_block: coding != FaxCoding::ModifiedHuffman,
            end_of_line: coding == FaxCoding::Group3,
            rows_are_byte_aligned: coding == FaxCoding::ModifiedHuffman,
            encoding: match coding {
                FaxCoding::Group4 => EncodingMode::Group4,
                FaxCoding::Group3 if two_dimensional => EncodingMode::Group3_2D,
                FaxCoding::Group3 | FaxCoding::ModifiedHuffman => EncodingMode::Group3_1D,
            },
            strict: false,
        });
        let result = hayro_ccitt::decode(&data, &mut page, &mut context);
        if page.strip_is_full() {
            continue;
        }
        // Some writers leave out white rows at the end, but then they close the block.
        match result {
            Ok(_) if coding == FaxCoding::Group4 && ends_with_block_end(&data) => {}
            Ok(_) => {
                let detail = format!("strip {index} has {} of {rows} rows", page.rows_in_strip());
                return Err(Failure::new(FailureCode::Truncated, detail));
            }
            Err(error) => {
                let code = match error {
                    hayro_ccitt::DecodeError::UnexpectedEof => FailureCode::Truncated,
                    _ => FailureCode::DamagedImage,
                };
                return Err(Failure::new(
                    code,
                    format!("strip {index}, row {}: {error}", page.rows_in_strip()),
                ));
            }
        }
    }
    Ok(page.image)
}

/// Whether the last bytes hold EOFB, two end-of-line codes in a row.
fn ends_with_block_end(data: &[u8]) -> bool {
    const EOFB: u64 = 0x00_1001;
    let tail = data.iter().rev().take(5).rev();
    let bits = tail.fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..16).any(|shift| (bits >> shift) & 0xff_ffff == EOFB)
}

/// Collects decoded rows; a page starts white.
struct Rows {
    image: GrayImage,
    black: u8,
    next: u32,
    start: u32,
    end: u32,
}

impl Rows {
    fn new(width: u32, height: u32, inverted: bool) -> Self {
        let (white, black) = if inverted { (0, 255) } else { (255, 0) };
        Self {
            image: GrayImage::from_pixel(width, height, image::Luma([white])),
            black,
            next: 0,
            start: 0,
            end: 0,
        }
    }

    fn start_strip(&mut self, first: u32, rows: u32) {
        self.start = first;
        self.next = first;
        self.end = first.saturating_add(rows);
    }

    fn rows_in_strip(&self) -> u32 {
        self.next - self.start
    }

    fn strip_is_full(&self) -> bool {
        self.next >= self.end
    }
}

impl Decoder for Rows {
    fn push_row(&mut self, changes: &[u32]) {
        if self.next >= self.end {
            return;
        }
        let width = self.image.width() as usize;
        let first = self.next as usize * width;
        let black = self.black;
        let Some(row) = self.image.get_mut(first..first + width) else {
            return;
        };
        for pair in changes.chunks(2) {
            let from = pair.first().map_or(width, |c| (*c as usize).min(width));
            let to = pair.get(1).map_or(width, |c| (*c as usize).min(width));
            if let Some(run) = row.get_mut(from..to) {
                run.fill(black);
            }
        }
        self.next += 1;
    }
}
