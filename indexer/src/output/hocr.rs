//! hOCR 1.2 (Breuel, Kumar, Kay, Johannes: "hOCR - OCR Workflow and Output embedded in HTML"), as XHTML.

use std::fmt::Write as _;
use std::io::Write;

use juanzong::record::{LineRole, PageRecord, PixelBox, TextLine};
use juanzong::xml::escaped;

use super::blocks::{Block, area, blocks, spelled};
use super::{Error, PROGRAM, PageWriter, Remark, Scan, VERSION};
use crate::decode::Failure;

/// Writes hOCR.
pub(super) struct HocrWriter<W> {
    out: W,
    name: String,
    begun: bool,
}

impl<W: Write> HocrWriter<W> {
    pub(super) fn new(out: W, name: String) -> Self {
        Self {
            out,
            name,
            begun: false,
        }
    }

    fn begin(&mut self, engine: Option<&str>) -> Result<(), Error> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        let engine = engine.map(|e| format!(" ({})", escaped(e))).unwrap_or_default();
        write!(
            self.out,
            concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" ",
                "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n",
                "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"zh\" lang=\"zh\">\n<head>\n",
                "<title>{name}</title>\n",
                "<meta http-equiv=\"Content-Type\" content=\"text/html;charset=utf-8\" />\n",
                "<meta name=\"ocr-system\" content=\"{program} {version}{engine}\" />\n",
                "<meta name=\"ocr-capabilities\" content=\"ocr_page ocr_carea ocr_par ocr_line ocrx_word ocr_table ",
                "ocr_header ocr_footer ocr_pageno ocrx_block\" />\n",
                "</head>\n<body>\n"
            ),
            name = escaped(&self.name),
            program = PROGRAM,
            version = VERSION,
            engine = engine,
        )?;
        Ok(())
    }
}

impl<W: Write + Send> PageWriter for HocrWriter<W> {
    fn page(&mut self, page: &PageRecord, _: Option<Scan>) -> Result<(), Error> {
        self.begin(Some(&page.engine))?;
        let html = PageHtml::new(page, &self.name).html;
        Ok(self.out.write_all(html.as_bytes())?)
    }

    fn failed(&mut self, number: u32, failure: &Failure, _: Option<Scan>) -> Result<(), Error> {
        self.begin(None)?;
        // The codes of failures are of letters and underscores, so they cannot end the comment.
        writeln!(self.out, "<!-- page {number}: {} -->", failure.code.code())?;
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Remark>, Error> {
        self.begin(None)?;
        self.out.write_all(b"</body>\n</html>\n")?;
        self.out.flush()?;
        Ok(Vec::new())
    }
}

/// One page, with the numbers of its parts.
struct PageHtml<'a> {
    page: &'a PageRecord,
    html: String,
    areas: usize,
    lines: usize,
    words: usize,
}

impl<'a> PageHtml<'a> {
    fn new(page: &'a PageRecord, name: &str) -> Self {
        let mut made = Self {
            page,
            html: String::new(),
            areas: 0,
            lines: 0,
            words: 0,
        };
        made.write_page(name);
        made
    }

    /// Writes an opening tag, with an id that is unique in the file.
    fn open(&mut self, tag: &str, class: &str, id: &str, title: &str) {
        let number = self.page.number;
        let _ = write!(
            self.html,
            "<{tag} class=\"{class}\" id=\"p{number}_{id}\" title=\"{title}\">"
        );
    }

    fn write_page(&mut self, name: &str) {
        let page = self.page;
        // hOCR has no way to write a quotation mark inside quotation marks.
        let image = escaped(&name.replace('"', ""));
        let mut title = format!(
            "image &quot;{image}&quot;; bbox 0 0 {} {}; ppageno {}",
            page.width,
            page.height,
            page.number.saturating_sub(1)
        );
        if let Some(dpi) = page.dpi {
            let _ = write!(title, "; scan_res {dpi} {dpi}");
        }
        if page.rotation != 0 {
            let _ = write!(title, "; x_rotation {}", page.rotation);
        }
        let _ = writeln!(
            self.html,
            "<div class=\"ocr_page\" id=\"page_{}\" title=\"{title}\">",
            page.number
        );
        let lines = &page.text.lines;
        for block in blocks(lines) {
            match block {
                Block::Lines { role, lines: range } => {
                    let class = match role {
                        LineRole::Header => "ocr_header",
                        LineRole::Footer => "ocr_footer",
                        LineRole::PageNumber => "ocr_pageno",
                        LineRole::Body | LineRole::Cell { .. } => "ocr_carea",
                    };
                    self.write_area(class, lines.get(range).unwrap_or_default(), "");
                }
                Block::Table(cells) => {
                    let all = cells.first().zip(cells.last()).map(|(a, b)| a.lines.start..b.lines.end);
                    let all = all.and_then(|range| lines.get(range)).unwrap_or_default();
                    self.areas += 1;
                    let id = format!("table_{}", self.areas);
                    self.open("div", "ocr_table", &id, &bbox(area(all)));
                    self.html.push('\n');
                    for cell in cells {
                        let place = format!("; x_cell {} {}", cell.row, cell.column);
                        self.write_area("ocr_carea", lines.get(cell.lines).unwrap_or_default(), &place);
                    }
                    self.html.push_str("</div>\n");
                }
            }
        }
        for seal in &page.text.seals {
            self.areas += 1;
            let id = format!("seal_{}", self.areas);
            let title = format!("{}; x_kind seal; x_wconf {}", bbox(seal.area), percent(seal.confidence));
            self.open("div", "ocrx_block", &id, &title);
            self.html.push_str(&escaped(&seal.text));
            self.html.push_str("</div>\n");
        }
        self.html.push_str("</div>\n");
    }

    fn write_area(&mut self, class: &str, lines: &[TextLine], more: &str) {
        self.areas += 1;
        let title = bbox(area(lines));
        let number = self.areas;
        self.open("div", class, &format!("block_{number}"), &format!("{title}{more}"));
        self.html.push('\n');
        self.open("p", "ocr_par", &format!("par_{number}"), &title);
        self.html.push('\n');
        for line in lines {
            self.write_line(line);
        }
        self.html.push_str("</p>\n</div>\n");
    }

    fn write_line(&mut self, line: &TextLine) {
        self.lines += 1;
        // On a skewed page the line rests on a slope through the lower corner on its lower side.
        let slope = f64::from(self.page.skew).to_radians().tan();
        let rise = if slope > 0.0 {
            -slope * f64::from(line.area.width())
        } else {
            0.0
        };
        let title = format!("{}; baseline {slope:.4} {rise:.0}", bbox(line.area));
        self.open("span", "ocr_line", &format!("line_{}", self.lines), &title);
        for (space, word) in spelled(line) {
            if space {
                self.html.push(' ');
            }
            self.words += 1;
            let title = format!("{}; x_wconf {}", bbox(word.area), percent(word.confidence));
            self.open("span", "ocrx_word", &format!("word_{}", self.words), &title);
            self.html.push_str(&escaped(&word.text));
            self.html.push_str("</span>");
        }
        self.html.push_str("</span>\n");
    }
}

fn bbox(area: PixelBox) -> String {
    format!("bbox {} {} {} {}", area.x0, area.y0, area.x1, area.y1)
}

/// Confidence as hOCR has it: whole per cent.
fn percent(confidence: f32) -> u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
    let percent = (confidence * 100.0).round().clamp(0.0, 100.0) as u32;
    percent
}
