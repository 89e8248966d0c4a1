//! The bytes of a line → its keys and values, or where it is no line of an import.

use juanzong::record::CaseLine;
use serde_json::error::Category;

use super::Line;
use crate::report::{FindingCode, LineFinding};

/// Different unknown keys that are named for one line.
const MOST_UNKNOWN: usize = 20;
/// Longest name of an unknown key that is repeated, in characters.
const MOST_KEY: usize = 60;

/// Reads the keys and values of a line; `None` when a fault was found.
pub(super) fn parse(line: &Line, findings: &mut Vec<LineFinding>) -> Option<CaseLine> {
    if line.too_long {
        findings.push(LineFinding::new(FindingCode::LineTooLong, line.number));
        return None;
    }
    let text = match std::str::from_utf8(&line.bytes) {
        Ok(text) => text,
        Err(error) => {
            let finding = LineFinding::new(FindingCode::EncodingBroken, line.number);
            findings.push(finding.column(error.valid_up_to() + 1));
            return None;
        }
    };
    // Something else than an object: a list of all cases, a table.
    if !text.trim_start().starts_with('{') {
        findings.push(LineFinding::new(FindingCode::LineNotObject, line.number));
        return None;
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let mut unknown: Vec<String> = Vec::new();
    let parsed = serde_ignored::deserialize(&mut json, |path| {
        if unknown.len() < MOST_UNKNOWN {
            unknown.push(without_indices(&path.to_string()));
        }
    });
    let ended = parsed.and_then(|parsed: CaseLine| json.end().map(|()| parsed));
    unknown.sort();
    unknown.dedup();
    for key in unknown {
        findings.push(LineFinding::new(FindingCode::KeyUnknown, line.number).key(key));
    }
    match ended {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            findings.push(located(line.number, text, &error));
            None
        }
    }
}

/// Where and what an error is. Its own wording may hold a value and is not shown.
fn located(number: u64, text: &str, error: &serde_json::Error) -> LineFinding {
    let wording = error.to_string();
    let code = match error.classify() {
        Category::Syntax | Category::Io => FindingCode::JsonSyntax,
        Category::Eof => FindingCode::JsonCutOff,
        Category::Data if wording.starts_with("duplicate field") => FindingCode::KeyRepeated,
        Category::Data if wording.starts_with("missing field") => FindingCode::KeyMissing,
        Category::Data => FindingCode::WrongType,
    };
    let mut finding = LineFinding::new(code, number).column(error.column());
    if error.is_data() {
        // Read once more, which is slower, to learn the way to the value.
        let mut json = serde_json::Deserializer::from_str(text);
        let again: Result<CaseLine, _> = serde_path_to_error::deserialize(&mut json);
        if let Err(again) = again {
            let mut path = again.path().to_string();
            // serde tells the name of a key that is missing or repeated in its wording only.
            if code != FindingCode::WrongType
                && let Some(key) = wording.split('`').nth(1)
            {
                let within = if path == "." { "" } else { path.as_str() };
                let ends = within.ends_with(key);
                path = match (within, ends) {
                    ("", _) => key.to_owned(),
                    (within, true) => within.to_owned(),
                    (within, false) => format!("{within}.{key}"),
                };
            }
            finding = finding.key(cut(&path));
        }
    }
    finding
}

/// `documents.3.pages.1.colour` → `documents.pages.colour`: the same key for each document.
fn without_indices(path: &str) -> String {
    let parts = path
        .split('.')
        .filter(|part| !part.bytes().all(|b| b.is_ascii_digit()) && *part != "?");
    cut(&parts.collect::<Vec<_>>().join("."))
}

/// Keys are names, but a broken file may hold anything in their place.
fn cut(key: &str) -> String {
    key.chars().filter(|c| !c.is_control()).take(MOST_KEY).collect()
}
