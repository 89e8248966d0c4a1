//! Administrative regions (行政区划).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A region code (行政区划代码, GB/T 2260): six digits, province, city and county two digits each.
///
/// `140000` is a province, `140200` a city, `140224` a county.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);

impl RegionCode {
    /// Parses six digits whose province part is not zero.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let valid = text.len() == 6
            && text.bytes().all(|b| b.is_ascii_digit())
            && !text.starts_with('0')
            && !(text.get(2..4) == Some("00") && text.get(4..6) != Some("00"));
        valid.then(|| Self(text.to_owned()))
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This region and those that contain it, widest first: province, city, county.
    pub fn levels(&self) -> Vec<Self> {
        let mut levels = Vec::with_capacity(3);
        for digits in [2, 4, 6] {
            let head = self.0.get(..digits).unwrap_or(&self.0);
            let code = Self(format!("{head:0<6}"));
            if levels.last() != Some(&code) {
                levels.push(code);
            }
        }
        levels
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RegionCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| "a region code has six digits".to_owned())
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_widest_first_and_distinct() {
        let levels = |code: &str| -> Vec<String> {
            RegionCode::parse(code)
                .unwrap()
                .levels()
                .into_iter()
                .map(String::from)
                .collect()
        };
        assert_eq!(levels("140224"), ["140000", "140200", "140224"]);
        assert_eq!(levels("140200"), ["140000", "140200"]);
        assert_eq!(levels("140000"), ["140000"]);
    }

    #[test]
    fn malformed_codes_are_refused() {
        for text in ["", "14022", "1402244", "14022a", "040224", "１４０２２４", "140024"] {
            assert_eq!(RegionCode::parse(text), None, "{text}");
        }
    }
}
