//! ALTO 4.4 (Library of Congress), one file for all pages.
//!
//! Characters are `Glyph`s with their other readings as `Variant`s; a `String` is what stands between spaces, so readers
//! that put a space between two strings do not tear Han text apart.

use std::fmt::Write as _;
use std::io::Write;

use juanzong::record::{LineRole, PageRecord, PixelBox, TextLine, TextSource};
use juanzong::xml::{escaped, is_allowed};

use super::blocks::{Block, area, blocks};
use super::{Error, PROGRAM, PageWriter, Remark, Scan, VERSION};
use crate::decode::Failure;

/// Writes ALTO.
pub(super) struct AltoWriter<W> {
    out: W,
    name: String,
    begun: bool,
    pages: usize,
}

impl<W: Write> AltoWriter<W> {
    pub(super) fn new(out: W, name: String) -> Self {
        Self {
            out,
            name,
            begun: false,
            pages: 0,
        }
    }

    fn begin(&mut self, page: Option<&PageRecord>) -> Result<(), Error> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        let step = match page {
            Some(page) if page.source == TextSource::Ocr => format!("recognised by {}", page.engine),
            Some(page) => page.engine.clone(),
            None => "no page was read".to_owned(),
        };
        write!(
            self.out,
            concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\" ",
                "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ",
                "xsi:schemaLocation=\"http://www.loc.gov/standards/alto/ns-v4# ",
                "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd\" SCHEMAVERSION=\"4.4\">\n",
                "<Description><MeasurementUnit>pixel</MeasurementUnit>",
                "<sourceImageInformation><fileName>{name}</fileName></sourceImageInformation>",
                "<OCRProcessing ID=\"ocr\"><ocrProcessingStep>",
                "<processingStepDescription>{step}</processingStepDescription>",
                "<processingSoftware><softwareName>{program}</softwareName>",
                "<softwareVersion>{version}</softwareVersion></processingSoftware>",
                "</ocrProcessingStep></OCRProcessing></Description>\n<Layout>\n"
            ),
            name = escaped(&self.name),
            step = escaped(&step),
            program = PROGRAM,
            version = VERSION,
        )?;
        Ok(())
    }
}

impl<W: Write + Send> PageWriter for AltoWriter<W> {
    fn page(&mut self, page: &PageRecord, _: Option<Scan>) -> Result<(), Error> {
        self.begin(Some(page))?;
        self.pages += 1;
        let xml = PageXml::new(page).xml;
        Ok(self.out.write_all(xml.as_bytes())?)
    }

    fn failed(&mut self, number: u32, failure: &Failure, _: Option<Scan>) -> Result<(), Error> {
        self.begin(None)?;
        self.pages += 1;
        let code = failure.code.code();
        writeln!(
            self.out,
            "<Page ID=\"p{number}\" PHYSICAL_IMG_NR=\"{number}\" QUALITY=\"Damaged\" QUALITY_DETAIL=\"{code}\"/>"
        )?;
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Remark>, Error> {
        self.begin(None)?;
        if self.pages == 0 {
            // The schema asks for a page.
            self.out
                .write_all(b"<Page ID=\"p0\" PHYSICAL_IMG_NR=\"0\" QUALITY=\"Missing\"/>\n")?;
        }
        self.out.write_all(b"</Layout>\n</alto>\n")?;
        self.out.flush()?;
        Ok(Vec::new())
    }
}

/// One page, with the numbers of its parts.
struct PageXml<'a> {
    page: &'a PageRecord,
    xml: String,
    blocks: usize,
    lines: usize,
    strings: usize,
}

impl<'a> PageXml<'a> {
    fn new(page: &'a PageRecord) -> Self {
        let mut made = Self {
            page,
            xml: String::new(),
            blocks: 0,
            lines: 0,
            strings: 0,
        };
        made.write_page();
        made
    }

    fn write_page(&mut self) {
        let (page, number) = (self.page, self.page.number);
        let _ = write!(
            self.xml,
            "<Page ID=\"p{number}\" PHYSICAL_IMG_NR=\"{number}\" WIDTH=\"{}\" HEIGHT=\"{}\" LANG=\"zh\" PROCESSING=\"ocr\"",
            page.width, page.height
        );
        if page.skew != 0.0 {
            // Counterclockwise.
            let _ = write!(self.xml, " ROTATION=\"{:.2}\"", -page.skew);
        }
        if let Some(confidence) = page.confidence {
            let _ = write!(self.xml, " PC=\"{:.3}\"", confidence.clamp(0.0, 1.0));
        }
        self.xml.push_str(">\n");
        let whole = PixelBox::from([0, 0, page.width, page.height]);
        let _ = writeln!(self.xml, "<PrintSpace{}>", position(whole));
        let lines = &page.text.lines;
        for block in blocks(lines) {
            match block {
                Block::Lines { role, lines: range } => {
                    let own = lines.get(range).unwrap_or_default();
                    match role {
                        LineRole::Header => self.write_composed("header", own),
                        LineRole::Footer => self.write_composed("footer", own),
                        LineRole::PageNumber => self.write_composed("page-number", own),
                        LineRole::Body | LineRole::Cell { .. } => self.write_block(own),
                    }
                }
                Block::Table(cells) => {
                    let all = cells.first().zip(cells.last()).map(|(a, b)| a.lines.start..b.lines.end);
                    let all = all.and_then(|range| lines.get(range)).unwrap_or_default();
                    self.open_composed("table", area(all));
                    for cell in cells {
                        let kind = format!("cell {} {}", cell.row, cell.column);
                        self.write_composed(&kind, lines.get(cell.lines).unwrap_or_default());
                    }
                    self.xml.push_str("</ComposedBlock>\n");
                }
            }
        }
        for seal in &page.text.seals {
            let line = TextLine {
                text: seal.text.clone(),
                area: seal.area,
                confidence: seal.confidence,
                ..TextLine::default()
            };
            self.write_composed("seal", std::slice::from_ref(&line));
        }
        self.xml.push_str("</PrintSpace>\n</Page>\n");
    }

