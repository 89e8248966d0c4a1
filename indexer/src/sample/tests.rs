//! Tests of whole case files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageDecoder, ImageReader};
use juanzong::record::{
    ApplicantKind, ArchivalCode, CaseFields, CreditCode, DocumentKind, DocumentNumber, FieldName, IdNumber, Outcome,
};

use super::facts::{Effect, Facts, KNOWN_CASE, KNOWN_RENEWAL, Paper, Plan, random};
use super::fonts::Fonts;
use super::generate::{Position, folder_name, format_of, job_of};
use super::truth::{CaseTruth, DocumentTruth, PageTruth};
use super::{Error, Format, Level, SampleOptions, documents, generate, manifest};

fn options(out: &Path, cases: u32, seed: u64) -> SampleOptions {
    SampleOptions {
        out: out.to_owned(),
        cases,
        seed,
        level: Level::Mixed,
        only_formats: None,
    }
}

/// Every file below a directory by its relative path.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn truths(root: &Path) -> Vec<CaseTruth> {
    let mut cases: Vec<CaseTruth> = fs::read_dir(root.join("truth"))
        .unwrap()
        .map(|entry| serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap())
        .collect();
    cases.sort_by_key(|case| case.index);
    cases
}

/// One run of four cases holds every format; it is made once and looked at from all sides.
#[test]
fn a_run_is_complete_and_agrees_with_its_truth() {
    let directory = tempfile::tempdir().unwrap();
    let summary = generate(&options(directory.path(), 4, 7)).unwrap();
    let cases = truths(directory.path());
    assert_eq!(summary.cases, 4);
    assert_eq!(cases.len(), 4);
    let documents: Vec<&DocumentTruth> = cases.iter().flat_map(|case| &case.documents).collect();
    assert_eq!(summary.files as usize, documents.len());
    assert_eq!(
        summary.pages as usize,
        documents.iter().map(|d| d.pages.len()).sum::<usize>()
    );
    let formats: BTreeSet<Format> = documents.iter().map(|d| d.format).collect();
    assert_eq!(formats, Format::ALL.into());
    for case in &cases {
        let folder = directory.path().join("cases").join(&case.folder);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), case.documents.len());
        for document in &case.documents {
            assert!(!document.pages.is_empty());
            check_file(&folder.join(&document.file), document);
            document.pages.iter().for_each(check_boxes);
        }
    }
    check_manifest(&summary.manifest, &cases);
    let known = &cases[KNOWN_CASE as usize];
    assert!(known.fields[&FieldName::ApplicantName].contains("丰源餐饮"));
    assert!(known.fields[&FieldName::DecidedOn].starts_with("2019-"));

    let again = generate(&options(directory.path(), 4, 7));
    assert!(matches!(again, Err(Error::OutputNotEmpty { .. })));
}

/// Opens a file with the decoder of its format and compares page count and sizes.
fn check_file(path: &Path, document: &DocumentTruth) {
    let bytes = fs::read(path).unwrap();
    let name = &document.file;
    match document.format {
        Format::PdfText | Format::PdfJpeg | Format::PdfG4 | Format::PdfJbig2 => {
            let pdf = hayro::hayro_syntax::Pdf::new(bytes.clone()).unwrap();
            assert_eq!(pdf.pages().len(), document.pages.len(), "{name}");
            if document.format == Format::PdfText {
                let text = pdf_extract::extract_text_from_mem(&bytes).unwrap();
                let text: String = text.split_whitespace().collect();
                for line in document.pages.iter().flat_map(|page| &page.lines) {
                    let wanted: String = line.text.split_whitespace().collect();
                    assert!(text.contains(&wanted), "{name}: `{wanted}` is not in the text layer");
                }
            }
        }
        Format::TiffG4 | Format::TiffLzw => {
            let mut decoder = tiff::decoder::Decoder::new(std::io::Cursor::new(bytes)).unwrap();
            for (left, page) in (0..document.pages.len()).rev().zip(&document.pages) {
                assert_eq!(decoder.dimensions().unwrap(), (page.width, page.height), "{name}");
                decoder.read_image().unwrap();
                assert_eq!(decoder.more_images(), left > 0, "{name}");
                if decoder.more_images() {
                    decoder.next_image().unwrap();
                }
            }
        }
        Format::Jpeg | Format::Png => {
            let [page] = document.pages.as_slice() else {
                panic!("{name} has more than one page");
            };
            let reader = ImageReader::open(path).unwrap().with_guessed_format().unwrap();
            let mut decoder = reader.into_decoder().unwrap();
            let orientation = decoder.orientation().unwrap();
            assert_eq!(orientation.to_exif(), page.exif_orientation, "{name}");
            let mut image = DynamicImage::from_decoder(decoder).unwrap();
            assert_eq!((image.width(), image.height()), (page.width, page.height), "{name}");
            check_ink(&image, page);
            if page.exif_orientation != 1 {
                image.apply_orientation(orientation);
                let upright = page.rotation.is_multiple_of(180);
                let size = if upright {
                    (page.width, page.height)
                } else {
                    (page.height, page.width)
                };
                assert_eq!((image.width(), image.height()), size, "{name}");
            }
        }
    }
}

