//! What a viewer may see, in words, for what they take away.

use super::{Labels, View};
use crate::access::Restriction;
use crate::record::RegionCode;

impl View {
    /// The restrictions of the cases that may be seen, in words.
    pub fn mandate(&self, labels: Labels) -> String {
        let analyser = self.archive.index().wanted_analyser();
        let regions = &analyser.dictionaries().regions;
        let region = |code: &RegionCode| regions.full_name(code).unwrap_or_else(|| code.as_str().to_owned());
        let chinese = labels == Labels::Chinese;
        let between = if chinese { "、" } else { ", " };
        let told: Vec<String> = self
            .visible
            .restrictions()
            .iter()
            .map(|restriction| {
                let (zh, en, value) = match restriction {
                    Restriction::Keys(keys) => ("指定案卷", "Named cases", keys.len().to_string()),
                    Restriction::Agencies(names) => ("审批机关", "Agencies", names.join(between)),
                    Restriction::Regions(codes) => {
                        let names: Vec<String> = codes.iter().map(region).collect();
                        ("行政区划", "Regions", names.join(between))
                    }
                    Restriction::Years(from, to) => ("年度", "Years", format!("{from}–{to}")),
                    Restriction::Clearance(class) => {
                        let label = if chinese { class.label_zh() } else { class.label_en() };
                        ("密级不高于", "Security class at most", label.to_owned())
                    }
                };
                match chinese {
                    true => format!("{zh}：{value}"),
                    false => format!("{en}: {value}"),
                }
            })
            .collect();
        match (told.is_empty(), chinese) {
            (true, true) => "全部案卷".to_owned(),
            (true, false) => "all cases".to_owned(),
            (false, true) => told.join("；"),
            (false, false) => told.join("; "),
        }
    }
}
