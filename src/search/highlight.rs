//! Where the words of a query stand on a page: snippets for result lists, marks with boxes for page images.
//!
//! Pure functions on page texts. They use the same normaliser as index and query, so what matched is what is marked,
//! and give spans in characters, never markup.

mod named;

use std::ops::Range;

use crate::analysis::{Analyser, NormalisedText, SoundPattern};
use crate::index::{Letters, unit};
use crate::record::{CivilDate, DocumentKind, DocumentNumber, PageText};

use super::tolerance::align::Pattern;
use super::tolerance::{most_changes, sought_letters};
use super::tree::{Node, QueryTree, Scope, Term, Value};
use super::{CasePage, PageMark, PageMarks, Snippet, limits};

/// Characters of a snippet before its first mark.
const LEAD: usize = 12;

/// Finds the words of one query on pages.
pub(super) struct Highlighter {
    analyser: Analyser,
    terms: Vec<Needle>,
}

/// What to look for of one term.
struct Needle {
    letters: NormalisedText,
    /// Finds the letters where some of them were misread; `None` when they are too few or too many for that.
    misread: Option<Pattern>,
    parts: Vec<NormalisedText>,
    values: Vec<Value>,
    /// Other names of what it names.
    others: Vec<NormalisedText>,
    /// How it sounds, when names were searched by sound.
    sounds: Option<Sounds>,
}

/// What sounds as a word is spelt.
struct Sounds {
    pattern: SoundPattern,
    /// Letters of a name that is read so: syllables and initials mixed are not what was searched.
    lengths: Vec<usize>,
}

impl Sounds {
    fn spans(&self, text: &NormalisedText) -> Vec<Range<usize>> {
        let letters: Vec<char> = text.letters().iter().map(|letter| letter.ch).collect();
        let found = self.pattern.find_all(&letters).into_iter();
        let found = found.filter(|span| self.lengths.contains(&span.len()));
        found
            .map(|span| {
                let (first, last) = (text.letters()[span.start], text.letters()[span.end - 1]);
                first.from as usize..last.to as usize
            })
            .collect()
    }
}

/// When what was misread, or else the parts of a term that is not there as typed, is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parts {
    /// Never: the case holds every term as typed, on some page.
    Never,
    /// Wherever they stand: the case is a tolerant hit.
    Anywhere,
    /// Where little was misread, or all parts stand on the page: nothing is known about the case.
    Together,
}

/// What was found on a page.
#[derive(Default)]
pub(super) struct Found {
    /// Spans in characters of the page's text with the index of their term; ascending by start.
    spans: Vec<(Range<usize>, usize)>,
    /// Terms found as typed or by value.
    exact: usize,
    /// Terms found at all.
    terms: usize,
}

impl Found {
    /// How good a page is: more terms as typed, more terms, of the decision rather than of an attachment, more places.
    fn rank(&self, page: &CasePage) -> (usize, usize, bool, usize) {
        let decision = page.kind == DocumentKind::Decision;
        (self.exact, self.terms, decision, self.spans.len())
    }
}

impl Highlighter {
    /// The positive terms of a query: what is excluded is not looked for.
    pub(super) fn new(tree: &QueryTree, analyser: &Analyser) -> Self {
        let mut terms = Vec::new();
        collect(&tree.root, analyser, &mut terms);
        Self {
            analyser: analyser.clone(),
            terms,
        }
    }

