//! A table of statistics as CSV.

use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use super::csv::BYTE_ORDER_MARK;
use super::guard::guarded;
use super::{Error, ExportOptions};
use crate::archive::Labels;
use crate::search::statistics::{CellAnswer, FigureAnswer, StatisticsResponse};

/// Writes one row for each cell: its values, its figures (of shares also what they were made of), in which period, and the
/// parameters that list its cases. With two dimensions the rows of each alone follow, and last all cases together; a cell
/// that stands for all values of a dimension says so.
///
/// # Errors
/// When `out` cannot be written to.
pub fn export_statistics(
    response: &StatisticsResponse,
    options: &ExportOptions,
    mut out: impl Write,
) -> Result<(), Error> {
    if !options.no_byte_order_mark {
        out.write_all(BYTE_ORDER_MARK)?;
    }
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    record(&mut writer, head(response, options))?;
    for period in &response.periods {
        let dates = [period.from, period.to].map(|date| date.map_or_else(String::new, |date| date.to_string()));
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
            let mut row: Vec<String> = dates.to_vec();
            for (dimension, place) in response.dimensions.iter().zip(places) {
                row.push(match place.and_then(|place| cell.values.get(place)) {
                    None => options.pick("（全部）", "(all)").to_owned(),
                    Some(value) => {
                        let known = dimension.values.iter().find(|known| known.value == *value);
                        known.map_or_else(String::new, |known| known.label.clone())
                    }
                });
            }
            for measure in &response.measures {
                let figure = cell.figures.get(&measure.code);
                row.extend(figures(figure, &measure.unit));
            }
            row.push(cell.query.clone());
            record(&mut writer, row)?;
        }
    }
    Ok(writer.flush()?)
}

fn head(response: &StatisticsResponse, options: &ExportOptions) -> Vec<String> {
    let chinese = options.labels == Labels::Chinese;
    let name = |label: &str, label_en: &str| if chinese { label } else { label_en }.to_owned();
    let mut head = vec![name("起始日期", "From"), name("截止日期", "To")];
    let dimensions = response.dimensions.iter();
    head.extend(dimensions.map(|dimension| name(&dimension.label, &dimension.label_en)));
    for measure in &response.measures {
        let label = name(&measure.label, &measure.label_en);
        if measure.unit == SHARE {
            head.push(label.clone());
            head.push(format!("{label}{}", name("（分子）", " (part)")));
            head.push(format!("{label}{}", name("（分母）", " (of)")));
        } else {
            head.push(label);
        }
    }
    head.push(name("检索条件", "Search"));
    head
}

const SHARE: &str = "share";

fn figures(figure: Option<&FigureAnswer>, unit: &str) -> Vec<String> {
    let text = |number: Option<String>| number.unwrap_or_default();
    let value = text(figure.and_then(|figure| figure.value).map(|value| value.to_string()));
    let whole = |number: Option<u64>| text(number.map(|number| number.to_string()));
    match unit {
        SHARE => vec![
            value,
            whole(figure.and_then(|figure| figure.part)),
            whole(figure.and_then(|figure| figure.of)),
        ],
        _ => vec![value],
    }
}

fn record(writer: &mut Writer<impl Write>, texts: Vec<String>) -> Result<(), Error> {
    for text in texts {
        writer.write_field(guarded(&text).as_bytes())?;
    }
    Ok(writer.write_record(None::<&[u8]>)?)
}
