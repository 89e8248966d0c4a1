//! Findings in a generated archive with irregularities of all kinds: every planted one is found, nothing else is told, and all
//! equals what is reckoned apart from the program. The large version of this is `make bench-findings`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use juanzong::access::{Restriction, VisibleCases};
use juanzong_indexer::sample::{AuditOptions, AuditedArchive};

#[path = "../benches/common/audit.rs"]
mod audit;

use crate::support::{Archive, stdout};

const OPTIONS: AuditOptions = AuditOptions {
    cases: 2_400,
    planted: 44,
    seed: 20_261,
};

fn imported(audited: &AuditedArchive) -> Archive {
    let archive = Archive::new();
    let path = archive.folder.path().join("lines.jsonl");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for line in audited.lines() {
        serde_json::to_writer(&mut out, &line).unwrap();
        out.write_all(b"\n").unwrap();
    }
    out.flush().unwrap();
    drop(out);
    let run = archive.indexer(&["import", path.to_str().unwrap(), "--json"]);
    assert!(
        run.status.success(),
        "{}{}",
        stdout(&run),
        String::from_utf8_lossy(&run.stderr)
    );
    archive
}

pub(crate) fn findings(data: &Path, visible: VisibleCases) -> (Vec<audit::Found>, u64) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(audit::findings(data, visible)).unwrap()
}

#[test]
fn what_is_planted_is_found_and_nothing_else() {
    let audited = AuditedArchive::invent(OPTIONS);
    let archive = imported(&audited);
    let (found, examined) = findings(&archive.data(), VisibleCases::all());
    let lines: Vec<_> = audited.lines().collect();
    assert_eq!(examined, lines.len() as u64);
    let expected = crate::recomputed::expected(&lines);
    let scores = audit::score(&found, audited.planted(), &expected);
    let table = audit::table(&scores, examined);
    for (rule, score) in &scores {
        assert_eq!(score.recalled, score.planted, "{rule}\n{table}");
        assert_eq!(score.unlike.unwrap_or_default(), 0, "{rule}\n{table}");
        assert!(score.false_cases * 100 <= lines.len(), "{rule}\n{table}");
    }
    let kinds: BTreeSet<&str> = audited.planted().iter().map(|plant| plant.rule).collect();
    assert_eq!(kinds.len(), 20, "{kinds:?}");

    // An index that is made anew changes nothing, and neither does asking again.
    assert!(archive.indexer(&["reindex"]).status.success());
    let ids = |found: &[audit::Found]| found.iter().map(|finding| finding.id.clone()).collect::<Vec<_>>();
    let (again, _) = findings(&archive.data(), VisibleCases::all());
    assert_eq!(ids(&again), ids(&found));
    assert_eq!(
        ids(&found).into_iter().collect::<BTreeSet<_>>().len(),
        found.len(),
        "each its own"
    );

    // Who sees one agency is told what its cases alone show.
    let agency = lines[0].agency.clone().unwrap();
    let own: BTreeSet<&str> = lines
        .iter()
        .filter(|line| line.agency.as_ref() == Some(&agency))
        .filter_map(|line| line.archival_code.as_deref())
        .collect();
    let (seen, _) = findings(
        &archive.data(),
        VisibleCases::all().and(Restriction::Agencies(vec![agency.clone()])),
    );
    assert!(!seen.is_empty());
    for finding in &seen {
        assert!(
            finding.cases.iter().all(|code| own.contains(code.as_str())),
            "{finding:?}"
        );
        assert!(
            finding.place.as_ref().is_none_or(|(of, _)| *of == agency),
            "{finding:?}"
        );
    }
}
