//! Chinese fonts for PDF files that name 宋体, 仿宋 or 黑体 but don't bring them along.

use std::fs;
use std::sync::{Arc, OnceLock};

use hayro::hayro_interpret::font::{FontData, FontQuery};
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use hayro::hayro_interpret::{FontResolverFn, InterpreterSettings};

/// Files of the Debian font packages with the face that has simplified Chinese forms, in order of preference.
const CHINESE_FONTS: &[(&str, u32)] = &[
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/arphic/uming.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
];

/// Finds a font for a query: a Chinese one for Chinese text, else what the renderer brings along.
pub(super) fn resolver() -> FontResolverFn {
    let built_in = InterpreterSettings::default().font_resolver;
    Arc::new(move |query| match query {
        FontQuery::Fallback(wanted)
            if wanted
                .character_collection
                .as_ref()
                .is_some_and(|c| matches!(c.family, CidFamily::AdobeGB1 | CidFamily::AdobeCNS1)) =>
        {
            chinese().or_else(|| built_in(query))
        }
        _ => built_in(query),
    })
}

/// The first of the fonts that is installed, read once.
fn chinese() -> Option<(FontData, u32)> {
    static FONT: OnceLock<Option<(Arc<Vec<u8>>, u32)>> = OnceLock::new();
    let found = FONT.get_or_init(|| {
        CHINESE_FONTS
            .iter()
            .find_map(|(path, face)| Some((Arc::new(fs::read(path).ok()?), *face)))
    });
    found.as_ref().map(|(bytes, face)| {
        let data: FontData = Arc::<Vec<u8>>::clone(bytes);
        (data, *face)
    })
}
