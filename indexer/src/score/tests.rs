//! Figures of the project's Python scorer (`rapidfuzz`), and properties of the alignment and of the calibration.

use std::collections::BTreeMap;

use juanzong::record::{PageText, PixelBox, TextLine, TextWord};
use proptest::prelude::*;

use super::edit::Edit;
use super::*;

fn page(lines: &[&str], fields: &[(&str, &str)]) -> Truth {
    let field = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Truth {
        fields: fields.iter().map(field).collect(),
        lines: lines
            .iter()
            .map(|text| TruthLine {
                text: (*text).to_owned(),
            })
            .collect(),
        ..Truth::default()
    }
}

/// Truth and reading of four pages.
fn cases() -> Vec<(Truth, &'static str)> {
    vec![
        (
            page(
                &[
                    "行政许可决定书",
                    "灵行审许〔2019〕23号",
                    "灵丘县丰源餐饮管理有限公司：",
                    "你单位于2019年3月5日提出的食品经营许可申请（受理编号：20190444），本机关已依法受理。",
                    "　　□新办 ☑变更",
                    "1",
                    "营业面积：128.5㎡——甲、乙",
                ],
                &[
                    ("文号", "灵行审许〔2019〕23号"),
                    ("申请人名称", "灵丘县丰源餐饮管理有限公司"),
                    ("身份证号", "140224198001011234"),
                ],
            ),
            "行政许可决定书\n灵行审许[2019〗23号 \n灵丘县丰源饮管理有限公司:\n你单位予2O19年3月5日提出的食品经营许可申请(受理编号:20190444)，本机关已依法受理。\n新办|变更\n1\n营业面积:128.5m2--甲，乙人\n灵丘县行政审批局",
        ),
        (
            page(
                &["徽县市场监督管理局", "徽食许〔2020〕7号"],
                &[("文号", "徽食许〔2020〕7号")],
            ),
            "",
        ),
        (
            page(&["序号", "文号", "责任者", "题名"], &[]),
            "题名 责任者\u{200b} 文号\u{c}序号",
        ),
        (
            page(
                &["统一社会信用代码：91140224MAY452L25D", "川流不息的车辆"],
                &[("统一社会信用代码", "91140224MAY452L25D")],
            ),
            "统一社会信用代码：91140224MAY452L25D\n用流不息的车车辆",
        ),
    ]
}

#[test]
fn the_figures_of_a_page_are_those_of_the_python_scorer() {
    // ed, n, eds, ns, miss, extra, lh, ln
    let expected = [
        [14, 105, 26, 106, 4, 13, 2, 6],
        [20, 20, 20, 20, 20, 0, 0, 2],
        [8, 9, 8, 9, 0, 0, 4, 4],
        [2, 34, 2, 34, 1, 2, 1, 2],
    ];
    let scores: Vec<PageScore> = cases().iter().map(|(truth, read)| PageScore::of(truth, read)).collect();
    for (score, expected) in scores.iter().zip(expected) {
        let found = [
            score.edits,
            score.characters,
            score.strict_edits,
            score.strict_characters,
            score.missed,
            score.extra,
            score.lines_found,
            score.lines,
        ];
        assert_eq!(found, expected);
    }
    assert!(scores[0].fields.values().all(|found| !found));
    assert!(scores[3].fields["统一社会信用代码"]);

    let all = Summary::of(&scores);
    assert_eq!(all.pages, 4);
    for (found, expected) in [
        (all.cer, 26.190_476_190_476_19),
        (all.strict_cer, 33.136_094_674_556_21),
        (all.missed, 14.880_952_380_952_381),
        (all.extra, 8.928_571_428_571_429),
        (all.lines, 50.0),
        (all.median_cer, 88.888_888_888_888_89),
    ] {
        assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
    }
    let fields: BTreeMap<&str, (usize, usize)> = all.fields.iter().map(|(k, v)| (k.as_str(), *v)).collect();
    let expected = [
        ("文号", (0, 2)),
        ("统一社会信用代码", (1, 1)),
        ("身份证号", (0, 1)),
        ("申请人名称", (0, 1)),
    ];
    assert_eq!(fields, expected.into());
    assert_eq!(Summary::of(&[]).cer, 0.0);
}

