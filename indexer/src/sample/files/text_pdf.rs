//! Born-digital PDF: real text in embedded subset fonts with `ToUnicode`, rules and seals as vectors.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ab_glyph::OutlineCurve;
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::super::Error;
use super::super::fonts::{Face, Fonts};
use super::super::paper::{Line, Path, Rgb, Sheet};

/// Faces opened for embedding, each once.
#[derive(Default)]
pub(in crate::sample) struct TextFonts(Mutex<BTreeMap<Face, Font>>);

impl TextFonts {
    fn get(&self, face: Face, fonts: &Fonts) -> Result<Font, Error> {
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(font) = opened.get(&face) {
            return Ok(font.clone());
        }
        let (path, index) = fonts.source(face);
        let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
        let font = Font::new(Arc::new(bytes).into(), index).ok_or_else(|| Error::FontUnusable {
            path: path.to_owned(),
            reason: "it cannot be embedded".to_owned(),
        })?;
        opened.insert(face, font.clone());
        Ok(font)
    }
}

/// Writes sheets as a born-digital PDF with a title.
pub(in crate::sample) fn text_pdf(
    file: &str,
    title: &str,
    sheets: &[Sheet],
    fonts: &Fonts,
    opened: &TextFonts,
) -> Result<Vec<u8>, Error> {
    let fault = |reason: String| Error::Encode {
        file: file.to_owned(),
        reason,
    };
    let mut document = Document::new();
    // No dates: the same sheets have to give the same bytes.
    document.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .language("zh-CN".to_owned())
            .producer("juanzong-indexer sample".to_owned()),
    );
    for sheet in sheets {
        let settings =
            PageSettings::from_wh(sheet.width, sheet.height).ok_or_else(|| fault("a page has no size".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for shape in &sheet.shapes {
            fill(&mut surface, &shape.path, shape.colour, shape.opacity);
        }
        for line in &sheet.lines {
            draw_line(&mut surface, line, fonts, opened)?;
        }
        for seal in &sheet.seals {
            fill(&mut surface, &seal.path(fonts), seal.colour(), 0.85);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|e| fault(format!("{e:?}")))
}

fn ink(colour: Rgb, opacity: f32) -> Fill {
    Fill {
        paint: rgb::Color::new(colour[0], colour[1], colour[2]).into(),
        opacity: NormalizedF32::new(opacity).unwrap_or(NormalizedF32::ONE),
        rule: krilla::paint::FillRule::NonZero,
    }
}

fn fill(surface: &mut Surface<'_>, path: &Path, colour: Rgb, opacity: f32) {
    let mut builder = PathBuilder::new();
    let mut pen = None;
    for curve in path {
        let (start, end) = match *curve {
            OutlineCurve::Line(a, b) => (a, b),
            OutlineCurve::Quad(a, _, c) => (a, c),
            OutlineCurve::Cubic(a, _, _, d) => (a, d),
        };
        if pen != Some(start) {
            if pen.is_some() {
                builder.close();
            }
            builder.move_to(start.x, start.y);
        }
        match *curve {
            OutlineCurve::Line(_, b) => builder.line_to(b.x, b.y),
            OutlineCurve::Quad(_, b, c) => builder.quad_to(b.x, b.y, c.x, c.y),
            OutlineCurve::Cubic(_, b, c, d) => builder.cubic_to(b.x, b.y, c.x, c.y, d.x, d.y),
        }
        pen = Some(end);
    }
    builder.close();
    if let Some(path) = builder.finish() {
        surface.set_fill(Some(ink(colour, opacity)));
        surface.draw_path(&path);
    }
}

/// Draws a line in runs of one face.
fn draw_line(surface: &mut Surface<'_>, line: &Line, fonts: &Fonts, opened: &TextFonts) -> Result<(), Error> {
    surface.set_fill(Some(ink(line.colour, 1.0)));
    let placed: Vec<_> = line.glyphs.iter().zip(line.text.char_indices()).collect();
    for run in placed.chunk_by(|(a, _), (b, _)| a.face == b.face) {
        let Some((first, _)) = run.first() else {
            continue;
        };
        let font = opened.get(first.face, fonts)?;
        let glyphs: Vec<KrillaGlyph> = run
            .iter()
            .map(|(glyph, (at, character))| KrillaGlyph {
                glyph_id: GlyphId::new(u32::from(glyph.id.0)),
                text_range: *at..*at + character.len_utf8(),
                x_advance: glyph.advance / line.size,
                x_offset: 0.0,
                y_offset: 0.0,
                y_advance: 0.0,
                location: None,
            })
            .collect();
        surface.draw_glyphs(
            Point::from_xy(first.x, line.y),
            &glyphs,
            font,
            &line.text,
            line.size,
            false,
        );
    }
    Ok(())
}
