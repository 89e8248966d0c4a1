//! What the headings of a source mean when the built-in names do not fit, and remembering it per source.
//!
//! A mapping file says it once:
//! ```toml
//! [headings]
//! "案件编号" = "archival_code"
//! "办结时间" = "decided_on"
//! "经办人" = "ignore"
//! ```
//! It is remembered in the data directory, in a file of the same form with a table per source, which a person may read
//! and edit (decision 0071).

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::headings::{Meaning, normalised};

/// Name of the file in the data directory.
const REMEMBERED: &str = "manifest-mappings.toml";
/// What stands for a column that is of no use.
const IGNORE: &str = "ignore";
/// A mapping larger than this is none.
const MOST_BYTES: u64 = 1 << 20;

/// Why a mapping cannot be used.
#[derive(Debug, Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("栏目对应文件无法读取 (the mapping `{path}` cannot be read)")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("栏目对应无法保存 (the mapping cannot be kept in `{path}`)")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The file is no TOML of this form.
    #[error("栏目对应文件格式有误 (`{path}` is not a mapping)")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and key.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The file is larger than any mapping.
    #[error("栏目对应文件过大 (`{path}` has more than {MOST_BYTES} bytes)")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A heading is mapped to a field that there is not.
    #[error("栏目对应文件 `{path}`：“{heading}”所指的字段不存在 (there is no such field)")]
    UnknownField {
        /// The file.
        path: PathBuf,
        /// The heading.
        heading: String,
    },
}

/// Headings and their fields, as a file has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    headings: BTreeMap<String, String>,
}

/// All that is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remembered {
    #[serde(default)]
    sources: BTreeMap<String, Written>,
}

/// What the headings of one source mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    written: Written,
    meanings: BTreeMap<String, Meaning>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// When it cannot be read, is no mapping, or names a field that there is not.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = text_of(path)?;
        let written = toml::from_str(&text).map_err(|source| Error::Malformed {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        Self::understand(path, written)
    }

    /// A mapping that was put together elsewhere than in a file.
    ///
    /// # Errors
    /// When it names a field that there is not.
    pub fn of_headings(headings: BTreeMap<String, String>) -> Result<Self, Error> {
        Self::understand(Path::new("-"), Written { headings })
    }

    /// The mapping remembered for a source; none when there is none.
    ///
    /// # Errors
    /// When what is remembered cannot be read.
    pub fn remembered(data: &Path, source: &str) -> Result<Option<Self>, Error> {
        let path = data.join(REMEMBERED);
        let all = remembered(&path)?;
        let found = all.sources.get(source).cloned();
        found.map(|written| Self::understand(&path, written)).transpose()
    }

    /// Remembers this mapping for a source, in place of what was remembered for it. The file is replaced whole.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn remember(&self, data: &Path, source: &str) -> Result<(), Error> {
        let path = data.join(REMEMBERED);
        let mut all = remembered(&path)?;
        if all.sources.get(source) == Some(&self.written) {
            return Ok(());
        }
        all.sources.insert(source.to_owned(), self.written.clone());
        let write = || -> io::Result<()> {
            let text = toml::to_string_pretty(&all).map_err(io::Error::other)?;
            let mut file = tempfile::NamedTempFile::new_in(data)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|source| Error::Write { path, source })
    }

    /// What a heading in the form of [`normalised`] means here.
    pub(super) fn get(&self, name: &str) -> Option<Meaning> {
        self.meanings.get(name).copied()
    }

    fn understand(path: &Path, written: Written) -> Result<Self, Error> {
        let mut meanings = BTreeMap::new();
        for (heading, field) in &written.headings {
            let meaning = match normalised(field).as_str() {
                IGNORE => Meaning::Nothing,
                name => Meaning::builtin(name),
            };
            if !matches!(meaning, Meaning::Column(_) | Meaning::Nothing) {
                return Err(Error::UnknownField {
                    path: path.to_owned(),
                    heading: heading.clone(),
                });
            }
            meanings.insert(normalised(heading), meaning);
        }
        Ok(Self { written, meanings })
    }
}

/// The name of the source of a manifest when nobody gives one: its folder.
pub fn source_of(manifest: &Path) -> String {
    let real = fs::canonicalize(manifest).unwrap_or_else(|_| manifest.to_owned());
    real.parent().unwrap_or(Path::new(".")).display().to_string()
}

fn remembered(path: &Path) -> Result<Remembered, Error> {
    match text_of(path) {
        Ok(text) => toml::from_str(&text).map_err(|source| Error::Malformed {
            path: path.to_owned(),
            source: Box::new(source),
        }),
        Err(Error::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(Remembered::default()),
        Err(error) => Err(error),
    }
}

fn text_of(path: &Path) -> Result<String, Error> {
    let read = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).map_err(read)?.len() > MOST_BYTES {
        return Err(Error::TooLarge { path: path.to_owned() });
    }
    let text = fs::read_to_string(path).map_err(read)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(text.to_owned())
}
