//! Generates the cases, several at once, and writes them.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};

use juanzong::record::{CivilDate, Outcome};

use super::documents::{self, ContentsEntry};
use super::facts::{Effect, Facts, Paper, Plan, random};
use super::files::{self, TextFonts};
use super::fonts::Fonts;
use super::paper::Sheet;
use super::scan::{self, Job};
use super::truth::{CaseTruth, DocumentTruth};
use super::{Error, Format, Level, MOST_CASES, SampleOptions, SampleSummary, manifest};

/// Threads that draw and encode; page images are large, so no more than this.
pub(super) const THREADS: usize = 2;

/// Generates cases into a directory.
///
/// # Errors
/// A missing font by the name of its Debian package, a directory that is not empty, or a file that cannot be
/// written. The manifest is written last, so a failed run leaves none.
pub fn generate(options: &SampleOptions) -> Result<SampleSummary, Error> {
    if options.cases > MOST_CASES {
        return Err(Error::TooManyCases {
            asked: options.cases,
            most: MOST_CASES,
        });
    }
    if options.only_formats.as_ref().is_some_and(Vec::is_empty) {
        return Err(Error::NoFormat);
    }
    let fonts = Fonts::load()?;
    let (cases_dir, truth_dir) = (options.out.join("cases"), options.out.join("truth"));
    prepare(&options.out, [&cases_dir, &truth_dir])?;
    let text_fonts = TextFonts::default();
    let next = AtomicU32::new(0);
    let results: Mutex<Vec<Result<(CaseTruth, u64), Error>>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= options.cases {
                        return;
                    }
                    let bench = Bench {
                        options,
                        fonts: &fonts,
                        text_fonts: &text_fonts,
                    };
                    let result = bench.case(index, &cases_dir, &truth_dir);
                    if result.is_err() {
                        // No use in starting further cases.
                        next.store(options.cases, Ordering::Relaxed);
                    }
                    results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut cases = results.into_iter().collect::<Result<Vec<_>, _>>()?;
    cases.sort_by_key(|(case, _)| case.index);
    let bytes = cases.iter().map(|(_, bytes)| bytes).sum();
    let cases: Vec<CaseTruth> = cases.into_iter().map(|(case, _)| case).collect();
    let manifest = options.out.join("manifest.csv");
    manifest::write(&manifest, &cases)?;
    let documents = || cases.iter().flat_map(|case| &case.documents);
    Ok(SampleSummary {
        cases: options.cases,
        files: count(documents().count()),
        pages: count(documents().map(|document| document.pages.len()).sum()),
        bytes,
        cases_dir,
        manifest,
        truth_dir,
    })
}

pub(super) fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Makes the directories; refuses to mix with what is there.
pub(super) fn prepare(out: &Path, directories: [&Path; 2]) -> Result<(), Error> {
    if out.is_dir() {
        let mut entries = fs::read_dir(out).map_err(Error::io("read", out))?;
        if entries.next().is_some() {
            return Err(Error::OutputNotEmpty { path: out.to_owned() });
        }
    }
    for directory in directories {
        fs::create_dir_all(directory).map_err(Error::io("create", directory))?;
    }
    Ok(())
}

/// The folder name of a case: its archival code without characters that some file system refuses.
pub(super) fn folder_name(archival_code: &str) -> String {
    let refused = |c: char| c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*');
    let mut name: String = archival_code
        .chars()
        .map(|c| if refused(c) { '_' } else { c })
        .collect();
    if name.ends_with(['.', ' ']) {
        name.pop();
        name.push('_');
    }
    name
}

/// What it takes to make a case.
struct Bench<'a> {
    options: &'a SampleOptions,
    fonts: &'a Fonts,
    text_fonts: &'a TextFonts,
}

