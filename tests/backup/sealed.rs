//! Nothing is restored that does not open with the keys at hand: what is sealed in both databases, under every key.

use std::fs;

use juanzong::access::{Actor, CodeTerms};
use juanzong::catalogue::NewCode;
use sqlx::{Connection as _, SqliteConnection};

use super::{
    AccessOptions, AccessStore, ChainHash, Command, DataDirectory, KeyDirectory, PathBuf, TestArchive, back_up, failed,
    files, juanzong, report, restore, stdout, text,
};

/// Issues an access code to an invented citizen: its name and number are sealed in `access.db`.
async fn issue(archive: &TestArchive, name: &str, number: &str) -> String {
    let new = NewCode {
        name: name.to_owned(),
        number: number.to_owned(),
        terms: CodeTerms::default(),
    };
    let issued = archive.access().issue_code(&new, &Actor::local(0)).await.unwrap();
    issued.id
}

const WANG: (&str, &str) = ("王小明", "140224198803072614");
const LI: (&str, &str) = ("李小芳", "371327199012305226");

/// The keys that were kept, with some lines of the file of those that seal.
fn keys_with(archive: &TestArchive, name: &str, lines: impl Fn(&[&str]) -> Vec<String>) -> PathBuf {
    let (from, to) = (archive.beside("kept-keys"), archive.beside(name));
    KeyDirectory::open(&to).unwrap();
    for (path, bytes) in files(&from) {
        let target = to.join(path.file_name().unwrap());
        fs::copy(&path, &target).unwrap();
        if path.ends_with("archive.key") {
            let kept = String::from_utf8(bytes).unwrap();
            let kept: Vec<&str> = kept.lines().collect();
            fs::write(&target, lines(&kept).join("\n") + "\n").unwrap();
        }
    }
    to
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_wrong_key_is_refused_before_anything_is_written() {
    let archive = TestArchive::with_scans().await;
    issue(&archive, WANG.0, WANG.1).await;
    stdout(&juanzong(&archive, &["key", "rotate"]));
    issue(&archive, LI.0, LI.1).await;
    let made = report(&back_up(&archive, &[]));
    assert_eq!(made["lost"], 0, "{made}");
    let backup = files(&archive.beside("backups"));

    let stranger = archive.beside("stranger");
    let made = KeyDirectory::open(&stranger).unwrap();
    made.make_archive_key().unwrap();
    made.checkpoint_keys().unwrap();
    for (keys, why) in [
        (stranger, "of another archive"),
        (
            keys_with(&archive, "old", |kept| vec![kept[0].to_owned()]),
            "before the change of the key",
        ),
        // The catalogue was sealed anew; what stands in access.db was not.
        (
            keys_with(&archive, "new", |kept| vec![kept[1].to_owned()]),
            "only the last key",
        ),
    ] {
        for rehearsal in [&["--rehearse"][..], &[]] {
            let to = archive.beside("refused");
            let output = Command::new(env!("CARGO_BIN_EXE_juanzong"))
                .args(["--data", text(&to), "restore", text(&archive.beside("backups"))])
                .args(["--keys", text(&keys)])
                .args(rehearsal)
                .output()
                .unwrap();
            let told = failed(&output, 2);
            assert!(told.contains("没有加密此备份所用的密钥"), "{why}: {told}");
            assert!(told.contains(text(&keys)), "{why}: {told}");
            assert!(!to.try_exists().unwrap(), "{why}: something was written");
        }
    }
    assert!(files(&archive.beside("backups")) == backup);

    // With both keys everything opens, and both citizens can be read in the restored archive.
    let rehearsed = report(&restore(&archive, "restored", &["--rehearse", "--json"]).1);
    let (to, output) = restore(&archive, "restored", &["--json"]);
    let told = report(&output);
    assert_eq!(told["opened"], rehearsed["opened"]);
    let directory = DataDirectory::existing(&to).unwrap();
    let options = AccessOptions {
        keys: KeyDirectory::open(directory.keys()).unwrap(),
        hash: ChainHash::Sha256,
    };
    let restored = AccessStore::open(&directory, options).await.unwrap();
    let codes = restored.codes(10).await.unwrap();
    assert!(
        codes
            .iter()
            .all(|code| !code.name.is_empty() && !code.number.is_empty())
    );
    assert_eq!(codes.len(), 2);
    let seals = restored.check_seals().await.unwrap();
    assert_eq!((seals.opened, seals.failed), (2, 0));
    restored.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_open_in_the_accounts_is_refused() {
    let archive = TestArchive::with_scans().await;
    let (first, second) = (issue(&archive, WANG.0, WANG.1).await, issue(&archive, LI.0, LI.1).await);
    // Sealed under the right key, for another row.
    let path = archive.path().join("access.db");
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", text(&path)))
        .await
        .unwrap();
    sqlx::query(
        "UPDATE access_codes SET sealed = (SELECT sealed FROM access_codes WHERE public_id = $1) WHERE public_id = $2",
    )
    .bind(&first)
    .bind(&second)
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    report(&back_up(&archive, &[]));
    for rehearsal in [&["--rehearse"][..], &[]] {
        let (to, output) = restore(&archive, "refused", rehearsal);
        let told = failed(&output, 1);
        assert!(told.contains("无法用这些密钥解密") && told.contains(&second), "{told}");
        assert_eq!(fs::read_dir(&to).map_or(0, Iterator::count), 0, "something is left");
    }
}
