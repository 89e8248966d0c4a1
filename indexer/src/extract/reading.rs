//! A document as a list of lines and as one run of characters for each page, and the evidence for a part of it.

use std::collections::HashSet;

use juanzong::record::{Evidence, Fact, FactSource, FieldName, PageRecord, PixelBox, TextLine};

use super::DocumentPages;
use super::glyphs::{Glyph, unified};
use super::limits;
use super::places::{BareLabel, LineLabel, Places, line_labels};

/// The text of a document as the rules see it.
pub(super) struct Reading<'a> {
    /// All lines of all pages in reading order, without page numbers and repeated headers.
    pub(super) lines: Vec<Line<'a>>,
    /// The characters of each page in reading order, without white space.
    pub(super) flows: Vec<Vec<Glyph>>,
    /// Where the characters of each flow stand.
    pub(super) places: Vec<Places>,
    /// What each line says if it is a label.
    pub(super) line_labels: Vec<Vec<LineLabel>>,
    /// Label and value of every field of a form.
    pub(super) form: Vec<Field>,
    /// Every character that occurs.
    pub(super) characters: HashSet<char>,
    /// The pages.
    pub(super) pages: &'a [PageRecord],
    sha256: &'a str,
}

/// One line and the page it stands on.
pub(super) struct Line<'a> {
    /// Page of the file, from 1.
    pub(super) page: u32,
    /// The line as it was read.
    pub(super) line: &'a TextLine,
    /// Its text without white space, unified.
    pub(super) compact: String,
    /// Its visible characters.
    pub(super) glyphs: Vec<Glyph>,
    /// Whether it reaches the right edge of the text, so that its sentence may go on in the next line.
    pub(super) full: bool,
}

/// A label of a form and its value.
pub(super) struct Field {
    /// The label without white space and colon, unified.
    pub(super) label: String,
    /// The same without brackets and number.
    pub(super) bare: BareLabel,
    /// The characters of the value.
    pub(super) value: Vec<Glyph>,
}

/// How a rule came to its value.
#[derive(Clone, Copy)]
pub(super) struct By {
    /// Name of the rule.
    pub(super) rule: &'static str,
    /// How often its value would be the right one if every character were read right, 0 to 1.
    pub(super) weight: f32,
}

/// A way to a value.
pub(super) const fn by(rule: &'static str, weight: f32) -> By {
    By { rule, weight }
}

impl<'a> Reading<'a> {
    pub(super) fn of(document: DocumentPages<'a>) -> Self {
        let mut reading = Self {
            lines: Vec::new(),
            flows: Vec::new(),
            places: Vec::new(),
            line_labels: Vec::new(),
            form: Vec::new(),
            characters: HashSet::new(),
            pages: document.pages,
            sha256: document.file_sha256,
        };
        let mut characters = 0;
        for page in document.pages {
            let right = right_edge(page);
            let mut flow = Vec::new();
            // Where each line of the page stands among those of the document.
            let mut places = vec![None; page.text.lines.len()];
            for (index, line) in page.text.lines.iter().enumerate() {
                let furniture = matches!(
                    line.role,
                    juanzong::record::LineRole::PageNumber | juanzong::record::LineRole::Footer
                );
                if furniture || reading.lines.len() >= limits::LINES || characters >= limits::CHARACTERS {
                    continue;
                }
                let number = reading.lines.len();
                let glyphs: Vec<Glyph> = line
                    .text
                    .chars()
                    .take(limits::CHARACTERS_OF_LINE)
                    .enumerate()
                    .filter(|(_, c)| !c.is_whitespace() && !c.is_control())
                    .map(|(at, c)| Glyph {
                        c: unified(c),
                        line: number,
                        at,
                    })
                    .collect();
                characters += glyphs.len();
                reading.characters.extend(glyphs.iter().map(|g| g.c));
                flow.extend_from_slice(&glyphs);
                places[index] = Some(number);
                reading.lines.push(Line {
                    page: page.number,
                    compact: glyphs.iter().map(|g| g.c).collect(),
                    full: right.reached_by(line, glyphs.len()),
                    line,
                    glyphs,
                });
            }
            reading.places.push(Places::of(&flow));
            reading.flows.push(flow);
            reading.read_form(page, &places);
        }
        reading.line_labels = line_labels(&reading.lines);
        reading
    }

    fn read_form(&mut self, page: &PageRecord, places: &[Option<usize>]) {
        for field in page.text.form.iter().take(limits::LINES) {
            let glyphs = |indices: &[usize]| -> Vec<Glyph> {
                let lines = indices.iter().filter_map(|i| places.get(*i).copied().flatten());
                lines.flat_map(|at| self.lines[at].glyphs.iter().copied()).collect()
            };
            let label: String = glyphs(&field.label).iter().map(|g| g.c).collect();
            let value = glyphs(&field.value);
            let label = label.trim_end_matches('：').to_owned();
            self.form.push(Field {
                bare: BareLabel::of(&label),
                label,
                value,
            });
        }
    }

