//! What can be wrong in a dictionary, in words: one table in Chinese and English.

use super::language::Language;
use crate::analysis::dictionary::Error;

/// Name of the file that is wrong.
pub(super) fn file(error: &Error) -> &str {
    match error {
        Error::Unreadable { file, .. } => file,
        other => other.place().map_or("", |place| place.file.as_str()),
    }
}

/// What is wrong. Nothing that stands in the file is repeated: the line is named instead.
pub(super) fn words(error: &Error, language: Language) -> &'static str {
    let (zh, en) = match error {
        Error::Unreadable { .. } => ("文件无法读取", "the file cannot be read"),
        Error::NotUtf8(_) => ("不是 UTF-8 编码", "it is not UTF-8"),
        Error::ByteOrderMark(_) => ("开头有字节顺序标记（BOM）", "it begins with a byte order mark"),
        Error::CarriageReturn(_) => ("换行符应为 LF", "lines must end with LF alone"),
        Error::ControlCharacter { .. } => ("含有不可见字符", "it holds an invisible character"),
        Error::ColumnCount { .. } => ("列数不对", "the number of columns is wrong"),
        Error::EmptyColumn { .. } => ("有一列为空", "a column is empty"),
        Error::SurroundingSpace { .. } => ("首尾有空格", "a column begins or ends with a space"),
        Error::Invalid { .. } => ("有不允许的值", "a value is not allowed"),
        Error::Duplicate { .. } => ("与已有词条重复", "an entry is there already"),
        Error::UnknownReference { .. } => ("引用了不存在的名称", "it names something that does not exist"),
    };
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}