impl Bench<'_> {
    fn case(&self, index: u32, cases_dir: &Path, truth_dir: &Path) -> Result<(CaseTruth, u64), Error> {
        let seed = self.options.seed;
        let facts = Facts::invent(seed, index);
        let folder = folder_name(&facts.archival_code);
        let directory = cases_dir.join(&folder);
        fs::create_dir(&directory).map_err(Error::io("create", &directory))?;
        let papers = facts.plan.papers;
        // The contents list is first but knows the pages of all others, so it is written last.
        let mut sheets: Vec<Vec<Sheet>> = vec![Vec::new(); papers.len()];
        let mut entries = Vec::new();
        let mut page = 1 + usize::from(matches!(papers.first(), Some((Paper::Contents, _))));
        for (at, (paper, _)) in papers
            .iter()
            .enumerate()
            .filter(|(_, (paper, _))| *paper != Paper::Contents)
        {
            let rng = random(seed, index, 1 + count(at));
            sheets[at] = documents::write(*paper, &facts, self.fonts, &rng, &[])?;
            entries.push(entry(&facts, *paper, page, sheets[at].len()));
            page += sheets[at].len();
        }
        for (at, (paper, _)) in papers
            .iter()
            .enumerate()
            .filter(|(_, (paper, _))| *paper == Paper::Contents)
        {
            let rng = random(seed, index, 1 + count(at));
            sheets[at] = documents::write(*paper, &facts, self.fonts, &rng, &entries)?;
        }
        let mut documents = Vec::new();
        let mut bytes = 0;
        for (at, ((paper, planned), sheets)) in papers.iter().zip(&sheets).enumerate() {
            let title = paper.title(facts.plan.outcome);
            let position = Position { index, at: count(at) };
            let format = format_of(self.options, *planned, position, sheets.len());
            let file = format!("{:02}-{title}.{}", at + 1, format.extension());
            let (data, pages) = if format == Format::PdfText {
                let data = files::text_pdf(&file, title, sheets, self.fonts, self.text_fonts)?;
                let pages = (1..)
                    .zip(sheets)
                    .map(|(number, sheet)| scan::born_digital(sheet, self.fonts, number));
                (data, pages.collect())
            } else {
                let job = job_of(self.options, *paper, format, position);
                let scans: Vec<_> = (0_u32..)
                    .zip(sheets)
                    .map(|(page, sheet)| {
                        let back = sheets.get(page as usize + 1).unwrap_or(sheet);
                        let mut rng = random(seed, index, 0x1_0000 + count(at) * 0x100 + page);
                        scan::scan(sheet, back, self.fonts, &job, page + 1, &mut rng)
                    })
                    .collect();
                let data = files::encode(&file, format, &scans)?;
                (data, scans.into_iter().map(|scan| scan.truth).collect())
            };
            let path = directory.join(&file);
            fs::write(&path, &data).map_err(Error::io("write", &path))?;
            bytes += data.len() as u64;
            documents.push(DocumentTruth {
                ordinal: count(at) + 1,
                file,
                title: title.to_owned(),
                kind: paper.kind(),
                format,
                born_digital: format == Format::PdfText,
                pages,
            });
        }
        let truth = CaseTruth {
            archival_code: facts.archival_code.clone(),
            fields: facts.fields(),
            details: facts.details(),
            folder,
            seed,
            index,
            documents,
        };
        write_truth(truth_dir, &truth)?;
        Ok((truth, bytes))
    }
}

/// Writes the truth of a case.
pub(super) fn write_truth(truth_dir: &Path, truth: &CaseTruth) -> Result<(), Error> {
    let path = truth_dir.join(format!("{}.json", truth.folder));
    let json = serde_json::to_vec_pretty(truth).map_err(|e| Error::Encode {
        file: format!("{}.json", truth.folder),
        reason: e.to_string(),
    })?;
    fs::write(&path, json).map_err(Error::io("write", &path))
}

/// Where a document stands: case and place in the case.
#[derive(Clone, Copy)]
pub(super) struct Position {
    pub(super) index: u32,
    pub(super) at: u32,
}

