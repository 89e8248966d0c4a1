//! Headers, footers and page numbers.

use juanzong::record::{LineRole, TextLine};

/// Share of the page's height, at the top and at the bottom, in which its number stands.
const NUMBER: f32 = 0.1;
/// Share of the page's height in which headers and footers stand: less than the margin of a letter.
const MARGIN: f32 = 0.055;
/// Between a header or footer and the text lies a space of so many of its heights.
const SPACE: f32 = 1.5;

/// Sets the roles of the lines in the margins; lines of tables keep theirs.
pub(super) fn mark(lines: &mut [TextLine], page_height: u32) {
    #[allow(clippy::cast_precision_loss)] // pixels
    let height = page_height as f32;
    let mut heights: Vec<u32> = lines.iter().map(|line| line.area.height()).collect();
    heights.sort_unstable();
    let Some(usual) = heights.get(heights.len() / 2).copied() else {
        return;
    };
    let areas: Vec<_> = lines.iter().map(|line| line.area).collect();
    for (index, line) in lines.iter_mut().enumerate() {
        if !line.role.is_body() {
            continue;
        }
        let own = areas[index];
        // The space to the nearest line on the side of the text, and whether there is any on the other side.
        let others = || areas.iter().enumerate().filter(move |(other, _)| *other != index);
        let below = others().map(|(_, a)| a.y0).filter(|y| *y >= own.y1).min();
        let above = others().map(|(_, a)| a.y1).filter(|y| *y <= own.y0).max();
        #[allow(clippy::cast_precision_loss)] // pixels
        let apart = |space: u32| space as f32 >= own.height() as f32 * SPACE;
        #[allow(clippy::cast_precision_loss)] // pixels
        let (from_top, from_bottom) = (own.y1 as f32, height - own.y0 as f32);
        let outermost_top = above.is_none();
        let outermost_bottom = below.is_none();
        let small = own.height() * 5 <= usual * 6;
        if is_page_number(&line.text)
            && ((outermost_top && from_top <= height * NUMBER) || (outermost_bottom && from_bottom <= height * NUMBER))
        {
            line.role = LineRole::PageNumber;
        } else if small && outermost_top && from_top <= height * MARGIN && below.is_some_and(|y| apart(y - own.y1)) {
            line.role = LineRole::Header;
        } else if small
            && outermost_bottom
            && from_bottom <= height * MARGIN
            && above.is_some_and(|y| apart(own.y0 - y))
        {
            line.role = LineRole::Footer;
        }
    }
}

/// `1`, `- 1 -`, `第1页`, `第 1 页 共 3 页`, `1/3`, `第一页`.
fn is_page_number(text: &str) -> bool {
    const DIGITS: usize = 4;
    let (mut digits, mut runs, mut in_number, mut named) = (0, 0, false, false);
    for c in text.chars() {
        let digit = c.is_ascii_digit() || ('０'..='９').contains(&c) || "〇一二三四五六七八九十百".contains(c);
        if digit {
            runs += usize::from(!in_number);
            digits = if in_number { digits + 1 } else { 1 };
            if digits > DIGITS {
                return false;
            }
        } else if "第页共/／".contains(c) {
            named = true;
        } else if !(c.is_whitespace() || "-—–－─·•.~,，()（）".contains(c)) {
            return false;
        }
        in_number = digit;
    }
    let han = text.chars().any(|c| "〇一二三四五六七八九十百".contains(c));
    match runs {
        1 => named || !han,
        2 => named,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use juanzong::record::PixelBox;

    use super::*;

    #[test]
    fn numbers_of_pages_and_other_numbers() {
        for text in [
            "1",
            "- 12 -",
            "—3—",
            "第1页",
            "第 1 页 共 3 页",
            "第3页，共12页",
            "1/3",
            "第十二页",
            "·7·",
            "（5）",
        ] {
            assert!(is_page_number(text), "{text}");
        }
        for text in [
            "", "-", "2019年", "1 2", "一", "20190444", "第1章", "共页", "3.5.2019", "1/2/3",
        ] {
            assert!(!is_page_number(text), "{text}");
        }
    }

    fn line(text: &str, y: u32) -> TextLine {
        TextLine {
            text: text.into(),
            area: PixelBox::from([100, y, 300, y + 40]),
            ..TextLine::default()
        }
    }

    #[test]
    fn only_the_margins_have_roles() {
        let mut lines = vec![
            line("行政审批档案", 60),
            line("标题", 300),
            line("正文", 360),
            line("12", 420),
            line("- 1 -", 3300),
        ];
        mark(&mut lines, 3508);
        let roles: Vec<LineRole> = lines.iter().map(|line| line.role).collect();
        assert_eq!(
            roles,
            [
                LineRole::Header,
                LineRole::Body,
                LineRole::Body,
                LineRole::Body,
                LineRole::PageNumber
            ]
        );
    }

    #[test]
    fn a_page_of_one_line_has_no_footer() {
        let mut lines = vec![line("全文完", 3400)];
        mark(&mut lines, 3508);
        assert_eq!(lines[0].role, LineRole::Body);
    }
}
