//! Text that must not become a formula (CWE-1236).

use std::borrow::Cow;

/// The text as it may stand in a cell of a CSV file: one that a spreadsheet program would take for a formula gets an
/// apostrophe before it, which those programs take for the mark of a text. Blanks and characters that nobody sees do not
/// help a formula to hide.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    let hidden = |c: &char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    };
    let begins_with_control = text.starts_with(['\t', '\r', '\n']);
    let first = text.chars().find(|c| !hidden(c));
    if begins_with_control || first.is_some_and(starts_formula) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Also in the width of Han characters, as an input method writes them and Chinese spreadsheets read them.
fn starts_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_nothing_else_changes() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\ttext",
            "\rtext",
            "\ntext",
            " =1",
            "\u{3000}=1",
            "\u{feff}=1",
            "\u{200b}@x",
            "＝1+1",
            "－注销",
            "=HYPERLINK(\"http://x\",\"y\")",
        ] {
            assert_eq!(guarded(formula), format!("'{formula}"), "{formula:?}");
        }
        for text in ["", " ", "灵丘县", "1-2", "a=b", "'=1", "《=》", "#1", "2019-05-07"] {
            assert_eq!(guarded(text), text);
        }
    }
}
