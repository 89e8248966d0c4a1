//! From what an engine says it is sure of to how often it is right.
//!
//! Both engines are surer than they are right where they err, and less sure than they could be where they don't. The maps
//! here were fitted by isotonic regression to generated pages of a seed that no report uses (`docs/benchmarks.md`).

use juanzong::record::{PageText, TextWord};

use crate::ocr::Engine;
use crate::score::Calibration;

/// (what the engine says, how often it is right) of a character.
const PPOCR_CHARACTERS: &[(f32, f32)] = &[
    (0.248, 0.0),
    (0.461, 0.5),
    (0.643, 0.864),
    (0.797, 0.923),
    (0.829, 0.947),
    (0.887, 0.972),
    (0.967, 0.994),
    (0.9957, 0.999),
    (0.9997, 0.9997),
    (1.0, 0.9999),
];
/// (product of the confidences of its characters, how often all of a line is right).
const PPOCR_LINES: &[(f32, f32)] = &[
    (0.048, 0.0),
    (0.358, 0.75),
    (0.5, 0.8),
    (0.612, 0.87),
    (0.746, 0.871),
    (0.884, 0.93),
    (0.949, 0.947),
    (0.996, 0.998),
    (1.0, 0.9995),
];
const TESSERACT_CHARACTERS: &[(f32, f32)] = &[
    (0.0, 0.436),
    (0.041, 0.462),
    (0.103, 0.5),
    (0.351, 0.532),
    (0.538, 0.672),
    (0.606, 0.788),
    (0.701, 0.854),
    (0.759, 0.87),
    (0.796, 0.901),
    (0.821, 0.929),
    (0.843, 0.958),
    (0.872, 0.978),
    (0.887, 0.987),
    (0.923, 0.996),
    (0.964, 0.9998),
];
const TESSERACT_LINES: &[(f32, f32)] = &[
    (0.05, 0.0),
    (0.171, 0.065),
    (0.313, 0.276),
    (0.41, 0.43),
    (0.489, 0.6),
    (0.56, 0.66),
    (0.66, 0.725),
    (0.778, 0.854),
    (0.858, 0.925),
    (0.906, 0.963),
    (0.956, 0.989),
    (0.992, 0.993),
    (1.0, 0.999),
];

/// The maps of an engine.
pub(super) struct Maps {
    characters: Calibration,
    lines: Calibration,
}

impl Maps {
    pub(super) fn of(engine: Engine) -> Self {
        let (characters, lines) = match engine {
            Engine::Ppocr => (PPOCR_CHARACTERS, PPOCR_LINES),
            Engine::Tesseract => (TESSERACT_CHARACTERS, TESSERACT_LINES),
        };
        Self {
            characters: Calibration {
                knots: characters.to_vec(),
            },
            lines: Calibration { knots: lines.to_vec() },
        }
    }

    /// Maps that leave what an engine says, but for the product over a line: what the maps are fitted to.
    pub(super) fn identity() -> Self {
        let unchanged = || Calibration {
            knots: vec![(0.0, 0.0), (1.0, 1.0)],
        };
        Self {
            characters: unchanged(),
            lines: unchanged(),
        }
    }

    /// Restates the confidence of every word and line of a page.
    pub(super) fn apply(&self, text: &mut PageText) {
        for line in &mut text.lines {
            let mut all_right = 1.0;
            for word in &mut line.words {
                word.confidence = self.characters.apply(word.confidence);
                all_right *= whole(word);
            }
            line.confidence = self.lines.apply(all_right);
        }
        for seal in &mut text.seals {
            seal.confidence = self.characters.apply(seal.confidence);
        }
    }
}

/// How often all characters of a word are right, when each is as often as it says.
fn whole(word: &TextWord) -> f32 {
    let characters = i32::try_from(word.text.chars().count()).unwrap_or(i32::MAX);
    word.confidence.powi(characters)
}

#[cfg(test)]
mod tests {
    use juanzong::record::TextLine;

    use super::*;

    #[test]
    fn maps_rise_and_stay_within_bounds() {
        for engine in [Engine::Ppocr, Engine::Tesseract] {
            let maps = Maps::of(engine);
            for map in [&maps.characters, &maps.lines] {
                for pair in map.knots.windows(2) {
                    assert!(pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1, "{engine}: {pair:?}");
                }
                assert!(
                    map.knots
                        .iter()
                        .all(|(said, so)| (0.0..=1.0).contains(said) && (0.0..=1.0).contains(so))
                );
            }
        }
    }

    #[test]
    fn a_line_is_as_sure_as_all_of_its_characters() {
        let word = |text: &str, confidence| TextWord {
            text: text.into(),
            area: juanzong::record::PixelBox::default(),
            confidence,
        };
        let mut text = PageText {
            lines: vec![TextLine {
                text: "许12".into(),
                words: vec![word("许", 0.9), word("12", 0.8)],
                confidence: 0.83,
                ..TextLine::default()
            }],
            ..PageText::default()
        };
        Maps::identity().apply(&mut text);
        assert!((text.lines[0].confidence - 0.9 * 0.8 * 0.8).abs() < 1e-5);
        assert!((text.lines[0].words[1].confidence - 0.8).abs() < 1e-6);
    }
}