/// Inside the stored box of a line there is ink, and its middle row or column crosses some.
fn check_ink(image: &DynamicImage, page: &PageTruth) {
    let grey = image.to_luma8();
    for line in &page.lines {
        let area = line.area;
        let pixels = (area.y0..area.y1).flat_map(|y| (area.x0..area.x1).map(move |x| (x, y)));
        let tones: Vec<u8> = pixels.map(|(x, y)| grey.get_pixel(x, y).0[0]).collect();
        let (least, most) = (tones.iter().min().unwrap(), tones.iter().max().unwrap());
        assert!(most - least > 40, "no ink in the box of `{}`", line.text);
    }
}

fn check_boxes(page: &PageTruth) {
    let upright = if page.rotation.is_multiple_of(180) {
        (page.width, page.height)
    } else {
        (page.height, page.width)
    };
    assert!(!page.lines.is_empty());
    for line in &page.lines {
        for (area, (width, height)) in [(line.area, (page.width, page.height)), (line.upright, upright)] {
            assert!(area.x0 < area.x1 && area.x1 <= width, "{line:?}");
            assert!(area.y0 < area.y1 && area.y1 <= height, "{line:?}");
        }
        for [x, y] in line.quad {
            let area = line.area;
            let inside = |value: f32, from: u32, to: u32| {
                let value = f64::from(value);
                (f64::from(from) - 0.2..=f64::from(to) + 0.2).contains(&value)
            };
            assert!(inside(x, area.x0, area.x1) && inside(y, area.y0, area.y1), "{line:?}");
        }
    }
}

