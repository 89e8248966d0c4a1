//! Images of pages made by the indexer: what the server shows, so that it never decodes an original.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::DataDirectory;
use super::directory::split_hash;
use super::error::{Error, Result};
use super::whole_file::write_whole;

/// Which image of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rendition {
    /// Upright, at a resolution that can be read on a screen.
    Reading,
    /// Small, for lists.
    Thumbnail,
}

impl DataDirectory {
    /// Where the image of a page lies, whether or not it is there. Pages count from 1.
    ///
    /// # Errors
    /// [`Error::NotAHash`].
    pub fn page_image_path(&self, sha256: &str, page: u32, rendition: Rendition) -> Result<PathBuf> {
        let name = match rendition {
            Rendition::Reading => format!("{page}.jpg"),
            Rendition::Thumbnail => format!("{page}.thumb.jpg"),
        };
        Ok(self.page_images_of(sha256)?.join(name))
    }

    /// Where the images of the pages of a file lie, whether or not there are any.
    ///
    /// # Errors
    /// [`Error::NotAHash`].
    pub fn page_images_of(&self, sha256: &str) -> Result<PathBuf> {
        let (folder, _) = split_hash(sha256)?;
        Ok(self.page_images().join(folder).join(sha256))
    }

    /// Keeps the JPEG image of a page, in place of an earlier one. Blocking; on disk when it returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn store_page_image(&self, sha256: &str, page: u32, rendition: Rendition, jpeg: &[u8]) -> Result<()> {
        let path = self.page_image_path(sha256, page, rendition)?;
        write_whole(&self.page_images(), &path, jpeg)
    }

    /// Whether there is an image of a page. Blocking.
    ///
    /// # Errors
    /// When it cannot be told.
    pub fn has_page_image(&self, sha256: &str, page: u32, rendition: Rendition) -> Result<bool> {
        let path = self.page_image_path(sha256, page, rendition)?;
        path.try_exists().map_err(Error::io("read", &path))
    }

    /// The JPEG image of a page; `None` when there is none. Blocking.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_page_image(&self, sha256: &str, page: u32, rendition: Rendition) -> Result<Option<Vec<u8>>> {
        let path = self.page_image_path(sha256, page, rendition)?;
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::io("read", &path)(e)),
        }
    }
}
