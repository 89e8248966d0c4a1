//! Chinese or English, as the client likes it.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

/// The language of messages. Field names, codes and the content of the archive do not depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese: what everybody gets who does not ask for English.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Reads `Accept-Language` (RFC 9110, 12.5.4): English only when it is wanted more than Chinese.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let (mut chinese, mut english) = (0.0_f32, 0.0_f32);
        for (position, range) in text.unwrap_or_default().split(',').take(20).enumerate() {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = match parameters.trim().strip_prefix("q=") {
                Some(weight) => weight.trim().parse().unwrap_or(0.0),
                None => 1.0,
            };
            // Of two equally wanted languages the first counts.
            #[allow(clippy::cast_precision_loss)] // position is below 20
            let weight = weight - position as f32 * 1e-5;
            let tag = tag.trim().to_ascii_lowercase();
            match tag.split('-').next() {
                Some("zh") => chinese = chinese.max(weight),
                Some("en") => english = english.max(weight),
                _ => {}
            }
        }
        if english > chinese {
            Self::English
        } else {
            Self::Chinese
        }
    }

    /// The tag for `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_unless_english_is_liked_better() {
        for (header, expected) in [
            ("", Language::Chinese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en", Language::English),
            ("en-GB,en;q=0.9,zh;q=0.8", Language::English),
            ("fr, en;q=0.5", Language::English),
            ("fr", Language::Chinese),
            ("en;q=0", Language::Chinese),
            ("en;q=0.3,zh;q=0.7", Language::Chinese),
            ("*", Language::Chinese),
            ("en;q=abc", Language::Chinese),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, header.parse().unwrap());
            assert_eq!(Language::of(&headers), expected, "{header}");
        }
        assert_eq!(Language::of(&HeaderMap::new()), Language::Chinese);
    }
}
