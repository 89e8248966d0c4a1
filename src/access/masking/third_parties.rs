//! What a citizen does not see in the own case: names, numbers, addresses and telephones of others. The own ones are shown.
//!
//! Others are found by the facts of the case and by the labels of the papers (委托代理人, 联系人, 利害关系人 …): what stands behind,
//! beside or below such a label is hidden wherever it stands in the case, a name by itself, too. So are the names that running
//! text tells without a label (`running.rs`).

mod running;

use std::collections::BTreeSet;

use super::premises::premises;
use super::{Form, MASK, Numbers, PersonalData, find};
use crate::record::{Fact, FieldName, PageText};

/// Labels behind which another than the applicant is named. Those of officers (经办人, 审核人) are none: they act for the agency.
const LABELS: [&str; 34] = [
    "委托代理人",
    "受委托人",
    "被委托人",
    "代理人",
    "受托人",
    "代办人",
    "联系人",
    "联络人",
    "利害关系人",
    "利益相关人",
    "第三人",
    "相邻人",
    "邻居",
    "见证人",
    "证人",
    "监护人",
    "共有人",
    "共同申请人",
    "配偶",
    "家庭成员",
    "紧急联系人",
    "签收人",
    "代收人",
    "收件人",
    "举报人",
    "投诉人",
    "被继承人",
    "股东",
    "合伙人",
    "从业人员",
    "出租人",
    "承租人",
    "担保人",
    "抵押人",
];
/// What may follow such a label as a part of it.
const TAILS: [&str; 10] = [
    "姓名",
    "名称",
    "电话",
    "联系电话",
    "身份证号码",
    "身份证号",
    "证件号码",
    "住址",
    "地址",
    "签名",
];
/// Labels of an identity card: on a page with a number of another and not the own they are that one's.
const CARD: [&str; 3] = ["姓名", "住址", "出生"];
/// Words of forms and sentences that stand in no name, so that a label below another label is not taken for one.
const NO_NAMES: [&str; 26] = [
    "姓名", "名称", "电话", "号码", "证件", "地址", "住址", "住所", "签字", "签名", "盖章", "日期", "说明", "意见",
    "单位", "职务", "关系", "性别", "年龄", "备注", "情况", "事项", "申请", "的", "是", "及",
];
/// Most characters in brackets behind a label: `（签字）`.
const BRACKET: usize = 10;
/// Characters of a name of a person.
const NAME: std::ops::RangeInclusive<usize> = 2..=4;

/// Letters of the longest word in which a name of two letters is looked for.
const LONGEST_WORD: usize = 5;

/// What is the citizen's own.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Names: of the applicant, and of who looks.
    pub names: Vec<String>,
    /// Forms of the number.
    pub numbers: Vec<String>,
    /// Whether the applicant is an organisation, whose legal representative is none of the others.
    pub organisation: bool,
    /// The papers that the applicant wrote: SHA-256 of the file, and its pages. A telephone that stands there, and no other
    /// there, is the own; agencies print theirs on what they issue.
    pub papers: Vec<(String, std::ops::Range<u32>)>,
}

impl Own {
    /// Whether a fact was read in a paper of the applicant, or was given by the catalogue or a person.
    fn wrote(&self, fact: &Fact) -> bool {
        fact.evidence.as_ref().is_none_or(|evidence| {
            let here = |(file, pages): &(String, std::ops::Range<u32>)| {
                *file == evidence.file_sha256 && pages.contains(&evidence.page)
            };
            self.papers.iter().any(here)
        })
    }
}

/// What is hidden from a citizen in one case.
#[derive(Clone, Debug)]
pub struct ThirdParties {
    /// What is looked for in the texts.
    pub data: PersonalData,
    /// The facts that tell of others: where they stand the image is blackened.
    pub facts: Vec<Fact>,
}

