//! A second look at dates under seals whose ink is as dark as the print (decision 0116).

use juanzong::record::{PixelBox, chinese_digit};

use crate::ocr::{FoundLines, LineReader, LineRequest, RawLine, RawSymbol, RecogniseError};
use crate::prepare::CleanPage;
use crate::prepare::seals::uncover;

/// What a new reading says of a date must be this much more in sum: nearly one character that is read surely.
const MORE: f32 = 0.8;
/// Characters of dates of which a line must have some to be taken for what is left of one.
const SIGNS: usize = 2;
/// Most other characters of such a line.
const STRAYS: usize = 4;
/// Room at both ends of the row, in heights of the line.
const ROOM: u32 = 1;

/// Reads what is left of dates that cross a black seal once more, without its rim and star and over the whole width of the
/// seal, and takes what says more. The name of the agency above stands elsewhere on the page; the date stands only here.
pub(super) fn read_again(
    lines: &mut Vec<RawLine>,
    (clean, found): (&CleanPage, &FoundLines),
    reader: &mut dyn LineReader,
) -> Result<(), RecogniseError> {
    let Some(to_canvas) = found.to_page.inverse() else {
        return Ok(());
    };
    let covering = clean.seals.iter().zip(&clean.faded).filter(|(_, faded)| !**faded);
    for (seal, _) in covering {
        let seal = seal.reduced(clean.scale);
        let on_canvas = to_canvas.apply_to_box(seal.area, found.canvas);
        let rows: Vec<PixelBox> = lines
            .iter()
            .filter(|line| line.area.overlaps(on_canvas) && is_left_of_date(line))
            .map(|line| row(line.area, on_canvas, found.canvas))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let Some(page) = uncover(&clean.gray, &seal) else {
            continue;
        };
        for area in rows {
            let request = LineRequest {
                page: &page,
                to_page: found.to_page,
                area,
            };
            if let Some(read) = reader.read_line(&request)? {
                replace(lines, read);
            }
        }
    }
    Ok(())
}

/// The row of a line from one side of a seal to the other.
fn row(line: PixelBox, seal: PixelBox, (width, _): (u32, u32)) -> PixelBox {
    let room = line.height() * ROOM;
    PixelBox {
        x0: line.x0.min(seal.x0).saturating_sub(room),
        x1: (line.x1.max(seal.x1) + room).min(width),
        ..line
    }
}

/// Puts a reading in the place of those of the same row, when it says more of a date than all of them together.
fn replace(lines: &mut Vec<RawLine>, read: RawLine) {
    let (same, mut other): (Vec<RawLine>, Vec<RawLine>) = std::mem::take(lines)
        .into_iter()
        .partition(|line| is_same_row(line.area, read.area));
    let before: f32 = same.iter().map(of_date).sum();
    // A name beside the date would be lost.
    let only_date = same.iter().all(|line| strays(line) <= STRAYS);
    if only_date && strays(&read) <= STRAYS && of_date(&read) > before + MORE {
        other.push(read);
    } else {
        other.extend(same);
    }
    *lines = other;
}

fn is_left_of_date(line: &RawLine) -> bool {
    line.symbols().filter(|symbol| is_of_date(symbol)).count() >= SIGNS && strays(line) <= STRAYS
}

/// How much a line says of a date: the confidences of its characters of dates.
fn of_date(line: &RawLine) -> f32 {
    line.symbols().filter(|s| is_of_date(s)).map(|s| s.confidence).sum()
}

fn strays(line: &RawLine) -> usize {
    line.symbols().filter(|symbol| !is_of_date(symbol)).count()
}

fn is_of_date(symbol: &RawSymbol) -> bool {
    let one =
        |c: char| c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '十' | '○') || chinese_digit(c).is_some();
    symbol.text.chars().all(one)
}

/// Whether two boxes share more than half of the height of the lower one, and some of their width.
fn is_same_row(a: PixelBox, b: PixelBox) -> bool {
    let common = a.y1.min(b.y1).saturating_sub(a.y0.max(b.y0));
    a.overlaps(b) && common * 2 > a.height().min(b.height())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::RawWord;

    fn line(area: [u32; 4], text: &str, confidence: f32) -> RawLine {
        let symbols = text.chars().map(|c| RawSymbol {
            text: c.to_string(),
            confidence,
            ..RawSymbol::default()
        });
        RawLine {
            words: vec![RawWord {
                symbols: symbols.collect(),
            }],
            area: PixelBox::from(area),
        }
    }

    fn texts(lines: &[RawLine]) -> Vec<String> {
        let mut texts: Vec<String> = lines.iter().map(RawLine::text).collect();
        texts.sort();
        texts
    }

    #[test]
    fn what_says_more_of_a_date_takes_the_place_of_all_pieces() {
        let before = || {
            vec![
                line([0, 0, 300, 30], "灵丘县教育局", 0.9),
                line([10, 40, 90, 70], "20", 0.9),
                line([150, 42, 300, 72], "月8日", 0.4),
            ]
        };
        let mut lines = before();
        replace(&mut lines, line([8, 41, 300, 71], "丘2019年月8日局", 0.9));
        assert_eq!(texts(&lines), ["丘2019年月8日局", "灵丘县教育局"]);
        for (text, confidence) in [
            ("2019年", 0.5),
            ("2019年8日", 0.3),
            ("教育局章", 0.99),
            ("灵丘县教育局2019年月8日", 0.9),
        ] {
            let mut lines = before();
            replace(&mut lines, line([8, 41, 300, 71], text, confidence));
            assert_eq!(texts(&lines), texts(&before()), "{text}");
        }
    }

    #[test]
    fn a_date_beside_a_name_is_left_alone() {
        let before = vec![line([0, 0, 300, 30], "灵丘县教育局201年8日", 0.9)];
        let mut lines = before.clone();
        replace(&mut lines, line([0, 0, 300, 30], "2019年5月8日", 0.95));
        assert_eq!(lines, before);
        assert!(!is_left_of_date(&before[0]));
        assert!(is_left_of_date(&line([0, 0, 9, 9], "澄22年1", 0.9)));
    }

    #[test]
    fn a_row_reaches_over_the_seal_and_not_beyond_the_page() {
        let line = PixelBox::from([500, 100, 700, 130]);
        let seal = PixelBox::from([450, 0, 900, 450]);
        assert_eq!(row(line, seal, (910, 2000)), PixelBox::from([420, 100, 910, 130]));
    }
}
