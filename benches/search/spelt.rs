//! Names and numbers as people spell them: by sound, and in Chinese numerals.

use juanzong::analysis::readings;

use crate::vocabulary::{BRAND, TRADES};

/// All brands with the same reading as one, followed by the trade.
pub(crate) fn same_reading(brand: [usize; 2], trade: usize) -> Vec<String> {
    pairs(|a, b| BRAND[a].1 == BRAND[brand[0]].1 && BRAND[b].1 == BRAND[brand[1]].1)
        .map(|name| format!("{name}{}", TRADES[trade].0))
        .collect()
}

/// All brands and trades with the same initials.
pub(crate) fn same_initials(brand: [usize; 2], trade: usize) -> Vec<String> {
    let initial = |at: usize| BRAND[at].1.chars().next();
    let of_trade = trade_initials(TRADES[trade].0);
    let brands: Vec<String> =
        pairs(|a, b| initial(a) == initial(brand[0]) && initial(b) == initial(brand[1])).collect();
    let trades = TRADES.iter().filter(|(name, _)| trade_initials(name) == of_trade);
    trades
        .flat_map(|(name, _)| brands.iter().map(move |brand| format!("{brand}{name}")))
        .collect()
}

/// First letters of the reading of a trade.
pub(crate) fn trade_initials(name: &str) -> String {
    let initial = |letter: char| readings(letter).first().and_then(|reading| reading.chars().next());
    name.chars().filter_map(initial).collect()
}

fn pairs(fits: impl Fn(usize, usize) -> bool) -> impl Iterator<Item = String> {
    let all = (0..BRAND.len()).flat_map(|a| (0..BRAND.len()).map(move |b| (a, b)));
    all.filter(move |(a, b)| fits(*a, *b))
        .map(|(a, b)| format!("{}{}", BRAND[a].0, BRAND[b].0))
}

pub(crate) fn digits(number: usize) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    number
        .to_string()
        .chars()
        .map(|c| DIGITS[c.to_digit(10).unwrap() as usize])
        .collect()
}

pub(crate) fn numeral(number: usize) -> String {
    let ones = if number.is_multiple_of(10) {
        String::new()
    } else {
        digits(number % 10)
    };
    match number / 10 {
        0 => ones,
        1 => format!("十{ones}"),
        tens => format!("{}十{ones}", digits(tens)),
    }
}