impl ThirdParties {
    /// What is hidden in a case with these facts and pages. `is_word` says which letters are an ordinary word, that is no name and
    /// may hold the letters of one by chance.
    pub fn of(own: &Own, facts: &[Fact], pages: &[&PageText], is_word: &dyn Fn(&str) -> bool) -> Self {
        let mut told = Told {
            own: own.names.iter().map(|name| compact(name)).collect(),
            numbers: own.numbers.iter().map(|number| compact(number)).collect(),
            hidden: Vec::new(),
        };
        for page in pages {
            told.page(page, is_word);
        }
        let mine = |field: FieldName| {
            let of_field = || facts.iter().filter(|fact| fact.field == field);
            let written = of_field().filter(|fact| own.wrote(fact));
            let mut values: Vec<&str> = written.map(|fact| fact.value.as_str()).collect();
            if values.is_empty() {
                values = of_field().map(|fact| fact.value.as_str()).collect();
            }
            values.sort_unstable();
            values.dedup();
            // Of several nobody knows whose they are, and one that stands behind the label of another is theirs.
            let one = values.first().copied().filter(|_| values.len() == 1);
            one.filter(|value| !told.hidden.iter().any(|hidden| holds(hidden, &compact(value))))
                .map(str::to_owned)
        };
        let premises = premises(facts);
        let (phone, address) = (mine(FieldName::Phone), mine(FieldName::Address));
        let is_own = |fact: &Fact| match fact.field {
            FieldName::ApplicantIdNumber => own.numbers.contains(&fact.value),
            FieldName::Phone => phone.as_ref() == Some(&fact.value),
            FieldName::Address => address.as_ref() == Some(&fact.value) || premises.contains(&fact.value),
            FieldName::ApplicantName => {
                let name = compact(&fact.value);
                told.own.iter().any(|own| *own == name || is_misread(&name, own))
            }
            FieldName::LegalRepresentative => own.organisation || told.own.contains(&compact(&fact.value)),
            field => !field.is_personal(),
        };
        let others: Vec<Fact> = facts.iter().filter(|fact| !is_own(fact)).cloned().collect();
        let mut data = PersonalData::of(&others);
        for fact in &others {
            let texts = [Some(fact.value.as_str()), fact.as_read.as_deref()];
            for text in texts.into_iter().flatten() {
                data.hide(compact(text));
            }
        }
        told.hidden.into_iter().for_each(|hidden| data.hide(hidden));
        data.public.extend(
            own.numbers
                .iter()
                .chain(&phone)
                .map(|number| number.to_ascii_uppercase()),
        );
        data.own = told.own;
        let values = own.numbers.iter().chain(&phone).chain(&address);
        data.own.extend(values.map(|value| compact(value)));
        data.own.extend(words_around_names(&data.known, pages, is_word));
        Self { data, facts: others }
    }
}

impl PersonalData {
    /// Hides a text as a whole wherever it stands.
    fn hide(&mut self, text: Vec<char>) {
        if text.len() < *NAME.start() {
            return;
        }
        let shown = vec![MASK; text.len()];
        match self.known.iter_mut().find(|(known, _)| *known == text) {
            Some((_, masked)) => *masked = shown,
            None => self.known.push((text, shown)),
        }
    }

    /// Shows again what is the own of who looks, unless it is a part of something longer that is hidden.
    pub(super) fn show_own(&self, characters: &[char], visible: &[usize], covered: &[usize], hidden: &mut [bool]) {
        for own in self.own.iter().filter(|own| !own.is_empty()) {
            for places in visible.windows(own.len()) {
                let here = places.iter().zip(own).all(|(at, c)| characters[*at] == *c);
                if here && places.iter().all(|at| covered[*at] <= own.len()) {
                    places.iter().for_each(|at| hidden[*at] = false);
                }
            }
        }
    }
}

/// What papers tell of others.
struct Told {
    /// Own names.
    own: Vec<Vec<char>>,
    /// Own numbers.
    numbers: Vec<Vec<char>>,
    hidden: Vec<Vec<char>>,
}

impl Told {
    fn page(&mut self, page: &PageText, is_word: &dyn Fn(&str) -> bool) {
        let lines: Vec<Vec<char>> = page.lines.iter().map(|line| compact(&line.text)).collect();
        // Sentences go on in the next line.
        for name in running::names(&lines.concat(), is_word) {
            if !self.own.iter().any(|own| name.ends_with(own) || own.ends_with(&name)) {
                self.hidden.push(name);
            }
        }
        for (at, line) in lines.iter().enumerate() {
            for rest in behind_labels(line) {
                match rest {
                    Rest::Value(rest) => self.value(rest),
                    // The label stands alone: a name may stand in the next line.
                    Rest::Nothing => {
                        let next = lines.get(at + 1).filter(|next| is_name(next));
                        next.into_iter().for_each(|next| self.value(next));
                    }
                }
            }
        }
        if self.is_card_of_another(&lines) {
            for line in &lines {
                let label = CARD.iter().find(|label| starts_with(line, label));
                let value = label.map(|label| &line[label.chars().count()..]);
                let value = value.map(|value| value.strip_prefix(&['：']).unwrap_or(value));
                value.into_iter().for_each(|value| self.value(value));
            }
        }
        for field in &page.form {
            let label: Vec<char> = field
                .label
                .iter()
                .filter_map(|at| lines.get(*at))
                .flatten()
                .copied()
                .collect();
            if begins_with_label(&label).is_some() {
                for value in field.value.iter().filter_map(|at| lines.get(*at)) {
                    self.value(value);
                }
            }
        }
    }

    /// Whether a page has an identity number of somebody else and not the own: a copy of an identity card, most often.
    fn is_card_of_another(&self, lines: &[Vec<char>]) -> bool {
        let own = |line: &Vec<char>| self.numbers.iter().any(|number| holds(line, number));
        let of_person = |line: &Vec<char>| {
            let numbers = find::numbers(line, Numbers::Joined);
            numbers.iter().any(|number| number.form() == Some(Form::Identity))
        };
        lines.iter().any(of_person) && !lines.iter().any(own)
    }

