//! A font of the system with Chinese characters, of which the characters that occur are put into the file.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Filter, Finish, Name, Rect, Ref, Str};
use subsetter::{GlyphRemapper, subset};
use ttf_parser::{Face, fonts_in_collection, name_id};

use crate::export::Error;
use crate::pdf::Book;
use crate::pdf::letters::{compressed, write_stream};

/// Where fonts are installed.
const FOLDERS: [&str; 3] = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts"];
/// Fonts that have the characters of GB 2312 at least, the best first.
const NAMES: [&str; 10] = [
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJKsc-Regular.otf",
    "NotoSerifSC-Regular.otf",
    "SourceHanSerifSC-Regular.otf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansSC-Regular.otf",
    "uming.ttc",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
    "simsun.ttc",
];
/// Deepest folder that is looked into.
const DEPTH: usize = 6;
/// What stands for a character that the font lacks: the mark of printers for a missing sort, else a question mark.
const MISSING: [char; 2] = ['〓', '?'];
/// Units of PDF in an em.
const UNITS: f32 = 1000.0;

const SYSTEM: SystemInfo<'_> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// A font to print with.
pub struct PrintFont {
    path: PathBuf,
    data: Vec<u8>,
    index: u32,
    units: f32,
    /// Glyph and width in ems of each character that was printed.
    known: HashMap<char, (u16, f64)>,
    remapper: GlyphRemapper,
    /// Character and width in ems of each glyph in the file.
    glyphs: BTreeMap<u16, (char, f64)>,
}

/// Text in codes of the font.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Encoded {
    /// Two bytes a character.
    pub(super) codes: Vec<u8>,
    /// Width in ems.
    pub(super) ems: f64,
}

impl Encoded {
    pub(super) fn push(&mut self, other: &Self) {
        self.codes.extend_from_slice(&other.codes);
        self.ems += other.ems;
    }
}

impl PrintFont {
    /// A font where the system keeps its fonts.
    ///
    /// # Errors
    /// [`Error::NoFont`] when there is none of those that are looked for.
    pub fn find() -> Result<Self, Error> {
        let mut files = Vec::new();
        for folder in FOLDERS {
            collect(Path::new(folder), 0, &mut files);
        }
        files.sort();
        let named = |name: &&str| files.iter().find(|path| path.file_name().is_some_and(|n| n == *name));
        match NAMES.iter().find_map(named) {
            Some(path) => Self::load(path),
            None => Err(Error::NoFont {
                names: NAMES.join(", "),
                folders: FOLDERS.join(", "),
            }),
        }
    }

