//! Why a file or a page could not be read: one closed table of stable codes with their messages.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares the codes once: variant, code, Chinese message, English message.
macro_rules! failure_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+) => {
        /// The reason why a file or one page of it could not be read. Codes are stored in the catalogue and never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum FailureCode {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)+
        }

        impl FailureCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The message in Chinese.
            pub fn message_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The message in English.
            pub fn message_en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// The code with this text form.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

failure_codes! {
    /// The file could not be opened or read from the disk.
    Unreadable = "unreadable", "文件无法打开或读取", "the file cannot be opened or read";
    /// The file has no bytes.
    EmptyFile = "empty_file", "文件为空（0 字节）", "the file is empty";
    /// The file is larger than we read.
    FileTooLarge = "file_too_large", "文件过大，超过处理上限", "the file is larger than the limit";
    /// The bytes are of no format that we read.
    UnknownFormat = "unknown_format", "不是可识别的扫描件格式", "not a scan format that can be read";
    /// The file ends before its content does.
    Truncated = "truncated", "文件不完整（被截断）", "the file is cut off";
    /// The structure of the file is broken.
    Damaged = "damaged", "文件结构损坏", "the structure of the file is damaged";
    /// The file asks for a password.
    PasswordProtected = "password_protected", "文件有密码保护", "the file is protected by a password";
    /// A valid file that uses a coding or a colour format that we don't read.
    Unsupported = "unsupported", "使用了不支持的编码方式", "the file uses a coding that is not supported";
    /// The file holds no page.
    NoPages = "no_pages", "文件中没有页面", "the file has no pages";
    /// The file holds more pages than we read from one file.
    TooManyPages = "too_many_pages", "页数过多，超过处理上限", "the file has more pages than the limit";
    /// The chain or tree of pages runs back into itself.
    PageTreeCycle = "page_tree_cycle", "页面结构循环引用", "the pages of the file refer back to themselves";
    /// The page is listed in the file but isn't there.
    PageMissing = "page_missing", "页面已登记但内容缺失", "the page is listed but missing";
    /// A page number outside the file was asked for.
    PageOutOfRange = "page_out_of_range", "页号超出范围", "the page number is outside the file";
    /// The page has more pixels, or is larger on paper, than we decode.
    PageTooLarge = "page_too_large", "页面尺寸异常，超过处理上限", "the page is larger than the limit";
    /// The picture of the page cannot be decoded.
    DamagedImage = "damaged_image", "页面图像损坏，无法解码", "the picture of the page is damaged";
    /// The recogniser refused the page.
    RecognitionFailed = "recognition_failed", "文字识别失败", "text recognition failed";
    /// The reading process could not be started or does not speak our protocol.
    WorkerUnavailable = "worker_unavailable", "无法启动读取进程", "the reading process cannot be started";
    /// The reading process ended unexpectedly.
    Crashed = "crashed", "读取进程异常退出", "the reading process crashed";
    /// The page took longer than allowed.
    TimeLimit = "time_limit", "处理超时", "the time limit was exceeded";
    /// The page took more memory than allowed.
    MemoryLimit = "memory_limit", "内存超过上限", "the memory limit was exceeded";
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        let codes: BTreeSet<&str> = FailureCode::ALL.iter().map(|c| c.code()).collect();
        assert_eq!(codes.len(), FailureCode::ALL.len());
        for code in FailureCode::ALL {
            assert_eq!(FailureCode::from_code(code.code()), Some(*code));
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(json, format!("\"{}\"", code.code()));
            assert!(code.message_zh().chars().any(|c| c >= '\u{4e00}'));
        }
        assert_eq!(FailureCode::from_code("other"), None);
    }
}
