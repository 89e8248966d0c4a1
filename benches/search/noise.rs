//! The noise channel: what a poor recogniser makes of a text.
//!
//! Of the letters that go wrong, about 70 of 100 become another letter (one that looks alike where such is known, of
//! the dictionary or of the list below, else any), 15 are lost, 15 come with a stray letter. The list is not in the
//! dictionary of the program, so that what is measured is not only what it knows.

use std::collections::HashMap;

use juanzong::analysis::dictionary::Dictionaries;

use crate::random::Random;

/// Letters that look alike, one group each, beyond the dictionary of confusions.
const ALIKE: &[&str] = &[
    "营菅莹",
    "经轻劲",
    "公分么",
    "司同可",
    "食良",
    "品晶吕",
    "许计汗",
    "决快块",
    "定足走",
    "书节",
    "申中串",
    "请情晴",
    "管官菅",
    "理埋狸",
    "局居屈",
    "市币吊",
    "场杨肠",
    "监临",
    "督替",
    "源原愿",
    "丰半羊",
    "禾木天",
    "餐粲",
    "饮炊软",
    "建健律",
    "设没",
    "项顷",
    "环坏",
    "境竟",
    "保侏",
    "护炉",
    "资贷",
    "格恪",
    "符荷苻",
    "合台含",
    "条杂",
    "件伴什",
    "核孩",
    "查杏",
    "意惫",
    "见贝儿",
    "同间问",
    "限很恨",
    "责贡",
    "任仕",
    "张弘",
    "王主玉",
    "李季孛",
    "刘剑",
    "陈除",
    "赵赴",
    "黄寅",
    "周固同",
];

const DIGITS_ALIKE: &[&str] = &["0o8", "17l", "3853", "27z", "5s6", "6b8", "91g", "4"];

/// Common letters that stray.
const STRAY: &str = "的一人口十中上大工日月水火土木王目白石立田门车马鸟鱼衣食言走足身金雨青非面风飞首香骨高黑龙乙丁";

/// A channel with a rate of wrong letters.
pub(crate) struct Channel {
    rate: f64,
    alike: HashMap<char, Vec<char>>,
    stray: Vec<char>,
}

impl Channel {
    pub(crate) fn new(rate: f64, dictionaries: &Dictionaries) -> Self {
        let mut alike: HashMap<char, Vec<char>> = HashMap::new();
        for (printed, confusion) in dictionaries.confusions.iter() {
            alike.entry(printed).or_default().push(confusion.read);
        }
        for group in ALIKE.iter().chain(DIGITS_ALIKE) {
            for a in group.chars() {
                alike.entry(a).or_default().extend(group.chars().filter(|b| *b != a));
            }
        }
        alike.values_mut().for_each(|list| {
            list.sort_unstable();
            list.dedup();
        });
        Self {
            rate,
            alike,
            stray: STRAY.chars().collect(),
        }
    }

    pub(crate) fn read(&self, text: &str, random: &mut Random) -> String {
        if self.rate <= 0.0 {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if c == '\n' || !random.chance(self.rate) {
                out.push(c);
                continue;
            }
            match random.below(100) {
                0..70 => out.push(self.substitute(c, random)),
                70..85 => {}
                _ => {
                    out.push(c);
                    out.push(if random.chance(0.3) { '|' } else { self.any(random) });
                }
            }
        }
        out
    }

    fn substitute(&self, c: char, random: &mut Random) -> char {
        if c.is_ascii_digit() && random.chance(0.3) {
            return char::from(b'0' + u8::try_from(random.below(10)).unwrap());
        }
        if !c.is_alphanumeric() {
            return *random.pick(&['，', '。', '、', '·', '一', '《', '〉', ' ']);
        }
        match self.alike.get(&c.to_ascii_lowercase()) {
            Some(list) if random.chance(0.65) => *random.pick(list),
            _ => self.any(random),
        }
    }

    /// Any Han letter: a common one, or one of the basic block.
    fn any(&self, random: &mut Random) -> char {
        if random.chance(0.5) {
            return *random.pick(&self.stray);
        }
        char::from_u32(0x4e00 + u32::try_from(random.below(0x5000)).unwrap()).unwrap_or('一')
    }
}
