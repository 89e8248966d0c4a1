use proptest::prelude::*;

use super::*;

const PAGE: (u32, u32) = (1000, 2000);

fn line(text: &str, y0: u32) -> TextLine {
    let count = u32::try_from(text.chars().count()).unwrap();
    let words = (0_u32..)
        .zip(text.chars())
        .map(|(at, c)| TextWord {
            text: c.to_string(),
            area: PixelBox::from([100 + at * 50, y0, 150 + at * 50, y0 + 50]),
            confidence: 0.9,
        })
        .collect();
    TextLine {
        text: text.into(),
        area: PixelBox::from([100, y0, 100 + count * 50, y0 + 50]),
        confidence: 0.9,
        words,
        ..TextLine::default()
    }
}

fn page(lines: &[(&str, u32)]) -> PageText {
    PageText {
        lines: lines.iter().map(|(text, y0)| line(text, *y0)).collect(),
        ..PageText::default()
    }
}

fn anchor(text: &PageText, at: u32) -> LineAnchor {
    let line = &text.lines[at as usize];
    LineAnchor {
        source_name: "1.pdf".into(),
        occurrence: 1,
        content_id: "a".repeat(64),
        page: 1,
        line: at,
        area: line.area,
        page_size: PAGE,
        as_read: line.text.clone(),
        follows: None,
    }
}

fn edit(number: u32, text: &PageText, at: u32, new: &str) -> LineEdit {
    LineEdit {
        number,
        text: new.into(),
        anchors: vec![anchor(text, at)],
    }
}

fn texts(text: &PageText) -> Vec<&str> {
    text.lines.iter().map(|line| line.text.as_str()).collect()
}

fn applied(text: &mut PageText, edits: &[&LineEdit]) -> Vec<(u32, usize)> {
    let (applied, _) = apply_line_edits(text, PAGE, edits);
    applied.iter().map(|edit| (edit.number, edit.line)).collect()
}

#[test]
fn a_line_is_found_again_however_the_page_is_read() {
    let first = page(&[
        ("行政许可决定书", 100),
        ("灵食许〔2019〕44号", 200),
        ("申请人赵小满", 300),
    ]);
    let correction = edit(1, &first, 1, "灵食许〔2019〕444号");
    for (again, expected) in [
        (first, Some(1)),
        // One line more before it, and all of them a little lower.
        (
            page(&[
                ("密级公开", 60),
                ("行政许可决定书", 110),
                ("灵食许〔2019〕44号", 212),
                ("申请人赵小满", 312),
            ]),
            Some(2),
        ),
        // Read worse, in the same place.
        (
            page(&[
                ("行政许可决定书", 100),
                ("贞食许〔2O19〕44号", 205),
                ("申请人赵小满", 300),
            ]),
            Some(1),
        ),
        // Read right by itself.
        (page(&[("灵食许〔2019〕444号", 200), ("申请人赵小满", 300)]), Some(0)),
        // Moved far away, e.g. the page was cropped.
        (page(&[("申请人赵小满", 40), ("灵食许〔2019〕44号", 900)]), Some(1)),
        // Gone: another line stands in its place.
        (page(&[("行政许可决定书", 100), ("经审查符合条件的", 200)]), None),
        (PageText::default(), None),
    ] {
        let mut text = again.clone();
        let (applied, lost) = apply_line_edits(&mut text, PAGE, &[&correction]);
        assert_eq!(applied.first().map(|a| a.line), expected, "{:?}", texts(&again));
        match expected {
            Some(at) => {
                assert_eq!(text.lines[at].text, "灵食许〔2019〕444号");
                assert!((text.lines[at].confidence - 1.0).abs() < f32::EPSILON);
                assert_eq!(text.lines.len(), again.lines.len());
            }
            None => {
                assert_eq!((text, lost.len()), (again, 1));
            }
        }
    }
}

#[test]
fn pages_of_another_size_are_scaled() {
    let first = page(&[("准予许可", 100), ("准予许可", 1000)]);
    let correction = edit(1, &first, 1, "不予许可");
    let mut twice = first;
    for line in &mut twice.lines {
        let [x0, y0, x1, y1]: [u32; 4] = line.area.into();
        line.area = PixelBox::from([x0 * 2, y0 * 2, x1 * 2, y1 * 2]);
    }
    let (applied, _) = apply_line_edits(&mut twice, (PAGE.0 * 2, PAGE.1 * 2), &[&correction]);
    assert_eq!(applied[0].line, 1);
    assert_eq!(texts(&twice), ["准予许可", "不予许可"]);
}

