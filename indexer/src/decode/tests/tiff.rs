use image::GrayImage;

use super::{LOWER_RIGHT, UPPER_LEFT, corner, dark_quarters, open, page};
use crate::decode::FailureCode;

/// Kinds of TIFF values.
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// A page to be written: its tags (without those of its strips), and its strips.
struct Page {
    tags: Vec<(u16, u16, Vec<u32>)>,
    strips: Vec<Vec<u8>>,
}

impl Page {
    fn new(width: u32, height: u32, bits: u32, compression: u32, photometric: u32, data: Vec<u8>) -> Self {
        Self {
            tags: vec![
                (256, LONG, vec![width]),
                (257, LONG, vec![height]),
                (258, SHORT, vec![bits]),
                (259, SHORT, vec![compression]),
                (262, SHORT, vec![photometric]),
                (278, LONG, vec![height]),
            ],
            strips: vec![data],
        }
    }

    fn with(mut self, tag: u16, kind: u16, values: &[u32]) -> Self {
        self.tags.retain(|(t, ..)| *t != tag);
        self.tags.push((tag, kind, values.to_vec()));
        self
    }
}

/// Writes pages in either byte order, as TIFF or `BigTIFF`.
fn write(pages: Vec<Page>, little: bool, big: bool) -> Vec<u8> {
    let number = |value: u64, size: usize| -> Vec<u8> {
        if little {
            value.to_le_bytes()[..size].to_vec()
        } else {
            value.to_be_bytes()[8 - size..].to_vec()
        }
    };
    let word = if big { 8 } else { 4 };
    let mut file = if little { b"II".to_vec() } else { b"MM".to_vec() };
    file.extend(number(if big { 43 } else { 42 }, 2));
    if big {
        file.extend(number(8, 2));
        file.extend(number(0, 2));
    }
    let mut link = file.len();
    file.extend(number(0, word));
    for mut page in pages {
        let offsets: Vec<u32> = page
            .strips
            .iter()
            .map(|strip| {
                let at = u32::try_from(file.len()).unwrap();
                file.extend_from_slice(strip);
                at
            })
            .collect();
        let lengths = page.strips.iter().map(|s| u32::try_from(s.len()).unwrap()).collect();
        page.tags.push((273, LONG, offsets));
        page.tags.push((279, LONG, lengths));
        page.tags.sort();
        let mut entries = Vec::new();
        for (tag, kind, values) in page.tags {
            let size = if kind == SHORT { 2 } else { 4 };
            let mut bytes: Vec<u8> = values.iter().flat_map(|v| number(u64::from(*v), size)).collect();
            let count = if kind == RATIONAL {
                values.len() / 2
            } else {
                values.len()
            };
            if bytes.len() > word {
                let at = file.len() as u64;
                file.extend(bytes);
                bytes = number(at, word);
            }
            bytes.resize(word, 0);
            entries.push(
                [
                    number(u64::from(tag), 2),
                    number(u64::from(kind), 2),
                    number(count as u64, word),
                    bytes,
                ]
                .concat(),
            );
        }
        let directory = file.len() as u64;
        file.splice(link..link + word, number(directory, word));
        file.extend(number(entries.len() as u64, if big { 8 } else { 2 }));
        file.extend(entries.concat());
        link = file.len();
        file.extend(number(0, word));
    }
    file
}

/// One bit a pixel, 1 is black, rows padded to bytes.
fn packed(image: &GrayImage) -> Vec<u8> {
    image
        .rows()
        .flat_map(|row| {
            let bits: Vec<bool> = row.map(|p| p.0[0] < 128).collect();
            bits.chunks(8)
                .map(|byte| byte.iter().enumerate().fold(0, |v, (i, b)| v | u8::from(*b) << (7 - i)))
                .collect::<Vec<u8>>()
        })
        .collect()
}

fn group4(image: &GrayImage) -> Vec<u8> {
    let mut encoder = fax::encoder::Encoder::new(fax::VecWriter::new());
    for row in image.rows() {
        let line = row.map(|p| {
            if p.0[0] < 128 {
                fax::Color::Black
            } else {
                fax::Color::White
            }
        });
        encoder.encode_line(line, image.width()).unwrap();
    }
    encoder.finish().unwrap().finish()
}

/// Bits written as text, to bytes.
fn bits(text: &str) -> Vec<u8> {
    let bits: Vec<u8> = text.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
    bits.chunks(8)
        .map(|byte| byte.iter().enumerate().fold(0, |v, (i, b)| v | b << (7 - i)))
        .collect()
}

/// T.4 codes of whole rows of 1728 pixels.
const WHITE_ROW: &str = "010011011 00110101";
const BLACK_ROW: &str = "00110101 0000001100101 0000110111";
const EOL: &str = "000000000001";

