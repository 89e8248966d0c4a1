//! Labels of forms and the values that belong to them.

mod free;
mod ruled;
#[cfg(test)]
mod tests;

use juanzong::record::{FormField, PixelBox, TextLine};

use super::grid::Table;
use super::han::is_han;

/// Most characters of a label.
const LONGEST: usize = 16;
/// Last characters of the words that name a field.
const ENDINGS: &str =
    "号称名人者期间址所码话型格量注位关容额本积数别见况项业质围龄历务责度由据果证类目章字构员料诺点式";

/// The pairs of labels and values on a page, in the order of the labels.
///
/// `areas` are the boxes of `lines` on the straight page. A label and a value in one line (`文号：X`) are no pair:
/// there is nothing to put together.
pub(super) fn fields(lines: &[TextLine], areas: &[PixelBox], tables: &[Table]) -> Vec<FormField> {
    let mut fields = ruled::fields(lines, tables);
    fields.extend(free::fields(lines, areas));
    fields.sort_by_key(|field| field.label.first().copied());
    fields
}

/// The text of some lines together, without spaces and colon.
fn text_of(lines: &[TextLine], indices: &[usize]) -> String {
    let text: String = indices.iter().map(|i| lines[*i].text.as_str()).collect();
    let mut text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    while text.ends_with(['：', ':']) {
        text.pop();
    }
    text
}

/// Whether a text may name a field: short, no number, no sentence, no box to tick.
fn may_be_label(text: &str) -> bool {
    let count = text.chars().count();
    (1..=LONGEST).contains(&count)
        && text.chars().any(is_han)
        && text
            .chars()
            .all(|c| is_han(c) || c.is_ascii_alphabetic() || "（）()、/／".contains(c))
}

/// Whether a text ends like the name of a field.
fn ends_like_label(text: &str) -> bool {
    let bare = text.split(['（', '(']).next().unwrap_or(text);
    may_be_label(text) && bare.chars().last().is_some_and(|c| ENDINGS.contains(c))
}
