//! How fast suggestions come: `cargo bench --bench suggest -- [CASES]` (default 100,000).
//!
//! Generated cases without page texts, as the page texts play no part; names and numbers come from memory in place of the
//! catalogue. Prints the middle, the 95th and the 99th of a hundred times for each kind of input.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)] // a benchmark may stop at a fault, and prints

use std::convert::Infallible;
use std::time::{Duration, Instant};

use juanzong::analysis::Analyser;
use juanzong::index::{CaseChange, CaseIndex, CaseIndexWriter, IndexDocument, WriterOptions};
use juanzong::record::{ArchivalCode, CaseFields, CaseRecord, FieldName};
use juanzong::search::{CaseNames, NameTexts, SearchRequest, Searcher, SuggestRequest, SuggestViewer, VisibleCases};

const COUNTIES: [&str; 6] = ["灵丘县", "莒南县", "缙云县", "徽县", "浑源县", "广灵县"];
const AGENCIES: [&str; 5] = [
    "市场监督管理局",
    "工商行政管理局",
    "卫生健康局",
    "行政审批服务管理局",
    "生态环境局",
];
const MATTERS: [&str; 5] = [
    "食品经营许可",
    "药品经营许可",
    "建筑工程施工许可",
    "排污许可",
    "取水许可",
];
const TRADES: [&str; 8] = [
    "餐饮管理",
    "大药房连锁",
    "建筑工程",
    "矿业",
    "环保科技",
    "商贸",
    "农业开发",
    "物流",
];
const LETTERS: &str = "丰源嘉禾德润旭日泰和绿野康宁云峰鑫盛恒昌宏达瑞祥福安华兴永利金辉长青重光";
const SURNAMES: &str = "赵钱孙李周吴郑王冯陈单仇曾解查";
const INPUTS: [(&str, &[&str]); 6] = [
    ("Han", &["丰源", "嘉禾餐饮", "灵丘县", "商贸", "丰"]),
    ("pinyin", &["fengyuan", "jiahecanyin", "lingqiu", "feng", "jiah"]),
    ("initials", &["fycy", "jhcy", "lqx", "fy", "f"]),
    ("mixed", &["丰源cy", "灵丘fy", "嘉he"]),
    ("numbers", &["灵食许 2019", "4444", "灵食许", "2019", "scjg-00444"]),
    ("matters and agencies", &["食品", "spjyxk", "scjd", "weisheng", "许可"]),
];

fn mixed(number: u64, salt: u64) -> usize {
    let mixed =
        (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17) ^ salt.wrapping_mul(0xd6e8_feb8_6659_fd93);
    usize::try_from(mixed.wrapping_mul(0xff51_afd7_ed55_8ccd) >> 34).unwrap()
}

