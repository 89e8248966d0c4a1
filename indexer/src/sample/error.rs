//! What can go wrong while sample case files are made.

use std::path::{Path, PathBuf};

/// Why no sample could be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A font file is not installed.
    #[error("font `{file}` is missing: install the Debian package `{package}`")]
    FontMissing {
        /// File name looked for under the font directories.
        file: &'static str,
        /// Debian package that holds it.
        package: &'static str,
    },
    /// A font file is there but cannot be used.
    #[error("font `{}` cannot be used: {reason}", path.display())]
    FontUnusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// None of the fonts has a glyph for a character of the text.
    #[error("no installed font has a glyph for `{0}`")]
    GlyphMissing(char),
    /// The output directory holds something already.
    #[error("`{}` holds files already; name an empty or new directory", path.display())]
    OutputNotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// More cases than there are archival codes.
    #[error("at most {most} cases can be made, not {asked}")]
    TooManyCases {
        /// Number asked for.
        asked: u32,
        /// Largest number.
        most: u32,
    },
    /// The list of formats to use is empty.
    #[error("no file format is left to write")]
    NoFormat,
    /// A file or directory could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A document could not be encoded.
    #[error("cannot encode `{file}`: {reason}")]
    Encode {
        /// File name inside the case.
        file: String,
        /// What the encoder said.
        reason: String,
    },
    /// The manifest could not be written.
    #[error("cannot write the manifest `{}`", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: csv::Error,
    },
}

impl Error {
    /// Stable code of the kind of fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FontMissing { .. } => "font_missing",
            Self::FontUnusable { .. } => "font_unusable",
            Self::GlyphMissing(_) => "glyph_missing",
            Self::OutputNotEmpty { .. } => "output_not_empty",
            Self::TooManyCases { .. } => "too_many_cases",
            Self::NoFormat => "no_format",
            Self::Io { .. } => "io",
            Self::Encode { .. } => "encode",
            Self::Manifest { .. } => "manifest",
        }
    }

    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
