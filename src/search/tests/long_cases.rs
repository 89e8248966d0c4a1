//! Snippets of cases with hundreds of pages.

use std::sync::LazyLock;

use super::corpus::{Archive, made};
use crate::record::FieldName::Title;
use crate::search::MatchKind;

fn archive() -> &'static Archive {
    static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| {
        let mut pages = vec!["经现场核查，经营场所布局合理，设施设备与申报内容一致。"; 300];
        pages[39] = "依据灵食许[2019]第0444号决定办理。";
        pages[119] = "";
        pages[149] = "丰源餐饮";
        pages[249] = "占用城市道路施工，丰源餐饮";
        pages[279] = "河道采砂作业现场勘验笔绿";
        Archive::new(vec![
            made(1, &[(Title, "大卷")], &pages),
            made(2, &[(Title, "小卷")], &["无"]),
        ])
    });
    &ARCHIVE
}

fn pages(query: &str) -> (MatchKind, Vec<u32>) {
    let answer = archive().search(&[("q", query)]);
    assert_eq!(answer.hits.len(), 1, "{query}");
    let hit = &answer.hits[0];
    let pages = hit.snippets.iter().map(|snippet| snippet.page);
    (hit.matched, pages.collect())
}

/// Only the first 60 pages used to be read, so that a hit behind them was shown without its place.
#[test]
fn words_are_shown_wherever_they_stand() {
    for (query, matched, expected) in [
        ("占用城市道路", MatchKind::Exact, vec![250]),
        ("丰源餐饮", MatchKind::Exact, vec![150, 250]),
        // The page with both words is the better one.
        ("丰源餐饮 占用城市", MatchKind::Exact, vec![250, 150]),
        // Misread there.
        ("河道采砂作业现场勘验笔录", MatchKind::Tolerant, vec![280]),
        // In another form, which the letters do not tell: the first pages are read.
        ("灵食许〔2019〕444号", MatchKind::Exact, vec![40]),
    ] {
        assert_eq!(pages(query), (matched, expected), "{query}");
    }
}
