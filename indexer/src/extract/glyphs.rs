//! Characters of a document with the place each was read at.

/// One visible character as the rules read it, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    /// The character: letters and digits in half width, colons, commas and round brackets in full width.
    pub(super) c: char,
    /// Index of its line in the document.
    pub(super) line: usize,
    /// Index of the character in the text of its line.
    pub(super) at: usize,
}

/// One form for the characters that paper and recognisers write in two widths.
pub(super) fn unified(c: char) -> char {
    match c {
        ':' | '︰' | '∶' => '：',
        ',' => '，',
        ';' => '；',
        '(' => '（',
        ')' => '）',
        '．' => '.',
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '－' | '–' | '—' | '―' | '‐' | '−' => '-',
        '／' => '/',
        // The last sign of an identity number.
        '×' | '✕' | 'Х' => 'X',
        c => c,
    }
}

/// The characters as a text.
pub(super) fn text(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|g| g.c).collect()
}

/// Whether the glyphs begin with these characters.
pub(super) fn begins(glyphs: &[Glyph], wanted: &[char]) -> bool {
    glyphs.len() >= wanted.len() && glyphs.iter().zip(wanted).all(|(g, c)| g.c == *c)
}

/// Whether the glyphs begin with this text.
pub(super) fn begins_with(glyphs: &[Glyph], text: &str) -> bool {
    let mut glyphs = glyphs.iter();
    text.chars().all(|c| glyphs.next().is_some_and(|g| g.c == c))
}

/// Whether two runs of characters of one length differ in exactly one place.
pub(super) fn one_wrong(a: &[char], b: &[char]) -> bool {
    a.len() == b.len() && a.iter().zip(b).filter(|(x, y)| x != y).count() == 1
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}
