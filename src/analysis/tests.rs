//! Phrases with their tokens, and rules of the contract between index and query.

mod phrases;
mod properties;

use std::sync::LazyLock;

use super::*;

/// Building one takes long enough that the tests share it.
pub(super) static ANALYSER: LazyLock<Analyser> = LazyLock::new(|| Analyser::builtin().unwrap());

fn letters(text: &str) -> String {
    ANALYSER.normalise(text).as_string()
}

#[test]
fn writings_of_one_thing_have_the_same_letters() {
    let table: &[(&str, &[&str])] = &[
        (
            "行政许可",
            &["行政許可", "行 政　许\n可", "行政·许可", "\u{FEFF}行政\u{200B}许可"],
        ),
        ("市场监督管理局", &["市場監督管理局", "市塲監督管理局"]),
        ("abc123", &["ＡＢＣ１２３", "a-b.c/1 2 3", "ÀBC①②③", "A\u{300}bc123"]),
        ("面积120m2", &["面积：120㎡", "面積 １２０ m²"]),
        ("零售", &["〇售", "零 售"]),
        ("长民见车龙", &["⻓⺠⻅⻋⻰", "長民見車龍", "⾧民見⾞⿓"]),
        (
            "灵行审许201923号",
            &[
                "灵行审许〔2019〕23号",
                "灵行审许[2019]23号",
                "靈行審許（２０１９）２３號",
                "灵行审许201923号",
                "灵行审许【二〇一九】23号",
            ],
        ),
        (
            "2019年3月5日",
            &[
                "2019年03月05日",
                "2019-03-05",
                "2019.3.5",
                "2019/3/5",
                "２０１９．０３．０５",
                "2019 年 3 月 5 日",
                "二〇一九年三月五日",
                "二○一九年三月五日",
                "二 ○ 一 九 年 三 月 五 日",
                "二0一九年三月五日",
                "二零一九年三月五号",
                "贰零壹玖年叁月伍日",
                "貳零壹玖年零參月零伍日",
                "2O19年3月5曰",
            ],
        ),
        ("2020年12月31日", &["二〇二〇年十二月三十一日", "2020.12.31"]),
        ("2020年10月20日", &["二〇二〇年十月二十日"]),
        ("2019年3月", &["二〇一九年三月", "2019年03月", "二〇一九年零三月"]),
        ("3月5日", &["三月五日", "03月05日"]),
        (
            "有效期至2024年5月6日止",
            &["有效期至2024-05-06止", "有效期至二〇二四年五月六日止"],
        ),
    ];
    for (expected, writings) in table {
        let expected = &letters(expected);
        for writing in *writings {
            assert_eq!(letters(writing), *expected, "{writing}");
        }
    }
}

#[test]
fn numerals_of_ordinary_words_stay() {
    for text in [
        "一般程序",
        "三聚氰胺",
        "第二十八条",
        "统一日期",
        "同一年度",
        "五年",
        "二十日内",
        "六个月内",
        "三月",
        "五日",
        "一二三四",
        "一万二零一九",
        "十三月五日",
        "三月三十二日",
        "零售业",
        "两月五日",
        "12019年三月",
        "二〇一九十月",
    ] {
        assert_eq!(letters(text), text.replace('〇', "零"), "{text}");
    }
}

#[test]
fn circles_are_zeros_in_numbers_only() {
    for (text, expected) in [
        ("二○○九年", "2009年"),
        ("二◯一○年", "2010年"),
        ("○是 ○否", "是否"),
        ("张○○", "张"),
        ("选项一 ○是", "选项一是"),
        ("第一○一条", "第一零一条"),
    ] {
        assert_eq!(letters(text), expected, "{text}");
    }
}

