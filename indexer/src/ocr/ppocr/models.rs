//! Which model files there are, where they are looked for, and whether they are the pinned ones.
//!
//! `make models` fetches them (`scripts/fetch-models` holds the same figures). A file that is not, byte for byte, the pinned
//! one is never loaded: models run as code of a kind, and another model would read differently without anybody noticing.

use std::env;
use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A file that the engine needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelFile {
    /// What it is for.
    pub purpose: Purpose,
    /// Its name in the folder of models.
    pub name: &'static str,
    /// The package that it comes in, with version.
    pub package: &'static str,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: &'static str,
}

/// What a model file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The library that runs the networks.
    Runtime,
    /// Finds the lines of text on a page (DB network).
    Detection,
    /// Reads the text of a line (CTC network; its character table is inside).
    Recognition,
}

impl Purpose {
    /// The name of the purpose, in English, for `juanzong-indexer engines`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Detection => "detection",
            Self::Recognition => "recognition",
        }
    }
}

const PPOCR_PACKAGE: &str = "rapidocr 3.10.0 (PyPI)";

/// The runtime library of this kind of machine; `None` where none is pinned.
const RUNTIME: Option<ModelFile> = runtime(if cfg!(target_arch = "x86_64") {
    "6c1585d1bbf45b0712ea4a21b705c5fcb4ba04ff2e30f1fbf81a49faf658638f"
} else if cfg!(target_arch = "aarch64") {
    "49852228a93995158b2a813d4df487d47a1b76b0eaa894507ef49e91b6d7954a"
} else {
    ""
});

const fn runtime(sha256: &'static str) -> Option<ModelFile> {
    if sha256.is_empty() || !cfg!(target_os = "linux") {
        return None;
    }
    Some(ModelFile {
        purpose: Purpose::Runtime,
        name: "libonnxruntime.so.1.32.0",
        package: "onnxruntime 1.32.0 (PyPI)",
        sha256,
    })
}

const NETWORKS: [ModelFile; 2] = [
    ModelFile {
        purpose: Purpose::Detection,
        name: "PP-OCRv6_det_small.onnx",
        package: PPOCR_PACKAGE,
        sha256: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    },
    ModelFile {
        purpose: Purpose::Recognition,
        name: "PP-OCRv6_rec_small.onnx",
        package: PPOCR_PACKAGE,
        sha256: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    },
];

/// The variable that names the folder of models.
pub const FOLDER_VARIABLE: &str = "JUANZONG_MODELS";

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// No folder with models was found.
    #[error("no models are installed (`make models` fetches them; `{FOLDER_VARIABLE}` names their folder)")]
    NotInstalled,
    /// No runtime library is pinned for this kind of machine.
    #[error("there is no pinned runtime library for this kind of machine")]
    NoRuntime,
    /// The file is not there or cannot be read.
    #[error("model file `{name}` cannot be read: {source}")]
    Unreadable {
        /// Its name.
        name: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The file is another one than the pinned one: damaged, cut off, or of another version.
    #[error(
        "model file `{name}` is not the pinned one (SHA-256 {found}, should be {wanted}); `make models` fetches it anew"
    )]
    NotPinned {
        /// Its name.
        name: &'static str,
        /// SHA-256 of what is there.
        found: String,
        /// SHA-256 of what should be there.
        wanted: &'static str,
    },
}

/// The folder that holds the models, and what should be in it.
#[derive(Clone, Debug)]
pub struct ModelFolder {
    path: PathBuf,
}

impl ModelFolder {
    /// The folder named by `JUANZONG_MODELS`, else `models` beside the program or up to three folders above it
    /// (`target/debug/` stands in a checkout), else `/usr/local/share/juanzong/models`, `/usr/share/juanzong/models`.
    pub fn find() -> Result<Self, ModelError> {
        if let Some(path) = env::var_os(FOLDER_VARIABLE).filter(|p| !p.is_empty()) {
            return Ok(Self::at(path));
        }
        let program = env::current_exe().unwrap_or_default();
        program
            .ancestors()
            .skip(1)
            .take(4)
            .map(|folder| folder.join("models"))
            .chain(["/usr/local/share/juanzong/models", "/usr/share/juanzong/models"].map(PathBuf::from))
            .find(|folder| NETWORKS.iter().any(|file| folder.join(file.name).is_file()))
            .map(Self::at)
            .ok_or(ModelError::NotInstalled)
    }

    /// The folder at this path, whatever is in it.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every file that the engine needs on this machine.
    pub fn files() -> Vec<ModelFile> {
        RUNTIME.into_iter().chain(NETWORKS).collect()
    }

    /// Whether every file is there; their content is checked when they are loaded.
    pub fn is_complete(&self) -> bool {
        RUNTIME.is_some() && Self::files().iter().all(|file| self.path.join(file.name).is_file())
    }

    /// The path of the runtime library, after its bytes were compared with the pinned hash.
    pub fn runtime(&self) -> Result<PathBuf, ModelError> {
        let file = RUNTIME.ok_or(ModelError::NoRuntime)?;
        self.check(&file)
    }

    /// The path of a network, after its bytes were compared with the pinned hash.
    pub fn network(&self, purpose: Purpose) -> Result<PathBuf, ModelError> {
        let file = NETWORKS
            .iter()
            .find(|file| file.purpose == purpose)
            .ok_or(ModelError::NotInstalled)?;
        self.check(file)
    }

    /// Compares a file with its pinned hash; gives its path.
    pub fn check(&self, file: &ModelFile) -> Result<PathBuf, ModelError> {
        let path = self.path.join(file.name);
        let found = hash(&path).map_err(|source| ModelError::Unreadable {
            name: file.name,
            source,
        })?;
        if found != file.sha256 {
            return Err(ModelError::NotPinned {
                name: file.name,
                found,
                wanted: file.sha256,
            });
        }
        Ok(path)
    }
}

fn hash(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(path)?, &mut HashWriter(&mut hasher))?;
    let mut text = String::with_capacity(64);
    for byte in hasher.finalize() {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
    }
    Ok(text)
}

struct HashWriter<'h>(&'h mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_changed_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let models = ModelFolder::at(folder.path());
        assert!(!models.is_complete());
        let missing = models.network(Purpose::Detection).unwrap_err().to_string();
        assert!(missing.contains("PP-OCRv6_det_small.onnx"), "{missing}");
        std::fs::write(folder.path().join("PP-OCRv6_det_small.onnx"), b"not a model").unwrap();
        let changed = models.network(Purpose::Detection).unwrap_err();
        assert!(matches!(changed, ModelError::NotPinned { .. }), "{changed}");
    }

    #[test]
    fn every_file_has_a_hash() {
        for file in ModelFolder::files() {
            assert_eq!(file.sha256.len(), 64, "{}", file.name);
        }
    }
}
