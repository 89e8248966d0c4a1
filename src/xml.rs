//! Text inside XML 1.0.

/// Text that can stand between tags and in quoted attributes. Characters that XML 1.0 forbids (section 2.2) are
/// left out; line ends and tabs become blanks, as attributes would turn them into blanks anyway.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if is_allowed(c) => out.push(c),
            _ => {}
        }
    }
    out
}

/// Whether a character may stand in XML 1.0 at all.
pub fn is_allowed(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_goes_and_what_it_means_is_escaped() {
        assert_eq!(
            escaped("a<b & \"c\" 'd'>\u{0}\u{b}\u{ffff}许𠮷\n"),
            "a&lt;b &amp; &quot;c&quot; &#39;d&#39;&gt;许𠮷 "
        );
    }
}
