//! Repair of one misread character of a number with a check digit.

use std::fmt;

/// A number with a valid check digit, and what had to be changed for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Repair {
    /// The valid number.
    pub value: String,
    /// Index of the character that was changed; `None` when the number was valid as it was read.
    pub changed: Option<usize>,
    /// Whether the recogniser itself held the new character for possible; else it is a usual confusion.
    pub by_alternative: bool,
}

/// Shows no number: it may be a person's.
impl fmt::Debug for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repair")
            .field("changed", &self.changed)
            .field("by_alternative", &self.by_alternative)
            .finish_non_exhaustive()
    }
}

impl Repair {
    pub(super) fn unchanged(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            changed: None,
            by_alternative: false,
        }
    }
}

/// Characters that look alike; each stands for every other one of its group.
const ALIKE: &[&str] = &[
    "0ODQ", "0UC", "1ILJT7", "2Z7", "3B8", "35", "4A", "5S", "56", "6GB8", "8B", "8S", "9GQ", "9P", "94", "EF", "HNM",
    "HK", "KX", "MNW", "PRB", "UVY", "VW", "TY7", "CG", "17", "08", "68", "09", "39", "38",
];

/// The only valid number that differs from the one read in a single character: first among the alternatives of the
/// recogniser, then among the usual confusions. `None` when there is none, or more than one.
pub(super) fn single_repair(
    read: &str,
    alternatives: &[(usize, char)],
    valid: impl Fn(&str) -> bool,
) -> Option<Repair> {
    let read: Vec<char> = read.trim().to_ascii_uppercase().chars().collect();
    if read.len() != 18 || !read.iter().all(char::is_ascii_alphanumeric) {
        return None;
    }
    let changed = |at: usize, c: char| -> Option<String> {
        let mut other = read.clone();
        *other.get_mut(at)? = c;
        Some(other.into_iter().collect()).filter(|code: &String| valid(code))
    };
    let listed = alternatives.iter().map(|(at, c)| (*at, c.to_ascii_uppercase()));
    let confused = read.iter().enumerate().flat_map(|(at, c)| {
        let groups = ALIKE.iter().filter(|group| group.contains(*c));
        groups.flat_map(move |group| group.chars().map(move |other| (at, other)))
    });
    for (by_alternative, candidates) in [(true, listed.collect::<Vec<_>>()), (false, confused.collect())] {
        let mut found: Vec<(usize, String)> = candidates
            .into_iter()
            .filter_map(|(at, c)| Some((at, changed(at, c)?)))
            .collect();
        found.sort();
        found.dedup();
        match found.as_slice() {
            [] => {}
            [(at, value)] => {
                return Some(Repair {
                    value: value.clone(),
                    changed: Some(*at),
                    by_alternative,
                });
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::{CreditCode, IdNumber};

    fn credit_code() -> impl Strategy<Value = String> {
        ("9[1-3][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}").prop_map(|head| {
            let check = CreditCode::check_character(&head).unwrap();
            format!("{head}{check}")
        })
    }

    fn id_number() -> impl Strategy<Value = String> {
        ("[1-6][1-5][0-9]{4}", 1950_u32..2005, 1_u32..13, 1_u32..29, "[0-9]{3}").prop_map(
            |(region, y, m, d, serial)| {
                let head = format!("{region}{y}{m:02}{d:02}{serial}");
                let check = IdNumber::check_character(&head).unwrap();
                format!("{head}{check}")
            },
        )
    }

    /// Another character of the groups in which the character at `at` is, chosen by `choice`.
    fn misread(code: &str, at: usize, choice: usize) -> String {
        let mut chars: Vec<char> = code.chars().collect();
        let c = chars[at];
        let others: Vec<char> = ALIKE
            .iter()
            .filter(|group| group.contains(c))
            .flat_map(|group| group.chars())
            .filter(|other| *other != c)
            .collect();
        if let Some(other) = others.get(choice % others.len().max(1)) {
            chars[at] = *other;
        }
        chars.into_iter().collect()
    }

    proptest! {
        #[test]
        fn one_confusion_is_undone_or_left(code in credit_code(), id in id_number(), at in 0_usize..18, choice in 0_usize..40) {
            if let Some(repair) = CreditCode::repair(&misread(&code, at, choice), &[]) {
                prop_assert_eq!(&repair.value, &code);
            }
            if let Some(repair) = IdNumber::repair(&misread(&id, at, choice), &[]) {
                prop_assert_eq!(&repair.value, &id);
            }
        }

        #[test]
        fn the_reading_of_the_recogniser_comes_first(code in credit_code(), at in 0_usize..18, choice in 0_usize..40) {
            let read = misread(&code, at, choice);
            let right = code.chars().nth(at).unwrap();
            let repair = CreditCode::repair(&read, &[(at, right)]);
            prop_assert_eq!(repair.map(|r| r.value), Some(code));
        }

        #[test]
        fn two_confusions_never_pass_as_read(code in credit_code(), at in 0_usize..18, other in 0_usize..18, choice in 0_usize..40) {
            prop_assume!(at != other);
            let read = misread(&misread(&code, at, choice), other, choice);
            if let Some(repair) = CreditCode::repair(&read, &[]) {
                // Either what was read is valid by chance, or the repair says that it is one.
                prop_assert!(repair.changed.is_some() || repair.value == read);
                prop_assert!(CreditCode::parse(&repair.value).is_some());
            }
        }

        #[test]
        fn valid_codes_read_back(code in credit_code(), id in id_number()) {
            prop_assert_eq!(CreditCode::parse(&code).map(|c| c.to_string()), Some(code.clone()));
            prop_assert_eq!(CreditCode::repair(&code, &[]).map(|r| (r.value, r.changed)), Some((code, None)));
            prop_assert_eq!(IdNumber::parse(&id).map(|n| n.as_str().to_owned()), Some(id.clone()));
            prop_assert_eq!(IdNumber::repair(&id, &[]).map(|r| (r.value, r.changed)), Some((id, None)));
        }

        /// Whatever was read: a repair is valid, and differs from it in the one character that it names.
        #[test]
        fn a_repair_never_invents(
            read in "[0-9A-Za-z]{18}",
            near in credit_code(),
            at in 0_usize..18,
            c in "[0-9A-Z]",
            alternatives in prop::collection::vec((0_usize..20, prop::char::range('0', 'Z')), 0..6),
        ) {
            let mut almost = near;
            almost.replace_range(at..=at, &c);
            for read in [read, almost] {
                let credit = CreditCode::repair(&read, &alternatives);
                let person = IdNumber::repair(&read, &alternatives);
                prop_assert!(credit.as_ref().is_none_or(|r| CreditCode::parse(&r.value).is_some()));
                prop_assert!(person.as_ref().is_none_or(|r| IdNumber::parse(&r.value).is_some()));
                for repair in [credit, person].into_iter().flatten() {
                    let read = read.to_ascii_uppercase();
                    let changed: Vec<usize> =
                        (0..18).filter(|at| read.as_bytes()[*at] != repair.value.as_bytes()[*at]).collect();
                    prop_assert_eq!(changed, repair.changed.into_iter().collect::<Vec<_>>());
                }
            }
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,24}", at in 0_usize..30) {
            let _ = CreditCode::repair(&text, &[(at, 'A')]);
            let _ = IdNumber::repair(&text, &[(at, '1')]);
        }
    }

    #[test]
    fn the_debug_form_shows_no_number() {
        let repair = Repair::unchanged("110101199001010000");
        assert!(!format!("{repair:?}").contains("1101"));
    }
}
