//! Characters of the back of the sheet (透印) that were read with a line of the page.
//!
//! What shows through is lighter than print and is read doubtfully, being mirrored. A detector takes it for the end of a line
//! beside it, so that whole lines cannot be told apart; their characters can, by the depth of their ink.

use image::GrayImage;
use juanzong::record::PixelBox;

use crate::ocr::RawLine;
use crate::prepare::{Transform, crop};

/// Characters read less surely than this are doubtful.
const DOUBTFUL: f32 = 0.92;
/// Lines read more surely than this are print, however faint.
const SURE: f32 = 0.95;
/// Ink of less than this share of the usual depth is weak.
const WEAK: f32 = 0.55;
/// So many weak and doubtful characters are evidence that the back shows through.
const EVIDENCE: usize = 8;
/// Longest side of the piece on which the depth of a character is measured, in pixels: fine enough for a comma.
const PIECE: u32 = 96;

/// Han characters that are their own mirror, or nearly: of the back they are read as surely as of the page.
const SYMMETRIC: &str = "一二三六八十大小中山日田目由甲申王主玉干工土士士口回古吉言青春全金合会令今余林森齐非北木本米来末未土\
                         业亚亮平半美羊善共其具尖尘示宗京宝富实空宫官高商常堂当光典内同册用周天夫关美普首兰兴立文交音章童竞丰串圭画贵\
                         电出崇品晶量里重黄黑墨果单革基豆登宜直真早旦昌晨景亘皇皂白百囚因困固国四西要票南两雨蕾苗苔草";

/// Takes the characters of the back out of the lines of a page. `of_the_back` is the number of characters that are known
/// to be of the back already, which makes others more likely.
pub(super) fn without(lines: Vec<RawLine>, of_the_back: usize, page: &GrayImage, to_page: Transform) -> Vec<RawLine> {
    let depths: Vec<Vec<u8>> = lines
        .iter()
        .map(|line| line.symbols().map(|symbol| depth(page, to_page, symbol.area)).collect())
        .collect();
    let sure = lines.iter().zip(&depths).flat_map(|(line, depths)| {
        let symbols = line.symbols().zip(depths);
        symbols
            .filter(|(symbol, _)| symbol.confidence >= SURE)
            .map(|(_, depth)| *depth)
    });
    let Some(usual) = median(sure.collect()) else {
        return lines;
    };
    let is_weak = |depth: u8| f32::from(depth) < WEAK * f32::from(usual);
    let evidence = lines
        .iter()
        .zip(&depths)
        .flat_map(|(line, depths)| line.symbols().zip(depths))
        .filter(|(symbol, depth)| symbol.confidence < DOUBTFUL && is_weak(**depth))
        .count();
    if evidence + of_the_back < EVIDENCE {
        return lines;
    }
    lines
        .into_iter()
        .zip(depths)
        .filter_map(|(mut line, depths)| {
            let count = depths.len().max(1);
            #[allow(clippy::cast_precision_loss)] // characters of a line
            let mean = line.symbols().map(|symbol| symbol.confidence).sum::<f32>() / count as f32;
            if depths.iter().all(|depth| is_weak(*depth)) {
                if line
                    .text()
                    .chars()
                    .all(|c| SYMMETRIC.contains(c) || !c.is_alphanumeric())
                {
                    return None;
                }
                if mean >= SURE {
                    return Some(line);
                }
            }
            let marks: Vec<(bool, bool)> = line
                .symbols()
                .zip(&depths)
                .map(|(symbol, depth)| (is_weak(*depth), symbol.confidence < DOUBTFUL))
                .collect();
            let mut of_the_back = runs_of_the_back(&marks).into_iter();
            for word in &mut line.words {
                word.symbols.retain(|_| !of_the_back.next().unwrap_or(false));
            }
            line.words.retain(|word| !word.symbols.is_empty());
            (!line.words.is_empty()).then_some(line)
        })
        .collect()
}

