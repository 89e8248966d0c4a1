//! How fast statistics are counted: `cargo bench --bench statistics -- [CASES]` (default 50,000).
//!
//! Generated cases without page texts, which play no part, in segments as the indexer writes them. Prints the middle and
//! the slowest of eleven times for each table, all of them counted anew.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)] // a benchmark may stop at a fault, and prints

use std::convert::Infallible;
use std::time::{Duration, Instant};

use juanzong::access::{Restriction, VisibleCases};
use juanzong::analysis::Analyser;
use juanzong::index::{CaseChange, CaseIndex, CaseIndexWriter, IndexDocument, WriterOptions};
use juanzong::record::{
    ArchivalCode, CaseFields, CaseRecord, CivilDate, DocumentKind, DocumentRecord, FieldName, PageRecord,
};
use juanzong::search::Searcher;
use juanzong::search::statistics::StatisticsRequest;

const COUNTIES: [(&str, &str); 6] = [
    ("灵丘县", "140224"),
    ("莒南县", "371327"),
    ("缙云县", "331122"),
    ("徽县", "621227"),
    ("浑源县", "140225"),
    ("广灵县", "140223"),
];
const AGENCIES: [&str; 6] = [
    "市场监督管理局",
    "工商行政管理局",
    "食品药品监督管理局",
    "卫生健康局",
    "行政审批服务管理局",
    "生态环境局",
];
const MATTERS: [&str; 6] = [
    "食品经营许可",
    "药品经营许可",
    "建筑工程施工许可",
    "排污许可",
    "取水许可",
    "企业设立登记",
];
const OUTCOMES: [&str; 5] = ["granted", "granted", "granted", "refused", "renewed"];
const TABLES: [(&str, &str, &str); 8] = [
    ("count by year", "year", "cases"),
    ("everything as one", "", "all"),
    ("everything by year", "year", "all"),
    ("everything by agency and year", "agency,year", "all"),
    ("everything by office and month", "office,month", "all"),
    (
        "days by county and matter",
        "county,matter",
        "median_days,p90_days,within_limit,not_computable",
    ),
    (
        "refusals by category and quarter",
        "category,quarter",
        "cases,refusal_rate",
    ),
    ("by time limit and outcome", "time_limit,outcome", "cases"),
];

fn mixed(number: u64, salt: u64) -> u64 {
    let mixed =
        (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17) ^ salt.wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed.wrapping_mul(0xff51_afd7_ed55_8ccd) >> 34
}

fn pick<T: Copy>(list: &[T], number: u64, salt: u64) -> T {
    list[usize::try_from(mixed(number, salt)).unwrap() % list.len()]
}

fn case(number: u64) -> CaseRecord {
    let (county, region) = pick(&COUNTIES, number, 1);
    let accepted = 14_000 + i64::try_from(mixed(number, 2) % 6_500).unwrap();
    let decided = accepted + i64::try_from(mixed(number, 3) % 45).unwrap();
    let day = |unix| CivilDate::of_unix_days(unix).unwrap().to_string();
    let mut fields = CaseFields::default();
    let agency = format!("{county}{}", pick(&AGENCIES, number, 4));
    for (field, value, of_twenty) in [
        (FieldName::Agency, agency.as_str(), 20),
        (FieldName::Region, region, 20),
        (FieldName::Matter, pick(&MATTERS, number, 5), 20),
        (FieldName::Outcome, pick(&OUTCOMES, number, 6), 19),
        (
            FieldName::ApplicantKind,
            pick(&["person", "legal_person"], number, 7),
            18,
        ),
        (FieldName::AcceptedOn, &day(accepted), 18),
        (FieldName::DecidedOn, &day(decided), 19),
    ] {
        if mixed(number, field as u64 + 20) % 20 < of_twenty {
            fields.set(field, value);
        }
    }
    let pages = (1..=u32::try_from(mixed(number, 8) % 5).unwrap()).map(|page| PageRecord::imported(page, "许可"));
    let document = DocumentRecord {
        ordinal: 1,
        title: pick(&["行政许可决定书", "延长审查期限通知书"], number, 9).to_owned(),
        kind: DocumentKind::Decision,
        source_name: String::new(),
        file_sha256: None,
        part: None,
        failure: None,
        pages: pages.collect(),
    };
    CaseRecord {
        archival_code: ArchivalCode::parse(&format!("0123-XK·2012-D30-SCJG-{number:07}")).unwrap(),
        fields,
        facts: Vec::new(),
        documents: vec![document],
    }
}

fn main() {
    let cases: u64 = std::env::args()
        .filter_map(|word| word.parse().ok())
        .next()
        .unwrap_or(50_000);
    let analyser = Analyser::builtin().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let options = WriterOptions {
        batch_cases: 50_000,
        batch_time: Duration::from_secs(3_600),
        ..WriterOptions::default()
    };
    let mut writer = CaseIndexWriter::open(folder.path(), &analyser, options).unwrap();
    writer
        .replay(|after, most| {
            let last = (after + most as u64).min(cases);
            let changes = (after..last).map(|number| CaseChange {
                case_key: number + 1,
                sequence: number + 1,
                document: Some(Box::new(IndexDocument::from_case(&case(number), number + 1))),
            });
            Ok::<_, Infallible>(changes.collect())
        })
        .unwrap();
    writer.close().unwrap();
    println!("{cases} cases written in {:.0} s", started.elapsed().as_secs_f64());
    let searcher = Searcher::new(CaseIndex::open(folder.path(), &analyser).unwrap());
    let restricted = VisibleCases::all()
        .and(Restriction::Agencies(vec![
            "灵丘县市场监督管理局".into(),
            "灵丘县工商行政管理局".into(),
        ]))
        .and(Restriction::Years(2010, 2020));
    for (viewer, visible) in [
        ("all cases", VisibleCases::all()),
        ("two agencies, 2010 to 2020", restricted),
    ] {
        println!("{viewer}");
        for (name, by, measures) in TABLES {
            let request = StatisticsRequest::from_pairs([("by", by), ("measures", measures)]).unwrap();
            let mut times = Vec::new();
            let mut told = (0, 0);
            for _ in 0..11 {
                let started = Instant::now();
                let deadline = started + Duration::from_secs(60);
                let answer = searcher.statistics(&request, &visible, deadline).unwrap();
                times.push(started.elapsed());
                told = (answer.total, answer.periods[0].cells.len());
            }
            times.sort_unstable();
            let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
            let (total, cells) = told;
            println!(
                "  {name:<34} {:>7.1} ms, slowest {:>7.1} ms; {total} cases in {cells} cells",
                ms(times[5]),
                ms(times[10])
            );
        }
    }
}
