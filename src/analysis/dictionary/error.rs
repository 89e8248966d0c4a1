//! What can be wrong with a dictionary file.

use std::fmt;
use std::io;

/// A line of a dictionary file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's name, without its folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A dictionary that cannot be used. Dictionaries are edited by hand, so every error names file and line, and a file
/// with one is refused as a whole: a line that is silently skipped would change what is found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is there but cannot be read.
    #[error("dictionary `{file}` cannot be read")]
    Unreadable {
        /// The file's name.
        file: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Some byte is not UTF-8; GBK and GB18030 are not accepted.
    #[error("{0}: not UTF-8")]
    NotUtf8(Place),
    /// The file begins with a byte order mark, which would become part of its first term.
    #[error("{0}: byte order mark")]
    ByteOrderMark(Place),
    /// The line ends in CR LF or holds a carriage return.
    #[error("{0}: carriage return; lines end with LF alone")]
    CarriageReturn(Place),
    /// An invisible character.
    #[error("{place}: control character U+{code:04X}")]
    ControlCharacter {
        /// Where.
        place: Place,
        /// Its code point.
        code: u32,
    },
    /// The line has too many or too few columns.
    #[error("{place}: {found} columns separated by tabs instead of {expected}")]
    ColumnCount {
        /// Where.
        place: Place,
        /// How many there are to be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A column is empty; `-` stands for "none" where that is allowed.
    #[error("{place}: column `{column}` is empty")]
    EmptyColumn {
        /// Where.
        place: Place,
        /// Which column.
        column: &'static str,
    },
    /// A column begins or ends with a space.
    #[error("{place}: column `{column}` begins or ends with a space")]
    SurroundingSpace {
        /// Where.
        place: Place,
        /// Which column.
        column: &'static str,
    },
    /// A value that the column does not allow.
    #[error("{place}: `{value}` in column `{column}` is not {expected}")]
    Invalid {
        /// Where.
        place: Place,
        /// Which column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What is to stand there.
        expected: &'static str,
    },
    /// The same key a second time.
    #[error("{place}: `{key}` is already {}", where_first(place, first))]
    Duplicate {
        /// Where the second one is.
        place: Place,
        /// What is repeated.
        key: String,
        /// Where the first one is.
        first: Place,
    },
    /// A name that refers to a line that does not exist.
    #[error("{place}: `{value}` in column `{column}` is not a name of `{target}`")]
    UnknownReference {
        /// Where.
        place: Place,
        /// Which column.
        column: &'static str,
        /// The name.
        value: String,
        /// The file that does not know it.
        target: &'static str,
    },
}

/// Where the first of two equal keys is, as seen from the second.
fn where_first(place: &Place, first: &Place) -> String {
    if place.file == first.file {
        format!("on line {}", first.line)
    } else {
        format!("in {first}")
    }
}

impl Error {
    /// The line that is wrong; `None` when the file cannot be read at all.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Unreadable { .. } => None,
            Self::NotUtf8(place)
            | Self::ByteOrderMark(place)
            | Self::CarriageReturn(place)
            | Self::ControlCharacter { place, .. }
            | Self::ColumnCount { place, .. }
            | Self::EmptyColumn { place, .. }
            | Self::SurroundingSpace { place, .. }
            | Self::Invalid { place, .. }
            | Self::Duplicate { place, .. }
            | Self::UnknownReference { place, .. } => Some(place),
        }
    }

    /// A stable code for scripts and the status page.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "dictionary_unreadable",
            Self::NotUtf8(_) => "dictionary_not_utf8",
            Self::ByteOrderMark(_) => "dictionary_byte_order_mark",
            Self::CarriageReturn(_) => "dictionary_carriage_return",
            Self::ControlCharacter { .. } => "dictionary_control_character",
            Self::ColumnCount { .. } => "dictionary_column_count",
            Self::EmptyColumn { .. } => "dictionary_empty_column",
            Self::SurroundingSpace { .. } => "dictionary_surrounding_space",
            Self::Invalid { .. } => "dictionary_invalid_value",
            Self::Duplicate { .. } => "dictionary_duplicate",
            Self::UnknownReference { .. } => "dictionary_unknown_reference",
        }
    }
}
