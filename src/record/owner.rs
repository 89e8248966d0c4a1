//! Whose case it is, when that is certain: the number of the applicant, as identity number or credit code.

use std::fmt;

use super::{CreditCode, Fact, FactSource, FieldName, IdNumber};

/// Digits of an identity number before 1999.
const EARLIER: usize = 15;

/// Whether an owner is a person or an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerKind {
    /// A natural person, by the identity number.
    Person,
    /// An organisation, by the credit code.
    Organisation,
}

impl OwnerKind {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
        }
    }
}

/// A valid identity number or credit code: by it the applicant of a case is known. `Debug` shows a masked form.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OwnerNumber(String);

impl fmt::Debug for OwnerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnerNumber({})", self.masked())
    }
}

impl OwnerNumber {
    /// Reads a number as people type it: in either width, with blanks or dashes in it. `None` unless its check character
    /// is right.
    pub fn parse(typed: &str) -> Option<Self> {
        let text = compact(typed);
        // A credit code has the digits of a region where an identity number has a part of the birth date, so hardly any
        // number is both; one that is belongs to a person, who has more to lose.
        let valid = IdNumber::parse(&text).is_some() || CreditCode::parse(&text).is_some();
        valid.then_some(Self(text))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whose number it is.
    pub fn kind(&self) -> OwnerKind {
        match IdNumber::parse(&self.0) {
            Some(_) => OwnerKind::Person,
            None => OwnerKind::Organisation,
        }
    }

    /// The forms in which the number stands in cases: itself, and the 15 digits that a person born before 2000 had
    /// before 1999.
    pub fn forms(&self) -> Vec<String> {
        let mut forms = vec![self.0.clone()];
        if self.kind() == OwnerKind::Person
            && let (Some(region), Some("19"), Some(rest)) = (self.0.get(..6), self.0.get(6..8), self.0.get(8..17))
        {
            forms.push(format!("{region}{rest}"));
        }
        forms
    }

    /// The form for everybody who need not know it; a credit code is public.
    pub fn masked(&self) -> String {
        match IdNumber::parse(&self.0) {
            Some(number) => number.masked(),
            None => self.0.clone(),
        }
    }
}

/// The number of the applicant as it stands in [`OwnerNumber::forms`], when it is certain: given by the catalogue or a person,
/// or read as it stands on paper with a right check character, and nothing of the same source says otherwise. A number
/// that was repaired, fails its check or has a rival is nobody's until somebody says whose it is.
pub fn certain_owner(facts: &[Fact]) -> Option<String> {
    let numbers = || {
        let of_field = facts.iter().filter(|fact| fact.field == FieldName::ApplicantIdNumber);
        of_field.filter(|fact| !fact.value.trim().is_empty())
    };
    let source = numbers().map(|fact| fact.source).max()?;
    let mut told: Vec<(&Fact, String)> = numbers()
        .filter(|fact| fact.source == source)
        .map(|fact| (fact, compact(&fact.value)))
        .collect();
    if source == FactSource::Correction {
        // The latest comes first, and what was said before it does not count any more.
        told.truncate(1);
    }
    let (_, number) = told.first()?.clone();
    if told.iter().any(|(_, other)| *other != number) {
        return None;
    }
    let valid = OwnerNumber::parse(&number).is_some();
    let certain = match source {
        FactSource::Extraction => {
            let as_it_stands = |fact: &Fact| fact.as_read.as_deref().is_none_or(|read| compact(read) == number);
            valid && told.iter().any(|(fact, _)| as_it_stands(fact))
        }
        FactSource::Catalogue | FactSource::Correction => {
            // The 15 digits of before 1999 have no check character.
            valid || (number.len() == EARLIER && number.bytes().all(|b| b.is_ascii_digit()))
        }
    };
    certain.then_some(number)
}

/// Letters and digits in ASCII and upper case; all else is left out.
fn compact(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        c => c,
    };
    let kept = text.chars().map(narrow);
    let kept = kept.filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{200b}'));
    kept.map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Evidence;

