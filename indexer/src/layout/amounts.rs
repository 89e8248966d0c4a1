//! Points read in place of the commas of an amount (`6,918,128.77` read as `6.918.128.77`).
//!
//! On faint and on 1-bit pages the tail of a comma is lost. An amount has one point at most, so of several only the last
//! can be one, and only when it does not stand before a group of three digits itself.

use crate::ocr::RawLine;

/// Sets the commas of the amounts in a line.
pub(super) fn with_commas(line: &mut RawLine) {
    let texts: Vec<String> = line.symbols().map(|symbol| symbol.text.clone()).collect();
    let mut commas = Vec::new();
    let mut from = 0;
    while from < texts.len() {
        let length = texts[from..].iter().take_while(|text| in_number(text)).count();
        commas.extend(commas_of(&texts[from..from + length]).into_iter().map(|at| from + at));
        from += length.max(1);
    }
    for (at, symbol) in line.words.iter_mut().flat_map(|word| &mut word.symbols).enumerate() {
        if commas.contains(&at) {
            ",".clone_into(&mut symbol.text);
        }
    }
}

fn in_number(text: &str) -> bool {
    text.len() == 1
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// Places of the points that must be commas: groups of three digits, at last two digits after a point.
fn commas_of(number: &[String]) -> Vec<usize> {
    let number: String = number.iter().map(String::as_str).collect();
    let groups: Vec<&str> = number.split(['.', ',']).collect();
    let [first, middle @ .., last] = groups.as_slice() else {
        return Vec::new();
    };
    let well_formed = (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && !middle.is_empty()
        && middle.iter().all(|group| group.len() == 3)
        && last.len() == 2;
    if !well_formed {
        return Vec::new();
    }
    let separators: Vec<(usize, char)> = number.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
    let all_but_last = &separators[..separators.len() - 1];
    all_but_last
        .iter()
        .filter(|(_, c)| *c == '.')
        .map(|(at, _)| *at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::line;
    use super::*;

    #[test]
    fn amounts_get_their_commas_and_other_numbers_stay() {
        for (read, is) in [
            ("总投资6.918.128.77元", "总投资6,918,128.77元"),
            ("732.871.41元", "732,871.41元"),
            ("8.211,224.13", "8,211,224.13"),
            ("732,871.41", "732,871.41"),
            ("3663.1平方米", "3663.1平方米"),
            ("192.168.1.10", "192.168.1.10"),
            ("2019.3.5", "2019.3.5"),
            ("0.123.45", "0.123.45"),
            ("1.234.567", "1.234.567"),
        ] {
            let mut line = line(0, 0, read);
            with_commas(&mut line);
            assert_eq!(line.text(), is);
        }
    }
}
