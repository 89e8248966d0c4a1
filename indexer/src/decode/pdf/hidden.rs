//! Pages without their hidden text: text that is not painted (rendering mode 3), and text under the picture of the page.
//!
//! Only the operators that show such text are taken out of the content; every other byte stays as it is. Where it cannot
//! be shown that nothing else moves, nothing is taken out.

use std::collections::BTreeSet;
use std::ops::Range;

use hayro::hayro_syntax::content::{Instruction, UntypedIter};
use hayro::hayro_syntax::object::{Dict, Name, Number, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro::kurbo::{Affine, Point, Rect, Shape as _};

use super::survey::{COVERING, hides_what_is_below};
use super::{MAX_FORM_DEPTH, MAX_FORMS, syntax};
use crate::decode::original::{CleanPage, Form};

/// Rendering mode of text that is not painted (ISO 32000-1, table 106).
const NOT_PAINTED: i64 = 3;
/// Most content of a page, with its forms, that is written anew: no scan has so much beside its picture, and it has to fit
/// a message to the parent.
const MAX_CONTENT: usize = 3 << 20;
/// Deepest nesting of saved graphics states.
const MAX_STATES: usize = 512;

/// The content of a page without its hidden text; `None` when there is none, or when it cannot be taken out. `covered`
/// tells whether there is text under an opaque picture of the page, which only drawing the page shows.
pub(super) fn taken_out(page: &Page<'_>, covered: bool) -> Option<CleanPage> {
    let data = page.page_stream()?;
    let mut forms = Forms::default();
    let mut content = Content::read(data, page.resources(), State::default(), &mut forms, 0)?;
    if covered {
        content.hide_what_is_covered(visible_part(page));
    }
    let clean = CleanPage {
        content: content.cut(data)?,
        forms: forms.found,
    };
    let changed = content.shows.iter().any(|show| show.hidden) || !clean.forms.is_empty();
    changed.then_some(clean)
}

/// The part of the page that is shown, in its own coordinates.
fn visible_part(page: &Page<'_>) -> Rect {
    let area = page.intersected_crop_box();
    Rect::new(area.x0, area.y0, area.x1, area.y1)
}

/// Form objects that were looked through, and those that change.
#[derive(Default)]
struct Forms {
    seen: BTreeSet<ObjectIdentifier>,
    found: Vec<Form>,
    /// Bytes of content that were looked through, that of the page among them.
    bytes: usize,
}

#[derive(Clone, Copy)]
struct State {
    to_page: Affine,
    mode: i64,
    leading: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            to_page: Affine::IDENTITY,
            mode: 0,
            leading: 0.0,
        }
    }
}

/// An operator that shows text.
struct Show {
    /// It and its operands.
    place: Range<usize>,
    /// What stands in its place when it is taken out: what it does beside showing text.
    instead: String,
    /// Where the text starts, on the page; that of text that follows other text is not known exactly.
    start: Point,
    /// Whether it begins where the text before it ends.
    follows: bool,
    hidden: bool,
}

/// What was found in the content of a page or a form.
#[derive(Default)]
struct Content {
    shows: Vec<Show>,
    /// Where pictures that hide what is below are painted in the content, and their outline on the page.
    pictures: Vec<(usize, Rect)>,
}

impl Content {
    fn read(data: &[u8], resources: &Resources<'_>, state: State, forms: &mut Forms, depth: usize) -> Option<Self> {
        forms.bytes = forms.bytes.saturating_add(data.len());
        if forms.bytes > MAX_CONTENT || depth > MAX_FORM_DEPTH {
            return None;
        }
        let mut reader = ContentReader {
            found: Self::default(),
            state,
            saved: Vec::new(),
            line: Affine::IDENTITY,
            shown: false,
        };
        let mut operations = UntypedIter::new(data);
        let mut last_end = Some(0);
        while let Some(operation) = operations.next() {
            let (start, end) = (last_end, end_of(&operation, data)?);
            let name: &[u8] = operation.operator;
            if name == b"Do" {
                reader.object(&operation, resources, end, forms, depth)?;
            } else {
                reader.operation(&operation, start, end)?;
            }
            // The data of an inline image follows its operator.
            last_end = (name != b"BI").then_some(end);
        }
        Some(reader.found)
    }

    /// Marks the text that a picture of the whole page covers.
    fn hide_what_is_covered(&mut self, page: Rect) {
        let covers = |area: &Rect| page.area() > 0.0 && area.intersect(page).area() >= COVERING * page.area();
        for (at, area) in self.pictures.iter().filter(|(_, area)| covers(area)) {
            for show in &mut self.shows {
                show.hidden |= show.place.end <= *at && area.contains(show.start);
            }
        }
    }

    /// The content without what is hidden; `None` when text that is seen stands where hidden text ends.
    fn cut(&self, data: &[u8]) -> Option<Vec<u8>> {
        let moves = |pair: &[Show]| matches!(pair, [a, b] if a.hidden && !b.hidden && b.follows);
        if self.shows.windows(2).any(moves) {
            return None;
        }
        let mut left = Vec::with_capacity(data.len());
        let mut at = 0;
        for show in self.shows.iter().filter(|show| show.hidden) {
            left.extend_from_slice(data.get(at..show.place.start)?);
            left.extend_from_slice(show.instead.as_bytes());
            at = show.place.end;
        }
        left.extend_from_slice(data.get(at..)?);
        Some(left)
    }
}

