//! `make bench`: analysis, indexing and search on generated cases with a fixed seed.
//!
//! Machines are shared and noisy: compare figures of one run with each other, not with those of another day.

#![allow(missing_docs, clippy::unwrap_used)] // what criterion's macros make; a benchmark may stop at a fault

use std::convert::Infallible;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use juanzong::analysis::Analyser;
use juanzong::archive::Archive;
use juanzong::catalogue::{Catalogue, DataDirectory};
use juanzong::index::{CaseChange, CaseIndex, CaseIndexWriter, IndexDocument, WriterOptions};
use juanzong::record::{
    ArchivalCode, CaseFields, CaseRecord, DocumentKind, DocumentRecord, FieldName, LineRole, PageRecord, PageText,
    PixelBox, TextLine, TextSource, TextWord,
};
use juanzong::search::{SearchRequest, Searcher, VisibleCases};

/// Cases searched in.
const CASES: u64 = 5_000;
const COUNTIES: [&str; 4] = ["灵丘县", "莒南县", "缙云县", "徽县"];
const BRANDS: [&str; 8] = ["嘉禾", "丰源", "德润", "旭日", "泰和", "绿野", "康宁", "云峰"];
const TRADES: [&str; 5] = ["餐饮管理", "大药房连锁", "建筑工程", "矿业", "环保科技"];
const MATTERS: [&str; 4] = ["食品经营许可", "药品经营许可", "建筑工程施工许可", "排污许可"];
const SENTENCES: [&str; 6] = [
    "申请人提交的申请材料齐全，符合法定形式，本机关依法予以受理。",
    "经现场核查，经营场所布局合理，设施设备与申报内容一致。",
    "根据《中华人民共和国行政许可法》第三十八条第一款的规定，作出如下决定。",
    "公示期间未收到异议，专家评审意见为同意。",
    "你单位应当在许可范围内依法从事相关活动，自觉接受监督检查。",
    "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议。",
];

/// One of a list, spread by a fixed mixing of the number.
fn pick<'a>(list: &[&'a str], number: u64, salt: u64) -> &'a str {
    let mixed = (number + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    list[usize::try_from(mixed).unwrap() % list.len()]
}

