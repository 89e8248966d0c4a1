//! The name of an uploaded file, as far as it can be trusted: below a folder of ours on every system, and the same file on
//! none of them twice.

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Most characters of a whole path.
const MOST_CHARACTERS: usize = 400;
/// Most bytes of one part: what file systems take, with room for an ending of ours.
const MOST_PART_BYTES: usize = 240;
/// Most folders and the file.
const MOST_PARTS: usize = 12;
/// Names that are devices on Windows, whatever their ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// A relative path with `/` between its parts, in NFC.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UploadPath(String);

/// Why a name cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PathFault {
    /// Absolute, with `..` or a drive: it would lead out of the folder.
    #[error("the path leads out of its folder")]
    Escapes,
    /// Empty parts, control characters, characters that not every system takes, dots or spaces at an end.
    #[error("the path has characters that cannot be in a name")]
    Characters,
    /// The name of a device.
    #[error("the name is that of a device")]
    Device,
    /// Too long or too deep.
    #[error("the path is too long or too deep")]
    TooLong,
    /// Hidden and temporary files of systems and offices.
    #[error("the file is a hidden or temporary one")]
    Hidden,
    /// Another file of the upload has it, when case does not matter, or a folder has.
    #[error("the name is taken")]
    Taken,
}

impl PathFault {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Escapes => "path_escapes",
            Self::Characters => "path_characters",
            Self::Device => "path_device",
            Self::TooLong => "path_too_long",
            Self::Hidden => "path_hidden",
            Self::Taken => "path_taken",
        }
    }
}

impl UploadPath {
    /// Reads a path as a browser gives it.
    ///
    /// # Errors
    /// Why it cannot be taken.
    pub fn parse(text: &str) -> Result<Self, PathFault> {
        if text.chars().count() > MOST_CHARACTERS {
            return Err(PathFault::TooLong);
        }
        let text: String = text.nfc().collect();
        if text.starts_with('/') || text.contains('\\') || has_drive(&text) {
            return Err(PathFault::Escapes);
        }
        let parts: Vec<&str> = text.split('/').collect();
        if parts.len() > MOST_PARTS || parts.iter().any(|part| part.len() > MOST_PART_BYTES) {
            return Err(PathFault::TooLong);
        }
        for part in parts {
            check(part)?;
        }
        Ok(Self(text))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for all names that some system takes for one: in lower case, width and compatibility forms unified.
    pub fn folded(&self) -> String {
        self.0.nfkc().flat_map(char::to_lowercase).nfc().collect()
    }
}

fn has_drive(text: &str) -> bool {
    let mut chars = text.chars();
    matches!((chars.next(), chars.next()), (Some(first), Some(':')) if first.is_ascii_alphabetic())
}

fn check(part: &str) -> Result<(), PathFault> {
    if matches!(part, "." | "..") {
        return Err(PathFault::Escapes);
    }
    let forbidden = |c: char| c.is_control() || is_invisible(c) || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*');
    if part.is_empty() || part.chars().any(forbidden) || part.starts_with(' ') || part.ends_with([' ', '.']) {
        return Err(PathFault::Characters);
    }
    let lower = part.to_lowercase();
    let name = lower.split('.').next().unwrap_or_default().trim_end();
    let numbered = |prefix: &str| {
        let rest = name.strip_prefix(prefix).map(|rest| rest.chars().collect::<Vec<_>>());
        rest.is_some_and(|rest| matches!(rest.as_slice(), ['0'..='9' | '¹' | '²' | '³']))
    };
    if DEVICES.contains(&name) || numbered("com") || numbered("lpt") {
        return Err(PathFault::Device);
    }
    let left_over = lower.starts_with('.') || lower.starts_with("~$") || lower == "thumbs.db" || lower == "desktop.ini";
    match left_over {
        true => Err(PathFault::Hidden),
        false => Ok(()),
    }
}

/// Characters that turn the direction of a name around or cannot be seen in it.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_taken_or_refused_by_what_is_wrong_with_them() {
        use PathFault as F;
        let long = "长".repeat(81);
        let deep = "a/".repeat(12) + "b";
        let table = [
            ("0123-XK·2019-D30-SCJG-0042/1.pdf", None),
            ("清单.csv", None),
            ("a/b c/第 1 页.tif", None),
            ("../1.pdf", Some(F::Escapes)),
            ("a/../../1.pdf", Some(F::Escapes)),
            ("./1.pdf", Some(F::Escapes)),
            ("/etc/passwd", Some(F::Escapes)),
            ("C:/1.pdf", Some(F::Escapes)),
            ("c:1.pdf", Some(F::Escapes)),
            ("a\\1.pdf", Some(F::Escapes)),
            ("", Some(F::Characters)),
            ("a//1.pdf", Some(F::Characters)),
            ("a/", Some(F::Characters)),
            ("1.pdf ", Some(F::Characters)),
            ("1.pdf.", Some(F::Characters)),
            ("a:b/1.pdf", Some(F::Escapes)),
            ("ab:c/1.pdf", Some(F::Characters)),
            ("a\u{0}.pdf", Some(F::Characters)),
            ("1\u{202e}fdp.exe", Some(F::Characters)),
            ("CON", Some(F::Device)),
            ("a/nul.pdf", Some(F::Device)),
            ("com1.tif", Some(F::Device)),
            ("LPT9", Some(F::Device)),
            ("com10.tif", None),
            ("contents.pdf", None),
            (".DS_Store", Some(F::Hidden)),
            ("a/.git/1.pdf", Some(F::Hidden)),
            ("~$清单.xlsx", Some(F::Hidden)),
            ("Thumbs.db", Some(F::Hidden)),
            (long.as_str(), Some(F::TooLong)),
            (deep.as_str(), Some(F::TooLong)),
        ];
        for (text, fault) in table {
            assert_eq!(UploadPath::parse(text).err(), fault, "{text:?}");
        }
    }

    #[test]
    fn names_that_some_system_takes_for_one_fold_to_one() {
        let folded = |text: &str| UploadPath::parse(text).unwrap().folded();
        assert_eq!(folded("A/1.PDF"), folded("a/1.pdf"));
        assert_eq!(folded("e\u{301}.pdf"), folded("é.pdf"));
        assert_eq!(folded("１.pdf"), folded("1.pdf"));
        assert_ne!(folded("a/1.pdf"), folded("b/1.pdf"));
    }

    proptest! {
        /// Whatever is taken stays below its folder.
        #[test]
        fn no_path_leaves_its_folder(text in "([a-z\\PC./\\\\: ]|\\.\\./){0,40}") {
            if let Ok(path) = UploadPath::parse(&text) {
                let below = Path::new(path.as_str());
                prop_assert!(below.is_relative());
                prop_assert!(below.components().all(|part| matches!(part, Component::Normal(_))));
                prop_assert_eq!(UploadPath::parse(path.as_str()), Ok(path));
            }
        }
    }
}
