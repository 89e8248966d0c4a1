//! The audit report: figures, findings with their evidence, a sample, in one file that prints. It is written as it is read, a
//! picture at a time, so that it takes no more memory however many pages it shows.

mod charts;
mod evidence;
mod found;
mod page;
mod request;

use std::io::Write;
use std::time::Instant;

use super::provenance::About;
use super::{Error, ExportOptions, Note};
use crate::analytics::findings;
use crate::archive::{Labels, SampleAnswer, SelectedFindings, View};
use crate::catalogue;
use crate::search::statistics::{CellAnswer, FigureAnswer, StatisticsRequest, StatisticsResponse};
use crate::search::{self, Criteria};
use page::Page;

pub(crate) use page::policy;
pub use request::{ReportRequest, Section};

/// Agencies of the field of working days; the export of the statistics has all.
const AGENCIES: usize = 30;
/// Findings that are told one by one.
pub const MOST_FINDINGS: usize = 500;
/// Pages that are pictured.
pub const MOST_PICTURES: usize = 200;

/// Why a report could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The figures.
    #[error(transparent)]
    Search(#[from] search::Error),
    /// The findings.
    #[error(transparent)]
    Findings(#[from] findings::Error),
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
}

/// A report of which all is known but the pictures and the cases of findings.
pub struct AuditReport {
    request: ReportRequest,
    criteria: Criteria,
    figures: Option<StatisticsResponse>,
    working_days: Option<StatisticsResponse>,
    findings: Option<SelectedFindings>,
    sample: Option<SampleAnswer>,
}

/// A page that is pictured in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PicturedPage {
    /// Opaque id of the case.
    pub case_id: String,
    /// Position of the document in the case, from 1.
    pub document: u32,
    /// Number of the page in the document's file.
    pub page: u32,
}

impl AuditReport {
    /// Counts and selects what the report is to hold, of the cases that may be seen.
    ///
    /// # Errors
    /// When search or catalogue fail.
    pub async fn gather(
        view: &View,
        request: ReportRequest,
        labels: Labels,
        deadline: Instant,
    ) -> Result<Self, ReportError> {
        let counted = async |wanted, statistics: &StatisticsRequest| {
            if !request.has(wanted) {
                return Ok(None);
            }
            let mut counted = view.statistics(statistics.clone(), deadline).await?;
            if labels == Labels::English {
                counted.label_in_english();
            }
            Ok::<_, ReportError>(Some(counted))
        };
        let figures = counted(Section::Figures, &request.figures).await?;
        let working_days = counted(Section::WorkingDays, &request.working_days).await?;
        let findings = match request.has(Section::Findings) {
            true => Some(view.select_findings(&request.findings, labels).await?),
            false => None,
        };
        let sample = match request.has(Section::Sample) {
            true => {
                let found = view.all_matches(request.search.clone(), deadline).await?;
                Some(view.sample(request.sample.clone(), Some(&found), labels).await?)
            }
            false => None,
        };
        let understood = figures.as_ref().or(working_days.as_ref());
        let understood = understood.map_or("", |answer| answer.understood.as_str());
        Ok(Self {
            criteria: view.criteria(&request.search, understood),
            request,
            figures,
            working_days,
            findings,
            sample,
        })
    }

    /// Findings that were selected.
    pub fn findings(&self) -> usize {
        self.findings.as_ref().map_or(0, SelectedFindings::len)
    }

    /// Writes the report as HTML; returns how many findings it tells one by one. `picturing` is told of each page before it is
    /// pictured.
    ///
    /// # Errors
    /// When catalogue, page images, `picturing` or output fail. The output is not complete then.
    pub async fn write(
        &self,
        view: &View,
        options: &ExportOptions,
        out: impl Write,
        picturing: impl AsyncFnMut(PicturedPage) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let title = self.request.title.as_deref();
        let title = title.unwrap_or(options.pick("行政审批档案审计报告", "Audit report on approval archives"));
        let mut page = Page::begin(out, title, options)?;
        page.notes(&self.about(view, options))?;
        if let Some(figures) = &self.figures {
            write_figures(&mut page, figures)?;
        }
        if let Some(days) = &self.working_days {
            write_working_days(&mut page, days)?;
        }
        let mut told = 0;
        if let Some(selected) = &self.findings {
            told = found::write(&mut page, view, selected, self.request.thumbnails(), picturing).await?;
        }
        if let Some(sample) = &self.sample {
            write_sample(&mut page, sample)?;
        }
        page.end()?;
        Ok(told)
    }

    /// What the report says about itself.
    fn about(&self, view: &View, options: &ExportOptions) -> Vec<Note> {
        let counted = self.figures.as_ref().or(self.working_days.as_ref());
        let mut more = Vec::new();
        let mut note = |code, zh, en, value: String| more.push(options.note(code, zh, en, value));
        let sections = self.request.sections.iter();
        let sections = sections.map(|section| options.pick(section.label_zh(), section.label_en()));
        note("sections", "内容", "Sections", sections.collect::<Vec<_>>().join("、"));
        if let Some(counted) = counted {
            note("counted", "统计案卷数", "Cases counted", counted.total.to_string());
        }
        if let Some(selected) = &self.findings {
            more.extend(super::findings::criteria(selected, &self.request.findings, options));
        }
        About {
            view,
            criteria: &self.criteria,
            index: counted.map(|answer| (answer.generation.as_str(), answer.sequence)),
            more,
            count: ("发现数", "Findings", self.findings() as u64),
        }
        .notes(options)
    }
}

fn label(labels: Labels, chinese: &str, english: &str) -> String {
    match labels {
        Labels::Chinese => chinese,
        Labels::English => english,
    }
    .to_owned()
}

