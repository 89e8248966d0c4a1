//! JBIG2 (ITU-T T.88) as PDF embeds it: a page information segment and one lossless generic region.
//!
//! Debian 12 has no JBIG2 encoder. A lossless generic region needs only the MQ coder (T.88 Annex E) and one context
//! template, so it is written here and checked against the test sequence of T.88 H.2; `jbig2enc-rust` was not tried.

use image::GrayImage;

/// One state of the probability estimator: Qe, next state after MPS and LPS, whether the LPS switches sense.
type State = (u32, u8, u8, bool);

/// T.88 table E.1.
const STATES: [State; 47] = [
    (0x5601, 1, 1, true),
    (0x3401, 2, 6, false),
    (0x1801, 3, 9, false),
    (0x0ac1, 4, 12, false),
    (0x0521, 5, 29, false),
    (0x0221, 38, 33, false),
    (0x5601, 7, 6, true),
    (0x5401, 8, 14, false),
    (0x4801, 9, 14, false),
    (0x3801, 10, 14, false),
    (0x3001, 11, 17, false),
    (0x2401, 12, 18, false),
    (0x1c01, 13, 20, false),
    (0x1601, 29, 21, false),
    (0x5601, 15, 14, true),
    (0x5401, 16, 14, false),
    (0x5101, 17, 15, false),
    (0x4801, 18, 16, false),
    (0x3801, 19, 17, false),
    (0x3401, 20, 18, false),
    (0x3001, 21, 19, false),
    (0x2801, 22, 19, false),
    (0x2401, 23, 20, false),
    (0x2201, 24, 21, false),
    (0x1c01, 25, 22, false),
    (0x1801, 26, 23, false),
    (0x1601, 27, 24, false),
    (0x1401, 28, 25, false),
    (0x1201, 29, 26, false),
    (0x1101, 30, 27, false),
    (0x0ac1, 31, 28, false),
    (0x09c1, 32, 29, false),
    (0x08a1, 33, 30, false),
    (0x0521, 34, 31, false),
    (0x0441, 35, 32, false),
    (0x02a1, 36, 33, false),
    (0x0221, 37, 34, false),
    (0x0141, 38, 35, false),
    (0x0111, 39, 36, false),
    (0x0085, 40, 37, false),
    (0x0049, 41, 38, false),
    (0x0025, 42, 39, false),
    (0x0015, 43, 40, false),
    (0x0009, 44, 41, false),
    (0x0005, 45, 42, false),
    (0x0001, 45, 43, false),
    (0x5601, 46, 46, false),
];

/// The MQ encoder. `out[0]` is the byte before the first, which the standard lets the coder carry into.
struct Coder {
    a: u32,
    c: u32,
    count: u32,
    out: Vec<u8>,
    /// Per context: state and the more probable symbol.
    contexts: Vec<(u8, bool)>,
}

impl Coder {
    fn new(contexts: usize) -> Self {
        Self {
            a: 0x8000,
            c: 0,
            count: 12,
            out: vec![0],
            contexts: vec![(0, false); contexts],
        }
    }

    fn code(&mut self, context: usize, bit: bool) {
        let (state, expected) = self.contexts[context];
        let (qe, after_mps, after_lps, switch) = STATES[usize::from(state)];
        self.a -= qe;
        if bit == expected {
            if self.a & 0x8000 != 0 {
                self.c += qe;
                return;
            }
            if self.a < qe {
                self.a = qe;
            } else {
                self.c += qe;
            }
            self.contexts[context].0 = after_mps;
        } else {
            if self.a < qe {
                self.c += qe;
            } else {
                self.a = qe;
            }
            self.contexts[context] = (after_lps, expected ^ switch);
        }
        loop {
            self.a <<= 1;
            self.c <<= 1;
            self.count -= 1;
            if self.count == 0 {
                self.byte_out();
            }
            if self.a & 0x8000 != 0 {
                break;
            }
        }
    }

    fn byte_out(&mut self) {
        let last = self.out.last_mut();
        if let Some(last) = last {
            if *last != 0xff && self.c >= 0x0800_0000 {
                *last += 1;
                self.c &= 0x07ff_ffff;
            }
            if *last == 0xff {
                // After 0xFF only seven bits follow, so that a carry cannot run further.
                self.push(self.c >> 20);
                self.c &= 0x000f_ffff;
                self.count = 7;
                return;
            }
        }
        self.push(self.c >> 19);
        self.c &= 0x0007_ffff;
        self.count = 8;
    }

