//! What a query also finds under other names, and what it must not.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::corpus::{Archive, made};
use crate::index::testing::analyser;
use crate::record::{CaseRecord, FieldName::*};
use crate::search::expand::{expand, tell};
use crate::search::interpret::interpret;
use crate::search::{MatchKind, PersonNumbers, limits};

fn cases() -> Vec<CaseRecord> {
    let of = |serial, agency, title| made(serial, &[(Agency, agency), (Title, title)], &[""]);
    let mut cases = vec![
        // 1 to 4: one office over the years, and that of another county
        of(1, "灵丘县工商行政管理局", "甲"),
        of(2, "灵丘县食品药品监督管理局", "乙"),
        of(3, "灵丘县市场监督管理局", "丙"),
        of(4, "广灵县市场监督管理局", "丁"),
        // 5 to 7: 税务局 is the end of its predecessors' names
        of(5, "灵丘县国家税务局", "戊"),
        of(6, "灵丘县地方税务局", "己"),
        of(7, "灵丘县税务局", "庚"),
        // 8 and 9: synonyms
        made(8, &[(Title, "饭店")], &["街边饭店一家"]),
        made(9, &[(Title, "餐馆")], &["街边餐馆一家"]),
        // 10: what names an office without being one
        made(10, &[(Title, "关于工商局的函")], &["送工商行政管理局阅"]),
        // 11: names by their sound; 12 has the same initials
        made(
            11,
            &[
                (ApplicantName, "灵丘县丰源餐饮有限公司"),
                (ApplicantKind, "legal_person"),
                (Matter, "食品经营许可"),
                (Agency, "浑源县审批局"),
            ],
            &["fengyuan"],
        ),
        made(
            12,
            &[(ApplicantName, "方圆超市"), (ApplicantKind, "organisation")],
            &[""],
        ),
        // 13: part of the duties
        of(13, "灵丘县物价局", "辛"),
        // 14: the name of case 11 on a page only
        made(14, &[(Title, "意见")], &["相邻单位丰源餐饮出具了意见"]),
        // 15: a name that no case has as its applicant
        made(15, &[(Title, "函")], &["函告宏泰酒店到场"]),
    ];
    // Often enough that it needs no synonym.
    cases.extend((0..12).map(|at| made(100 + at, &[(Title, "幼儿园")], &["幼儿园"])));
    cases.push(made(200, &[(Title, "幼稚园")], &["幼稚园"]));
    cases
}

fn archive() -> &'static Archive {
    static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| Archive::new(cases()));
    &ARCHIVE
}

fn understood(query: &str) -> String {
    let mut tree = interpret(query, analyser(), PersonNumbers::Searched).unwrap();
    expand(&mut tree, analyser());
    tell(&mut tree);
    tree.understood
}

