//! What recognisers make of rules, folds and specks.

use juanzong::record::TextLine;

use super::join::Word;

/// Marks below this confidence are not believed to be print.
const DOUBTFUL: f32 = 0.6;

/// Marks that the rules of a table turn into, wherever they stand.
const RULES: &[&str] = &[
    "|", "‖", "│", "丨", "[", "]", "_", "—", "-", "~", "`", "'", "\"", "\\", "/", "^", "=",
];

/// The words without the rules at either end that the engine wasn't sure of.
pub(super) fn without_rules(mut words: Vec<Word>) -> Vec<Word> {
    if is_numbered_foot(&words) {
        return words;
    }
    let is_rule = |word: &Word| word.confidence < DOUBTFUL && RULES.contains(&word.text.as_str());
    while words.last().is_some_and(is_rule) {
        words.pop();
    }
    let start = words.iter().take_while(|w| is_rule(w)).count();
    words.drain(..start);
    if let Some(first) = words.first_mut() {
        first.space_before = false;
    }
    words
}

/// A page number between its dashes (`— 3 —`), which are print.
fn is_numbered_foot(words: &[Word]) -> bool {
    let text: String = words.iter().map(|word| word.text.as_str()).collect();
    let number = text.strip_prefix('—').and_then(|rest| rest.strip_suffix('—'));
    number.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether the line is an ornament, nothing but doubtful marks, or one doubtful character.
pub(super) fn is_noise(line: &TextLine) -> bool {
    if is_ornament(&line.text) {
        return true;
    }
    if line.confidence >= DOUBTFUL {
        return false;
    }
    let marks_only = line.text.chars().all(|c| !c.is_alphanumeric());
    let short = line.text.chars().count() == 1;
    marks_only || short
}

/// Borders of licences are read as long runs of a few round letters.
fn is_ornament(text: &str) -> bool {
    /// What is left of a border that is cut by the frame.
    const PIECE: usize = 2;
    let rings = |c: char| "OoXx×0".contains(c);
    if text.chars().count() >= PIECE && text.chars().all(rings) && text.to_uppercase().contains('O') {
        return true;
    }
    const LONG: usize = 10;
    let round = |c: &char| "oO0cCeEGgQ@sSaA ".contains(*c);
    text.chars().count() >= LONG
        && text.chars().all(|c| round(&c) || !c.is_alphanumeric())
        && text.chars().any(|c| c.is_alphabetic())
}