    /// Whether there is anything to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    fn find(&self, text: &str, parts: Parts) -> Found {
        let normalised = self.analyser.normalise(text);
        let mut found = Found::default();
        for (index, needle) in self.terms.iter().enumerate() {
            let mut spans = spans_of(&normalised, &needle.letters);
            spans.extend(needle.values.iter().flat_map(|value| spans_of_value(text, value)));
            spans.extend(needle.others.iter().flat_map(|other| spans_of(&normalised, other)));
            spans.extend(needle.sounds.iter().flat_map(|sounds| sounds.spans(&normalised)));
            let exact = !spans.is_empty();
            if !exact && parts != Parts::Never {
                spans = misread(&normalised, needle, parts);
            }
            if !exact && spans.is_empty() && parts != Parts::Never {
                let found: Vec<_> = needle.parts.iter().map(|part| spans_of(&normalised, part)).collect();
                if parts == Parts::Anywhere || !found.iter().any(Vec::is_empty) {
                    spans.extend(found.into_iter().flatten());
                }
            }
            found.exact += usize::from(exact);
            found.terms += usize::from(!spans.is_empty());
            found.spans.extend(spans.into_iter().map(|span| (span, index)));
        }
        found.spans.sort_by_key(|(span, _)| (span.start, span.end));
        found
    }

    /// Looks at one more page of a case.
    pub(super) fn look(&self, page: CasePage, parts: Parts, best: &mut BestPages) {
        let found = self.find(&page.text, parts);
        if !found.spans.is_empty() {
            best.put(page, found);
        }
    }

    /// Whether better pages than these cannot come.
    pub(super) fn satisfied(&self, best: &BestPages) -> bool {
        let full = |(_, found): &(CasePage, Found)| found.exact == self.terms.len();
        best.0.len() == limits::SNIPPETS_PER_HIT && best.0.iter().all(full)
    }

    /// Marks a page with geometry: one mark for each line that a hit touches.
    pub(super) fn mark(&self, page: &PageText) -> PageMarks {
        let spans = merge(
            self.find(&page.text(), Parts::Together)
                .spans
                .into_iter()
                .map(|(span, _)| span),
        );
        let mut marks = Vec::new();
        let mut start = 0;
        for (number, line) in page.lines.iter().enumerate() {
            // As `PageText::text` joins them: no line end before the first character.
            start += usize::from(start > 0);
            let length = line.text.chars().count();
            for span in &spans {
                let from = span.start.saturating_sub(start);
                let to = span.end.saturating_sub(start).min(length);
                if from >= to {
                    continue;
                }
                marks.push(PageMark {
                    line: offset(number),
                    from: offset(from),
                    to: offset(to),
                    area: line.area_of(from..to),
                });
            }
            start += length;
        }
        marks.truncate(limits::MARKS_PER_PAGE);
        PageMarks { marks }
    }
}

fn collect(node: &Node, analyser: &Analyser, terms: &mut Vec<Needle>) {
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| collect(node, analyser, terms)),
        Node::Term(term) if is_shown(term) => terms.push(Needle {
            letters: term.letters.clone(),
            misread: pattern(term, analyser),
            parts: term.parts.iter().filter(|part| part.len() >= 2).cloned().collect(),
            values: term.values.clone(),
            others: Vec::new(),
            sounds: None,
        }),
        Node::Expanded(expanded) => {
            let before = terms.len();
            collect(&expanded.typed, analyser, terms);
            if let Some(needle) = terms.get_mut(before) {
                let names = expanded.others.iter().filter_map(|other| match other {
                    Node::Term(term) => Some(term.letters.clone()),
                    _ => None,
                });
                needle.others.extend(names);
                needle.sounds = expanded.others.iter().find_map(|other| match other {
                    Node::Sounds(readings) => Some(Sounds {
                        pattern: SoundPattern::new(&needle.letters, false),
                        lengths: readings.iter().map(|reading| reading.0.len()).collect(),
                    }),
                    _ => None,
                });
            }
        }
        Node::Term(_) | Node::Not(_) | Node::Everything | Node::Nothing | Node::Facet { .. } | Node::Sounds(_) => {}
    }
}

/// A single letter sought in one field only would be marked all over the page.
fn is_shown(term: &Term) -> bool {
    term.scope == Scope::Everywhere || term.letters.len() >= 2
}

fn pattern(term: &Term, analyser: &Analyser) -> Option<Pattern> {
    let letters = sought_letters(term, analyser);
    let most = most_changes(letters.len());
    let units = letters.letters().iter().map(|letter| unit(letter.ch)).collect();
    (most > 0 && !term.only_values)
        .then(|| Pattern::new(units, most))
        .flatten()
}

/// Where a term was misread: the places that differ least from it.
fn misread(text: &NormalisedText, needle: &Needle, parts: Parts) -> Vec<Range<usize>> {
    let Some(pattern) = &needle.misread else {
        return Vec::new();
    };
    let letters = Letters {
        units: text.letters().iter().map(|letter| unit(letter.ch)).collect(),
        ..Letters::default()
    };
    let mut places = pattern.places(&letters);
    // Of a short word nothing but the case tells whether it was misread.
    let most = match parts {
        Parts::Anywhere => usize::MAX,
        Parts::Never | Parts::Together => most_changes(needle.letters.len()) / 2,
    };
    let least = places.iter().map(|place| place.changes.len()).min().unwrap_or(0);
    places.retain(|place| place.start < place.end && place.changes.len() == least && least <= most);
    let span = |place: &super::tolerance::align::Place| {
        let (first, last) = (text.letters()[place.start], text.letters()[place.end - 1]);
        first.from as usize..last.to as usize
    };
    places.iter().map(span).collect()
}

fn spans_of(text: &NormalisedText, needle: &NormalisedText) -> Vec<Range<usize>> {
    let wide = |span: Range<u32>| span.start as usize..span.end as usize;
    text.find_all(needle).into_iter().map(wide).collect()
}

