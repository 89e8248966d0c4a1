//! Bound volumes: one file for each case, with cover, contents list and documents, and files that only look like one.

use std::fs;
use std::path::Path;

use juanzong::record::{DocumentKind, Outcome};

use super::documents::{self, ContentsEntry, Extra, write_extra};
use super::facts::{Facts, Paper, random};
use super::files::{self, TextFonts};
use super::fonts::Fonts;
use super::generate::{Position, count, entry, folder_name, job_of, prepare, write_truth};
use super::paper::Sheet;
use super::scan;
use super::truth::{CaseTruth, DocumentTruth, PageTruth};
use super::{Error, Format, MOST_CASES, SampleOptions, SampleSummary, manifest};

/// Position of the second case of a file that holds two, counted on from that of the first.
const OTHER_CASE: u32 = 9_000;
/// Formats of volumes, in turn.
const FORMATS: [Format; 4] = [Format::PdfJpeg, Format::PdfG4, Format::TiffG4, Format::PdfText];

/// How a file is made up; the shapes follow each other by the position of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumeShape {
    /// Cover, contents list that numbers the pages behind it, documents, remarks.
    Listed,
    /// Contents list that counts itself, documents.
    SelfCounting,
    /// Documents alone.
    Unlisted,
    /// Contents list, documents and copies without titles.
    Copies,
    /// One long report with headings: no volume.
    Report,
    /// One decision whose annex names and quotes other papers: no volume.
    Annex,
    /// Two cases in one file.
    TwoCases,
}

impl VolumeShape {
    /// All shapes.
    pub const ALL: [Self; 7] = [
        Self::Listed,
        Self::SelfCounting,
        Self::Unlisted,
        Self::Copies,
        Self::Report,
        Self::Annex,
        Self::TwoCases,
    ];

    /// The shape of the file of a position.
    pub fn of(index: u32) -> Self {
        Self::ALL[index as usize % Self::ALL.len()]
    }

    /// Whether such a file is to be divided.
    pub fn is_volume(self) -> bool {
        !matches!(self, Self::Report | Self::Annex | Self::TwoCases)
    }
}

/// Generates a volume for each case, in the same places as [`super::generate()`] and with its file named by the 档号 alone.
/// The documents of the truth have the page numbers of the file.
///
/// # Errors
/// As [`super::generate()`].
pub fn volumes(options: &SampleOptions) -> Result<SampleSummary, Error> {
    if options.cases > MOST_CASES - OTHER_CASE {
        return Err(Error::TooManyCases {
            asked: options.cases,
            most: MOST_CASES - OTHER_CASE,
        });
    }
    let formats: Vec<Format> = match &options.only_formats {
        None => FORMATS.to_vec(),
        Some(only) => only.iter().copied().filter(|format| !format.is_single_page()).collect(),
    };
    if formats.is_empty() {
        return Err(Error::NoFormat);
    }
    let fonts = Fonts::load()?;
    let text_fonts = TextFonts::default();
    let (cases_dir, truth_dir) = (options.out.join("cases"), options.out.join("truth"));
    prepare(&options.out, [&cases_dir, &truth_dir])?;
    let binder = Binder {
        options,
        fonts: &fonts,
        text_fonts: &text_fonts,
    };
    let (mut truths, mut bytes) = (Vec::new(), 0);
    for index in 0..options.cases {
        let format = formats[index as usize % formats.len()];
        let (truth, size) = binder.volume(index, format, &cases_dir)?;
        write_truth(&truth_dir, &truth)?;
        truths.push(truth);
        bytes += size;
    }
    let manifest = options.out.join("manifest.csv");
    manifest::write(&manifest, &truths)?;
    let pages = |truth: &CaseTruth| {
        truth
            .documents
            .iter()
            .map(|document| document.pages.len())
            .sum::<usize>()
    };
    Ok(SampleSummary {
        cases: options.cases,
        files: options.cases,
        pages: count(truths.iter().map(pages).sum()),
        bytes,
        cases_dir,
        manifest,
        truth_dir,
    })
}

/// One document before it is scanned.
struct Bound {
    title: String,
    kind: DocumentKind,
    /// For the effects of scanning.
    paper: Paper,
    sheets: Vec<Sheet>,
}

struct Binder<'a> {
    options: &'a SampleOptions,
    fonts: &'a Fonts,
    text_fonts: &'a TextFonts,
}

