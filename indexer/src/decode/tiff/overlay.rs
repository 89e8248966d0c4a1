//! A file with a few bytes replaced, without touching the file.
//!
//! Lets the picture decoder start at any directory of a TIFF (the header then points to it) and read
//! palette pictures as plain indices, which it cannot by itself.

use std::io::{self, Read, Seek, SeekFrom};

/// A reader that shows other bytes at some places.
pub(super) struct Overlay<R> {
    inner: R,
    position: u64,
    patches: Vec<(u64, Vec<u8>)>,
}

impl<R: Read + Seek> Overlay<R> {
    /// Shows `patches` (offset, bytes) over the content of `inner`.
    pub(super) fn new(mut inner: R, patches: Vec<(u64, Vec<u8>)>) -> io::Result<Self> {
        inner.seek(SeekFrom::Start(0))?;
        Ok(Self {
            inner,
            position: 0,
            patches,
        })
    }
}

impl<R: Read> Read for Overlay<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let end = self.position + read as u64;
        for (at, bytes) in &self.patches {
            for (offset, byte) in (*at..).zip(bytes) {
                if (self.position..end).contains(&offset)
                    && let Ok(index) = usize::try_from(offset - self.position)
                {
                    buffer[index] = *byte;
                }
            }
        }
        self.position = end;
        Ok(read)
    }
}

impl<R: Seek> Seek for Overlay<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.inner.seek(to)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn patches_show_wherever_reading_starts() {
        let patches = vec![(2, vec![b'X', b'Y']), (9, vec![b'Z'])];
        let mut overlay = Overlay::new(Cursor::new(b"0123456789".to_vec()), patches).unwrap();
        let mut all = String::new();
        overlay.read_to_string(&mut all).unwrap();
        assert_eq!(all, "01XY45678Z");
        overlay.seek(SeekFrom::Start(3)).unwrap();
        let mut two = [0; 2];
        overlay.read_exact(&mut two).unwrap();
        assert_eq!(&two, b"Y4");
    }
}
