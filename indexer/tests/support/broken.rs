//! Files that are broken in every way we could think of, each with the name of its failure.
//!
//! All are made by code; none is a document of anybody.

use std::fs;
use std::path::Path;

use juanzong_indexer::decode::FailureCode;
use juanzong_indexer::decode::FailureCode::{
    Damaged, DamagedImage, EmptyFile, MemoryLimit, NoPages, PageMissing, PageTooLarge, PageTreeCycle,
    PasswordProtected, Truncated, UnknownFormat,
};

/// Writes the files into `dir`; gives the name of each and its failure, of the file or of its page 1.
///
/// The files are harmless to write (a few MiB in all). `MemoryLimit` wants a process limited to at most 2 GiB.
pub(crate) fn write_broken_files(dir: &Path) -> Vec<(String, FailureCode)> {
    let good_pdf = pdf(&page_objects("[0 0 595 842]", "0 0 m 10 10 l S"));
    let jpeg = jpeg();
    let g4 = fax_tiff();
    let files: Vec<(&str, Vec<u8>, FailureCode)> = vec![
        ("empty.pdf", Vec::new(), EmptyFile),
        ("empty.tif", Vec::new(), EmptyFile),
        ("empty.jpg", Vec::new(), EmptyFile),
        (
            "text.pdf",
            "这不是扫描件，只是文字。\n".repeat(40).into_bytes(),
            UnknownFormat,
        ),
        ("random.jpg", noise(4096), UnknownFormat),
        (
            "archive.tif",
            b"PK\x03\x04\x14\0\0\0\x08\0not really an archive".to_vec(),
            UnknownFormat,
        ),
        (
            "word.pdf",
            [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 504]].concat(),
            UnknownFormat,
        ),
        ("cut.pdf", good_pdf[..good_pdf.len() / 2].to_vec(), Truncated),
        (
            "cut-at-trailer.pdf",
            good_pdf[..good_pdf.len() - 20].to_vec(),
            Truncated,
        ),
        ("header-only.pdf", b"%PDF-1.7\n%%EOF\n".to_vec(), Damaged),
        (
            "no-pages.pdf",
            pdf(&[
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [] /Count 0 >>",
            ]),
            NoPages,
        ),
        (
            "no-page-tree.pdf",
            pdf(&["<< /Type /Catalog >>", "<< /Producer (x) >>"]),
            Damaged,
        ),
        ("cycle.pdf", cyclic_pdf(), PageTreeCycle),
        (
            "missing-page.pdf",
            pdf(&[
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [9 0 R] /Count 1 >>",
            ]),
            PageMissing,
        ),
        (
            "huge-page.pdf",
            pdf(&page_objects("[0 0 200000 200000]", "")),
            PageTooLarge,
        ),
        ("bomb.pdf", bomb_pdf(), MemoryLimit),
        ("password.pdf", encrypted_pdf(), PasswordProtected),
        (
            "broken-picture.pdf",
            picture_pdf(b"this is no JPEG", "/DCTDecode", 800, 1000),
            DamagedImage,
        ),
        ("missing-picture.pdf", missing_picture_pdf(), DamagedImage),
        ("xref-garbage.pdf", garbled_pdf(&good_pdf), Damaged),
        ("header-only.tif", b"II*\0".to_vec(), Truncated),
        ("no-directory.tif", b"II*\0\0\0\0\0".to_vec(), NoPages),
        ("directory-outside.tif", b"II*\0\xff\xff\0\0".to_vec(), Truncated),
        ("loop.tif", looping_tiff(), PageTreeCycle),
        ("huge.tif", tiff(60_000, 60_000, 1, 1, &[0; 64]), PageTooLarge),
        ("cut-fax.tif", tiff(1728, 2200, 4, 1, &g4[..g4.len() / 2]), Truncated),
        ("short-strip.tif", cut_strip_tiff(), Truncated),
        (
            "wrong-deflate.tif",
            tiff(1000, 1000, 8, 8, b"this is not deflated"),
            DamagedImage,
        ),
        ("cut-in-header.jpg", jpeg[..100].to_vec(), Truncated),
        ("cut-in-half.jpg", jpeg[..jpeg.len() / 2].to_vec(), Truncated),
        ("huge.png", huge_png(), PageTooLarge),
        ("bad-checksum.png", damaged_png(), DamagedImage),
        ("cut.png", cut(&png(), 2), Truncated),
        ("huge.bmp", bitmap(60_000, 60_000), PageTooLarge),
        ("cut.bmp", bitmap(800, 600), Truncated),
        ("cut.webp", cut(&webp(), 2), Truncated),
    ];
    files
        .into_iter()
        .map(|(name, bytes, code)| {
            fs::write(dir.join(name), bytes).unwrap();
            (name.to_owned(), code)
        })
        .collect()
}

