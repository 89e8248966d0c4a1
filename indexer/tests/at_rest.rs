//! What a thief of the data directory, and who reads the logs, finds: no number of a person, in no file but the originals. All
//! numbers are invented.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, Once, PoisonError};

use juanzong::access::person_numbers;
use juanzong::record::{FieldName, IdNumber};
use juanzong_indexer::sample::truth::CaseTruth;
use juanzong_indexer::sample::{Format, SampleOptions};
use tantivy::schema::{FieldType, Value as _};
use tantivy::{DocAddress, Index, TantivyDocument};

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

/// A text as UTF-8, UTF-16 and UTF-32, in both orders of bytes, in digits of one and of two widths.
fn in_codings(text: &str) -> Vec<Vec<u8>> {
    let wide = |c: char| match u8::try_from(c) {
        Ok(b'!'..=b'~') => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
        _ => c,
    };
    let mut codings = Vec::new();
    for text in [text.to_owned(), text.chars().map(wide).collect()] {
        let units: Vec<u16> = text.encode_utf16().collect();
        codings.push(units.iter().flat_map(|unit| unit.to_le_bytes()).collect());
        codings.push(units.iter().flat_map(|unit| unit.to_be_bytes()).collect());
        codings.push(text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect());
        codings.push(text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect());
        codings.push(text.into_bytes());
    }
    codings
}

fn holds(bytes: &[u8], text: &str) -> bool {
    let found = |coded: &Vec<u8>| memchr::memmem::find(bytes, coded).is_some();
    in_codings(text).iter().any(found)
}

/// What this process logs, at every level that says what is done.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The log of this process so far. Other tests of the binary may write to it, too.
fn log() -> Vec<u8> {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(|| Log)
            .init();
    });
    LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The numbers of persons that stand in the papers of a case.
fn numbers_of(truth: &CaseTruth) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    let pages = truth.documents.iter().flat_map(|document| &document.pages);
    let texts = pages.map(|page| page.text());
    let details = truth.details.values().flatten().chain(truth.fields.values()).cloned();
    for text in texts.chain(details) {
        let characters: Vec<char> = text.chars().collect();
        for number in person_numbers(&text) {
            let number: String = number.places.iter().map(|at| characters[*at]).collect();
            numbers.insert(number.to_ascii_uppercase());
        }
    }
    numbers
}

/// What a full run left behind besides the archive.
#[derive(Default)]
struct Run {
    /// The numbers of persons that went in, but for the next.
    numbers: BTreeSet<String>,
    /// A number that stands in names of folders and files only, which programs name to whoever runs them.
    in_names: String,
    /// What the programs said, and what they logged.
    said: Vec<u8>,
}

/// An archive with scans, imported lines and a correction, its exports, and everything that the programs have said.
fn full_run(archive: &Archive, formats: &[Format]) -> Run {
    log();
    let folder = archive.folder.path();
    let scans = sample(
        folder,
        SampleOptions {
            cases: 1,
            seed: 11,
            only_formats: Some(formats.to_vec()),
            ..options()
        },
    );
    let mut run = Run::default();
    for truth in files(&scans.join("truth"), &[]) {
        let truth: CaseTruth = serde_json::from_slice(&fs::read(truth).unwrap()).unwrap();
        run.numbers.extend(numbers_of(&truth));
    }
    assert!(run.numbers.len() > 1);
    // In a title, a text, a field; right, and read wrong.
    let [a, b, c] = [number(123), number(231), number(312)];
    run.numbers.extend([a.clone(), b.clone(), c.clone(), PHONE.to_owned()]);
    run.in_names = number(444);
    let lines = [
        serde_json::json!({
            "archival_code": "0123-XK·2019-D30-SCJG-0042", "title": format!("{a}的食品经营许可"), "decided_on": "2019-05-07",
            "applicant": {"name": "赵小满", "kind": "person", "id_number": a},
            "documents": [{"title": format!("{b}申请书"), "kind": "application",
                "pages": [format!("申请人证件号码{a}，电话{PHONE}。\n身份证号 {b}，同住人 {c}。")]}],
        }),
        serde_json::json!({"archival_code": "0123-XK·2019-D30-SCJG-0043", "applicant": {"id_number": "坏的"}, "x": c}),
    ];
    let import = folder.join(format!("{}.jsonl", run.in_names));
    fs::write(&import, lines.map(|line| line.to_string()).join("\n")).unwrap();
    let broken = folder.join("broken").join(&run.in_names);
    fs::create_dir_all(&broken).unwrap();
    fs::write(broken.join(format!("{}.pdf", run.in_names)), b"%PDF-1.7 nothing").unwrap();
    for arguments in [
        vec!["ingest", scans.join("cases").to_str().unwrap()],
        vec!["ingest", broken.to_str().unwrap()],
        vec!["import", import.to_str().unwrap()],
    ] {
        run.said.extend(said_by(archive, &arguments));
    }
    archive.correct(
        "0123-XK·2019-D30-SCJG-0042",
        field(FieldName::Title, &format!("{b}的许可")),
    );
    run.said.extend(said_by(archive, &["watch", "--once", "--settle", "0"]));
    for query in ["许可", "赵小满", a.as_str(), PHONE, "身份证号14022419900101231"] {
        let (_, answer) = archive.get("/api/v1/search", &[("q", query)]);
        // How the query was read is told to who asked it.
        let parts = answer.split(|byte| *byte == b'"');
        run.said.extend(parts.filter(|part| !holds(part, query)).flatten());
        let (_, marks) = archive.get("/api/v1/suggest", &[("q", query.get(..6).unwrap())]);
        run.said.extend(marks);
    }
    for format in ["jsonl", "csv"] {
        let (_, export) = archive.get("/api/v1/export", &[("format", format)]);
        run.said.extend(export);
    }
    run.said.extend(said_by(archive, &["reindex"]));
    run.said.extend(log());
    let logged = ["DEBUG", "INFO"].iter().any(|level| holds(&run.said, level));
    assert!(logged, "what is logged was caught");
    run
}

