//! Masking of personal data (个人信息保护法): identity numbers, telephone numbers and addresses, in values and in running text.
//!
//! A mask takes the place of characters one by one, so that words, boxes and marks of a masked line stay where they are.

mod find;
mod page;
mod premises;
#[cfg(test)]
mod tests;
mod third_parties;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::record::{Fact, FieldName};
use find::Numbers;

pub(super) use find::{Form, is_of_organisation, whole_numbers};
pub use page::{MaskedPage, personal_areas};
pub use third_parties::{Own, ThirdParties};

/// What stands in the place of a character.
const MASK: char = '*';
/// Shorter values are not looked for in running text: they would be found everywhere.
const SHORTEST_KNOWN: usize = 6;

/// Whether personal data is masked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Masking {
    /// Personal numbers show their ends, addresses their county.
    #[default]
    Masked,
    /// Everything is shown. Whoever asks for it gives a reason, which is recorded.
    Unmasked,
}

impl Masking {
    /// A value of a field as it is shown.
    pub fn value(self, field: FieldName, value: &str) -> String {
        match self {
            Self::Masked => shown_value(field, value),
            Self::Unmasked => value.to_owned(),
        }
    }
}

/// A value as it is shown: identity numbers, phones and addresses masked.
pub fn shown_value(field: FieldName, value: &str) -> String {
    match field {
        FieldName::Address => mask_address(value),
        FieldName::Phone => mask_phone(value),
        field if field.is_personal() => mask_number(value),
        _ => value.to_owned(),
    }
}

/// Personal data of a case that is looked for in its texts: values that are known, besides numbers that show what they are.
#[derive(Clone, Debug, Default)]
pub struct PersonalData {
    /// Values without blanks, each with its masked form.
    known: Vec<(Vec<char>, Vec<char>)>,
    /// Numbers of the case itself, which only look like those of a person.
    public: Vec<String>,
    /// Addresses that are not personal.
    premises: BTreeSet<String>,
    /// What is the own of who looks, without blanks; empty for everybody but citizens.
    own: Vec<Vec<char>>,
}

impl PersonalData {
    /// What the facts of a case say, as values and as they were read.
    pub fn of(facts: &[Fact]) -> Self {
        let premises = premises::premises(facts);
        let mut known = Vec::new();
        let personal = |fact: &&Fact| fact.field.is_personal() && !is_public(&premises, fact.field, &fact.value);
        for fact in facts.iter().filter(personal) {
            for text in [Some(&fact.value), fact.as_read.as_ref()].into_iter().flatten() {
                let value: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
                let shown: Vec<char> = shown_value(fact.field, &value.iter().collect::<String>())
                    .chars()
                    .collect();
                if value.len() >= SHORTEST_KNOWN && value != shown && !known.iter().any(|(other, _)| *other == value) {
                    known.push((value, shown));
                }
            }
        }
        let numbers = facts.iter().filter(|fact| {
            matches!(
                fact.field,
                FieldName::AcceptanceNumber | FieldName::LicenceNumber | FieldName::WrittenCode
            )
        });
        Self {
            known,
            public: numbers.map(|fact| fact.value.to_ascii_uppercase()).collect(),
            premises,
            own: Vec::new(),
        }
    }

    /// Whether a value of a field that holds personal data is none: the seat of an organisation.
    pub fn is_public(&self, field: FieldName, value: &str) -> bool {
        is_public(&self.premises, field, value)
    }

    /// A value of a field as it is shown: numbers of persons are masked in every field.
    pub fn value(&self, field: FieldName, value: &str) -> String {
        if self.is_public(field, value) {
            value.to_owned()
        } else if field.is_personal() {
            shown_value(field, value)
        } else {
            self.masked(value)
        }
    }

    /// Running text with its personal data masked.
    pub fn masked(&self, text: &str) -> String {
        let hidden = self.hidden(text);
        let shown = |(c, hidden): (char, &bool)| if *hidden { MASK } else { c };
        text.chars().zip(&hidden).map(shown).collect()
    }

