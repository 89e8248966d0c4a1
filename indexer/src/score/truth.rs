//! The truth of a page as it lies beside the scan: `NAME.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What stands on one page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Name of the page; unique in its folder.
    pub name: String,
    /// Name of the image file beside the truth.
    pub image: String,
    /// What kind of paper it is.
    pub kind: String,
    /// How badly it is scanned.
    pub level: String,
    /// Clockwise turn in degrees that makes the stored image upright; not told by every truth.
    #[serde(default)]
    pub rotation: Option<u32>,
    /// Values that a page must give exactly, by their Chinese names.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Texts of the seals; they are not among the lines.
    #[serde(default)]
    pub seals: Vec<String>,
    /// The lines in reading order; tables row by row, cell by cell.
    pub lines: Vec<TruthLine>,
}

/// A line of the truth; what else its file says about it is not needed here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TruthLine {
    /// The text.
    pub text: String,
}

/// Why the truth of a folder of scans cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    /// A file or the folder cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not the truth of a page.
    #[error("`{path}` is not the truth of a page")]
    Format {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl Truth {
    /// The text in reading order, lines separated by `\n`.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }

    /// The truth of every page in a folder, by name.
    ///
    /// # Errors
    /// The first file that cannot be read, or that is JSON of another kind.
    pub fn of_folder(folder: &Path) -> Result<Vec<Self>, TruthError> {
        let read = |path: &Path| {
            let path = path.to_owned();
            move |source| TruthError::Read { path, source }
        };
        let mut pages = Vec::new();
        for entry in fs::read_dir(folder).map_err(read(folder))? {
            let path = entry.map_err(read(folder))?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let bytes = fs::read(&path).map_err(read(&path))?;
                let page = serde_json::from_slice(&bytes).map_err(|source| TruthError::Format { path, source })?;
                pages.push(page);
            }
        }
        pages.sort_by(|a: &Self, b| a.name.cmp(&b.name));
        Ok(pages)
    }
}