/// Where a value stands in whatever form it is written.
fn spans_of_value(text: &str, value: &Value) -> Vec<Range<usize>> {
    match value {
        Value::Date(date) => {
            let dates = CivilDate::find_all(text).into_iter();
            dates
                .filter(|found| found.date == *date)
                .map(|found| found.span)
                .collect()
        }
        Value::DocumentNumber(number) => {
            let numbers = DocumentNumber::find_all(text).into_iter().filter(|found| {
                // Running text before a number is read as part of its code.
                found.number.agency_code().ends_with(number.agency_code())
                    && (found.number.year(), found.number.serial()) == (number.year(), number.serial())
            });
            let trim = |code: &str| code.chars().count() - number.agency_code().chars().count();
            numbers
                .map(|found| found.span.start + trim(found.number.agency_code())..found.span.end)
                .collect()
        }
        Value::NumberParts(parts) => {
            let numbers = DocumentNumber::find_all(text).into_iter().filter(|found| {
                parts
                    .agency_code
                    .as_deref()
                    .is_none_or(|code| found.number.agency_code().ends_with(code))
                    && parts.year.is_none_or(|year| found.number.year() == year)
                    && parts.serial.is_none_or(|serial| found.number.serial() == serial)
            });
            numbers.map(|found| found.span).collect()
        }
        Value::ArchivalCode(_) | Value::AcceptanceNumber(_) | Value::Year(_) => Vec::new(),
    }
}

/// The best pages of one case so far.
#[derive(Default)]
pub(super) struct BestPages(Vec<(CasePage, Found)>);

impl BestPages {
    fn put(&mut self, page: CasePage, found: Found) {
        // A later page has to be better: of equal pages the first is shown.
        let rank = found.rank(&page);
        let place = self.0.iter().position(|(other, found)| found.rank(other) < rank);
        self.0.insert(place.unwrap_or(self.0.len()), (page, found));
        self.0.truncate(limits::SNIPPETS_PER_HIT);
    }

    /// One snippet for each page, the best page first.
    pub(super) fn into_snippets(self) -> Vec<Snippet> {
        self.0.into_iter().map(|(page, found)| snippet(&page, &found)).collect()
    }
}

/// The stretch of the page that shows the most terms.
fn snippet(page: &CasePage, found: &Found) -> Snippet {
    let chars: Vec<char> = page.text.chars().collect();
    let window = |start: usize| {
        let from = start.saturating_sub(LEAD);
        from..(from + limits::SNIPPET_CHARACTERS).min(chars.len())
    };
    let terms_in = |window: &Range<usize>| {
        let inside = found
            .spans
            .iter()
            .filter(|(span, _)| span.start >= window.start && span.end <= window.end);
        inside
            .fold(0_u64, |seen, (_, term)| seen | 1 << (term % 64))
            .count_ones()
    };
    let mut best = window(found.spans.first().map_or(0, |(span, _)| span.start));
    let mut most = terms_in(&best);
    for (span, _) in &found.spans {
        let candidate = window(span.start);
        let terms = terms_in(&candidate);
        if terms > most {
            (best, most) = (candidate, terms);
        }
    }
    let marks = merge(found.spans.iter().map(|(span, _)| span.clone()));
    cut(page, &chars, best, &marks)
}

/// One line of text from a window, with line ends dropped between Han characters and marks moved along.
fn cut(page: &CasePage, chars: &[char], window: Range<usize>, marks: &[Range<usize>]) -> Snippet {
    let mut text = String::new();
    let mut length: u32 = 0;
    // For each character of the window, and for its end, the place in the snippet.
    let mut places = Vec::with_capacity(window.len() + 1);
    for at in window.clone() {
        places.push(length);
        let c = chars[at];
        if c.is_whitespace() || c.is_control() {
            let between_han = at > 0 && is_han(chars[at - 1]) && chars.get(at + 1).is_some_and(|c| is_han(*c));
            if between_han || length == 0 || text.ends_with(' ') {
                continue;
            }
            text.push(' ');
        } else {
            text.push(c);
        }
        length += 1;
    }
    places.push(length);
    let place = |at: usize| places[at.clamp(window.start, window.end) - window.start];
    let marks = marks
        .iter()
        .map(|mark| [place(mark.start), place(mark.end)])
        .filter(|[from, to]| from < to);
    Snippet {
        document: page.document,
        page: page.page,
        marks: marks.collect(),
        text,
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{323af}')
}

/// Spans ascending and not overlapping.
fn merge(spans: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = spans.into_iter().collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