#[test]
fn all_codings_both_byte_orders_and_big_tiff() {
    let image = corner(64, 40);
    let gray = image.as_raw().clone();
    let inverted: Vec<u8> = gray.iter().map(|v| 255 - v).collect();
    let bilevel = packed(&image);
    let bilevel_inverted: Vec<u8> = bilevel.iter().map(|b| !b).collect();
    let rgb: Vec<u8> = gray.iter().flat_map(|v| [*v; 3]).collect();
    let cmyk: Vec<u8> = gray.iter().flat_map(|v| [0, 0, 0, 255 - v]).collect();
    let planes: Vec<u8> = gray.repeat(3);
    let indices: Vec<u8> = gray.iter().map(|v| u8::from(*v < 128)).collect();
    let mut colors = vec![0; 768];
    for channel in 0..3 {
        colors[channel * 256] = 65_535;
    }
    // PackBits of runs: 64 pixels a row fit one run of at most 128.
    let pack_bits: Vec<u8> = gray
        .chunks(32)
        .flat_map(|run| [u8::try_from(257 - run.len()).unwrap(), run[0]])
        .collect();
    for (little, big) in [(true, false), (false, false), (true, true), (false, true)] {
        let pages = || {
            vec![
                ("gray", Page::new(64, 40, 8, 1, 1, gray.clone())),
                ("white is zero", Page::new(64, 40, 8, 1, 0, inverted.clone())),
                ("bilevel", Page::new(64, 40, 1, 1, 0, bilevel.clone())),
                (
                    "bilevel, black is zero",
                    Page::new(64, 40, 1, 1, 1, bilevel_inverted.clone()),
                ),
                (
                    "rgb",
                    Page::new(64, 40, 8, 1, 2, rgb.clone())
                        .with(258, SHORT, &[8, 8, 8])
                        .with(277, SHORT, &[3]),
                ),
                (
                    "planes",
                    Page {
                        strips: planes.chunks(64 * 40).map(<[u8]>::to_vec).collect(),
                        ..Page::new(64, 40, 8, 1, 2, Vec::new())
                            .with(258, SHORT, &[8, 8, 8])
                            .with(277, SHORT, &[3])
                            .with(284, SHORT, &[2])
                    },
                ),
                (
                    "cmyk",
                    Page::new(64, 40, 8, 1, 5, cmyk.clone())
                        .with(258, SHORT, &[8; 4])
                        .with(277, SHORT, &[4]),
                ),
                (
                    "palette",
                    Page::new(64, 40, 8, 1, 3, indices.clone()).with(320, SHORT, &colors),
                ),
                ("pack bits", Page::new(64, 40, 8, 32_773, 1, pack_bits.clone())),
                ("group 4", Page::new(64, 40, 1, 4, 0, group4(&image))),
                (
                    "group 4, reversed bits",
                    Page::new(
                        64,
                        40,
                        1,
                        4,
                        0,
                        group4(&image).iter().map(|b| b.reverse_bits()).collect(),
                    )
                    .with(266, SHORT, &[2]),
                ),
            ]
        };
        let names: Vec<&str> = pages().iter().map(|(name, _)| *name).collect();
        let bytes = write(pages().into_iter().map(|(_, page)| page).collect(), little, big);
        let file = open(&bytes).unwrap();
        assert_eq!(file.pages() as usize, names.len());
        for (number, name) in (1..).zip(names) {
            let page = file.page(number).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(
                dark_quarters(&page.image),
                UPPER_LEFT,
                "{name}, little {little}, big {big}"
            );
        }
    }
}

#[test]
fn lzw_and_deflate_and_sixteen_bits() {
    use tiff::encoder::{Compression, TiffEncoder, colortype};
    let image = corner(64, 40);
    let deep: Vec<u16> = image.as_raw().iter().map(|v| u16::from(*v) * 257).collect();
    for compression in [
        Compression::Lzw,
        Compression::Deflate(tiff::encoder::DeflateLevel::Balanced),
        Compression::Packbits,
    ] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut bytes).unwrap().with_compression(compression);
        encoder.write_image::<colortype::Gray8>(64, 40, image.as_raw()).unwrap();
        encoder.write_image::<colortype::Gray16>(64, 40, &deep).unwrap();
        let file = open(bytes.get_ref()).unwrap();
        assert_eq!(file.pages(), 2);
        for number in 1..=2 {
            assert_eq!(dark_quarters(&file.page(number).unwrap().image), UPPER_LEFT);
        }
    }
}

