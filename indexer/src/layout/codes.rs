//! Letters read in place of digits in numbers with a check character (`91371327MAYFWC0J5R` read with `O` for `0`).
//!
//! A credit code holds no I, O, S, V and Z (GB 32100-2015), an identity number no letter but its last, so that such a letter
//! is a misread digit. The check character has to bear it out.

use juanzong::record::{CreditCode, IdNumber};

use crate::ocr::{RawLine, RawSymbol};

/// Characters of either number.
const LENGTH: usize = 18;
/// More letters than this in place of digits are no slip.
const MOST: usize = 3;

/// Sets the digits of the numbers in a line.
pub(super) fn with_digits(line: &mut RawLine) {
    let mut symbols: Vec<&mut RawSymbol> = line.words.iter_mut().flat_map(|word| &mut word.symbols).collect();
    for run in symbols.chunk_by_mut(|a, b| is_plain(a) && is_plain(b)) {
        if run.len() != LENGTH || !run.iter().all(|symbol| is_plain(symbol)) {
            continue;
        }
        let read: String = run.iter().map(|symbol| symbol.text.as_str()).collect();
        let meant: String = read.chars().map(digit_for).collect();
        let is_valid = |text: &str| CreditCode::parse(text).is_some() || IdNumber::parse(text).is_some();
        let differ = read.chars().zip(meant.chars()).filter(|(a, b)| a != b).count();
        if !(1..=MOST).contains(&differ) || is_valid(&read) || !is_valid(&meant) {
            continue;
        }
        for (symbol, c) in run.iter_mut().zip(meant.chars()) {
            symbol.text = c.to_string();
        }
    }
}

fn is_plain(symbol: &RawSymbol) -> bool {
    symbol.text.len() == 1 && symbol.text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn digit_for(c: char) -> char {
    match c {
        'O' | 'o' => '0',
        'I' | 'l' => '1',
        'Z' | 'z' => '2',
        'S' | 's' => '5',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::line;
    use super::*;

    fn read(text: &str) -> String {
        let mut line = line(0, 0, text);
        with_digits(&mut line);
        line.text()
    }

    #[test]
    fn letters_that_cannot_stand_in_a_number_become_digits_when_the_check_character_agrees() {
        let head = "91371327MAYFWC0J5";
        let code: String = head.chars().chain(CreditCode::check_character(head)).collect();
        assert_eq!(read(&code.replace("C0J", "COJ")), code);
        assert_eq!(
            read(&format!("代码：{}（副本）", code.replace('0', "O"))),
            format!("代码：{code}（副本）")
        );
        let head = "37132719850712001";
        let number: String = head.chars().chain(IdNumber::check_character(head)).collect();
        assert_eq!(read(&number.replace("2001", "2OO1")), number);
    }

    #[test]
    fn other_text_stays() {
        for text in [
            "OOOOOOOOOOOOOOOOOO",
            "91371327MAYFWCOJ5A",
            "ISO9001",
            "型号SZ-20O1",
            "JY23713290012345",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
