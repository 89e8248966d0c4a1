//! Corrected lines on a page that may have been read anew since: found by where they stood and what they said.

use super::{LineAnchor, PageText, PixelBox, TextLine, TextWord};

/// Least share of the smaller box that two boxes of the same line have in common.
const LEAST_OVERLAP: f32 = 0.3;
/// Least likeness of the texts of one line in the same place.
const LEAST_LIKENESS_IN_PLACE: f32 = 0.5;
/// Least likeness of the texts of one line in another place.
const LEAST_LIKENESS_ELSEWHERE: f32 = 0.8;

/// The text that a person gave to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineEdit {
    /// Number of the correction.
    pub number: u32,
    /// The text.
    pub text: String,
    /// Where the line stood: when this correction was made, then at earlier corrections of it.
    pub anchors: Vec<LineAnchor>,
}

/// Where a corrected line stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppliedEdit {
    /// Number of the correction.
    pub number: u32,
    /// Index of the line on the page.
    pub line: usize,
    /// Whether the line was found; else it was added at the end of the page, so that its text is not lost.
    pub placed: bool,
}

/// Puts corrected lines into the text of a page. Each line takes one correction and each correction one line, the
/// surest pairs first.
///
/// Returns where the corrections went and the edits for which there is no line.
pub fn apply_line_edits<'a>(
    text: &mut PageText,
    page_size: (u32, u32),
    edits: &[&'a LineEdit],
) -> (Vec<AppliedEdit>, Vec<&'a LineEdit>) {
    let mut pairs = Vec::new();
    for (at, edit) in edits.iter().enumerate() {
        for (line, found) in text.lines.iter().enumerate() {
            if let Some(score) = fit(edit, line, found, page_size) {
                pairs.push((score, edit.number, at, line));
            }
        }
    }
    // Of two corrections that fit a line alike the later one counts.
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.cmp(&a.1)).then(a.3.cmp(&b.3)));
    let mut line_of: Vec<Option<usize>> = vec![None; edits.len()];
    for (_, _, at, line) in pairs {
        if line_of[at].is_none() && !line_of.contains(&Some(line)) {
            line_of[at] = Some(line);
        }
    }
    let (mut applied, mut lost) = (Vec::new(), Vec::new());
    for (edit, line) in edits.iter().zip(line_of) {
        match line.and_then(|at| text.lines.get_mut(at).map(|line| (at, line))) {
            Some((at, line)) => {
                rewrite(line, &edit.text);
                applied.push(AppliedEdit {
                    number: edit.number,
                    line: at,
                    placed: true,
                });
            }
            None => lost.push(*edit),
        }
    }
    (applied, lost)
}

/// Adds the text of a correction whose line is gone at the end of a page. It keeps its box on the page it was made on.
pub fn append_lost_edit(text: &mut PageText, page_size: (u32, u32), edit: &LineEdit, same_page: bool) -> AppliedEdit {
    let area = match edit.anchors.first() {
        Some(anchor) if same_page => scaled(anchor, page_size),
        _ => PixelBox::default(),
    };
    let mut line = TextLine {
        area,
        ..TextLine::default()
    };
    rewrite(&mut line, &edit.text);
    text.lines.push(line);
    AppliedEdit {
        number: edit.number,
        line: text.lines.len() - 1,
        placed: false,
    }
}

/// How well a line fits a correction: above 1 in the same place, up to 1 elsewhere; `None` when it is another line.
fn fit(edit: &LineEdit, at: usize, line: &TextLine, page_size: (u32, u32)) -> Option<f32> {
    let fits = edit
        .anchors
        .iter()
        .filter_map(|anchor| fit_anchor(edit, anchor, at, line, page_size));
    fits.max_by(f32::total_cmp)
}

fn fit_anchor(edit: &LineEdit, anchor: &LineAnchor, at: usize, line: &TextLine, page_size: (u32, u32)) -> Option<f32> {
    // A better engine may read by itself what the person wrote.
    let alike = likeness(&line.text, &anchor.as_read).max(likeness(&line.text, &edit.text));
    let area = scaled(anchor, page_size);
    let has_place = area.width() > 0 && line.area.width() > 0;
    if has_place {
        let common = overlap(area, line.area);
        if common >= LEAST_OVERLAP && alike >= LEAST_LIKENESS_IN_PLACE {
            return Some(1.0 + f32::midpoint(common, alike));
        }
    }
    if alike < LEAST_LIKENESS_ELSEWHERE {
        return None;
    }
    // Of several lines that say the same the nearest counts.
    #[allow(clippy::cast_precision_loss)] // pages are far smaller than 2^24 pixels
    let away = if has_place {
        ratio(area.y0.abs_diff(line.area.y0), page_size.1.max(1))
    } else {
        (at.abs_diff(anchor.line as usize).min(100)) as f32 / 100.0
    };
    Some(alike - 0.1 * away.min(1.0))
}

