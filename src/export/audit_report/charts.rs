//! Plots as SVG: small and plain, each number also in the table beside it.

use std::fmt::Write;

use crate::xml::escaped;

/// Width of every plot, in its own units.
const WIDTH: f64 = 720.0;
/// Room on the left of rows, for their names.
const NAMES: f64 = 220.0;
/// Height of a row of a field of cells.
const ROW: f64 = 22.0;

/// Bars, one beside the other: label, value (0 where there is none) and the value in words.
pub(super) fn bars(title: &str, values: &[(String, f64, String)]) -> String {
    let (height, top, bottom) = (170.0, 24.0, 24.0);
    let most = values.iter().map(|(_, value, _)| *value).fold(0.0, f64::max);
    let step = WIDTH / as_f64(values.len().max(1));
    let room = height - top - bottom;
    let mut svg = begin(title, height);
    for ((label, value, words), at) in values.iter().zip(0_u32..) {
        let tall = if most > 0.0 { value / most * room } else { 0.0 };
        let x = f64::from(at) * step;
        let (middle, y) = (x + step / 2.0, height - bottom - tall);
        let wide = (step * 0.7).min(60.0);
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<g><title>{0} {1}</title><rect class=\"bar\" x=\"{2:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\"/>\
             <text class=\"value\" x=\"{middle:.1}\" y=\"{3:.1}\">{1}</text><text class=\"label\" x=\"{middle:.1}\" y=\"{4:.1}\">{0}</text></g>",
            escaped(label),
            escaped(words),
            middle - wide / 2.0,
            y - 5.0,
            height - 7.0,
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// A field of cells: rows and columns with their names, and a value with its words where there is one.
pub(super) fn field(
    title: &str,
    rows: &[String],
    columns: &[String],
    value: impl Fn(usize, usize) -> Option<(f64, String)>,
) -> String {
    let step = (WIDTH - NAMES) / as_f64(columns.len().max(1));
    let all = (0..rows.len()).flat_map(|row| (0..columns.len()).map(move |column| (row, column)));
    let most = all
        .filter_map(|(row, column)| value(row, column))
        .map(|(value, _)| value);
    let most = most.fold(0.0, f64::max);
    let mut svg = begin(title, as_f64(rows.len() + 1) * ROW);
    for (column, at) in columns.iter().zip(0_u32..) {
        let middle = NAMES + (f64::from(at) + 0.5) * step;
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{middle:.1}\" y=\"15\">{}</text>",
            escaped(column)
        );
    }
    for (row, name) in rows.iter().enumerate() {
        let y = as_f64(row + 1) * ROW;
        let short: String = name.chars().take(16).collect();
        let _ = write!(
            svg,
            "<text class=\"name\" x=\"0\" y=\"{:.1}\">{}</text>",
            y + 15.0,
            escaped(&short)
        );
        for (column, heading) in columns.iter().enumerate() {
            let Some((value, words)) = value(row, column) else {
                continue;
            };
            let x = NAMES + as_f64(column) * step;
            let share = if most > 0.0 { value / most } else { 0.0 };
            let _ = write!(
                svg,
                "<g><title>{} {}: {words}</title><rect class=\"cell\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" \
                 fill-opacity=\"{:.2}\"/><text class=\"{}\" x=\"{:.1}\" y=\"{:.1}\">{words}</text></g>",
                escaped(name),
                escaped(heading),
                step - 1.0,
                ROW - 1.0,
                0.08 + 0.85 * share,
                if share > 0.55 { "value over" } else { "value" },
                x + step / 2.0,
                y + 15.0,
                words = escaped(&words),
            );
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// A series of numbers from the first to the last, with what is missing and what was given twice.
pub(super) fn number_line(title: &str, (first, last): (u32, u32), missing: &[(u32, u32)], twice: &[u32]) -> String {
    let begin_at = missing.first().map_or(first, |(from, _)| (*from).min(first));
    let span = f64::from(last.saturating_sub(begin_at)) + 1.0;
    let x = |number: u32| f64::from(number.saturating_sub(begin_at)) / span * WIDTH;
    let mut svg = begin(title, 44.0);
    let _ = write!(
        svg,
        "<rect class=\"used\" x=\"0\" y=\"14\" width=\"{WIDTH}\" height=\"10\"/>"
    );
    for (from, to) in missing {
        let wide = (f64::from(to.saturating_sub(*from)) + 1.0) / span * WIDTH;
        let _ = write!(
            svg,
            "<rect class=\"missing\" x=\"{:.1}\" y=\"10\" width=\"{:.1}\" height=\"18\"><title>{from}–{to}</title></rect>",
            x(*from).min(WIDTH - 3.0),
            wide.max(3.0)
        );
    }
    for number in twice {
        let at = x(*number) + WIDTH / span / 2.0;
        let _ = write!(
            svg,
            "<circle class=\"twice\" cx=\"{at:.1}\" cy=\"5\" r=\"4\"><title>{number}</title></circle>"
        );
    }
    let _ = write!(
        svg,
        "<text class=\"name\" x=\"0\" y=\"41\">{begin_at}</text><text class=\"end\" x=\"{WIDTH}\" y=\"41\">{last}</text></svg>"
    );
    svg.push('\n');
    svg
}

fn begin(title: &str, height: f64) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">",
        escaped(title)
    )
}

/// Numbers of things in a plot: few.
fn as_f64(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plots_are_well_formed_whatever_they_hold() {
        let nothing = bars("<空>", &[]);
        assert!(nothing.starts_with("<svg") && nothing.contains("&lt;空&gt;"));
        let zero = bars("零", &[("2019".into(), 0.0, "0".into())]);
        assert!(zero.contains("height=\"0.0\"") && !zero.contains("NaN"));
        let tall = bars(
            "件数",
            &[("2019".into(), 5.0, "5".into()), ("2020".into(), 10.0, "10".into())],
        );
        assert!(tall.contains("height=\"61.0\"") && tall.contains("height=\"122.0\""));
        let empty = field("空", &[], &[], |_, _| None);
        assert!(!empty.contains("NaN") && !empty.contains("inf"));
        let cells = field(
            "天数",
            &["甲局&".into()],
            &["2019".into(), "2020".into()],
            |_, column| (column == 1).then(|| (7.5, "7.5".into())),
        );
        assert_eq!(cells.matches("class=\"cell\"").count(), 1);
        assert!(cells.contains("甲局&amp; 2020: 7.5"));
        let line = number_line("序列", (1, 10), &[(4, 4)], &[7]);
        assert!(line.contains("x=\"216.0\"") && line.contains("class=\"twice\""));
    }
}
