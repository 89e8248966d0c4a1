//! Words and segments of phrases as they occur, as `text position from..to`.

use super::ANALYSER;
use crate::analysis::Token;

fn shown(text: &str) -> String {
    let normalised = ANALYSER.normalise(text);
    let line = |tokens: Vec<Token>| -> String {
        let tokens = tokens
            .iter()
            .map(|t| format!("{} {} {}..{}", t.text, t.position, t.from, t.to));
        tokens.collect::<Vec<_>>().join(" | ")
    };
    format!(
        "words: {}\nsegments: {}",
        line(ANALYSER.words(&normalised)),
        line(ANALYSER.segment(&normalised))
    )
}

/// Grams are the same for every text, so few suffice.
#[test]
fn grams_of_a_phrase() {
    let tokens = ANALYSER.grams(&ANALYSER.normalise("许 可，证"));
    let shown: Vec<String> = tokens
        .iter()
        .map(|t| format!("{} {} {}..{}", t.text, t.position, t.from, t.to))
        .collect();
    insta::assert_snapshot!(shown.join(" | "), @"许 0 0..1 | 许可 0 0..3 | 可 1 2..3 | 可证 1 2..5 | 证 2 4..5");
    // Digits and Latin letters also make quads.
    let numbers = ANALYSER.grams(&ANALYSER.normalise("许〔2019〕4号"));
    let quads: Vec<&str> = numbers
        .iter()
        .filter(|t| t.length == 4)
        .map(|t| t.text.as_str())
        .collect();
    assert_eq!(quads, ["2019", "0194"]);
}

