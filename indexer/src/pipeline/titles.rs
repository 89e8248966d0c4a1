//! What the name of a file says about the document in it.

use std::path::Path;

use juanzong::record::DocumentRecord;

/// Words that say how a file came about, not what it is.
const EMPTY_WORDS: &[&str] = &[
    "扫描件",
    "扫描",
    "复印件",
    "影印件",
    "图像",
    "图片",
    "照片",
    "截图",
    "文件",
    "文档",
    "新建",
    "未命名",
    "副本",
    "全能王",
    "微信",
    "页",
    "第",
    "卷",
    "件",
    "号",
];

/// The file name without its extension and leading number: `03-行政许可决定书.pdf` → `行政许可决定书`.
pub(super) fn title_of(file_name: &str) -> String {
    let stem = stem(file_name);
    let title = stem.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | ' ' | '、'));
    if title.is_empty() { stem } else { title.to_owned() }
}

/// Whether a file name is but a number or what a scanner gives (`scan001.pdf`, `IMG_2031.jpg`, `扫描件 3.tif`): besides such
/// words it holds fewer than two Han characters.
pub(super) fn name_says_nothing(file_name: &str) -> bool {
    let mut name = stem(file_name);
    for word in EMPTY_WORDS {
        name = name.replace(word, "");
    }
    name.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count() < 2
}

fn stem(file_name: &str) -> String {
    Path::new(file_name)
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// What a document is known by: the name of its file, or the title of a text that never was a file.
pub(super) fn name_of(document: &DocumentRecord) -> &str {
    let named = [&document.source_name, &document.title];
    named
        .into_iter()
        .find(|name| !name.is_empty())
        .map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_nothing() {
        for name in [
            "scan001.pdf",
            "IMG_2031.jpg",
            "0123-XK·2019-D30-SCJG-0042.pdf",
            "扫描件 3.tif",
            "扫描全能王 2024-01-19.pdf",
            "第3页.png",
            "新建文档(2).pdf",
            "",
        ] {
            assert!(name_says_nothing(name), "{name}");
        }
        for name in ["03-行政许可决定书.pdf", "照片说明.jpg", "申请表扫描件.pdf", "送达.tif"] {
            assert!(!name_says_nothing(name), "{name}");
        }
    }

    #[test]
    fn titles_lose_number_and_extension() {
        assert_eq!(title_of("03-行政许可决定书.pdf"), "行政许可决定书");
        assert_eq!(title_of("001.tif"), "001");
    }
}