#[allow(clippy::cast_precision_loss)] // as above
fn ratio(part: u32, whole: u32) -> f32 {
    part as f32 / whole as f32
}

/// The box of an anchor on a page that may have another size than then.
fn scaled(anchor: &LineAnchor, (width, height): (u32, u32)) -> PixelBox {
    let (then_width, then_height) = anchor.page_size;
    if (then_width, then_height) == (width, height) || then_width == 0 || then_height == 0 {
        return anchor.area;
    }
    let scale = |edge: u32, then: u32, now: u32| {
        u32::try_from(u64::from(edge) * u64::from(now) / u64::from(then)).unwrap_or(u32::MAX)
    };
    PixelBox {
        x0: scale(anchor.area.x0, then_width, width),
        y0: scale(anchor.area.y0, then_height, height),
        x1: scale(anchor.area.x1, then_width, width),
        y1: scale(anchor.area.y1, then_height, height),
    }
}

/// Share of the smaller box that both have in common.
#[allow(clippy::cast_precision_loss)] // as above
fn overlap(a: PixelBox, b: PixelBox) -> f32 {
    let width = a.x1.min(b.x1).saturating_sub(a.x0.max(b.x0));
    let height = a.y1.min(b.y1).saturating_sub(a.y0.max(b.y0));
    let size = |area: PixelBox| u64::from(area.width()) * u64::from(area.height());
    let smaller = size(a).min(size(b)).max(1);
    (u64::from(width) * u64::from(height)) as f32 / smaller as f32
}

/// 1 for equal texts, 0 for texts that have nothing in common: 1 − edits ÷ length of the longer, without spaces.
#[allow(clippy::cast_precision_loss)] // as above
fn likeness(a: &str, b: &str) -> f32 {
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>();
    let (a, b) = (visible(a), visible(b));
    if a == b {
        return 1.0;
    }
    let longer = a.len().max(b.len());
    let shorter = a.len().min(b.len());
    // So different in length that they cannot be alike enough.
    if (shorter as f32) < longer as f32 * LEAST_LIKENESS_IN_PLACE {
        return 0.0;
    }
    1.0 - edits(&a, &b) as f32 / longer as f32
}

/// Edit distance (Levenshtein) with one row of memory.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Gives a line another text. Characters at its start and end that stay keep their boxes; the others are spread evenly
/// over what is between. A person is sure.
fn rewrite(line: &mut TextLine, text: &str) {
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>();
    let (old, new) = (visible(&line.text), visible(text));
    let bare = TextLine {
        text: old.iter().collect(),
        words: std::mem::take(&mut line.words),
        area: line.area,
        ..TextLine::default()
    };
    let same = old == new;
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..]
        .iter()
        .rev()
        .zip(new[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    line.text = text.to_owned();
    line.confidence = 1.0;
    line.alternatives.clear();
    if same {
        line.words = bare.words;
        for word in &mut line.words {
            word.confidence = 1.0;
        }
        return;
    }
    if line.area.width() == 0 {
        return;
    }
    let middle_old = head..old.len() - tail;
    let middle = bare.area_of(middle_old).filter(|area| area.width() > 0);
    line.words = new
        .iter()
        .enumerate()
        .filter_map(|(at, c)| {
            let area = match middle {
                Some(_) if at < head => bare.area_of(at..at + 1),
                Some(_) if at >= new.len() - tail => {
                    let from_end = new.len() - at;
                    bare.area_of(old.len() - from_end..old.len() - from_end + 1)
                }
                Some(middle) => Some(middle.strip(at - head, at - head + 1, new.len() - head - tail)),
                // Nothing was there to be replaced: all characters move.
                None => Some(line.area.strip(at, at + 1, new.len())),
            };
            Some(TextWord {
                text: c.to_string(),
                area: area?,
                confidence: 1.0,
            })
        })
        .collect();
}

#[cfg(test)]
mod tests;
