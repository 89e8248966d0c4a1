//! What can go wrong in an export.

use std::path::PathBuf;

use crate::analytics::findings;
use crate::{catalogue, pdf};

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The catalogue or the data directory.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// The findings.
    #[error(transparent)]
    Findings(#[from] findings::Error),
    /// The output.
    #[error("cannot write the export")]
    Output(#[from] std::io::Error),
    /// The workbook.
    #[error("cannot write the workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A value cannot be put into JSON.
    #[error("cannot write JSON")]
    Json(#[from] serde_json::Error),
    /// The PDF.
    #[error(transparent)]
    Pdf(#[from] pdf::Error),
    /// What was taken out could not be written down.
    #[error("the audit log cannot be written to")]
    Unwritten,
    /// The case was removed while it was exported.
    #[error("the case vanished meanwhile")]
    Vanished,
    /// What a QR code is to say is too long for one.
    #[error("the address for verifying copies is too long for a QR code")]
    QrCode,
    /// Pages without an image have to be printed, and no font with Chinese characters was found.
    #[error("no font with Chinese characters was found; looked for {names} under {folders}")]
    NoFont {
        /// File names.
        names: String,
        /// Folders.
        folders: String,
    },
    /// A font that cannot be used.
    #[error("the font `{path}` cannot be used: {detail}")]
    Font {
        /// The file.
        path: PathBuf,
        /// Why not.
        detail: String,
    },
}

impl From<::csv::Error> for Error {
    fn from(error: ::csv::Error) -> Self {
        // Written records fail for no other reason.
        Self::Output(error.into())
    }
}
