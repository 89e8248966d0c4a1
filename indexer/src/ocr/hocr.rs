//! Reads the hOCR that tesseract writes (hOCR 1.2 with `ocrx_cinfo` for each character).
//!
//! Not a general HTML reader: it knows elements, attributes and the five XML entities, and refuses what it
//! does not understand.

use juanzong::record::PixelBox;

use super::{RawLine, RawSymbol, RawWord};

/// Lines of the answer in its order; lines without a character are left out.
pub(super) fn parse(answer: &str) -> Result<Vec<RawLine>, String> {
    let mut lines: Vec<RawLine> = Vec::new();
    let mut symbol: Option<(PixelBox, f32)> = None;
    let mut rest = answer;
    while let Some((before, after)) = rest.split_once('<') {
        if let Some((area, confidence)) = symbol.take() {
            let text = unescape(before)?;
            let text = text.trim();
            if !text.is_empty() {
                let line = lines.last_mut().ok_or("a character outside of a line")?;
                let word = line.words.last_mut().ok_or("a character outside of a word")?;
                word.symbols.push(RawSymbol {
                    text: text.to_owned(),
                    area,
                    confidence,
                    ..RawSymbol::default()
                });
            }
        }
        let (tag, following) = after.split_once('>').ok_or("an element is not closed")?;
        rest = following;
        match attribute(tag, "class") {
            Some("ocr_line" | "ocr_caption" | "ocr_textfloat" | "ocr_header") => lines.push(RawLine {
                words: Vec::new(),
                area: bounds(property(tag, "bbox"))?,
            }),
            Some("ocrx_word") => {
                let line = lines.last_mut().ok_or("a word outside of a line")?;
                line.words.push(RawWord::default());
            }
            Some("ocrx_cinfo") => {
                let confidence = property(tag, "x_conf")
                    .and_then(|v| v.trim().parse::<f32>().ok())
                    .ok_or("a character without confidence")?;
                symbol = Some((bounds(property(tag, "x_bboxes"))?, scaled(confidence)));
            }
            _ => {}
        }
    }
    for line in &mut lines {
        line.words.retain(|word| !word.symbols.is_empty());
    }
    lines.retain(|line| !line.words.is_empty());
    Ok(lines)
}

/// Tesseract's confidence of a character lies between 80 and 100 even where it guesses; this is how it
/// spreads that range itself for words (`100 + 7 × certainty`), from 0 to 1.
fn scaled(confidence: f32) -> f32 {
    ((100.0 - 7.0 * (100.0 - confidence)) / 100.0).clamp(0.0, 1.0)
}

/// The value of an attribute, in single or double quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once('=')?;
        let quote = after.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let (value, following) = after.strip_prefix(quote)?.split_once(quote)?;
        if before.split_whitespace().next_back() == Some(name) {
            return Some(value);
        }
        rest = following;
    }
}

/// A property of the `title` attribute: `bbox 1 2 3 4; x_wconf 90`.
fn property<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    attribute(tag, "title")?.split(';').find_map(|part| {
        let (key, value) = part.trim().split_once(' ')?;
        (key == name).then_some(value)
    })
}

fn bounds(value: Option<&str>) -> Result<PixelBox, String> {
    let value = value.ok_or("an element without a box")?;
    let mut numbers = value.split_whitespace().map(|n| n.parse::<i64>());
    let mut next = || match numbers.next() {
        // The engine gives negative edges at times, for characters at the edge of the page.
        Some(Ok(n)) => u32::try_from(n.max(0)).map_err(|_| format!("box `{value}`")),
        _ => Err(format!("box `{value}`")),
    };
    Ok(PixelBox::from([next()?, next()?, next()?, next()?]))
}

fn unescape(text: &str) -> Result<String, String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        result.push_str(before);
        let (entity, following) = after.split_once(';').ok_or("an entity is not closed")?;
        result.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" | "#39" => '\'',
            // The name of the entity is text of the page: it is not repeated in an error.
            _ => return Err("an unknown entity".to_owned()),
        });
        rest = following;
    }
    result.push_str(rest);
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"<div class='ocr_page' title='image ""; bbox 0 0 100 50; ppageno 0'>
      <span class='ocr_line' id='line_1_1' title="bbox 5 6 70 20; baseline 0 -3; x_size 10">
       <span class='ocrx_word' id='word_1_1' title='bbox 5 6 30 20; x_wconf 96'>
        <span class='ocrx_cinfo' title='x_bboxes 5 6 15 20; x_conf 99.5'>许</span>
        <span class='ocrx_cinfo' title='x_bboxes -2 6 30 20; x_conf 80'>&lt;</span>
       </span>
       <span class='ocrx_word' id='word_1_2' title='bbox 40 6 70 20; x_wconf 0'> </span>
      </span>
      <span class='ocr_line' id='line_1_2' title="bbox 5 30 70 40"></span>
     </div>"#;

    #[test]
    fn characters_with_boxes() {
        let lines = parse(ANSWER).unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].area, PixelBox::from([5, 6, 70, 20]));
        let symbols: Vec<_> = lines[0].symbols().collect();
        assert_eq!(symbols[0].text, "许");
        assert!((symbols[0].confidence - 0.965).abs() < 1e-6);
        assert_eq!((symbols[1].text.as_str(), symbols[1].confidence), ("<", 0.0));
        assert_eq!(symbols[1].area, PixelBox::from([0, 6, 30, 20]));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for broken in [
            "<span class='ocrx_cinfo' title='x_bboxes 1 2 3 4; x_conf 90'>甲</span>",
            "<span class='ocr_line' title='bbox 1 2 3'>",
            "<span class='ocr_line' title='bbox 1 2 3 4'",
            "<span class='ocr_line'>",
        ] {
            assert!(parse(broken).is_err(), "{broken}");
        }
        assert_eq!(parse("").unwrap(), []);
    }
}