#[test]
fn each_line_takes_one_correction_and_the_surest_pair_comes_first() {
    let first = page(&[("第一条甲乙丙", 100), ("第二条甲乙丙", 160)]);
    let (one, two) = (edit(1, &first, 0, "第一条甲乙丁"), edit(2, &first, 1, "第二条甲乙丁"));
    let mut text = first.clone();
    assert_eq!(applied(&mut text, &[&one, &two]), [(1, 0), (2, 1)]);
    // Both lines read as one: the worse fit is kept beside it.
    let mut merged = page(&[("第一条甲乙丙", 120)]);
    let (placed, lost) = apply_line_edits(&mut merged, PAGE, &[&one, &two]);
    assert_eq!((placed.len(), lost.len()), (1, 1));
    assert_eq!(lost[0].number, 2);
    let added = append_lost_edit(&mut merged, PAGE, lost[0], true);
    assert_eq!((added.line, added.placed), (1, false));
    assert_eq!(merged.lines[1].area, first.lines[1].area);
    assert_eq!(texts(&merged), ["第一条甲乙丁", "第二条甲乙丁"]);
}

#[test]
fn text_without_boxes_is_found_by_its_words() {
    let text = PageText::without_geometry("标题\n准予许可\n准予许可\n落款");
    let correction = edit(1, &text, 2, "准予行政许可");
    let mut again = PageText::without_geometry("新加的一行\n标题\n准予许可\n落款\n准予许可");
    assert_eq!(applied(&mut again, &[&correction]), [(1, 2)], "of two alike the nearer");
    assert!(again.lines[2].words.is_empty());
    let mut gone = PageText::without_geometry("别的内容");
    assert_eq!(applied(&mut gone, &[&correction]), []);
}

#[test]
fn characters_that_stay_keep_their_boxes() {
    let mut corrected = line("灵食许44号", 100);
    rewrite(&mut corrected, "灵食许4440号");
    let boxes: Vec<[u32; 4]> = corrected.words.iter().map(|w| w.area.into()).collect();
    // 灵食许44 and 号 stay; 40 came between, where nothing was: all are spread.
    assert_eq!(boxes.len(), 8);
    assert_eq!((boxes[0][0], boxes[7][2]), (100, 400));
    let mut replaced = line("灵食许甲号", 100);
    rewrite(&mut replaced, "灵食许44号");
    let boxes: Vec<[u32; 4]> = replaced.words.iter().map(|w| w.area.into()).collect();
    assert_eq!(boxes[2], [200, 100, 250, 150]);
    assert_eq!((boxes[3], boxes[4]), ([250, 100, 275, 150], [275, 100, 300, 150]));
    assert_eq!(boxes[5], [300, 100, 350, 150]);
}

proptest! {
    #[test]
    fn a_rewritten_line_is_spelt_by_its_words_inside_its_box(old in "[准予许可0-9 ]{1,12}", new in "[准予许可号0-9 ]{0,14}") {
        let mut corrected = line(&old, 100);
        let area = corrected.area;
        rewrite(&mut corrected, &new);
        prop_assert_eq!(&corrected.text, &new);
        prop_assert_eq!(corrected.area, area);
        let spelt: String = corrected.words.iter().map(|w| w.text.as_str()).collect();
        let visible: String = new.chars().filter(|c| !c.is_whitespace()).collect();
        let was: String = old.chars().filter(|c| !c.is_whitespace()).collect();
        if was != visible {
            prop_assert_eq!(spelt, visible);
        }
        for word in &corrected.words {
            prop_assert!(word.area.x0 >= area.x0 && word.area.x1 <= area.x1);
        }
        for pair in corrected.words.windows(2) {
            prop_assert!(pair[0].area.x0 <= pair[1].area.x0);
        }
    }

    #[test]
    fn likeness_is_symmetric_and_bounded(a in "[甲乙丙]{0,8}", b in "[甲乙丙]{0,8}") {
        let alike = likeness(&a, &b);
        prop_assert!((0.0..=1.0).contains(&alike));
        prop_assert!((alike - likeness(&b, &a)).abs() < 1e-6);
    }
}