/// A case of three pages with about 1,500 characters in all.
fn case(number: u64) -> CaseRecord {
    let county = pick(&COUNTIES, number, 1);
    let company = format!(
        "{county}{}{}有限公司",
        pick(&BRANDS, number, 2),
        pick(&TRADES, number, 3)
    );
    let year = 2009 + number % 17;
    let mut fields = CaseFields::default();
    for (field, value) in [
        (FieldName::ApplicantName, company.clone()),
        (FieldName::Agency, format!("{county}市场监督管理局")),
        (FieldName::Matter, pick(&MATTERS, number, 4).to_owned()),
        (FieldName::DocumentNumber, format!("灵食许〔{year}〕{}号", number + 1)),
        (
            FieldName::DecidedOn,
            format!("{year}-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
        ),
        (
            FieldName::Outcome,
            if number.is_multiple_of(9) { "refused" } else { "granted" }.to_owned(),
        ),
    ] {
        assert!(fields.set(field, &value));
    }
    let pages = (1..=3)
        .map(|page| {
            let mut text = company.clone();
            for sentence in 0..17 {
                text.push_str(pick(&SENTENCES, number * 3 + page, sentence));
            }
            PageRecord {
                number: u32::try_from(page).unwrap(),
                width: 0,
                height: 0,
                dpi: None,
                rotation: 0,
                skew: 0.0,
                confidence: Some(1.0),
                source: TextSource::Import,
                engine: String::new(),
                text: PageText::without_geometry(&text),
                failure: None,
            }
        })
        .collect();
    CaseRecord {
        archival_code: ArchivalCode::parse(&format!("0123-XK·{year}-D30-SCJG-{number:05}")).unwrap(),
        fields,
        facts: Vec::new(),
        documents: vec![DocumentRecord {
            ordinal: 1,
            title: "行政许可决定书".into(),
            kind: DocumentKind::Decision,
            source_name: String::new(),
            file_sha256: None,
            part: None,
            failure: None,
            pages,
        }],
    }
}

fn index(folder: &std::path::Path, analyser: &Analyser, cases: u64) {
    let mut writer = CaseIndexWriter::open(folder, analyser, WriterOptions::default()).unwrap();
    writer
        .replay(|after, limit| {
            let next = (after..cases).take(limit).map(|number| CaseChange {
                case_key: number + 1,
                sequence: number + 1,
                document: Some(Box::new(IndexDocument::from_case(&case(number), number + 1))),
            });
            Ok::<_, Infallible>(next.collect())
        })
        .unwrap();
    writer.close().unwrap();
}

fn analysis(criterion: &mut Criterion) {
    let analyser = Analyser::builtin().unwrap();
    let page = SENTENCES.concat().repeat(20);
    let text = analyser.normalise(&page);
    let mut group = criterion.benchmark_group("analysis");
    group.throughput(Throughput::Elements(page.chars().count() as u64));
    group.bench_function("normalise", |b| b.iter(|| analyser.normalise(black_box(&page))));
    group.bench_function("words", |b| b.iter(|| analyser.words(black_box(&text))));
    group.bench_function("grams", |b| b.iter(|| analyser.grams(black_box(&text))));
    group.finish();
}

fn indexing(criterion: &mut Criterion) {
    let analyser = Analyser::builtin().unwrap();
    let mut group = criterion.benchmark_group("index");
    group.sample_size(10).throughput(Throughput::Elements(500));
    group.bench_function("500 cases of three pages", |b| {
        b.iter_batched(
            || tempfile::tempdir().unwrap(),
            |folder| index(folder.path(), &analyser, 500),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn searching(criterion: &mut Criterion) {
    let analyser = Analyser::builtin().unwrap();
    let folder = tempfile::tempdir().unwrap();
    index(folder.path(), &analyser, CASES);
    let searcher = Searcher::new(CaseIndex::open(folder.path(), &analyser).unwrap());
    let facets = ("facets", "year,agency,outcome");
    let mut group = criterion.benchmark_group("search");
    for (name, q) in [
        ("company and year", "丰源餐饮 2019"),
        ("phrase", "\"经营场所布局合理\""),
        ("document number", "灵食许(2019)444号"),
        ("one character", "许"),
        ("exclusion and field", "许可 -复议 结果:准予"),
        ("nothing", "不存在的词语组合"),
    ] {
        let request = SearchRequest::from_pairs([("q", q), facets]).unwrap();
        group.bench_function(name, |b| {
            b.iter(|| {
                let deadline = Instant::now() + Duration::from_secs(60);
                searcher
                    .find(black_box(&request), &VisibleCases::all(), deadline)
                    .unwrap()
            });
        });
    }
    group.finish();
}

/// A page as it comes from the recogniser: 24 lines of words with their boxes. The name stands on every seventh page,
/// the last words on the last only.
fn scanned_page(number: u32, pages: u32) -> PageRecord {
    let mut text: String = (0..12).map(|salt| pick(&SENTENCES, number.into(), salt)).collect();
    if number.is_multiple_of(7) {
        text.insert_str(201, "灵丘县丰源餐饮有限公司");
    }
    if number == pages {
        text.push_str("占用城市道路施工");
    }
    let letters: Vec<char> = text.chars().collect();
    let line = |(at, letters): (usize, &[char])| {
        let top = 80 * u32::try_from(at).unwrap();
        let area = |from: usize, to: usize| {
            let x = |at: usize| 50 * u32::try_from(at).unwrap();
            PixelBox {
                x0: x(from),
                y0: top,
                x1: x(to),
                y1: top + 60,
            }
        };
        let words = letters.chunks(2).enumerate().map(|(word, letters)| TextWord {
            text: letters.iter().collect(),
            area: area(2 * word, 2 * word + letters.len()),
            confidence: 0.98,
        });
        TextLine {
            text: letters.iter().collect(),
            area: area(0, letters.len()),
            confidence: 0.98,
            words: words.collect(),
            alternatives: Vec::new(),
            role: LineRole::default(),
        }
    };
    PageRecord {
        number,
        width: 1600,
        height: 2300,
        dpi: Some(200),
        rotation: 0,
        skew: 0.0,
        confidence: Some(0.98),
        source: TextSource::Ocr,
        engine: "bench".to_owned(),
        text: PageText {
            lines: letters.chunks(18).enumerate().map(line).collect(),
            ..PageText::default()
        },
        failure: None,
    }
}

/// A whole search with snippets, through the catalogue, of one case with 300 pages.
fn highlighting(criterion: &mut Criterion) {
    const PAGES: u32 = 300;
    let folder = tempfile::tempdir().unwrap();
    let directory = DataDirectory::open(folder.path().join("data")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut long = case(1);
    long.documents[0].pages = (1..=PAGES).map(|number| scanned_page(number, PAGES)).collect();
    let key = runtime.block_on(async {
        let catalogue = Catalogue::open(&directory).await.unwrap();
        let saved = catalogue.save_case(&long).await.unwrap();
        catalogue.close().await;
        saved.case_key()
    });
    let analyser = Analyser::builtin().unwrap();
    let mut writer = CaseIndexWriter::open(&directory.index(), &analyser, WriterOptions::default()).unwrap();
    writer
        .apply(CaseChange {
            case_key: key,
            sequence: 1,
            document: Some(Box::new(IndexDocument::from_case(&long, key))),
        })
        .unwrap();
    writer.close().unwrap();
    let archive = runtime.block_on(Archive::open_with(directory, analyser)).unwrap();
    let mut group = criterion.benchmark_group("snippets of 300 pages");
    for (name, q) in [
        ("on every seventh page", "丰源餐饮"),
        ("on the last page", "占用城市道路施工"),
        ("on every page", "申请人"),
        ("misread by the searcher", "丰源餐钦有限公司"),
        ("two words", "丰源餐饮 行政复议"),
    ] {
        let ask = || {
            let request = SearchRequest::from_pairs([("q", q)]).unwrap();
            let deadline = Instant::now() + Duration::from_secs(60);
            runtime
                .block_on(archive.view(VisibleCases::all()).search(request, deadline))
                .unwrap()
        };
        assert!(!ask().hits[0].snippets.is_empty(), "{name}");
        group.bench_function(name, |b| b.iter(ask));
    }
    group.finish();
}

criterion_group!(benches, analysis, indexing, searching, highlighting);
criterion_main!(benches);