fn check_manifest(path: &Path, cases: &[CaseTruth]) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), cases.len());
    for (row, case) in rows.iter().zip(cases) {
        let value = |name: &str| row.get(headings.iter().position(|h| h == name).unwrap()).unwrap();
        assert_eq!(value("档号"), case.archival_code);
        assert_eq!(value("文件"), case.folder);
        let mut fields = CaseFields::default();
        for (name, field) in manifest::COLUMNS {
            if let Some(field) = field {
                fields.set(field, value(name));
                assert_eq!(fields.get(field).as_ref(), case.fields.get(&field), "{name}");
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_a_shorter_run_is_a_prefix() {
    let (short, long, other) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    generate(&options(short.path(), 2, 11)).unwrap();
    generate(&options(long.path(), 3, 11)).unwrap();
    generate(&options(other.path(), 1, 12)).unwrap();
    let (short, mut long) = (files(short.path()), files(long.path()));
    let manifest = long.remove(Path::new("manifest.csv")).unwrap();
    for (path, bytes) in &short {
        if path == Path::new("manifest.csv") {
            assert!(
                manifest.starts_with(bytes),
                "the manifest goes on where the shorter one ends"
            );
        } else {
            assert!(long.get(path) == Some(bytes), "{} differs", path.display());
        }
    }
    assert!(
        files(other.path())
            .keys()
            .all(|path| path.ends_with("manifest.csv") || !short.contains_key(path))
    );
}

#[test]
fn only_the_formats_asked_for_are_written() {
    let directory = tempfile::tempdir().unwrap();
    let asked = vec![Format::TiffG4, Format::PdfText];
    let mut options = options(directory.path(), 1, 5);
    options.only_formats = Some(asked.clone());
    generate(&options).unwrap();
    for document in &truths(directory.path())[0].documents {
        assert!(asked.contains(&document.format), "{}", document.file);
    }
    options.only_formats = Some(Vec::new());
    assert!(matches!(generate(&options), Err(Error::NoFormat)));
    options.cases = super::MOST_CASES + 1;
    assert!(matches!(generate(&options), Err(Error::TooManyCases { .. })));
}

#[test]
fn facts_of_many_cases_are_valid_and_consistent() {
    for seed in [0, 7, 8, u64::MAX] {
        let mut codes = BTreeSet::new();
        let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
        let mut regions = BTreeSet::new();
        let mut matters = BTreeSet::new();
        for index in 0..120 {
            let facts = Facts::invent(seed, index);
            let applicant = &facts.applicant;
            if applicant.kind == ApplicantKind::Person {
                assert!(IdNumber::parse(&applicant.id_number).is_some());
            } else {
                assert!(CreditCode::parse(&applicant.id_number).is_some());
            }
            let people = [&applicant.representative, &facts.clerk, &facts.leader];
            assert!(people.iter().all(|person| IdNumber::parse(&person.id_number).is_some()));
            let dates = [
                facts.applied,
                facts.accepted,
                facts.inspected,
                facts.decided,
                facts.served,
            ];
            assert!(dates.is_sorted(), "case {index}: {dates:?}");
            assert!(
                DocumentNumber::parse(&facts.document_number).is_some(),
                "{}",
                facts.document_number
            );
            let code = ArchivalCode::parse(&facts.archival_code).unwrap();
            assert_eq!(code.as_str(), facts.archival_code);
            assert_eq!(code.year(), Some(facts.decided.year()));
            assert!(
                codes.insert(facts.archival_code.clone()),
                "{} twice",
                facts.archival_code
            );
            let year = facts.decided.year();
            assert!((2009..=2025).contains(&year));
            if facts.agency.ends_with("市场监督管理局") || facts.agency.ends_with("应急管理局") {
                assert!(year >= 2019, "{} in {year}", facts.agency);
            }
            if let Some((from, until)) = facts.validity {
                assert!(from == facts.decided && until > from);
            }
            *outcomes.entry(facts.plan.outcome.code()).or_default() += 1;
            regions.insert(facts.county.code);
            matters.insert(facts.matter.name);
            let mut fields = CaseFields::default();
            for (field, value) in facts.fields() {
                assert!(fields.set(field, &value), "{}", field.code());
                assert_eq!(fields.get(field), Some(value), "{}", field.code());
            }
        }
        assert!(outcomes[Outcome::Granted.code()] > 60);
        assert!(
            ["refused", "withdrawn", "renewed", "changed"]
                .iter()
                .all(|code| outcomes[code] > 0)
        );
        assert!(
            regions.len() >= 8 && matters.len() >= 20,
            "{} {}",
            regions.len(),
            matters.len()
        );
        let (known, renewal) = (Facts::invent(seed, KNOWN_CASE), Facts::invent(seed, KNOWN_RENEWAL));
        assert!(known.applicant.name.contains("丰源餐饮"));
        assert_eq!(known.decided.year(), 2019);
        assert_eq!(known.plan.outcome, Outcome::Granted);
        assert_eq!(known.applicant.id_number, renewal.applicant.id_number);
        assert_eq!(renewal.decided.year(), 2024);
    }
}

#[test]
fn every_document_is_set_with_all_its_sentences_filled() {
    let fonts = Fonts::load().unwrap();
    for index in 0..24 {
        let facts = Facts::invent(3, index);
        let papers = [
            Paper::Application,
            Paper::Supplement,
            Paper::Acceptance,
            Paper::Inspection,
            Paper::Hearing,
            Paper::Report(index % 4 + 2),
            Paper::Review,
            Paper::Decision,
            Paper::Licence,
            Paper::Withdrawal,
            Paper::Receipt,
        ];
        for (part, paper) in (1..).zip(papers) {
            let sheets = documents::write(paper, &facts, &fonts, &random(3, index, part), &[]).unwrap();
            let pages = sheets.len();
            match paper {
                Paper::Report(_) => assert!((3..=7).contains(&pages), "{paper:?} has {pages} pages"),
                Paper::Decision | Paper::Hearing => assert!((1..=3).contains(&pages), "{paper:?} has {pages} pages"),
                _ => assert!(pages <= 2, "{paper:?} of case {index} has {pages} pages"),
            }
            for line in sheets.iter().flat_map(|sheet| &sheet.lines) {
                assert!(!line.text.contains(['{', '}']), "{}", line.text);
                assert_eq!(line.glyphs.len(), line.text.chars().count(), "{}", line.text);
                let (first, last) = (line.glyphs.first().unwrap(), line.glyphs.last().unwrap());
                let right = sheets[0].width - super::paper::mm(8.0);
                assert!(
                    first.x > super::paper::mm(8.0) && last.x + last.advance < right,
                    "{}",
                    line.text
                );
            }
            let texts = || {
                sheets
                    .iter()
                    .flat_map(|sheet| &sheet.lines)
                    .map(|line| line.text.as_str())
            };
            let all: String = texts().collect();
            if matches!(paper, Paper::Decision | Paper::Receipt) {
                assert!(all.contains(&facts.document_number), "{paper:?}");
            }
            if matches!(
                paper,
                Paper::Decision | Paper::Acceptance | Paper::Application | Paper::Review
            ) {
                assert!(all.contains(&facts.acceptance_number), "{paper:?}");
                assert!(all.contains(&facts.applicant.id_number), "{paper:?}");
            }
            let sealed = sheets.iter().any(|sheet| !sheet.seals.is_empty());
            let official = !matches!(
                paper,
                Paper::Application | Paper::Inspection | Paper::Hearing | Paper::Report(_) | Paper::Withdrawal
            );
            assert_eq!(sealed, official, "{paper:?}");
        }
    }
}

#[test]
fn the_first_twenty_cases_hold_every_kind_format_and_effect() {
    let options = options(Path::new("unused"), 20, 7);
    let (mut kinds, mut formats, mut exif) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut effects: Vec<Effect> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    for index in 0..20 {
        for (at, (paper, planned)) in (0..).zip(Plan::of(index).papers) {
            let position = Position { index, at };
            let format = format_of(&options, *planned, position, 1);
            kinds.insert(paper.kind());
            formats.insert(format);
            let job = job_of(&options, *paper, format, position);
            if format != Format::PdfText {
                levels.push(job.level);
                exif.insert(job.exif_turn);
                if job.level == Level::Hard {
                    effects.extend(job.effects);
                }
            }
        }
    }
    let wanted: BTreeSet<DocumentKind> = DocumentKind::ALL.iter().copied().collect();
    assert_eq!(kinds, wanted);
    assert_eq!(formats, Format::ALL.into());
    assert!(Effect::ALL.iter().all(|effect| effects.contains(effect)), "{effects:?}");
    assert!(
        [Level::Clean, Level::Normal, Level::Hard]
            .iter()
            .all(|level| levels.contains(level))
    );
    assert!(exif.len() > 2, "{exif:?}");
}

#[test]
fn folder_names_are_safe_and_keep_the_code_readable() {
    for (code, folder) in [
        ("0123-XK·2019-D30-SCJG-0042", "0123-XK·2019-D30-SCJG-0042"),
        ("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j"),
        ("ends.", "ends_"),
        ("tab\tin", "tab_in"),
    ] {
        assert_eq!(folder_name(code), folder);
    }
}

#[test]
fn the_errors_have_codes_and_name_the_cure() {
    let missing = Error::FontMissing {
        file: "uming.ttc",
        package: "fonts-arphic-uming",
    };
    assert_eq!(missing.code(), "font_missing");
    assert!(missing.to_string().contains("fonts-arphic-uming"));
}
