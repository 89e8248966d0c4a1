//! Every fact of a case points to the ink that it was read from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use axum::http::StatusCode;
use image::GrayImage;
use juanzong_indexer::sample::truth::{CaseTruth, LineTruth, PageTruth};
use juanzong_indexer::sample::{Format, Level, SampleOptions, volumes};
use serde_json::Value;

use crate::support::{Archive, options, sample, stdout};

/// A fact of the answer with a place on a page.
struct Placed {
    field: String,
    origin: String,
    /// The text as it was read, personal data masked by `*`.
    text: Vec<char>,
    /// Box in parts of the page: left, top, right, bottom.
    area: [f64; 4],
}

/// What was looked at.
#[derive(Default)]
struct Seen {
    /// Facts with a box that say what stands on paper, and those of them that the print in the box spells.
    all: usize,
    spelled: usize,
    /// Their fields.
    fields: BTreeSet<String>,
    /// Documents that are parts of a file and have such facts.
    parts: usize,
    /// Facts on pages that were turned, and on skewed ones.
    turned: usize,
    skewed: usize,
}

#[test]
fn the_box_of_every_fact_surrounds_its_value_on_the_page_image() {
    let folder = tempfile::tempdir().unwrap();
    let scans = sample(
        folder.path(),
        SampleOptions {
            cases: 4,
            seed: 5,
            level: Level::Clean,
            only_formats: Some(vec![Format::Jpeg, Format::PdfG4, Format::PdfText]),
            ..options()
        },
    );
    let seen = look_at_boxes(&scans, 1000);
    assert!(seen.all > 60, "only {} facts have a box", seen.all);
    assert!(
        seen.fields.len() >= 12,
        "only these fields have a box: {:?}",
        seen.fields
    );
    // What a recogniser misreads has its box, but is not spelled by the print in it.
    assert!(
        seen.spelled * 100 >= seen.all * 95,
        "only {} of {} boxes hold their value",
        seen.spelled,
        seen.all
    );
}

/// Volumes are divided and hold turned and skewed pages: the boxes lie on the page as it is shown.
#[test]
fn the_box_of_every_fact_of_a_divided_volume_surrounds_its_value() {
    let folder = tempfile::tempdir().unwrap();
    let scans = folder.path().join("scans");
    volumes(&SampleOptions {
        out: scans.clone(),
        cases: 1,
        seed: 8,
        level: Level::Hard,
        only_formats: Some(vec![Format::PdfJpeg, Format::TiffG4]),
    })
    .unwrap();
    let seen = look_at_boxes(&scans, 1200);
    assert!(seen.all > 40, "only {} facts have a box", seen.all);
    assert!(seen.parts > 5, "only {} documents are parts of a file", seen.parts);
    assert!(
        seen.turned > 0 && seen.skewed > 0,
        "{} turned, {} skewed",
        seen.turned,
        seen.skewed
    );
    assert!(
        seen.spelled * 100 >= seen.all * 85,
        "only {} of {} boxes hold their value",
        seen.spelled,
        seen.all
    );
}

