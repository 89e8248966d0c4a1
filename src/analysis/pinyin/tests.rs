use proptest::prelude::*;

use super::super::tests::ANALYSER;
use super::*;

fn letters(text: &str) -> Vec<char> {
    ANALYSER
        .normalise(text)
        .letters()
        .iter()
        .map(|letter| letter.ch)
        .collect()
}

fn found(typed: &str, name: &str) -> bool {
    SoundPattern::new(&ANALYSER.normalise(typed), true)
        .find(&letters(name))
        .is_some()
}

#[test]
fn names_by_pinyin_initials_and_both() {
    for (name, typed) in [
        ("丰源餐饮", "fengyuan"),
        ("丰源餐饮", "FengYuan"),
        ("丰源餐饮", "feng yuan"),
        ("丰源餐饮", "fengy"),
        ("丰源餐饮", "fengyua"),
        ("丰源餐饮", "fycy"),
        ("丰源餐饮", "fengycy"),
        ("丰源餐饮", "fyuancy"),
        ("丰源餐饮", "丰源cy"),
        ("丰源餐饮", "丰ycan"),
        ("丰源餐饮", "ycanyin"),
        ("丰源餐饮", "ｆｙｃｙ"),
        ("豐源餐飲", "fengyuancanyin"),
        ("西安路便利店", "xian"),
        ("西安路便利店", "xal"),
        ("长春药房", "changchun"),
        ("重庆小面", "chongqing"),
        ("行善堂", "xingshan"),
        ("银行", "yinhang"),
        ("吕秀才", "lvxiucai"),
        ("吕秀才", "luxiucai"),
        ("吕秀才", "lxc"),
        ("KTV量贩", "ktvliang"),
        ("甲8号店", "jia8hao"),
        // Surnames with readings of their own.
        ("单小满", "shanxiaoman"),
        ("仇小满", "qiuxiao"),
        ("解小满", "xiexm"),
        ("查小满", "zha"),
        ("区小满", "ou"),
        ("曾小满", "zeng"),
        ("盖小满", "ge"),
        ("朴小满", "piao"),
        ("尉迟小满", "yuchi"),
        ("万俟小满", "moqi"),
        ("能小满", "naixiaoman"),
        ("十里堡商店", "shilipu"),
        ("黑小满", "hexm"),
        ("翟小满", "zhai"),
        ("覃小满", "qin"),
    ] {
        assert!(found(typed, name), "{typed} in {name}");
        // What finds a name among the postings is no narrower than what compares it letter by letter.
        let pattern = SoundPattern::new(&ANALYSER.normalise(typed), true);
        let tokens: BTreeSet<(usize, String)> = sounds(&ANALYSER.normalise(name))
            .into_iter()
            .map(|token| (token.position as usize, token.text))
            .collect();
        for run in pattern.runs().1 {
            let ways = SoundReading::all(&run, true);
            let stands = ways.iter().flat_map(SoundReading::tokens).any(|phrase| {
                (0..20).any(|shift| {
                    phrase
                        .iter()
                        .all(|(at, text)| tokens.contains(&(at + shift, text.clone())))
                })
            });
            assert!(stands || run.len() == 1, "{run} of {typed} in {name}");
        }
    }
    for (name, typed) in [
        ("丰源餐饮", "fenyuan"),
        ("丰源餐饮", "yuanfeng"),
        ("丰源餐饮", "fcy"),
        ("丰源餐饮", "源丰"),
        ("丰源餐饮", "丰源餐饮店"),
        ("方圆超市", "fengyuan"),
        ("丰源餐饮", ""),
        ("", "feng"),
    ] {
        assert!(!found(typed, name), "{typed} in {name}");
    }
}

#[test]
fn a_closed_pattern_wants_whole_sounds() {
    let closed = |typed: &str| SoundPattern::new(&ANALYSER.normalise(typed), false);
    assert!(closed("fengyuan").find(&letters("丰源")).is_some());
    assert!(closed("fengyua").find(&letters("丰源")).is_none());
    assert_eq!(
        closed("yuanc").find(&letters("丰源餐饮")),
        Some(1..3),
        "an initial is whole"
    );
}

#[test]
fn runs_are_read_in_every_way() {
    let ways = |run: &str, open: bool| -> Vec<String> {
        let spell = |way: &SoundReading| -> String {
            let sounds: Vec<String> = way
                .0
                .iter()
                .map(|sound| match sound {
                    Sound::Syllable(text) => text.clone(),
                    Sound::Beginning(text) => format!("{text}…"),
                    Sound::Initial(initial) => initial.to_ascii_uppercase().to_string(),
                })
                .collect();
            sounds.join(" ")
        };
        SoundReading::all(run, open).iter().map(spell).collect()
    };
    assert_eq!(
        ways("xian", false),
        ["xian", "xi an", "X I A N", "xi a N"].map(str::to_owned)[..3]
    );
    assert!(ways("fengy", true).contains(&"feng y…".to_owned()));
    assert!(ways("fengy", true).contains(&"feng Y".to_owned()));
    assert!(ways("fang", true).contains(&"fan g…".to_owned()));
    assert_eq!(ways("scjgj", false), ["S C J G J"]);
    assert_eq!(ways("", true), Vec::<String>::new());
    assert_eq!(ways("ab1", true), Vec::<String>::new());
    assert_eq!(ways(&"a".repeat(200), true), Vec::<String>::new());
}

#[test]
fn homophones_share_a_reading() {
    let found = homophones('丰');
    assert!(found.contains(&'风') && found.contains(&'峰') && !found.contains(&'丰') && !found.contains(&'源'));
    assert_eq!(homophones('a'), Vec::<char>::new());
    for letter in ['丰', '单', '一', 'a'] {
        let named: Vec<char> = ('\u{4E00}'..='\u{9FFF}')
            .filter(|other| are_homophones(letter, *other))
            .collect();
        assert_eq!(named, homophones(letter), "{letter}");
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(typed in "\\PC{0,40}", name in "\\PC{0,40}", open: bool) {
        let pattern = SoundPattern::new(&ANALYSER.normalise(&typed), open);
        let name = letters(&name);
        if let Some(range) = pattern.find(&name) {
            prop_assert!(range.start < range.end && range.end <= name.len());
        }
        for run in pattern.runs().1 {
            let ways = SoundReading::all(&run, open);
            prop_assert!(ways.len() <= 2 * WAYS);
            for way in ways {
                let _ = way.tokens();
            }
        }
    }

    #[test]
    fn ways_are_bounded(run in "[aeiougnx]{0,48}") {
        prop_assert!(SoundReading::all(&run, true).len() <= 2 * WAYS);
    }

    #[test]
    fn a_name_is_found_by_its_own_sounds(name in "[丰源餐饮管理有限公司长重行乐区单]{1,12}", choice in 0_usize..4) {
        let typed: String = name.chars().map(|letter| {
            let readings = readings(letter);
            readings[choice % readings.len()].clone()
        }).collect();
        if typed.len() <= 48 {
            prop_assert!(found(&typed, &name));
        }
    }
}