    /// Masks all strings of a JSON value.
    pub fn mask_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.masked(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.mask_json(value)),
            Value::Object(map) => map.values_mut().for_each(|value| self.mask_json(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// What somebody means who saw a text masked and gives it back changed: each mask stands for the character that it
    /// hides, in their order. A text without a mask is meant as it is; `None` when there are more or fewer masks, for then
    /// nobody knows what they stand for.
    pub fn with_hidden(&self, text: &str, changed: &str) -> Option<String> {
        let hidden: Vec<char> = text
            .chars()
            .zip(self.hidden(text))
            .filter_map(|(c, hidden)| (hidden || c == MASK).then_some(c))
            .collect();
        let masks = changed.chars().filter(|c| *c == MASK).count();
        if masks == 0 || hidden.iter().all(|c| *c == MASK) {
            return Some(changed.to_owned());
        }
        if masks != hidden.len() {
            return None;
        }
        let mut hidden = hidden.into_iter();
        let meant = changed
            .chars()
            .map(|c| if c == MASK { hidden.next().unwrap_or(MASK) } else { c });
        Some(meant.collect())
    }

    /// Which characters of a running text are hidden.
    fn hidden(&self, text: &str) -> Vec<bool> {
        let characters: Vec<char> = text.chars().collect();
        let mut hidden = vec![false; characters.len()];
        // Length of the longest thing that a character belongs to of which something is hidden.
        let mut covered = vec![0; characters.len()];
        for numbers in [Numbers::Joined, Numbers::Spaced] {
            for found in find::numbers(&characters, numbers) {
                if self.public.iter().any(|number| number == found.text()) {
                    continue;
                }
                let Some(shown) = found.shown() else { continue };
                for (at, c) in found.places.iter().zip(shown.chars()) {
                    hidden[*at] |= c == MASK;
                    covered[*at] = covered[*at].max(found.places.len());
                }
            }
        }
        let visible: Vec<usize> = (0..characters.len())
            .filter(|at| !characters[*at].is_whitespace())
            .collect();
        for (value, shown) in &self.known {
            for places in visible.windows(value.len()) {
                if places.iter().zip(value).all(|(at, c)| characters[*at] == *c) {
                    for (at, c) in places.iter().zip(shown) {
                        hidden[*at] |= *c == MASK;
                        covered[*at] = covered[*at].max(value.len());
                    }
                }
            }
        }
        self.show_own(&characters, &visible, &covered, &mut hidden);
        hidden
    }
}

fn is_public(premises: &BTreeSet<String>, field: FieldName, value: &str) -> bool {
    field == FieldName::Address && premises.contains(value)
}

/// Credit codes of organisations are public; everything else may be a person's number and shows its ends only, be it
/// valid or misread.
fn mask_number(number: &str) -> String {
    if is_of_organisation(number) {
        return number.to_owned();
    }
    let count = number.chars().count();
    let shown = if count >= 15 { 4 } else { 1.min(count / 4) };
    let hidden = |(index, c)| {
        if index < shown || index >= count - shown {
            c
        } else {
            MASK
        }
    };
    number.chars().enumerate().map(hidden).collect()
}

/// A telephone number shows its first three and last four digits, a short one its last two.
fn mask_phone(number: &str) -> String {
    let count = number.chars().count();
    let (head, tail) = if count >= 11 { (3, 4) } else { (0, 2) };
    let hidden = |(index, c)| {
        if index < head || index + tail >= count { c } else { MASK }
    };
    number.chars().enumerate().map(hidden).collect()
}

/// An address shows its county, or what stands in the place of one, and no house.
fn mask_address(address: &str) -> String {
    const SHOWN: usize = 12;
    let county = address.chars().take(SHOWN).collect::<Vec<_>>();
    let end = county
        .iter()
        .rposition(|c| matches!(c, '县' | '区' | '市' | '旗' | '州'));
    let shown = end.map_or(2, |end| end + 1);
    let hidden = |(index, c)| if index < shown { c } else { MASK };
    address.chars().enumerate().map(hidden).collect()
}

/// Digits from which a run may be a personal number, or a part of one by which it can be guessed.
const GUESSED: usize = 9;

/// A query as the log may hold it: personal numbers masked, and any long run of digits, for it may be a part of one.
pub fn masked_query(query: &str) -> String {
    // As a whole, and each word by itself: numbers side by side may look like one that is none.
    let masked = PersonalData::default().masked(query);
    let words = masked.split_inclusive(char::is_whitespace);
    let masked: String = words.map(|word| PersonalData::default().masked(word)).collect();
    let mut shown = String::with_capacity(masked.len());
    let characters: Vec<char> = masked.chars().collect();
    for run in characters.chunk_by(|a, b| a.is_numeric() == b.is_numeric()) {
        let long = run.len() >= GUESSED && run.iter().all(|c| c.is_numeric());
        let shown_of = |(at, c): (usize, &char)| if long && at >= 4 { MASK } else { *c };
        shown.extend(run.iter().enumerate().map(shown_of));
    }
    shown
}
