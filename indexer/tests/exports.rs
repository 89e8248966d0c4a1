//! Exports read back by other programs: the workbook by `calamine`, the PDF by `pdftotext` and `qpdf`.
//!
//! The text is the truth of a sample, so that the export is measured and not the reading.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use calamine::{Data, Reader, Xlsx};
use juanzong::analysis::Analyser;
use juanzong::archive::{Archive, FindingsQuery, KeyedNumbers};
use juanzong::catalogue::{Catalogue, Change, DataDirectory, NewFile, Rendition};
use juanzong::export::{
    ExportOptions, PdfCounts, PrintFont, TableFormat, export_case_pdf, export_cases, export_findings, export_statistics,
};
use juanzong::index::{CaseChange, CaseIndexWriter, IndexDocument, WriterOptions};
use juanzong::record::{
    ArchivalCode, CaseFields, CaseRecord, DocumentKind, DocumentRecord, Fact, FactSource, FieldName, PageRecord,
    PageText,
};
use juanzong::search::statistics::StatisticsRequest;
use juanzong::search::{SearchRequest, VisibleCases};
use juanzong_indexer::decode::{PageImage, ScanFile};
use juanzong_indexer::sample::truth::CaseTruth;
use juanzong_indexer::sample::{SampleOptions, case_line};
use serde_json::Value;

use crate::outputs::{pdftotext, record, visible};
use crate::support;
use crate::support::{field, options, sample};

/// An archive of one sample case whose pages say what is true, a page that could not be read, and one without an image.
struct Made {
    folder: tempfile::TempDir,
    archive: Archive,
    code: ArchivalCode,
    case: CaseRecord,
}

fn jpeg(image: &PageImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let format = image::ImageFormat::Jpeg;
    match image {
        PageImage::Gray(image) => image.write_to(&mut bytes, format).unwrap(),
        PageImage::Rgb(image) => image.write_to(&mut bytes, format).unwrap(),
    }
    bytes.into_inner()
}

fn fact(field: FieldName, value: &str) -> Fact {
    Fact {
        field,
        value: value.to_owned(),
        as_read: None,
        source: FactSource::Catalogue,
        origin: "test".to_owned(),
        evidence: None,
    }
}

async fn made() -> Made {
    let folder = tempfile::tempdir().unwrap();
    let root = sample(folder.path(), SampleOptions { seed: 77, ..options() });
    let truth = fs::read_dir(root.join("truth")).unwrap().next().unwrap().unwrap();
    let truth: CaseTruth = serde_json::from_slice(&fs::read(truth.path()).unwrap()).unwrap();
    let directory = DataDirectory::open(folder.path().join("data")).unwrap();
    let catalogue = Catalogue::open(&directory).await.unwrap();
    let mut documents = Vec::new();
    for (document, ordinal) in truth.documents.iter().zip(1..) {
        let path = root.join("cases").join(&truth.folder).join(&document.file);
        let scan = ScanFile::open(&path).unwrap();
        let sha256 = format!("{ordinal:064x}");
        let pages: Vec<PageRecord> = document.pages.iter().map(record).collect();
        let file = NewFile {
            sha256: sha256.clone(),
            bytes: 1,
            media_type: "application/pdf".to_owned(),
            pages: u32::try_from(pages.len()).ok(),
        };
        catalogue.register_file(&file).await.unwrap();
        for (page, truth) in pages.iter().zip(&document.pages) {
            // Pages of the clean sample stand upright in their files.
            assert_eq!((page.rotation, truth.exif_orientation), (0, 1));
            let image = jpeg(&scan.page(page.number).unwrap().image);
            let rendition = Rendition::Reading;
            directory
                .store_page_image(&sha256, page.number, rendition, &image)
                .unwrap();
        }
        documents.push(DocumentRecord {
            ordinal,
            title: format!("第{ordinal}件材料"),
            kind: DocumentKind::Other,
            source_name: document.file.clone(),
            file_sha256: Some(sha256),
            part: None,
            failure: None,
            pages,
        });
    }
    let mut failed = PageRecord::imported(1, "");
    failed.failure = Some(("damaged_image".to_owned(), "test".to_owned()));
    let mut printed = PageRecord::imported(2, "导入的文字，共两行。\n第二行：ABC-123。");
    printed.text = PageText::without_geometry(&printed.text.text());
    documents.push(DocumentRecord {
        ordinal: u32::try_from(documents.len()).unwrap() + 1,
        title: "没有图像的材料".to_owned(),
        kind: DocumentKind::Review,
        source_name: String::new(),
        file_sha256: None,
        part: None,
        failure: None,
        pages: vec![failed, printed],
    });
    let facts = vec![
        fact(FieldName::Title, "=某案卷"),
        fact(FieldName::DecidedOn, "2019-05-07"),
        fact(FieldName::Outcome, "granted"),
        fact(FieldName::ApplicantIdNumber, "140224199001011234"),
    ];
    let code = ArchivalCode::parse("0123-XK·2019-D30-SCJG-0001").unwrap();
    let case = CaseRecord {
        archival_code: code.clone(),
        fields: CaseFields::resolve(&facts),
        facts,
        documents,
    };
    catalogue.save_case(&case).await.unwrap();
    catalogue.close().await;
    index(&directory, &case).await;
    let archive = Archive::open(directory).await.unwrap();
    Made {
        folder,
        archive,
        code,
        case,
    }
}

