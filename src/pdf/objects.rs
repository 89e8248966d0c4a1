//! Objects written one after the other, and the cross-references that find them (ISO 32000-1, 7.5.4 and 7.5.8).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use pdf_writer::Chunk;
use sha2::{Digest as _, Sha256};

use super::Error;

/// Largest offset that a cross-reference table can hold: ten digits.
const MAX_OFFSET: u64 = 9_999_999_999;

/// Writes objects and remembers where they stand.
pub struct Objects<W> {
    out: W,
    at: u64,
    /// Offset and generation of each object.
    places: BTreeMap<u32, (u64, u16)>,
    hash: Sha256,
}

impl<W: Write> Objects<W> {
    /// Nothing is written yet.
    pub fn new(out: W) -> Self {
        Self {
            out,
            at: 0,
            places: BTreeMap::new(),
            hash: Sha256::new(),
        }
    }

    /// Writes bytes that are no object.
    ///
    /// # Errors
    /// When the output fails.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.out.write_all(bytes)?;
        self.hash.update(bytes);
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Writes a chunk that holds exactly one object.
    ///
    /// # Errors
    /// When the output fails.
    pub fn object(&mut self, chunk: &Chunk) -> Result<(), Error> {
        if let Some(id) = chunk.refs().next() {
            let number = u32::try_from(id.get()).map_err(|_| Error::TooManyObjects)?;
            self.places.insert(number, (self.at, 0));
        }
        self.bytes(chunk.as_bytes())
    }

    /// Writes an object whose syntax is given.
    ///
    /// # Errors
    /// When the output fails.
    pub fn raw_object(&mut self, (number, generation): (u32, u16), body: &[u8]) -> Result<(), Error> {
        self.places.insert(number, (self.at, generation));
        self.bytes(format!("{number} {generation} obj\n").as_bytes())?;
        self.bytes(body)?;
        self.bytes(b"\nendobj\n\n")
    }

    /// Ends a file to which nothing was added.
    ///
    /// # Errors
    /// When the output fails.
    pub fn flush(&mut self) -> Result<(), Error> {
        Ok(self.out.flush()?)
    }

    /// A digest of all that was written so far, as a file identifier.
    pub fn digest(&self) -> [u8; 16] {
        let digest = self.hash.clone().finalize();
        let mut first = [0; 16];
        for (to, from) in first.iter_mut().zip(digest) {
            *to = from;
        }
        first
    }

    /// Writes a cross-reference table and the trailer, and ends the file. `entries` are those of the trailer without
    /// `Size`; `whole` when the table starts the file's chain, so that it has the entry of object 0.
    ///
    /// # Errors
    /// When the output fails or is too large for such a table.
    pub fn finish_with_table(&mut self, size: u32, entries: &[u8], whole: bool) -> Result<(), Error> {
        let start = self.at;
        let mut table = String::from("xref\n");
        let numbers: Vec<u32> = self.places.keys().copied().collect();
        if whole {
            table.push_str("0 1\n0000000000 65535 f\r\n");
        }
        for run in numbers.chunk_by(|a, b| a + 1 == *b) {
            let _ = writeln!(table, "{} {}", run.first().copied().unwrap_or_default(), run.len());
            for number in run {
                let (offset, generation) = self.places.get(number).copied().unwrap_or_default();
                if offset > MAX_OFFSET {
                    return Err(Error::TooManyObjects);
                }
                let _ = write!(table, "{offset:010} {generation:05} n\r\n");
            }
        }
        self.bytes(table.as_bytes())?;
        self.bytes(format!("trailer\n<< /Size {size} ").as_bytes())?;
        self.bytes(entries)?;
        self.bytes(format!(">>\nstartxref\n{start}\n%%EOF\n").as_bytes())?;
        Ok(self.out.flush()?)
    }

    /// The same as a cross-reference stream, which is object `number` itself.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish_with_stream(&mut self, number: u32, entries: &[u8]) -> Result<(), Error> {
        let start = self.at;
        self.places.insert(number, (start, 0));
        let mut index = String::new();
        let mut data = Vec::new();
        let numbers: Vec<u32> = self.places.keys().copied().collect();
        for run in numbers.chunk_by(|a, b| a + 1 == *b) {
            let _ = write!(index, "{} {} ", run.first().copied().unwrap_or_default(), run.len());
            for number in run {
                let (offset, generation) = self.places.get(number).copied().unwrap_or_default();
                data.push(1);
                data.extend_from_slice(&offset.to_be_bytes());
                data.extend_from_slice(&generation.to_be_bytes());
            }
        }
        let head = format!(
            "{number} 0 obj\n<< /Type /XRef /Size {} /Index [{index}] /W [1 8 2] /Length {} ",
            number + 1,
            data.len()
        );
        self.bytes(head.as_bytes())?;
        self.bytes(entries)?;
        self.bytes(b">>\nstream\n")?;
        self.bytes(&data)?;
        self.bytes(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes())?;
        Ok(self.out.flush()?)
    }
}
