//! The cases that are measured, with what is true of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use juanzong::record::{CivilDate, DocumentKind, FieldName, FloorArea, Money, PageText, PixelBox, Seal, TextLine};
use juanzong_indexer::sample::truth::{CaseTruth, DocumentTruth, PageTruth};
use juanzong_indexer::sample::{self, Level, SampleOptions};
use juanzong_indexer::score::Truth;
use serde::Deserialize;

/// Cases of one scan level.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) level: String,
    pub(crate) cases: Vec<Case>,
}

/// One case: its files, and what should be read out of them.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) documents: Vec<Document>,
    /// The value of each field that can be read somewhere in the case.
    pub(crate) expected: BTreeMap<FieldName, String>,
    /// True values that stand nowhere in the case: reading them is no error, and not reading them neither.
    pub(crate) true_elsewhere: BTreeMap<FieldName, String>,
    /// Values of details that can be read somewhere in the case.
    pub(crate) details: BTreeMap<FieldName, Vec<String>>,
    /// Identity number of a person who is named.
    pub(crate) person: Option<String>,
}

pub(crate) struct Document {
    pub(crate) file: PathBuf,
    /// Name by which the rules know it; that of a shared scan tells nothing.
    pub(crate) name: String,
    pub(crate) kind: Option<DocumentKind>,
    /// The exact text of the pages.
    pub(crate) pages: Vec<(u32, PageText)>,
}

/// Fields that no document of a case shows, or that follow from others.
const NOT_ON_PAPER: [FieldName; 3] = [FieldName::Title, FieldName::Retention, FieldName::SecurityClass];

/// Generates a third of the cases for each level, unless an earlier run did.
pub(crate) fn generated(out: &Path, seed: u64, cases: u32) -> anyhow::Result<Vec<Set>> {
    let mut sets = Vec::new();
    for (offset, level) in (0_u64..).zip([Level::Clean, Level::Normal, Level::Hard]) {
        let level_name = serde_json::to_value(level)?.as_str().unwrap_or_default().to_owned();
        let third = cases / 3 + u32::from(u64::from(cases % 3) > offset);
        if third == 0 {
            continue;
        }
        let seed = seed + offset;
        let folder = out.join(format!("cases-{seed}-{third}-{level_name}"));
        if !folder.join("manifest.csv").is_file() {
            if folder.is_dir() {
                std::fs::remove_dir_all(&folder).context("an unfinished set cannot be removed")?;
            }
            let options = SampleOptions {
                out: folder.clone(),
                cases: third,
                seed,
                level,
                only_formats: None,
            };
            sample::generate(&options).context("the cases cannot be generated")?;
        }
        sets.push(Set {
            name: "generated cases".to_owned(),
            level: level_name,
            cases: read_generated(&folder)?,
        });
    }
    Ok(sets)
}

fn read_generated(folder: &Path) -> anyhow::Result<Vec<Case>> {
    let mut truths: Vec<CaseTruth> = Vec::new();
    for entry in std::fs::read_dir(folder.join("truth"))? {
        truths.push(serde_json::from_slice(&std::fs::read(entry?.path())?)?);
    }
    truths.sort_by_key(|truth| truth.index);
    Ok(truths.iter().map(|truth| case_of(folder, truth)).collect())
}

fn case_of(folder: &Path, truth: &CaseTruth) -> Case {
    let (mut expected, mut true_elsewhere) = (BTreeMap::new(), BTreeMap::new());
    for (field, value) in truth.fields.iter().filter(|(field, _)| !NOT_ON_PAPER.contains(field)) {
        let readable = truth
            .documents
            .iter()
            .any(|document| stands_in(*field, value, truth, document));
        let list = if readable { &mut expected } else { &mut true_elsewhere };
        list.insert(*field, value.clone());
    }
    let documents = truth.documents.iter().map(|document| Document {
        file: folder.join("cases").join(&truth.folder).join(&document.file),
        name: document.file.clone(),
        kind: Some(document.kind),
        pages: document.pages.iter().map(|page| (page.number, exact(page))).collect(),
    });
    Case {
        name: truth.folder.clone(),
        documents: documents.collect(),
        expected,
        true_elsewhere,
        details: details_of(truth),
        person: None,
    }
}

/// The details that some paper of the case names.
fn details_of(truth: &CaseTruth) -> BTreeMap<FieldName, Vec<String>> {
    let papers = truth.documents.iter().filter(|d| d.kind != DocumentKind::Contents);
    let texts: Vec<String> = papers
        .map(|paper| {
            let text: String = paper.pages.iter().map(PageTruth::text).collect();
            text.chars().filter(|c| !c.is_whitespace()).collect()
        })
        .collect();
    let stands = |field: FieldName, value: &String| {
        texts.iter().any(|text| match field {
            FieldName::Amount => Money::find_all(text).iter().any(|f| f.value.to_string() == *value),
            FieldName::Area => FloorArea::find_all(text).iter().any(|f| f.value.to_string() == *value),
            _ => text.contains(value),
        })
    };
    let details = truth.details.iter().map(|(field, values)| {
        let readable = values.iter().filter(|value| stands(*field, value));
        (*field, readable.cloned().collect())
    });
    details.collect()
}

