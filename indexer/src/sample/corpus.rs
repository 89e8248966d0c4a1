//! Single pages for measuring how well they are read: every kind of paper at every level, each in another look, with
//! its truth beside it in the form of the project's shared scans (`NAME.jpg`, `NAME.json`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use juanzong::record::{ApplicantKind, Outcome};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::documents::{self, ContentsEntry, Look};
use super::facts::{Effect, Facts, Paper, Plan, random};
use super::fonts::Fonts;
use super::generate::{THREADS, entry};
use super::paper::Sheet;
use super::scan::{self, Job, Scan};
use super::truth::{Degradations, LineTruth, PageTruth};
use super::{Error, Format, Level, MOST_CASES, files};

/// A kind of paper that is measured on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 准予行政许可决定书
    Decision,
    /// 行政许可申请表: a ruled form.
    Application,
    /// 许可证 with border and seal.
    Licence,
    /// 受理通知书
    Acceptance,
    /// 不予行政许可决定书
    Refusal,
    /// 食品经营许可证
    Food,
    /// 卷内目录: a ruled list with wrapped cells.
    Contents,
    /// 审查报告: a full page of running text.
    Reasons,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Decision,
        Self::Application,
        Self::Licence,
        Self::Acceptance,
        Self::Refusal,
        Self::Food,
        Self::Contents,
        Self::Reasons,
    ];

    /// Its name in the truth, as in the shared scans.
    pub fn code(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Application => "application",
            Self::Licence => "license",
            Self::Acceptance => "acceptance",
            Self::Refusal => "rejection",
            Self::Food => "food",
            Self::Contents => "toc",
            Self::Reasons => "rationale",
        }
    }

    fn paper(self) -> Paper {
        match self {
            Self::Decision | Self::Refusal => Paper::Decision,
            Self::Application => Paper::Application,
            Self::Licence => Paper::Licence,
            Self::Acceptance => Paper::Acceptance,
            Self::Food => Paper::FoodLicence,
            Self::Contents => Paper::Contents,
            Self::Reasons => Paper::Report(3),
        }
    }

    fn fits(self, outcome: Outcome) -> bool {
        match self {
            Self::Refusal => outcome == Outcome::Refused,
            _ => matches!(outcome, Outcome::Granted | Outcome::Renewed | Outcome::Changed),
        }
    }
}

/// Which pages are made.
#[derive(Clone, Debug)]
pub struct CorpusOptions {
    /// Directory to write into; made when it does not exist. Files of the same names are replaced.
    pub out: PathBuf,
    /// Seed of all chance.
    pub seed: u64,
    /// Pages of each level; the kinds follow each other.
    pub pages_per_level: u32,
}

/// The truth of a page, as it is written beside it.
#[derive(Serialize)]
struct ScanTruth<'a> {
    name: &'a str,
    image: String,
    kind: &'static str,
    level: Level,
    width: u32,
    height: u32,
    dpi: u32,
    rotation: u32,
    degradations: &'a Degradations,
    fields: BTreeMap<&'static str, &'a str>,
    seals: &'a [String],
    lines: &'a [LineTruth],
}

/// Makes the pages.
///
/// # Errors
/// A missing font by the name of its Debian package, or a file that cannot be written.
pub fn corpus(options: &CorpusOptions) -> Result<(), Error> {
    let fonts = Fonts::load()?;
    fs::create_dir_all(&options.out).map_err(Error::io("create", &options.out))?;
    let levels = [Level::Clean, Level::Normal, Level::Hard];
    let count = options.pages_per_level * 3;
    each(count, |number| {
        let level = levels[(number / options.pages_per_level) as usize];
        let kind = Kind::ALL[number as usize % Kind::ALL.len()];
        let printed = Printed::new(options.seed, number, kind, &fonts, None)?;
        let job = job(options.seed, number, level);
        let scan = printed.scan(&fonts, &job, 1);
        let name = format!("{}_{:02}_{}", level_code(level), number, kind.code());
        write((&options.out, &name), kind, &printed.facts, job.format, &scan)
    })
}

