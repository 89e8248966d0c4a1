//! The pass through the archive.

use std::collections::HashMap;
use std::sync::Arc;

use thiserror::Error;

use super::applicants::Applicants;
use super::draft::{Draft, Finding, ID_BYTES};
use super::names::Names;
use super::rule::Rule;
use super::rules::{
    CheckDigits, Dates, Missing, Numbering, Outcomes, Outliers, OverTime, Retentions, identical_scans, similar_scans,
};
use super::seen::{Examiner, SeenCase};
use super::series::NumberSeries;
use super::similar;
use crate::access::VisibleCases;
use crate::analysis::Analyser;
use crate::analytics::{Clock, WorkingDays};
use crate::catalogue::{self, CaseRow, Catalogue};
use crate::record::{CivilDate, Outcome, Retention};

/// Why findings could not be made.
#[derive(Debug, Error)]
pub enum Error {
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// A fault of the program.
    #[error("the findings were interrupted")]
    Interrupted,
}

/// Cases read at a time.
const AT_A_TIME: u32 = 4_000;

/// What can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Parameters {
    /// Within how many months a grant after a refusal is told: 1 to 120.
    pub months: u32,
}

impl Parameters {
    /// Months from a refusal to a grant that may be asked for.
    pub const MONTHS: std::ops::RangeInclusive<u32> = 1..=120;
}

impl Default for Parameters {
    fn default() -> Self {
        Self { months: 12 }
    }
}

/// The tables that rules look into.
pub struct Reference {
    analyser: Analyser,
    pub(super) clock: Clock,
}

impl Reference {
    /// The tables of an archive.
    pub fn new(analyser: &Analyser) -> Self {
        Self {
            clock: Clock::new(analyser.dictionaries()),
            analyser: analyser.clone(),
        }
    }

    /// Which days are worked.
    pub(super) fn working_days(&self) -> &WorkingDays {
        self.clock.working_days()
    }

    /// The holiday on which a day is; `None` for an ordinary weekend.
    pub(super) fn holiday(&self, on: CivilDate) -> Option<Box<str>> {
        let holiday = self.analyser.dictionaries().holidays.get(on)?;
        Some(holiday.name.as_str().into())
    }

    /// The least retention period that the table names.
    pub(super) fn least_retention(&self, matter: Option<&str>, outcome: Option<Outcome>) -> Option<Retention> {
        self.analyser.dictionaries().retention.least(matter, outcome)
    }
}

/// What was found.
#[derive(Debug)]
pub struct Findings {
    /// The findings: the gravest first, then by rule and cases.
    pub findings: Vec<Finding>,
    /// Cases that were looked at: those that may be seen.
    pub examined: u64,
    /// Sequence of the catalogue before the first case was read.
    pub sequence: u64,
    names: Names,
}

impl Findings {
    /// Name of the agency that a finding is about.
    pub fn agency<'a>(&'a self, finding: &Finding) -> Option<&'a str> {
        finding.agency.map(|agency| self.names.name(agency))
    }

    /// Bytes it takes, roughly.
    pub fn bytes(&self) -> usize {
        let mut series: HashMap<*const NumberSeries, usize> = HashMap::new();
        for of in self.findings.iter().filter_map(|finding| finding.detail.series()) {
            series.entry(Arc::as_ptr(of)).or_insert_with(|| of.bytes());
        }
        let shared: usize = series.values().sum();
        self.findings.iter().map(Finding::bytes).sum::<usize>() + shared + 10_000
    }
}

/// Key, agency and year of a case.
type Place = (u64, Option<u32>, Option<u32>);

fn sees(places: &[Place], case: u64) -> bool {
    places.binary_search_by_key(&case, |(key, ..)| *key).is_ok()
}

/// Compares how pages look, and the texts of those that look alike.
async fn tell_similar(places: &[Place], catalogue: &Catalogue, drafts: &mut Vec<Draft>) -> Result<(), Error> {
    let mut pages = catalogue.pictured_pages().await?;
    pages.retain(|page| sees(places, page.case_key));
    let (pages, pairs) = tokio::task::spawn_blocking(move || {
        let pairs = similar::alike(&pages);
        (pages, pairs)
    })
    .await
    .map_err(|_| Error::Interrupted)?;
    let mut same = Vec::new();
    for (a, b, bits) in pairs {
        let mut texts = [String::new(), String::new()];
        for (text, at) in texts.iter_mut().zip([a, b]) {
            let page = catalogue
                .page_of_content(&pages[at].content_id, pages[at].number)
                .await?;
            *text = page.map(|page| page.text.text()).unwrap_or_default();
        }
        if similar::say_the_same(&texts[0], &texts[1], bits) {
            same.push((a, b, bits));
        }
    }
    similar_scans(&pages, &same, drafts);
    Ok(())
}

/// A pass through the archive under way.
pub struct Examination {
    visible: VisibleCases,
    examiners: Vec<Box<dyn Examiner>>,
    over_time: OverTime,
    names: Names,
    /// Agency and year of each case that may be seen, in the order of keys.
    places: Vec<Place>,
}