/// Takes scans in and looks at the box of every fact of every case on the image of its page, `width` pixels wide.
fn look_at_boxes(scans: &Path, width: u32) -> Seen {
    let archive = Archive::new();
    let run = archive.indexer(&["ingest", scans.join("cases").to_str().unwrap()]);
    assert!(
        run.status.success(),
        "{}{}",
        stdout(&run),
        String::from_utf8_lossy(&run.stderr)
    );
    let mut seen = Seen::default();
    for entry in std::fs::read_dir(scans.join("truth")).unwrap() {
        let truth: CaseTruth = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
        let on_paper: BTreeMap<(&str, u64), &PageTruth> = truth
            .documents
            .iter()
            .flat_map(|document| document.pages.iter().map(move |page| (document, page)))
            .map(|(document, page)| ((document.file.as_str(), page.number.into()), page))
            .collect();
        let hits = archive.search(&[("q", ""), ("size", "100")]);
        let hits = hits["hits"].as_array().unwrap();
        let hit = hits
            .iter()
            .find(|hit| hit["archival_code"] == truth.folder.as_str())
            .unwrap();
        let id = hit["case_id"].as_str().unwrap();
        let case = archive.json(&format!("/api/v1/cases/{id}"), &[]);
        every_field_has_its_place(&case);
        let documents = case["documents"].as_array().unwrap();
        let mut with_facts = BTreeSet::new();
        for ((document, page), facts) in by_page(&case) {
            let path = format!("/api/v1/cases/{id}/documents/{document}/pages/{page}");
            let answer = archive.json(&path, &[]);
            let size = (answer["width"].as_f64().unwrap(), answer["height"].as_f64().unwrap());
            // What is personal is blackened in the image that everybody gets.
            let (status, image) = archive.image_in_full(&path, &[("width", &width.to_string())]);
            assert_eq!(status, StatusCode::OK);
            let image = image::load_from_memory(&image).unwrap().to_luma8();
            assert_eq!(image.width(), width);
            let file = documents[document - 1]["source_name"].as_str().unwrap();
            let on_paper = on_paper[&(file, page)];
            with_facts.insert((document, file));
            for fact in &facts {
                let place = format!(
                    "{} of {} on page {page} of document {document}",
                    fact.field, fact.origin
                );
                let fact = in_parts(fact, size);
                assert!(
                    fact.area.iter().all(|v| (0.0..=1.001).contains(v)),
                    "{place} is on the page: {:?}",
                    fact.area
                );
                assert!(has_ink(&image, fact.area), "there is print in the box: {place}");
                seen.fields.insert(fact.field.clone());
                // A seal is no line; the kind of an applicant is a conclusion, and so is what a contents list means.
                let concluded = [
                    "applicant_kind",
                    "declared_document",
                    "undeclared_document",
                    "further_case",
                ];
                if fact.origin == "agency.seal" || concluded.contains(&fact.field.as_str()) {
                    continue;
                }
                seen.all += 1;
                seen.turned += usize::from(on_paper.rotation != 0);
                seen.skewed += usize::from(on_paper.degradations.skew.abs() > 0.5);
                seen.spelled += usize::from(spells(on_paper, &fact, &place));
            }
        }
        let shared = |file: &str| documents.iter().filter(|d| d["source_name"] == file).count() > 1;
        seen.parts += with_facts.iter().filter(|(_, file)| shared(file)).count();
    }
    seen
}

/// Every field of the answer that comes from paper has a fact with document, page and box that says it.
fn every_field_has_its_place(case: &Value) {
    // What follows from other fields stands nowhere itself.
    let concluded = ["title", "region", "retention", "security_class"];
    let applicant = ["name", "kind", "id_number"].map(|name| (format!("applicant_{name}"), &case["applicant"][name]));
    let fields = juanzong::record::FieldName::ALL
        .iter()
        .map(|field| (field.code().to_owned(), &case[field.code()]))
        .chain(applicant);
    for (field, value) in fields.filter(|(field, value)| !value.is_null() && !concluded.contains(&field.as_str())) {
        let placed = case["facts"].as_array().unwrap().iter().any(|fact| {
            fact["field"] == field.as_str()
                && fact["value"] == *value
                && ["document", "page", "box"].iter().all(|name| !fact[name].is_null())
        });
        assert!(placed, "{field} of {} has no place", case["archival_code"]);
    }
}

/// The facts with a box, by document and page.
fn by_page(case: &Value) -> BTreeMap<(usize, u64), Vec<Placed>> {
    let mut pages: BTreeMap<(usize, u64), Vec<Placed>> = BTreeMap::new();
    for fact in case["facts"].as_array().unwrap() {
        let (Some(document), Some(page), Some(area)) =
            (fact["document"].as_u64(), fact["page"].as_u64(), fact["box"].as_array())
        else {
            continue;
        };
        let text = fact["as_read"].as_str().or(fact["value"].as_str()).unwrap();
        let area: Vec<f64> = area.iter().map(|v| v.as_f64().unwrap()).collect();
        let placed = Placed {
            field: fact["field"].as_str().unwrap().to_owned(),
            origin: fact["origin"].as_str().unwrap().to_owned(),
            text: plain(text),
            area: area.try_into().unwrap(),
        };
        pages
            .entry((usize::try_from(document).unwrap(), page))
            .or_default()
            .push(placed);
    }
    pages
}