async fn index(directory: &DataDirectory, case: &CaseRecord) {
    let catalogue = Catalogue::open(directory).await.unwrap();
    let change = catalogue.changed_since(0, 1).await.unwrap()[0];
    let analyser = KeyedNumbers::analyser(&Analyser::builtin().unwrap(), &catalogue).unwrap();
    catalogue.close().await;
    let options = WriterOptions {
        batch_cases: 100,
        batch_time: Duration::from_secs(3600),
        threads: 1,
        memory_per_thread: 15_000_000,
    };
    let mut writer = CaseIndexWriter::open(&directory.index(), &analyser, options).unwrap();
    let change = CaseChange {
        case_key: change.case_key,
        sequence: change.sequence,
        document: Some(Box::new(IndexDocument::from_case(case, change.case_key))),
    };
    writer
        .replay(|after, _| {
            Ok::<_, std::convert::Infallible>(if after == 0 { vec![change.clone()] } else { Vec::new() })
        })
        .unwrap();
    writer.close().unwrap();
}

async fn pdf(made: &Made, options: &ExportOptions, out: &Path) -> PdfCounts {
    let case = made
        .archive
        .catalogue()
        .case_by_code(&made.code)
        .await
        .unwrap()
        .unwrap();
    let file = fs::File::create(out).unwrap();
    export_case_pdf(&made.archive, &case, options, PrintFont::find, file)
        .await
        .unwrap()
}