#[test]
fn edits_run_as_rapidfuzz_lets_them() {
    let (truth, read) = (fold("序号文号责任者题名"), fold("题名责任者文号序号"));
    let edit = |change, from, to| Edit { change, from, to };
    let expected = vec![
        edit(Change::Replace, 0..2, 0..2),
        edit(Change::Delete, 2..4, 2..2),
        edit(Change::Equal, 4..7, 2..5),
        edit(Change::Insert, 7..7, 5..7),
        edit(Change::Replace, 7..9, 7..9),
    ];
    assert_eq!(align(&truth, &read), expected);
}

#[test]
fn confusions_count_only_between_right_characters() {
    let mut confusions = Confusions::default();
    for (truth, read) in cases() {
        confusions.add_page(&truth.text(), read);
    }
    assert_eq!(confusions.replaced, [((')', '〗'), 1), (('川', '用'), 1)].into());
    assert_eq!(confusions.dropped, [('餐', 1)].into());
    assert_eq!(confusions.invented, [('|', 1), ('车', 1)].into());
    assert_eq!(confusions.most_frequent(2), [")>〗:1", ">|:1"]);
}

/// The textbook matrix.
fn slow_distance(first: &[char], second: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=second.len()).collect();
    for (i, a) in first.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in second.iter().enumerate() {
            let cost = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[second.len()]
}

/// What the edits cost; they must cover `first`, and be true.
fn cost(edits: &[Edit], first: &[char], second: &[char]) -> usize {
    let mut at = 0;
    let mut cost = 0;
    for edit in edits {
        assert_eq!(edit.from.start, at);
        at = edit.from.end;
        let (a, b) = (&first[edit.from.clone()], &second[edit.to.clone()]);
        cost += match edit.change {
            Change::Equal => {
                assert_eq!(a, b);
                0
            }
            Change::Replace => {
                assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a != b));
                a.len()
            }
            Change::Delete => a.len(),
            Change::Insert => b.len(),
        };
    }
    assert_eq!(at, first.len());
    cost
}

/// Texts of few different characters, longer than a machine word.
fn text() -> impl Strategy<Value = Vec<char>> {
    prop::collection::vec(prop::sample::select(vec!['许', '可', '证', '号']), 0..150)
}

