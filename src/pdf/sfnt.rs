//! A TrueType font that shows nothing, made in code (Apple TrueType Reference Manual; OpenType 1.9).
//!
//! The letters of the text layer are never painted (text rendering mode 3), but readers want a font that loads, and
//! some take the outlines for the places of the letters. The outlines are boxes three ems high over one em of width,
//! because the font is used at a third of the height of the print: all distances by which `pdftotext` joins words to
//! lines and blocks are shares of the size of the font, and at this size it joins nothing that is only near. Each box
//! comes at many heights, so that letters over print that rises may stand on a level line.

/// Units of the em square.
pub(super) const EM: u16 = 1000;
/// How many ems a letter is high.
pub(super) const EMS: u16 = 3;
/// Height of a letter in units.
pub(super) const LETTER: f64 = (EM * EMS) as f64;
/// Lower and upper edge of a letter over level print.
pub(super) const BOX_BOTTOM: f64 = -360.0;
const BOTTOM: i16 = -360;
const TOP: i16 = 2640;
/// Declared ascent: half of a letter, so that for `pdftotext` lines of print that nearly touch have room between them.
pub(super) const ASCENT: i16 = 1500;
/// Declared descent, as a negative number.
pub(super) const DESCENT: i16 = BOTTOM;
/// How many steps up and down the boxes come.
pub(super) const STEPS: i16 = 20;
/// A step in units, and as a share of the height of a letter.
const STEP: i16 = 600;
pub(super) const STEP_OF_LETTER: f64 = STEP as f64 / LETTER;
/// Lowest and highest edge of all boxes.
pub(super) const EXTENT: (i16, i16) = (BOTTOM - STEPS * STEP, TOP + STEPS * STEP);
/// Points of a box.
const CORNERS: u16 = 4;

/// The glyph that is as wide as the em or half as wide, and so many steps above level print.
pub(super) fn glyph(wide: bool, steps: i16) -> u16 {
    let row = u16::try_from(steps.clamp(-STEPS, STEPS) + STEPS).unwrap_or_default();
    1 + 2 * row + u16::from(!wide)
}

/// All glyphs: the missing one and two for each step.
const GLYPHS: u16 = 1 + 2 * (2 * STEPS.unsigned_abs() + 1);
/// Its PostScript name.
pub(super) const NAME: &str = "JuanzongInvisible";

/// The font file.
pub(super) fn font_file() -> Vec<u8> {
    let (glyf, loca) = outlines();
    let tables: [(&[u8; 4], Vec<u8>); 9] = [
        (b"cmap", cmap()),
        (b"glyf", glyf),
        (b"head", head()),
        (b"hhea", hhea()),
        (b"hmtx", widths()),
        (b"loca", loca),
        (b"maxp", maxp()),
        (b"name", name()),
        (b"post", post()),
    ];
    let mut file = vec![0, 1, 0, 0];
    // Number of tables, and 8 as the greatest power of two below it: range, exponent, rest.
    file.extend(words(&[9, 128, 3, 16]));
    let mut offset = 12 + 16 * 9_u32;
    let mut body = Vec::new();
    let mut head_at = 0;
    for (tag, data) in &tables {
        let length = u32::try_from(data.len()).unwrap_or_default();
        file.extend_from_slice(*tag);
        file.extend_from_slice(&checksum(data).to_be_bytes());
        file.extend_from_slice(&offset.to_be_bytes());
        file.extend_from_slice(&length.to_be_bytes());
        if *tag == b"head" {
            head_at = 12 + 16 * 9 + body.len();
        }
        body.extend_from_slice(data);
        body.resize(body.len().next_multiple_of(4), 0);
        offset += length.next_multiple_of(4);
    }
    file.extend(body);
    let adjustment = 0xb1b0_afba_u32.wrapping_sub(checksum(&file)).to_be_bytes();
    for (to, from) in file.iter_mut().skip(head_at + 8).zip(adjustment) {
        *to = from;
    }
    file
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_be_bytes()).collect()
}

fn signed(value: i16) -> u16 {
    u16::from_be_bytes(value.to_be_bytes())
}

