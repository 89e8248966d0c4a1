//! The store of originals: every file that was taken in, byte for byte, under its SHA-256.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::DataDirectory;
use super::directory::split_hash;
use super::error::{Error, Result};
use super::whole_file::TemporaryFile;

/// Bytes moved at a time.
const CHUNK: usize = 128 * 1024;

/// A file in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Where it lies in the store.
    pub path: PathBuf,
    /// Whether it was not there before.
    pub new: bool,
}

impl DataDirectory {
    /// Where the original with this hash lies, whether or not it is there.
    ///
    /// # Errors
    /// [`Error::NotAHash`].
    pub fn original_path(&self, sha256: &str) -> Result<PathBuf> {
        let (folder, rest) = split_hash(sha256)?;
        Ok(self.originals().join(folder).join(rest))
    }

    /// Copies a file into the store; when it returns, the copy is on disk. The source is only read. A file that is
    /// there already is recognised by its hash and checked by its size. Blocking.
    ///
    /// # Errors
    /// When the source cannot be read, the store cannot be written, or the stored file has another size.
    pub fn store_original(&self, source: &Path) -> Result<StoredFile> {
        // Reading first and copying only what is new: taking in the same folder again then writes nothing.
        let (sha256, bytes) = hash_file(source, &mut io::sink())?;
        if let Some(stored) = self.stored(&sha256, bytes)? {
            return Ok(stored);
        }
        let mut copy = TemporaryFile::new(&self.originals())?;
        // The name comes from the bytes that were written, should the source have changed meanwhile.
        let (sha256, bytes) = hash_file(source, &mut copy)?;
        if let Some(stored) = self.stored(&sha256, bytes)? {
            return Ok(stored);
        }
        let mut rights = fs::metadata(copy.path())
            .map_err(Error::io("read", copy.path()))?
            .permissions();
        rights.set_readonly(true);
        fs::set_permissions(copy.path(), rights).map_err(Error::io("protect", copy.path()))?;
        let path = self.original_path(&sha256)?;
        copy.publish(&path)?;
        Ok(StoredFile {
            sha256,
            bytes,
            path,
            new: true,
        })
    }

    fn stored(&self, sha256: &str, bytes: u64) -> Result<Option<StoredFile>> {
        let path = self.original_path(sha256)?;
        let there = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io("read", &path)(e)),
        };
        if there != bytes {
            let detail = format!("it has {there} bytes instead of {bytes}");
            return Err(Error::OriginalDamaged { path, detail });
        }
        Ok(Some(StoredFile {
            sha256: sha256.to_owned(),
            bytes,
            path,
            new: false,
        }))
    }

    /// Reads an original to its end and compares its hash with its name. Blocking.
    ///
    /// # Errors
    /// [`Error::OriginalDamaged`] when they differ; [`Error::Io`] when it cannot be read.
    pub fn verify_original(&self, sha256: &str) -> Result<()> {
        let path = self.original_path(sha256)?;
        let (found, _) = hash_file(&path, &mut io::sink())?;
        if found == sha256 {
            return Ok(());
        }
        let detail = format!("its SHA-256 is {found}");
        Err(Error::OriginalDamaged { path, detail })
    }
}

/// SHA-256 of a file in lower-case hexadecimal digits, by which originals are known. Blocking.
///
/// # Errors
/// [`Error::Io`] when it cannot be read.
pub fn file_sha256(path: &Path) -> Result<String> {
    Ok(hash_file(path, &mut io::sink())?.0)
}

/// Reads a file once, passing its bytes on; returns its SHA-256 and size. Blocking.
pub(crate) fn hash_file(source: &Path, target: &mut dyn Write) -> Result<(String, u64)> {
    let mut file = File::open(source).map_err(Error::io("read", source))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => return Ok((hex::encode(hasher.finalize()), bytes)),
            Ok(count) => count,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Error::io("read", source)(e)),
        };
        let chunk = &buffer[..count];
        hasher.update(chunk);
        target.write_all(chunk).map_err(Error::io("copy", source))?;
        bytes += count as u64;
    }
}