/// The planned format, moved on by one list for each repetition of the plans and restricted as asked.
pub(super) fn format_of(options: &SampleOptions, planned: Format, position: Position, pages: usize) -> Format {
    let fits = |format: &Format| pages == 1 || !format.is_single_page();
    let repetition = Plan::repetition(position.index) as usize;
    let start = Format::ALL.iter().position(|format| *format == planned).unwrap_or(0) + repetition * 3;
    let wanted = |format: &Format| options.only_formats.as_ref().is_none_or(|only| only.contains(format));
    (0..Format::ALL.len())
        .map(|step| Format::ALL[(start + step) % Format::ALL.len()])
        .find(|format| fits(format) && wanted(format))
        .unwrap_or(Format::PdfJpeg)
}

/// How a document is scanned: levels, pairs of effects, grey scanning and EXIF turns follow each other by
/// position, so that all of them occur early.
pub(super) fn job_of(options: &SampleOptions, paper: Paper, format: Format, position: Position) -> Job {
    let place = Plan::scanned_before(position.index) + position.at;
    let (level, round) = match options.level {
        Level::Mixed => {
            let level = [Level::Clean, Level::Normal, Level::Hard, Level::Normal][place as usize % 4];
            (level, place / 4)
        }
        level => (level, place),
    };
    let effect = |at: u32| Effect::ALL[at as usize % Effect::ALL.len()];
    let exif_turn = match (format, place % 3) {
        (Format::Jpeg, 0) => [90, 270, 180][place as usize / 3 % 3],
        _ => 0,
    };
    Job {
        format,
        level,
        effects: [effect(round), effect(round * 3 + 4)],
        grey: paper != Paper::Licence && place % 5 == 1,
        exif_turn,
        turn: None,
    }
}

/// The line of a document in the contents list.
pub(super) fn entry(facts: &Facts, paper: Paper, page: usize, pages: usize) -> ContentsEntry {
    let applicant = || facts.applicant.name.clone();
    let agency = || facts.agency.clone();
    let own = |title: &str| format!("{}{title}", facts.matter.name);
    let (number, author, title, date): (String, String, String, CivilDate) = match paper {
        Paper::Application | Paper::Withdrawal => {
            let title = paper.title(facts.plan.outcome);
            (
                String::new(),
                applicant(),
                format!("{}{title}", applicant()),
                facts.applied,
            )
        }
        Paper::Supplement => (String::new(), agency(), own("申请材料补正告知书"), facts.applied),
        Paper::Acceptance => (
            facts.acceptance_number.clone(),
            agency(),
            own("受理通知书"),
            facts.accepted,
        ),
        Paper::Inspection => (
            String::new(),
            facts.department.to_owned(),
            own("现场核查记录表"),
            facts.inspected,
        ),
        Paper::Hearing => (String::new(), agency(), own("听证笔录"), facts.inspected),
        Paper::Report(_) => (
            String::new(),
            facts.department.to_owned(),
            format!("关于{}的审查报告", applicant()),
            facts.decided,
        ),
        Paper::Review => (
            String::new(),
            facts.department.to_owned(),
            own("审查意见表"),
            facts.decided,
        ),
        Paper::Licence | Paper::FoodLicence => (
            facts.licence_number.clone(),
            agency(),
            format!("{}正本", facts.matter.licence),
            facts.decided,
        ),
        Paper::Receipt => (
            String::new(),
            facts.clerk.name.clone(),
            "送达回证".to_owned(),
            facts.served,
        ),
        Paper::Decision | Paper::Contents => {
            let title = match facts.plan.outcome {
                Outcome::Refused => format!("关于不予{}的决定", facts.matter.name),
                Outcome::Withdrawn => format!("关于终止审查{}申请的决定", facts.matter.name),
                _ => format!("关于准予{}的决定", facts.matter.name),
            };
            (facts.document_number.clone(), agency(), title, facts.decided)
        }
    };
    ContentsEntry {
        number,
        author,
        title,
        date,
        page,
        last_page: page + pages - 1,
    }
}
