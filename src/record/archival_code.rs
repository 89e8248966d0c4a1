//! Archival codes (档号).

use std::fmt;

use serde::{Deserialize, Serialize};

/// An archival code: identifies a case in the archive, e.g. `0123-XK·2019-D30-SCJG-0042`
/// (DA/T 13-2022: levels joined by `-`, parts of one level by `·`). Local rules win, so any code of visible
/// characters up to 100 long is accepted; only the form of its separators is unified.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArchivalCode(String);

impl ArchivalCode {
    /// Longest code accepted, in characters.
    pub const MOST: usize = 100;

    /// Unifies width, case, dashes and middle dots, and drops spaces; `None` when nothing is left, when it is
    /// longer than [`Self::MOST`], or when it holds control characters.
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = String::with_capacity(text.len());
        for c in text.trim().chars() {
            match c {
                ' ' | '\u{3000}' => {}
                '－' | '—' | '–' | '―' | '‐' | '‑' | '−' => code.push('-'),
                '•' | '・' | '‧' | '∙' | '⋅' => code.push('·'),
                '！'..='～' => code.push(char::from_u32(c as u32 - 0xfee0)?.to_ascii_uppercase()),
                c if c.is_control() => return None,
                c => code.push(c.to_ascii_uppercase()),
            }
        }
        let valid = !code.is_empty() && code.chars().count() <= Self::MOST;
        valid.then_some(Self(code))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The four-digit year that stands as a part of its own, if exactly one plausible one does.
    pub fn year(&self) -> Option<u32> {
        let mut years = self
            .0
            .split(['-', '·'])
            .filter(|part| part.len() == 4)
            .filter_map(|part| part.parse::<u32>().ok())
            .filter(|year| (1949..=2199).contains(year));
        let first = years.next()?;
        years.next().is_none().then_some(first)
    }
}

impl fmt::Display for ArchivalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ArchivalCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| "not an archival code".to_owned())
    }
}

impl From<ArchivalCode> for String {
    fn from(code: ArchivalCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn display_reads_back(text in "\\PC{0,40}") {
            if let Some(code) = ArchivalCode::parse(&text) {
                prop_assert_eq!(ArchivalCode::parse(&code.to_string()), Some(code));
            }
        }
    }

    #[test]
    fn separators_are_unified() {
        for text in [
            "0123-XK·2019-D30-SCJG-0042",
            "0123－xk•2019—D30-SCJG-0042",
            " 0123 - XK·2019-D30-SCJG-0042 ",
        ] {
            let code = ArchivalCode::parse(text).unwrap();
            assert_eq!(code.as_str(), "0123-XK·2019-D30-SCJG-0042", "{text}");
            assert_eq!(code.year(), Some(2019));
        }
        assert_eq!(ArchivalCode::parse("  "), None);
        assert_eq!(ArchivalCode::parse("a\u{0}b"), None);
        assert_eq!(ArchivalCode::parse("2019-2020-1").unwrap().year(), None);
    }
}
