//! The real program as reading process: broken files, good files, recycling.

use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use juanzong_indexer::decode::FailureCode;
use juanzong_indexer::isolate::{PoolConfig, ReadEvent, ReaderPool};

use crate::support::broken::write_broken_files;

fn config() -> PoolConfig {
    let mut config = PoolConfig::new(PathBuf::from(env!("CARGO_BIN_EXE_juanzong-indexer")));
    config.workers = 2;
    config.memory_limit = 1 << 30;
    config
}

/// The failure of a file, or of its first page.
async fn failure(pool: &ReaderPool, path: &Path) -> Option<FailureCode> {
    if let Err(failure) = pool.probe(path).await {
        return Some(failure.code);
    }
    let (events, mut received) = tokio::sync::mpsc::channel(1);
    let (result, event) = tokio::join!(pool.read(path, 1..=1, events), received.recv());
    match (result, event) {
        (Err(failure), _) | (Ok(()), Some(ReadEvent::PageFailed { failure, .. })) => Some(failure.code),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_broken_file_fails_by_its_name_and_harms_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let expected = write_broken_files(folder.path());
    assert!(expected.len() >= 20);
    let mut config = config();
    config.page_time_limit = Duration::from_secs(60);
    let pool = ReaderPool::new(config);
    let mut found = Vec::new();
    for (name, _) in &expected {
        found.push((name.clone(), failure(&pool, &folder.path().join(name)).await));
    }
    let expected: Vec<_> = expected.into_iter().map(|(name, code)| (name, Some(code))).collect();
    assert_eq!(found, expected);
    pool.close().await;
}

/// A page with a picture of black blocks, which holds no text: quick to read, and right in every way.
fn picture(seed: u32) -> image::GrayImage {
    image::GrayImage::from_fn(400, 500, |x, y| {
        let ink = (150..250).contains(&x) && (100 + seed..200 + seed).contains(&y);
        image::Luma([if ink { 0 } else { 255 }])
    })
}

fn tiff_of(pages: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut bytes).unwrap();
    for seed in 0..pages {
        encoder
            .write_image::<tiff::encoder::colortype::Gray8>(400, 500, picture(seed).as_raw())
            .unwrap();
    }
    bytes.into_inner()
}

async fn read_all(pool: &ReaderPool, path: &Path, pages: u32) -> Vec<ReadEvent> {
    let (events, mut received) = tokio::sync::mpsc::channel(1);
    let collect = async {
        let mut seen = Vec::new();
        while let Some(event) = received.recv().await {
            seen.push(event);
        }
        seen
    };
    let (result, seen) = tokio::join!(pool.read(path, 1..=pages, events), collect);
    result.unwrap();
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_in_order_with_their_images_while_processes_are_replaced() {
    let folder = tempfile::tempdir().unwrap();
    // A name that is no UTF-8, as old Chinese archives have them.
    let path = folder
        .path()
        .join(std::ffi::OsString::from_vec(b"\xbe\xed\xd7\xda.tif".to_vec()));
    std::fs::write(&path, tiff_of(5)).unwrap();
    let mut config = config();
    config.recycle_after_pages = 2;
    let pool = ReaderPool::new(config);
    assert_eq!(pool.probe(&path).await.unwrap().pages, 5);
    let events = read_all(&pool, &path, 5).await;
    let numbers: Vec<u32> = events
        .iter()
        .map(|event| match event {
            ReadEvent::Page(page) => {
                let image = image::load_from_memory(&page.reading_image).unwrap();
                assert_eq!((image.width(), image.height()), (page.record.width, page.record.height));
                let small = image::load_from_memory(&page.thumbnail).unwrap();
                assert_eq!(small.height(), 320);
                page.record.number
            }
            ReadEvent::PageFailed { number, failure } => panic!("page {number}: {failure}"),
        })
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    pool.close().await;
}

/// Forms that each draw the next one ten times: 10^12 drawings in a file of a few KiB.
fn endless_pdf() -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R \
         /Resources << /XObject << /X 5 0 R >> >> >>"
            .to_owned(),
        "<< /Length 5 >>\nstream\n/X Do\nendstream".to_owned(),
    ];
    for level in 0..12 {
        let content = "/X Do ".repeat(10);
        objects.push(format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 300 300] /Resources << /XObject << /X {} 0 R >> >> \
             /Length {} >>\nstream\n{content}\nendstream",
            level + 6,
            content.len()
        ));
    }
    objects
        .push("<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 7 >>\nstream\n0 0 m S\nendstream".to_owned());
    write_pdf(&objects)
}

fn write_pdf(objects: &[String]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut table = String::new();
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    let size = objects.len() + 1;
    let xref = file.len();
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n"
    );
    file.extend_from_slice(end.as_bytes());
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_end_fails_by_its_time_limit_and_the_next_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (endless, good) = (folder.path().join("endless.pdf"), folder.path().join("good.tif"));
    std::fs::write(&endless, endless_pdf()).unwrap();
    std::fs::write(&good, tiff_of(1)).unwrap();
    let mut config = config();
    config.workers = 1;
    config.page_time_limit = Duration::from_secs(3);
    assert_eq!(
        failure(&ReaderPool::new(config.clone()), &endless).await,
        Some(FailureCode::TimeLimit)
    );
    config.page_time_limit = Duration::from_secs(60);
    assert_eq!(failure(&ReaderPool::new(config), &good).await, None);
}

/// The whole way from a scan to text. Needs tesseract with Chinese, which the program itself needs.
#[test]
fn ocr_writes_text_and_json_and_names_failures() {
    let folder = tempfile::tempdir().unwrap();
    let run = |file: &str, arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_juanzong-indexer"))
            .arg("ocr")
            .arg(folder.path().join(file))
            .args(arguments)
            .output()
            .unwrap()
    };
    std::fs::write(folder.path().join("scan.tif"), tiff_of(2)).unwrap();
    let out = folder.path().join("out.json");
    let output = run("scan.tif", &["--format", "json", "-o", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(json["file"], "scan.tif");
    assert_eq!(json["pages"][1]["number"], 2);
    assert_eq!(json["pages"][0]["width"], 400);
    assert_eq!(json["pages"][0]["rotation"], 0);
    assert!(json["pages"][0]["lines"].is_array());
    assert!(json.get("failures").is_none());

    std::fs::write(folder.path().join("text.pdf"), "只是文字").unwrap();
    let output = run("text.pdf", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown_format"));
    assert!(output.stdout.is_empty());
    assert_eq!(run("text.pdf", &["--format", "docx"]).status.code(), Some(2));
}