impl Binder<'_> {
    fn volume(&self, index: u32, format: Format, cases_dir: &Path) -> Result<(CaseTruth, u64), Error> {
        let seed = self.options.seed;
        let shape = VolumeShape::of(index);
        let facts = Facts::invent(seed, index);
        let folder = folder_name(&facts.archival_code);
        let file = format!("{folder}.{}", format.extension());
        let mut bound = self.documents(shape, &facts, index)?;
        if shape == VolumeShape::TwoCases {
            let other = OTHER_CASE + index;
            bound.extend(self.documents(shape, &Facts::invent(seed, other), other)?);
        }
        let (data, pages) = self.file(&file, format, index, &bound)?;
        let directory = cases_dir.join(&folder);
        fs::create_dir(&directory).map_err(Error::io("create", &directory))?;
        let path = directory.join(&file);
        fs::write(&path, &data).map_err(Error::io("write", &path))?;
        let mut pages = pages.into_iter();
        let documents = (1..).zip(bound).map(|(ordinal, document)| DocumentTruth {
            ordinal,
            file: file.clone(),
            title: document.title,
            kind: document.kind,
            format,
            born_digital: format == Format::PdfText,
            pages: pages.by_ref().take(document.sheets.len()).collect(),
        });
        let truth = CaseTruth {
            archival_code: facts.archival_code.clone(),
            fields: facts.fields(),
            details: facts.details(),
            documents: documents.collect(),
            folder,
            seed,
            index,
        };
        Ok((truth, data.len() as u64))
    }

    fn file(
        &self,
        file: &str,
        format: Format,
        index: u32,
        bound: &[Bound],
    ) -> Result<(Vec<u8>, Vec<PageTruth>), Error> {
        let sheets = || bound.iter().flat_map(|document| &document.sheets);
        if format == Format::PdfText {
            let sheets: Vec<Sheet> = sheets().cloned().collect();
            let data = files::text_pdf(file, file, &sheets, self.fonts, self.text_fonts)?;
            let pages = (1..)
                .zip(&sheets)
                .map(|(number, sheet)| scan::born_digital(sheet, self.fonts, number));
            return Ok((data, pages.collect()));
        }
        let mut scans = Vec::new();
        for (at, document) in (0..).zip(bound) {
            let job = job_of(self.options, document.paper, format, Position { index, at });
            for (page, sheet) in document.sheets.iter().enumerate() {
                let number = count(scans.len()) + 1;
                let back = document.sheets.get(page + 1).unwrap_or(sheet);
                let mut rng = random(self.options.seed, index, 0x4_0000 + number);
                scans.push(scan::scan(sheet, back, self.fonts, &job, number, &mut rng));
            }
        }
        let data = files::encode(file, format, &scans)?;
        Ok((data, scans.into_iter().map(|scan| scan.truth).collect()))
    }

    fn documents(&self, shape: VolumeShape, facts: &Facts, index: u32) -> Result<Vec<Bound>, Error> {
        match shape {
            VolumeShape::Report => return Ok(vec![self.paper(Paper::Report(5), facts, index, 0)?]),
            VolumeShape::Annex => {
                let mut decision = self.paper(Paper::Decision, facts, index, 0)?;
                decision
                    .sheets
                    .extend(write_extra(Extra::Annex, facts, self.fonts, index)?);
                return Ok(vec![decision]);
            }
            _ => {}
        }
        let mut bound = Vec::new();
        let mut entries: Vec<ContentsEntry> = Vec::new();
        let mut page = 1 + usize::from(shape == VolumeShape::SelfCounting);
        for (at, paper) in (0..).zip(papers(facts, index)) {
            let document = self.paper(paper, facts, index, at)?;
            entries.push(entry(facts, paper, page, document.sheets.len()));
            page += document.sheets.len();
            bound.push(document);
            if shape == VolumeShape::Copies && at < 2 {
                let copy = self.extra(
                    Extra::Copy,
                    ["法定代表人身份证复印件", "经营场所照片"][at as usize],
                    facts,
                    index,
                )?;
                entries.push(ContentsEntry {
                    title: copy.title.clone(),
                    number: String::new(),
                    author: facts.applicant.name.clone(),
                    date: facts.applied,
                    page,
                    last_page: page + copy.sheets.len() - 1,
                });
                page += copy.sheets.len();
                bound.push(copy);
            }
        }
        let mut before = Vec::new();
        if shape == VolumeShape::Listed {
            before.push(self.extra(Extra::Cover, "封面", facts, index)?);
            bound.push(self.extra(Extra::Remarks, "卷内备考表", facts, index)?);
        }
        if shape != VolumeShape::Unlisted {
            let rng = random(self.options.seed, index, 0x5_0000);
            before.push(Bound {
                title: Paper::Contents.title(facts.plan.outcome).to_owned(),
                kind: DocumentKind::Contents,
                paper: Paper::Contents,
                sheets: documents::write(Paper::Contents, facts, self.fonts, &rng, &entries)?,
            });
        }
        before.extend(bound);
        Ok(before)
    }

    fn paper(&self, paper: Paper, facts: &Facts, index: u32, at: u32) -> Result<Bound, Error> {
        let rng = random(self.options.seed, index, 0x5_0001 + at);
        Ok(Bound {
            title: paper.title(facts.plan.outcome).to_owned(),
            kind: paper.kind(),
            paper,
            sheets: documents::write(paper, facts, self.fonts, &rng, &[])?,
        })
    }

    fn extra(&self, extra: Extra, title: &str, facts: &Facts, index: u32) -> Result<Bound, Error> {
        Ok(Bound {
            title: title.to_owned(),
            kind: DocumentKind::Other,
            paper: Paper::Receipt,
            sheets: write_extra(extra, facts, self.fonts, index)?,
        })
    }
}

