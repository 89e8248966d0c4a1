//! Killed at any point: what is whole stays whole, and what is not is taken for nothing.

use std::os::unix::process::ExitStatusExt;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_backup_leaves_the_earlier_ones_and_the_next_is_whole() {
    let archive = TestArchive::with_scans().await;
    report(&back_up(&archive, &[]));
    let (to, keys) = (archive.beside("backups"), archive.beside("kept-keys"));
    let mut number = 10;
    for point in [
        "backup_catalogue_copied:1",
        "backup_databases_copied:1",
        "backup_object_written:1",
        "backup_object_named:1",
        "backup_batch_committed:1",
        "backup_manifest_written:1",
        "backup_published:1",
        "backup_unpublished:1",
    ] {
        number += 1;
        archive.add_scanned(number, point.as_bytes()).await;
        let mut command = Command::new(env!("CARGO_BIN_EXE_juanzong"));
        command.arg("--data").arg(archive.path()).arg("backup").arg(&to);
        command.arg("--keys").arg(&keys).args(["--keep", "2"]);
        let killed = command.env("JUANZONG_KILL_AT", point).output().unwrap();
        if killed.status.signal() != Some(9) {
            // There was nothing to remove yet.
            assert!(
                point.starts_with("backup_unpublished") && killed.status.success(),
                "{point} was not reached"
            );
        }
        let listed = generations(&to);
        assert!(!listed.is_empty() && listed.iter().all(|one| one.intact), "{point}");
        for one in &listed {
            let told = restore(&archive, "unused", &["--rehearse", "--generation", &one.generation]).1;
            assert!(
                told.status.success(),
                "{point}: {}",
                String::from_utf8_lossy(&told.stderr)
            );
        }
        let whole = report(&back_up(&archive, &["--keep", "2"]));
        assert_eq!(whole["lost"], 0, "{point}");
        assert!(
            restore(&archive, "unused", &["--rehearse"]).1.status.success(),
            "{point}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_restore_leaves_no_archive() {
    let archive = TestArchive::with_scans().await;
    report(&back_up(&archive, &[]));
    for (n, point) in [
        "restore_file_copied:1",
        "restore_file_copied:4",
        "restore_databases_proved:1",
        "restore_database_named:1",
        "restore_database_named:2",
    ]
    .into_iter()
    .enumerate()
    {
        let to = archive.beside(&format!("killed-{n}"));
        let killed = restoring(&archive, &to, &[])
            .env("JUANZONG_KILL_AT", point)
            .output()
            .unwrap();
        assert_eq!(killed.status.signal(), Some(9), "{point} was not reached");
        for command in [
            &["status"][..],
            &["serve", "--listen", "127.0.0.1:0"],
            &["search", "许可"],
        ] {
            let mut program = Command::new(env!("CARGO_BIN_EXE_juanzong"));
            let output = program.arg("--data").arg(&to).args(command).output().unwrap();
            assert!(!output.status.success(), "{point} {command:?}");
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(
                told.contains("中断") || told.contains("没有档案库"),
                "{point} {command:?}: {told}"
            );
        }
        assert!(DataDirectory::open(&to).is_err(), "{point}: no archive is made there");
        assert!(failed(&restoring(&archive, &to, &[]).output().unwrap(), 2).contains("空目录"));
        fs::remove_dir_all(&to).unwrap();
        assert!(
            restoring(&archive, &to, &[]).output().unwrap().status.success(),
            "{point}"
        );
        DataDirectory::existing(&to).unwrap();
    }
}