/// Makes a PDF of scanned pages (JPEG), clean and normal in turn, of all kinds; gives the truth of its pages.
///
/// # Errors
/// As [`corpus`].
pub fn book(seed: u64, pages: u32, path: &Path) -> Result<Vec<PageTruth>, Error> {
    let fonts = Fonts::load()?;
    let scans = Mutex::new(Vec::new());
    each(pages, |number| {
        let level = [Level::Clean, Level::Normal][number as usize % 2];
        let kind = Kind::ALL[number as usize % Kind::ALL.len()];
        // Cases of their own, not those of the corpus.
        let printed = Printed::new(seed, number + 100, kind, &fonts, None)?;
        let job = Job {
            format: Format::PdfJpeg,
            ..job(seed, number, level)
        };
        let scan = printed.scan(&fonts, &job, number + 1);
        scans.lock().unwrap_or_else(PoisonError::into_inner).push(scan);
        Ok(())
    })?;
    let mut scans = scans.into_inner().unwrap_or_else(PoisonError::into_inner);
    scans.sort_by_key(|scan| scan.truth.number);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = files::encode(&name, Format::PdfJpeg, &scans)?;
    fs::write(path, bytes).map_err(Error::io("write", path))?;
    Ok(scans.into_iter().map(|scan| scan.truth).collect())
}

/// Does something for each number, several at once; the first error in order of time ends it.
fn each(count: u32, make: impl Fn(u32) -> Result<(), Error> + Sync) -> Result<(), Error> {
    let next = AtomicU32::new(0);
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    if let Err(error) = make(number) {
                        next.store(count, Ordering::Relaxed);
                        let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                        failed.get_or_insert(error);
                    }
                }
            });
        }
    });
    failed
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .map_or(Ok(()), Err)
}

fn level_code(level: Level) -> &'static str {
    match level {
        Level::Clean => "clean",
        Level::Normal | Level::Mixed => "normal",
        Level::Hard => "hard",
    }
}

/// How a page is scanned: effects, grey, and formats follow each other by number, moved on by the seed.
pub(super) fn job(seed: u64, number: u32, level: Level) -> Job {
    let place = number.wrapping_add(u32::try_from(seed % 1000).unwrap_or(0));
    let effect = |at: u32| Effect::ALL[at as usize % Effect::ALL.len()];
    let effects = [effect(place), effect(place.wrapping_mul(3).wrapping_add(4))];
    let format = match level {
        Level::Hard if effects.contains(&Effect::Fax) => Format::TiffG4,
        Level::Normal if place % 5 == 2 => Format::TiffG4,
        Level::Normal if place % 7 == 3 => Format::Png,
        _ => Format::Jpeg,
    };
    Job {
        format,
        level,
        effects,
        grey: place % 3 == 1,
        exif_turn: 0,
        turn: None,
    }
}

/// A sheet of a case, and one whose print may show through from behind.
pub(super) struct Printed {
    pub(super) facts: Facts,
    pub(super) sheet: Sheet,
    pub(super) back: Sheet,
    rng: ChaCha8Rng,
}

impl Printed {
    /// A sheet of some kind of the case of this number, in a look of its own unless one is given.
    pub(super) fn new(seed: u64, number: u32, kind: Kind, fonts: &Fonts, look: Option<Look>) -> Result<Self, Error> {
        // The plans repeat every twenty cases; among those, start somewhere else each time, and in another county.
        let start = number * 31 % (MOST_CASES - 20);
        let index = (start..start + 20).find(|index| kind.fits(Plan::of(*index).outcome));
        let facts = Facts::invent(seed, index.unwrap_or(start));
        let mut rng = random(seed, number, 0x2_0000);
        let look = look.unwrap_or_else(|| Look::varied(&mut rng));
        let entries = if kind == Kind::Contents {
            contents_entries(&facts, &mut rng, if look.landscape { 6 } else { 12 })
        } else {
            Vec::new()
        };
        let chance = random(seed, number, 0x2_0001);
        let mut sheets = documents::write_as(&look, kind.paper(), &facts, fonts, &chance, &entries)?;
        let at = match kind {
            // The last sheet may hold nothing but the end of a sentence.
            Kind::Reasons => rng.random_range(0..sheets.len().saturating_sub(1).max(1)),
            _ => 0,
        };
        let sheet = sheets.swap_remove(at);
        let back = documents::write_as(&look, Paper::Acceptance, &facts, fonts, &chance, &[])?;
        let back = back.into_iter().next().unwrap_or_else(|| sheet.clone());
        Ok(Self {
            facts,
            sheet,
            back,
            rng,
        })
    }

