//! The columns that name files and count their pages.

use super::cells::{Value, compact};
use crate::decode::limits::MAX_PAGES;
use crate::report::FindingCode;

/// Between the names, or the numbers, of one cell.
const BETWEEN: [char; 5] = [';', '；', '|', '\n', '\r'];

/// How many pages a manifest declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclaredPages {
    /// So many in all.
    Total(u32),
    /// So many of each document, in the order of the files.
    Each(Vec<u32>),
}

/// Files and folders of one cell, with `/` between the parts of a path, and whether one is named twice.
pub(super) fn names(text: &str) -> Result<(Vec<String>, bool), FindingCode> {
    let mut names: Vec<String> = Vec::new();
    let mut twice = false;
    for name in text.split(BETWEEN) {
        let name = name.trim().replace('\\', "/");
        let name = name.trim_end_matches('/');
        if name.is_empty() {
            continue;
        }
        if escapes(name) {
            return Err(FindingCode::PathEscapes);
        }
        let plain: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let plain = plain.join("/");
        if names.contains(&plain) {
            twice = true;
        } else if !plain.is_empty() {
            names.push(plain);
        }
    }
    Ok((names, twice))
}

/// Whether a path leads out of the folder that it is looked for in: absolute, with a drive letter, or upwards.
fn escapes(name: &str) -> bool {
    let mut start = name.chars();
    let drive = start.next().is_some_and(|c| c.is_ascii_alphabetic()) && start.next() == Some(':');
    drive || name.starts_with('/') || name.starts_with("~/") || name.split('/').any(|part| part.trim() == "..")
}

/// Numbers of pages: one for the case, or one for each file between the separators of file names.
pub(super) fn pages(value: &Value) -> Result<DeclaredPages, FindingCode> {
    let text = value.text();
    let parts: Vec<String> = text
        .split(BETWEEN)
        .flat_map(|part| part.split([',', '，', '、', '+']))
        .map(compact)
        .filter(|part| !part.is_empty())
        .collect();
    let mut counts = Vec::with_capacity(parts.len());
    for part in &parts {
        let digits = part.strip_suffix('页').unwrap_or(part);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(FindingCode::PageCountUnfit);
        }
        match digits.parse::<u32>() {
            Ok(count @ 1..=MAX_PAGES) => counts.push(count),
            _ => return Err(FindingCode::PageCountOutOfRange),
        }
    }
    match counts.as_slice() {
        [] => Err(FindingCode::PageCountUnfit),
        [only] => Ok(DeclaredPages::Total(*only)),
        _ => Ok(DeclaredPages::Each(counts)),
    }
}
