//! What a line says beyond the case itself, and what the archive knows of the case already.

use std::path::Path;

use juanzong::catalogue::{NewFile, PackedCase, Saved, Taken};
use juanzong::record::{ArchivalCode, Fact, FactSource, FileLine};

use super::prepare::Prepared;
use super::{ImportOptions, Importing};
use crate::pipeline::Error;
use crate::pipeline::imported::{Beside, facts_of_import};
use crate::report::{FindingCode, LineFinding};

/// Media type of a file of which nothing is known.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Before the cases are saved: their files are registered, masked values give way to those that are there, and facts are
/// read from the lines that people corrected.
pub(super) async fn before(
    importing: &Importing,
    options: &ImportOptions,
    cases: &mut [Prepared],
    findings: &mut Vec<LineFinding>,
) -> Result<(), Error> {
    let codes: Vec<&ArchivalCode> = cases.iter().map(|case| &case.packed.case().archival_code).collect();
    let corrected = importing.catalogue.corrected_among(&codes).await?;
    for case in cases {
        for file in &case.files {
            if !register(importing, file).await? {
                let code = &case.packed.case().archival_code;
                findings.push(LineFinding::new(FindingCode::FileNotHere, case.number).of(Some(code)));
            }
        }
        let code = case.packed.case().archival_code.clone();
        if !case.masked.is_empty() {
            let here = kept_for(importing, &code, &case.masked).await?;
            case.own.extend(here.iter().cloned());
            let facts = case.packed.case().facts.iter().cloned();
            case.packed.set_facts(here.into_iter().chain(facts).collect());
        }
        if !case.complete
            && let Some(case_key) = corrected.get(code.as_str())
        {
            read_corrected(importing, options, *case_key, case).await?;
        }
    }
    Ok(())
}

/// After the cases were saved: their corrections are taken in, and cases withdrawn.
pub(super) async fn after(
    importing: &Importing,
    options: &ImportOptions,
    cases: &mut [Prepared],
    saved: &[Saved],
    findings: &mut Vec<LineFinding>,
) -> Result<(), Error> {
    for (case, saved) in cases.iter_mut().zip(saved) {
        let case_key = saved.case_key();
        match importing
            .catalogue
            .take_corrections(case_key, &case.corrections)
            .await?
        {
            Taken::Known => {}
            Taken::Added if case.complete => {}
            Taken::Added => {
                read_corrected(importing, options, case_key, case).await?;
                importing.catalogue.save_packed(&[&case.packed]).await?;
            }
            Taken::Differ => {
                let code = &case.packed.case().archival_code;
                findings.push(LineFinding::new(FindingCode::CorrectionsDiffer, case.number).of(Some(code)));
            }
        }
        if case.withdrawn {
            importing.catalogue.set_withdrawn(case_key, true).await?;
        }
    }
    Ok(())
}

/// Reads the facts of a case anew, from its text with the lines that people corrected.
async fn read_corrected(
    importing: &Importing,
    options: &ImportOptions,
    case_key: u64,
    case: &mut Prepared,
) -> Result<(), Error> {
    let Some((here, edits)) = importing.catalogue.load_as_read(case_key).await? else {
        return Ok(());
    };
    let corrections = here
        .facts
        .into_iter()
        .filter(|fact| fact.source == FactSource::Correction);
    let beside = Beside {
        extract: options.extract,
        edits: &edits,
        corrections: corrections.collect(),
    };
    let mut own = PackedCase::clone(&case.packed);
    own.set_facts(case.own.clone());
    let facts = facts_of_import(own.case(), own.content_ids(), beside, &importing.vocabulary);
    case.packed.set_facts(facts);
    Ok(())
}

/// Registers the file of a document; tells whether its original is here.
async fn register(importing: &Importing, file: &FileLine) -> Result<bool, Error> {
    let known = importing.catalogue.file_state(&file.sha256).await?.is_some();
    if !known {
        let new = NewFile {
            sha256: file.sha256.clone(),
            bytes: file.bytes.unwrap_or(0),
            media_type: file.media_type.clone().unwrap_or_else(|| UNKNOWN_TYPE.to_owned()),
            pages: file.pages,
        };
        importing.catalogue.register_file(&new).await?;
        if file.pages.is_some() {
            importing.catalogue.finish_file(&file.sha256, file.pages, None).await?;
        }
    }
    let original: &Path = &importing.data.original_path(&file.sha256)?;
    Ok(original.try_exists().unwrap_or(false))
}

/// The values of the archive that masked ones stand for.
async fn kept_for(importing: &Importing, code: &ArchivalCode, masked: &[Fact]) -> Result<Vec<Fact>, Error> {
    let Some(summary) = importing.catalogue.case_by_code(code).await? else {
        return Ok(Vec::new());
    };
    let mut here = importing.catalogue.facts(summary.case_key).await?.unwrap_or_default();
    here.retain(|fact| {
        fact.source != FactSource::Correction
            && masked
                .iter()
                .any(|m| m.field == fact.field && m.source == fact.source && stands_for(&m.value, &fact.value))
    });
    Ok(here)
}

/// Whether a masked value shows what another has at its ends.
fn stands_for(masked: &str, value: &str) -> bool {
    let visible = |c: &char| !crate::import::is_mask(*c);
    let masked: Vec<char> = masked.chars().collect();
    let value: Vec<char> = value.chars().collect();
    let head = masked.iter().take_while(|c| visible(c)).count();
    let tail = masked.iter().rev().take_while(|c| visible(c)).count();
    head + tail <= value.len()
        && masked[..head] == value[..head]
        && masked[masked.len() - tail..] == value[value.len() - tail..]
        && head + tail > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_number_stands_for_the_one_with_its_ends() {
        assert!(stands_for("1402**********1234", "140224199001011234"));
        assert!(stands_for("138****1234", "13800001234"));
        for other in ["140224199001011235", "150224199001011234", "141234", ""] {
            assert!(!stands_for("1402**********1234", other), "{other}");
        }
        assert!(!stands_for("****", "1234"));
    }
}
