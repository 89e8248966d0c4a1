//! A correction survives everything that reads, imports or indexes again.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};

use juanzong::catalogue::Change;
use juanzong::record::{
    ArchivalCode, CaseFields, CaseRecord, DocumentKind, DocumentRecord, FieldName, PageRecord, PageText, TextSource,
};
use juanzong_indexer::sample::{Format, SampleOptions};
use serde_json::Value;

use crate::support::{Archive, field, options, sample, stdout};

const SIGKILL: i32 = 9;

/// An archive of two born digital cases, and where they came from.
struct Taken {
    archive: Archive,
    cases: String,
    manifest: PathBuf,
    /// Archival code and id of the case that is corrected.
    code: String,
    id: String,
}

fn taken(folder: &Path) -> Taken {
    let out = sample(
        folder,
        SampleOptions {
            cases: 2,
            seed: 11,
            only_formats: Some(vec![Format::PdfText]),
            ..options()
        },
    );
    let archive = Archive::new();
    let (cases, manifest) = (out.join("cases").display().to_string(), out.join("manifest.csv"));
    let run = archive.indexer(&["ingest", &cases, "--manifest", manifest.to_str().unwrap()]);
    assert!(
        run.status.success(),
        "{}{}",
        stdout(&run),
        String::from_utf8_lossy(&run.stderr)
    );
    let hit = archive.search(&[("q", ""), ("sort", "number")])["hits"][0].clone();
    let text = |name: &str| hit[name].as_str().unwrap().to_owned();
    Taken {
        cases,
        manifest,
        code: text("archival_code"),
        id: text("case_id"),
        archive,
    }
}

impl Taken {
    fn run(&self, arguments: &[&str]) {
        let run = self.archive.indexer(arguments);
        assert!(
            run.status.success(),
            "{arguments:?}: {}{}",
            stdout(&run),
            String::from_utf8_lossy(&run.stderr)
        );
    }

    fn page(&self) -> Value {
        self.archive
            .json(&format!("/api/v1/cases/{}/documents/1/pages/1", self.id), &[])
    }

    /// Corrects a field and a line, and lets the watcher take both in.
    fn correct(&self) {
        self.archive
            .correct(&self.code, field(FieldName::ApplicantName, "勘误申请人有限公司"));
        self.archive.correct(
            &self.code,
            Change::Line {
                document: 1,
                page: 1,
                line: 1,
                value: "勘误之后的第二行文字".to_owned(),
                old: Some(self.page()["lines"][1]["text"].as_str().unwrap().to_owned()),
            },
        );
        self.run(&["watch", "--once", "--settle", "0"]);
    }

    /// Field, page and search all say what the person said.
    fn holds(&self, after: &str) {
        let case = self.archive.json(&format!("/api/v1/cases/{}", self.id), &[]);
        assert_eq!(case["applicant"]["name"], "勘误申请人有限公司", "{after}");
        let line = &self.page()["lines"][1];
        assert_eq!(line["text"], "勘误之后的第二行文字", "{after}");
        assert_eq!(
            line["correction"],
            serde_json::json!({"number": 2, "placed": true}),
            "{after}"
        );
        for q in ["申请人:勘误申请人有限公司", "\"勘误之后的第二行文字\""] {
            assert_eq!(self.archive.codes(q), [self.code.as_str()], "{q} {after}");
        }
    }
}

#[test]
fn a_correction_survives_whatever_reads_again() {
    let folder = tempfile::tempdir().unwrap();
    let taken = taken(folder.path());
    let manifest = taken.manifest.to_str().unwrap().to_owned();
    taken.correct();
    taken.holds("watch");
    taken.run(&["reprocess", "--fields"]);
    taken.holds("reprocess --fields");
    taken.run(&["reprocess", "--again"]);
    taken.holds("reprocess --again");
    taken.run(&["reindex"]);
    taken.holds("reindex");
    taken.run(&["ingest", &taken.cases, "--manifest", &manifest]);
    taken.holds("ingest of the same");
    taken.run(&["ingest", &taken.cases]);
    taken.holds("ingest without the manifest");
    // The manifest says something else of every applicant.
    let mut reader = csv::Reader::from_path(&manifest).unwrap();
    let headings = reader.headers().unwrap().clone();
    let applicant = headings.iter().position(|h| h == "申请人").unwrap();
    let changed = folder.path().join("changed.csv");
    let mut writer = csv::Writer::from_path(&changed).unwrap();
    writer.write_record(&headings).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let cells = row.iter().enumerate();
        let cells = cells.map(|(at, cell)| {
            if at == applicant {
                "清单另有说法公司"
            } else {
                cell
            }
        });
        writer.write_record(cells).unwrap();
    }
    writer.flush().unwrap();
    taken.run(&["ingest", &taken.cases, "--manifest", changed.to_str().unwrap()]);
    taken.holds("ingest with another manifest");
    let others = taken.archive.codes("申请人:清单另有说法公司");
    assert_eq!(others.len(), 1, "the other case has what the manifest says now");
}

