//! Queries and the cases they find.

use super::corpus::archive;
use crate::search::{MatchKind, VisibleCases};

#[test]
fn golden_queries() {
    let archive = archive();
    let mut wrong = Vec::new();
    for (query, expected) in [
        // One letter, in any field.
        ("龘", &[][..]),
        ("李", &[4, 5]),
        ("人", &[1, 13]),
        // Inside a long run without any break; and over the end of a line, but not of a page.
        ("\"布局合理设备\"", &[1]),
        ("理设备设施与所申请的经", &[1]),
        ("占用城市道路施工", &[9, 10]),
        ("\"占用城市道路施工\"", &[10]),
        ("人人乐", &[13]),
        ("\"人人人人\"", &[]),
        // A part of a dictionary word.
        ("行政许可", &[1, 14]),
        ("政许可决", &[1, 14]),
        // Words, exclusion, OR, groups.
        ("丰源 延续", &[2]),
        ("丰源 -延续", &[1]),
        ("丰源 －“延续”", &[1]),
        ("取水 OR 注销", &[7, 8]),
        ("取水或注销", &[]),
        ("登记 (小作坊 或 超市)", &[6, 13]),
        ("登记 -(小作坊 或 超市) -晋字", &[11]),
        ("（取水｜注销）　-餐饮", &[8]),
        // Fields.
        ("申请人:李", &[4]),
        ("申请人：李四", &[4]),
        ("机关:卫生", &[5]),
        ("-机关:县 -晋字", &[6, 7, 8, 9, 10, 11, 12, 13, 14]),
        ("机关:(卫生 OR 审批)", &[2, 5]),
        ("事项:食品", &[1, 2]),
        ("结果:不予 食品", &[4]),
        ("结果:renewed", &[2]),
        ("区划:灵丘县", &[1, 2]),
        ("区划:灵丘", &[1, 2]),
        ("区划:140223", &[4]),
        ("期限:30年 食品", &[1]),
        ("文种:决定书 丰源", &[1, 2]),
        ("年度:2018 -晋字", &[4]),
        ("年度:2018 OR 年度:2021 丰源", &[2]),
        ("丰源 年度:2018..2020", &[1]),
        ("丰源 年度:2020-", &[2]),
        ("丰源 年度：..2020年", &[1]),
        // Document numbers in every form, whole and half.
        ("灵食许〔2019〕444号", &[1, 5]),
        ("灵食许(2019)444号", &[1, 5]),
        ("灵食许【2019】第444号", &[1, 5]),
        ("灵食许 2019 444号", &[1, 5, 6]),
        ("文号:灵食许〔2019〕444号", &[1]),
        ("文号:灵食许2019第0444号", &[1]),
        ("文号:〔2019〕444", &[1]),
        ("文号:444号", &[1]),
        ("文号:灵食许", &[1, 6]),
        ("文号:灵食许〔2019〕", &[1, 6]),
        ("〔2016〕8", &[12]),
        ("灵环审 2016", &[12]),
        ("灵卫许2020", &[5]),
        // Archival codes and acceptance numbers.
        ("0123-XK·2019-D30-SCJG-0042", &[1]),
        ("0123－xk•2019—d30-scjg-0042", &[1]),
        ("档号:0042", &[1]),
        ("档号:SCJG-0043", &[2]),
        ("SL20190444", &[1]),
        ("受理编号:ｓｌ20190444", &[1]),
        ("受理编号:0444", &[1]),
        // Dates in every form.
        ("2019年5月7日", &[1]),
        ("二〇一九年五月七日", &[1]),
        ("2019.5.7", &[1]),
        ("2017-08-09", &[8]),
        ("2017年8月9日", &[8]),
        // Width and variants.
        ("广告发布", &[11]),
        ("abc廣告", &[11]),
        // What cannot be read is text.
        ("结果:龘", &[]),
        ("(注销", &[7]),
        ("disclosure:公开", &[]),
        ("。，！", &[]),
    ] {
        let found = archive.keys(query);
        if found != expected {
            wrong.push(format!("{query}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// tantivy asserted that an excluded phrase never stands behind the document in question; see [`super::super::excluded`].
#[test]
fn a_phrase_can_be_excluded() {
    for phrase in [
        "食品经营许可证核发",
        "占用城市道路",
        "人人乐",
        "采伐许可",
        "丰源餐饮有限",
    ] {
        let excluded = archive().keys(&format!("-\"{phrase}\""));
        let found = archive().keys(&format!("\"{phrase}\""));
        let mut both: Vec<u64> = excluded.iter().chain(&found).copied().collect();
        both.sort_unstable();
        assert_eq!(both, (1..=60).collect::<Vec<u64>>(), "{phrase}");
    }
}

#[test]
fn best_first() {
    let archive = archive();
    for (query, best) in [
        ("丰源餐饮 2019", 1),
        ("丰源餐饮 2021", 2),
        ("灵食许〔2019〕444号", 1),
        ("灵食许 2019 444号", 1),
        ("2019 444号", 1),
        ("444号", 1),
        ("1444号", 6),
        ("食品经营许可证核发", 4),
        ("李四", 4),
        ("超市", 13),
    ] {
        assert_eq!(archive.hits(query).first().map(|(key, _)| *key), Some(best), "{query}");
    }
}

#[test]
fn exact_stands_above_tolerant() {
    let archive = archive();
    // Case 9 has it torn by the end of a page.
    assert_eq!(
        archive.hits("占用城市道路施工"),
        [(10, MatchKind::Exact), (9, MatchKind::Tolerant)]
    );
    // In quotes nothing is tolerated where it stands as typed, and what is excluded is excluded as typed.
    assert_eq!(archive.hits("\"占用城市道路施工\""), [(10, MatchKind::Exact)]);
    assert_eq!(archive.hits("施工 -占用城市道路施工"), [(9, MatchKind::Exact)]);
    // The words of case 3 stand apart, which is no copy of what was typed: nothing is better than that only.
    assert_eq!(archive.hits("食品经营许可证核发"), [(4, MatchKind::Exact)]);
    assert_eq!(archive.keys("许可证食品经营核发"), [3, 4]);
    // Sorted by date the two mix, but are still told apart.
    let response = archive.search(&[("q", "占用城市道路施工"), ("sort", "date")]);
    let hits: Vec<_> = response
        .hits
        .iter()
        .map(|hit| (hit.case_id.as_str(), hit.matched))
        .collect();
    assert_eq!(hits, [("9", MatchKind::Tolerant), ("10", MatchKind::Exact)]);
    assert_eq!(response.total, 2);
    // The second page goes on where exact hits end.
    let page = |page| archive.search(&[("q", "占用城市道路施工"), ("size", "1"), ("page", page)]);
    assert_eq!((page("1").total, page("2").total), (2, 2));
    assert_eq!(page("2").hits[0].case_id, "9");
    assert_eq!(page("3").hits, []);
}

#[test]
fn the_answer_says_how_the_query_was_read() {
    let archive = archive();
    for (query, understood) in [
        ("", ""),
        ("丰源 -注销", "含有“丰源” 并且 不要（含有“注销”）"),
        ("“食品经营” 或 取水", "（含有原文“食品经营” 或者 含有“取水”）"),
        ("丰源 2019", "含有“丰源” 并且 含有“2019”或年度为2019"),
        ("年度:2015..2020", "年度为2015至2020"),
        ("结果：不予 申请人:李", "结果为不予 并且 申请人含有“李”"),
        ("区划:灵丘", "区划为灵丘县"),
        (
            "灵食许(2019)444号",
            "含有“灵食许(2019)444号”或文号为灵食许〔2019〕444号",
        ),
        ("二〇一九年五月七日", "含有“二〇一九年五月七日”或日期为2019-05-07"),
        ("年度:明年", "含有“明年”；“明年”不是年度的取值，按普通文字检索"),
        ("(取水", "含有“取水”；括号没有配对，已忽略"),
        ("！", "没有可以检索的文字"),
    ] {
        assert_eq!(archive.search(&[("q", query)]).understood, understood, "{query}");
    }
}

#[test]
fn an_empty_query_lists_everything_by_date() {
    let response = archive().search(&[("size", "100")]);
    assert_eq!(response.total, 60);
    let dates: Vec<_> = response.hits.iter().map(|hit| hit.decided_on).collect();
    let mut sorted = dates.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    assert_eq!(dates, sorted);
    assert!(
        response
            .hits
            .iter()
            .all(|hit| hit.matched == MatchKind::Exact && hit.snippets.is_empty())
    );
}

#[test]
fn snippets_show_the_words_on_their_pages() {
    let response = archive().search(&[("q", "经营场所 符合法定条件")]);
    let hit = &response.hits[0];
    assert_eq!(hit.case_id, "1");
    let marked: Vec<(u32, Vec<String>)> = hit
        .snippets
        .iter()
        .map(|snippet| {
            let chars: Vec<char> = snippet.text.chars().collect();
            let mark = |[from, to]: &[u32; 2]| chars[*from as usize..*to as usize].iter().collect();
            (snippet.page, snippet.marks.iter().map(mark).collect())
        })
        .collect();
    assert_eq!(
        marked,
        [(1, vec!["符合法定条件".to_owned()]), (2, vec!["经营场所".to_owned()])]
    );
}

#[test]
fn what_may_not_be_seen_is_not_there() {
    let archive = archive();
    let visible = VisibleCases::only([2, 3, 20]);
    for query in [
        "",
        "丰源",
        "食品经营许可证核发",
        "-龘",
        "年度:2009..2025",
        "灵食许〔2019〕444号",
        "李 或 丰源",
    ] {
        let pairs = [("q", query), ("facets", "all"), ("size", "100")];
        let response = archive.try_search(&visible, &pairs).unwrap();
        let allowed = ["2", "3", "20"];
        assert!(
            response.hits.iter().all(|hit| allowed.contains(&hit.case_id.as_str())),
            "{query}"
        );
        assert_eq!(response.total, response.hits.len() as u64, "{query}");
        for (facet, values) in &response.facets {
            assert!(
                values.iter().all(|value| value.count <= response.total),
                "{query} {facet}"
            );
        }
        let nothing = archive.try_search(&VisibleCases::none(), &pairs).unwrap();
        assert_eq!((nothing.total, nothing.hits.len()), (0, 0), "{query}");
        assert!(nothing.facets.values().all(Vec::is_empty), "{query}");
    }
}
