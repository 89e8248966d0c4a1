use std::fs;
use std::path::{Path, PathBuf};

use super::{CaseSource, Error, discover, is_scan, natural_name};

const PDF: &[u8] = b"%PDF-1.4\n";

fn put(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn shape(root: &Path, cases: &[CaseSource]) -> Vec<(String, Vec<String>)> {
    cases
        .iter()
        .map(|case| {
            let files = case
                .files
                .iter()
                .map(|f| f.file_name().unwrap().to_string_lossy().into_owned());
            let folder = case.folder.strip_prefix(root).unwrap();
            (format!("{}|{}", folder.display(), case.name), files.collect())
        })
        .collect()
}

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "manifest.csv", "档号,题名\n".as_bytes());
    put(root.path(), "案卷10/2.tif", b"II*\0");
    put(root.path(), "案卷10/10.tif", b"II*\0");
    put(root.path(), "案卷10/1 决定书.PDF", PDF);
    put(root.path(), "案卷10/Thumbs.db", PDF);
    put(root.path(), "案卷10/.hidden.pdf", PDF);
    put(root.path(), "案卷10/~$a.pdf", PDF);
    put(root.path(), "案卷10/truth.json", b"{}");
    put(root.path(), "案卷10/scan0001", b"\xff\xd8\xff\xe0");
    put(root.path(), "案卷2/a.jpg", b"\xff\xd8\xff");
    put(root.path(), "案卷2/part/b.jpg", b"not a picture");
    put(root.path(), ".git/c.pdf", PDF);
    put(root.path(), "empty/readme.txt", b"none");
    root
}

#[test]
fn folders_that_hold_scans_are_cases_in_natural_order() {
    let root = tree();
    let cases = discover(&[root.path().to_path_buf()], false).unwrap();
    let strings = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        shape(root.path(), &cases),
        [
            ("案卷2|案卷2".to_owned(), strings(&["a.jpg"])),
            ("案卷2/part|part".to_owned(), strings(&["b.jpg"])),
            (
                "案卷10|案卷10".to_owned(),
                strings(&["1 决定书.PDF", "2.tif", "10.tif", "scan0001"])
            ),
        ]
    );
}

#[test]
fn each_file_is_a_case() {
    let root = tree();
    let cases = discover(&[root.path().join("案卷10")], true).unwrap();
    let names: Vec<&str> = cases.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["1 决定书", "2", "10", "scan0001"]);
    assert!(cases.iter().all(|c| c.files.len() == 1));
}

#[test]
fn a_path_given_twice_or_by_a_link_counts_once() {
    let root = tree();
    let folder = root.path().join("案卷2");
    std::os::unix::fs::symlink(root.path(), folder.join("up")).unwrap();
    std::os::unix::fs::symlink(folder.join("nowhere"), folder.join("dangling.pdf")).unwrap();
    std::os::unix::fs::symlink(folder.join("loop.pdf"), folder.join("loop.pdf")).unwrap();
    let paths = [root.path().to_path_buf(), folder.clone(), folder.join("a.jpg")];
    let cases = discover(&paths, false).unwrap();
    assert_eq!(cases.iter().map(|c| c.files.len()).sum::<usize>(), 6);
}

#[test]
fn a_file_given_by_name_is_taken_as_it_is() {
    let root = tree();
    let cases = discover(&[root.path().join("empty/readme.txt")], false).unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].name, "empty");
    assert!(!is_scan(&root.path().join("empty/readme.txt")).unwrap());
}

#[test]
fn a_missing_path_is_named() {
    let missing = PathBuf::from("no/such/folder");
    let error = discover(std::slice::from_ref(&missing), false).unwrap_err();
    assert!(matches!(&error, Error::NotFound { path } if *path == missing));
    assert_eq!(error.code(), "source_not_found");
}

proptest::proptest! {
    #[test]
    fn natural_order_is_total(a in "[a-z0-9页]{0,6}", b in "[a-z0-9页]{0,6}", c in "[a-z0-9页]{0,6}") {
        let mut one = [a.clone(), b.clone(), c.clone()];
        let mut other = [c, a, b];
        one.sort_by(|x, y| natural_name(x, y));
        other.sort_by(|x, y| natural_name(x, y));
        proptest::prop_assert_eq!(one, other);
    }
}
