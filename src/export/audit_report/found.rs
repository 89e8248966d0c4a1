//! The findings of a report, rule by rule, each with its cases and pages.

use std::io::Write;

use super::page::Page;
use super::{MOST_FINDINGS, MOST_PICTURES, PicturedPage, charts, evidence};
use crate::archive::{FindingAnswer, Labels, ListedCase, NumbersAnswer, SelectedFindings, View};
use crate::export::{Error, ExportOptions};
use crate::record::Outcome;

/// Findings that are read at a time.
const AT_A_TIME: usize = 50;
/// Cases that are told of a finding.
const CASES: usize = 10;
/// Cases of a finding that are pictured.
const PICTURED_CASES: usize = 2;

/// Writes how many there are by each rule, and the gravest one by one; returns how many.
pub(super) async fn write<W: Write>(
    page: &mut Page<'_, W>,
    view: &View,
    selected: &SelectedFindings,
    pictured: bool,
    mut picturing: impl AsyncFnMut(PicturedPage) -> Result<(), Error>,
) -> Result<u64, Error> {
    let options = page.options;
    page.text("h2", "", options.pick("核查发现", "Findings"))?;
    let leads = options.pick(
        "发现是线索，不是结论：请对照原件判断。",
        "Findings are leads, not verdicts: compare with the originals.",
    );
    page.text("p", "note", leads)?;
    let headings = [("规则", "Rule"), ("依据", "Basis"), ("项数", "Findings")];
    page.head(&headings.map(|(zh, en)| options.pick(zh, en).to_owned()))?;
    for rule in &selected.rules {
        page.row([rule.label.as_str(), &rule.basis, &rule.count.to_string()])?;
    }
    page.end_table()?;
    let told = selected.len().min(MOST_FINDINGS);
    if selected.len() > told {
        let all = selected.len();
        let cut = match options.labels {
            Labels::Chinese => format!("共 {all} 项，以下只列程度最高的 {told} 项；全部见核查发现导出。"),
            Labels::English => format!("{told} of {all} findings follow, the gravest; the export of findings has all."),
        };
        page.text("p", "note cut", &cut)?;
    }
    let mut room = if pictured { MOST_PICTURES } else { 0 };
    let mut without = 0;
    for begin in (0..told).step_by(AT_A_TIME) {
        let range = begin..(begin + AT_A_TIME).min(told);
        for finding in view.finding_answers(selected, range, CASES).await? {
            write_one(page, &finding)?;
            if pictured {
                without += write_pictures(page, view, &finding, &mut room, &mut picturing).await?;
            }
            page.raw("</article>\n")?;
        }
    }
    if without > 0 {
        let cut = match options.labels {
            Labels::Chinese => format!("证据页图像至多 {MOST_PICTURES} 幅，另有 {without} 幅未列出。"),
            Labels::English => format!("At most {MOST_PICTURES} pages are pictured; {without} more are not."),
        };
        page.text("p", "note cut", &cut)?;
    }
    Ok(told as u64)
}

/// All of a finding but its pages; the element stays open.
fn write_one<W: Write>(page: &mut Page<'_, W>, finding: &FindingAnswer) -> Result<(), Error> {
    let options = page.options;
    // A code of a closed list.
    page.raw(&format!("<article class=\"{}\">\n", finding.severity))?;
    page.text("h3", "", &format!("{}（{}）", finding.label, finding.severity_label))?;
    page.text("p", "", &finding.message)?;
    let place: Vec<String> = finding
        .agency
        .clone()
        .into_iter()
        .chain(finding.year.map(|year| year.to_string()))
        .collect();
    page.text("p", "note", &place.join(" · "))?;
    page.text(
        "p",
        "note",
        &format!("{}{}", options.pick("依据：", "Basis: "), finding.basis),
    )?;
    if let Some(numbers) = &finding.numbers {
        write_series(page, numbers)?;
    }
    for decision in &finding.decisions {
        let what = match decision.dismissed {
            true => options.pick("认定为误报：", "dismissed: "),
            false => options.pick("撤回误报认定：", "reopened: "),
        };
        let told = format!("{} {} {what}{}", decision.made_at, decision.author, decision.reason);
        page.text("p", "note", &told)?;
    }
    if !finding.cases.is_empty() {
        page.head(&case_headings(options))?;
        for case in &finding.cases {
            page.row(case_cells(case, options))?;
        }
        page.end_table()?;
    }
    let told = finding.cases.len() as u64;
    if finding.case_count > told {
        let (all, rest) = (finding.case_count, finding.case_count - told);
        let cut = match options.labels {
            Labels::Chinese => format!("共 {all} 件，其余 {rest} 件未列出。"),
            Labels::English => format!("{all} cases, {rest} of them not listed."),
        };
        page.text("p", "note", &cut)?;
    }
    Ok(())
}

fn write_series<W: Write>(page: &mut Page<'_, W>, numbers: &NumbersAnswer) -> Result<(), Error> {
    let missing: Vec<(u32, u32)> = numbers.missing.iter().map(|run| (run.from, run.to)).collect();
    let twice: Vec<u32> = numbers.duplicates.iter().map(|duplicate| duplicate.number).collect();
    page.raw(&charts::number_line(
        &numbers.prefix,
        (numbers.first, numbers.last),
        &missing,
        &twice,
    ))
}

/// The pages that show a finding; returns how many there was no room for.
async fn write_pictures<W: Write>(
    page: &mut Page<'_, W>,
    view: &View,
    finding: &FindingAnswer,
    room: &mut usize,
    picturing: &mut impl AsyncFnMut(PicturedPage) -> Result<(), Error>,
) -> Result<u64, Error> {
    let mut without = 0;
    let mut begun = false;
    for case in finding.cases.iter().take(PICTURED_CASES) {
        let Some(found) = evidence::page_of(view, &finding.rule, case).await? else {
            continue;
        };
        if *room == 0 {
            without += 1;
            continue;
        }
        picturing(PicturedPage {
            case_id: found.case_id.clone(),
            document: found.document,
            page: found.page,
        })
        .await?;
        let Some(jpeg) = found.jpeg(view).await? else { continue };
        if !begun {
            page.raw("<div class=\"pictures\">\n")?;
            begun = true;
        }
        let caption = match page.options.labels {
            Labels::Chinese => format!("{} 第 {} 件第 {} 页", found.archival_code, found.document, found.page),
            Labels::English => format!(
                "{} document {} page {}",
                found.archival_code, found.document, found.page
            ),
        };
        page.picture(&jpeg, &caption)?;
        *room -= 1;
    }
    if begun {
        page.raw("</div>\n")?;
    }
    Ok(without)
}

/// What is told of a case.
pub(super) fn case_headings(options: &ExportOptions) -> Vec<String> {
    let names = [
        ("档号", "Archival code"),
        ("文号", "Document number"),
        ("题名", "Title"),
        ("受理日期", "Accepted on"),
        ("决定日期", "Decided on"),
        ("决定结果", "Outcome"),
    ];
    names.iter().map(|(zh, en)| options.pick(zh, en).to_owned()).collect()
}

/// The same of one case.
pub(super) fn case_cells(case: &ListedCase, options: &ExportOptions) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let outcome = case.outcome.as_deref().and_then(Outcome::parse);
    vec![
        case.archival_code.clone(),
        text(&case.document_number),
        text(&case.title),
        text(&case.accepted_on),
        text(&case.decided_on),
        outcome.map_or_else(String::new, |outcome| {
            options.pick(outcome.label_zh(), outcome.label_en()).to_owned()
        }),
    ]
}
