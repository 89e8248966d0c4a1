//! The data directory: originals, page images, the lock.

use std::fs;
use std::path::Path;

use super::*;
use crate::catalogue::{Error, Kind, Rendition};

fn fresh() -> (TempDir, DataDirectory) {
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDirectory::open(folder.path().join("deep/data")).unwrap();
    (folder, directory)
}

fn files_under(path: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_under(&path));
        } else {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn an_original_is_stored_once_and_the_source_stays() {
    let (folder, directory) = fresh();
    let source = folder.path().join("扫描件.pdf");
    fs::write(&source, b"abc").unwrap();
    let stored = directory.store_original(&source).unwrap();
    // The SHA-256 of "abc", from FIPS 180-2.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((stored.sha256.as_str(), stored.bytes, stored.new), (abc, 3, true));
    assert_eq!(fs::read(&stored.path).unwrap(), b"abc");
    assert!(fs::metadata(&stored.path).unwrap().permissions().readonly());
    let again = directory.store_original(&source).unwrap();
    assert!(!again.new && again.path == stored.path);
    assert_eq!(fs::read(&source).unwrap(), b"abc");
    assert_eq!(
        files_under(&directory.originals()).len(),
        1,
        "no temporary file stays behind"
    );
    directory.verify_original(abc).unwrap();
}

#[test]
fn damage_to_an_original_is_found() {
    let (folder, directory) = fresh();
    let source = folder.path().join("a");
    fs::write(&source, b"abc").unwrap();
    let stored = directory.store_original(&source).unwrap();
    let replace = |bytes: &[u8]| {
        fs::remove_file(&stored.path).unwrap();
        fs::write(&stored.path, bytes).unwrap();
    };
    replace(b"abd");
    let error = directory.verify_original(&stored.sha256).unwrap_err();
    assert!(matches!(error, Error::OriginalDamaged { .. }), "{error}");
    assert_eq!(error.kind(), Kind::Corrupt);
    replace(b"ab");
    let error = directory.store_original(&source).unwrap_err();
    assert!(matches!(error, Error::OriginalDamaged { .. }), "{error}");
}

#[test]
fn a_missing_source_and_a_strange_hash_are_named() {
    let (folder, directory) = fresh();
    let error = directory.store_original(&folder.path().join("不在.pdf")).unwrap_err();
    assert!(error.to_string().contains("不在.pdf"), "{error}");
    for strange in ["", "../../etc/passwd", &"A".repeat(64), &"é".repeat(32)] {
        let error = directory.original_path(strange).unwrap_err();
        assert!(matches!(error, Error::NotAHash { .. }), "{error}");
        assert!(directory.page_image_path(strange, 1, Rendition::Reading).is_err());
    }
}

#[test]
fn page_images_are_replaced_as_a_whole() {
    let (_folder, directory) = fresh();
    let read = |rendition| directory.read_page_image(&hash(1), 1, rendition).unwrap();
    assert_eq!(read(Rendition::Reading), None);
    directory
        .store_page_image(&hash(1), 1, Rendition::Reading, b"large")
        .unwrap();
    directory
        .store_page_image(&hash(1), 1, Rendition::Thumbnail, b"small")
        .unwrap();
    directory
        .store_page_image(&hash(1), 1, Rendition::Reading, b"larger")
        .unwrap();
    assert_eq!(read(Rendition::Reading).as_deref(), Some(&b"larger"[..]));
    assert_eq!(read(Rendition::Thumbnail).as_deref(), Some(&b"small"[..]));
    let mut files = files_under(&directory.page_images());
    files.sort();
    assert_eq!(files, ["1.jpg", "1.thumb.jpg"]);
}

#[test]
fn one_indexer_at_a_time_and_it_cleans_up() {
    let (_folder, directory) = fresh();
    let lock = directory.lock_indexer().unwrap();
    let error = directory.lock_indexer().unwrap_err();
    assert_eq!(error.kind(), Kind::Busy);
    fs::write(directory.originals().join("tmp/half"), b"h").unwrap();
    fs::write(directory.page_images().join("tmp/half"), b"h").unwrap();
    assert_eq!(directory.remove_leftovers(&lock).unwrap(), 2);
    assert_eq!(files_under(directory.root()), ["indexer.lock"]);
    drop(lock);
    directory.lock_indexer().unwrap();
}