    fn block_id(&mut self) -> String {
        self.blocks += 1;
        format!("p{}_b{}", self.page.number, self.blocks)
    }

    fn open_composed(&mut self, kind: &str, place: PixelBox) {
        let id = self.block_id();
        let _ = writeln!(
            self.xml,
            "<ComposedBlock ID=\"{id}\" TYPE=\"{kind}\"{}>",
            position(place)
        );
    }

    fn write_composed(&mut self, kind: &str, lines: &[TextLine]) {
        self.open_composed(kind, area(lines));
        self.write_block(lines);
        self.xml.push_str("</ComposedBlock>\n");
    }

    fn write_block(&mut self, lines: &[TextLine]) {
        let id = self.block_id();
        let _ = writeln!(self.xml, "<TextBlock ID=\"{id}\"{}>", position(area(lines)));
        for line in lines {
            self.write_line(line);
        }
        self.xml.push_str("</TextBlock>\n");
    }

    /// A line without a visible character has nothing that the schema allows in a line, and is left out.
    fn write_line(&mut self, line: &TextLine) {
        let characters: Vec<char> = line.text.chars().collect();
        let is_visible = |at: &usize| {
            characters
                .get(*at)
                .is_some_and(|c| !c.is_whitespace() && is_allowed(*c))
        };
        let visible: Vec<usize> = (0..characters.len()).filter(is_visible).collect();
        if visible.is_empty() {
            return;
        }
        self.lines += 1;
        let _ = write!(
            self.xml,
            "<TextLine ID=\"p{}_l{}\"{}>",
            self.page.number,
            self.lines,
            position(line.area)
        );
        let confidences = confidences(line);
        let mut last_end = None;
        // Neighbours of which one is not followed by the next character have a space between them.
        for run in visible.chunk_by(|a, b| a + 1 == *b) {
            let (Some(&from), Some(&last)) = (run.first(), run.last()) else {
                continue;
            };
            let place = line.area_of(from..last + 1).unwrap_or(line.area);
            if let Some(end) = last_end {
                let gap = PixelBox {
                    x0: end,
                    x1: place.x0.max(end),
                    ..place
                };
                let _ = write!(self.xml, "<SP{}/>", position(gap));
            }
            last_end = Some(place.x1);
            self.write_string(line, &characters, run, place, &confidences);
        }
        self.xml.push_str("</TextLine>\n");
    }

    fn write_string(
        &mut self,
        line: &TextLine,
        characters: &[char],
        run: &[usize],
        place: PixelBox,
        confidences: &[f32],
    ) {
        self.strings += 1;
        let confidence = |at: usize| confidences.get(at).copied().unwrap_or(line.confidence).clamp(0.0, 1.0);
        #[allow(clippy::cast_precision_loss)] // characters of a line
        let mean = run.iter().map(|at| confidence(*at)).sum::<f32>() / run.len().max(1) as f32;
        let content: String = run.iter().filter_map(|at| characters.get(*at)).collect();
        let _ = write!(
            self.xml,
            "<String ID=\"p{}_s{}\"{} CONTENT=\"{}\" WC=\"{mean:.3}\">",
            self.page.number,
            self.strings,
            position(place),
            escaped(&content)
        );
        for &at in run {
            let Some(character) = characters.get(at) else { continue };
            let place = line.area_of(at..at + 1).unwrap_or(place);
            let _ = write!(
                self.xml,
                "<Glyph{} CONTENT=\"{}\" GC=\"{:.3}\"",
                position(place),
                escaped(&character.to_string()),
                confidence(at)
            );
            let mut others = line.alternatives.iter().filter(|a| a.at == at).peekable();
            if others.peek().is_none() {
                self.xml.push_str("/>");
                continue;
            }
            self.xml.push('>');
            for other in others {
                let _ = write!(
                    self.xml,
                    "<Variant CONTENT=\"{}\" VC=\"{:.3}\"/>",
                    escaped(&other.text),
                    other.confidence.clamp(0.0, 1.0)
                );
            }
            self.xml.push_str("</Glyph>");
        }
        self.xml.push_str("</String>");
    }
}

/// Confidence of each character of a line: of the word that it stands in.
fn confidences(line: &TextLine) -> Vec<f32> {
    let spelled = super::blocks::spelled(line);
    let mut words = spelled.iter().flat_map(|(_, word)| {
        word.text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|_| word.confidence)
    });
    line.text
        .chars()
        .map(|c| if c.is_whitespace() { None } else { words.next() }.unwrap_or(line.confidence))
        .collect()
}

fn position(area: PixelBox) -> String {
    format!(
        " HPOS=\"{}\" VPOS=\"{}\" WIDTH=\"{}\" HEIGHT=\"{}\"",
        area.x0,
        area.y0,
        area.width(),
        area.height()
    )
}
