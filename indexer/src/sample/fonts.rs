//! The faces that the documents are set in, from Debian font packages.

use std::path::{Path, PathBuf};

use ab_glyph::{Font as _, FontVec, GlyphId, Outline};
use owned_ttf_parser::{Face as TtfFace, name_id};

use super::Error;

/// Where Debian installs fonts, and where a user may put them.
const DIRECTORIES: [&str; 2] = ["/usr/share/fonts", "/usr/local/share/fonts"];

/// A face; the names are those of the Chinese print trade that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Face {
    /// 宋体
    Song,
    /// 楷体
    Kai,
    /// 黑体
    Hei,
    /// Modern serif, regular weight.
    Serif,
    /// 小标宋: bold serif of titles and red heads.
    Title,
    /// Modern sans, regular weight.
    Sans,
}

/// Per face: file, Debian package, end of the family name of the simplified Chinese face in the collection.
const SOURCES: [(Face, &str, &str, &str); 6] = [
    (Face::Song, "uming.ttc", "fonts-arphic-uming", "UMing CN"),
    (Face::Kai, "ukai.ttc", "fonts-arphic-ukai", "UKai CN"),
    (Face::Hei, "wqy-zenhei.ttc", "fonts-wqy-zenhei", "WenQuanYi Zen Hei"),
    (
        Face::Serif,
        "NotoSerifCJK-Regular.ttc",
        "fonts-noto-cjk",
        "Serif CJK SC",
    ),
    (Face::Title, "NotoSerifCJK-Bold.ttc", "fonts-noto-cjk", "Serif CJK SC"),
    (Face::Sans, "NotoSansCJK-Regular.ttc", "fonts-noto-cjk", "Sans CJK SC"),
];

/// Faces tried in order when the wanted one lacks a character.
const FALLBACK: [Face; 2] = [Face::Serif, Face::Sans];

struct Loaded {
    font: FontVec,
    units: f32,
    path: PathBuf,
    index: u32,
}

/// All faces, loaded.
pub(super) struct Fonts {
    faces: Vec<Loaded>,
}

impl Fonts {
    /// Finds and loads every face.
    ///
    /// # Errors
    /// [`Error::FontMissing`] names the Debian package to install; [`Error::FontUnusable`] a damaged file.
    pub(super) fn load() -> Result<Self, Error> {
        let mut files = Vec::new();
        for directory in DIRECTORIES {
            collect(Path::new(directory), 0, &mut files);
        }
        files.sort();
        let faces = SOURCES
            .iter()
            .map(|(_, file, package, family)| {
                let path = files
                    .iter()
                    .find(|path| path.file_name().is_some_and(|name| name == *file))
                    .ok_or(Error::FontMissing { file, package })?;
                load(path, family)
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Self { faces })
    }

    fn loaded(&self, face: Face) -> &Loaded {
        let at = SOURCES.iter().position(|source| source.0 == face).unwrap_or(0);
        &self.faces[at]
    }

    /// The glyph of a character: in the wanted face, else in a fallback face; `None` if none has it.
    pub(super) fn glyph(&self, face: Face, character: char) -> Option<(Face, GlyphId)> {
        std::iter::once(face)
            .chain(FALLBACK)
            .map(|face| (face, self.loaded(face).font.glyph_id(character)))
            .find(|(_, id)| id.0 != 0)
    }

    /// Advance width of a glyph in ems.
    pub(super) fn advance(&self, face: Face, id: GlyphId) -> f32 {
        let loaded = self.loaded(face);
        loaded.font.h_advance_unscaled(id) / loaded.units
    }

    /// Outline of a glyph in font units, y upwards; `None` for a blank.
    pub(super) fn outline(&self, face: Face, id: GlyphId) -> Option<Outline> {
        self.loaded(face).font.outline(id)
    }

    /// Font units per em.
    pub(super) fn units_per_em(&self, face: Face) -> f32 {
        self.loaded(face).units
    }

    /// File and index of a face, for embedding.
    pub(super) fn source(&self, face: Face) -> (&Path, u32) {
        let loaded = self.loaded(face);
        (&loaded.path, loaded.index)
    }
}

/// Collects files below a directory. What cannot be read is passed over: a font that is needed and not found is
/// reported by name.
fn collect(directory: &Path, depth: u32, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() && depth < 6 {
            collect(&path, depth + 1, files);
        } else if path.is_file() {
            files.push(path);
        }
    }
}

fn load(path: &Path, family: &str) -> Result<Loaded, Error> {
    let unusable = |reason: String| Error::FontUnusable {
        path: path.to_owned(),
        reason,
    };
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    let count = owned_ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
    let index = (0..count)
        .find(|index| TtfFace::parse(&bytes, *index).is_ok_and(|face| has_family(&face, family)))
        .ok_or_else(|| unusable(format!("it holds no face `{family}`")))?;
    let font = FontVec::try_from_vec_and_index(bytes, index).map_err(|e| unusable(e.to_string()))?;
    let units = font
        .units_per_em()
        .ok_or_else(|| unusable("it names no units per em".to_owned()))?;
    Ok(Loaded {
        font,
        units,
        path: path.to_owned(),
        index,
    })
}

fn has_family(face: &TtfFace<'_>, family: &str) -> bool {
    face.names()
        .into_iter()
        .filter(|name| matches!(name.name_id, name_id::FAMILY | name_id::TYPOGRAPHIC_FAMILY))
        .filter_map(|name| name.to_string())
        .any(|name| name.ends_with(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_outlines_simplified_characters() {
        let fonts = Fonts::load().unwrap();
        for (face, ..) in SOURCES {
            for character in ['许', '可', '〔', '9', '局'] {
                let (found, id) = fonts.glyph(face, character).unwrap();
                assert!(fonts.outline(found, id).is_some(), "{face:?} {character}");
                assert!(fonts.advance(found, id) > 0.2);
            }
        }
        assert_eq!(fonts.glyph(Face::Song, '\u{10fffd}'), None);
    }
}