fn cut(bytes: &[u8], parts: usize) -> Vec<u8> {
    bytes[..bytes.len() / parts].to_vec()
}

/// Bytes without a pattern, the same each time (a linear congruential generator).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 12_345_u32;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect()
}

/// A PDF of these objects, numbered from 1; the first is the catalogue.
fn pdf(objects: &[impl AsRef<str>]) -> Vec<u8> {
    let objects: Vec<Vec<u8>> = objects.iter().map(|o| o.as_ref().as_bytes().to_vec()).collect();
    pdf_of_bytes(&objects, "")
}

pub(crate) fn pdf_of_bytes(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let xref = file.len();
    let size = objects.len() + 1;
    file.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for offset in offsets {
        file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let end = format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{xref}\n%%EOF\n");
    file.extend_from_slice(end.as_bytes());
    file
}

fn page_objects(media_box: &str, content: &str) -> [String; 4] {
    [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox {media_box} /Resources << >> /Contents 4 0 R >>"),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ]
}

/// A node of the page tree that is its own grandchild.
fn cyclic_pdf() -> Vec<u8> {
    pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ])
}

fn missing_picture_pdf() -> Vec<u8> {
    pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 9 0 R >> >> \
         /Contents 4 0 R >>"
            .to_owned(),
        "<< /Length 31 >>\nstream\nq 595 0 0 842 0 0 cm /I Do Q   \nendstream".to_owned(),
    ])
}

fn picture_pdf(data: &[u8], filter: &str, width: u32, height: u32) -> Vec<u8> {
    let mut picture = format!(
        "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray \
         /BitsPerComponent 8 /Filter {filter} /Length {} >>\nstream\n",
        data.len()
    )
    .into_bytes();
    picture.extend_from_slice(data);
    picture.extend_from_slice(b"\nendstream");
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 5 0 R >> >> \
                /Contents 4 0 R >>";
    pdf_of_bytes(
        &[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            page.as_bytes().to_vec(),
            b"<< /Length 31 >>\nstream\nq 595 0 0 842 0 0 cm /I Do Q   \nendstream".to_vec(),
            picture,
        ],
        "",
    )
}

/// A page content of zeros that was deflated three times over: some KiB here, many GiB there.
fn bomb_pdf() -> Vec<u8> {
    let content = bomb();
    let mut stream = format!(
        "<< /Filter [/FlateDecode /FlateDecode /FlateDecode] /Length {} >>\nstream\n",
        content.len()
    )
    .into_bytes();
    stream.extend_from_slice(&content);
    stream.extend_from_slice(b"\nendstream");
    let mut objects: Vec<Vec<u8>> = page_objects("[0 0 595 842]", "").map(String::into_bytes).to_vec();
    objects[3] = stream;
    pdf_of_bytes(&objects, "")
}

/// A deflate stream whose repeated middle is itself the compressed form of a repeated middle, and so on.
fn bomb() -> Vec<u8> {
    // Runs of zeros deflate about 1000 : 1, and so do their deflated forms as long as they are periodic.
    let innermost = zlib_zeros(8 << 30);
    let middle = zlib_periodic(&innermost, 13);
    zlib_periodic(&middle, 15)
}

/// The zlib stream of a run of `length` zero bytes, written bit by bit:
/// one literal 0, then copies of 258 bytes from a distance of 1, with the fixed Huffman codes (RFC 1951, 3.2.6).
fn zlib_zeros(length: u64) -> Vec<u8> {
    let mut bits = BitWriter::default();
    bits.push(1, 1);
    bits.push(1, 2);
    bits.code(0x30, 8);
    for _ in 0..(length - 1) / 258 {
        // Length 258 is code 285 (8 bits, 0b1100_0101); distance 1 is code 0 (5 bits).
        bits.code(0b1100_0101, 8);
        bits.code(0, 5);
    }
    bits.code(0, 7);
    let mut stream = vec![0x78, 0x9c];
    stream.extend(bits.finish());
    // The checksum of a run of zeros (Adler-32): the low half stays 1, the high half counts the bytes.
    let count = 1 + (length - 1) / 258 * 258;
    let high = u32::try_from(count % 65_521).unwrap();
    stream.extend_from_slice(&(high << 16 | 1).to_be_bytes());
    stream
}