fn qpdf(arguments: &[&str], pdf: &Path) -> String {
    let output = Command::new("qpdf").args(arguments).arg(pdf).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn the_pdf_of_a_case_is_sound_and_gives_its_text_and_documents_back() {
    let made = made().await;
    let out = made.folder.path().join("case.pdf");
    let options = ExportOptions {
        unmasked: Some("测试".to_owned()),
        ..ExportOptions::default()
    };
    let counts = pdf(&made, &options, &out).await;
    let scanned: usize = made.case.documents.iter().map(|d| d.pages.len()).sum::<usize>() - 2;
    assert_eq!(counts.pages as usize, scanned + 2);
    assert_eq!((counts.unreadable, counts.printed, counts.blackened), (1, 1, 0));
    qpdf(&["--check"], &out);

    let outlines: Value = serde_json::from_str(&qpdf(&["--json", "--json-key=outlines"], &out)).unwrap();
    let outlines = outlines["outlines"].as_array().unwrap();
    assert_eq!(outlines.len(), made.case.documents.len());
    let mut first = 1;
    for (outline, document) in outlines.iter().zip(&made.case.documents) {
        assert!(outline["title"].as_str().unwrap().contains(&document.title));
        assert_eq!(outline["destpageposfrom1"], first, "where {} begins", document.title);
        first += document.pages.len();
    }

    let text = pdftotext(&out, &[]);
    let pages: Vec<&str> = text.split('\u{c}').collect();
    let all = made.case.documents.iter().flat_map(|document| &document.pages);
    for (page, found) in all.zip(&pages) {
        if page.failure.is_some() {
            assert!(
                found.contains("第 1 页未能读取") && found.contains("页面图像损坏"),
                "{found}"
            );
            continue;
        }
        let found: String = visible(found).into_iter().collect();
        for line in &page.text.lines {
            let line: String = visible(&line.text).into_iter().collect();
            assert!(found.contains(&line), "{line} in {found}");
        }
    }
    let info = Command::new("pdfinfo").arg(&out).output().unwrap();
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    assert!(
        info.contains("=某案卷") && info.contains("测试") && info.contains(made.code.as_str()),
        "{info}"
    );
    let raw = fs::read(&out).unwrap();
    assert!(String::from_utf8_lossy(&raw).contains("<pdfaid:part>2</pdfaid:part>"));
}

#[tokio::test]
async fn a_masked_pdf_shows_no_number_of_a_person_in_text() {
    let made = made().await;
    let out = made.folder.path().join("case.pdf");
    pdf(&made, &ExportOptions::default(), &out).await;
    qpdf(&["--check"], &out);
    let digits: String = visible(&pdftotext(&out, &[])).into_iter().collect();
    let truth: String = made
        .case
        .documents
        .iter()
        .flat_map(|d| &d.pages)
        .flat_map(|p| &p.text.lines)
        .map(|line| format!("{} ", line.text))
        .collect();
    let mut numbers = 0;
    for number in truth.split(|c: char| !c.is_ascii_alphanumeric()) {
        if juanzong::record::IdNumber::parse(number).is_some() {
            numbers += 1;
            assert!(!digits.contains(number));
        }
    }
    assert!(numbers > 0, "the sample has none");
}

#[tokio::test]
async fn a_workbook_has_dates_numbers_and_texts() {
    let made = made().await;
    let request = SearchRequest::from_pairs([("q", "某案卷")]).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let matches = made
        .archive
        .all_matches(request, VisibleCases::all(), deadline)
        .await
        .unwrap();
    let mut bytes = Vec::new();
    let options = ExportOptions::default();
    let written = export_cases(
        &made.archive.view(VisibleCases::all()),
        &matches,
        TableFormat::Xlsx,
        &options,
        &mut bytes,
    )
    .await
    .unwrap();
    assert_eq!(written, 1);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["案卷", "导出说明"]);
    let sheet = book.worksheet_range("案卷").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    assert_eq!(rows.len(), 2);
    let cell = |heading: &str| {
        let at = rows[0]
            .iter()
            .position(|cell| *cell == Data::String(heading.to_owned()));
        &rows[1][at.unwrap()]
    };
    assert_eq!(*cell("题名"), Data::String("=某案卷".to_owned()));
    assert_eq!(*cell("证件号码"), Data::String("1402**********1234".to_owned()));
    assert_eq!(*cell("决定结果"), Data::String("准予".to_owned()));
    assert_eq!(*cell("年度"), Data::Float(2019.0));
    let Data::DateTime(day) = cell("决定日期") else {
        panic!("no date but {:?}", cell("决定日期"));
    };
    assert!((day.as_f64() - 43_592.0).abs() < f64::EPSILON, "2019-05-07");
    assert_eq!(*cell("申请日期"), Data::Empty);
    assert_eq!(*cell("未能识别"), Data::Float(1.0));
    let about = book.worksheet_range("导出说明").unwrap();
    let about: Vec<String> = about.rows().map(|row| format!("{}={}", row[0], row[1])).collect();
    assert!(
        about.contains(&"检索式=某案卷".to_owned()) && about.contains(&"案卷数=1".to_owned()),
        "{about:?}"
    );
    assert!(about.contains(&"个人信息=已脱敏".to_owned()));
}

/// The one row of a sheet by headings, and what the last sheet says.
fn read_book(bytes: Vec<u8>, sheet: &str) -> (Vec<(String, Data)>, Vec<String>) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), [sheet, "导出说明"]);
    let range = book.worksheet_range(sheet).unwrap();
    let rows: Vec<&[Data]> = range.rows().collect();
    let headings = rows[0].iter().map(ToString::to_string);
    let row = headings.zip(rows[1].iter().cloned()).collect();
    let about = book.worksheet_range("导出说明").unwrap();
    (row, about.rows().map(|row| format!("{}={}", row[0], row[1])).collect())
}

#[tokio::test]
async fn workbooks_of_statistics_and_findings_have_dates_numbers_and_texts() {
    let made = made().await;
    let view = made.archive.view(VisibleCases::all());
    let deadline = Instant::now() + Duration::from_secs(60);
    let options = ExportOptions::default();
    let of = |row: &[(String, Data)], heading: &str| {
        let found = row.iter().find(|(name, _)| name == heading);
        found.unwrap_or_else(|| panic!("no {heading} in {row:?}")).1.clone()
    };

    let request = StatisticsRequest::from_pairs([("by", "year"), ("measures", "cases,refusal_rate")]).unwrap();
    let criteria = view.criteria(request.search(), "");
    let answer = view.statistics(request, deadline).await.unwrap();
    let mut bytes = Vec::new();
    export_statistics(&view, (&answer, &criteria), TableFormat::Xlsx, &options, &mut bytes).unwrap();
    let (row, about) = read_book(bytes, "统计");
    assert_eq!(of(&row, "年度"), Data::Float(2019.0));
    assert_eq!(
        (of(&row, "件数"), of(&row, "不予率")),
        (Data::Float(1.0), Data::Float(0.0))
    );
    assert_eq!(of(&row, "检索条件"), Data::String("year=2019".to_owned()));
    assert!(about.contains(&"统计案卷数=1".to_owned()), "{about:?}");

    let query = FindingsQuery::default();
    let selected = view.select_findings(&query, options.labels).await.unwrap();
    let mut bytes = Vec::new();
    let written = export_findings(&view, (&selected, &query), TableFormat::Xlsx, &options, &mut bytes)
        .await
        .unwrap();
    assert!(written > 0 && written == selected.len() as u64);
    let (row, about) = read_book(bytes, "核查发现");
    assert_eq!(
        (of(&row, "年度"), of(&row, "卷数")),
        (Data::Float(2019.0), Data::Float(1.0))
    );
    let Data::DateTime(day) = of(&row, "决定日期") else {
        panic!("no date but {:?}", of(&row, "决定日期"));
    };
    assert!((day.as_f64() - 43_592.0).abs() < f64::EPSILON, "2019-05-07");
    assert_eq!(of(&row, "档号（至多100个）"), Data::String(made.code.to_string()));
    assert!(
        about.contains(&format!("发现数={written}")) && about.contains(&"可见范围=全部案卷".to_owned()),
        "{about:?}"
    );
}

