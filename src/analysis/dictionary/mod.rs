//! The tables behind the analysis: what to look up lives in files that an archive can edit, not in code.
//!
//! Each file has a built-in version (`dictionaries/` in the source tree, with its sources in `SOURCES.md`). An archive adds
//! to any of them, and overrides rows of it, by a file of the same name in the folder `dictionaries/` of its data directory.
//!
//! Words, variants, regions and confusions make the tokens of an index, and so do the *built-in* names of agencies,
//! matters and synonyms: they are what [`Dictionaries::index_files`] gives. What an archive adds to the latter three only
//! changes how queries are read, so it needs no new index; holidays, time limits and retention periods are only reckoned with.
//!
//! One format for all: UTF-8 without byte order mark, lines ending with LF, columns separated by single tabs, `#` at the
//! start of a line for comments, `-` for "none", `|` between several values of one column. Anything else is an error
//! that names file and line. The first comment of each built-in file explains its columns.

mod agencies;
mod confusions;
mod edit;
mod error;
mod holidays;
mod matters;
mod regions;
mod retention;
mod synonyms;
mod time_limits;
mod tsv;
mod variants;
mod words;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

pub use agencies::{Agencies, Agency, NamedOffice, Relation};
pub use confusions::{Confusion, Confusions};
pub use edit::{Added, Addition, CheckedAddition, EditError};
pub use error::{Error, Place};
pub use holidays::{DayKind, Holiday, Holidays};
pub use matters::{LicenceCategory, Matter, Matters};
pub use regions::{Region, Regions};
pub use retention::Retentions;
pub use synonyms::Synonyms;
pub use time_limits::{TimeLimitRow, TimeLimits};
pub use variants::Variants;
pub use words::Words;