proptest! {
    #[test]
    fn the_distance_is_the_least_and_the_edits_cost_it(first in text(), second in text()) {
        let least = slow_distance(&first, &second);
        prop_assert_eq!(distance(&first, &second), least);
        prop_assert_eq!(cost(&align(&first, &second), &first, &second), least);
    }

    #[test]
    fn a_piece_is_found_where_it_costs_least(piece in text(), whole in text(), cut in 0_usize..150) {
        let cheapest = (0..=whole.len())
            .flat_map(|end| (0..=end).step_by(7).map(move |start| (start, end)))
            .map(|(start, end)| slow_distance(&piece[..piece.len().min(20)], &whole[start..end]))
            .min();
        let found = cost(&align_inside(&piece[..piece.len().min(20)], &whole), &piece[..piece.len().min(20)], &whole);
        prop_assert!(Some(found) <= cheapest);
        let inside = &whole[cut.min(whole.len())..];
        prop_assert_eq!(cost(&align_inside(inside, &whole), inside, &whole), 0);
    }

    #[test]
    fn a_calibration_rises_and_has_few_knots(said in prop::collection::vec((0_u8..=100, any::<bool>()), 0..400)) {
        let said: Vec<Observation> = said
            .into_iter()
            .map(|(confidence, right)| Observation { confidence: f32::from(confidence) / 100.0, right })
            .collect();
        let map = Calibration::fit(&said);
        prop_assert!((1..=Calibration::MOST_KNOTS).contains(&map.knots.len()));
        prop_assert!(map.knots.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
        let mapped: Vec<f32> = (0..=100_u8).map(|c| map.apply(f32::from(c) / 100.0)).collect();
        prop_assert!(mapped.windows(2).all(|pair| pair[0] <= pair[1]));
        prop_assert!(mapped.iter().all(|c| (0.0..=1.0).contains(c)));
    }
}

fn line(text: &str, confidence: f32, words: &[(&str, f32)]) -> TextLine {
    let word = |(text, confidence): &(&str, f32)| TextWord {
        text: (*text).to_owned(),
        area: PixelBox::default(),
        confidence: *confidence,
    };
    TextLine {
        text: text.to_owned(),
        confidence,
        words: words.iter().map(word).collect(),
        ..TextLine::default()
    }
}

#[test]
fn what_was_said_is_compared_with_what_is_there() {
    let page = PageText {
        lines: vec![
            line("川县人民政府", 0.7, &[("川", 0.4), ("县", 0.9), ("人民政府", 0.8)]),
            // Read well, in the wrong place.
            line("二〇二〇年三月", 0.95, &[]),
            line("准予许可决定书", 0.6, &[("准予许可决定书", 0.6)]),
            // Two characters are missing inside.
            line("灵丘市场监督管理局", 0.9, &[]),
        ],
        ..PageText::default()
    };
    let mut said = Observations::default();
    said.add_page(
        "用县人民政府\n准予许可决定书\n灵丘县食品市场监督管理局\n二〇二〇年三月",
        &page,
    );
    let lines: Vec<bool> = said.lines.iter().map(|o| o.right).collect();
    assert_eq!(lines, [false, true, true, false]);
    let wrong: Vec<f32> = said
        .characters
        .iter()
        .filter(|o| !o.right)
        .map(|o| o.confidence)
        .collect();
    assert_eq!(wrong, [0.4]);
    assert_eq!(said.characters.len(), 6 + 7 + 7 + 9);
}

#[test]
fn a_table_of_reliability_says_how_far_confidences_are_off() {
    let said: Vec<Observation> = (0..100_u8)
        .map(|n| Observation {
            confidence: if n < 50 { 0.55 } else { 1.0 },
            right: n >= 20,
        })
        .collect();
    let bins = table(&said);
    assert_eq!(bins.len(), 2);
    assert_eq!((bins[0].count, bins[1].count), (50, 50));
    assert!((bins[0].right - 0.6).abs() < 1e-9 && (bins[1].right - 1.0).abs() < 1e-9);
    assert!((expected_error(&bins) - 0.025).abs() < 1e-6);
    let map = Calibration::fit(&said);
    assert_eq!(map.to_string(), "(0.5500, 0.6000),\n(1.0000, 1.0000),\n");
    assert!((map.apply(0.1) - 0.6).abs() < 1e-6);
    assert!((map.apply(0.775) - 0.8).abs() < 1e-6);
}

#[test]
fn a_folder_of_truth_is_read_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"name":"b","image":"b.jpg","kind":"decision","level":"hard","width":10,"height":10,
        "fields":{"文号":"灵许〔2019〕1号"},"seals":["灵丘县水务局"],"lines":[{"text":"准予","quad":[[0,0],[1,0],[1,1],[0,1]]}]}"#;
    std::fs::write(folder.path().join("b.json"), json).unwrap();
    std::fs::write(folder.path().join("a.json"), json.replace("\"b\"", "\"a\"")).unwrap();
    std::fs::write(folder.path().join("a.txt"), "准予").unwrap();
    let pages = Truth::of_folder(folder.path()).unwrap();
    assert_eq!((pages[0].name.as_str(), pages[1].text().as_str()), ("a", "准予"));
    std::fs::write(folder.path().join("c.json"), "[]").unwrap();
    assert!(matches!(
        Truth::of_folder(folder.path()),
        Err(TruthError::Format { .. })
    ));
}
