//! Uploads as the indexer takes them in: checked, made into cases, killed at every point and gone on with, tried again.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};

use juanzong::catalogue::{
    CHECK_JOB, Catalogue, DataDirectory, JobState, UPLOAD_JOB, Upload, UploadFileState, UploadLimits, UploadOptions,
    UploadPath, UploadReport, UploadState,
};

use crate::recovery::{answers, scans};
use crate::support::{Archive, stdout};

const LIMITS: UploadLimits = UploadLimits {
    uploads: 5,
    files: 100,
    bytes: 1 << 30,
};
const ACCOUNT: u64 = 7;
const SIGKILL: i32 = 9;
const WATCH: [&str; 4] = ["watch", "--once", "--settle", "0"];

/// Does something with the catalogue as the server has it open.
fn served<T, F: Future<Output = T>>(archive: &Archive, work: impl FnOnce(Catalogue, DataDirectory) -> F) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let data = DataDirectory::open(archive.data()).unwrap();
        let catalogue = Catalogue::open(&data).await.unwrap();
        let done = work(catalogue.clone(), data).await;
        catalogue.close().await;
        done
    })
}

/// The files under a folder, by their path below it.
fn files_below(folder: &Path, below: &Path, found: &mut BTreeMap<String, PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.path().is_dir() {
            true => files_below(&entry.path(), below, found),
            false => {
                let name = entry.path().strip_prefix(below).unwrap().display().to_string();
                found.insert(name, entry.path());
            }
        }
    }
}

/// Sends files as the server does, and has them checked; gives the upload.
fn send(archive: &Archive, files: &BTreeMap<String, PathBuf>, headings: &[(&str, &str)]) -> String {
    served(archive, async |catalogue, data| {
        let upload = catalogue.begin_upload(ACCOUNT, LIMITS).await.unwrap();
        let id = upload.upload_id;
        let mut manifest = None;
        for (name, path) in files {
            let content = fs::read(path).unwrap();
            let named = [(name.clone(), content.len() as u64)];
            let numbers = catalogue.name_upload_files(ACCOUNT, &id, &named, LIMITS).await.unwrap();
            let number = numbers[0].unwrap();
            let mut coming = data
                .receive(&id, &UploadPath::parse(name).unwrap(), content.len() as u64)
                .unwrap();
            assert!(coming.take(&content).unwrap());
            let sha256 = coming.finish().unwrap().unwrap();
            catalogue
                .upload_file_came((ACCOUNT, &id), number, &sha256)
                .await
                .unwrap();
            if name.ends_with(".csv") {
                manifest = Some(number);
            }
        }
        let options = UploadOptions {
            manifest,
            each_file: false,
            headings: headings
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                .collect(),
        };
        catalogue.check_upload(ACCOUNT, &id, options).await.unwrap();
        id
    })
}

fn give(archive: &Archive, id: &str) {
    served(archive, async |catalogue, _| {
        catalogue.give_upload(ACCOUNT, id).await.unwrap();
    });
}

fn upload(archive: &Archive, id: &str) -> Upload {
    served(archive, async |catalogue, _| {
        catalogue.upload(ACCOUNT, id).await.unwrap().unwrap()
    })
}

fn report(archive: &Archive, id: &str) -> UploadReport {
    served(archive, async |catalogue, _| {
        let upload = catalogue.upload(ACCOUNT, id).await.unwrap().unwrap();
        let (report, current) = catalogue.upload_report(&upload).await.unwrap().unwrap();
        assert!(current);
        report
    })
}

fn job(archive: &Archive, id: &str, kind: &'static str) -> (JobState, u32) {
    served(archive, async |catalogue, _| {
        let job = catalogue.upload_job(id, kind).await.unwrap().unwrap().job;
        (job.state, job.attempts)
    })
}

/// Cases that came of an upload.
fn cases(archive: &Archive, id: &str) -> Vec<(String, String)> {
    served(archive, async |catalogue, _| {
        let upload = catalogue.upload(ACCOUNT, id).await.unwrap().unwrap();
        catalogue.upload_cases(&upload).await.unwrap()
    })
}

fn watch(archive: &Archive) -> String {
    let run = archive.indexer(&WATCH);
    format!("{}{}", stdout(&run), String::from_utf8_lossy(&run.stderr))
}