use tsv::Layers;

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
    /// Holidays and working weekends.
    pub holidays: Holidays,
    /// Time limits of matters.
    pub time_limits: TimeLimits,
    /// Least retention periods.
    pub retention: Retentions,
    lexicon_names: LexiconNames,
    checksums: Vec<(&'static str, String)>,
    index_files: Vec<(&'static str, String)>,
}

/// The built-in names that are words of the index. Those that an archive adds are not, for then each would ask for a
/// new index; a name that shall count as one word is added to the words.
#[derive(Debug, Default)]
pub(super) struct LexiconNames {
    pub(super) agencies: Vec<String>,
    /// Names and synonyms of matters, and the terms of synonyms.
    pub(super) terms: Vec<String>,
}

/// One dictionary: its name, the built-in text, and what an archive has of its own.
type File = (&'static str, String, Option<String>);

/// The built-in files. The order is that of the checksums. The last three have nothing to do with tokens, so no index keeps
/// them.
const BUILTIN: [(&str, &str); 10] = [
    (Words::FILE, include_str!("../../../dictionaries/words.tsv")),
    (Variants::FILE, include_str!("../../../dictionaries/variants.tsv")),
    (Regions::FILE, include_str!("../../../dictionaries/regions.tsv")),
    (Agencies::FILE, include_str!("../../../dictionaries/agencies.tsv")),
    (Matters::FILE, include_str!("../../../dictionaries/matters.tsv")),
    (Synonyms::FILE, include_str!("../../../dictionaries/synonyms.tsv")),
    (Confusions::FILE, include_str!("../../../dictionaries/confusions.tsv")),
    (Holidays::FILE, include_str!("../../../dictionaries/holidays.tsv")),
    (TimeLimits::FILE, include_str!("../../../dictionaries/time_limits.tsv")),
    (Retentions::FILE, include_str!("../../../dictionaries/retention.tsv")),
];

impl Dictionaries {
    /// The dictionaries that are part of the program.
    ///
    /// # Errors
    /// When one is malformed: a fault of the program, which its tests exclude.
    pub fn builtin() -> Result<Self, Error> {
        Self::assemble(&BUILTIN.map(|(file, text)| (file, text.to_owned(), None)))
    }

    /// The built-in dictionaries with what an archive has of its own in a folder. A folder or file that is not there
    /// adds nothing; files of other names are ignored.
    ///
    /// # Errors
    /// When a file cannot be read or is malformed; names the file and the line.
    pub fn extended(folder: &Path) -> Result<Self, Error> {
        let mut files = BUILTIN.map(|(file, text)| (file, text.to_owned(), None));
        for (file, _, own) in &mut files {
            *own = Some(read(folder, file)?.unwrap_or_default());
        }
        Self::assemble(&files)
    }

    /// The dictionaries of a folder that stand in for the built-in ones: what an index was built with. A file that is
    /// not there is replaced by the built-in one; other files are ignored.
    ///
    /// # Errors
    /// When the folder cannot be read, or a file in it cannot be read or is malformed; names the file and the line.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        // A mistyped folder must not silently mean "all built in".
        std::fs::read_dir(folder).map_err(|source| unreadable(&folder.display().to_string(), source))?;
        let mut texts = HashMap::new();
        for (file, _) in BUILTIN {
            if let Some(text) = read(folder, file)? {
                texts.insert(file.to_owned(), text);
            }
        }
        Self::from_texts(&texts)
    }

    /// As [`Self::load`], with the texts by the names of their files.
    ///
    /// # Errors
    /// When one is malformed.
    pub fn from_texts(texts: &HashMap<String, String>) -> Result<Self, Error> {
        Self::assemble(&BUILTIN.map(|(file, built_in)| {
            let text = texts.get(file).map_or(built_in, String::as_str);
            (file, text.to_owned(), None)
        }))
    }

    fn assemble(files: &[File; BUILTIN.len()]) -> Result<Self, Error> {
        let [
            words,
            variants,
            regions,
            agencies,
            matters,
            synonyms,
            confusions,
            holidays,
            time_limits,
            retention,
        ] = files.each_ref().map(|(_, base, own)| Layers {
            base,
            own: own.as_deref(),
        });
        let effective = [
            Words::table(words).effective()?,
            Variants::table(variants).effective()?,
            Regions::table(regions).effective()?,
            Agencies::table(agencies).effective()?,
            Matters::table(matters).effective()?,
            Synonyms::table(synonyms).effective()?,
            Confusions::table(confusions).effective()?,
            Holidays::table(holidays).effective()?,
            TimeLimits::table(time_limits).effective()?,
            Retentions::table(retention).effective()?,
        ];
        let [in_words, in_variants, in_regions, _, _, _, in_confusions, ..] = effective.clone();
        let for_index = [
            in_words,
            in_variants,
            in_regions,
            Agencies::table(agencies.base).effective()?,
            Matters::table(matters.base).effective()?,
            Synonyms::table(synonyms.base).effective()?,
            in_confusions,
        ];
        let index_files = files.iter().zip(for_index).map(|((file, ..), text)| (*file, text));
        let index_files = index_files.collect();
        let checksums = files.iter().zip(&effective);
        let checksums = checksums.map(|((file, ..), text)| (*file, hex::encode(Sha256::digest(text))));
        let checksums = checksums.collect();
        let agencies_of_queries = Agencies::parse(agencies)?;
        let built_in_agencies = Agencies::parse(agencies.base)?;
        let lexicon_names = LexiconNames::of(
            &built_in_agencies,
            &Matters::parse(matters.base, &built_in_agencies)?,
            &Synonyms::parse(synonyms.base)?,
        );
        let matters = Matters::parse(matters, &agencies_of_queries)?;
        Ok(Self {
            words: Words::parse(words)?,
            variants: Variants::parse(variants)?,
            regions: Regions::parse(regions)?,
            holidays: Holidays::parse(holidays)?,
            time_limits: TimeLimits::parse(time_limits, &matters)?,
            retention: Retentions::parse(retention)?,
            matters,
            agencies: agencies_of_queries,
            synonyms: Synonyms::parse(synonyms)?,
            confusions: Confusions::parse(confusions)?,
            lexicon_names,
            checksums,
            index_files,
        })
    }

    /// Name and text of each file from which an index built now could be built again: see the top of this module. Two
    /// sets of dictionaries with the same files give the same tokens.
    pub fn index_files(&self) -> &[(&'static str, String)] {
        &self.index_files
    }

    pub(super) fn lexicon_names(&self) -> &LexiconNames {
        &self.lexicon_names
    }

    /// File name and SHA-256 (hexadecimal) of the rows that count of each dictionary, always in the same order.
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
            + self.holidays.len()
            + self.time_limits.len()
            + self.retention.len()
    }
}

impl LexiconNames {
    fn of(agencies: &Agencies, matters: &Matters, synonyms: &Synonyms) -> Self {
        let matters = matters
            .iter()
            .flat_map(|matter| std::iter::once(&matter.name).chain(&matter.synonyms));
        Self {
            agencies: agencies.iter().map(|agency| agency.name.clone()).collect(),
            terms: matters.chain(synonyms.groups().flatten()).cloned().collect(),
        }
    }
}

/// The text of a dictionary in a folder; `None` when it is not there.
fn read(folder: &Path, file: &str) -> Result<Option<String>, Error> {
    match std::fs::read(folder.join(file)) {
        Ok(bytes) => tsv::decode(file, bytes).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(file, error)),
    }
}

fn unreadable(file: &str, source: io::Error) -> Error {
    Error::Unreadable {
        file: file.to_owned(),
        source,
    }
}
