//! `make bench`: analysis, indexing and search on generated cases with a fixed seed.
//!
//! Machines are shared and noisy: compare figures of one run with each other, not with those of another day.

#![allow(missing_docs, clippy::unwrap_used)] // what criterion's macros make; a benchmark may stop at a fault

use std::convert::Infallible;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use juanzong::analysis::Analyser;
use juanzong::index::{CaseChange, CaseIndex, CaseIndexWriter, IndexDocument, WriterOptions};
use juanzong::record::{
    ArchivalCode, CaseFields, CaseRecord, DocumentKind, DocumentRecord, FieldName, PageRecord, PageText, TextSource,
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

criterion_group!(benches, analysis, indexing, searching);
criterion_main!(benches);
