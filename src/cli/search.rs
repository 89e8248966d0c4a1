//! `juanzong search`

use std::io::Write;
use std::time::{Duration, Instant};

use super::desk::Desk;
use super::failure::Failure;
use super::{SearchArguments, write_json};
use crate::access::{Action, Right};
use crate::archive::asked;
use crate::search::{FILTERS, Facet, MatchKind, SearchRequest, SearchResponse, Snippet, limits};
use crate::text_table::{Table, one_line};

/// Time for a search from the command line: longer than the server's, for nobody else waits.
pub(super) const SEARCH_TIME: Duration = Duration::from_secs(60);

/// Reads the arguments as the API reads its parameters.
pub(super) fn request(arguments: &SearchArguments) -> Result<SearchRequest, Failure> {
    let expand = arguments.no_expand.then(|| "false".to_owned());
    let others = [
        ("expand", &expand),
        ("facets", &arguments.facets),
        ("from", &arguments.from),
        ("to", &arguments.to),
        ("sort", &arguments.sort),
        ("page", &arguments.page),
        ("after", &arguments.after),
        ("size", &arguments.size),
    ];
    read_request(&arguments.query, &arguments.filter, &others)
}

/// Reads a query with its filters and other parameters.
pub(super) fn read_request(
    query: &str,
    filters: &[String],
    others: &[(&str, &Option<String>)],
) -> Result<SearchRequest, Failure> {
    Ok(SearchRequest::from_pairs(pairs(query, filters, others)?)?)
}

/// A query with its filters and other parameters as the API has them.
pub(super) fn pairs<'a>(
    query: &'a str,
    filters: &'a [String],
    others: &[(&'a str, &'a Option<String>)],
) -> Result<Vec<(&'a str, &'a str)>, Failure> {
    let mut pairs = vec![("q", query)];
    for filter in filters {
        let (name, value) = filter.split_once('=').ok_or(Failure::Filter)?;
        let name = name.trim();
        // Only filters: `--filter q=…` would be a second query.
        if Facet::from_code(name).is_none() && !FILTERS.iter().any(|(known, _)| *known == name) {
            return Err(crate::search::Error::UnknownFacet.into());
        }
        pairs.push((name, value));
    }
    for (name, value) in others {
        pairs.extend(value.as_deref().map(|value| (*name, value)));
    }
    Ok(pairs)
}

pub(super) async fn run(
    desk: &Desk,
    request: SearchRequest,
    arguments: &SearchArguments,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let deadline = Instant::now() + SEARCH_TIME;
    desk.may(Right::Search, Action::Search).await?;
    let mut details = asked(&request);
    let answer = desk.view().search(request, deadline).await?;
    details["total"] = answer.total.into();
    desk.record(Action::Search, &details, None).await?;
    if arguments.output.json {
        return write_json(out, &answer);
    }
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.trim().parse().ok());
    let size = number(&arguments.size).unwrap_or(limits::DEFAULT_PAGE_SIZE);
    let first = (number(&arguments.page).unwrap_or(1).saturating_sub(1)).saturating_mul(size) + 1;
    Ok(write_answer(out, &answer, first)?)
}

