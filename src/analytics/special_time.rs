//! What the documents of a case tell of its time limit: that it was extended (Art. 42), and times that do not count
//! (Art. 45: hearing, bidding, auction, inspection, testing, quarantine, appraisal, expert review).
//!
//! Only what a document of the case says in so many words counts. That the law excludes the time of a hearing stands
//! printed on every acceptance notice, and test reports are handed in with applications: neither tells anything of the
//! case. A hearing, or a notice of such a time, without its days is a time of unknown length.

use crate::record::{CaseRecord, CivilDate, DocumentKind, DocumentRecord};

/// A time that does not count towards the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExcludedTime {
    /// These days, both included.
    Days {
        /// The first.
        from: CivilDate,
        /// The last.
        to: CivilDate,
    },
    /// There was such a time; when is not told.
    OfUnknownLength,
}

impl ExcludedTime {
    /// As one number: both days as `YYYYMMDDYYYYMMDD`, 0 when they are not told.
    pub fn as_number(self) -> u64 {
        match self {
            Self::Days { from, to } => from.as_number() * TWO_DAYS + to.as_number(),
            Self::OfUnknownLength => 0,
        }
    }

    /// What [`Self::as_number`] gave; a number that it never gives is a time of unknown length.
    pub fn of_number(number: u64) -> Self {
        let day = CivilDate::of_number;
        match day(number / TWO_DAYS).zip(day(number % TWO_DAYS)) {
            Some((from, to)) => Self::Days { from, to },
            None => Self::OfUnknownLength,
        }
    }
}

/// Shifts a day written as a number before another.
const TWO_DAYS: u64 = 100_000_000;

/// What the documents of a case tell of its time limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpecialTimes {
    /// Whether the limit was extended.
    pub extended: bool,
    /// Times that do not count, ascending, each once.
    pub excluded: Vec<ExcludedTime>,
}

/// How the titles of notices of an extension begin; 期限 or what is done stands behind.
const EXTENSION: [&str; 2] = ["延长", "延期"];
/// What is extended in such a title.
const EXTENDED: [&str; 6] = ["期限", "办理", "审批", "审查", "决定", "办结"];
/// What a title names that is extended without being the limit: licences and works.
const NOT_A_LIMIT: [&str; 4] = ["有效期", "许可证", "工期", "延续"];
/// Titles of notices that a special procedure begins or ends.
const SPECIAL_PROCEDURE: [&str; 4] = ["特别程序", "特殊程序", "特殊环节", "特别环节"];
/// What is said of times that do not count.
const NOT_COUNTED: [&str; 6] = ["不计入", "不计算在", "不算入", "不纳入", "不包括在", "应予扣除"];
/// Between the two days of a time.
const UNTIL: [char; 8] = ['至', '到', '—', '－', '-', '~', '～', '–'];
/// Most characters between the two days.
const BETWEEN_DAYS: usize = 4;
/// Most characters between the days and what is said of them.
const NEAR: usize = 60;
/// How titles end on paper.
const TITLE_ENDS: [&str; 8] = ["书", "表", "单", "函", "通知", "告知", "决定", "批复"];
/// Most characters of a title.
const LONGEST_TITLE: usize = 30;
/// Lines of a first page among which the title of the document stands.
const TITLE_LINES: usize = 4;

/// Reads what the documents of a case tell of its time limit.
pub fn special_times(case: &CaseRecord) -> SpecialTimes {
    let mut times = SpecialTimes::default();
    let (mut begun, mut told) = (false, false);
    for document in &case.documents {
        if is_of_the_applicant(document.kind) {
            continue;
        }
        let titles = titles(document);
        times.extended |= titles.iter().any(|title| is_extension(title));
        let pages = document.pages.iter();
        let days: Vec<ExcludedTime> = pages.flat_map(|page| days_not_counted(&page.text.text())).collect();
        let special = |title: &String| SPECIAL_PROCEDURE.iter().any(|name| title.contains(name));
        if titles.iter().any(special) {
            begun |= days.is_empty();
            told |= !days.is_empty();
        } else if days.is_empty() && document.kind == DocumentKind::Hearing {
            times.excluded.push(ExcludedTime::OfUnknownLength);
        }
        times.excluded.extend(days);
    }
    // A notice without days and another with them are the two ends of one procedure.
    if begun && !told {
        times.excluded.push(ExcludedTime::OfUnknownLength);
    }
    times.excluded.sort_unstable();
    times.excluded.dedup();
    times
}

/// Whether the applicant wrote it, or it is what was granted: what is asked for there is not what became of the limit.
fn is_of_the_applicant(kind: DocumentKind) -> bool {
    matches!(
        kind,
        DocumentKind::Application | DocumentKind::Licence | DocumentKind::Contents
    )
}

/// The title that the document has in the archive, and the lines of its first page that look like one: the law, which
/// notices quote, speaks of extensions, too.
fn titles(document: &DocumentRecord) -> Vec<String> {
    let is_sentence =
        |text: &String| text.contains(['，', '。', '；', ',', ';']) || text.chars().count() > LONGEST_TITLE;
    let ends_as_title = |text: &String| TITLE_ENDS.iter().any(|end| text.ends_with(end));
    let mut titles = vec![without_spaces(&document.title)];
    if let Some(first) = document.pages.first() {
        let lines = first.text.lines.iter().take(TITLE_LINES);
        titles.extend(lines.map(|line| without_spaces(&line.text)).filter(ends_as_title));
    }
    titles.retain(|title| !is_sentence(title));
    titles
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn is_extension(title: &str) -> bool {
    let named = |names: &[&str]| names.iter().any(|name| title.contains(name));
    named(&EXTENSION) && named(&EXTENDED) && !named(&NOT_A_LIMIT)
}

/// The times on a page of which is said that they do not count.
fn days_not_counted(text: &str) -> Vec<ExcludedTime> {
    if !NOT_COUNTED.iter().any(|said| text.contains(said)) {
        return Vec::new();
    }
    let letters: Vec<char> = without_spaces(text).chars().collect();
    let plain: String = letters.iter().collect();
    let said: Vec<usize> = NOT_COUNTED
        .iter()
        .flat_map(|said| plain.match_indices(said))
        .map(|(at, _)| plain.get(..at).map_or(0, |before| before.chars().count()))
        .collect();
    let dates = CivilDate::find_all(&plain);
    let mut times = Vec::new();
    for pair in dates.windows(2) {
        let [first, second] = pair else { continue };
        let between = &letters[first.span.end..second.span.start];
        let joined = between.len() <= BETWEEN_DAYS && between.iter().any(|c| UNTIL.contains(c));
        let near = said.iter().any(|&at| {
            let behind = at.saturating_sub(second.span.end);
            let before = first.span.start.saturating_sub(at);
            behind <= NEAR && before <= NEAR
        });
        if joined && near && first.date <= second.date {
            times.push(ExcludedTime::Days {
                from: first.date,
                to: second.date,
            });
        }
    }
    times
}

#[cfg(test)]
mod tests;
