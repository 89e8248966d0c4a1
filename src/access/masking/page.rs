//! A page with its personal data masked.

use super::{MASK, PersonalData, ThirdParties, shown_value};
use crate::record::{Fact, PageText, PixelBox, TextLine};

/// What was masked on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct MaskedPage {
    /// The text with its masks.
    pub text: PageText,
    /// The boxes of what is hidden, in pixels of the upright page.
    pub areas: Vec<PixelBox>,
}

/// The boxes in which facts say that personal data stands, on a page of a file.
pub fn personal_areas(facts: &[Fact], sha256: &str, page: u32) -> Vec<PixelBox> {
    let personal = PersonalData::of(facts);
    let hidden = |fact: &&Fact| {
        let is_personal = fact.field.is_personal() && !personal.is_public(fact.field, &fact.value);
        is_personal && shown_value(fact.field, &fact.value) != fact.value
    };
    areas_of(facts.iter().filter(hidden), sha256, page)
}

/// The boxes in which facts stand, on a page of a file.
fn areas_of<'a>(facts: impl Iterator<Item = &'a Fact>, sha256: &str, page: u32) -> Vec<PixelBox> {
    let evidence = facts.filter_map(|fact| fact.evidence.as_ref());
    let here = evidence.filter(|e| e.file_sha256 == sha256 && e.page == page);
    here.filter_map(|e| e.area).collect()
}

impl ThirdParties {
    /// The boxes in which facts say that something of others stands, on a page of a file.
    pub fn areas(&self, sha256: &str, page: u32) -> Vec<PixelBox> {
        areas_of(self.facts.iter(), sha256, page)
    }
}

impl PersonalData {
    /// Masks the lines of a page, their words and the other readings of their characters, and the text of seals.
    pub fn mask_page(&self, mut text: PageText) -> MaskedPage {
        let mut areas = Vec::new();
        for line in &mut text.lines {
            self.mask_line(line, &mut areas);
        }
        for seal in &mut text.seals {
            seal.text = self.masked(&seal.text);
        }
        MaskedPage { text, areas }
    }

    fn mask_line(&self, line: &mut TextLine, areas: &mut Vec<PixelBox>) {
        let hidden = self.hidden(&line.text);
        if !hidden.contains(&true) {
            return;
        }
        areas.extend(hidden_areas(line, &hidden));
        let visible: Vec<bool> = line
            .text
            .chars()
            .zip(&hidden)
            .filter(|(c, _)| !c.is_whitespace())
            .map(|(_, hidden)| *hidden)
            .collect();
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        if line.words.iter().map(|word| letters(&word.text)).sum::<usize>() == visible.len() {
            let mut at = visible.into_iter();
            for word in &mut line.words {
                let masked = word.text.chars().map(|c| {
                    let hidden = !c.is_whitespace() && at.next().unwrap_or(true);
                    if hidden { MASK } else { c }
                });
                word.text = masked.collect();
            }
        } else {
            // Words that do not spell the line cannot be masked with it.
            line.words.clear();
        }
        line.alternatives
            .retain(|other| !hidden.get(other.at).copied().unwrap_or(true));
        let shown = |(c, hidden): (char, &bool)| if *hidden { MASK } else { c };
        line.text = line.text.chars().zip(&hidden).map(shown).collect();
    }
}

/// The boxes of the stretches that are hidden.
fn hidden_areas(line: &TextLine, hidden: &[bool]) -> Vec<PixelBox> {
    let mut areas = Vec::new();
    let mut at = 0;
    for stretch in hidden.chunk_by(|a, b| a == b) {
        if stretch.first() == Some(&true) {
            areas.extend(line.area_of(at..at + stretch.len()));
        }
        at += stretch.len();
    }
    areas
}