/// The papers of a case in the order in which they are bound.
fn papers(facts: &Facts, index: u32) -> Vec<Paper> {
    use rand::RngExt;

    let mut rng = random(0, index, 0x6_0000);
    let mut papers = vec![Paper::Application];
    if rng.random_bool(0.3) {
        papers.push(Paper::Supplement);
    }
    papers.push(Paper::Acceptance);
    if facts.plan.outcome == Outcome::Withdrawn {
        papers.extend([Paper::Withdrawal, Paper::Decision]);
        return papers;
    }
    if rng.random_bool(0.5) {
        papers.push(Paper::Inspection);
    }
    papers.push(if rng.random_bool(0.5) {
        Paper::Report(2)
    } else {
        Paper::Review
    });
    papers.push(Paper::Decision);
    if facts.plan.has_licence() {
        papers.push(Paper::Licence);
    }
    papers.push(Paper::Receipt);
    papers
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn every_shape_is_written_with_its_pages_and_the_same_bytes_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let options = |name: &str| SampleOptions {
            out: folder.path().join(name),
            cases: 7,
            seed: 3,
            level: Level::Clean,
            only_formats: Some(vec![Format::PdfText]),
        };
        let summary = volumes(&options("a")).unwrap();
        volumes(&options("b")).unwrap();
        assert_eq!((summary.cases, summary.files), (7, 7));
        for entry in fs::read_dir(folder.path().join("a/truth")).unwrap() {
            let path = entry.unwrap().path();
            let truth: CaseTruth = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let shape = VolumeShape::of(truth.index);
            assert_eq!(
                truth.documents.len() > 1,
                shape.is_volume() || shape == VolumeShape::TwoCases
            );
            let numbers: Vec<u32> = truth
                .documents
                .iter()
                .flat_map(|d| &d.pages)
                .map(|page| page.number)
                .collect();
            assert_eq!(numbers, (1..=count(numbers.len())).collect::<Vec<_>>());
            let file = Path::new("cases").join(&truth.folder).join(&truth.documents[0].file);
            let [a, b] = ["a", "b"].map(|run| fs::read(folder.path().join(run).join(&file)).unwrap());
            assert_eq!(a, b);
        }
    }

    #[test]
    fn too_many_and_no_fitting_format_are_refused() {
        let options = SampleOptions {
            out: Path::new("nowhere").to_owned(),
            cases: MOST_CASES,
            seed: 1,
            level: Level::Clean,
            only_formats: None,
        };
        assert!(matches!(volumes(&options), Err(Error::TooManyCases { .. })));
        let options = SampleOptions {
            cases: 1,
            only_formats: Some(vec![Format::Jpeg]),
            ..options
        };
        assert!(matches!(volumes(&options), Err(Error::NoFormat)));
    }
}
