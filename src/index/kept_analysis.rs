//! What a generation was built with: a copy of the dictionaries beside its segments.
//!
//! When the dictionaries change, the old generation is still read with the analysis that wrote it, until a new one is
//! there. Without the copy, queries would be cut in another way than the texts were.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::analysis::Analyser;
use crate::analysis::dictionary::Dictionaries;

use super::Error;
use super::payload::built_by;

const FILE: &str = "dictionaries.json";

/// Writes the copy into the folder of a generation.
pub(super) fn keep(folder: &Path, analyser: &Analyser) -> Result<(), Error> {
    let path = folder.join(FILE);
    let texts: HashMap<&str, &str> = analyser
        .files()
        .iter()
        .map(|(file, text)| (*file, text.as_str()))
        .collect();
    let write = || {
        let mut file = File::create(&path)?;
        file.write_all(serde_json::json!(texts).to_string().as_bytes())?;
        file.sync_all()
    };
    write().map_err(|source| Error::io("write", &path, source))
}

/// The analysis that wrote a generation, numbers of persons kept as `wanted` does; `None` when there is no copy, or this
/// program would make other tokens of it (it is of another release).
pub(super) fn kept(folder: &Path, expected: &str, wanted: &Analyser) -> Option<Analyser> {
    let text = fs::read(folder.join(FILE)).ok()?;
    let texts: HashMap<String, String> = serde_json::from_slice(&text).ok()?;
    let analyser = Analyser::new(Dictionaries::from_texts(&texts).ok()?);
    let analyser = analyser.with_number_keeper(wanted.numbers().cloned());
    built_by(expected, &analyser).then_some(analyser)
}