#[test]
fn spans_lead_back_to_the_original() {
    let spans = |text: &str| -> Vec<(char, u32, u32)> {
        let normalised = ANALYSER.normalise(text);
        normalised.letters().iter().map(|l| (l.ch, l.from, l.to)).collect()
    };
    assert_eq!(spans("（１㎡）"), [('1', 1, 2), ('m', 2, 3), ('2', 2, 3)]);
    assert_eq!(
        spans("于2019-03-05"),
        [
            ('于', 0, 1),
            ('2', 1, 2),
            ('0', 2, 3),
            ('1', 3, 4),
            ('9', 4, 5),
            ('年', 5, 6),
            ('3', 6, 8),
            ('月', 8, 9),
            ('5', 9, 11),
            ('日', 9, 11),
        ]
    );
    assert_eq!(
        spans("十二月 十日"),
        [
            ('1', 0, 1),
            ('2', 1, 2),
            ('月', 2, 3),
            ('1', 4, 5),
            ('0', 4, 5),
            ('日', 5, 6)
        ]
    );
    // 日 once took the span of the whole day, so that spans went back behind its last digit.
    assert_eq!(spans("2020-10-12")[8..], [('1', 8, 9), ('2', 9, 10), ('日', 9, 10)]);
    assert_eq!(spans("。 ！"), []);
}

#[test]
fn breaks_remember_the_strongest_separator() {
    let text = ANALYSER.normalise("申请 人，张\u{200B}三。\n地|址");
    let breaks: Vec<Break> = (0..text.len()).map(|index| text.break_before(index)).collect();
    use Break::*;
    assert_eq!(breaks, [None, None, Space, Punctuation, None, Sentence, Space]);
    assert_eq!(text.break_before(99), None);
}

#[test]
fn marked_letters_make_the_same_tokens() {
    for text in [
        "",
        "准予许可。灵丘县\n食品 经营、2019-03-05 a1\u{10ffff}乙",
        "○○〔2019〕23号",
    ] {
        let letters = ANALYSER.normalise(text);
        let read = NormalisedText::from_marked(&letters.marked());
        assert_eq!(read.as_string(), letters.as_string());
        assert_eq!(ANALYSER.word_spans(&read), ANALYSER.word_spans(&letters), "{text}");
        assert_eq!(ANALYSER.gram_spans(&read), ANALYSER.gram_spans(&letters), "{text}");
        let breaks = |text: &NormalisedText| (0..text.len()).map(|at| text.break_before(at)).collect::<Vec<_>>();
        assert_eq!(breaks(&read), breaks(&letters), "{text}");
    }
}

#[test]
fn find_all_gives_places_in_the_original() {
    let find = |page: &str, needle: &str| -> Vec<(u32, u32)> {
        let found = ANALYSER.normalise(page).find_all(&ANALYSER.normalise(needle));
        found.into_iter().map(|range| (range.start, range.end)).collect()
    };
    let page = "准予 行政\n许可。行政許可决定（２０１９－０３－０５）";
    assert_eq!(find(page, "行政许可"), [(3, 8), (9, 13)]);
    assert_eq!(find(page, "2019年3月5日"), [(16, 26)]);
    assert_eq!(find(page, "政"), [(4, 5), (10, 11)]);
    assert_eq!(
        find(page, "可行"),
        [(7, 10)],
        "letters are neighbours across punctuation"
    );
    assert_eq!(find(page, "许可证"), []);
    assert_eq!(find(page, "。"), [], "nothing but punctuation is nowhere");
    assert_eq!(find("哈哈哈", "哈哈"), [(0, 2)], "not overlapping");
}

#[test]
fn a_longer_term_does_not_hide_the_terms_inside() {
    // A word list with 行政许可决定书 once made documents lose the token 行政许可, because jieba's search mode emits
    // only inner words of two and three characters.
    let words: Vec<String> = ANALYSER
        .words(&ANALYSER.normalise("准予行政许可决定书"))
        .into_iter()
        .map(|token| token.text)
        .collect();
    for expected in [
        "准予行政许可决定书",
        "准予行政许可",
        "行政许可",
        "行政许可决定书",
        "许可",
        "决定书",
    ] {
        assert!(words.iter().any(|word| word == expected), "{expected} in {words:?}");
    }
}