/// The sample with its manifest, as a folder that somebody drops on the page.
fn dropped(folder: &Path) -> BTreeMap<String, PathBuf> {
    let (cases, manifest) = scans(folder);
    let mut files = BTreeMap::new();
    files_below(Path::new(&cases), Path::new(&cases), &mut files);
    files.insert("清单.csv".to_owned(), PathBuf::from(manifest));
    files
}

/// The content of the archive without what tells which upload it came by.
fn content(archive: &Archive) -> Vec<String> {
    let dump = archive.dump();
    dump.lines()
        .filter(|line| !line.starts_with("job "))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_killed_upload_goes_on_to_the_same_end_and_is_taken_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let files = dropped(folder.path());
    let undisturbed = Archive::new();
    let id = send(&undisturbed, &files, &[]);
    watch(&undisturbed);
    let found = report(&undisturbed, &id);
    assert_eq!((found.cases.len(), found.refusals), (3, 0), "{found:?}");
    assert!(undisturbed.codes("").is_empty(), "a check makes no case");
    give(&undisturbed, &id);
    let said = watch(&undisturbed);
    assert_eq!(job(&undisturbed, &id, UPLOAD_JOB), (JobState::Done, 1), "{said}");
    let (dump, expected) = (content(&undisturbed), answers(&undisturbed));
    assert_eq!(expected[0]["total"], 3);
    assert_eq!(upload(&undisturbed, &id).state, UploadState::Closed);
    for name in files.keys() {
        assert!(!said.contains(name.as_str()), "{name} is told: {said}");
    }

    let points = [
        ("upload_started:1", false),
        ("upload_checked:1", false),
        ("upload_started:1", true),
        ("original_stored:2", true),
        ("page_saved:3", true),
        ("upload_file_noted:1", true),
        ("upload_file_noted:4", true),
        ("case_saved:2", true),
        ("upload_case_noted:1", true),
        ("upload_read:1", true),
        ("upload_ended:1", true),
        ("index_applied:2", true),
    ];
    for (point, given) in points {
        let archive = Archive::new();
        let id = send(&archive, &files, &[]);
        if given {
            watch(&archive);
            give(&archive, &id);
        }
        let killed = archive.indexer_killed_at(Some(point), &WATCH);
        assert_eq!(killed.status.signal(), Some(SIGKILL), "{point} was not reached");
        watch(&archive);
        if !given {
            assert_eq!(report(&archive, &id), found, "{point}");
            give(&archive, &id);
            watch(&archive);
        }
        let ended = upload(&archive, &id);
        assert_eq!(ended.state, UploadState::Closed, "{point}");
        let read = ended
            .files
            .iter()
            .filter(|file| file.state == UploadFileState::Read)
            .count();
        assert_eq!(read, files.len() - 1, "{point}: all but the manifest");
        assert_eq!(content(&archive), dump, "{point}");
        assert_eq!(answers(&archive), expected, "{point}");
        assert_eq!(cases(&archive, &id).len(), 3, "{point}");
        let left = served(&archive, async |_, data| data.uploads_on_disk().unwrap());
        assert_eq!(left, Vec::<String>::new(), "{point}: files are left");
        // It is not taken in once more.
        let attempts = job(&archive, &id, UPLOAD_JOB).1;
        watch(&archive);
        assert_eq!(job(&archive, &id, UPLOAD_JOB).1, attempts, "{point}");
        assert_eq!(content(&archive), dump, "{point}");
    }
}

