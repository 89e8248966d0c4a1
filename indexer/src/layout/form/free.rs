//! Pairs without rules, as on licences: labels below each other, the values beside them, wrapped values indented.

use juanzong::record::{FormField, PixelBox, TextLine};

use super::{may_be_label, text_of};

/// So many labels must begin at one place to be labels.
const LABELS: usize = 3;

/// A label and the first line of its value.
struct Pair {
    label: usize,
    value: usize,
}

/// The pairs among the lines outside of tables.
pub(super) fn fields(lines: &[TextLine], areas: &[PixelBox]) -> Vec<FormField> {
    let pairs = candidates(lines, areas);
    let near = |a: PixelBox, b: PixelBox| a.x0.abs_diff(b.x0) <= a.height().max(b.height());
    let aligned = |pair: &&Pair| {
        let alike = pairs.iter().filter(|other| near(areas[pair.label], areas[other.label]));
        alike.count() >= LABELS
    };
    let pairs: Vec<&Pair> = pairs.iter().filter(aligned).collect();
    pairs
        .iter()
        .map(|pair| {
            let mut value = vec![pair.value];
            let first = areas[pair.value];
            for next in pair.value + 1..lines.len() {
                let (last, area) = (areas[value[value.len() - 1]], areas[next]);
                let taken = pairs.iter().any(|other| other.label == next);
                let indented = area.x0.abs_diff(first.x0) <= first.height();
                let follows = area.y0.saturating_sub(last.y1) * 4 <= last.height() * 3 && area.y1 > last.y1;
                if taken || !lines[next].role.is_body() || !indented || !follows {
                    break;
                }
                value.push(next);
            }
            FormField {
                label: vec![pair.label],
                value,
            }
        })
        .collect()
}

/// Rows of exactly a label and a value.
fn candidates(lines: &[TextLine], areas: &[PixelBox]) -> Vec<Pair> {
    let beside = |a: usize, b: usize| {
        let (a, b) = (areas[a], areas[b]);
        let overlap = a.y1.min(b.y1).saturating_sub(a.y0.max(b.y0));
        overlap * 2 >= a.height().min(b.height()) && a.x1 <= b.x0 + a.height() / 2 && a.x0 < b.x0
    };
    let body = |index: usize| lines.get(index).is_some_and(|line| line.role.is_body());
    (0..lines.len().saturating_sub(1))
        .filter(|&index| {
            let starts = index == 0 || !body(index - 1) || !beside(index - 1, index);
            let ends = !body(index + 2) || !beside(index + 1, index + 2);
            body(index) && body(index + 1) && starts && ends && beside(index, index + 1)
        })
        .filter(|&index| may_be_label(&text_of(lines, &[index])))
        .map(|index| Pair {
            label: index,
            value: index + 1,
        })
        .collect()
}
