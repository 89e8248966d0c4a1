//! How well a case was read (识别质量).

use serde::{Deserialize, Serialize};

/// How well the pages of a case were read, from the mean confidence of their text.
///
/// The thresholds were chosen so that `high` needs no second look, `medium` has an error in most lines at worst, and
/// `low` is what a reviewer should see first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OcrQuality {
    /// Mean confidence of 0.95 or more.
    High,
    /// Mean confidence from 0.85 to 0.95.
    Medium,
    /// Mean confidence below 0.85.
    Low,
    /// No page has any text.
    None,
}

impl OcrQuality {
    /// All values, the best first.
    pub const ALL: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::None];
    /// Least mean confidence of [`Self::High`].
    pub const HIGH_FROM: f32 = 0.95;
    /// Least mean confidence of [`Self::Medium`].
    pub const MEDIUM_FROM: f32 = 0.85;

    /// The quality for a mean confidence from 0 to 1; `None` when there is no text.
    pub fn of(confidence: Option<f32>) -> Self {
        match confidence {
            None => Self::None,
            Some(value) if value >= Self::HIGH_FROM => Self::High,
            Some(value) if value >= Self::MEDIUM_FROM => Self::Medium,
            Some(_) => Self::Low,
        }
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::None => "none",
        }
    }

    /// The Chinese label.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::High => "高",
            Self::Medium => "中",
            Self::Low => "低",
            Self::None => "无文字",
        }
    }

    /// The English label.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
            Self::None => "No text",
        }
    }

    /// The quality with this code or label.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|q| q.code() == code || q.label_zh() == code)
    }
}
