//! The font of the text layer: which code stands for which character, and how wide it is.

use std::collections::HashMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Filter, Finish, Name, Rect, Ref, Str};

use super::Error;
use super::objects::Objects;
use super::sfnt;

/// Under this name pages know the font; a page that has it already has our text layer.
pub const FONT: Name<'_> = Name(b"JuanzongText");

/// Objects that the font takes.
pub const OBJECTS: i32 = 6;

/// Codes given away for boxes at any height; the rest of the 65,535 is for level ones.
const PLENTY: usize = 50_000;

/// What a line that only separates stands for: a single space would count as no text at all.
const BLANKS: &str = "  ";
/// Under this character, which no text has, the code of [`BLANKS`] is remembered.
const BLANKS_KEY: char = '\n';

/// Codes and registry are our own: they mean glyphs of this font only.
const SYSTEM: SystemInfo<'_> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// Gives each character that occurs a code of two bytes, in the order in which they occur.
#[derive(Default)]
pub struct Letters {
    codes: HashMap<(char, i16), u16>,
    /// With the steps that each stands above level print.
    characters: Vec<(char, i16)>,
}

impl Letters {
    /// Whether a code may stand for the character: PDF/A does not let it for some, and no recogniser means control
    /// characters. White space is left to the caller.
    pub(super) fn can_show(character: char) -> bool {
        !(character.is_whitespace()
            || character.is_control()
            || matches!(character, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
    }

    /// The code of a character whose box is so many steps above level print. `None` when there are no more codes.
    pub(super) fn code(&mut self, character: char, steps: i32) -> Option<u16> {
        let steps = i16::try_from(steps).unwrap_or_default();
        // The last codes are for characters that have none yet.
        let steps = if self.characters.len() < PLENTY { steps } else { 0 };
        self.enter((character, steps))
    }

    /// The code of [`BLANKS`] with the width of a Han character.
    pub(super) fn blanks(&mut self) -> Option<u16> {
        self.enter((BLANKS_KEY, 0))
    }

    fn enter(&mut self, key: (char, i16)) -> Option<u16> {
        if let Some(code) = self.codes.get(&key) {
            return Some(*code);
        }
        // Code 0 is the missing glyph.
        let code = u16::try_from(self.characters.len() + 1).ok()?;
        self.codes.insert(key, code);
        self.characters.push(key);
        Some(code)
    }

    /// Whether no character has occurred.
    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    /// Writes the font as [`OBJECTS`] objects from `first` on; the first of them is the font itself.
    ///
    /// # Errors
    /// When the output fails.
    pub fn write<W: Write>(&self, objects: &mut Objects<W>, first: Ref) -> Result<(), Error> {
        let [font, cid_font, descriptor, file, to_unicode, to_glyphs] =
            [0, 1, 2, 3, 4, 5].map(|step| Ref::new(first.get() + step));
        let base_name = Name(sfnt::NAME.as_bytes());

        let mut chunk = Chunk::new();
        let mut type0 = chunk.type0_font(font);
        type0.base_font(base_name);
        type0.encoding_predefined(Name(b"Identity-H"));
        type0.descendant_font(cid_font).to_unicode(to_unicode);
        type0.finish();
        objects.object(&chunk)?;

        let mut chunk = Chunk::new();
        let mut cid = chunk.cid_font(cid_font);
        cid.subtype(CidFontType::Type2)
            .base_font(base_name)
            .system_info(SYSTEM)
            .font_descriptor(descriptor)
            .default_width(f32::from(sfnt::EM))
            .cid_to_gid_map_stream(to_glyphs);
        let mut widths = cid.widths();
        let narrow: Vec<u16> = (1..)
            .zip(&self.characters)
            .filter(|(_, (c, _))| !is_wide(*c))
            .map(|(code, _)| code)
            .collect();
        for run in narrow.chunk_by(|a, b| a + 1 == *b) {
            if let (Some(first), Some(last)) = (run.first(), run.last()) {
                widths.same(*first, *last, f32::from(sfnt::EM / 2));
            }
        }
        widths.finish();
        cid.finish();
        objects.object(&chunk)?;

        let mut chunk = Chunk::new();
        chunk
            .font_descriptor(descriptor)
            .name(base_name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                0.0,
                f32::from(sfnt::EXTENT.0),
                f32::from(sfnt::EM),
                f32::from(sfnt::EXTENT.1),
            ))
            .italic_angle(0.0)
            .ascent(f32::from(sfnt::ASCENT))
            .descent(f32::from(sfnt::DESCENT))
            .cap_height(f32::from(sfnt::ASCENT))
            .stem_v(80.0)
            .font_file2(file);
        objects.object(&chunk)?;

        let program = sfnt::font_file();
        let mut chunk = Chunk::new();
        let length = i32::try_from(program.len()).unwrap_or_default();
        let packed = compressed(&program)?;
        let mut stream = chunk.stream(file, &packed);
        stream.filter(Filter::FlateDecode);
        stream.pair(Name(b"Length1"), length);
        stream.finish();
        objects.object(&chunk)?;

        let mut cmap = UnicodeCmap::<u16>::new(Name(b"Juanzong-UCS2"), SYSTEM);
        for (code, (character, _)) in (1..).zip(&self.characters) {
            if *character == BLANKS_KEY {
                cmap.pair_with_multiple(code, BLANKS.chars());
            } else {
                cmap.pair(code, *character);
            }
        }
        write_stream(objects, to_unicode, cmap.finish().as_slice())?;

        let glyphs = std::iter::once(0).chain(
            self.characters
                .iter()
                .map(|(character, steps)| sfnt::glyph(is_wide(*character), *steps)),
        );
        let glyphs: Vec<u8> = glyphs.flat_map(u16::to_be_bytes).collect();
        write_stream(objects, to_glyphs, &glyphs)
    }
}

/// Writes a compressed stream without further entries.
///
/// # Errors
/// When the output fails.
pub fn write_stream<W: Write>(objects: &mut Objects<W>, id: Ref, data: &[u8]) -> Result<(), Error> {
    let mut chunk = Chunk::new();
    let packed = compressed(data)?;
    chunk.stream(id, &packed).filter(Filter::FlateDecode);
    objects.object(&chunk)
}

/// Data as `FlateDecode` unpacks it.
///
/// # Errors
/// When the library fails.
pub fn compressed(data: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data)?;
    Ok(encoder.finish()?)
}

/// Width of a character in ems: Han characters and the marks between them fill the em, letters and digits half of it.
pub(super) fn width(character: char) -> f64 {
    if is_wide(character) { 1.0 } else { 0.5 }
}

/// In Chinese print dashes, ellipses and quotation marks are as wide as a character, whatever Unicode's width class.
fn is_wide(character: char) -> bool {
    match character {
        BLANKS_KEY | '\u{a7}' | '\u{b0}' | '\u{b1}' | '\u{b7}' | '\u{d7}' | '\u{f7}' => true,
        '\u{ff61}'..='\u{ffdc}' | '\u{ffe8}'..='\u{ffee}' => false,
        _ => character >= '\u{2010}',
    }
}
