//! Tests of the highlighter.

use proptest::prelude::*;

use super::*;
use crate::index::testing::analyser;
use crate::record::{DocumentKind, PixelBox, TextLine, TextWord};
use crate::search::interpret::interpret;

fn highlighter(query: &str) -> Highlighter {
    Highlighter::new(
        &interpret(query, analyser(), crate::search::PersonNumbers::Searched).unwrap(),
        analyser(),
    )
}

/// A page whose lines are 1000 pixels wide and 40 high; each word gets its share of the line by characters.
fn page(lines: &[&[&str]]) -> PageText {
    let line = |(number, words): (u32, &&[&str])| {
        let text = words.concat();
        let of = text.chars().count();
        let area = PixelBox::from([100, number * 50, 1100, number * 50 + 40]);
        let mut at = 0;
        let words = words.iter().map(|word| {
            let length = word.chars().count();
            let word = TextWord {
                text: word.trim().to_owned(),
                area: area.strip(at, at + length, of),
                confidence: 0.9,
            };
            at += length;
            word
        });
        TextLine {
            words: words.collect(),
            text,
            area,
            confidence: 0.9,
            ..TextLine::default()
        }
    };
    PageText {
        lines: (0..).zip(lines).map(line).collect(),
        ..PageText::default()
    }
}

fn marks(query: &str, page: &PageText) -> Vec<(u32, u32, u32)> {
    let marks = highlighter(query).mark(page).marks;
    marks.iter().map(|mark| (mark.line, mark.from, mark.to)).collect()
}

#[test]
fn marks_follow_lines() {
    let page = page(&[
        &["准予", "行政", "许"],
        &["可决定", "，", "准予"],
        &[],
        &["二〇一九年五月七日"],
    ]);
    assert_eq!(marks("行政许可", &page), [(0, 2, 5), (1, 0, 1)]);
    assert_eq!(marks("准予", &page), [(0, 0, 2), (1, 4, 6)]);
    assert_eq!(marks("决定准予", &page), [(1, 1, 6)]);
    assert_eq!(marks("2019-05-07", &page), [(3, 0, 9)]);
    assert_eq!(marks("-准予 文种:决定书", &page), []);
    assert_eq!(marks("", &page), []);
}

#[test]
fn a_part_of_a_word_gets_a_part_of_its_box() {
    let page = page(&[&["行政许可决定"]]);
    let marks = highlighter("许可").mark(&page).marks;
    let area = marks[0].area.unwrap();
    assert_eq!(area, page.lines[0].words[0].area.strip(2, 4, 6));
    assert_eq!(<[u32; 4]>::from(area), [433, 0, 766, 40]);
}

#[test]
fn lines_without_words_or_boxes() {
    let mut text = page(&[&["行政许可决定"]]);
    text.lines[0].words.clear();
    let boxes = |text: &PageText| highlighter("许可").mark(text).marks[0].area;
    assert_eq!(boxes(&text), Some(text.lines[0].area.strip(2, 4, 6)));
    assert_eq!(boxes(&PageText::without_geometry("行政许可决定")), None);
    // A page that begins with empty lines.
    let text = PageText::without_geometry("\n\n行政许可\n\n决定许可");
    assert_eq!(marks("许可", &text), [(2, 2, 4), (4, 2, 4)]);
}

#[test]
fn numbers_are_marked_in_whatever_form_they_stand() {
    let text = PageText::without_geometry("根据灵食许[2019]第0444号决定，另见灵食许〔2019〕1444号");
    assert_eq!(marks("灵食许〔2019〕444号", &text), [(0, 2, 17)]);
}

fn snippets(query: &str, pages: &[&str]) -> Vec<Snippet> {
    let highlighter = highlighter(query);
    let mut best = BestPages::default();
    for (text, number) in pages.iter().zip(1..) {
        let page = CasePage::new(1, number, DocumentKind::Other, (*text).to_owned());
        highlighter.look(&page, Parts::Anywhere, &mut best);
    }
    best.into_snippets()
}