/// Whether a reader of this document alone would know the value of the field.
fn stands_in(field: FieldName, value: &str, case: &CaseTruth, document: &DocumentTruth) -> bool {
    use DocumentKind as K;
    let kind = document.kind;
    if kind == K::Contents {
        return false;
    }
    let text: String = document.pages.iter().map(PageTruth::text).collect();
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let dated = |kinds: &[DocumentKind]| {
        let date = CivilDate::parse(value);
        kinds.contains(&kind) && CivilDate::find_all(&text).iter().any(|found| Some(found.date) == date)
    };
    match field {
        FieldName::Region => case
            .fields
            .get(&FieldName::Agency)
            .is_some_and(|agency| text.contains(agency.as_str())),
        FieldName::Outcome => matches!(kind, K::Decision | K::Licence),
        FieldName::ApplicantKind => case
            .fields
            .get(&FieldName::ApplicantName)
            .is_some_and(|name| text.contains(name.as_str())),
        FieldName::AppliedOn => dated(&[
            K::Application,
            K::Decision,
            K::AcceptanceNotice,
            K::SupplementNotice,
            K::Other,
        ]),
        // The day may be that of applying: then only a paper that speaks of acceptance says it.
        FieldName::AcceptedOn => {
            dated(&[K::AcceptanceNotice])
                || dated(&[K::Decision, K::Review])
                    && CivilDate::find_all(&text).iter().any(|found| {
                        let after: String = text.chars().skip(found.span.end).take(10).collect();
                        let before: String = text
                            .chars()
                            .take(found.span.start)
                            .skip(found.span.start.saturating_sub(5))
                            .collect();
                        Some(found.date) == CivilDate::parse(value)
                            && (after.contains("受理") || before.contains("受理日期"))
                    })
        }
        FieldName::DecidedOn => dated(&[K::Decision, K::Licence]),
        FieldName::ServedOn => dated(&[K::ServiceReceipt]),
        FieldName::ValidFrom | FieldName::ValidUntil => dated(&[K::Decision, K::Licence]) && text.contains("有效期"),
        _ => text.contains(value),
    }
}

/// The page as a perfect reader would give it.
fn exact(page: &PageTruth) -> PageText {
    let lines = page.lines.iter().map(|line| TextLine {
        text: line.text.clone(),
        area: line.upright,
        confidence: 1.0,
        ..TextLine::default()
    });
    let seals = page.seals.iter().map(|text| Seal {
        text: text.clone(),
        area: PixelBox::from([0, 0, page.width, page.height]),
        confidence: 1.0,
    });
    PageText {
        lines: lines.collect(),
        seals: seals.collect(),
        form: Vec::new(),
    }
}

/// What the truth of a shared scan says beside what the scorer reads of it.
#[derive(Deserialize)]
struct Place {
    width: u32,
    height: u32,
    lines: Vec<PlacedLine>,
}

#[derive(Deserialize)]
struct PlacedLine {
    text: String,
    quad: [[f32; 2]; 4],
}

/// The shared scans, each a case of one page.
pub(crate) fn shared(folder: &Path) -> anyhow::Result<Vec<Set>> {
    let mut sets: BTreeMap<String, Set> = BTreeMap::new();
    for truth in Truth::of_folder(folder)? {
        let path = folder.join(format!("{}.json", truth.name));
        let place: Place = serde_json::from_slice(&std::fs::read(&path)?)?;
        let set = sets.entry(truth.level.clone()).or_insert_with(|| Set {
            name: "shared scans".to_owned(),
            level: truth.level.clone(),
            cases: Vec::new(),
        });
        set.cases.push(shared_case(folder, &truth, &place));
    }
    Ok(sets.into_values().collect())
}

fn shared_case(folder: &Path, truth: &Truth, place: &Place) -> Case {
    let kind = match truth.kind.as_str() {
        "decision" | "rejection" => Some(DocumentKind::Decision),
        "application" => Some(DocumentKind::Application),
        "license" | "food" => Some(DocumentKind::Licence),
        "acceptance" => Some(DocumentKind::AcceptanceNotice),
        "toc" => Some(DocumentKind::Contents),
        "rationale" => Some(DocumentKind::Review),
        _ => None,
    };
    let mut expected = BTreeMap::new();
    // The names and numbers in a contents list are those of other papers.
    let listed = kind == Some(DocumentKind::Contents);
    let mut person = None;
    for (name, value) in truth.fields.iter().filter(|_| !listed) {
        match name.as_str() {
            "文号" => drop(expected.insert(FieldName::DocumentNumber, value.clone())),
            "统一社会信用代码" => drop(expected.insert(FieldName::ApplicantIdNumber, value.clone())),
            "申请人名称" => drop(expected.insert(FieldName::ApplicantName, value.clone())),
            "身份证号" => person = Some(value.clone()),
            _ => {}
        }
    }
    if truth.kind == "rejection" {
        // Refused is a person, whose number is the only one.
        expected.insert(FieldName::Outcome, "refused".to_owned());
    }
    if truth.kind == "decision" {
        expected.insert(FieldName::Outcome, "granted".to_owned());
    }
    let lines = place.lines.iter().map(|line| {
        let edge = |axis: usize, pick: fn(f32, f32) -> f32| {
            line.quad.iter().map(|p| p[axis]).reduce(pick).unwrap_or(0.0).max(0.0)
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // pixels of a page
        let area = [
            edge(0, f32::min),
            edge(1, f32::min),
            edge(0, f32::max),
            edge(1, f32::max),
        ]
        .map(|v| v as u32);
        TextLine {
            text: line.text.clone(),
            area: PixelBox::from(area),
            confidence: 1.0,
            ..TextLine::default()
        }
    });
    let seals = truth.seals.iter().map(|text| Seal {
        text: text.clone(),
        area: PixelBox::from([0, 0, place.width, place.height]),
        confidence: 1.0,
    });
    let text = PageText {
        lines: lines.collect(),
        seals: seals.collect(),
        form: Vec::new(),
    };
    Case {
        name: truth.name.clone(),
        documents: vec![Document {
            file: folder.join(&truth.image),
            name: "001.jpg".to_owned(),
            kind,
            pages: vec![(1, text)],
        }],
        expected,
        true_elsewhere: BTreeMap::new(),
        details: BTreeMap::new(),
        person,
    }
}