#[test]
fn an_office_is_found_under_all_its_names() {
    let mut wrong = Vec::new();
    for (query, expected) in [
        ("灵丘县市监局", &[1, 2, 3, 13][..]),
        ("灵丘县市场监督管理局", &[1, 2, 3, 13]),
        ("靈丘縣市場監督管理局", &[1, 2, 3, 13]),
        ("灵丘市监局", &[1, 2, 3, 13]),
        ("灵丘县工商局", &[1, 3]),
        ("灵丘县食药监局", &[2, 3]),
        ("食药监", &[2, 3, 4]),
        ("机关:工商局", &[1, 3, 4]),
        ("机关:灵丘县市监局", &[1, 2, 3, 13]),
        ("工商局", &[1, 3, 4, 10]),
        ("灵丘县国税局", &[5, 7]),
        ("国税局", &[5, 7]),
        ("地税局", &[6, 7]),
        ("灵丘县税务局", &[5, 6, 7]),
        // As typed only.
        ("\"工商局\"", &[10]),
        ("\"灵丘县市场监督管理局\"", &[3]),
        ("机关:\"市监局\"", &[]),
        ("标题 OR \"工商局\"", &[10]),
        ("工商行政管理局 -工商局", &[1, 3, 4]),
        // The other names belong to their word, not to its neighbours.
        ("工商局 甲", &[1]),
        ("(工商局 OR 饭店) -丁", &[1, 3, 8, 9, 10]),
        ("申请人:工商局", &[]),
        ("文号:工商局", &[]),
        ("事项:工商局", &[]),
    ] {
        let found = archive().keys(query);
        if found != expected {
            wrong.push(format!("{query}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_was_typed_comes_first() {
    for (query, first) in [
        ("灵丘县市场监督管理局", 3),
        ("灵丘县工商行政管理局", 1),
        ("餐馆", 9),
        ("饭店", 8),
        ("工商局", 10),
    ] {
        let hits = archive().hits(query);
        assert_eq!(hits[0].0, first, "{query}: {hits:?}");
        // What 10 says, without the county, may be a misread copy: it stands behind all others.
        let last = hits.len() - 1;
        for (at, (key, matched)) in hits.iter().enumerate() {
            let misread = at == last && *key == 10 && query.starts_with("灵丘县");
            assert!(*matched == MatchKind::Exact || misread, "{query}: {hits:?}");
        }
    }
}

#[test]
fn expansion_can_be_switched_off() {
    let total = |pairs: &[(&str, &str)]| archive().search(pairs).total;
    assert_eq!(total(&[("q", "灵丘县市监局"), ("expand", "false")]), 0);
    assert_eq!(total(&[("q", "灵丘县市监局"), ("expand", "true")]), 4);
    assert_eq!(total(&[("q", "饭店"), ("expand", "false")]), 1);
    assert_eq!(total(&[("q", "fengyuan"), ("expand", "false")]), 1);
    let answer = archive().search(&[("q", "工商局"), ("expand", "false")]);
    assert!(!answer.understood.contains("同时检索"), "{}", answer.understood);
}

#[test]
fn synonyms_help_only_those_who_find_little() {
    assert_eq!(archive().keys("饭店"), [8, 9]);
    let often = archive().search(&[("q", "幼儿园"), ("size", "100")]);
    assert_eq!(often.total, 12);
    assert!(!often.understood.contains("幼稚园"), "{}", often.understood);
    assert_eq!(archive().search(&[("q", "幼稚园"), ("size", "100")]).total, 13);
}

#[test]
fn names_are_found_by_their_sound() {
    for (query, expected) in [
        ("fengyuan", &[11, 14][..]),
        ("FENGYUAN", &[11, 14]),
        ("申请人:fengyuan", &[11]),
        ("fangyuan", &[12]),
        ("fycs", &[12]),
        ("fycy", &[11, 14]),
        ("申请人:fycy", &[11]),
        ("spjyxk", &[11]),
        ("事项:shipin", &[11]),
        ("机关:hunyuan", &[11]),
        ("fyc", &[11, 12, 14]),
        ("申请人:fy", &[11, 12]),
        ("hongtaijiudian", &[15]),
        // Quoted, a part of a syllable, too short.
        ("\"spjyxk\"", &[]),
        ("fangyua", &[]),
        ("fy", &[]),
        ("feng", &[11]),
        ("hongtai", &[]),
        ("文号:fengyuan", &[]),
    ] {
        assert_eq!(archive().keys(query), expected, "{query}");
    }
    let answer = archive().search(&[("q", "shipinjingying")]);
    assert!(
        answer.understood.contains("按拼音检索申请人、审批事项（食品经营许可）"),
        "{}",
        answer.understood
    );
    // What stands there in Latin letters comes first.
    assert_eq!(archive().hits("fengyuan")[0].0, 11);
    // What sounds so is marked.
    let answer = archive().search(&[("q", "fengyuancanyin")]);
    let hit = answer.hits.iter().find(|hit| hit.case_id == "14").unwrap();
    assert_eq!(hit.snippets[0].marks, [[4, 8]], "{}", hit.snippets[0].text);
}

#[test]
fn what_is_also_searched_is_told_with_its_years() {
    let told = understood("灵丘县市监局");
    for name in [
        "灵丘县市场监督管理局（2014年起）",
        "灵丘县工商行政管理局（至2018年）",
        "灵丘县质量技术监督局（1999—2018年）",
        "灵丘县食品药品监督管理局（2003—2018年）",
    ] {
        assert!(told.contains(name), "{name} in {told}");
    }
    assert!(
        understood("国土局").contains("国土资源局（2001—2018年）"),
        "{}",
        understood("国土局")
    );
    assert!(understood("国土局").contains("自然资源局（2018年起）"));
    assert!(understood("卫计委").contains("卫生健康局"));
    assert!(understood("发改局").contains("发展和改革局"));
    assert!(
        understood("物价局").contains("市场监督管理局（2014年起，部分职能）"),
        "{}",
        understood("物价局")
    );
    assert!(understood("行政审批局").contains("行政审批服务管理局"));
    for query in [
        "\"市监局\"",
        "-市监局",
        "丰源餐饮",
        "2019",
        "餐饮工商局",
        "",
        "灵食许〔2019〕444号",
    ] {
        assert!(
            !understood(query).contains("同时检索"),
            "{query}: {}",
            understood(query)
        );
    }
    // Part of the duties of a neighbour's neighbour is another office.
    assert!(
        !understood("行政审批局").contains("大数据"),
        "{}",
        understood("行政审批局")
    );
}

#[test]
fn snippets_show_the_other_names() {
    let answer = archive().search(&[("q", "灵丘县工商局 函")]);
    assert_eq!(answer.total, 0);
    let answer = archive().search(&[("q", "餐馆"), ("size", "5")]);
    let marked: Vec<&str> = answer
        .hits
        .iter()
        .flat_map(|hit| &hit.snippets)
        .map(|s| s.text.as_str())
        .collect();
    assert!(marked.contains(&"街边饭店一家"), "{marked:?}");
}

#[test]
fn other_names_are_bounded() {
    let many = ["市监局"; 32].join(" ");
    let mut tree = interpret(&many, analyser(), PersonNumbers::Searched).unwrap();
    expand(&mut tree, analyser());
    let others = format!("{tree:?}").matches("expandable: false").count();
    assert!(others <= limits::EXPANSIONS, "{others}");
    archive().search(&[("q", &many)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_query_is_survived(query in "[工商局市监灵丘县税务fengyuan饭店 \"()\\-|:机关申请人0-9]{0,30}") {
        if let Ok(mut tree) = interpret(&query, analyser(), PersonNumbers::Searched) {
            expand(&mut tree, analyser());
            tell(&mut tree);
        }
    }

    /// Other names only add: nothing that is found as typed is lost, and an exclusion stays one.
    #[test]
    fn expansion_never_loses_a_case(words in proptest::collection::vec("(工商局|饭店|灵丘县税务局|幼儿园|fengyuan|甲|\"餐馆\"|-丁|机关:国税局)", 1..4)) {
        let query = words.join(" ");
        let narrow = archive().search(&[("q", &query), ("size", "100"), ("expand", "false")]);
        let wide = archive().search(&[("q", &query), ("size", "100")]);
        for hit in narrow.hits {
            prop_assert!(wide.hits.iter().any(|other| other.case_id == hit.case_id), "{} in {}", hit.case_id, query);
        }
    }
}