    pub(super) fn scan(&self, fonts: &Fonts, job: &Job, number: u32) -> Scan {
        scan::scan(&self.sheet, &self.back, fonts, job, number, &mut self.rng.clone())
    }
}

/// The lines of a contents list of so many documents.
fn contents_entries(facts: &Facts, rng: &mut ChaCha8Rng, most: usize) -> Vec<ContentsEntry> {
    let papers = [
        Paper::Decision,
        Paper::Application,
        Paper::Supplement,
        Paper::Acceptance,
        Paper::Inspection,
        Paper::Withdrawal,
        Paper::Hearing,
        Paper::Report(2),
        Paper::Review,
        Paper::Licence,
        Paper::FoodLicence,
        Paper::Receipt,
    ];
    let count = rng.random_range(most / 2 + 1..=most);
    let mut page = 1;
    let of_paper = |paper: &Paper| {
        let pages = rng.random_range(1..14);
        let entry = entry(facts, *paper, page, pages);
        page += pages;
        entry
    };
    papers.iter().take(count).map(of_paper).collect()
}

/// The values that the page must give, where they stand on it (broken over the lines of a cell, if need be).
fn fields<'a>(facts: &'a Facts, truth: &PageTruth) -> BTreeMap<&'static str, &'a str> {
    let text: String = truth.lines.iter().map(|line| line.text.as_str()).collect();
    let applicant = &facts.applicant;
    let person = applicant.kind == ApplicantKind::Person;
    let credit_code = if person { "" } else { applicant.id_number.as_str() };
    [
        ("文号", facts.document_number.as_str()),
        ("统一社会信用代码", credit_code),
        ("身份证号", applicant.representative.id_number.as_str()),
        ("申请人名称", applicant.name.as_str()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty() && text.contains(value))
    .collect()
}

fn write((out, name): (&Path, &str), kind: Kind, facts: &Facts, format: Format, scan: &Scan) -> Result<(), Error> {
    let truth = &scan.truth;
    let image = format!("{name}.{}", format.extension());
    let bytes = files::encode(&image, format, std::slice::from_ref(scan))?;
    let path = out.join(&image);
    fs::write(&path, bytes).map_err(Error::io("write", &path))?;
    let written = ScanTruth {
        name,
        image,
        kind: kind.code(),
        level: truth.level,
        width: truth.width,
        height: truth.height,
        dpi: truth.dpi,
        rotation: truth.rotation,
        degradations: &truth.degradations,
        fields: fields(facts, truth),
        seals: &truth.seals,
        lines: &truth.lines,
    };
    let path = out.join(format!("{name}.json"));
    let json = serde_json::to_vec_pretty(&written).map_err(|e| Error::Encode {
        file: format!("{name}.json"),
        reason: e.to_string(),
    })?;
    fs::write(&path, json).map_err(Error::io("write", &path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corpus_holds_its_pages_with_their_truth_and_their_fields() {
        let folder = tempfile::tempdir().unwrap();
        let options = CorpusOptions {
            out: folder.path().to_owned(),
            seed: 11,
            pages_per_level: 3,
        };
        corpus(&options).unwrap();
        let mut names = Vec::new();
        for entry in fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().unwrap() != "json" {
                continue;
            }
            let truth: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let image = fs::read(folder.path().join(truth["image"].as_str().unwrap())).unwrap();
            assert!(image.len() > 10_000);
            let lines = truth["lines"].as_array().unwrap();
            assert!(lines.len() > 8 && lines[0]["text"].is_string() && lines[0]["quad"][3][1].is_number());
            // A page from the middle of a report may name none.
            let named = !truth["fields"].as_object().unwrap().is_empty() || truth["kind"] == "rationale";
            assert!(named, "{path:?}");
            names.push(truth["name"].as_str().unwrap().to_owned());
        }
        names.sort();
        let levels: Vec<&str> = names.iter().map(|name| name.split('_').next().unwrap()).collect();
        assert_eq!(levels[..3], ["clean"; 3]);
        assert_eq!(levels[3..6], ["hard"; 3]);
        assert_eq!(levels[6..], ["normal"; 3]);
    }
}
