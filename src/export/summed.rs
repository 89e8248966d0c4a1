//! The checksum of a file that is written only once, and never read again.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

/// Counts and sums what goes through it.
pub struct Summed<W> {
    out: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Summed<W> {
    /// With nothing written.
    pub fn new(out: W) -> Self {
        Self {
            out,
            bytes: 0,
            hash: Sha256::new(),
        }
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// SHA-256 of all bytes so far, in hexadecimal digits.
    pub fn checksum(&self) -> String {
        hex::encode(self.hash.clone().finalize())
    }

    /// What it was written to.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        let taken = bytes.get(..written).unwrap_or(bytes);
        self.hash.update(taken);
        self.bytes += taken.len() as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
