//! The same scan in several cases: the same bytes, or images that look alike.

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::rule::{Rule, Severity};
use crate::catalogue::SharedContent;
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

fn overlap(a: &SharedContent, b: &SharedContent) -> bool {
    a.first_page < b.first_page.saturating_add(b.page_count) && b.first_page < a.first_page.saturating_add(a.page_count)
}