/// All cases of an archive as lines, ordered by archival code.
fn lines_of(data: &Path, unmasked: bool) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let archive = Archive::open(DataDirectory::open(data).unwrap()).await.unwrap();
        let request = SearchRequest::from_pairs([("q", "")]).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let matches = archive
            .all_matches(request, VisibleCases::all(), deadline)
            .await
            .unwrap();
        let options = ExportOptions {
            unmasked: unmasked.then(|| "测试".to_owned()),
            ..ExportOptions::default()
        };
        let mut bytes = Vec::new();
        export_cases(
            &archive.view(VisibleCases::all()),
            &matches,
            TableFormat::JsonLines,
            &options,
            &mut bytes,
        )
        .await
        .unwrap();
        archive.catalogue().close().await;
        String::from_utf8(bytes).unwrap()
    })
}

/// Takes lines into an archive that is empty; returns its answer and the archive.
fn taken_in(lines: &str) -> (std::process::Output, support::Archive) {
    let archive = support::Archive::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.jsonl");
    fs::write(&path, lines).unwrap();
    let run = archive.indexer(&["import", path.to_str().unwrap(), "--json"]);
    (run, archive)
}

#[test]
fn exported_lines_are_imported_without_loss() {
    let lines: Vec<String> = (0..5)
        .map(|index| serde_json::to_string(&case_line(11, index)).unwrap())
        .collect();
    let (run, first) = taken_in(&lines.join("\n"));
    assert!(run.status.success(), "{}", support::stdout(&run));
    let code = case_line(11, 2).archival_code.unwrap();
    first.correct(&code, field(FieldName::Matter, "勘误事项许可"));
    let line = Change::Line {
        document: 1,
        page: 1,
        line: 0,
        value: "勘误之后的首行".to_owned(),
        old: None,
    };
    first.correct(&code, line);
    first.correct(&code, field(FieldName::DecidedOn, "2019-05-08"));
    first.undo(&code, 3);
    assert!(first.indexer(&["watch", "--once", "--settle", "0"]).status.success());

    let exported = lines_of(&first.data(), true);
    assert_eq!(exported.lines().count(), 5);
    let (run, second) = taken_in(&exported);
    assert!(run.status.success(), "{}", support::stdout(&run));
    let again = lines_of(&second.data(), true);
    for (was, is) in exported.lines().zip(again.lines()) {
        assert_eq!(is, was);
    }
    assert_eq!(again.lines().count(), 5);
    for q in ["事项:勘误事项许可", "\"勘误之后的首行\""] {
        assert_eq!(second.codes(q), [code.as_str()], "{q}");
    }
}

#[test]
fn lines_of_scanned_cases_are_imported_without_loss() {
    let made = tokio::runtime::Runtime::new().unwrap().block_on(made());
    let exported = lines_of(made.archive.directory().root(), true);
    let (run, second) = taken_in(&exported);
    assert!(run.status.success(), "{}", support::stdout(&run));
    assert_eq!(lines_of(&second.data(), true), exported);
}

#[test]
fn masked_lines_are_not_taken_for_the_truth() {
    let line = serde_json::to_string(&case_line(11, 1)).unwrap();
    let (_, first) = taken_in(&line);
    let (run, second) = taken_in(&lines_of(&first.data(), false));
    assert_eq!(run.status.code(), Some(1));
    assert!(
        support::stdout(&run).contains("line_masked"),
        "{}",
        support::stdout(&run)
    );
    assert_eq!(lines_of(&second.data(), true), "");
}