    /// The font in a file; of a collection the face for simplified characters, else the first.
    ///
    /// # Errors
    /// When the file cannot be read, or is no font with Chinese characters.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let unusable = |detail: String| Error::Font {
            path: path.to_owned(),
            detail,
        };
        let data = fs::read(path).map_err(|error| unusable(error.to_string()))?;
        let index = (0..fonts_in_collection(&data).unwrap_or(1))
            .find(|index| is_simplified(&data, *index))
            .unwrap_or(0);
        let face = Face::parse(&data, index).map_err(|error| unusable(error.to_string()))?;
        if face.glyph_index('卷').is_none() {
            return Err(unusable("it has no Chinese characters".to_owned()));
        }
        Ok(Self {
            path: path.to_owned(),
            index,
            units: f32::from(face.units_per_em()),
            data,
            known: HashMap::new(),
            remapper: GlyphRemapper::new(),
            glyphs: BTreeMap::new(),
        })
    }

    /// Text in codes of the font. Control characters are left out.
    pub(super) fn encode(&mut self, text: impl IntoIterator<Item = char>) -> Encoded {
        let mut encoded = Encoded::default();
        for c in text.into_iter().filter(|c| !c.is_control()) {
            if let Some((code, width)) = self.glyph(c) {
                encoded.codes.extend_from_slice(&code.to_be_bytes());
                encoded.ems += width;
            }
        }
        encoded
    }

    fn glyph(&mut self, c: char) -> Option<(u16, f64)> {
        if let Some(known) = self.known.get(&c) {
            return Some(*known);
        }
        let face = Face::parse(&self.data, self.index).ok()?;
        let shown = [c]
            .into_iter()
            .chain(MISSING)
            .find_map(|c| Some((c, face.glyph_index(c)?)));
        let (shown, glyph) = shown?;
        let width = f64::from(face.glyph_hor_advance(glyph).unwrap_or_default()) / f64::from(self.units);
        let code = self.remapper.remap(glyph.0);
        // Two characters may share a glyph; reading back then gives the first.
        self.glyphs.entry(code).or_insert((shown, width));
        self.known.insert(c, (code, width));
        Some((code, width))
    }

    /// Writes the font as object `id` and those it needs.
    pub(super) fn write<W: Write>(&self, book: &mut Book<W>, id: Ref) -> Result<(), Error> {
        let unusable = |detail: String| Error::Font {
            path: self.path.clone(),
            detail,
        };
        let face = Face::parse(&self.data, self.index).map_err(|error| unusable(error.to_string()))?;
        let program = subset(&self.data, self.index, &self.remapper).map_err(|error| unusable(error.to_string()))?;
        // Of a font with outlines of PostScript only these are embedded.
        let outlines = cff(&program);
        let (kind, program) = match outlines {
            Some(cff) => (CidFontType::Type0, cff),
            None => (CidFontType::Type2, program.as_slice()),
        };
        let [cid_font, descriptor, file, to_unicode] =
            [book.next_ref()?, book.next_ref()?, book.next_ref()?, book.next_ref()?];
        let name = format!("{}+{}", self.tag(), postscript_name(&face));
        let name = Name(name.as_bytes());

        let mut chunk = Chunk::new();
        chunk
            .type0_font(id)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid_font)
            .to_unicode(to_unicode);
        book.objects().object(&chunk)?;

        let mut chunk = Chunk::new();
        let mut cid = chunk.cid_font(cid_font);
        cid.subtype(kind)
            .base_font(name)
            .system_info(SYSTEM)
            .font_descriptor(descriptor)
            .default_width(UNITS);
        if outlines.is_none() {
            cid.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = cid.widths();
        #[allow(clippy::cast_possible_truncation)] // a few ems
        for (code, (_, width)) in self.glyphs.iter().filter(|(_, (_, width))| (width - 1.0).abs() > 1e-4) {
            widths.same(*code, *code, *width as f32 * UNITS);
        }
        widths.finish();
        cid.finish();
        book.objects().object(&chunk)?;

        let units = |value: i16| f32::from(value) / self.units * UNITS;
        let bounds = face.global_bounding_box();
        let mut chunk = Chunk::new();
        let mut described = chunk.font_descriptor(descriptor);
        described
            .name(name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                units(bounds.x_min),
                units(bounds.y_min),
                units(bounds.x_max),
                units(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(units(face.ascender()))
            .descent(units(face.descender()))
            .cap_height(units(face.capital_height().unwrap_or_else(|| face.ascender())))
            .stem_v(80.0);
        match kind {
            CidFontType::Type0 => described.font_file3(file),
            CidFontType::Type2 => described.font_file2(file),
        };
        described.finish();
        book.objects().object(&chunk)?;

        let packed = compressed(program)?;
        let mut chunk = Chunk::new();
        let mut stream = chunk.stream(file, &packed);
        stream.filter(Filter::FlateDecode);
        match kind {
            CidFontType::Type0 => stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C")),
            CidFontType::Type2 => stream.pair(Name(b"Length1"), i32::try_from(program.len()).unwrap_or(i32::MAX)),
        };
        stream.finish();
        book.objects().object(&chunk)?;

        let mut cmap = UnicodeCmap::<u16>::new(Name(b"Juanzong-Print-UCS2"), SYSTEM);
        for (code, (c, _)) in &self.glyphs {
            cmap.pair(*code, *c);
        }
        Ok(write_stream(book.objects(), to_unicode, cmap.finish().as_slice())?)
    }

    /// Six letters that tell this choice of characters from others of the same font (ISO 32000-1, 9.6.4).
    fn tag(&self) -> String {
        let mut sum: u32 = 0;
        for (c, _) in self.glyphs.values() {
            sum = sum.wrapping_mul(31).wrapping_add(u32::from(*c));
        }
        (0..6)
            .map(|_| {
                let letter = char::from(b'A' + u8::try_from(sum % 26).unwrap_or_default());
                sum /= 26;
                letter
            })
            .collect()
    }
}

fn is_simplified(data: &[u8], index: u32) -> bool {
    let Ok(face) = Face::parse(data, index) else {
        return false;
    };
    let names = face.names();
    names.into_iter().any(|name| {
        name.name_id == name_id::FAMILY
            && name
                .to_string()
                .is_some_and(|family| family.ends_with(" SC") || family.ends_with(" CN"))
    })
}

fn postscript_name(face: &Face<'_>) -> String {
    let names = face.names().into_iter();
    let mut found = names.filter(|name| name.name_id == name_id::POST_SCRIPT_NAME);
    let name = found.find_map(|name| name.to_string()).unwrap_or_default();
    let plain: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    if plain.is_empty() { "Print".to_owned() } else { plain }
}

/// The outlines of a font that has those of PostScript.
fn cff(font: &[u8]) -> Option<&[u8]> {
    let raw = ttf_parser::RawFace::parse(font, 0).ok()?;
    raw.table(ttf_parser::Tag::from_bytes(b"CFF "))
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if depth < DEPTH {
                collect(&path, depth + 1, files);
            }
        } else {
            files.push(path);
        }
    }
}