    /// Whether there is more room between two neighbours of one line than letters and signs leave.
    pub(super) fn apart(&self, former: Glyph, next: Glyph) -> bool {
        if former.line != next.line || next.at <= former.at {
            return false;
        }
        let line = self.lines[former.line].line;
        // White space that the reader kept.
        if next.at > former.at + 1 {
            return true;
        }
        let boxes = (
            line.area_of(former.at..former.at + 1),
            line.area_of(next.at..next.at + 1),
        );
        let (Some(a), Some(b)) = boxes else { return false };
        b.x0.saturating_sub(a.x1) * 10 >= line.area.height() * 6
    }

    /// The lines of the first page.
    pub(super) fn first_page(&self) -> &[Line<'a>] {
        let Some(first) = self.lines.first() else { return &[] };
        let end = self.lines.iter().position(|l| l.page != first.page);
        &self.lines[..end.unwrap_or(self.lines.len())]
    }

    /// A fact that stands in these characters. There must be at least one; those on a further page do not count.
    pub(super) fn fact(&self, field: FieldName, value: String, glyphs: &[Glyph], by: By) -> Fact {
        let mut area: Option<PixelBox> = None;
        let mut as_read = String::new();
        let mut confidence = by.weight;
        let page = glyphs.first().map_or(1, |g| self.lines[g.line].page);
        let mut rest = glyphs;
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|g| g.line == first.line).count();
            let (part, others) = rest.split_at(count);
            rest = others;
            let line = &self.lines[first.line];
            if line.page != page {
                break;
            }
            let last = part.last().map_or(first.at, |g| g.at);
            let (from, to) = (first.at.min(last), first.at.max(last) + 1);
            as_read.extend(line.line.text.chars().skip(from).take(to - from));
            if let Some(part) = line.line.area_of(from..to) {
                area = Some(area.map_or(part, |a| a.union(part)));
            }
            confidence *= ink(line.line, part);
        }
        Fact {
            field,
            as_read: (as_read != value).then_some(as_read),
            value,
            source: FactSource::Extraction,
            origin: by.rule.to_owned(),
            evidence: Some(Evidence {
                file_sha256: self.sha256.to_owned(),
                page,
                area,
                confidence: confidence.clamp(0.0, 1.0),
            }),
        }
    }

    /// A fact that stands on a seal.
    pub(super) fn fact_of_seal(
        &self,
        field: FieldName,
        value: String,
        page: u32,
        seal: &juanzong::record::Seal,
        by: By,
    ) -> Fact {
        Fact {
            field,
            as_read: (seal.text != value).then(|| seal.text.clone()),
            value,
            source: FactSource::Extraction,
            origin: by.rule.to_owned(),
            evidence: Some(Evidence {
                file_sha256: self.sha256.to_owned(),
                page,
                area: Some(seal.area),
                confidence: (by.weight * seal.confidence).clamp(0.0, 1.0),
            }),
        }
    }

    /// What else the recogniser held for possible at a character.
    pub(super) fn alternatives(&self, glyph: Glyph) -> impl Iterator<Item = char> {
        self.other_readings(glyph).map(|(c, _)| c)
    }

    /// What else the recogniser held for possible at a character, with its confidence.
    pub(super) fn other_readings(&self, glyph: Glyph) -> impl Iterator<Item = (char, f32)> {
        let alternatives = self.lines[glyph.line].line.alternatives.iter();
        alternatives
            .filter(move |a| a.at == glyph.at)
            .filter_map(|a| Some((unified(a.text.chars().next()?), a.confidence)))
    }
}

/// How likely the letters and digits among these characters of a line are all read right: the product of the
/// confidences of their words; that of the line when its words do not spell it.
fn ink(line: &TextLine, glyphs: &[Glyph]) -> f32 {
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    if line.words.iter().map(|w| visible(&w.text)).sum::<usize>() != visible(&line.text) {
        return line.confidence;
    }
    let mut wanted = glyphs.iter().filter(|g| g.c.is_alphanumeric()).peekable();
    let mut places = line
        .text
        .chars()
        .enumerate()
        .filter(|(_, c)| !c.is_whitespace())
        .map(|(at, _)| at);
    let mut product = 1.0;
    for word in &line.words {
        let last = places.by_ref().take(visible(&word.text)).last();
        let mut touched = false;
        while let Some(glyph) = wanted.peek()
            && last.is_some_and(|last| glyph.at <= last)
        {
            touched = true;
            wanted.next();
        }
        if touched {
            product *= word.confidence;
        }
    }
    product
}

/// Where the lines of a page end.
struct RightEdge {
    pixels: u32,
    characters: usize,
}

fn right_edge(page: &PageRecord) -> RightEdge {
    let counted = |line: &TextLine| line.text.chars().filter(|c| !c.is_whitespace()).count();
    let long = || page.text.lines.iter().filter(|line| counted(line) >= 10);
    RightEdge {
        pixels: long().map(|line| line.area.x1).max().unwrap_or(0),
        characters: long().map(counted).max().unwrap_or(0),
    }
}

impl RightEdge {
    fn reached_by(&self, line: &TextLine, characters: usize) -> bool {
        if line.area.width() == 0 {
            return self.characters > 0 && characters * 100 >= self.characters * 85;
        }
        characters >= 6 && line.area.x1 + 2 * line.area.height() >= self.pixels
    }
}

/// The text without any white space: recognisers and typesetters put spaces into titles (`许 可 证`).
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(unified).collect()
}