fn pick(list: &[&'static str], number: u64, salt: u64) -> &'static str {
    list[mixed(number, salt) % list.len()]
}

fn letter(list: &str, number: u64, salt: u64) -> char {
    list.chars().nth(mixed(number, salt) % list.chars().count()).unwrap()
}

/// The fields of a case. A company has three cases on average; a fifth of the applicants are persons.
fn fields(number: u64) -> Vec<(FieldName, String)> {
    let county = pick(&COUNTIES, number / 3, 1);
    let year = 2009 + number % 17;
    let of_letters = |list: &str, salt| letter(list, number / 3, salt);
    let (name, kind) = if number.is_multiple_of(5) {
        let person = [of_letters(SURNAMES, 2), of_letters(LETTERS, 3), of_letters(LETTERS, 4)];
        (person.iter().collect(), "person")
    } else {
        let brand: String = [5, 6, 7].into_iter().map(|salt| of_letters(LETTERS, salt)).collect();
        (
            format!("{county}{brand}{}有限公司", pick(&TRADES, number / 3, 8)),
            "legal_person",
        )
    };
    vec![
        (FieldName::ApplicantName, name),
        (FieldName::ApplicantKind, kind.to_owned()),
        (FieldName::Agency, format!("{county}{}", pick(&AGENCIES, number, 9))),
        (FieldName::Matter, pick(&MATTERS, number, 10).to_owned()),
        (
            FieldName::DocumentNumber,
            format!("灵食许〔{year}〕{}号", number / 17 + 1),
        ),
        (FieldName::AcceptanceNumber, format!("SL{year}{number:07}")),
        (
            FieldName::DecidedOn,
            format!("{year}-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
        ),
    ]
}

fn case(number: u64) -> CaseRecord {
    let mut all = CaseFields::default();
    for (field, value) in fields(number) {
        assert!(all.set(field, &value));
    }
    CaseRecord {
        archival_code: code(number),
        fields: all,
        facts: Vec::new(),
        documents: Vec::new(),
    }
}

fn code(number: u64) -> ArchivalCode {
    ArchivalCode::parse(&format!("0123-XK·{}-D30-SCJG-{number:07}", 2009 + number % 17)).unwrap()
}

/// Generates the names again, which takes less time than a database and no memory.
struct Names;

impl NameTexts for Names {
    type Error = Infallible;

    async fn names(&self, case_keys: &[u64]) -> Result<Vec<CaseNames>, Infallible> {
        let names = |key: &u64| {
            let mut fields = CaseFields::default();
            for (field, value) in self::fields(key - 1) {
                fields.set(field, &value);
            }
            CaseNames {
                case_key: *key,
                archival_code: code(key - 1).to_string(),
                document_number: fields.document_number,
                acceptance_number: fields.acceptance_number,
                applicant: fields.applicant_name,
            }
        };
        Ok(case_keys.iter().map(names).collect())
    }
}

fn main() {
    let cases: u64 = std::env::args()
        .filter_map(|word| word.parse().ok())
        .next()
        .unwrap_or(100_000);
    let analyser = Analyser::builtin().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let options = WriterOptions {
        batch_cases: 50_000,
        batch_time: Duration::from_secs(3_600),
        ..WriterOptions::default()
    };
    let mut writer = CaseIndexWriter::open(folder.path(), &analyser, options).unwrap();
    let next = |after: u64, limit: usize| {
        let changes = (after..cases).take(limit).map(|number| CaseChange {
            case_key: number + 1,
            sequence: number + 1,
            document: Some(Box::new(IndexDocument::from_case(&case(number), number + 1))),
        });
        Ok::<_, Infallible>(changes.collect())
    };
    writer.replay(next).unwrap();
    writer.close().unwrap();
    println!("{cases} cases indexed in {:.0?}", started.elapsed());
    let searcher = Searcher::new(CaseIndex::open(folder.path(), &analyser).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let viewers = [
        ("all", VisibleCases::all()),
        (
            "1,000 cases",
            VisibleCases::only((1..=1_000).map(|at| at * (cases / 1_000).max(1))),
        ),
    ];
    let deadline = || Instant::now() + Duration::from_secs(60);
    println!("{:<12} {:<22} {:>9} {:>9} {:>9}", "sees", "input", "p50", "p95", "p99");
    for (sees, visible) in viewers {
        let viewer = SuggestViewer { visible, persons: true };
        for (kind, inputs) in INPUTS {
            let mut times = Vec::new();
            for round in 0..100 {
                let input = inputs[round % inputs.len()];
                let request = SuggestRequest::from_pairs([("q", input)]).unwrap();
                let started = Instant::now();
                runtime
                    .block_on(searcher.suggest(&request, &viewer, &Names, deadline()))
                    .unwrap();
                times.push(started.elapsed());
            }
            report(sees, kind, times);
        }
    }
    for (kind, query) in [
        ("search by pinyin", "fengyuan"),
        ("search, initials", "jhdrcygl"),
        ("an agency's line", "灵丘县市监局"),
        ("did you mean", "风塬嘉合餐饮"),
    ] {
        let request = SearchRequest::from_pairs([("q", query)]).unwrap();
        let times = (0..30).map(|_| {
            let started = Instant::now();
            let _ = searcher.find(&request, &VisibleCases::all(), deadline()).unwrap();
            started.elapsed()
        });
        report("all", kind, times.collect());
    }
}

fn report(sees: &str, kind: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1_000.0;
    println!(
        "{sees:<12} {kind:<22} {:>6.2} ms {:>6.2} ms {:>6.2} ms",
        at(50),
        at(95),
        at(99)
    );
}
