//! Bringing texts into the form in which they are compared.

use unicode_normalization::UnicodeNormalization as _;

/// Whether a character is blank: white space, the separators of ASCII, and marks without width.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}' | '\u{200b}' | '\u{feff}')
}

/// What a character (after NFKC) is compared as; `None` for tick boxes, which are drawn rather than written.
fn folded(character: char) -> Option<char> {
    Some(match character {
        '〔' | '【' | '[' | '{' | '「' => '(',
        '〕' | '】' | ']' | '}' | '」' => ')',
        '〈' | '《' | '«' => '<',
        '〉' | '》' | '»' => '>',
        '。' | '·' | '•' | '．' | '…' => '.',
        '、' => ',',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '—' | '–' | '―' | '─' | '－' => '-',
        '□' | '☑' | '☐' | '☒' | '√' => return None,
        other => other,
    })
}

/// The characters that are compared: NFKC, brackets, dashes and stops of one kind alike, nothing blank, no tick boxes.
pub fn fold(text: &str) -> Vec<char> {
    text.nfkc().filter_map(folded).filter(|c| !is_blank(*c)).collect()
}

/// The characters as they are, without blanks.
pub fn strict(text: &str) -> Vec<char> {
    text.chars().filter(|c| !is_blank(*c)).collect()
}

/// Whether `part` stands somewhere in `whole`.
pub(super) fn contains(whole: &[char], part: &[char]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}
