//! Reading one line with the recognition network.

use image::GrayImage;
use juanzong::record::PixelBox;

use super::ctc::{self, Spotted};
use super::models::{ModelFolder, Purpose};
use super::runtime::{Network, Runtime, RuntimeError};
use crate::ocr::{LineRequest, RawLine, RawSymbol, RawWord};
use crate::prepare::crop;

/// Height that the network was trained for.
const HEIGHT: u32 = 48;
/// The network is not shown less than this; shorter lines get paper on their right.
const MIN_WIDTH: u32 = 96;
/// Nor more: a line of A3 at this height is shorter.
const MAX_WIDTH: u32 = 4_096;
/// Columns of the answer stand this many pixels apart.
const STRIDE: u32 = 8;
/// Lines read with less mean confidence are not text.
const MIN_CONFIDENCE: f32 = 0.5;

/// The recognition network and its table of characters.
pub(super) struct LineNetwork {
    network: Network,
    characters: Vec<String>,
    input: Vec<f32>,
}

impl LineNetwork {
    pub(super) fn load(runtime: &Runtime, models: &ModelFolder) -> Result<Self, RuntimeError> {
        let network = runtime.network(models, Purpose::Recognition)?;
        let table = network
            .note("character")
            .ok_or_else(|| RuntimeError::Failed("the recognition model holds no table of characters".to_owned()))?;
        // Class 0 is "no character"; after the table comes the space.
        let mut characters = vec![String::new()];
        characters.extend(table.lines().map(str::to_owned));
        characters.push(" ".to_owned());
        Ok(Self {
            network,
            characters,
            input: Vec::new(),
        })
    }

    /// Reads a line; `None` when there is no text that can be believed.
    pub(super) fn read(&mut self, line: &LineRequest<'_>) -> Result<Option<RawLine>, RuntimeError> {
        let width = network_width(line.area);
        if width == 0 {
            return Ok(None);
        }
        let piece = crop(line.page, line.to_page, line.area, (width, HEIGHT));
        let spotted = self.columns(&piece)?;
        Ok(self.line(&spotted, line.area, width))
    }

    fn columns(&mut self, piece: &GrayImage) -> Result<Vec<Spotted>, RuntimeError> {
        let (width, padded) = (piece.width() as usize, piece.width().max(MIN_WIDTH) as usize);
        self.input.clear();
        for _ in 0..3 {
            for row in piece.as_raw().chunks_exact(width) {
                self.input.extend(row.iter().map(|p| f32::from(*p) / 127.5 - 1.0));
                self.input.extend(std::iter::repeat_n(0.0, padded - width));
            }
        }
        let classes = self.characters.len();
        self.network.run(
            [1, 3, HEIGHT as usize, padded],
            &self.input,
            |shape, values| match shape {
                [1, _, c] if usize::try_from(*c) == Ok(classes) => Ok(ctc::decode(values, classes)),
                _ => Err(RuntimeError::Shape(shape.to_vec())),
            },
        )
    }

    /// Places the characters on the canvas: each reaches to the middle between itself and its neighbours.
    fn line(&self, spotted: &[Spotted], area: PixelBox, width: u32) -> Option<RawLine> {
        #[allow(clippy::cast_precision_loss)] // a line has far fewer than 2^24 characters
        let mean = spotted.iter().map(|s| s.confidence).sum::<f32>() / spotted.len().max(1) as f32;
        if spotted.is_empty() || mean < MIN_CONFIDENCE {
            return None;
        }
        let scale = f64::from(area.width()) / f64::from(width);
        #[allow(clippy::cast_precision_loss)] // columns
        let centre = |s: &Spotted| ((s.first + s.last) as f64 / 2.0 + 0.5) * f64::from(STRIDE) * scale;
        let centres: Vec<f64> = spotted.iter().map(centre).collect();
        // A character of print is about as wide as high; the box of a line is higher than its print.
        let reach = f64::from(area.height()) * 0.36;
        let mut words: Vec<RawWord> = Vec::new();
        let mut word = RawWord::default();
        for (index, character) in spotted.iter().enumerate() {
            let text = self.characters.get(character.class)?;
            if text.trim().is_empty() {
                words.push(std::mem::take(&mut word));
                continue;
            }
            let middle = centres[index];
            let before = index.checked_sub(1).map(|i| (centres[i] + middle) / 2.0);
            let after = centres.get(index + 1).map(|next| (next + middle) / 2.0);
            let left = before.map_or(middle - reach, |edge| edge.max(middle - reach));
            let right = after.map_or(middle + reach, |edge| edge.min(middle + reach));
            word.symbols.push(RawSymbol {
                text: text.clone(),
                area: strip(area, left, right),
                confidence: character.confidence,
                alternatives: self.alternatives(character),
            });
        }
        words.push(word);
        words.retain(|word| !word.symbols.is_empty());
        (!words.is_empty()).then_some(RawLine { words, area })
    }

    fn alternatives(&self, character: &Spotted) -> Vec<(String, f32)> {
        let named = character.alternatives.iter().filter_map(|(class, confidence)| {
            let text = self.characters.get(*class)?;
            (!text.trim().is_empty()).then(|| (text.clone(), *confidence))
        });
        named.collect()
    }
}

/// The width of a line when its height is the network's.
fn network_width(area: PixelBox) -> u32 {
    if area.height() == 0 {
        return 0;
    }
    let width = u64::from(area.width()) * u64::from(HEIGHT) / u64::from(area.height());
    u32::try_from(width).unwrap_or(MAX_WIDTH).min(MAX_WIDTH)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to the line
fn strip(area: PixelBox, left: f64, right: f64) -> PixelBox {
    let at = |offset: f64| area.x0 + offset.round().clamp(0.0, f64::from(area.width())) as u32;
    PixelBox {
        x0: at(left),
        x1: at(right).max(at(left) + 1).min(area.x1.max(at(left) + 1)),
        ..area
    }
}