    fn person(head: &str) -> String {
        format!("{head}{}", IdNumber::check_character(head).unwrap())
    }

    fn fact(source: FactSource, value: &str, as_read: Option<&str>) -> Fact {
        let evidence = (source == FactSource::Extraction).then(|| Evidence {
            file_sha256: "0".repeat(64),
            page: 1,
            area: None,
            confidence: 0.9,
        });
        Fact {
            field: FieldName::ApplicantIdNumber,
            value: value.into(),
            as_read: as_read.map(Into::into),
            source,
            origin: "test".into(),
            evidence,
        }
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let number = person("14022419900101123");
        let part = |range: std::ops::Range<usize>| number.get(range).unwrap();
        let spaced = format!(" {} {}-{} ", part(0..6), part(6..14), part(14..18));
        assert_eq!(OwnerNumber::parse(&spaced).unwrap().as_str(), number);
        assert_eq!(OwnerNumber::parse(&spaced).unwrap().kind(), OwnerKind::Person);
        let head = "91140224MA452L25D";
        let code = format!("{head}{}", CreditCode::check_character(head).unwrap());
        let wide: String = code
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
            .collect();
        let read = OwnerNumber::parse(&wide.to_lowercase()).unwrap();
        assert_eq!((read.as_str(), read.kind()), (code.as_str(), OwnerKind::Organisation));
        assert_eq!(read.forms(), [code.as_str()]);
        let wrong = if number.ends_with('1') { '2' } else { '1' };
        for none in ["", "140224900101123", &format!("{}{wrong}", part(0..17)), "赵小满"] {
            assert_eq!(OwnerNumber::parse(none), None, "{none}");
        }
        let printed = format!("{:?}", OwnerNumber::parse(&number).unwrap());
        assert!(!printed.contains("199001"), "{printed}");
    }

    #[test]
    fn the_earlier_form_is_that_of_the_last_century() {
        let old = OwnerNumber::parse(&person("14022419900101123")).unwrap();
        assert_eq!(old.forms()[1], "140224900101123");
        let young = OwnerNumber::parse(&person("14022420050101123")).unwrap();
        assert_eq!(young.forms().len(), 1);
    }

    #[test]
    fn a_number_is_certain_or_nobodys() {
        use FactSource::{Catalogue, Correction, Extraction};
        let (a, b) = (person("14022419900101123"), person("14022419900101124"));
        let invalid = "140224199001011230";
        let misread = a.replacen('9', "g", 1);
        let spaced = a.replacen("140224", "140224 ", 1);
        let earlier = "140224900101123";
        for (facts, expected) in [
            (vec![], None),
            (vec![fact(Catalogue, &a, None)], Some(a.as_str())),
            (vec![fact(Catalogue, &spaced, None)], Some(&a)),
            (vec![fact(Catalogue, invalid, None)], None),
            (vec![fact(Catalogue, earlier, None)], Some(earlier)),
            (vec![fact(Extraction, earlier, None)], None),
            (vec![fact(Extraction, &a, None)], Some(&a)),
            (vec![fact(Extraction, &a, Some(&spaced))], Some(&a)),
            (vec![fact(Extraction, &a, Some(&misread))], None),
            (vec![fact(Extraction, &a, None), fact(Extraction, &b, None)], None),
            (
                vec![fact(Extraction, &a, None), fact(Extraction, &a, Some(&misread))],
                Some(&a),
            ),
            (vec![fact(Catalogue, &b, None), fact(Extraction, &a, None)], Some(&b)),
            (vec![fact(Catalogue, invalid, None), fact(Extraction, &a, None)], None),
            (vec![fact(Catalogue, &a, None), fact(Catalogue, &b, None)], None),
            (vec![fact(Correction, &b, None), fact(Correction, &a, None)], Some(&b)),
            (vec![fact(Correction, invalid, None), fact(Catalogue, &a, None)], None),
        ] {
            assert_eq!(certain_owner(&facts).as_deref(), expected, "{facts:?}");
        }
    }
}