    /// Takes what stands at a label of another, unless it is the own name: then the label is the citizen's.
    fn value(&mut self, value: &[char]) {
        if self.own.iter().any(|own| is_value_of(own, value)) {
            return;
        }
        let name: Vec<char> = value
            .iter()
            .take_while(|c| is_han(**c) || **c == '·')
            .copied()
            .collect();
        // Beside the name its label may follow without a blank: `李小四联系电话…`.
        let label = TAILS.iter().filter_map(|tail| position(&name, tail)).min();
        let name = &name[..label.unwrap_or(name.len())];
        if is_name(name) || name.contains(&'·') {
            self.hidden.push(name.to_vec());
        }
        for number in find::numbers(value, Numbers::Joined) {
            self.hidden.push(number.places.iter().map(|at| value[*at]).collect());
        }
        self.hidden.push(value.to_vec());
    }
}

/// Ordinary words of the pages in which a name of two letters stands by chance (高明 in 高明区): they are shown.
fn words_around_names(
    known: &[(Vec<char>, Vec<char>)],
    pages: &[&PageText],
    is_word: &dyn Fn(&str) -> bool,
) -> BTreeSet<Vec<char>> {
    let short: Vec<&Vec<char>> = known
        .iter()
        .map(|(name, _)| name)
        .filter(|name| name.len() == *NAME.start())
        .collect();
    let mut words = BTreeSet::new();
    if short.is_empty() {
        return words;
    }
    for line in pages.iter().flat_map(|page| &page.lines) {
        let line = compact(&line.text);
        for length in NAME.start() + 1..=LONGEST_WORD {
            for part in line
                .windows(length)
                .filter(|part| short.iter().any(|name| holds(part, name)))
            {
                if is_word(&part.iter().collect::<String>()) {
                    words.insert(part.to_vec());
                }
            }
        }
    }
    words
}

/// Whether a value begins with a name and nothing that makes it another: the next label may follow without a blank.
fn is_value_of(name: &[char], value: &[char]) -> bool {
    let rest = value.strip_prefix(name);
    rest.is_some_and(|rest| {
        let label = || NO_NAMES.iter().any(|word| starts_with(rest, word)) || starts_with(rest, "联系");
        rest.first().is_none_or(|c| !is_han(*c)) || label()
    })
}

/// Whether two names of organisations are one that was misread in places; those of persons are too short to tell.
fn is_misread(read: &[char], name: &[char]) -> bool {
    let wrong = read.iter().zip(name).filter(|(a, b)| a != b).count();
    read.len() == name.len() && name.len() > *NAME.end() && 3 * wrong <= name.len()
}

/// What follows a label.
enum Rest<'a> {
    Value(&'a [char]),
    Nothing,
}

/// What stands behind the labels of others in a line, each up to its end.
fn behind_labels(line: &[char]) -> Vec<Rest<'_>> {
    let mut found = Vec::new();
    for at in 0..line.len() {
        let Some(length) = begins_with_label(&line[at..]) else {
            continue;
        };
        let mut rest = &line[at + length..];
        if matches!(rest.first(), Some('（' | '(')) {
            let close = rest.iter().take(BRACKET + 2).position(|c| matches!(c, '）' | ')'));
            rest = close.map_or(rest, |close| &rest[close + 1..]);
        }
        match rest.first() {
            // A label of a form that fills the line; in running text the same words are no label.
            None if at == 0 => found.push(Rest::Nothing),
            Some('：' | ':' | '﹕') if rest.len() == 1 => found.push(Rest::Nothing),
            Some('：' | ':' | '﹕') => found.push(Rest::Value(&rest[1..])),
            // `联系人李小四` and nothing else in the line.
            Some(_) if at == 0 && is_name(rest) => found.push(Rest::Value(rest)),
            _ => {}
        }
    }
    found
}

/// Length of the label, with what belongs to it, with which a text begins.
fn begins_with_label(text: &[char]) -> Option<usize> {
    let longest = |words: &[&str], text: &[char]| {
        let fitting = words.iter().filter(|word| starts_with(text, word));
        fitting.map(|word| word.chars().count()).max()
    };
    let label = longest(&LABELS, text)?;
    Some(label + longest(&TAILS, &text[label..]).unwrap_or(0))
}

fn starts_with(text: &[char], word: &str) -> bool {
    let mut text = text.iter();
    word.chars().all(|c| text.next() == Some(&c))
}

fn position(text: &[char], word: &str) -> Option<usize> {
    (0..text.len()).find(|at| starts_with(&text[*at..], word))
}

fn holds(text: &[char], part: &[char]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}

fn is_name(text: &[char]) -> bool {
    NAME.contains(&text.len())
        && text.iter().all(|c| is_han(*c))
        && begins_with_label(text).is_none()
        && NO_NAMES.iter().all(|word| position(text, word).is_none())
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

fn compact(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests;
