//! The tables behind the analysis: what to look up lives in files that an archive can edit, not in code.
//!
//! Each file has a built-in version (`dictionaries/` in the source tree, with its sources in `SOURCES.md`). A folder may
//! replace any of them by a whole file of the same name.
//!
//! One format for all: UTF-8 without byte order mark, lines ending with LF, columns separated by single tabs, `#` at the
//! start of a line for comments, `-` for "none", `|` between several values of one column. Anything else is an error
//! that names file and line. The first comment of each built-in file explains its columns.

mod agencies;
mod confusions;
mod error;
mod matters;
mod regions;
mod synonyms;
mod tsv;
mod variants;
mod words;

#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

pub use agencies::{Agencies, Agency, NamedOffice, Relation};
pub use confusions::{Confusion, Confusions};
pub use error::{Error, Place};
pub use matters::{LicenceCategory, Matter, Matters};
pub use regions::{Region, Regions};
pub use synonyms::Synonyms;
pub use variants::Variants;
pub use words::Words;

/// All dictionaries, checked.
#[derive(Debug)]
pub struct Dictionaries {
    /// Terms of administrative approval.
    pub words: Words,
    /// Forms of characters.
    pub variants: Variants,
    /// Provinces, cities and counties.
    pub regions: Regions,
    /// Kinds of agencies.
    pub agencies: Agencies,
    /// Approval matters.
    pub matters: Matters,
    /// Words of the same meaning.
    pub synonyms: Synonyms,
    /// Characters that recognisers take for one another.
    pub confusions: Confusions,
    checksums: Vec<(&'static str, String)>,
}

/// The built-in files. The order is that of the checksums.
const BUILTIN: [(&str, &str); 7] = [
    (Words::FILE, include_str!("../../../dictionaries/words.tsv")),
    (Variants::FILE, include_str!("../../../dictionaries/variants.tsv")),
    (Regions::FILE, include_str!("../../../dictionaries/regions.tsv")),
    (Agencies::FILE, include_str!("../../../dictionaries/agencies.tsv")),
    (Matters::FILE, include_str!("../../../dictionaries/matters.tsv")),
    (Synonyms::FILE, include_str!("../../../dictionaries/synonyms.tsv")),
    (Confusions::FILE, include_str!("../../../dictionaries/confusions.tsv")),
];

impl Dictionaries {
    /// The dictionaries that are part of the program.
    ///
    /// # Errors
    /// When one is malformed: a fault of the program, which its tests exclude.
    pub fn builtin() -> Result<Self, Error> {
        Self::assemble(BUILTIN.map(|(file, text)| (file, text.to_owned())))
    }

    /// The dictionaries of a folder. A file that is not there is replaced by the built-in one; other files are ignored.
    ///
    /// # Errors
    /// When the folder cannot be read, or a file in it cannot be read or is malformed; names the file and the line.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let unreadable = |file: &str, source| Error::Unreadable {
            file: file.to_owned(),
            source,
        };
        // A mistyped folder must not silently mean "all built in".
        std::fs::read_dir(folder).map_err(|source| unreadable(&folder.display().to_string(), source))?;
        let mut files = BUILTIN.map(|(file, text)| (file, text.to_owned()));
        for (file, text) in &mut files {
            match std::fs::read(folder.join(*file)) {
                Ok(bytes) => *text = tsv::decode(file, bytes)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(unreadable(file, error)),
            }
        }
        Self::assemble(files)
    }

    fn assemble(files: [(&'static str, String); 7]) -> Result<Self, Error> {
        let checksums = files
            .iter()
            .map(|(file, text)| (*file, hex::encode(Sha256::digest(text))))
            .collect();
        let [words, variants, regions, agencies, matters, synonyms, confusions] = files;
        let agencies = Agencies::parse(&agencies.1)?;
        Ok(Self {
            words: Words::parse(&words.1)?,
            variants: Variants::parse(&variants.1)?,
            regions: Regions::parse(&regions.1)?,
            matters: Matters::parse(&matters.1, &agencies)?,
            agencies,
            synonyms: Synonyms::parse(&synonyms.1)?,
            confusions: Confusions::parse(&confusions.1)?,
            checksums,
        })
    }

    /// File name and SHA-256 (hexadecimal) of each dictionary, always in the same order.
    pub fn checksums(&self) -> &[(&'static str, String)] {
        &self.checksums
    }

    /// How many entries there are in all dictionaries together.
    pub fn entries(&self) -> usize {
        self.words.len()
            + self.variants.len()
            + self.regions.len()
            + self.agencies.len()
            + self.matters.len()
            + self.synonyms.len()
            + self.confusions.len()
    }
}
