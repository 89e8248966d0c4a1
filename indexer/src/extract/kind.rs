//! 文种: what kind of paper a document is.

use juanzong::record::DocumentKind;

use super::reading::{Line, Reading, compact, length};

/// Title wordings; the first that fits wins, so narrower wordings stand before wider ones.
const TITLES: &[(&str, DocumentKind)] = &[
    ("卷内目录", DocumentKind::Contents),
    ("卷内文件目录", DocumentKind::Contents),
    ("送达回证", DocumentKind::ServiceReceipt),
    ("送达回执", DocumentKind::ServiceReceipt),
    ("补正", DocumentKind::SupplementNotice),
    ("受理通知书", DocumentKind::AcceptanceNotice),
    ("受理决定书", DocumentKind::AcceptanceNotice),
    ("受理单", DocumentKind::AcceptanceNotice),
    ("听证", DocumentKind::Hearing),
    ("现场核查", DocumentKind::Inspection),
    ("现场检查", DocumentKind::Inspection),
    ("现场勘验", DocumentKind::Inspection),
    ("审查意见", DocumentKind::Review),
    ("审批表", DocumentKind::Review),
    ("审查理由", DocumentKind::Review),
    ("理由说明", DocumentKind::Review),
    ("决定书", DocumentKind::Decision),
    ("的批复", DocumentKind::Decision),
    ("申请书", DocumentKind::Application),
    ("申请表", DocumentKind::Application),
    ("许可证", DocumentKind::Licence),
    ("营业执照", DocumentKind::Licence),
    ("经营证", DocumentKind::Licence),
    ("资格证", DocumentKind::Licence),
];

/// A title is short and stands among the first lines.
const TITLE_LINES: usize = 8;
const TITLE_CHARACTERS: usize = 40;
/// Endings that make a short line a title by itself.
const TITLE_ENDINGS: &[char] = &['书', '表', '录', '证', '执', '单', '照', '明', '复', '见', '）', ')'];

/// The kind a document shows in its title, else in its file name, else [`DocumentKind::Other`].
pub(super) fn classify(file_name: &str, reading: &Reading<'_>) -> DocumentKind {
    let titles = reading
        .first_page()
        .iter()
        .take(TITLE_LINES)
        .map(title_of)
        .filter(|t| !t.is_empty());
    // A title line ends like a title; running text that mentions a 许可证 does not.
    for title in titles.clone().filter(|t| t.ends_with(TITLE_ENDINGS)) {
        if let Some(kind) = kind_named(&title) {
            return kind;
        }
    }
    kind_named(&compact(file_name)).unwrap_or(DocumentKind::Other)
}

fn title_of(line: &Line<'_>) -> String {
    let text = compact(&line.line.text);
    if length(&text) > TITLE_CHARACTERS {
        String::new()
    } else {
        text
    }
}

fn kind_named(text: &str) -> Option<DocumentKind> {
    TITLES
        .iter()
        .find(|(wording, _)| text.contains(wording))
        .map(|(_, kind)| *kind)
}
