//! The slip that is handed over at the counter: a page that prints on half a sheet of A4, Chinese first, without anything
//! from elsewhere and without scripts. Of the number it shows the masked form.

use std::fmt::Write as _;

use crate::catalogue::IssuedCode;
use crate::config::CitizenService;
use crate::record::OwnerKind;
use crate::xml::escaped;

const STYLE: &str = "@page{size:A5;margin:14mm}body{font:12pt/1.6 \"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif;\
color:#000;background:#fff;max-width:120mm;margin:0 auto}h1{font-size:16pt;margin:0 0 4mm}\
.code{font:bold 22pt/1.4 monospace;letter-spacing:1pt;border:1pt solid #000;padding:3mm;text-align:center;margin:4mm 0}\
th{text-align:left;font-weight:normal;padding-right:6mm;vertical-align:top}small{font-size:9pt}";

/// The slip for a code, as HTML.
pub(crate) fn slip(issued: &IssuedCode, service: &CitizenService) -> String {
    let (number_zh, number_en, name_zh, name_en) = match issued.kind() {
        OwnerKind::Person => ("证件号码", "Identity number", "姓名", "Name"),
        OwnerKind::Organisation => ("统一社会信用代码", "Credit code", "被授权人", "Authorised person"),
    };
    let ends = beijing_time(&issued.ends_at);
    let mut rows = vec![
        (name_zh, name_en, issued.name.as_str().to_owned()),
        (number_zh, number_en, issued.number.masked()),
        ("有效期至", "Valid until", format!("{ends}（北京时间）")),
        (
            "次数",
            "Limits",
            format!(
                "登录 {} 次，输错 {} 次即失效 · {} logins, {} wrong entries",
                issued.terms.uses, issued.terms.tries, issued.terms.uses, issued.terms.tries
            ),
        ),
    ];
    if let Some(portal) = &service.portal {
        rows.push(("查询网址", "Address", portal.clone()));
    }
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>档案查询码</title><style>{STYLE}</style></head><body>\n\
         <h1>{}　档案查询码<br><small>Access code to your own files</small></h1>\n<div class=\"code\">{}</div>\n<table>\n",
        escaped(&service.archive),
        escaped(&issued.code.to_string())
    );
    for (zh, en, value) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(
            html,
            "<tr><th>{zh}<br><small>{en}</small></th><td>{}</td></tr>",
            escaped(&value)
        );
    }
    html.push_str(
        "</table>\n<p>登录时输入姓名、证件号码和查询码，即可查看本人历年审批档案、办理进度，以及谁查阅过您的档案。\
         请勿将查询码告诉他人；遗失请到窗口作废。<br><small>Enter name, number and code. Keep the code to yourself; if it is lost, \
         have it revoked at the counter.</small></p>\n</body></html>\n",
    );
    html
}

/// A time (RFC 3339, UTC) as clocks in China show it, to the minute.
fn beijing_time(text: &str) -> String {
    let Ok(time) = text.parse::<jiff::Timestamp>() else {
        return text.to_owned();
    };
    let local = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(8)).to_datetime(time);
    format!(
        "{}年{}月{}日 {:02}:{:02}",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{CitizenName, CodeTerms, ReadableCode};
    use crate::record::{IdNumber, OwnerNumber};

    #[test]
    fn a_slip_shows_the_code_and_of_the_number_its_ends() {
        let head = "14022419900101123";
        let number = format!("{head}{}", IdNumber::check_character(head).unwrap());
        let issued = IssuedCode {
            id: "0".into(),
            code: ReadableCode::random(),
            name: CitizenName::parse("赵小满").unwrap(),
            number: OwnerNumber::parse(&number).unwrap(),
            ends_at: "2026-12-01T04:05:00Z".into(),
            terms: CodeTerms::default(),
        };
        let service = CitizenService {
            archive: "灵丘县<b>&档案馆".into(),
            portal: Some("https://da.example.gov.cn/?a=1&b=2".into()),
            ..CitizenService::default()
        };
        let html = slip(&issued, &service);
        for part in [
            issued.code.to_string().as_str(),
            "赵小满",
            "1402**********",
            "2026年12月1日 12:05",
            "灵丘县&lt;b&gt;&amp;档案馆",
            "?a=1&amp;b=2",
            "lang=\"zh-CN\"",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains(&number) && !html.contains("19900101") && !html.contains("<script"));
    }
}