/// Where the operator ends: it is a piece of the content.
fn end_of(operation: &Instruction<'_, '_>, data: &[u8]) -> Option<usize> {
    let name: &[u8] = operation.operator;
    let start = name.as_ptr().addr().checked_sub(data.as_ptr().addr())?;
    let end = start.checked_add(name.len())?;
    (data.get(start..end)? == name).then_some(end)
}

struct ContentReader {
    found: Content,
    state: State,
    saved: Vec<State>,
    /// The matrix of the line of text (ISO 32000-1, 9.4.2).
    line: Affine,
    /// Whether text was shown since a place was set.
    shown: bool,
}

impl ContentReader {
    fn operation(&mut self, operation: &Instruction<'_, '_>, start: Option<usize>, end: usize) -> Option<()> {
        let numbers: Vec<f64> = operation.operands().filter_map(number).collect();
        let name: &[u8] = operation.operator;
        match (name, numbers.as_slice()) {
            (b"q", _) => {
                if self.saved.len() >= MAX_STATES {
                    return None;
                }
                self.saved.push(self.state);
            }
            (b"Q", _) => self.state = self.saved.pop().unwrap_or(self.state),
            (b"cm", &[a, b, c, d, e, f]) => self.state.to_page *= Affine::new([a, b, c, d, e, f]),
            #[allow(clippy::cast_possible_truncation)] // 0 to 7
            (b"Tr", &[mode]) => self.state.mode = mode as i64,
            (b"TL", &[leading]) => self.state.leading = leading,
            (b"BT", _) => self.set_line(Affine::IDENTITY),
            (b"Tm", &[a, b, c, d, e, f]) => self.set_line(Affine::new([a, b, c, d, e, f])),
            (b"Td", &[x, y]) => self.move_line(x, y),
            (b"TD", &[x, y]) => {
                self.state.leading = -y;
                self.move_line(x, y);
            }
            (b"T*", _) => self.next_line(),
            (b"Tj" | b"TJ", _) => self.show(start?..end, String::from("\n")),
            (b"'", _) => {
                self.next_line();
                self.show(start?..end, String::from("\nT*\n"));
            }
            (b"\"", &[word, letter]) => {
                self.next_line();
                self.show(start?..end, format!("\n{word} Tw {letter} Tc T*\n"));
            }
            _ => {}
        }
        Some(())
    }

    fn set_line(&mut self, line: Affine) {
        self.line = line;
        self.shown = false;
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.set_line(self.line * Affine::translate((x, y)));
    }

    fn next_line(&mut self) {
        self.move_line(0.0, -self.state.leading);
    }

    fn show(&mut self, place: Range<usize>, instead: String) {
        self.found.shows.push(Show {
            place,
            instead,
            start: self.state.to_page * self.line * Point::ORIGIN,
            follows: self.shown,
            hidden: self.state.mode == NOT_PAINTED,
        });
        self.shown = true;
    }

    /// Pictures are noted; forms are looked through.
    fn object(
        &mut self,
        operation: &Instruction<'_, '_>,
        resources: &Resources<'_>,
        end: usize,
        forms: &mut Forms,
        depth: usize,
    ) -> Option<()> {
        let named = operation.operands().find_map(|operand| match operand {
            Object::Name(name) => Some(name.clone()),
            _ => None,
        });
        let Some(object) = named.and_then(|name| resources.get_x_object(&name)) else {
            return Some(());
        };
        let kind = object.dict().get::<Name<'_>>(b"Subtype");
        match kind.as_ref().map(AsRef::as_ref) {
            Some(b"Image") if hides_what_is_below(object.dict()) => {
                let unit = Rect::new(0.0, 0.0, 1.0, 1.0).to_path(0.1);
                let outline = (self.state.to_page * unit).bounding_box();
                self.found.pictures.push((end, outline));
            }
            Some(b"Form") => self.form(&object, resources, forms, depth)?,
            _ => {}
        }
        Some(())
    }

    fn form(&self, form: &Stream<'_>, resources: &Resources<'_>, forms: &mut Forms, depth: usize) -> Option<()> {
        let id = form.obj_id();
        if !forms.seen.insert(id) {
            return Some(());
        }
        if forms.seen.len() > MAX_FORMS {
            return None;
        }
        let own = form.dict().get::<Dict<'_>>(b"Resources").map(Resources::new);
        let data = form.decoded_data().ok()?;
        let content = Content::read(&data, own.as_ref().unwrap_or(resources), self.state, forms, depth + 1)?;
        if content.shows.iter().any(|show| show.hidden) {
            forms.found.push(Form {
                object: (id.obj_number, u16::try_from(id.gen_number).ok()?),
                entries: syntax::entries(form.dict(), &[b"Length", b"Filter", b"DecodeParms", b"F", b"DP"])?,
                content: content.cut(&data)?,
            });
        }
        Some(())
    }
}

fn number(operand: &Object<'_>) -> Option<f64> {
    match operand {
        Object::Number(number) => Some(Number::as_f64(number)),
        _ => None,
    }
}
