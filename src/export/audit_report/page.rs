//! The report as a file of its own: no script, nothing from elsewhere, and a policy that forbids both.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use crate::export::{Error, ExportOptions, Note, Summed};
use crate::xml::escaped;

/// How it looks, on a screen and on A4.
const STYLE: &str = "\
@page{size:A4;margin:16mm 14mm}\
body{font:10.5pt/1.55 \"Noto Sans CJK SC\",\"Source Han Sans SC\",\"Microsoft YaHei\",\"PingFang SC\",sans-serif;color:#1c232d;background:#fff;\
max-width:190mm;margin:0 auto;padding:8mm 4mm}\
h1{font-size:18pt;line-height:1.3;margin:0 0 4mm}h2{font-size:14pt;margin:8mm 0 3mm;border-bottom:1px solid #7c8695}h3{font-size:11.5pt;margin:5mm 0 2mm}\
table{border-collapse:collapse;width:100%;font-size:9.5pt;margin:2mm 0}th,td{border:1px solid #b9c1cc;padding:1mm 2mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
thead th{background:#eef1f4}thead{display:table-header-group}tr,figure,article,svg{break-inside:avoid}.number{text-align:right;white-space:nowrap}\
.note{color:#4e5968;font-size:9pt;margin:1mm 0}.cut{border:1px solid #7d4f00;padding:1mm 2mm}\
svg{display:block;width:100%;height:auto;margin:2mm 0}svg text{font-size:11px;fill:#1c232d}.label,.value{text-anchor:middle}.end{text-anchor:end}\
.bar,.cell{fill:#175a8c}.over{fill:#fff}.used{fill:#e4eff8;stroke:#175a8c}.missing{fill:#a8321f}.twice{fill:#1c232d}\
article{margin:3mm 0;padding-left:3mm;border-left:1mm solid #b9c1cc}article.high{border-color:#a8321f}article.medium{border-color:#7d4f00}article p{margin:.5mm 0}\
.pictures{display:flex;flex-wrap:wrap;gap:3mm}figure{margin:1mm 0}figure img{width:46mm;height:auto;border:1px solid #b9c1cc}figcaption{font-size:8pt;max-width:46mm}\
footer{margin-top:8mm;border-top:1px solid #7c8695;font-size:9pt;overflow-wrap:anywhere}code{font-size:8.5pt}\
@media print{body{max-width:none;padding:0}}";

/// What begins the line that is not part of the checksum.
const FOOTER: &str = "<footer id=\"checksum\">";

/// The policy under which it is shown: pictures that stand in it, its own style, nothing else.
pub(crate) fn policy() -> String {
    let style = BASE64.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; img-src data:; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}

/// A report under way.
pub(super) struct Page<'a, W> {
    out: Summed<W>,
    pub(super) options: &'a ExportOptions,
}

impl<'a, W: Write> Page<'a, W> {
    pub(super) fn begin(out: W, title: &str, options: &'a ExportOptions) -> Result<Self, Error> {
        let mut page = Self {
            out: Summed::new(out),
            options,
        };
        let (language, title) = (options.pick("zh-CN", "en"), escaped(title));
        page.raw(&format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
             <body>\n<main>\n<h1>{title}</h1>\n",
            policy()
        ))?;
        Ok(page)
    }

    /// Writes what is HTML already.
    pub(super) fn raw(&mut self, html: &str) -> Result<(), Error> {
        Ok(self.out.write_all(html.as_bytes())?)
    }

    /// An element that holds a text.
    pub(super) fn text(&mut self, element: &str, class: &str, text: &str) -> Result<(), Error> {
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{class}\"")
        };
        self.raw(&format!("<{element}{class}>{}</{element}>\n", escaped(text)))
    }

    /// What the report says about itself.
    pub(super) fn notes(&mut self, notes: &[Note]) -> Result<(), Error> {
        self.raw("<table class=\"about\"><tbody>\n")?;
        for note in notes {
            let (name, value) = (escaped(&note.label), escaped(&note.value));
            self.raw(&format!("<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>\n"))?;
        }
        self.raw("</tbody></table>\n")
    }

    /// Begins a table; its rows follow.
    pub(super) fn head(&mut self, headings: &[String]) -> Result<(), Error> {
        let cells: String = headings
            .iter()
            .map(|heading| format!("<th scope=\"col\">{}</th>", escaped(heading)))
            .collect();
        self.raw(&format!("<table><thead><tr>{cells}</tr></thead><tbody>\n"))
    }

    /// A row of a table. Numbers stand to the right.
    pub(super) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Error> {
        self.raw("<tr>")?;
        for cell in cells {
            let text = cell.as_ref();
            let number = text.trim_end_matches('%').parse::<f64>().is_ok();
            let class = if number { " class=\"number\"" } else { "" };
            self.raw(&format!("<td{class}>{}</td>", escaped(text)))?;
        }
        self.raw("</tr>\n")
    }

    pub(super) fn end_table(&mut self) -> Result<(), Error> {
        self.raw("</tbody></table>\n")
    }

    /// A picture that stands in the file itself.
    pub(super) fn picture(&mut self, jpeg: &[u8], caption: &str) -> Result<(), Error> {
        let (data, caption) = (BASE64.encode(jpeg), escaped(caption));
        self.raw(&format!(
            "<figure><img src=\"data:image/jpeg;base64,{data}\" alt=\"{caption}\"><figcaption>{caption}</figcaption></figure>\n"
        ))
    }

    /// Ends the report with the checksum of all that stands before.
    pub(super) fn end(mut self) -> Result<(), Error> {
        self.raw("</main>\n")?;
        let checksum = self.out.checksum();
        let how = self.options.pick(
            "校验和（SHA-256），自文件开头至本行之前，可用下列命令核对：",
            "Checksum (SHA-256) of the file from its beginning to before this line; to check it:",
        );
        self.raw(&format!(
            "{FOOTER}<p>{how}<br><code>sed '/^&lt;footer id=\"checksum\"&gt;/,$d' report.html | sha256sum</code></p>\
             <p><code>{checksum}</code></p></footer>\n</body>\n</html>\n"
        ))?;
        Ok(self.out.flush()?)
    }
}