/// Deflates a stream that repeats itself after `period` bytes (13 to 16), with copies from that far back.
///
/// The codes of a run of zeros have 13 bits each, so their bytes repeat after 13; the codes written here have 15.
fn zlib_periodic(data: &[u8], period: usize) -> Vec<u8> {
    let extra = u32::try_from(period - 13).unwrap();
    let head = 64;
    let tail = data.len() - 16;
    let mut bits = BitWriter::default();
    bits.push(1, 1);
    bits.push(1, 2);
    let literal = |bits: &mut BitWriter, byte: u8| {
        if byte < 144 {
            bits.code(0x30 + u32::from(byte), 8);
        } else {
            bits.code(0x190 + u32::from(byte) - 144, 9);
        }
    };
    let mut at = 0;
    while at < data.len() {
        let run_fits = at >= head && at + 258 <= tail;
        if run_fits && data[at..at + 258].iter().zip(&data[at - period..]).all(|(a, b)| a == b) {
            bits.code(0b1100_0101, 8);
            // Distances 13 to 16 are code 7 with two extra bits.
            bits.code(7, 5);
            bits.push(extra, 2);
            at += 258;
        } else {
            literal(&mut bits, data[at]);
            at += 1;
        }
    }
    bits.code(0, 7);
    let mut stream = vec![0x78, 0x9c];
    stream.extend(bits.finish());
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in data {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    stream.extend_from_slice(&(high << 16 | low).to_be_bytes());
    stream
}

#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    buffer: u64,
    filled: u32,
}

impl BitWriter {
    /// Bits of a number, the lowest first.
    fn push(&mut self, value: u32, count: u32) {
        self.buffer |= u64::from(value) << self.filled;
        self.filled += count;
        while self.filled >= 8 {
            self.bytes.push(self.buffer.to_le_bytes()[0]);
            self.buffer >>= 8;
            self.filled -= 8;
        }
    }

    /// A Huffman code, the highest bit first.
    fn code(&mut self, code: u32, count: u32) {
        self.push(code.reverse_bits() >> (32 - count), count);
    }

    fn finish(mut self) -> Vec<u8> {
        if self.filled > 0 {
            self.bytes.push(self.buffer.to_le_bytes()[0]);
        }
        self.bytes
    }
}

/// Encrypted with 40-bit RC4 (revision 2) under a user password that is not empty: whatever stands in `/O` and `/U`,
/// the empty password does not fit it.
fn encrypted_pdf() -> Vec<u8> {
    let hex = |seed: u8| -> String {
        (0..32_u8)
            .map(|i| format!("{:02x}", i.wrapping_mul(37) ^ seed))
            .collect()
    };
    let mut objects: Vec<Vec<u8>> = page_objects("[0 0 595 842]", "0 0 m").map(String::into_bytes).to_vec();
    objects.push(
        format!(
            "<< /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <{}> /U <{}> >>",
            hex(1),
            hex(2)
        )
        .into_bytes(),
    );
    pdf_of_bytes(&objects, &format!("/Encrypt 5 0 R /ID [<{0}> <{0}>]", hex(3)))
}

/// Every object and the cross-reference table overwritten; only the frame of the file is left.
fn garbled_pdf(good: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    file.extend(noise(good.len()).into_iter().map(|b| b % 26 + b'a'));
    file.extend_from_slice(b"\nstartxref\n999999999\n%%EOF\n");
    file
}