fn write_answer(out: &mut impl Write, answer: &SearchResponse, first: usize) -> std::io::Result<()> {
    writeln!(out, "共 {} 件，用时 {} 毫秒", answer.total, answer.took_ms)?;
    if !answer.understood.is_empty() {
        writeln!(out, "检索：{}", one_line(&answer.understood))?;
    }
    if let Some(suggestion) = &answer.suggestion {
        writeln!(out, "是不是要找：{}", one_line(suggestion))?;
    }
    let mut table = Table::new(&[
        ("序号", 5),
        ("档号", 32),
        ("题名", 40),
        ("审批机关", 28),
        ("结果", 6),
        ("决定日期", 10),
        ("匹配", 4),
    ]);
    for (index, hit) in answer.hits.iter().enumerate() {
        let matched = match hit.matched {
            MatchKind::Exact => "精确",
            MatchKind::Tolerant => "近似",
        };
        table.row([
            (first + index).to_string(),
            hit.archival_code.clone(),
            hit.title.clone().unwrap_or_default(),
            hit.agency.clone().unwrap_or_default(),
            hit.outcome.map(|o| o.label_zh().to_owned()).unwrap_or_default(),
            hit.decided_on.map(|d| d.to_string()).unwrap_or_default(),
            matched.to_owned(),
        ]);
        for snippet in &hit.snippets {
            let place = format!("材料 {} 第 {} 页", snippet.document, snippet.page);
            table.note(format!("{place}：{}", marked(snippet)));
        }
    }
    if !answer.hits.is_empty() {
        writeln!(out)?;
        table.write(out)?;
    }
    if let Some(next) = &answer.next {
        writeln!(out, "续取下一页：--after {next}")?;
    }
    for facet in Facet::ALL {
        let Some(values) = answer.facets.get(facet.code()) else {
            continue;
        };
        let shown: Vec<String> = values
            .iter()
            .map(|v| {
                format!(
                    "{}{} ({})",
                    if v.selected { "✓" } else { "" },
                    one_line(&v.label),
                    v.count
                )
            })
            .collect();
        writeln!(out, "{}：{}", facet.label_zh(), shown.join("  "))?;
    }
    Ok(())
}

/// The snippet with its marks in brackets that no case file uses for itself.
fn marked(snippet: &Snippet) -> String {
    let mut text = String::new();
    let mut marks = snippet.marks.iter().peekable();
    for (index, c) in (0_u32..).zip(snippet.text.chars()) {
        if marks.peek().is_some_and(|[from, _]| *from == index) {
            text.push('⟦');
        }
        text.push(if c.is_control() { ' ' } else { c });
        if marks.next_if(|[_, to]| *to == index + 1).is_some() {
            text.push('⟧');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{FacetValue, Hit};

    #[test]
    fn marks_stand_around_the_words() {
        let snippet = Snippet {
            document: 1,
            page: 2,
            text: "准予许可，许可".into(),
            marks: vec![[2, 4], [5, 7]],
        };
        assert_eq!(marked(&snippet), "准予⟦许可⟧，⟦许可⟧");
    }

    #[test]
    fn an_answer_is_a_table() {
        let hit = Hit {
            case_id: "0".into(),
            archival_code: "0123-XK·2019-D30-SCJG-0042".into(),
            title: Some("某公司食品经营许可".into()),
            document_number: None,
            matter: None,
            agency: Some("灵丘县市场监督管理局".into()),
            outcome: Some(crate::record::Outcome::Granted),
            decided_on: crate::record::CivilDate::new(2019, 5, 7),
            applicant: None,
            has_images: true,
            ocr_quality: None,
            score: 1.0,
            matched: MatchKind::Exact,
            snippets: vec![Snippet {
                document: 1,
                page: 2,
                text: "准予许可".into(),
                marks: vec![[2, 4]],
            }],
        };
        let year = FacetValue {
            value: "2019".into(),
            label: "2019".into(),
            count: 41,
            selected: true,
        };
        let answer = SearchResponse {
            total: 1,
            took_ms: 3,
            understood: "许可".into(),
            hits: vec![hit],
            next: Some("0a".into()),
            facets: [("year".to_owned(), vec![year])].into(),
            suggestion: None,
        };
        let mut out = Vec::new();
        write_answer(&mut out, &answer, 11).unwrap();
        let text = String::from_utf8(out).unwrap();
        for piece in [
            "共 1 件",
            "11",
            "0123-XK·2019-D30-SCJG-0042",
            "2019-05-07",
            "材料 1 第 2 页：准予⟦许可⟧",
            "--after 0a",
            "年度：✓2019 (41)",
        ] {
            assert!(text.contains(piece), "{piece} in:\n{text}");
        }
    }
}