    #[allow(clippy::cast_possible_truncation)] // the low byte is meant
    fn push(&mut self, bits: u32) {
        self.out.push(bits as u8);
    }

    fn finish(mut self) -> Vec<u8> {
        let end = self.c + self.a;
        self.c |= 0xffff;
        if self.c >= end {
            self.c -= 0x8000;
        }
        self.c <<= self.count;
        self.byte_out();
        self.c <<= self.count;
        self.byte_out();
        if self.out.last() != Some(&0xff) {
            self.out.push(0xff);
        }
        self.out.push(0xac);
        self.out.remove(0);
        self.out
    }
}

/// Codes an image of black (0) and white (255) pixels as the data of a PDF `JBIG2Decode` stream.
pub(super) fn encode(image: &GrayImage, dpi: u32) -> Vec<u8> {
    let (width, height) = image.dimensions();
    let per_metre = (f64::from(dpi) / 0.0254).round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // resolutions are positive and small
    let resolution = per_metre as u32;
    let mut page = Vec::new();
    for value in [width, height, resolution, resolution] {
        page.extend(value.to_be_bytes());
    }
    page.extend([1, 0, 0]); // eventually lossless, no striping
    let mut region = Vec::new();
    for value in [width, height, 0, 0] {
        region.extend(value.to_be_bytes());
    }
    region.push(0); // combined with OR
    region.push(0); // arithmetic coding, template 0, no typical prediction
    region.extend([3_i8, -1, -3, -1, 2, -2, -2, -2].map(i8::to_be_bytes).concat());
    region.extend(generic_region(image));
    let mut data = segment(0, 48, &page);
    data.extend(segment(1, 39, &region));
    data
}

/// A segment of page 1 with its header (T.88 section 7.2).
fn segment(number: u32, kind: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len() + 11);
    bytes.extend(number.to_be_bytes());
    bytes.extend([kind, 0, 1]);
    // A page image of A4 at 600 dpi is far below 4 GB whatever its content.
    bytes.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend_from_slice(data);
    bytes
}

/// Template 0 with the adaptive pixels in their nominal places: five pixels two rows up, seven one row up, four to
/// the left. Which bit of the context stands for which pixel is free, as all contexts start alike.
fn generic_region(image: &GrayImage) -> Vec<u8> {
    let width = image.width() as usize;
    // Rows with a margin of four white pixels on each side.
    let blank = vec![false; width + 8];
    let (mut upper, mut above) = (blank.clone(), blank.clone());
    let mut coder = Coder::new(1 << 16);
    for pixels in image.rows() {
        let mut row = blank.clone();
        for (slot, pixel) in row[4..].iter_mut().zip(pixels) {
            *slot = pixel.0[0] < 128;
        }
        let bits = |row: &[bool]| row.iter().fold(0_usize, |bits, set| bits << 1 | usize::from(*set));
        let mut two_up = bits(&upper[2..6]);
        let mut one_up = bits(&above[1..7]);
        let mut left = 0;
        for x in 0..width {
            two_up = (two_up << 1 | usize::from(upper[x + 6])) & 0x1f;
            one_up = (one_up << 1 | usize::from(above[x + 7])) & 0x7f;
            let bit = row[x + 4];
            coder.code(two_up << 11 | one_up << 4 | left, bit);
            left = (left << 1 | usize::from(bit)) & 0xf;
        }
        upper = std::mem::replace(&mut above, row);
    }
    coder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coder_gives_the_test_sequence_of_the_standard() {
        // T.88 annex H.2: 256 bits, one context.
        let input = [
            0x00, 0x02, 0x00, 0x51, 0x00, 0x00, 0x00, 0xc0, 0x03, 0x52, 0x87, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x82, 0xc0,
            0x20, 0x00, 0xfc, 0xd7, 0x9e, 0xf6, 0xbf, 0x7f, 0xed, 0x90, 0x4f, 0x46, 0xa3, 0xbf,
        ];
        let expected = [
            0x84, 0xc7, 0x3b, 0xfc, 0xe1, 0xa1, 0x43, 0x04, 0x02, 0x20, 0x00, 0x00, 0x41, 0x0d, 0xbb, 0x86, 0xf4, 0x31,
            0x7f, 0xff, 0x88, 0xff, 0x37, 0x47, 0x1a, 0xdb, 0x6a, 0xdf, 0xff, 0xac,
        ];
        let mut coder = Coder::new(1);
        for byte in input {
            for bit in (0..8).rev() {
                coder.code(0, byte >> bit & 1 == 1);
            }
        }
        assert_eq!(coder.finish(), expected);
    }
}
