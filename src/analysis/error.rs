//! What can go wrong when an analyser is built.

use super::dictionary;

/// Analysing a text never fails; loading the dictionaries can.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A dictionary cannot be used.
    #[error(transparent)]
    Dictionary(#[from] dictionary::Error),
}

impl Error {
    /// A stable code for scripts and the status page.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Dictionary(error) => error.code(),
        }
    }
}