/// A figure as people read it.
fn shown(figure: Option<&FigureAnswer>, unit: &str) -> String {
    let Some(value) = figure.and_then(|figure| figure.value) else {
        return "–".to_owned();
    };
    match unit {
        "share" | "confidence" => format!("{:.1}%", value * 100.0),
        "working_days" => format!("{value:.1}"),
        _ => format!("{value}"),
    }
}

/// A plot of each figure by year, and all of them as a table.
fn write_figures<W: Write>(page: &mut Page<'_, W>, answer: &StatisticsResponse) -> Result<(), Error> {
    let labels = page.options.labels;
    page.text("h2", "", page.options.pick("历年指标", "Figures by year"))?;
    let (Some(by), Some(period)) = (answer.dimensions.first(), answer.periods.first()) else {
        return Ok(());
    };
    if period.cells.is_empty() {
        return page.text(
            "p",
            "note",
            page.options.pick("没有符合条件的案卷。", "No case matches."),
        );
    }
    let year = |cell: &CellAnswer| {
        let known = by.values.iter().find(|known| cell.values.first() == Some(&known.value));
        known.map_or_else(String::new, |known| known.label.clone())
    };
    for measure in &answer.measures {
        let title = label(labels, &measure.label, &measure.label_en);
        page.text("h3", "", &title)?;
        page.text("p", "note", &label(labels, &measure.definition, &measure.definition_en))?;
        let values: Vec<(String, f64, String)> = period
            .cells
            .iter()
            .map(|cell| {
                let figure = cell.figures.get(&measure.code);
                let value = figure.and_then(|figure| figure.value).unwrap_or_default();
                (year(cell), value, shown(figure, &measure.unit))
            })
            .collect();
        page.raw(&charts::bars(&title, &values))?;
    }
    let mut headings = vec![label(labels, &by.label, &by.label_en)];
    headings.extend(
        answer
            .measures
            .iter()
            .map(|measure| label(labels, &measure.label, &measure.label_en)),
    );
    page.head(&headings)?;
    let figures = |cell: &CellAnswer| -> Vec<String> {
        let measures = answer.measures.iter();
        measures
            .map(|measure| shown(cell.figures.get(&measure.code), &measure.unit))
            .collect()
    };
    for cell in &period.cells {
        page.row(std::iter::once(year(cell)).chain(figures(cell)))?;
    }
    let all = page.options.pick("合计", "All").to_owned();
    page.row(std::iter::once(all).chain(figures(&period.whole)))?;
    page.end_table()
}

/// Median working days of each agency in each year.
fn write_working_days<W: Write>(page: &mut Page<'_, W>, answer: &StatisticsResponse) -> Result<(), Error> {
    let title = page.options.pick(
        "办理工作日中位数（机关 × 年度）",
        "Median working days by agency and year",
    );
    page.text("h2", "", title)?;
    let ([offices, years], Some(period)) = (answer.dimensions.as_slice(), answer.periods.first()) else {
        return Ok(());
    };
    let shown_offices = offices.values.iter().take(AGENCIES);
    let names: Vec<String> = shown_offices.clone().map(|value| value.label.clone()).collect();
    let columns: Vec<String> = years.values.iter().map(|value| value.label.clone()).collect();
    let found = |row: usize, column: usize| {
        let wanted = [
            offices.values.get(row)?.value.clone(),
            years.values.get(column)?.value.clone(),
        ];
        let cell = period.cells.iter().find(|cell| cell.values == wanted)?;
        let figure = cell.figures.get("median_days");
        Some((figure?.value?, shown(figure, "working_days")))
    };
    if names.is_empty() {
        return page.text(
            "p",
            "note",
            page.options.pick("没有符合条件的案卷。", "No case matches."),
        );
    }
    page.raw(&charts::field(title, &names, &columns, found))?;
    if offices.values.len() > AGENCIES {
        let all = offices.values.len();
        let told = match page.options.labels {
            Labels::Chinese => format!("共 {all} 个机关，只列案卷最多的 {AGENCIES} 个；其余见统计导出。"),
            Labels::English => format!("{AGENCIES} of {all} agencies, those with the most cases; the export has all."),
        };
        page.text("p", "note cut", &told)?;
    }
    let labels = page.options.labels;
    let mut headings = vec![label(labels, &offices.label, &offices.label_en)];
    headings.extend(columns.iter().cloned());
    page.head(&headings)?;
    for (row, name) in names.iter().enumerate() {
        let cells = (0..columns.len()).map(|column| found(row, column).map_or("–".to_owned(), |(_, words)| words));
        page.row(std::iter::once(name.clone()).chain(cells))?;
    }
    page.end_table()
}

/// The sample with all that is needed to draw it again.
fn write_sample<W: Write>(page: &mut Page<'_, W>, sample: &SampleAnswer) -> Result<(), Error> {
    let options = page.options;
    page.text("h2", "", options.pick("抽样", "Sample"))?;
    let note = |code, zh, en, value: String| options.note(code, zh, en, value);
    page.notes(&[
        note("method", "方法", "Method", sample.method.clone()),
        note("seed", "种子", "Seed", sample.seed.to_string()),
        note("by", "分层", "Strata", sample.by.join("、")),
        note("population", "总体", "Population", sample.population.to_string()),
        note(
            "population_hash",
            "总体校验和",
            "Hash of the population",
            sample.population_hash.clone(),
        ),
        note("sampled", "样本", "Sample", sample.cases.len().to_string()),
        note("hash", "样本校验和", "Hash of the sample", sample.hash.clone()),
    ])?;
    page.head(&found::case_headings(options))?;
    for case in &sample.cases {
        page.row(found::case_cells(case, options))?;
    }
    page.end_table()
}
