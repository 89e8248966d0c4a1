//! Which cases and pages `reprocess` is about.
//!
//! ```text
//! engine=NAME     pages read by an engine whose name begins so, e.g. engine=tesseract
//! quality<0.85    pages whose mean confidence is below, or that have no text
//! case=CODE       one case, by its 档号 or its id
//! query=TEXT      cases that the search finds; also any text that is none of the above
//! ```
//! Several filters must all hold.

use std::str::FromStr;

use juanzong::catalogue::PageInfo;

/// One filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Pages read by an engine whose name begins so.
    Engine(String),
    /// Pages whose mean confidence is below.
    QualityBelow(f32),
    /// One case, by its archival code or its public identifier.
    Case(String),
    /// Cases that the search finds.
    Query(String),
}

/// A text that is no filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("筛选条件须为 engine=名称、quality<0.85、case=档号 或 query=检索式 (no such filter)")]
pub struct NoFilter;

impl FromStr for Filter {
    type Err = NoFilter;

    fn from_str(text: &str) -> Result<Self, NoFilter> {
        let text = text.trim();
        let named = |name: &str| text.strip_prefix(name).map(str::trim);
        if let Some(limit) = named("quality<") {
            let limit: f32 = limit.parse().map_err(|_| NoFilter)?;
            return (0.0..=1.0)
                .contains(&limit)
                .then_some(Self::QualityBelow(limit))
                .ok_or(NoFilter);
        }
        let (made, value) = if let Some(value) = named("engine=") {
            (Self::Engine(value.to_owned()), value)
        } else if let Some(value) = named("case=") {
            (Self::Case(value.to_owned()), value)
        } else if let Some(value) = named("query=") {
            (Self::Query(value.to_owned()), value)
        } else {
            // A misspelt name is no query.
            let name: String = text
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            let rest = text.strip_prefix(&name).unwrap_or_default().trim_start();
            if !name.is_empty() && rest.starts_with(['=', '<', '>']) {
                return Err(NoFilter);
            }
            (Self::Query(text.to_owned()), text)
        };
        if value.is_empty() { Err(NoFilter) } else { Ok(made) }
    }
}

impl Filter {
    /// Whether the filter lets a page through; those about cases let all pages through.
    pub(super) fn lets(&self, page: &PageInfo) -> bool {
        match self {
            Self::Engine(name) => page.engine.starts_with(name.as_str()),
            Self::QualityBelow(limit) => page.confidence.is_none_or(|confidence| confidence < *limit),
            Self::Case(_) | Self::Query(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use juanzong::record::TextSource;

    use super::*;

    #[test]
    fn the_grammar_is_closed() {
        for (text, expected) in [
            ("engine=tesseract", Ok(Filter::Engine("tesseract".into()))),
            (" quality<0.85 ", Ok(Filter::QualityBelow(0.85))),
            ("quality< 1", Ok(Filter::QualityBelow(1.0))),
            ("case=0123-XK·2019-1", Ok(Filter::Case("0123-XK·2019-1".into()))),
            ("query=餐饮 -注销", Ok(Filter::Query("餐饮 -注销".into()))),
            ("年度:2015..2020", Ok(Filter::Query("年度:2015..2020".into()))),
            ("GB9704 餐饮", Ok(Filter::Query("GB9704 餐饮".into()))),
            ("quality<2", Err(NoFilter)),
            ("quality<low", Err(NoFilter)),
            ("quality=0.5", Err(NoFilter)),
            ("enigne=tesseract", Err(NoFilter)),
            ("confidence > 3", Err(NoFilter)),
            ("engine=", Err(NoFilter)),
            ("", Err(NoFilter)),
        ] {
            assert_eq!(text.parse::<Filter>(), expected, "{text}");
        }
    }

    #[test]
    fn pages_are_let_through_by_engine_and_quality() {
        let page = PageInfo {
            document: 1,
            content_id: String::new(),
            number: 1,
            source: TextSource::Ocr,
            engine: "tesseract 5.5".into(),
            confidence: Some(0.8),
            failed: false,
        };
        let none = PageInfo {
            confidence: None,
            ..page.clone()
        };
        for (filter, expected) in [
            ("engine=tesseract", [true, true]),
            ("engine=ppocr", [false, false]),
            ("quality<0.85", [true, true]),
            ("quality<0.5", [false, true]),
            ("case=A", [true, true]),
        ] {
            let filter: Filter = filter.parse().unwrap();
            assert_eq!([filter.lets(&page), filter.lets(&none)], expected, "{filter:?}");
        }
    }
}
