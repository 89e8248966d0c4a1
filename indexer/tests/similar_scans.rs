//! The same sheet scanned twice, for two cases, is told; another sheet of the same form is not. From files of scans to findings,
//! through the real reading.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, overlay, resize};
use image::{GrayImage, Luma};
use juanzong::access::VisibleCases;
use juanzong::analytics::findings::Rule;
use juanzong::record::DocumentKind;
use juanzong_indexer::sample::truth::CaseTruth;
use juanzong_indexer::sample::{Format, SampleOptions};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use crate::findings::findings;
use crate::support::{Archive, options, sample, stdout};

/// How another scanner, or another day, shows a sheet.
struct Look {
    scale: f32,
    /// The sheet lies elsewhere, in pixels.
    shift: (i64, i64),
    contrast: f32,
    brightness: f32,
    noise: f32,
    quality: u8,
}

const LIGHTER: Look = Look {
    scale: 1.0,
    shift: (5, -4),
    contrast: 0.85,
    brightness: 38.0,
    noise: 10.0,
    quality: 55,
};
const COARSER: Look = Look {
    scale: 0.8,
    shift: (-3, 6),
    contrast: 1.0,
    brightness: -18.0,
    noise: 6.0,
    quality: 40,
};

/// Another scan of a sheet, as a JPEG.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]
fn scanned_again(page: &Path, look: &Look, seed: u64) -> Vec<u8> {
    let first = image::open(page).unwrap().to_luma8();
    let scaled = |length: u32| (length as f32 * look.scale) as u32;
    let size = (scaled(first.width()), scaled(first.height()));
    let mut sheet = GrayImage::from_pixel(size.0, size.1, Luma([245]));
    overlay(
        &mut sheet,
        &resize(&first, size.0, size.1, FilterType::Triangle),
        look.shift.0,
        look.shift.1,
    );
    let mut rng = SmallRng::seed_from_u64(seed);
    for pixel in sheet.pixels_mut() {
        let noise = (rng.random::<f32>() - 0.5) * 2.0 * look.noise;
        let shade = f32::from(pixel.0[0]) * look.contrast + look.brightness + noise;
        pixel.0[0] = shade.clamp(0.0, 255.0) as u8;
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, look.quality)
        .encode_image(&sheet)
        .unwrap();
    bytes
}

/// Pages of a kind, upright, each of another case.
fn pages_of(out: &Path, kind: DocumentKind) -> Vec<PathBuf> {
    let mut truths: Vec<PathBuf> = fs::read_dir(out.join("truth"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    truths.sort();
    let page = |path: &PathBuf| {
        let truth: CaseTruth = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let document = truth.documents.into_iter().find(|document| {
            let upright = document
                .pages
                .iter()
                .all(|page| page.rotation == 0 && page.exif_orientation == 1);
            let is_image = matches!(document.format, Format::Jpeg | Format::Png);
            document.kind == kind && is_image && document.pages.len() == 1 && upright
        })?;
        Some(out.join("cases").join(&truth.folder).join(document.file))
    };
    truths.iter().filter_map(page).collect()
}

#[test]
fn a_sheet_that_was_scanned_twice_is_told_and_another_one_of_its_form_is_not() {
    let archive = Archive::new();
    let out = sample(
        archive.folder.path(),
        SampleOptions {
            cases: 12,
            seed: 26_215,
            only_formats: Some(vec![Format::Jpeg, Format::Png]),
            ..options()
        },
    );
    let (decisions, licences) = (
        pages_of(&out, DocumentKind::Decision),
        pages_of(&out, DocumentKind::Licence),
    );
    assert!(
        decisions.len() >= 3 && licences.len() >= 2,
        "{} decisions, {} licences",
        decisions.len(),
        licences.len()
    );
    let root = archive.folder.path().join("volumes");
    let code = |number: usize| format!("0101-XK·2019-D30-SCJG-{number:04}");
    let put = |number: usize, name: &str, bytes: &[u8]| {
        let folder = root.join(code(number));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    };
    for (page, number) in decisions.iter().take(3).chain(licences.iter().take(2)).zip(1..) {
        let name = page.file_name().unwrap().to_str().unwrap();
        put(number, name, &fs::read(page).unwrap());
    }
    put(6, "01.jpg", &scanned_again(&decisions[0], &LIGHTER, 1));
    put(7, "01.jpg", &scanned_again(&licences[0], &COARSER, 2));

    let run = archive.indexer(&["ingest", root.to_str().unwrap()]);
    assert!(
        run.status.success(),
        "{}{}",
        stdout(&run),
        String::from_utf8_lossy(&run.stderr)
    );
    let (found, examined) = findings(&archive.data(), VisibleCases::all());
    assert_eq!(examined, 7);
    let told: BTreeSet<BTreeSet<String>> = found
        .into_iter()
        .filter(|finding| matches!(finding.rule, Rule::SimilarScan | Rule::IdenticalScan))
        .map(|finding| finding.cases)
        .collect();
    // The first decision and its copy, the first licence and its copy; the other forms of both kinds are other sheets.
    let expected = [[1, 6], [4, 7]].map(|pair| pair.map(code).into_iter().collect());
    assert_eq!(told, BTreeSet::from(expected));
}
