//! The same scan in several cases: the same bytes, or images that look alike.

use std::collections::{BTreeMap, BTreeSet};

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::rule::{Rule, Severity};
use crate::catalogue::{PicturedPage, SharedContent};
use crate::record::DocumentKind;

/// Cases from which on a scan is an enclosure that all get, rather than evidence of one.
const ENCLOSURE: usize = 8;

/// Adds files that several visible cases show, of contents in their order. Cases that show different pages of one file share
/// a volume, not a scan.
pub(in super::super) fn identical_scans(
    contents: &[SharedContent],
    is_seen: impl Fn(u64) -> bool,
    found: &mut Vec<Draft>,
) {
    for same in contents.chunk_by(|a, b| a.content_id == b.content_id) {
        let seen: Vec<&SharedContent> = same.iter().filter(|content| is_seen(content.case_key)).collect();
        let shared = |content: &&&SharedContent| {
            seen.iter()
                .any(|other| other.case_key != content.case_key && overlap(other, content))
        };
        let shared: Vec<&SharedContent> = seen.iter().filter(shared).copied().collect();
        let mut cases: Vec<u64> = shared.iter().map(|content| content.case_key).collect();
        cases.sort_unstable();
        cases.dedup();
        let (Some(first), 2..) = (shared.first(), cases.len()) else {
            continue;
        };
        let severity = match (cases.len(), first.is_file, first.kind) {
            (ENCLOSURE.., ..) => Severity::Low,
            // Imported text may be a form that says nothing of the case.
            (_, false, _) => Severity::Check,
            (_, true, DocumentKind::Contents | DocumentKind::Other) => Severity::Medium,
            (_, true, _) => Severity::High,
        };
        let detail = Detail::Pages {
            cases: u32::try_from(cases.len()).unwrap_or(u32::MAX),
            distance: 0,
        };
        found.push(Draft::new(Rule::IdenticalScan, first.content_id.clone(), cases, detail).of(severity));
    }
}

/// Adds pages of several cases that look alike and say the same: positions in `pages`, and the bits that differ.
pub(in super::super) fn similar_scans(pages: &[PicturedPage], pairs: &[(usize, usize, u32)], found: &mut Vec<Draft>) {
    // Pages that are like a common one are one finding.
    let mut groups: BTreeMap<usize, (BTreeSet<usize>, u32)> = BTreeMap::new();
    let mut first_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (a, b, bits) in pairs {
        let first = first_of.get(a).or_else(|| first_of.get(b)).copied().unwrap_or(*a);
        first_of.insert(*a, first);
        first_of.insert(*b, first);
        let (group, most) = groups.entry(first).or_default();
        group.extend([*a, *b]);
        *most = (*most).max(*bits);
    }
    for (group, most) in groups.into_values() {
        let shown = || group.iter().filter_map(|at| pages.get(*at));
        let cases: BTreeSet<u64> = shown().map(|page| page.case_key).collect();
        let Some(first) = shown().next() else { continue };
        let severity = match cases.len() {
            ENCLOSURE.. => Severity::Low,
            _ => Rule::SimilarScan.severity(),
        };
        let detail = Detail::Pages {
            cases: u32::try_from(cases.len()).unwrap_or(u32::MAX),
            distance: most.max(1),
        };
        let subject = format!("{} {}", first.content_id, first.number);
        found.push(Draft::new(Rule::SimilarScan, subject, cases.into_iter().collect(), detail).of(severity));
    }
}

fn overlap(a: &SharedContent, b: &SharedContent) -> bool {
    a.first_page < b.first_page.saturating_add(b.page_count) && b.first_page < a.first_page.saturating_add(a.page_count)
}
