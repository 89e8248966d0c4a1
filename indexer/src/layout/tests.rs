use juanzong::record::PixelBox;

use super::{Rules, assemble, lines_of_glyphs};
use crate::decode::Glyph;
use crate::ocr::{RawLine, RawSymbol, RawWord};
use crate::prepare::Transform;

const PAGE: (u32, u32) = (1000, 1000);

/// A line at (x, y); words separated by `|`, each character 20 pixels wide and high.
fn line(x: u32, y: u32, words: &str, confidence: f32) -> RawLine {
    let mut at = x;
    let mut raw = RawLine::default();
    for word in words.split('¦') {
        let mut symbols = Vec::new();
        for c in word.chars() {
            if c != ' ' {
                symbols.push(RawSymbol {
                    text: c.to_string(),
                    area: PixelBox::from([at, y, at + 20, y + 20]),
                    confidence,
                    ..RawSymbol::default()
                });
            }
            at += 20;
        }
        raw.words.push(RawWord { symbols });
    }
    raw.area = PixelBox::from([x, y, at, y + 20]);
    raw
}

fn texts(lines: Vec<RawLine>) -> Vec<String> {
    assemble(lines, &Rules::default(), Transform::IDENTITY, PAGE)
        .lines
        .into_iter()
        .map(|l| l.text)
        .collect()
}

#[test]
fn han_stands_without_spaces_and_latin_words_keep_theirs() {
    for (words, expected) in [
        ("关于¦准予¦食品", "关于准予食品"),
        ("许 ¦可 ¦证", "许可证"),
        ("2019¦年¦5¦月", "2019年5月"),
        ("ABC¦ DEF", "ABC DEF"),
        ("9114¦0224", "91140224"),
        ("型号¦YJ-140D¦台", "型号YJ-140D台"),
        ("第¦ 12¦ 号", "第12号"),
    ] {
        assert_eq!(texts(vec![line(0, 0, words, 0.9)]), [expected], "{words}");
    }
}

#[test]
fn words_join_to_the_text_of_their_line() {
    let page = assemble(
        vec![line(40, 60, "编号¦ AB¦ CD12¦号", 0.9)],
        &Rules::default(),
        Transform::scale(2.0, 2.0),
        PAGE,
    );
    let line = &page.lines[0];
    assert_eq!(line.text, "编号AB CD12号");
    let words: Vec<&str> = line.words.iter().map(|w| w.text.as_str()).collect();
    assert_eq!(words, ["编", "号", "AB", "CD12", "号"]);
    assert_eq!(words.concat(), line.text.replace(' ', ""));
    assert_eq!(line.words[0].area, PixelBox::from([80, 120, 120, 160]));
    assert!((line.confidence - 0.9).abs() < 1e-6);
}

#[test]
fn other_readings_stand_at_their_characters() {
    let mut raw = line(0, 0, "编号¦ A0¦ B", 0.9);
    raw.words[0].symbols[1].alternatives = vec![("呺".into(), 0.2), ("口号".into(), 0.1)];
    raw.words[1].symbols[1].alternatives = vec![("O".into(), 0.4), ("D".into(), 0.1)];
    let page = assemble(vec![raw], &Rules::default(), Transform::IDENTITY, PAGE);
    let line = &page.lines[0];
    assert_eq!(line.text, "编号A0 B");
    let found: Vec<(usize, &str)> = line.alternatives.iter().map(|a| (a.at, a.text.as_str())).collect();
    assert_eq!(found, [(1, "呺"), (3, "O"), (3, "D")]);
}

#[test]
fn rows_are_read_from_left_to_right() {
    let lines = vec![
        line(600, 103, "右上", 0.9),
        line(0, 300, "下", 0.9),
        line(0, 100, "左上", 0.9),
        line(0, 125, "第二行", 0.9),
    ];
    assert_eq!(texts(lines), ["左上", "右上", "第二行", "下"]);
}

#[test]
fn borders_of_licences_are_no_text() {
    assert_eq!(
        texts(vec![line(0, 0, "XOOO", 0.97), line(0, 50, "OO", 0.9)]),
        Vec::<String>::new()
    );
    assert_eq!(
        texts(vec![line(0, 0, "XX", 0.97), line(0, 50, "100", 0.97)]),
        ["XX", "100"]
    );
}

#[test]
fn doubtful_marks_are_noise_and_sure_ones_are_not() {
    assert_eq!(texts(vec![line(0, 0, "|", 0.3), line(0, 50, "|", 0.9)]), ["|"]);
    assert_eq!(texts(vec![line(0, 0, "- ' .", 0.2)]), Vec::<String>::new());
    assert_eq!(texts(vec![line(0, 0, "|申请人|", 0.5)]), ["申请人"]);
    assert_eq!(texts(vec![line(0, 0, "|申请人|", 0.9)]), ["|申请人|"]);
}

fn glyphs(x: u32, y: u32, text: &str) -> Vec<Glyph> {
    (0..)
        .zip(text.chars())
        .map(|(index, c)| Glyph {
            text: c.to_string(),
            area: PixelBox::from([x + index * 20, y, x + index * 20 + 20, y + 24]),
        })
        .collect()
}

#[test]
fn letters_of_a_text_layer_become_lines() {
    let mut all = glyphs(10, 100, "行政许可 Act No 12");
    all.extend(glyphs(700, 102, "备注"));
    all.extend(glyphs(10, 20, "标题"));
    all.reverse();
    let text = assemble(lines_of_glyphs(&all), &Rules::default(), Transform::IDENTITY, PAGE).text();
    assert_eq!(text, "标题\n行政许可Act No 12\n备注");
}

proptest::proptest! {
    #[test]
    fn no_letter_of_a_text_layer_is_lost(
        placed in proptest::collection::vec((0_u32..900, 0_u32..900, "[甲乙A1]"), 0..40)
    ) {
        let all: Vec<Glyph> = placed
            .iter()
            .map(|(x, y, text)| Glyph { text: text.clone(), area: PixelBox::from([*x, *y, x + 20, y + 24]) })
            .collect();
        let text = assemble(lines_of_glyphs(&all), &Rules::default(), Transform::IDENTITY, PAGE).text();
        let mut found: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut given: Vec<char> = placed.iter().flat_map(|(.., text)| text.chars()).collect();
        found.sort_unstable();
        given.sort_unstable();
        proptest::prop_assert_eq!(found, given);
    }
}