/// A TIFF of one strip with the given compression and bits a sample.
fn tiff(width: u32, height: u32, compression: u16, bits: u16, data: &[u8]) -> Vec<u8> {
    let entries: [(u16, u16, u32); 8] = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, u32::from(bits)),
        (259, 3, u32::from(compression)),
        (262, 3, u32::from(bits == 8)),
        (273, 4, 8),
        (278, 4, height),
        (279, 4, u32::try_from(data.len()).unwrap()),
    ];
    let mut file = b"II*\0".to_vec();
    let directory = u32::try_from(8 + data.len().next_multiple_of(2)).unwrap();
    file.extend_from_slice(&directory.to_le_bytes());
    file.extend_from_slice(data);
    file.resize(directory as usize, 0);
    file.extend_from_slice(&u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, kind, value) in entries {
        file.extend_from_slice(&tag.to_le_bytes());
        file.extend_from_slice(&kind.to_le_bytes());
        file.extend_from_slice(&1_u32.to_le_bytes());
        file.extend_from_slice(&value.to_le_bytes());
    }
    file.extend_from_slice(&0_u32.to_le_bytes());
    file
}

/// A Group 4 page of 1728 x 2200 pixels with a pattern that does not compress to nothing.
fn fax_tiff() -> Vec<u8> {
    let mut encoder = fax::encoder::Encoder::new(fax::VecWriter::new());
    let pixels = noise(1728 * 2200 / 64);
    for y in 0..2200_usize {
        let line = (0..1728_usize).map(|x| {
            let sample = pixels[(y / 8 * 216 + x / 8) % pixels.len()];
            if sample < 64 {
                fax::Color::Black
            } else {
                fax::Color::White
            }
        });
        encoder.encode_line(line, 1728).unwrap();
    }
    encoder.finish().unwrap().finish()
}

/// A directory that names itself as the next one.
fn looping_tiff() -> Vec<u8> {
    let mut file = tiff(8, 8, 1, 8, &[255; 64]);
    let next = file.len() - 4;
    file[next..].copy_from_slice(&72_u32.to_le_bytes());
    file
}

/// A strip said to be longer than the file.
fn cut_strip_tiff() -> Vec<u8> {
    let mut file = tiff(1000, 1000, 1, 8, &[255; 1000]);
    let count = file.len() - 8;
    file[count..count + 4].copy_from_slice(&1_000_000_u32.to_le_bytes());
    file
}

fn picture() -> image::GrayImage {
    let samples = noise(400 * 300);
    image::GrayImage::from_raw(400, 300, samples).unwrap()
}

fn encoded(format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::DynamicImage::ImageLuma8(picture());
    let picture = if format == image::ImageFormat::WebP {
        image::DynamicImage::ImageRgb8(picture.into_rgb8())
    } else {
        picture
    };
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg() -> Vec<u8> {
    encoded(image::ImageFormat::Jpeg)
}

fn png() -> Vec<u8> {
    encoded(image::ImageFormat::Png)
}

fn webp() -> Vec<u8> {
    encoded(image::ImageFormat::WebP)
}

/// A valid header that announces 3.6 gigapixels.
fn huge_png() -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = b"IHDR".to_vec();
    header.extend_from_slice(&60_000_u32.to_be_bytes());
    header.extend_from_slice(&60_000_u32.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    chunk(&mut file, &header);
    chunk(&mut file, b"IDAT\x78\x9c");
    chunk(&mut file, b"IEND");
    file
}

fn chunk(file: &mut Vec<u8>, content: &[u8]) {
    file.extend_from_slice(&u32::try_from(content.len() - 4).unwrap().to_be_bytes());
    file.extend_from_slice(content);
    file.extend_from_slice(&crc32(content).to_be_bytes());
}

/// The checksum of PNG chunks (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// A byte of the pixels changed, so that the checksum of its chunk does not fit.
fn damaged_png() -> Vec<u8> {
    let mut file = png();
    let middle = file.len() / 2;
    file[middle] ^= 0x55;
    file
}

/// The header of a bitmap and a few of its pixels.
fn bitmap(width: i32, height: i32) -> Vec<u8> {
    let mut file = b"BM".to_vec();
    file.extend_from_slice(&[0; 8]);
    file.extend_from_slice(&54_u32.to_le_bytes());
    file.extend_from_slice(&40_u32.to_le_bytes());
    file.extend_from_slice(&width.to_le_bytes());
    file.extend_from_slice(&height.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&24_u16.to_le_bytes());
    file.extend_from_slice(&[0; 24]);
    file.extend_from_slice(&[127; 900]);
    file
}