fn checksum(data: &[u8]) -> u32 {
    data.chunks(4).fold(0, |sum: u32, chunk| {
        let mut word = [0; 4];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

/// Windows, Unicode BMP, format 4, with the closing segment only: letters are found by glyph number.
fn cmap() -> Vec<u8> {
    words(&[0, 1, 3, 1, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xffff, 0, 0xffff, 1, 0])
}

/// The boxes of all glyphs and where each begins, in words.
fn outlines() -> (Vec<u8>, Vec<u8>) {
    let (mut glyf, mut starts) = (Vec::new(), vec![0, 0]);
    for steps in -STEPS..=STEPS {
        for width in [EM, EM / 2] {
            let (bottom, top) = (BOTTOM + steps * STEP, TOP + steps * STEP);
            // One contour with its box, which ends at point 3; no instructions; four points on the curve, as differences.
            glyf.extend(words(&[1, 0, signed(bottom), width, signed(top), CORNERS - 1, 0]));
            glyf.extend([1; CORNERS as usize]);
            glyf.extend(words(&[0, width, 0, signed(-width.cast_signed())]));
            glyf.extend(words(&[signed(bottom), 0, signed(top - bottom), 0]));
            starts.push(u16::try_from(glyf.len() / 2).unwrap_or_default());
        }
    }
    (glyf, words(&starts))
}

/// Advance and left edge of all glyphs.
fn widths() -> Vec<u8> {
    let pairs = [EM, 0, EM / 2, 0].repeat(usize::from(GLYPHS / 2));
    words(&[[EM, 0].as_slice(), &pairs].concat())
}

fn head() -> Vec<u8> {
    let mut table = words(&[1, 0, 1, 0]);
    // Sum (set at the end), magic number.
    table.extend_from_slice(&[0, 0, 0, 0, 0x5f, 0x0f, 0x3c, 0xf5]);
    table.extend(words(&[0, EM]));
    // Created and modified: no dates, so that the same scan gives the same file.
    table.extend_from_slice(&[0; 16]);
    table.extend(words(&[0, signed(EXTENT.0), EM, signed(EXTENT.1), 0, 8, 2, 0, 0]));
    table
}

fn hhea() -> Vec<u8> {
    let mut table = words(&[1, 0, signed(TOP), signed(BOTTOM), 0, EM, 0, 0, EM, 1, 0, 0]);
    table.extend(words(&[0, 0, 0, 0, 0, GLYPHS]));
    table
}

fn maxp() -> Vec<u8> {
    words(&[1, 0, GLYPHS, CORNERS, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
}

/// Family, style and PostScript name in Windows Unicode English.
fn name() -> Vec<u8> {
    let entries: [(u16, &str); 4] = [(1, NAME), (2, "Regular"), (4, NAME), (6, NAME)];
    let mut table = words(&[0, 4, 6 + 4 * 12]);
    let mut strings = Vec::new();
    for (id, text) in entries {
        let utf16 = words(&text.encode_utf16().collect::<Vec<_>>());
        let length = u16::try_from(utf16.len()).unwrap_or_default();
        let at = u16::try_from(strings.len()).unwrap_or_default();
        table.extend(words(&[3, 1, 0x409, id, length, at]));
        strings.extend(utf16);
    }
    table.extend(strings);
    table
}

/// Version 3: no glyph names; fixed pitch is not claimed.
fn post() -> Vec<u8> {
    let mut table = words(&[3, 0]);
    table.extend_from_slice(&[0; 28]);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_loads_and_has_the_two_widths() {
        let file = font_file();
        assert_eq!(checksum(&file), 0xb1b0_afba);
        let face = ttf_parser::Face::parse(&file, 0).unwrap();
        let id = |wide, steps| ttf_parser::GlyphId(glyph(wide, steps));
        let advance = |wide| face.glyph_hor_advance(id(wide, 0));
        assert_eq!((advance(true), advance(false)), (Some(EM), Some(EM / 2)));
        assert_eq!(face.number_of_glyphs(), GLYPHS);
        for (wide, steps) in [(true, 0), (false, 3), (true, -STEPS), (false, STEPS)] {
            let found = face.glyph_bounding_box(id(wide, steps)).unwrap();
            let (bottom, top) = (BOTTOM + steps * STEP, TOP + steps * STEP);
            assert_eq!((found.y_min, found.y_max), (bottom, top));
            assert_eq!((found.x_min, found.x_max), (0, if wide { 1000 } else { 500 }));
        }
    }
}