/// What a run of the indexer says and logs.
fn said_by(archive: &Archive, arguments: &[&str]) -> Vec<u8> {
    let ran = archive.indexer_with(&[("RUST_LOG", "debug")], arguments);
    [stdout(&ran).into_bytes(), ran.stderr].concat()
}

/// In no file, whatever it is written as, and in no word of the index.
#[test]
fn no_number_of_a_person_is_read_in_a_stolen_data_directory() {
    let archive = Archive::new();
    let run = full_run(&archive, &[Format::PdfText, Format::PdfG4]);
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
    let mut all = run.numbers.clone();
    all.insert(run.in_names.clone());
    let mut looked_at = 0;
    for path in files(&archive.data(), &["originals", "pages", "keys"]) {
        let bytes = fs::read(&path).unwrap();
        looked_at += 1;
        let index = path.components().any(|part| part.as_os_str() == "index");
        let wanted = if index { parts(&all) } else { all.clone() };
        for text in wanted {
            assert!(!holds(&bytes, &text), "{} holds a part of a number", path.display());
        }
        let name = path.to_string_lossy();
        assert!(all.iter().all(|number| !name.contains(number.as_str())));
    }
    assert!(looked_at > 5);
    let (backups, kept_keys) = archive.back_up();
    let mut backed_up = files(&backups, &["originals", "pages"]);
    assert!(backed_up.iter().any(|path| path.ends_with("catalogue.db")));
    backed_up.extend(files(&kept_keys, &[]));
    for path in backed_up {
        let bytes = fs::read(&path).unwrap();
        let name = path.to_string_lossy();
        for number in &all {
            let read = holds(&bytes, number) || name.contains(number.as_str());
            assert!(!read, "{name} of the backup holds a number");
        }
    }
    for number in &run.numbers {
        assert!(!holds(&run.said, number), "a program said or logged a number");
    }
    unpacked(&archive.data(), &all);
}

/// Looks at what the files of the index hold when they are unpacked: every word and everything stored.
fn unpacked(data: &Path, numbers: &BTreeSet<String>) {
    let generations = files(&data.join("index"), &[]);
    let generations = generations.iter().filter(|path| path.ends_with("meta.json"));
    let mut cases = 0;
    for generation in generations {
        let index = Index::open_in_dir(generation.parent().unwrap()).unwrap();
        let searcher = index.reader().unwrap().searcher();
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let mut words = BTreeSet::new();
            for (field, entry) in searcher.schema().fields() {
                if !entry.is_indexed() || !matches!(entry.field_type(), FieldType::Str(_)) {
                    continue;
                }
                let inverted = segment.inverted_index(field).unwrap();
                let mut terms = inverted.terms().stream().unwrap();
                while let Some((term, _)) = terms.next() {
                    words.insert(String::from_utf8(term.to_vec()).unwrap());
                }
            }
            for number in numbers {
                let parts: Vec<&str> = (0..=number.len() - 4)
                    .map(|at| number.get(at..at + 4).unwrap())
                    .collect();
                let known = parts.iter().filter(|part| words.contains(**part)).count();
                // Dates, years and other numbers share some of them.
                assert!(2 * known < parts.len(), "the words of the index make up a number");
                assert!(!words.iter().any(|word| word.contains(number.as_str())));
            }
            for doc in segment.doc_ids_alive() {
                cases += 1;
                let stored: TantivyDocument = searcher.doc(DocAddress::new(ordinal, doc)).unwrap();
                for (_, value) in stored.field_values() {
                    let bytes = value.as_bytes().unwrap();
                    assert!(parts(numbers).iter().all(|part| !holds(bytes, part)), "a stored number");
                }
            }
        }
    }
    assert!(cases >= 2);
}

#[test]
fn without_its_key_nothing_of_an_archive_is_told_but_why() {
    let archive = Archive::new();
    full_run(&archive, &[Format::PdfText]);
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
