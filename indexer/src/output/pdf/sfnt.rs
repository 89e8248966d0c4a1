//! A TrueType font that shows nothing, made in code (Apple TrueType Reference Manual; OpenType 1.9).
//!
//! The letters of the text layer are never painted (text rendering mode 3), but readers want a font that loads:
//! three glyphs without outline, of which one is as wide as a Han character and one half as wide.

/// Units of the em square.
pub(super) const EM: u16 = 1000;
/// Height of the letters above the baseline; with [`DESCENT`] they cover the line of print.
pub(super) const ASCENT: i16 = 880;
/// Depth of the letters below the baseline, as a negative number.
pub(super) const DESCENT: i16 = -120;
/// Glyph as wide as the em.
pub(super) const FULL: u16 = 1;
/// Glyph half as wide.
pub(super) const HALF: u16 = 2;
/// Its PostScript name.
pub(super) const NAME: &str = "JuanzongInvisible";

/// The font file.
pub(super) fn font_file() -> Vec<u8> {
    let tables: [(&[u8; 4], Vec<u8>); 9] = [
        (b"cmap", cmap()),
        // No glyph has an outline: an empty table, which must not be of length 0 for some readers.
        (b"glyf", vec![0; 4]),
        (b"head", head()),
        (b"hhea", hhea()),
        (b"hmtx", words(&[EM, 0, EM, 0, EM / 2, 0])),
        (b"loca", words(&[0, 0, 0, 0])),
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

fn head() -> Vec<u8> {
    let mut table = words(&[1, 0, 1, 0]);
    // Sum (set at the end), magic number.
    table.extend_from_slice(&[0, 0, 0, 0, 0x5f, 0x0f, 0x3c, 0xf5]);
    table.extend(words(&[0, EM]));
    // Created and modified: no dates, so that the same scan gives the same file.
    table.extend_from_slice(&[0; 16]);
    table.extend(words(&[0, signed(DESCENT), EM, signed(ASCENT), 0, 8, 2, 0, 0]));
    table
}

fn hhea() -> Vec<u8> {
    let mut table = words(&[1, 0, signed(ASCENT), signed(DESCENT), 0, EM, 0, 0, EM, 1, 0, 0]);
    table.extend(words(&[0, 0, 0, 0, 0, 3]));
    table
}

fn maxp() -> Vec<u8> {
    words(&[1, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
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
        let face = owned_ttf_parser::OwnedFace::from_vec(file, 0).unwrap();
        let face = owned_ttf_parser::AsFaceRef::as_face_ref(&face);
        let advance = |glyph| face.glyph_hor_advance(owned_ttf_parser::GlyphId(glyph));
        assert_eq!((advance(FULL), advance(HALF)), (Some(EM), Some(EM / 2)));
        assert_eq!((face.ascender(), face.descender()), (ASCENT, DESCENT));
        assert_eq!(face.number_of_glyphs(), 3);
    }
}