impl Examination {
    /// Begins with no case.
    pub fn new(visible: VisibleCases, parameters: Parameters, reference: &Arc<Reference>) -> Self {
        Self {
            visible,
            examiners: vec![
                Box::new(Numbering::default()),
                Box::new(Dates::new(Arc::clone(reference))),
                Box::new(Missing::default()),
                Box::new(Outcomes::default()),
                Box::new(Applicants::new(parameters.months)),
                Box::new(CheckDigits::default()),
                Box::new(Retentions::new(Arc::clone(reference))),
                Box::new(Outliers::new(Arc::clone(reference))),
            ],
            over_time: OverTime::new(Arc::clone(reference)),
            names: Names::default(),
            places: Vec::new(),
        }
    }

    /// Goes through a whole archive.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn run(mut self, catalogue: &Catalogue) -> Result<Findings, Error> {
        let sequence = catalogue.sequence().await?;
        let mut last = 0;
        loop {
            let rows = catalogue.case_rows(last, AT_A_TIME).await?;
            let Some(row) = rows.last() else { break };
            last = row.case_key;
            for row in &rows {
                self.see(row);
            }
        }
        let mut drafts = Vec::new();
        self.over_time.tell(catalogue, &mut drafts).await?;
        let shared = catalogue.shared_contents().await?;
        tell_similar(&self.places, catalogue, &mut drafts).await?;
        let catalogue = catalogue.clone();
        let told = tokio::task::spawn_blocking(move || {
            identical_scans(&shared, |key| sees(&self.places, key), &mut drafts);
            self.tell(drafts, sequence, |rule, subject| {
                catalogue.identifier("finding", &format!("{} {subject}", rule.code()))
            })
        });
        told.await.map_err(|_| Error::Interrupted)
    }

    /// Takes notice of a case.
    pub fn see(&mut self, row: &CaseRow) {
        // A withdrawn case is answered like one that does not exist.
        if row.withdrawn {
            return;
        }
        let mut number = |name: Option<&str>| name.map(|name| self.names.number(name));
        let county = row.fields.region.as_ref().map(|region| region.as_str());
        let place = number(county.or(row.fields.agency.as_deref()));
        if !self.visible.allow(row.case_key, &row.archival_code, &row.fields) {
            for examiner in &mut self.examiners {
                examiner.hide(row, place);
            }
            return;
        }
        let case = SeenCase {
            row,
            agency: number(row.fields.agency.as_deref()),
            matter: number(row.fields.matter.as_deref().map(plain_matter)),
            place,
        };
        self.places.push((case.key(), case.agency, case.year()));
        for examiner in &mut self.examiners {
            examiner.see(&case);
        }
        self.over_time.see(&case);
    }

    /// Tells what was found, besides what is given; `id` makes the identifiers.
    fn tell(mut self, mut drafts: Vec<Draft>, sequence: u64, id: impl Fn(Rule, &str) -> String) -> Findings {
        for examiner in &mut self.examiners {
            examiner.tell(&self.names, &mut drafts);
        }
        let (names, places) = (self.names, self.places);
        let place = |case: &u64| {
            let at = places.binary_search_by_key(case, |(key, ..)| *key).ok()?;
            places.get(at).map(|(_, agency, year)| (*agency, *year))
        };
        let mut findings: Vec<Finding> = drafts
            .into_iter()
            .map(|draft| {
                let of_first = draft.cases.first().and_then(place).unwrap_or_default();
                let of_whole = draft.place.map(|(agency, year)| (Some(agency), Some(year)));
                let (agency, year) = of_whole.unwrap_or(of_first);
                let mut bytes = [0; ID_BYTES];
                // An identifier is that many bytes in hexadecimal.
                let _ = hex::decode_to_slice(id(draft.rule, &draft.subject), &mut bytes);
                Finding {
                    rule: draft.rule,
                    severity: draft.severity,
                    id: bytes,
                    cases: draft.cases.into(),
                    detail: draft.detail,
                    agency,
                    year,
                    of_many: draft.of_many,
                }
            })
            .collect();
        findings.sort_unstable_by(|a, b| {
            let order = |finding: &Finding| {
                (
                    finding.severity,
                    finding.rule,
                    finding.cases.first().copied(),
                    finding.id,
                )
            };
            order(a).cmp(&order(b))
        });
        Findings {
            findings,
            examined: places.len() as u64,
            sequence,
            names,
        }
    }
}

/// A matter without what says how it is dealt with, so that the renewal of a licence is of the matter of the licence.
fn plain_matter(matter: &str) -> &str {
    const DEALINGS: [&str; 10] = [
        "延续",
        "变更",
        "注销",
        "换证",
        "补证",
        "补发",
        "新办",
        "首次申请",
        "核发",
        "新申请",
    ];
    let mut plain = matter.trim();
    loop {
        let end = |c: char| matches!(c, '(' | ')' | '（' | '）' | '-' | '—' | ' ');
        let cut = plain.trim_end_matches(end);
        let shorter = DEALINGS.iter().find_map(|dealing| cut.strip_suffix(dealing));
        match shorter.map(|shorter| shorter.trim_end_matches(end)) {
            Some(shorter) if !shorter.is_empty() => plain = shorter,
            _ => return plain,
        }
    }
}