#[test]
fn group_3_in_one_and_two_dimensions_and_modified_huffman() {
    let rows = [WHITE_ROW, BLACK_ROW, BLACK_ROW, WHITE_ROW];
    let one: String = rows.iter().map(|row| format!("{EOL}{row}")).collect();
    // After each end of line a bit says whether the row is coded in one dimension; V0 repeats the row above.
    let two: String = format!("{EOL}1{WHITE_ROW}{EOL}1{BLACK_ROW}{EOL}0 1 1{EOL}1{WHITE_ROW}");
    let huffman: Vec<u8> = rows.iter().flat_map(|row| bits(row)).collect();
    for (compression, options, data) in [(3, 0, bits(&one)), (3, 1, bits(&two)), (2, 0, huffman)] {
        let coded = Page::new(1728, 4, 1, compression, 0, data).with(292, LONG, &[options]);
        let image = match page(&write(vec![coded], true, false), 1).image {
            crate::decode::PageImage::Gray(image) => image,
            crate::decode::PageImage::Rgb(_) => panic!("fax is gray"),
        };
        let column: Vec<u8> = (0..4).map(|y| image.get_pixel(900, y).0[0]).collect();
        assert_eq!(column, [255, 0, 0, 255], "compression {compression}, options {options}");
    }
}

#[test]
fn resolution_orientation_and_previews() {
    let image = corner(64, 40);
    let scan = |values: &[u32]| {
        Page::new(64, 40, 8, 1, 1, image.as_raw().clone())
            .with(282, RATIONAL, values)
            .with(283, RATIONAL, values)
    };
    let pages = vec![
        scan(&[3000, 10]).with(254, LONG, &[0]),
        scan(&[72, 1]).with(254, LONG, &[1]),
        scan(&[11_811, 100]).with(296, SHORT, &[3]).with(274, SHORT, &[3]),
    ];
    let file = open(&write(pages, false, false)).unwrap();
    assert_eq!(file.pages(), 2, "the preview is no page");
    let first = file.page(1).unwrap();
    assert_eq!((first.dpi, dark_quarters(&first.image)), (Some(300), UPPER_LEFT));
    let second = file.page(2).unwrap();
    assert_eq!((second.dpi, dark_quarters(&second.image)), (Some(300), LOWER_RIGHT));
}

#[test]
fn fax_rows_are_stretched_to_square_pixels() {
    let image = corner(64, 40);
    let fax = Page::new(64, 40, 1, 4, 0, group4(&image))
        .with(282, RATIONAL, &[204, 1])
        .with(283, RATIONAL, &[102, 1]);
    let page = page(&write(vec![fax], true, false), 1);
    assert_eq!((page.image.width(), page.image.height(), page.dpi), (64, 80, Some(204)));
}

#[test]
fn a_broken_page_costs_only_itself() {
    let image = corner(64, 40);
    let good = || Page::new(64, 40, 8, 1, 1, image.as_raw().clone());
    let pages = vec![
        good(),
        Page::new(64, 40, 8, 8, 1, b"not deflated".to_vec()),
        good().with(256, LONG, &[60_000]).with(257, LONG, &[60_000]),
        Page::new(64, 40, 8, 50_000, 1, vec![0; 64]),
        Page::new(64, 40, 1, 4, 0, group4(&image)[..4].to_vec()),
        good(),
    ];
    let file = open(&write(pages, true, false)).unwrap();
    let outcome: Vec<Option<FailureCode>> = (1..=6).map(|n| file.page(n).err().map(|e| e.code)).collect();
    assert_eq!(
        outcome,
        [
            None,
            Some(FailureCode::DamagedImage),
            Some(FailureCode::PageTooLarge),
            Some(FailureCode::Unsupported),
            Some(FailureCode::Truncated),
            None
        ]
    );
}

#[test]
fn strips_and_a_white_rest() {
    let image = corner(64, 40);
    let halves: Vec<Vec<u8>> = image.as_raw().chunks(64 * 20).map(<[u8]>::to_vec).collect();
    let fax: Vec<Vec<u8>> = halves
        .iter()
        .map(|half| group4(&GrayImage::from_raw(64, 20, half.clone()).unwrap()))
        .collect();
    let stripped = Page {
        strips: fax,
        ..Page::new(64, 40, 1, 4, 0, Vec::new())
    }
    .with(278, LONG, &[20]);
    assert_eq!(
        dark_quarters(&page(&write(vec![stripped], true, false), 1).image),
        UPPER_LEFT
    );
    // The block is closed after 20 of 40 rows: the rest is white.
    let short = Page::new(
        64,
        40,
        1,
        4,
        0,
        group4(&GrayImage::from_pixel(64, 20, image::Luma([0]))),
    );
    let page = page(&write(vec![short], true, false), 1);
    assert_eq!(dark_quarters(&page.image), [true, true, false, false]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn changed_bytes_are_survived(at in 0_usize..300, byte in proptest::num::u8::ANY) {
        let image = corner(64, 40);
        let mut bytes = write(vec![Page::new(64, 40, 1, 4, 0, group4(&image))], true, false);
        let length = bytes.len();
        bytes[at % length] = byte;
        if let Ok(file) = open(&bytes) {
            for number in 1..=file.pages().min(3) {
                let _ = file.page(number);
            }
        }
    }
}
