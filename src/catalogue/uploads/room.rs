//! Where the files of uploads lie: `uploads/<id>/files/`, under the names that people gave them. A file is written under
//! another name and gets its own when it is whole; what is half-sent is never there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::super::DataDirectory;
use super::super::error::{Error, Result};
use super::super::whole_file::{create_directory, sync_directory};
use super::UploadPath;

/// A file that is being sent; gone when it is dropped before [`Self::finish`].
pub struct IncomingFile {
    file: File,
    path: PathBuf,
    target: PathBuf,
    expected: u64,
    bytes: u64,
    hasher: Sha256,
    finished: bool,
}

impl DataDirectory {
    /// Where the uploads are.
    pub fn uploads(&self) -> PathBuf {
        self.root().join("uploads")
    }

    /// The folder with the files of an upload.
    pub fn upload_files(&self, upload_id: &str) -> PathBuf {
        self.uploads().join(upload_id).join("files")
    }

    /// Begins to receive a file of so many bytes. Blocking.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn receive(&self, upload_id: &str, path: &UploadPath, bytes: u64) -> Result<IncomingFile> {
        let coming = self.uploads().join(upload_id).join("coming");
        create_directory(&coming)?;
        let name = coming.join(format!("{:016x}", rand::random::<u64>()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&name).map_err(Error::io("create", &coming))?;
        Ok(IncomingFile {
            file,
            path: name,
            target: self.upload_files(upload_id).join(path.as_str()),
            expected: bytes,
            bytes: 0,
            hasher: Sha256::new(),
            finished: false,
        })
    }

    /// Removes the files of an upload. Blocking.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub fn remove_upload(&self, upload_id: &str) -> Result<()> {
        let folder = self.uploads().join(upload_id);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", &folder)(error)),
            _ => Ok(()),
        }
    }

    /// Identifiers of the uploads that have a folder. Blocking.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub fn uploads_on_disk(&self) -> Result<Vec<String>> {
        let folder = self.uploads();
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::io("read", &folder))?,
        };
        let mut ids = Vec::new();
        for entry in entries {
            let name = entry.map_err(Error::io("read", &folder))?.file_name();
            // What is named otherwise was not put there by us.
            let id = name.to_string_lossy();
            if id.len() == 20 && id.bytes().all(|b| b.is_ascii_hexdigit()) {
                ids.push(id.into_owned());
            }
        }
        Ok(ids)
    }
}

impl IncomingFile {
    /// Takes the next bytes; `false` when there are more than were announced. Blocking.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn take(&mut self, bytes: &[u8]) -> Result<bool> {
        let after = self.bytes.saturating_add(bytes.len() as u64);
        if after > self.expected {
            return Ok(false);
        }
        // The name of the file may name a person: messages name the folder.
        self.file.write_all(bytes).map_err(Error::io("write", &self.path))?;
        self.hasher.update(bytes);
        self.bytes = after;
        Ok(true)
    }

    /// Gives the file its name when all of it is here, and its SHA-256; `None` when bytes are missing. Blocking.
    ///
    /// # Errors
    /// When it cannot be brought to disk.
    pub fn finish(mut self) -> Result<Option<String>> {
        if self.bytes != self.expected {
            return Ok(None);
        }
        let named = |error: io::Error| Error::io("keep", &self.path)(error);
        self.file.sync_all().map_err(named)?;
        let parent = self.target.parent().unwrap_or(Path::new("."));
        let kept = create_directory(parent).and_then(|()| {
            fs::rename(&self.path, &self.target).map_err(Error::io("keep", &self.path))?;
            sync_directory(parent)
        });
        if let Err(Error::Io { source, .. }) = kept {
            return Err(Error::io("keep", &self.path)(source));
        }
        self.finished = true;
        Ok(Some(hex::encode(std::mem::take(&mut self.hasher).finalize())))
    }
}

impl Drop for IncomingFile {
    fn drop(&mut self) {
        if !self.finished {
            // What stays goes with the upload.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDirectory::open(folder.path()).unwrap();
        let path = UploadPath::parse("甲/1.pdf").unwrap();
        let id = "0123456789abcdef0123";
        let there = || data.upload_files(id).join("甲/1.pdf").is_file();
        let begin = || data.receive(id, &path, 4).unwrap();
        let mut short = begin();
        assert!(short.take(b"abc").unwrap());
        assert_eq!(short.finish().unwrap(), None);
        let mut long = begin();
        assert!(!long.take(b"abcde").unwrap());
        drop(long);
        let mut broken = begin();
        assert!(broken.take(b"abcd").unwrap());
        drop(broken);
        assert!(!there());
        let mut whole = begin();
        assert!(whole.take(b"ab").unwrap() && whole.take(b"cd").unwrap());
        let sha256 = whole.finish().unwrap().unwrap();
        assert_eq!(sha256, hex::encode(Sha256::digest(b"abcd")));
        assert!(there());
        assert_eq!(fs::read_dir(data.uploads().join(id).join("coming")).unwrap().count(), 0);
        assert_eq!(data.uploads_on_disk().unwrap(), [id]);
        data.remove_upload(id).unwrap();
        data.remove_upload(id).unwrap();
        assert!(!there());
    }
}
