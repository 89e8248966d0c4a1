//! Data flows one way: reads the sources and fails on a breach of the layering in `docs/architecture.md`.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms of the library and the rooms each may use besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("record", &[]),
    ("xml", &[]),
    ("pdf", &["record", "xml"]),
    ("analysis", &["record"]),
    ("analytics", &["record", "access", "analysis", "catalogue"]),
    ("access", &["record"]),
    ("index", &["record", "analysis", "analytics"]),
    ("review", &["record"]),
    ("catalogue", &["record", "access", "review"]),
    ("bounded", &[]),
    (
        "search",
        &["record", "access", "analysis", "analytics", "index", "bounded"],
    ),
    (
        "archive",
        &[
            "record",
            "access",
            "analysis",
            "analytics",
            "index",
            "review",
            "catalogue",
            "search",
            "bounded",
        ],
    ),
    ("page_image", &["record"]),
    (
        "export",
        &[
            "record",
            "access",
            "analysis",
            "analytics",
            "catalogue",
            "search",
            "archive",
            "page_image",
            "pdf",
            "xml",
        ],
    ),
    ("config", &["record", "access"]),
    ("killpoint", &[]),
    ("throttle", &[]),
    (
        "backup",
        &["record", "access", "catalogue", "config", "killpoint", "throttle"],
    ),
    (
        "verify",
        &[
            "record",
            "access",
            "review",
            "catalogue",
            "killpoint",
            "throttle",
            "xml",
        ],
    ),
    (
        "maintenance",
        &[
            "record",
            "access",
            "catalogue",
            "config",
            "archive",
            "backup",
            "verify",
            "telemetry",
        ],
    ),
    ("telemetry", &["config"]),
    ("text_table", &[]),
    (
        "http",
        &[
            "record",
            "access",
            "analysis",
            "analytics",
            "index",
            "review",
            "catalogue",
            "search",
            "archive",
            "config",
            "telemetry",
            "page_image",
            "export",
            "xml",
            "maintenance",
            "verify",
        ],
    ),
    (
        "cli",
        &[
            "record",
            "access",
            "analysis",
            "analytics",
            "index",
            "review",
            "catalogue",
            "search",
            "archive",
            "config",
            "telemetry",
            "http",
            "text_table",
            "export",
            "backup",
            "maintenance",
            "verify",
        ],
    ),
];

/// Rooms of the indexer and the rooms of the indexer each may use besides itself.
const INDEXER_ROOMS: &[(&str, &[&str])] = &[
    ("sample", &[]),
    ("score", &[]),
    ("source", &[]),
    ("decode", &["source"]),
    ("prepare", &["decode"]),
    ("ocr", &["prepare", "decode"]),
    ("layout", &["ocr", "prepare", "decode"]),
    ("extract", &[]),
    ("assembly", &["extract"]),
    ("progress", &["decode", "report"]),
    ("table", &["decode"]),
    (
        "worker",
        &["source", "decode", "prepare", "ocr", "layout", "score", "table"],
    ),
    ("output", &["decode", "score"]),
    ("isolate", &["source", "decode", "ocr", "worker", "table"]),
    ("report", &["decode", "table"]),
    ("manifest", &["decode", "isolate", "report", "table"]),
    ("reconcile", &["manifest", "report"]),
    ("import", &["manifest", "report", "table"]),
    (
        "pipeline",
        &[
            "source",
            "decode",
            "worker",
            "isolate",
            "extract",
            "assembly",
            "progress",
            "report",
            "manifest",
            "reconcile",
            "import",
        ],
    ),
];

/// Libraries that only the named rooms may name.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("tantivy", &["index", "search"]),
    ("sqlx", &["catalogue"]),
    ("jieba_rs", &["analysis"]),
    ("pinyin", &["analysis"]),
    ("axum", &["http", "cli"]),
];

fn sources(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The room a file belongs to: the first part of its path below `src`.
fn room_of(root: &Path, file: &Path) -> String {
    let first = file.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The names that follow `prefix` in a line, e.g. the rooms of `use crate::{record::X, index}`.
fn names_after<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    for rest in line.split(prefix).skip(1) {
        let (list, most) = match rest.strip_prefix('{') {
            Some(list) => (list.split('}').next().unwrap(), usize::MAX),
            None => (rest, 1),
        };
        for part in list.split(',').take(most) {
            names.extend(
                part.trim_start()
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next(),
            );
        }
    }
    names
}

fn breaches(root: &Path, rooms: &[(&str, &[&str])]) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    let mut read = 0;
    for file in sources(root) {
        let room = room_of(root, &file);
        let Some((_, allowed)) = rooms.iter().find(|(name, _)| *name == room) else {
            continue;
        };
        read += 1;
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for used in names_after(line, "crate::") {
                let known = rooms.iter().any(|(name, _)| *name == used);
                if known && used != room && !allowed.contains(&used) {
                    found.push(format!("{}:{}: `{room}` uses `{used}`", file.display(), number + 1));
                }
            }
            for (library, users) in LIBRARIES {
                let named = line.contains(&format!("{library}::"));
                if named && !users.contains(&room.as_str()) {
                    found.push(format!("{}:{}: `{room}` names `{library}`", file.display(), number + 1));
                }
            }
        }
    }
    (read, found)
}

#[test]
fn no_room_reaches_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (read, found) = breaches(&root, ROOMS);
    assert!(read > 20, "only {read} files were read");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_stage_of_the_indexer_reaches_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("indexer/src");
    let (read, found) = breaches(&root, INDEXER_ROOMS);
    assert!(read > 10, "only {read} files were read");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_reader_of_use_lines_sees_lists_and_paths() {
    assert_eq!(
        names_after("use crate::{record::Case, index};", "crate::"),
        ["record", "index"]
    );
    assert_eq!(
        names_after("let x: crate::search::Hit = crate::http::f();", "crate::"),
        ["search", "http"]
    );
}
