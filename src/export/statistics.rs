//! Statistics as a table.

use std::io::Write;

use super::provenance::About;
use super::table::{Cell, Heading, TableFormat, TableWriter};
use super::{Error, ExportOptions};
use crate::archive::{Labels, View};
use crate::search::Criteria;
use crate::search::statistics::{CellAnswer, FigureAnswer, StatisticsResponse};

/// Unit of figures that are a part of the cases.
const SHARE: &str = "share";

/// Writes one row for each cell: its values, its figures (of shares also what they were made of), in which period, and the
/// parameters that list its cases. With two dimensions the rows of each alone follow, and last all cases together; a cell
/// that stands for all values of a dimension says so. Returns how many rows there were.
///
/// # Errors
/// When `out` cannot be written to.
pub fn export_statistics(
    view: &View,
    (response, criteria): (&StatisticsResponse, &Criteria),
    format: TableFormat,
    options: &ExportOptions,
    out: impl Write,
) -> Result<u64, Error> {
    let mut table = TableWriter::begin(
        format,
        options,
        options.pick("统计", "Statistics"),
        headings(response, options),
        out,
    )?;
    for period in &response.periods {
        let dates = [period.from, period.to].map(|date| date.map_or(Cell::Empty, Cell::Date));
        let mut cells: Vec<(Vec<Option<usize>>, &CellAnswer)> = Vec::new();
        let all: Vec<Option<usize>> = (0..response.dimensions.len()).map(Some).collect();
        cells.extend(period.cells.iter().map(|cell| (all.clone(), cell)));
        for (at, margin) in period.margins.iter().enumerate() {
            let only: Vec<Option<usize>> = (0..all.len()).map(|other| (other == at).then_some(0)).collect();
            cells.extend(margin.iter().map(|cell| (only.clone(), cell)));
        }
        if !all.is_empty() {
            cells.push((vec![None; all.len()], &period.whole));
        }
        for (places, cell) in cells {
            let mut row: Vec<Cell> = dates.to_vec();
            for (dimension, place) in response.dimensions.iter().zip(places) {
                row.push(match place.and_then(|place| cell.values.get(place)) {
                    None => Cell::Text(options.pick("（全部）", "(all)").to_owned()),
                    Some(value) => {
                        let known = dimension.values.iter().find(|known| known.value == *value);
                        value_cell(&dimension.code, known.map(|known| known.label.as_str()))
                    }
                });
            }
            for measure in &response.measures {
                row.extend(figures(cell.figures.get(&measure.code), &measure.unit));
            }
            row.push(Cell::of_text(Some(&cell.query)));
            table.row(row)?;
        }
    }
    let about = About {
        view,
        criteria,
        index: Some((&response.generation, response.sequence)),
        more: vec![
            options.note("counted", "统计案卷数", "Cases counted", response.total.to_string()),
            options.note("definitions", "指标定义", "Definitions", definitions(response, options)),
        ],
        count: ("行数", "Rows", table.rows()),
    };
    table.finish(about.notes(options))
}

/// A year is a number, everything else a text.
fn value_cell(dimension: &str, label: Option<&str>) -> Cell {
    match label.filter(|_| dimension == "year").and_then(|year| year.parse().ok()) {
        Some(year) => Cell::Whole(year),
        None => Cell::of_text(label),
    }
}

fn headings(response: &StatisticsResponse, options: &ExportOptions) -> Vec<Heading> {
    let chinese = options.labels == Labels::Chinese;
    let name = |label: &str, label_en: &str| if chinese { label } else { label_en }.to_owned();
    let heading = |code: &str, label: String, width| Heading {
        code: code.to_owned(),
        label,
        width,
    };
    let mut headings = vec![
        heading("from", name("起始日期", "From"), 12),
        heading("to", name("截止日期", "To"), 12),
    ];
    let dimensions = response.dimensions.iter();
    headings.extend(dimensions.map(|by| heading(&by.code, name(&by.label, &by.label_en), 26)));
    for measure in &response.measures {
        let label = name(&measure.label, &measure.label_en);
        headings.push(heading(&measure.code, label.clone(), 14));
        if measure.unit == SHARE {
            let more = [("part", "（分子）", " (part)"), ("of", "（分母）", " (of)")];
            headings.extend(more.map(|(code, zh, en)| {
                heading(
                    &format!("{}_{code}", measure.code),
                    format!("{label}{}", name(zh, en)),
                    14,
                )
            }));
        }
    }
    headings.push(heading("query", name("检索条件", "Search"), 40));
    headings
}

fn figures(figure: Option<&FigureAnswer>, unit: &str) -> Vec<Cell> {
    let value = figure.and_then(|figure| figure.value);
    let whole = |number: Option<u64>| number.map_or(Cell::Empty, Cell::Whole);
    match unit {
        SHARE => vec![
            value.map_or(Cell::Empty, Cell::Share),
            whole(figure.and_then(|figure| figure.part)),
            whole(figure.and_then(|figure| figure.of)),
        ],
        "cases" | "pages" => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // counts
            let count = value.map(|value| value as u64);
            vec![whole(count)]
        }
        _ => vec![value.map_or(Cell::Empty, Cell::Real)],
    }
}

fn definitions(response: &StatisticsResponse, options: &ExportOptions) -> String {
    let measures = response.measures.iter();
    let told = measures.map(|measure| match options.labels {
        Labels::Chinese => format!("{}：{}", measure.label, measure.definition),
        Labels::English => format!("{}: {}", measure.label_en, measure.definition_en),
    });
    told.collect::<Vec<_>>().join(options.pick("；", "; "))
}
