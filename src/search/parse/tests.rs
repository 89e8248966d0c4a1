//! Tests of the grammar.

use proptest::prelude::*;

use super::*;

/// The tree in one line: `&`, `|`, `!`, fields by their Chinese names, phrases in quotes.
fn show(syntax: &Syntax) -> String {
    let list = |parts: &[Syntax], sign: &str| {
        let parts: Vec<String> = parts.iter().map(show).collect();
        format!("({})", parts.join(sign))
    };
    match syntax {
        Syntax::All(parts) => list(parts, "&"),
        Syntax::Any(parts) => list(parts, "|"),
        Syntax::Not(part) => format!("!{}", show(part)),
        Syntax::Word { field, text, quoted } => {
            let field = field.map_or(String::new(), |field| format!("{}:", field.label_zh()));
            let quote = if *quoted { "\"" } else { "" };
            format!("{field}{quote}{text}{quote}")
        }
    }
}

fn read(query: &str) -> String {
    parse(query).unwrap().root.as_ref().map(show).unwrap_or_default()
}

#[test]
fn the_grammar() {
    for (query, tree) in [
        ("", ""),
        ("  　", ""),
        ("食品", "食品"),
        ("食品 经营　许可", "(食品&经营&许可)"),
        ("\"食品 经营\"", "\"食品 经营\""),
        ("“食品经营”许可", "(\"食品经营\"&许可)"),
        ("「食品」", "\"食品\""),
        ("“食品\"", "\"食品\""),
        ("食品 -注销", "(食品&!注销)"),
        ("食品 －注销", "(食品&!注销)"),
        ("-\"食品\" -机关:甲", "(!\"食品\"&!机关:甲)"),
        ("a-b", "a-b"),
        ("甲 OR 乙", "(甲|乙)"),
        ("甲 或 乙|丙｜丁", "(甲|乙|丙|丁)"),
        ("甲 乙 OR 丙 丁", "(甲&(乙|丙)&丁)"),
        ("甲或乙", "甲或乙"),
        ("(甲 乙) OR 丙", "((甲&乙)|丙)"),
        ("（甲 （乙 OR 丙）） 丁", "((甲&(乙|丙))&丁)"),
        ("-(甲 乙)", "!(甲&乙)"),
        ("() 甲 （）", "甲"),
        ("文号:灵食许〔2019〕444号", "文号:灵食许〔2019〕444号"),
        ("Document_Number：x 申请人： 张", "(文号:x&申请人:张)"),
        ("机关:\"灵丘 县\"", "机关:\"灵丘 县\""),
        ("机关:(甲 OR -乙) 丙", "((机关:甲|!机关:乙)&丙)"),
        ("年度:2015..2020", "年度:2015..2020"),
        ("时间10:30", "时间10:30"),
        ("disclosure:公开", "disclosure:公开"),
        ("灵食许(2019)444号", "灵食许(2019)444号"),
        ("(2019)444号 甲", "((2019)444号&甲)"),
        ("（2019）灵食许", "（2019）灵食许"),
        ("(2019) 甲", "(2019&甲)"),
        ("甲(乙 丙)", "(甲&(乙&丙))"),
        ("甲（乙）丙", "甲（乙）丙"),
    ] {
        assert_eq!(read(query), tree, "{query}");
        assert_eq!(parse(query).unwrap().notes, BTreeSet::new(), "{query}");
    }
}

#[test]
fn what_does_not_fit_is_text() {
    for (query, tree, note) in [
        ("或", "或", Note::LonelyOr),
        ("OR 甲", "(OR&甲)", Note::LonelyOr),
        ("甲 OR", "(甲&OR)", Note::LonelyOr),
        ("甲 或 或 乙", "((甲|或)&乙)", Note::LonelyOr),
        ("|甲||乙|", "(甲|乙)", Note::LonelyOr),
        ("\"甲 乙", "(甲&乙)", Note::UnclosedQuote),
        ("甲) 乙", "(甲&乙)", Note::UnmatchedParenthesis),
        ("(甲 乙", "(甲&乙)", Note::UnmatchedParenthesis),
        ("机关:", "机关", Note::LonelyField),
        ("机关: 申请人:张", "(机关&申请人:张)", Note::LonelyField),
        ("机关: OR 甲", "(机关|甲)", Note::LonelyField),
        ("甲 -", "甲", Note::LonelyExclusion),
        ("甲 - 乙", "(甲&乙)", Note::LonelyExclusion),
    ] {
        assert_eq!(read(query), tree, "{query}");
        assert_eq!(parse(query).unwrap().notes, BTreeSet::from([note]), "{query}");
    }
}

#[test]
fn limits_are_errors() {
    let code = |query: &str| parse(query).map_err(|e| e.code());
    assert_eq!(code(&"(".repeat(5_000)), Err("query_too_long"));
    assert_eq!(code(&"(".repeat(250)), Err("query_too_deep"));
    assert_eq!(
        code(&format!("{}甲{}", "(".repeat(5), ")".repeat(5))),
        Err("query_too_deep")
    );
    assert!(code(&format!("{}甲{}", "(".repeat(4), ")".repeat(4))).is_ok());
    assert_eq!(code(&"甲 ".repeat(33)), Err("query_too_complex"));
    assert!(code(&"甲 ".repeat(32)).is_ok());
    assert_eq!(code(&"甲".repeat(257)), Err("query_too_long"));
    assert!(code(&"甲".repeat(256)).is_ok());
}

/// Words, signs and names in any order: what a careless or hostile user types.
fn pieces() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "(",
        ")",
        "（",
        "）",
        "\"",
        "“",
        "”",
        "「",
        "-",
        "－",
        "|",
        "OR",
        "或",
        ":",
        "：",
        " ",
        "　",
        "甲",
        "乙丙",
        "2019",
        "〔2019〕",
        "444号",
        "..",
        "\n",
        "\u{0}",
        "𠮷",
        "é",
    ]);
    let names = prop::sample::select(QueryField::NAMES).prop_map(|name| format!("{name}:"));
    let piece = prop_oneof![4 => fixed.prop_map(str::to_owned), 1 => names];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn depth(syntax: &Syntax) -> usize {
    match syntax {
        Syntax::All(parts) | Syntax::Any(parts) => 1 + parts.iter().map(depth).max().unwrap_or(0),
        Syntax::Not(part) => 1 + depth(part),
        Syntax::Word { .. } => 1,
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(query in "\\PC{0,300}") {
        let _ = parse(&query);
    }

    #[test]
    fn any_signs_are_survived_and_the_tree_stays_shallow(query in pieces()) {
        if let Ok(parsed) = parse(&query) {
            // Each level of parentheses gives at most one AND, one OR and one NOT.
            prop_assert!(parsed.root.as_ref().map_or(0, depth) <= 3 * (limits::DEPTH + 1) + 1);
        }
    }

    #[test]
    fn no_letter_gets_lost(words in prop::collection::vec("[甲-龟]{1,5}", 1..10)) {
        let query = words.join(" ");
        let shown = read(&query).replace(['(', ')'], "").replace('&', " ");
        prop_assert_eq!(shown, query);
    }
}
