//! `juanzong backup` and `juanzong restore`: whole, incremental, apart from the keys, killed at any point, damaged in any file.

#[cfg(feature = "killpoints")]
mod killed;
mod sealed;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use juanzong::access::{ChainHash, KeyDirectory};
use juanzong::backup::{self, BackupOptions, RestoreOptions, Source};
use juanzong::catalogue::{AccessOptions, AccessStore, Catalogue, DataDirectory};
use serde_json::Value;

use crate::cli::{failed, juanzong, stdout};
use crate::support::TestArchive;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every file under a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files(&entry.path())),
            false => {
                found.insert(entry.path(), fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

fn generations(to: &Path) -> Vec<backup::Listed> {
    backup::list(to).unwrap()
}

/// Runs a backup through the program, with a copy of the keys; gives what it says.
fn back_up(archive: &TestArchive, more: &[&str]) -> Output {
    let (to, keys) = (archive.beside("backups"), archive.beside("kept-keys"));
    let arguments = [&["backup", text(&to), "--keys", text(&keys), "--json"], more].concat();
    juanzong(archive, &arguments)
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&stdout(output)).unwrap()
}

/// Restores into a directory of its own.
fn restore(archive: &TestArchive, name: &str, more: &[&str]) -> (PathBuf, Output) {
    let to = archive.beside(name);
    (to.clone(), restoring(archive, &to, more).output().unwrap())
}

fn restoring(archive: &TestArchive, to: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_juanzong"));
    command
        .arg("--data")
        .arg(to)
        .arg("restore")
        .arg(archive.beside("backups"));
    command.arg("--keys").arg(archive.beside("kept-keys")).args(more);
    command
}

async fn dump(data: &Path) -> String {
    let directory = DataDirectory::existing(data).unwrap();
    let catalogue = Catalogue::open(&directory).await.unwrap();
    let dump = catalogue.dump().await.unwrap();
    catalogue.close().await;
    dump
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restored_is_what_was_backed_up() {
    let archive = TestArchive::with_scans().await;
    fs::write(
        archive.path().join("juanzong.toml"),
        "[server]\nconcurrent_searches = 3\n",
    )
    .unwrap();
    fs::create_dir(archive.path().join("dictionaries")).unwrap();
    fs::write(archive.path().join("dictionaries/words.tsv"), "").unwrap();
    let made = report(&back_up(&archive, &[]));
    assert_eq!(
        (made["lost"].as_u64(), made["copied_files"].as_u64()),
        (Some(0), Some(5)),
        "{made}"
    );
    let before = archive.catalogue().dump().await.unwrap();

    // Two images are the same to the last bit, so there is one of each size.
    let store = files(&archive.beside("backups"));
    assert_eq!(
        store.keys().filter(|path| text(path).contains("/originals/")).count(),
        3
    );
    assert_eq!(store.keys().filter(|path| text(path).contains("/pages/")).count(), 2);

    let (to, restored) = restore(&archive, "restored", &[]);
    let told = stdout(&restored);
    assert!(
        told.contains("juanzong-indexer --data") && told.contains("reindex"),
        "{told}"
    );
    assert_eq!(dump(&to).await, before);
    for (path, bytes) in files(archive.path()) {
        let below = path.strip_prefix(archive.path()).unwrap();
        let first = below.iter().next().unwrap().to_str().unwrap();
        if matches!(first, "originals" | "pages" | "dictionaries" | "juanzong.toml") {
            assert_eq!(fs::read(to.join(below)).unwrap(), bytes, "{}", below.display());
        }
    }
    // The log goes on, and says where it comes from.
    let output = Command::new(env!("CARGO_BIN_EXE_juanzong"))
        .arg("--data")
        .arg(&to)
        .args(["audit", "verify", "--json"])
        .output()
        .unwrap();
    let verified: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(verified["intact"], true, "{verified}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_new_is_copied_and_earlier_backups_stay() {
    let archive = TestArchive::with_scans().await;
    report(&back_up(&archive, &[]));
    let again = report(&back_up(&archive, &[]));
    assert_eq!(again["copied_files"], 0, "{again}");
    archive.add_scanned(4, b"another scan").await;
    let third = report(&back_up(&archive, &[]));
    assert_eq!(
        (third["copied_files"].as_u64(), third["files"].as_u64()),
        (Some(1), Some(2 + 4 + 8)),
        "{third}"
    );
    let listed = generations(&archive.beside("backups"));
    assert!(listed.iter().all(|one| one.intact));
    assert_eq!(listed.iter().map(|one| one.cases).collect::<Vec<_>>(), [3, 3, 4]);

    let first = listed[0].generation.clone();
    let (to, restored) = restore(&archive, "first", &["--generation", &first, "--json"]);
    assert_eq!(report(&restored)["counts"]["cases"], 3);
    assert!(!dump(&to).await.contains("0004"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_backups_are_kept_with_what_they_need() {
    let archive = TestArchive::with_scans().await;
    report(&back_up(&archive, &[]));
    let image = files(&archive.path().join("pages")).into_keys().next().unwrap();
    let original = fs::read(&image).unwrap();
    // A page image is made anew; who writes it gives it a new file.
    fs::remove_file(&image).unwrap();
    fs::write(&image, b"another image").unwrap();
    report(&back_up(&archive, &[]));
    let listed = generations(&archive.beside("backups"));
    let holds = |bytes: &[u8]| {
        let stored = files(&archive.beside("backups").join("pages"));
        stored.values().any(|stored| stored == bytes)
    };
    assert!(holds(b"another image") && holds(&original));

    fs::remove_file(&image).unwrap();
    fs::write(&image, b"a third image").unwrap();
    let third = report(&back_up(&archive, &["--keep", "1"]));
    assert_eq!(third["removed"].as_array().unwrap().len(), 2, "{third}");
    assert_eq!(generations(&archive.beside("backups")).len(), 1);
    // Other pages look like the first image still; the second was that page's alone.
    assert!(holds(b"a third image") && holds(&original) && !holds(b"another image"));
    assert!(restore(&archive, "kept", &[]).1.status.success());
    let gone = restore(&archive, "gone", &["--generation", &listed[0].generation]);
    assert!(failed(&gone.1, 2).contains("没有这样的备份"));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_never_in_a_backup_and_nothing_is_restored_without_them() {
    let archive = TestArchive::with_scans().await;
    let to = archive.beside("backups");
    for inside in [to.clone(), to.join("keys"), archive.beside("kept-keys/../backups/x")] {
        let output = juanzong(&archive, &["backup", text(&to), "--keys", text(&inside)]);
        assert!(failed(&output, 2).contains("彼此分开"), "{}", inside.display());
    }
    for inside in [
        archive.path().join("backup"),
        archive.path().to_owned(),
        archive.path().join("keys"),
    ] {
        let output = juanzong(&archive, &["backup", text(&inside)]);
        assert_eq!(output.status.code(), Some(2), "{}", inside.display());
        assert!(
            inside == archive.path() || inside.ends_with("keys") || !inside.try_exists().unwrap(),
            "nothing was made"
        );
    }
    report(&back_up(&archive, &[]));
    for key in ["archive.key", "audit.key"] {
        let secret = fs::read_to_string(archive.path().join("keys").join(key)).unwrap();
        let kept = archive.beside("kept-keys").join(key);
        assert_eq!(fs::read_to_string(&kept).unwrap(), secret);
        assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
        for (path, bytes) in files(&to) {
            let found = bytes.windows(64).any(|part| part == secret.trim().as_bytes());
            assert!(!found, "{} holds a key", path.display());
        }
    }
    fs::rename(archive.beside("kept-keys"), archive.beside("lost")).unwrap();
    fs::create_dir(archive.beside("kept-keys")).unwrap();
    let (data, output) = restore(&archive, "keyless", &[]);
    assert!(failed(&output, 2).contains("密钥"));
    assert!(!data.try_exists().unwrap(), "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_and_the_file_named() {
    let archive = TestArchive::with_scans().await;
    report(&back_up(&archive, &[]));
    let to = archive.beside("backups");
    let mut damaged = 0;
    for (path, bytes) in files(&to) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if matches!(name.as_str(), "backup.lock" | "juanzong-backup.json") {
            continue;
        }
        let mut flipped = bytes.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        // The line end of the hash says nothing.
        let shorter = Some(bytes[..bytes.len() - 1].to_vec()).filter(|_| name != "manifest.sha256");
        for broken in [Some(Some(flipped)), shorter.map(Some), Some(None)]
            .into_iter()
            .flatten()
        {
            fs::remove_file(&path).unwrap();
            if let Some(broken) = &broken {
                fs::write(&path, broken).unwrap();
            }
            for rehearsal in [&["--rehearse"][..], &[]] {
                let (data, output) = restore(&archive, "broken", rehearsal);
                let told = failed(&output, 1);
                assert!(
                    told.contains(&name) || told.contains("manifest"),
                    "{}: {told}",
                    path.display()
                );
                let left = fs::read_dir(&data).map_or(0, Iterator::count);
                assert_eq!(left, 0, "{}: something is left", path.display());
            }
            damaged += 1;
        }
        let _ = fs::remove_file(&path);
        fs::write(&path, &bytes).unwrap();
    }
    assert!(damaged >= 3 * 8);
    assert!(restore(&archive, "whole", &["--rehearse"]).1.status.success());
    // Read again, what is damaged is copied anew.
    let original = files(&to.join("originals")).into_keys().next().unwrap();
    let length = fs::metadata(&original).unwrap().len();
    fs::remove_file(&original).unwrap();
    fs::write(&original, vec![b'x'; usize::try_from(length).unwrap()]).unwrap();
    let mended = report(&back_up(&archive, &["--recheck"]));
    assert_eq!(
        (mended["mended"].as_u64(), mended["copied_files"].as_u64()),
        (Some(1), Some(1)),
        "{mended}"
    );
    assert!(restore(&archive, "mended", &[]).1.status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_original_is_told_and_does_not_keep_the_others_from_being_backed_up() {
    let archive = TestArchive::with_scans().await;
    let first = archive.add_scanned(4, b"lost after the first backup").await;
    report(&back_up(&archive, &[]));
    let second = archive.add_scanned(5, b"damaged before any backup").await;
    fs::remove_file(archive.original(&first)).unwrap();
    fs::remove_file(archive.original(&second)).unwrap();
    fs::write(archive.original(&second), b"damaged before any bockup").unwrap();
    let output = back_up(&archive, &[]);
    assert_eq!(output.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lost = told["lost_files"].as_array().unwrap();
    assert_eq!(
        (told["lost"].as_u64(), lost.len()),
        (Some(1), 1),
        "an earlier backup holds the other: {told}"
    );
    assert!(lost[0].as_str().unwrap().ends_with(second.get(2..).unwrap()));
    let (data, restored) = restore(&archive, "restored", &["--json"]);
    assert_eq!(report(&restored)["lost"], 1);
    let restored = DataDirectory::existing(&data).unwrap();
    restored.verify_original(&first).unwrap();
    assert!(restored.verify_original(&second).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn other_archives_other_things_and_full_directories_are_refused() {
    let archive = TestArchive::with_scans().await;
    report(&back_up(&archive, &[]));
    let other = TestArchive::with_scans().await;
    let output = juanzong(&other, &["backup", text(&archive.beside("backups"))]);
    assert!(failed(&output, 1).contains("另一档案库"));
    fs::create_dir(archive.beside("photos")).unwrap();
    fs::write(archive.beside("photos/1.jpg"), b"x").unwrap();
    let output = juanzong(&archive, &["backup", text(&archive.beside("photos"))]);
    assert!(failed(&output, 2).contains("不是备份目录"));
    for name in ["photos", "data"] {
        let (to, output) = restore(&archive, name, &[]);
        let before = files(&to).len();
        assert!(failed(&output, 2).contains("空目录"));
        assert_eq!(files(&to).len(), before);
    }
}

/// Databases are copied while others write: what the copy of the catalogue names is there, and each correction has its entry.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_an_archive_that_is_written_to_is_consistent() {
    let archive = TestArchive::with_scans().await;
    let (to, keys) = (archive.beside("backups"), archive.beside("kept-keys"));
    let options = BackupOptions {
        to: to.clone(),
        keys: Some(keys.clone()),
        ..BackupOptions::default()
    };
    let writing = async {
        for n in 10..40 {
            archive.add_scanned(n, format!("scan {n}").as_bytes()).await;
            tokio::task::yield_now().await;
        }
    };
    let backing_up = async {
        let mut counts = Vec::new();
        for _ in 0..4 {
            let source = Source {
                directory: archive.directory(),
                catalogue: archive.catalogue(),
                access: archive.access(),
            };
            let made = backup::back_up(source, &options, jiff::Timestamp::now()).await.unwrap();
            counts.push(made.lost);
        }
        counts
    };
    let ((), lost) = tokio::join!(writing, backing_up);
    assert_eq!(lost, [0; 4]);
    for listed in generations(&to) {
        let options = RestoreOptions {
            from: to.clone(),
            generation: Some(listed.generation),
            keys: Some(keys.clone()),
            megabytes_per_second: None,
        };
        let proved = backup::rehearse(&options, &std::env::temp_dir()).await.unwrap();
        assert_eq!(proved.counts.cases, listed.cases);
    }
}

/// A rehearsal changes neither backup nor keys.
#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_touches_nothing() {
    let archive = TestArchive::with_scans().await;
    report(&back_up(&archive, &[]));
    let seen = |name: &str| files(&archive.beside(name));
    let before = (seen("backups"), seen("kept-keys"));
    let (data, output) = restore(&archive, "rehearsed", &["--rehearse", "--json"]);
    let told = report(&output);
    assert_eq!(
        (told["counts"]["cases"].as_u64(), told["counts"]["files"].as_u64()),
        (Some(3), Some(3))
    );
    assert!(
        told["opened"].as_u64().unwrap() > 9 && told["audit_entries"].as_u64().unwrap() > 0,
        "{told}"
    );
    assert!(!data.try_exists().unwrap());
    assert!((seen("backups"), seen("kept-keys")) == before);
}

/// The keys may lie where the configuration says, and are put there.
#[tokio::test(flavor = "multi_thread")]
async fn keys_are_put_where_the_restored_configuration_says() {
    let archive = TestArchive::with_scans().await;
    fs::write(
        archive.path().join("juanzong.toml"),
        "[keys]\ndirectory = 'elsewhere'\n",
    )
    .unwrap();
    fs::rename(archive.path().join("keys"), archive.path().join("elsewhere")).unwrap();
    report(&back_up(&archive, &[]));
    let (to, output) = restore(&archive, "restored", &[]);
    stdout(&output);
    assert!(to.join("elsewhere/archive.key").try_exists().unwrap() && !to.join("keys").try_exists().unwrap());
    let directory = DataDirectory::existing(&to)
        .unwrap()
        .with_keys(Some(to.join("elsewhere")));
    let options = AccessOptions {
        keys: KeyDirectory::open(directory.keys()).unwrap(),
        hash: ChainHash::Sha256,
    };
    let access = AccessStore::open(&directory, options).await.unwrap();
    assert!(access.verify_audit(&[]).await.unwrap().findings.is_empty());
}