/// Which characters belong to the back, from whether each is (weak, doubtful): runs of weak ones with a doubtful one among
/// them. A weak character that was read surely is a comma or a thin stroke.
fn runs_of_the_back(marks: &[(bool, bool)]) -> Vec<bool> {
    let mut belongs = Vec::with_capacity(marks.len());
    for run in marks.chunk_by(|a, b| a.0 == b.0) {
        let back = run.iter().any(|(weak, doubtful)| *weak && *doubtful);
        belongs.extend(run.iter().map(|_| back));
    }
    belongs
}

/// How much darker than paper the ink of a character is: of its darkest 200th, so that a comma counts.
fn depth(page: &GrayImage, to_page: Transform, area: PixelBox) -> u8 {
    let piece = crop(page, to_page, area, (area.width().min(PIECE), area.height().min(PIECE)));
    let mut pixels = piece.into_raw();
    pixels.sort_unstable();
    let paper = pixels.last().copied().unwrap_or(255);
    let ink = pixels.get(pixels.len() / 200).copied().unwrap_or(paper);
    paper.saturating_sub(ink)
}

fn median(mut values: Vec<u8>) -> Option<u8> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;
    use crate::ocr::{RawSymbol, RawWord};

    /// A row of 20 characters: the first `print` of them black, the others gray; and the line as it was read.
    fn row(y: u32, print: u32, doubt: f32, page: &mut GrayImage) -> RawLine {
        let mut word = RawWord::default();
        for index in 0..20 {
            let area = PixelBox::from([index * 40, y, index * 40 + 40, y + 40]);
            let (ink, confidence) = if index < print { (30, 0.99) } else { (180, doubt) };
            for (x, y) in (10..30).flat_map(|x| (10..30).map(move |y| (x, y))) {
                page.put_pixel(area.x0 + x, area.y0 + y, Luma([ink]));
            }
            word.symbols.push(RawSymbol {
                text: if index < print { "许" } else { "料" }.to_owned(),
                area,
                confidence,
                ..RawSymbol::default()
            });
        }
        RawLine {
            words: vec![word],
            area: PixelBox::from([0, y, 800, y + 40]),
        }
    }

    fn texts(lines: Vec<RawLine>, page: &GrayImage) -> Vec<usize> {
        let kept = without(lines, 0, page, Transform::IDENTITY);
        kept.iter().map(|line| line.symbols().count()).collect()
    }

    #[test]
    fn the_back_is_taken_off_the_ends_of_lines_and_faint_print_stays() {
        let mut page = GrayImage::from_pixel(800, 300, Luma([240]));
        let lines = vec![
            row(0, 20, 0.9, &mut page),
            row(50, 12, 0.6, &mut page),
            row(100, 0, 0.6, &mut page),
            row(150, 0, 0.99, &mut page),
        ];
        assert_eq!(texts(lines, &page), [20, 12, 20]);
    }

    #[test]
    fn symmetric_characters_of_the_back_are_told_by_the_rest_of_it() {
        let mut page = GrayImage::from_pixel(800, 300, Luma([240]));
        let mut lines = vec![row(0, 20, 0.9, &mut page), row(50, 0, 0.99, &mut page)];
        for symbol in lines[1].words.iter_mut().flat_map(|word| &mut word.symbols) {
            "申".clone_into(&mut symbol.text);
        }
        let kept = |back| without(lines.clone(), back, &page, Transform::IDENTITY).len();
        assert_eq!((kept(0), kept(EVIDENCE)), (2, 1));
    }

    #[test]
    fn a_few_doubtful_marks_are_no_evidence() {
        let mut page = GrayImage::from_pixel(800, 300, Luma([240]));
        let lines = vec![row(0, 20, 0.9, &mut page), row(50, 15, 0.6, &mut page)];
        assert_eq!(texts(lines, &page), [20, 20]);
        assert!(texts(Vec::new(), &page).is_empty());
    }
}