fn in_parts(fact: &Placed, (width, height): (f64, f64)) -> Placed {
    let [x0, y0, x1, y1] = fact.area;
    Placed {
        field: fact.field.clone(),
        origin: fact.origin.clone(),
        text: fact.text.clone(),
        area: [x0 / width, y0 / height, x1 / width, y1 / height],
    }
}

/// Letters and digits in half width: what recognisers do not confuse with each other by width.
fn plain(text: &str) -> Vec<char> {
    let half = |c: char| match c {
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap(),
        c => c,
    };
    text.chars()
        .map(half)
        .filter(|c| c.is_alphanumeric() || *c == '*')
        .collect()
}

/// Whether some of the image in the box is clearly darker than the paper.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // parts of an image
fn has_ink(image: &GrayImage, [x0, y0, x1, y1]: [f64; 4]) -> bool {
    let at = |part: f64, of: u32| ((part * f64::from(of)) as u32).min(of - 1);
    let (x0, x1) = (at(x0, image.width()), at(x1, image.width()));
    let (y0, y1) = (at(y0, image.height()), at(y1, image.height()));
    let mut values: Vec<u8> = (y0..=y1)
        .flat_map(|y| (x0..=x1).map(move |x| (x, y)))
        .map(|(x, y)| image.get_pixel(x, y).0[0])
        .collect();
    values.sort_unstable();
    // The darkest hundredth against the brightest quarter.
    values[values.len() / 100] + 40 < values[values.len() * 3 / 4]
}

/// Whether the lines of the truth that lie under the box spell the value; where one line does, its box must be the part
/// of the line that the value takes.
fn spells(page: &PageTruth, fact: &Placed, place: &str) -> bool {
    let size = if page.rotation.is_multiple_of(180) {
        (page.width, page.height)
    } else {
        (page.height, page.width)
    };
    let parts = |line: &LineTruth| {
        let [x0, y0, x1, y1] = <[u32; 4]>::from(line.upright).map(f64::from);
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        [x0 / width, y0 / height, x1 / width, y1 / height]
    };
    let under: Vec<&LineTruth> = page
        .lines
        .iter()
        .filter(|line| {
            let [x0, y0, x1, y1] = parts(line);
            let middle = f64::midpoint(y0, y1);
            (fact.area[1]..=fact.area[3]).contains(&middle) && x0 < fact.area[2] && fact.area[0] < x1
        })
        .collect();
    let text: Vec<char> = under.iter().flat_map(|line| plain(&line.text)).collect();
    if place_in(&text, &fact.text).is_none() {
        return false;
    }
    let one = under.iter().find_map(|line| {
        let text = plain(&line.text);
        Some((line, text.len(), place_in(&text, &fact.text)?))
    });
    if let Some((line, length, start)) = one {
        let [x0, _, x1, _] = parts(line);
        let widths: Vec<f64> = plain(&line.text)
            .iter()
            .map(|c| if c.is_ascii() { 0.55 } else { 1.0 })
            .collect();
        // Marks between the letters take room, too: each end may be off by their width and two characters.
        let marks = line.text.chars().count() - length;
        let sum: f64 = widths.iter().sum::<f64>() + marks as f64 * 0.5;
        let before: f64 = widths[..start].iter().sum();
        let unit = (x1 - x0) / sum;
        let slack = unit * (2.5 + marks as f64);
        let expected = x0 + before * unit;
        assert!(
            (fact.area[0] - expected).abs() <= slack,
            "{place}: begins at {}, not at {expected}",
            fact.area[0]
        );
    }
    true
}

/// Where the value stands; `*` stands for any character.
fn place_in(text: &[char], value: &[char]) -> Option<usize> {
    let same = |part: &[char]| part.iter().zip(value).all(|(a, b)| a == b || *b == '*');
    if value.is_empty() {
        return None;
    }
    text.windows(value.len()).position(same)
}
