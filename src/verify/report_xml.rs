//! The report as XML, for systems that take in what DA/T 70-2018 calls the result of a check.

use std::fmt::Write as _;

use super::report::Report;
use crate::xml::escaped;

impl Report {
    /// An XML document in UTF-8.
    pub fn xml(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<四性检测报告");
        let attribute = |out: &mut String, name: &str, value: &str| {
            // Writing to a string cannot fail.
            let _ = write!(out, " {name}=\"{}\"", escaped(value));
        };
        let numbers = [
            ("检测编号", self.check),
            ("案卷数", self.cases),
            ("原件数", self.files),
            ("字节数", self.bytes),
            ("重新解码数", self.decoded_again),
        ];
        for (name, value) in numbers {
            attribute(&mut out, name, &value.to_string());
        }
        let texts = [
            ("深度", Some(&self.depth)),
            ("开始时间", Some(&self.started_at)),
            ("结束时间", self.ended_at.as_ref()),
            ("程序", Some(&self.program)),
            ("档案库", Some(&self.archive_id)),
            ("依据", Some(&self.standard)),
            ("结论代码", Some(&self.conclusion)),
            ("结论", Some(&self.conclusion_label)),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                attribute(&mut out, name, value);
            }
        }
        out.push_str(">\n");
        for item in &self.items {
            out.push_str("  <检测项目");
            for (name, value) in [
                ("性质", &item.property_label),
                ("代码", &item.item),
                ("名称", &item.label),
                ("结果代码", &item.verdict),
                ("结果", &item.verdict_label),
            ] {
                attribute(&mut out, name, value);
            }
            for (name, value) in [
                ("已检", item.checked),
                ("不通过", item.failed),
                ("存疑", item.doubtful),
                ("未能检测", item.not_looked_at),
            ] {
                attribute(&mut out, name, &value.to_string());
            }
            if let Some(note) = &item.note {
                attribute(&mut out, "说明", note);
            }
            if item.findings.is_empty() {
                out.push_str("/>\n");
                continue;
            }
            out.push_str(">\n");
            for finding in &item.findings {
                out.push_str("    <问题");
                for (name, value) in [
                    ("代码", Some(&finding.code)),
                    ("名称", Some(&finding.label)),
                    ("档号", finding.archival_code.as_ref()),
                    ("位置", finding.place.as_ref()),
                    ("详情", finding.detail.as_ref()),
                ] {
                    if let Some(value) = value {
                        attribute(&mut out, name, value);
                    }
                }
                out.push_str("/>\n");
            }
            out.push_str("  </检测项目>\n");
        }
        out.push_str("</四性检测报告>\n");
        out
    }
}