/// Imported text has no file: it comes with the case, and again with the next import.
#[test]
fn a_correction_survives_another_import() {
    let archive = Archive::new();
    let import = |second: &str| {
        let pages = ["行政许可决定书\n准予许町", second];
        let pages = (1..).zip(pages).map(|(number, text)| PageRecord {
            number,
            width: 0,
            height: 0,
            dpi: None,
            rotation: 0,
            skew: 0.0,
            confidence: None,
            source: TextSource::Import,
            engine: "import".into(),
            text: PageText::without_geometry(text),
            failure: None,
        });
        let case = CaseRecord {
            archival_code: ArchivalCode::parse("A-2019-1").unwrap(),
            fields: CaseFields::default(),
            facts: Vec::new(),
            documents: vec![DocumentRecord {
                ordinal: 1,
                title: "决定书".into(),
                kind: DocumentKind::Decision,
                source_name: String::new(),
                file_sha256: None,
                part: None,
                failure: None,
                pages: pages.collect(),
            }],
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let catalogue = archive.catalogue().await;
            catalogue.save_case(&case).await.unwrap();
            catalogue.close().await;
        });
    };
    import("第二页");
    archive.correct("A-2019-1", field(FieldName::Matter, "勘误事项许可"));
    let line = Change::Line {
        document: 1,
        page: 1,
        line: 1,
        value: "准予许可勘误".to_owned(),
        old: Some("准予许町".to_owned()),
    };
    archive.correct("A-2019-1", line);
    for (second, step) in [
        ("第二页", &["watch", "--once", "--settle", "0"][..]),
        ("第二页", &["reprocess", "--fields"]),
        ("改过的第二页", &["reprocess", "--fields"]),
        ("改过的第二页", &["reindex"]),
    ] {
        import(second);
        let run = archive.indexer(step);
        assert!(
            run.status.success(),
            "{step:?}: {}",
            String::from_utf8_lossy(&run.stderr)
        );
        for q in ["\"准予许可勘误\"", "事项:勘误事项许可", &format!("\"{second}\"")] {
            assert_eq!(archive.codes(q), ["A-2019-1"], "{q} after {step:?}");
        }
        assert_eq!(archive.codes("\"准予许町\""), [] as [&str; 0]);
    }
}

#[test]
fn reprocess_keeps_what_it_cannot_read_and_goes_on_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let taken = taken(folder.path());
    taken.correct();
    let dump = || {
        let dump = taken.archive.dump();
        let kept: Vec<String> = dump
            .lines()
            .filter(|line| !line.starts_with("job "))
            .map(str::to_owned)
            .collect();
        kept.join("\n")
    };
    let before = dump();
    for point in ["page_saved:2", "case_reprocessed:1"] {
        let killed = taken.archive.indexer_killed_at(Some(point), &["reprocess", "--again"]);
        assert_eq!(killed.status.signal(), Some(SIGKILL), "{point}: {}", stdout(&killed));
        taken.run(&["reprocess", "--again"]);
        assert_eq!(dump(), before, "{point}");
        taken.holds(point);
    }
    // Nothing to do: every page has a text layer.
    let idle = taken.archive.indexer(&["reprocess", "--json"]);
    let summary: Value = serde_json::from_slice(&idle.stdout).unwrap();
    assert_eq!(
        (&summary["pages_read"], &summary["cases"]),
        (&0.into(), &0.into()),
        "{summary}"
    );
    // One case by its code, one by a query; names that are not there.
    for only in [format!("case={}", taken.code), "query=勘误之后的第二行文字".to_owned()] {
        let run = taken
            .archive
            .indexer(&["reprocess", "--fields", "--only", &only, "--json"]);
        let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(summary["cases"], 1, "{only}: {summary}");
    }
    for only in ["case=nothing-here", "enigne=tesseract", "quality<7"] {
        let run = taken.archive.indexer(&["reprocess", "--fields", "--only", only]);
        assert_eq!(run.status.code(), Some(2), "{only}");
    }
    // An original that is gone: named, the text stays, exit status 1.
    std::fs::remove_dir_all(taken.archive.data().join("originals")).unwrap();
    let run = taken.archive.indexer(&["reprocess", "--again", "--json"]);
    assert_eq!(run.status.code(), Some(1));
    let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
    let failures = summary["failures"].as_array().unwrap();
    assert!(
        !failures.is_empty() && failures.iter().all(|f| f["code"] == "unreadable"),
        "{summary}"
    );
    assert!(failures[0]["place"].as_str().unwrap().contains(".pdf"));
    assert_eq!(dump(), before);
}

#[test]
fn a_killed_watcher_takes_corrections_in_when_it_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let taken = taken(folder.path());
    let watch = ["watch", "--once", "--settle", "0"];
    let points = [
        "correction_started:1",
        "correction_applied:1",
        "case_loaded:1",
        "index_applied:1",
    ];
    for (at, point) in points.into_iter().enumerate() {
        let title = format!("勘误题名第{at}次");
        taken.archive.correct(&taken.code, field(FieldName::Title, &title));
        let killed = taken.archive.indexer_killed_at(Some(point), &watch);
        assert_eq!(killed.status.signal(), Some(SIGKILL), "{point}: {}", stdout(&killed));
        taken.run(&watch);
        assert_eq!(
            taken.archive.codes(&format!("\"{title}\"")),
            [taken.code.as_str()],
            "{point}"
        );
    }
    let open = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let catalogue = taken.archive.catalogue().await;
        catalogue.counts().await.unwrap().jobs_open
    });
    assert_eq!(open, 0);
}