#[test]
fn the_best_pages_come_first() {
    let found = snippets(
        "许可 决定",
        &["许可", "无", "决定和许可", "许可许可", "决定", "许可，决定"],
    );
    let pages: Vec<u32> = found.iter().map(|snippet| snippet.page).collect();
    assert_eq!(pages, [3, 6, 4]);
}

#[test]
fn a_snippet_is_one_line_around_the_words() {
    let long = format!("{}准予行政许\n可决定 A\nB{}", "前".repeat(100), "后".repeat(100));
    let found = snippets("许可决定", &[&long]);
    assert_eq!(found.len(), 1);
    let text = &found[0].text;
    assert!(text.chars().count() <= limits::SNIPPET_CHARACTERS);
    assert!(text.contains("前准予行政许可决定 A B后"), "{text}");
    let chars: Vec<char> = text.chars().collect();
    let [[from, to]] = found[0].marks[..] else {
        panic!("one mark")
    };
    assert_eq!(chars[from as usize..to as usize].iter().collect::<String>(), "许可决定");
}

#[test]
fn parts_are_marked_only_where_the_whole_is_missing() {
    let text = |page: &str| -> Vec<String> {
        let snippets = snippets("食品经营许可证核发", &[page]);
        let chars: Vec<char> = snippets[0].text.chars().collect();
        snippets[0]
            .marks
            .iter()
            .map(|m| chars[m[0] as usize..m[1] as usize].iter().collect())
            .collect()
    };
    assert_eq!(text("核发。食品经营许可证核发"), ["食品经营许可证核发"]);
    assert!(text("由本局核发。出售的食品").contains(&"核发".to_owned()));
}

#[test]
fn a_page_shows_the_parts_of_a_missing_term_only_together() {
    let marked = |text: &str| marks("食品经营许可证核发", &PageText::without_geometry(text)).len();
    assert_eq!(marked("核发，许可证。食品经营"), 3);
    assert_eq!(marked("核发，许可证。食品"), 0);
    assert_eq!(marked("食品经营许可证核发，食品"), 1);
}

/// Text as OCR gives it: Han, Latin, digits, signs, spaces and line ends.
fn noise() -> impl Strategy<Value = String> {
    "[许可决定年月日0-9甲乙（）〔〕，。 a-cé\\n　]{0,120}"
}

proptest! {
    #[test]
    fn spans_lie_inside(text in noise(), query in "[许可决定年月0-9甲乙〔〕 -]{1,12}") {
        let page = PageText::without_geometry(&text);
        for mark in highlighter(&query).mark(&page).marks {
            let line = &page.lines[mark.line as usize];
            prop_assert!(mark.from < mark.to);
            prop_assert!(mark.to as usize <= line.text.chars().count());
        }
        for snippet in snippets(&query, &[&text]) {
            let length = u32::try_from(snippet.text.chars().count()).unwrap();
            prop_assert!(length as usize <= limits::SNIPPET_CHARACTERS);
            prop_assert!(!snippet.text.contains('\n'));
            prop_assert!(!snippet.marks.is_empty());
            let mut end = 0;
            for [from, to] in snippet.marks {
                prop_assert!(end <= from && from < to && to <= length);
                end = to;
            }
        }
    }

    #[test]
    fn boxes_lie_inside_their_lines(words in prop::collection::vec("[许可决定甲乙a-c]{1,6}", 1..30), query in "[许可决定甲乙]{1,3}") {
        let lines: Vec<Vec<&str>> = words.chunks(5).map(|line| line.iter().map(String::as_str).collect()).collect();
        let lines: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
        let page = page(&lines);
        let marks = highlighter(&query).mark(&page).marks;
        prop_assert_eq!(marks.is_empty(), !words.concat().contains(&query));
        for mark in marks {
            let line = page.lines[mark.line as usize].area;
            let area = mark.area.unwrap();
            prop_assert_eq!(line.union(area), line);
            prop_assert!(area.width() > 0 && area.height() > 0);
        }
    }
}