#[test]
fn what_failed_is_told_by_file_and_tried_again_and_the_rest_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = dropped(folder.path());
    files.remove("清单.csv");
    let note = folder.path().join("note.txt");
    fs::write(&note, "不是扫描件").unwrap();
    files.insert("附注/说明.txt".to_owned(), note);
    let broken = folder.path().join("broken.pdf");
    fs::write(&broken, "%PDF-1.4 broken").unwrap();
    files.insert("0123-XK·2019-D30-SCJG-9999/1.pdf".to_owned(), broken);
    let archive = Archive::new();
    let id = send(&archive, &files, &[]);
    watch(&archive);
    give(&archive, &id);
    watch(&archive);
    let ended = upload(&archive, &id);
    assert_eq!(ended.state, UploadState::Ended, "its files stay for another try");
    let by_state = |upload: &Upload, state| -> Vec<String> {
        let found = upload.files.iter().filter(|file| file.state == state);
        found.map(|file| file.path.clone()).collect()
    };
    assert_eq!(
        by_state(&ended, UploadFileState::Failed),
        ["0123-XK·2019-D30-SCJG-9999/1.pdf"]
    );
    assert_eq!(by_state(&ended, UploadFileState::PassedOver), ["附注/说明.txt"]);
    let failed = ended
        .files
        .iter()
        .find(|file| file.state == UploadFileState::Failed)
        .unwrap();
    assert!(failed.reason.is_some());
    assert_eq!(archive.codes("").len(), 3, "the others are there");

    served(&archive, async |catalogue, _| {
        catalogue.try_upload_again(ACCOUNT, &id).await.unwrap();
    });
    watch(&archive);
    let again = upload(&archive, &id);
    assert_eq!(
        (again.state, job(&archive, &id, UPLOAD_JOB)),
        (UploadState::Ended, (JobState::Done, 2))
    );
    assert!(cases(&archive, &id).iter().all(|(_, outcome)| outcome == "created"));
    served(&archive, async |catalogue, data| {
        catalogue.close_upload(ACCOUNT, &id).await.unwrap();
        data.remove_upload(&id).unwrap();
    });
}

#[test]
fn a_check_tells_how_the_manifest_is_understood_and_what_is_wrong_with_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = dropped(folder.path());
    let manifest = folder.path().join("清单.csv");
    let codes: Vec<String> = files
        .keys()
        .filter_map(|name| Some(name.split_once('/')?.0.to_owned()))
        .collect();
    let text = format!(
        "归档案号,办结,决定日期\n{},x,2019-13-40\n{},y,2019-05-07\n",
        codes[0],
        codes[codes.len() - 1]
    );
    fs::write(&manifest, text).unwrap();
    files.insert("清单.csv".to_owned(), manifest);
    let archive = Archive::new();
    // Nobody knows the heading of the archival code: the table cannot be used, and the page can ask what it means.
    let id = send(&archive, &files, &[]);
    watch(&archive);
    let found = report(&archive, &id);
    assert!(
        !found.is_usable() && found.findings.iter().any(|finding| finding.severity == "table"),
        "{found:?}"
    );
    let headings = found.manifest.unwrap().columns;
    let headings: Vec<(&str, &str)> = headings
        .iter()
        .map(|c| (c.heading.as_str(), c.means.as_str()))
        .collect();
    assert_eq!(headings, [("归档案号", ""), ("办结", ""), ("决定日期", "")]);

    let id = send(&archive, &files, &[("归档案号", "archival_code"), ("办结", "ignore")]);
    watch(&archive);
    let found = report(&archive, &id);
    let shape = found.manifest.clone().unwrap();
    assert_eq!(
        (shape.rows, shape.rows_good, shape.rows_refused),
        (2, 1, 1),
        "{found:?}"
    );
    assert_eq!(shape.columns[0].means, "archival_code");
    let fault = found.findings.iter().find(|finding| finding.row == Some(2)).unwrap();
    assert_eq!(
        (fault.column.as_deref(), fault.severity.as_str()),
        (Some("C"), "row"),
        "{fault:?}"
    );
    // That of the good row, and by its name the folder of which no row tells.
    assert_eq!(found.cases.len(), 2);
    let root = archive.data().display().to_string();
    for finding in &found.findings {
        assert!(
            !finding.path.as_deref().unwrap_or_default().contains(&root),
            "{finding:?}"
        );
    }
    assert_eq!(job(&archive, &id, CHECK_JOB).0, JobState::Done);
}

#[test]
fn a_watcher_says_that_it_is_there_and_that_it_is_gone() {
    let archive = Archive::new();
    served(&archive, async |catalogue, _| {
        assert_eq!(catalogue.watcher_seen().await.unwrap(), None);
        catalogue.watcher_is_there(Some(5)).await.unwrap();
        assert_eq!(catalogue.watcher_seen().await.unwrap(), Some(5));
    });
    watch(&archive);
    served(&archive, async |catalogue, _| {
        assert_eq!(catalogue.watcher_seen().await.unwrap(), None);
    });
}