#[test]
fn phrases() {
    insta::assert_snapshot!(shown("行政许可"), @r"
    words: 行政 0 0..2 | 行政许可 0 0..4 | 许可 2 2..4
    segments: 行政许可 0 0..4
    ");
    insta::assert_snapshot!(shown("准予行政许可决定书"), @r"
    words: 准予 0 0..2 | 准予行政许可 0 0..6 | 准予行政许可决定书 0 0..9 | 行政 2 2..4 | 行政许可 2 2..6 | 行政许可决定 2 2..8 | 行政许可决定书 2 2..9 | 许可 4 4..6 | 决定 6 6..8 | 决定书 6 6..9
    segments: 准予行政许可决定书 0 0..9
    ");
    insta::assert_snapshot!(shown("不予受理通知书"), @r"
    words: 不予 0 0..2 | 不予受理 0 0..4 | 不予受理通知书 0 0..7 | 受理 2 2..4 | 受理通知书 2 2..7 | 通知 4 4..6 | 通知书 4 4..7
    segments: 不予受理通知书 0 0..7
    ");
    insta::assert_snapshot!(shown("灵丘县市场监督管理局"), @r"
    words: 灵丘 0 0..2 | 灵丘县 0 0..3 | 丘县 1 1..3 | 县市 2 2..4 | 市场 3 3..5 | 市场监督管理 3 3..9 | 市场监督管理局 3 3..10 | 监督 5 5..7 | 监督管理 5 5..9 | 管理 7 7..9 | 管理局 7 7..10
    segments: 灵丘县 0 0..3 | 市场监督管理局 3 3..10
    ");
    insta::assert_snapshot!(shown("灵食许〔2019〕444号"), @r"
    words: 灵 0 0..1 | 食 1 1..2 | 许 2 2..3 | 2019 3 4..8 | 444 7 9..12 | 号 10 12..13
    segments: 灵 0 0..1 | 食 1 1..2 | 许 2 2..3 | 2019 3 4..8 | 444 7 9..12 | 号 10 12..13
    ");
    insta::assert_snapshot!(shown("灵行审许[2019]23号"), @r"
    words: 灵 0 0..1 | 行 1 1..2 | 审 2 2..3 | 许 3 3..4 | 2019 4 5..9 | 23 8 10..12 | 号 10 12..13
    segments: 灵 0 0..1 | 行 1 1..2 | 审 2 2..3 | 许 3 3..4 | 2019 4 5..9 | 23 8 10..12 | 号 10 12..13
    ");
    insta::assert_snapshot!(shown("申请人：灵丘县嘉禾餐饮管理有限责任公司"), @r"
    words: 申请 0 0..2 | 申请人 0 0..3 | 灵丘 3 4..6 | 灵丘县 3 4..7 | 丘县 4 5..7 | 嘉禾 6 7..9 | 餐饮 8 9..11 | 管理 10 11..13 | 有限 12 13..15 | 有限责任 12 13..17 | 有限责任公司 12 13..19 | 责任 14 15..17 | 公司 16 17..19
    segments: 申请人 0 0..3 | 灵丘县 3 4..7 | 嘉禾 6 7..9 | 餐饮 8 9..11 | 管理 10 11..13 | 有限责任公司 12 13..19
    ");
    insta::assert_snapshot!(shown("统一社会信用代码：91140224MAY452L25D"), @r"
    words: 统一 0 0..2 | 统一社会信用代码 0 0..8 | 社会 2 2..4 | 社会信用代码 2 2..8 | 信用 4 4..6 | 信用代码 4 4..8 | 代码 6 6..8 | 91140224may452l25d 8 9..27
    segments: 统一社会信用代码 0 0..8 | 91140224may452l25d 8 9..27
    ");
    insta::assert_snapshot!(shown("二〇一九年五月七日"), @r"
    words: 2019 0 0..4 | 年 4 4..5 | 5 5 5..6 | 月 6 6..7 | 7 7 7..8 | 日 8 8..9
    segments: 2019 0 0..4 | 年 4 4..5 | 5 5 5..6 | 月 6 6..7 | 7 7 7..8 | 日 8 8..9
    ");
    insta::assert_snapshot!(shown("2019-05-07"), @r"
    words: 2019 0 0..4 | 年 4 4..5 | 5 5 5..7 | 月 6 7..8 | 7 7 8..10 | 日 8 8..10
    segments: 2019 0 0..4 | 年 4 4..5 | 5 5 5..7 | 月 6 7..8 | 7 7 8..10 | 日 8 8..10
    ");
    insta::assert_snapshot!(shown("有效期至2024年05月06日"), @r"
    words: 有效 0 0..2 | 有效期 0 0..3 | 有效期至 0 0..4 | 效期 1 1..3 | 2024 4 4..8 | 年 8 8..9 | 5 9 9..11 | 月 10 11..12 | 6 11 12..14 | 日 12 14..15
    segments: 有效期至 0 0..4 | 2024 4 4..8 | 年 8 8..9 | 5 9 9..11 | 月 10 11..12 | 6 11 12..14 | 日 12 14..15
    ");
    insta::assert_snapshot!(shown("食品經營許可證"), @r"
    words: 食品 0 0..2 | 食品经营 0 0..4 | 食品经营许可 0 0..6 | 食品经营许可证 0 0..7 | 经营 2 2..4 | 许可 4 4..6 | 许可证 4 4..7
    segments: 食品经营许可证 0 0..7
    ");
    insta::assert_snapshot!(shown("营业面积：１２０㎡"), @r"
    words: 营业 0 0..2 | 营业面积 0 0..4 | 面积 2 2..4 | 120m2 4 5..9
    segments: 营业面积 0 0..4 | 120m2 4 5..9
    ");
    insta::assert_snapshot!(shown("第三十二条第一款"), @r"
    words: 第三 0 0..2 | 第三十 0 0..3 | 第三十二 0 0..4 | 第三十二条 0 0..5 | 三十 1 1..3 | 三十二 1 1..4 | 三十二条 1 1..5 | 十二 2 2..4 | 十二条 2 2..5 | 二条 3 3..5 | 第一 5 5..7 | 第一款 5 5..8 | 一款 6 6..8
    segments: 第三十二条 0 0..5 | 第一款 5 5..8
    ");
    insta::assert_snapshot!(shown("一般程序"), @r"
    words: 一般 0 0..2 | 程序 2 2..4
    segments: 一般 0 0..2 | 程序 2 2..4
    ");
    insta::assert_snapshot!(shown("○是 ○否"), @r"
    words: 是 0 1..2 | 否 1 4..5
    segments: 是 0 1..2 | 否 1 4..5
    ");
    insta::assert_snapshot!(shown("现场核查\n意见"), @r"
    words: 现场 0 0..2 | 现场核查 0 0..4 | 现场核查意见 0 0..7 | 核查 2 2..4 | 核查意见 2 2..7 | 意见 4 5..7
    segments: 现场核查意见 0 0..7
    ");
    insta::assert_snapshot!(shown("送达回证（留置送达）"), @r"
    words: 送达 0 0..2 | 送达回证 0 0..4 | 留置 4 5..7 | 留置送达 4 5..9 | 送达 6 7..9
    segments: 送达回证 0 0..4 | 留置送达 4 5..9
    ");
    insta::assert_snapshot!(shown("经审查，符合条件。"), @r"
    words: 经审查 0 0..3 | 审查 1 1..3 | 符合 3 4..6 | 符合条件 3 4..8 | 条件 5 6..8
    segments: 经审查 0 0..3 | 符合条件 3 4..8
    ");
    insta::assert_snapshot!(shown("身份证号 14022419800101123X"), @r"
    words: 身份 0 0..2 | 身份证 0 0..3 | 身份证号 0 0..4 | 证号 2 2..4 | 14022419800101123x 4 5..23
    segments: 身份证号 0 0..4 | 14022419800101123x 4 5..23
    ");
    insta::assert_snapshot!(shown("0123-XK·2019-D30-SCJG-0042"), @r"
    words: 0123 0 0..4 | xk 4 5..7 | 2019 6 8..12 | d30 10 13..16 | scjg 13 17..21 | 0042 17 22..26
    segments: 0123 0 0..4 | xk 4 5..7 | 2019 6 8..12 | d30 10 13..16 | scjg 13 17..21 | 0042 17 22..26
    ");
    insta::assert_snapshot!(shown("联系电话:0352-8521234"), @r"
    words: 联系 0 0..2 | 联系电话 0 0..4 | 电话 2 2..4 | 0352 4 5..9 | 8521234 8 10..17
    segments: 联系电话 0 0..4 | 0352 4 5..9 | 8521234 8 10..17
    ");
    insta::assert_snapshot!(shown("张○○的申请"), @r"
    words: 张 0 0..1 | 的 1 3..4 | 申请 2 4..6
    segments: 张 0 0..1 | 的 1 3..4 | 申请 2 4..6
    ");
    insta::assert_snapshot!(shown("王淼淼"), @r"
    words: 王 0 0..1 | 淼 1 1..2 | 淼 2 2..3
    segments: 王 0 0..1 | 淼 1 1..2 | 淼 2 2..3
    ");
    insta::assert_snapshot!(shown("㈱ＡＢＣ Ⅲ级"), @r"
    words: 株 0 0..1 | abc 1 1..4 | iii 4 5..6 | 级 7 6..7
    segments: 株 0 0..1 | abc 1 1..4 | iii 4 5..6 | 级 7 6..7
    ");
    insta::assert_snapshot!(shown("建设项目环境影响报告表"), @r"
    words: 建设 0 0..2 | 建设项目 0 0..4 | 项目 2 2..4 | 环境 4 4..6 | 环境影响 4 4..8 | 环境影响报告表 4 4..11 | 影响 6 6..8 | 报告 8 8..10
    segments: 建设项目 0 0..4 | 环境影响报告表 4 4..11
    ");
    insta::assert_snapshot!(shown("烟花爆竹零售经营许可證"), @r"
    words: 烟花 0 0..2 | 烟花爆竹 0 0..4 | 烟花爆竹零售 0 0..6 | 烟花爆竹零售经营许可证 0 0..11 | 爆竹 2 2..4 | 零售 4 4..6 | 经营 6 6..8 | 许可 8 8..10 | 许可证 8 8..11
    segments: 烟花爆竹零售经营许可证 0 0..11
    ");
    insta::assert_snapshot!(shown("大同市平城区"), @r"
    words: 大同 0 0..2 | 大同市 0 0..3 | 平城 3 3..5 | 平城区 3 3..6 | 城区 4 4..6
    segments: 大同市 0 0..3 | 平城区 3 3..6
    ");
    insta::assert_snapshot!(shown("卫生和计划生育局"), @r"
    words: 卫生 0 0..2 | 卫生和计划生育 0 0..7 | 卫生和计划生育局 0 0..8 | 计划 3 3..5 | 计划生育 3 3..7 | 计划生育局 3 3..8 | 生育 5 5..7
    segments: 卫生和计划生育局 0 0..8
    ");
    insta::assert_snapshot!(shown("网约车 驾驶员证"), @r"
    words: 网约车 0 0..3 | 网约车驾驶员证 0 0..8 | 车驾 2 2..5 | 驾驶 3 4..6 | 驾驶员 3 4..7
    segments: 网约车驾驶员证 0 0..8
    ");
    insta::assert_snapshot!(shown("GB/T 9704-2012"), @r"
    words: gb 0 0..2 | t 2 3..4 | 9704 3 5..9 | 2012 7 10..14
    segments: gb 0 0..2 | t 2 3..4 | 9704 3 5..9 | 2012 7 10..14
    ");
    insta::assert_snapshot!(shown("……"), @r"
    words: 
    segments:
    ");
}
