//! What a thief of the data directory finds: no number of a person, in no file but the originals. All numbers are invented.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use juanzong::record::{FieldName, IdNumber};
use juanzong_indexer::sample::truth::CaseTruth;
use juanzong_indexer::sample::{Format, SampleOptions};

use crate::support::{Archive, field, options, sample, stdout};

const PHONE: &str = "13834567890";

/// A valid number.
fn number(serial: u32) -> String {
    let head = format!("14022419900101{serial:03}");
    let check = IdNumber::check_character(&head).unwrap();
    format!("{head}{check}")
}

/// All files under a folder, but not those in it that `but` names.
fn files(folder: &Path, but: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if but.iter().any(|but| name == *but) {
            continue;
        }
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files(&entry.path(), but)),
            false => found.push(entry.path()),
        }
    }
    found
}

/// The texts and parts of them that may stand nowhere: whole numbers, and every six characters of their last twelve, which
/// no date and no code of a region has.
fn parts(numbers: &BTreeSet<String>) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for number in numbers {
        let tail = number.get(number.len().saturating_sub(12)..).unwrap();
        parts.extend((0..=tail.len() - 6).map(|at| tail.get(at..at + 6).unwrap().to_owned()));
    }
    parts
}

fn in_codings(text: &str) -> [Vec<u8>; 3] {
    let units: Vec<u16> = text.encode_utf16().collect();
    [
        text.as_bytes().to_vec(),
        units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
    ]
}

fn holds(bytes: &[u8], text: &str) -> bool {
    let found = |coded: &Vec<u8>| memchr::memmem::find(bytes, coded).is_some();
    in_codings(text).iter().any(found)
}

/// An archive with a scan, imported lines and a correction, and everything that the programs have said.
fn full_run(archive: &Archive, numbers: &mut BTreeSet<String>) -> Vec<u8> {
    let folder = archive.folder.path();
    let scans = sample(
        folder,
        SampleOptions {
            cases: 1,
            seed: 11,
            only_formats: Some(vec![Format::PdfText]),
            ..options()
        },
    );
    for truth in files(&scans.join("truth"), &[]) {
        let truth: CaseTruth = serde_json::from_slice(&fs::read(truth).unwrap()).unwrap();
        let of_persons = [
            FieldName::ApplicantIdNumber,
            FieldName::PersonIdNumber,
            FieldName::Phone,
        ];
        let values = truth.fields.iter().map(|(field, value)| (*field, value));
        let details = truth
            .details
            .iter()
            .flat_map(|(field, values)| values.iter().map(|value| (*field, value)));
        for (name, value) in values.chain(details) {
            let person = IdNumber::parse(value).is_some() || name == FieldName::Phone && value.starts_with('1');
            if of_persons.contains(&name) && person {
                numbers.insert(value.to_owned());
            }
        }
    }
    assert!(!numbers.is_empty());
    // In a title, a name of a file, a text, a field; right, and read wrong.
    let [a, b, c] = [number(123), number(231), number(312)];
    numbers.extend([a.clone(), b.clone(), c.clone(), PHONE.to_owned()]);
    let lines = [
        serde_json::json!({
            "archival_code": "0123-XK·2019-D30-SCJG-0042", "title": format!("{a}的食品经营许可"), "decided_on": "2019-05-07",
            "applicant": {"name": "赵小满", "kind": "person", "id_number": a},
            "documents": [{"title": format!("{b}申请书"), "kind": "application",
                "pages": [format!("申请人证件号码{a}，电话{PHONE}。\n身份证号 {b}，同住人 {c}。")]}],
        }),
        serde_json::json!({"archival_code": "0123-XK·2019-D30-SCJG-0043", "applicant": {"id_number": "坏的"}, "x": c}),
    ];
    let import = folder.join(format!("{c}.jsonl"));
    fs::write(&import, lines.map(|line| line.to_string()).join("\n")).unwrap();
    let broken = folder.join("broken").join(&c);
    fs::create_dir_all(&broken).unwrap();
    fs::write(broken.join(format!("{a}.pdf")), b"%PDF-1.7 nothing").unwrap();
    let mut said = Vec::new();
    for arguments in [
        vec!["ingest", scans.join("cases").to_str().unwrap()],
        vec!["ingest", broken.to_str().unwrap()],
        vec!["import", import.to_str().unwrap()],
    ] {
        // The programs name files to whoever runs them, not in the log; what names none is looked at.
        let run = archive.indexer(&arguments);
        let text = format!("{}{}", stdout(&run), String::from_utf8_lossy(&run.stderr));
        said.extend(text.lines().filter(|line| !line.contains(&c)).flat_map(str::bytes));
    }
    archive.correct(
        "0123-XK·2019-D30-SCJG-0042",
        field(FieldName::Title, &format!("{b}的许可")),
    );
    archive.indexer(&["watch", "--once", "--settle", "0"]);
    for query in ["许可", "赵小满", a.as_str(), PHONE] {
        let (_, answer) = archive.get("/api/v1/search", &[("q", query)]);
        said.extend(
            answer
                .split(|byte| *byte == b'"')
                .filter(|part| !holds(part, query))
                .flatten(),
        );
    }
    let (_, export) = archive.get("/api/v1/export", &[("format", "jsonl")]);
    said.extend(export);
    said
}

#[test]
fn no_number_of_a_person_is_read_in_a_stolen_data_directory() {
    let archive = Archive::new();
    let mut numbers = BTreeSet::new();
    let said = full_run(&archive, &mut numbers);
    let [a, b] = [number(123), number(231)];
    for (number, count) in [(a.as_str(), 1), (PHONE, 1), (b.as_str(), 1), (&number(777), 0)] {
        let total = archive.search(&[("q", number)])["total"].clone();
        assert_eq!(total, count, "whoever may search by a full number finds it");
    }
    for length in 9..18 {
        for part in [a.get(..length).unwrap(), a.get(18 - length..).unwrap()] {
            assert_eq!(archive.search(&[("q", part)])["total"], 0, "a part finds nothing");
        }
    }
    // Beside the directory itself a copy of it, as a backup makes one while the server runs.
    let mut looked_at = 0;
    for path in files(&archive.data(), &["originals", "pages", "keys"]) {
        let bytes = fs::read(&path).unwrap();
        looked_at += 1;
        let index = path.components().any(|part| part.as_os_str() == "index");
        let wanted = if index { parts(&numbers) } else { numbers.clone() };
        for text in wanted {
            assert!(!holds(&bytes, &text), "{} holds a part of a number", path.display());
        }
        let name = path.to_string_lossy();
        assert!(numbers.iter().all(|number| !name.contains(number.as_str())));
    }
    assert!(looked_at > 5);
    for number in &numbers {
        assert!(!holds(&said, number), "a program said a number");
    }
}

#[test]
fn without_its_key_nothing_of_an_archive_is_told_but_why() {
    let archive = Archive::new();
    full_run(&archive, &mut BTreeSet::new());
    let key = archive.data().join("keys").join("archive.key");
    let kept = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    let run = archive.indexer(&["reindex"]);
    assert!(!run.status.success());
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(told.contains("archive.key") && told.contains("sealed"), "{told}");
    assert!(!key.try_exists().unwrap(), "no other key is made");
    fs::write(&key, kept).unwrap();
    Command::new("chmod").arg("600").arg(&key).status().unwrap();
    assert!(archive.indexer(&["reindex"]).status.success());
    assert_eq!(archive.search(&[("q", &number(123))])["total"], 1);
}
