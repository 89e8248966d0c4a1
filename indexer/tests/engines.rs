//! Engines and their models: what is said when they are missing or damaged, and a text layer that lies.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use juanzong::record::{PixelBox, TextSource};
use juanzong_indexer::decode::{DecodedPage, Glyph, ScanFile};
use juanzong_indexer::ocr::Engine;
use juanzong_indexer::ocr::ppocr::models::ModelFolder;
use juanzong_indexer::sample::{Kind, Special, Workshop};
use juanzong_indexer::worker::PageReader;

const SEED: u64 = 11;

/// A page of print, and its text, line by line.
fn page(folder: &Path) -> (PathBuf, Vec<(String, PixelBox)>) {
    let page = Workshop::new()
        .unwrap()
        .make(Special::Turned(Kind::Decision, 0), SEED)
        .unwrap();
    let path = folder.join(format!("page.{}", page.extension));
    std::fs::write(&path, &page.file).unwrap();
    let lines = page.truth.lines.iter().map(|line| (line.text.clone(), line.area));
    (path, lines.collect())
}

fn ocr(models: &Path, arguments: &[&str], file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_juanzong-indexer"))
        .arg("ocr")
        .args(arguments)
        .arg(file)
        .env("JUANZONG_MODELS", models)
        .env("OMP_THREAD_LIMIT", "1")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_damaged_model_stops_the_command_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = page(folder.path());
    let models = folder.path().join("models");
    std::fs::create_dir(&models).unwrap();
    let installed = ModelFolder::find().expect("`make models` has not been run");
    for model in ModelFolder::files() {
        std::fs::copy(installed.path().join(model.name), models.join(model.name)).unwrap();
    }
    // Each file in turn: a flipped byte, half of it, nothing of it.
    for (index, model) in ModelFolder::files().into_iter().enumerate() {
        let path = models.join(model.name);
        let good = std::fs::read(&path).unwrap();
        let mut bad = good.clone();
        match index % 3 {
            0 => bad[good.len() / 2] ^= 0x40,
            1 => bad.truncate(good.len() / 2),
            _ => bad.clear(),
        }
        std::fs::write(&path, &bad).unwrap();
        let output = ocr(&models, &[], &file);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(model.name), "{}", said(&output));
        std::fs::write(&path, &good).unwrap();
    }
    std::fs::remove_file(models.join(ModelFolder::files()[0].name)).unwrap();
    let output = ocr(&models, &["--engine", "ppocr"], &file);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains(ModelFolder::files()[0].name),
        "{}",
        said(&output)
    );
}

#[test]
fn without_models_tesseract_reads_and_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = page(folder.path());
    let output = ocr(&folder.path().join("none"), &["--format", "json"], &file);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("make models"), "{}", said(&output));
    assert!(!output.stdout.is_empty());
}

/// Letters as a text layer would hold them: each line's text spread evenly over its box.
fn layer(lines: &[(String, PixelBox)]) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    for (text, area) in lines {
        let count = text.chars().count();
        glyphs.extend(text.chars().enumerate().map(|(index, c)| Glyph {
            text: c.to_string(),
            area: area.strip(index, index + 1, count),
        }));
    }
    glyphs
}

#[test]
fn a_text_layer_that_says_something_else_than_the_page_does_not_win() {
    let folder = tempfile::tempdir().unwrap();
    let (file, lines) = page(folder.path());
    let scan = || ScanFile::open(&file).unwrap().page(1).unwrap();
    let mut reader = PageReader::new(Engine::Ppocr);
    let mut source_with = |lines: &[(String, PixelBox)]| {
        let page = DecodedPage {
            text_layer: Some(layer(lines)),
            ..scan()
        };
        reader.read(1, page, false).unwrap().record
    };
    assert_eq!(source_with(&lines).source, TextSource::TextLayer);
    // As with a shifted character table: every Han character is another one, and still a Han character.
    let shifted: Vec<(String, PixelBox)> = lines
        .iter()
        .map(|(text, area)| {
            let shift = |c: char| match c {
                '\u{4e00}'..='\u{9f00}' => char::from_u32(u32::from(c) + 7).unwrap(),
                other => other,
            };
            (text.chars().map(shift).collect(), *area)
        })
        .collect();
    let record = source_with(&shifted);
    assert_eq!(record.source, TextSource::Ocr);
    let title = lines
        .iter()
        .map(|(text, _)| text)
        .find(|text| text.contains("决定书"))
        .unwrap();
    assert!(record.text.text().contains(title.trim()), "the title was not read");
}