#[test]
fn words_cross_line_ends_but_not_punctuation() {
    let words = |text: &str| -> Vec<String> {
        let tokens = ANALYSER.words(&ANALYSER.normalise(text));
        tokens.into_iter().map(|token| token.text).collect()
    };
    assert!(words("行政\n许可").contains(&"行政许可".to_owned()));
    assert!(words("行政 | 许可").contains(&"行政许可".to_owned()));
    for text in ["行政。许可", "行政，许可", "行政（许可）", "行政；许可"] {
        assert_eq!(words(text), ["行政", "许可"], "{text}");
    }
    assert_eq!(words("0123-XK·2019-D30"), ["0123", "xk", "2019", "d30"]);
    assert_eq!(words("〔2019〕23号"), ["2019", "23", "号"]);
    assert_eq!(words("MA0 H3"), ["ma0", "h3"]);
}

#[test]
fn endless_runs_become_words_of_bounded_length() {
    let text = ANALYSER.normalise(&"7".repeat(1_000));
    let words = ANALYSER.words(&text);
    assert!(words.iter().all(|token| token.length <= 64));
    assert_eq!(words.iter().map(|token| token.length).sum::<u32>(), 1_000);
}

#[test]
fn the_fingerprint_depends_on_what_makes_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let builtin = Analyser::load(folder.path()).unwrap();
    assert_eq!(builtin.fingerprint(), ANALYSER.fingerprint());
    assert_eq!(builtin.fingerprint().len(), 64);
    std::fs::write(folder.path().join("words.tsv"), "特许经营权\t500\n").unwrap();
    let edited = Analyser::load(folder.path()).unwrap();
    assert_ne!(edited.fingerprint(), ANALYSER.fingerprint());
    assert_eq!(edited.dictionaries().words.len(), 1);
    std::fs::remove_file(folder.path().join("words.tsv")).unwrap();
    std::fs::write(folder.path().join("synonyms.tsv"), "灶房\t伙房\n").unwrap();
    let edited = Analyser::extended(folder.path()).unwrap();
    assert_eq!(edited.fingerprint(), ANALYSER.fingerprint());
    assert_eq!(edited.thesaurus().synonyms("灶房"), Some("灶房"));
    let kept = ANALYSER.with_tables_of(&edited);
    assert_eq!(kept.thesaurus().synonyms("伙房"), Some("伙房"));
}

#[test]
fn the_fingerprint_names_the_releases_that_are_built_in() {
    let lock = include_str!("../../Cargo.lock");
    let release = format!("name = \"jieba-rs\"\nversion = \"{JIEBA_VERSION}\"");
    assert!(
        lock.contains(&release),
        "JIEBA_VERSION must follow Cargo.lock, or indexes keep tokens of the old dictionary"
    );
    let release = format!("name = \"pinyin\"\nversion = \"{PINYIN_VERSION}\"");
    assert!(lock.contains(&release), "PINYIN_VERSION must follow Cargo.lock");
}

#[test]
fn every_dictionary_term_is_a_word() {
    let dictionaries = ANALYSER.dictionaries();
    let agencies = dictionaries.agencies.iter().map(|agency| agency.name.as_str());
    let regions = dictionaries.regions.iter().map(|region| region.name.as_str());
    let words = dictionaries.words.iter().map(|(term, _)| term);
    for term in agencies.chain(regions).chain(words) {
        let text = ANALYSER.normalise(term);
        let count = u32::try_from(text.len()).unwrap();
        let whole = |token: &Token| token.position == 0 && token.length == count;
        assert!(ANALYSER.words(&text).iter().any(whole), "{term}");
    }
}

#[test]
fn confusions_are_normalised_letters() {
    // Others could never be met in a query or a page.
    for (printed, confusion) in ANALYSER.dictionaries().confusions.iter() {
        for c in [printed, confusion.read] {
            assert_eq!(letters(&c.to_string()), c.to_string());
        }
    }
}
