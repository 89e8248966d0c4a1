//! Chinese numerals as they stand in dates and numbers on paper.

/// The value of one Chinese numeral character: everyday (一), formal (壹) and the many zeros (〇 ○ 零).
pub fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '○' | '零' | '◯' | '０' => 0,
        '一' | '壹' | '弌' => 1,
        '二' | '贰' | '貳' | '两' => 2,
        '三' | '叁' | '參' | '叄' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The value of one decimal digit, half or full width.
pub fn decimal_digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// Reads a whole Chinese number from 0 to 9999: digit by digit (`二〇一九` = 2019) or with units
/// (`二十三` = 23, `一百零五` = 105, `拾贰` = 12). `None` for anything else.
pub fn parse_chinese_number(text: &str) -> Option<u32> {
    let count = text.chars().count();
    if count == 0 || count > 8 {
        return None;
    }
    if count <= 4 && text.chars().all(|c| chinese_digit(c).is_some()) {
        return text
            .chars()
            .try_fold(0, |value, c| Some(value * 10 + chinese_digit(c)?));
    }
    let mut total = 0;
    let mut digit = None;
    let mut last_unit = u32::MAX;
    for c in text.chars() {
        let unit = match c {
            '十' | '拾' => 10,
            '百' | '佰' => 100,
            '千' | '仟' => 1000,
            _ => {
                let value = chinese_digit(c)?;
                if digit.is_some_and(|d| d != 0) {
                    return None;
                }
                digit = Some(value);
                continue;
            }
        };
        // `十` alone means one ten; other units need their digit.
        let factor = match digit.take() {
            Some(d) if d > 0 => d,
            _ if unit == 10 => 1,
            _ => return None,
        };
        if unit >= last_unit {
            return None;
        }
        last_unit = unit;
        total += factor * unit;
    }
    Some(total + digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_both_styles() {
        for (text, value) in [
            ("〇", Some(0)),
            ("七", Some(7)),
            ("十", Some(10)),
            ("十二", Some(12)),
            ("二十", Some(20)),
            ("三十一", Some(31)),
            ("一百零五", Some(105)),
            ("二〇一九", Some(2019)),
            ("贰零壹玖", Some(2019)),
            ("拾贰", Some(12)),
            ("一千二百三十四", Some(1234)),
            ("十百", None),
            ("一二十", None),
            ("年", None),
            ("", None),
        ] {
            assert_eq!(parse_chinese_number(text), value, "{text}");
        }
    }
}
