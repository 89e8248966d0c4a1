//! PDF pages for an output that keeps them: what has to be known to add text, or their picture when nothing can be added.

use hayro::hayro_interpret::TransformExt;
use hayro::hayro_syntax::object::{Dict, MaybeRef, Object};
use hayro::hayro_syntax::page::{Page, Rotation};

use super::render::Observed;
use super::survey::Survey;
use super::{Leaf, PdfFile, hidden, syntax, trailer};
use crate::decode::failure::{Failure, FailureCode};
use crate::decode::limits::MAX_TREE_DEPTH;
use crate::decode::original::{OWN_FONT, Original, PdfPage, PdfTrailer, PrintedLetter, jpeg_of_drawn};

impl PdfFile {
    /// The page, counted from 1: what is needed to add to it when the whole file can be added to, else a picture.
    pub(in crate::decode) fn original(&self, number: u32) -> Result<(Original, Vec<u8>), Failure> {
        if let Some(trailer) = self.trailer() {
            let page = match self.leaves.get((number as usize).saturating_sub(1)) {
                Some(Leaf::Page(index)) => self.pdf.pages().get(*index),
                Some(Leaf::Missing) | None => None,
            };
            let page = page.ok_or_else(|| Failure::new(FailureCode::PageMissing, "no such page object"))?;
            let piece = describe(page, trailer).ok_or_else(|| {
                let detail = "the page dictionary cannot be written anew";
                Failure::new(FailureCode::Unsupported, detail)
            })?;
            return Ok((Original::PdfPage(Box::new(piece)), Vec::new()));
        }
        jpeg_of_drawn(&self.page(number)?.image)
    }

    /// What is needed to add to the file. One answer for the whole file: its pages are all added to, or all drawn.
    pub(super) fn trailer(&self) -> Option<PdfTrailer> {
        self.trailer.get_or_init(|| self.look_for_trailer()).clone()
    }

    fn look_for_trailer(&self) -> Option<PdfTrailer> {
        // A page that is no object of its own cannot be replaced by a newer one.
        let all_are_objects = self.pdf.pages().iter().all(|page| page.raw().obj_id().is_some());
        if !all_are_objects {
            return None;
        }
        trailer::read(&self.bytes, &self.pdf)
    }
}

fn describe(page: &Page<'_>, file: PdfTrailer) -> Option<PdfPage> {
    let raw = page.raw();
    let id = raw.obj_id()?;
    let contents = match raw.get_raw::<Object<'_>>(b"Contents") {
        None => Vec::new(),
        // An array may be an object of its own.
        Some(MaybeRef::Ref(_)) => match raw.get::<Object<'_>>(b"Contents") {
            Some(Object::Array(array)) => syntax::references(MaybeRef::NotRef(Object::Array(array)))?,
            _ => syntax::references(raw.get_raw::<Object<'_>>(b"Contents")?)?,
        },
        Some(direct) => syntax::references(direct)?,
    };
    let resources = resources(raw);
    let (width, height) = page.render_dimensions();
    let to_page = page.initial_transform(true).to_kurbo().inverse();
    let survey = Survey::of(page, &Observed::new().settings);
    let shown = (f64::from(width), f64::from(height));
    let print = survey.visible_letters().map(|letter| {
        let mut text = String::new();
        letter.push_to(&mut text);
        PrintedLetter {
            place: (letter.origin.x / shown.0, letter.origin.y / shown.1),
            text,
        }
    });
    let hidden_text = survey.hidden_text();
    let fonts = resources.get::<Dict<'_>>(b"Font").unwrap_or_default();
    Some(PdfPage {
        object: (id.obj_number, u16::try_from(id.gen_number).ok()?),
        entries: syntax::entries(raw, &[b"Contents", b"Resources", b"Rotate"])?,
        contents,
        fonts: syntax::entries(&fonts, &[OWN_FONT])?,
        own_font: syntax::entries_of(&fonts, &[OWN_FONT])?,
        resources: syntax::entries(&resources, &[b"Font"])?,
        rotate: match page.rotation() {
            Rotation::None => 0,
            Rotation::Horizontal => 90,
            Rotation::Flipped => 180,
            Rotation::FlippedHorizontal => 270,
        },
        shown,
        to_page: to_page.as_coeffs(),
        clean: if hidden_text.trim().is_empty() {
            None
        } else {
            hidden::taken_out(page, survey.covered_text)
        },
        hidden_text,
        print: print.collect(),
        file,
    })
}

/// The resources of the page, which it may have from the nodes above it.
fn resources<'a>(page: &Dict<'a>) -> Dict<'a> {
    let mut node = page.clone();
    for _ in 0..MAX_TREE_DEPTH {
        if let Some(resources) = node.get::<Dict<'_>>(b"Resources") {
            return resources;
        }
        match node.get::<Dict<'_>>(b"Parent") {
            Some(parent) => node = parent,
            None => break,
        }
    }
    Dict::empty()
}
