//! From syntax to meaning: recognises values, resolves fields, and says in Chinese how the query was read.

use crate::analysis::Analyser;
use crate::analysis::dictionary::Dictionaries;
use crate::record::{ArchivalCode, CivilDate, DocumentNumber, RegionCode};

use super::facet::read_years;
use super::parse::{Note, Parsed, QueryField, Syntax, parse};
use super::pieces::pieces;
use super::tree::{Node, NumberParts, QueryTree, Scope, Term, Value};
use super::{Error, Facet, PersonNumbers, limits};

/// Least letters of an acceptance number; shorter digits are just digits.
const ACCEPTANCE_NUMBER_LETTERS: usize = 6;

/// Reads a query.
///
/// # Errors
/// When it breaks one of [`limits`].
pub(super) fn interpret(query: &str, analyser: &Analyser, numbers: PersonNumbers) -> Result<QueryTree, Error> {
    if query.trim().is_empty() {
        return Ok(QueryTree {
            root: Node::Everything,
            understood: String::new(),
        });
    }
    let Parsed { root, notes } = parse(query)?;
    let mut interpreter = Interpreter {
        analyser,
        dictionaries: analyser.dictionaries(),
        numbers,
        remarks: notes.into_iter().map(|note| remark(note).to_owned()).collect(),
    };
    let read = root.and_then(|syntax| interpreter.node(syntax));
    let (root, mut understood) = read.unwrap_or_else(|| (Node::Nothing, "没有可以检索的文字".to_owned()));
    for remark in interpreter.remarks {
        understood.push('；');
        understood.push_str(&remark);
    }
    Ok(QueryTree { root, understood })
}

fn remark(note: Note) -> &'static str {
    match note {
        Note::UnclosedQuote => "引号没有配对，已忽略",
        Note::UnmatchedParenthesis => "括号没有配对，已忽略",
        Note::LonelyOr => "“或”的一侧没有内容，按普通文字检索",
        Note::LonelyExclusion => "“-”后面没有内容，已忽略",
        Note::LonelyField => "字段名后面没有内容，按普通文字检索",
    }
}

struct Interpreter<'a> {
    analyser: &'a Analyser,
    dictionaries: &'a Dictionaries,
    numbers: PersonNumbers,
    remarks: Vec<String>,
}

/// A part of the query and its description.
type Read = (Node, String);

impl Interpreter<'_> {
    /// The meaning of a part; `None` when it holds no letter. The recursion is bounded by the depth that
    /// [`parse`] allows.
    fn node(&mut self, syntax: Syntax) -> Option<Read> {
        match syntax {
            Syntax::All(parts) => self.list(parts, Node::All, " 并且 "),
            Syntax::Any(parts) => self.list(parts, Node::Any, " 或者 "),
            Syntax::Not(part) => {
                let (node, text) = self.node(*part)?;
                Some((Node::Not(Box::new(node)), format!("不要（{text}）")))
            }
            Syntax::Word { field, text, quoted } => match field {
                None => self.word(&text, quoted),
                Some(field) => self.field(field, &text, quoted),
            },
        }
    }

    fn list(&mut self, parts: Vec<Syntax>, whole: fn(Vec<Node>) -> Node, sign: &str) -> Option<Read> {
        let (mut nodes, texts): (Vec<Node>, Vec<String>) = parts.into_iter().filter_map(|part| self.node(part)).unzip();
        match nodes.len() {
            0 => None,
            1 => nodes.pop().map(|node| (node, texts.concat())),
            _ if sign == " 或者 " => Some((whole(nodes), format!("（{}）", texts.join(sign)))),
            _ => Some((whole(nodes), texts.join(sign))),
        }
    }

    /// A word or phrase to be found anywhere.
    fn word(&mut self, text: &str, quoted: bool) -> Option<Read> {
        let mut term = self.term(Scope::Everywhere, text, !quoted)?;
        let mut told = if quoted {
            format!("含有原文“{text}”")
        } else {
            format!("含有“{text}”")
        };
        if !quoted {
            for value in self.values(text, &term) {
                told.push_str(&describe(&value));
                term.values.push(value);
            }
            // A number or date is the value or is not; its pieces say nothing.
            if !term.values.is_empty() {
                term.parts.clear();
            }
        }
        if let Some(number) = self.analyser.numbers().and_then(|numbers| numbers.asked(text)) {
            match self.numbers {
                PersonNumbers::Searched => {
                    told.push_str("或证件、电话号码为它");
                    term.person_number = Some(number);
                }
                PersonNumbers::Refused => {
                    // A number of the case's own may look like that of a person; its copies on the pages do not count.
                    term.only_values = true;
                    term.parts.clear();
                }
            }
        }
        Some((Node::Term(term), told))
    }

    fn term(&self, scope: Scope, text: &str, tolerant: bool) -> Option<Term> {
        let letters = self.analyser.normalise(text);
        if letters.is_empty() {
            return None;
        }
        let words: Vec<String> = self
            .analyser
            .segment(&letters)
            .into_iter()
            .map(|token| token.text)
            .collect();
        let parts = if tolerant && letters.len() >= limits::TOLERANT_LETTERS {
            pieces(&letters, self.analyser)
        } else {
            Vec::new()
        };
        Some(Term {
            scope,
            letters,
            words,
            quoted: !tolerant,
            parts,
            values: Vec::new(),
            only_values: false,
            person_number: None,
            expandable: tolerant,
        })
    }

    /// Everything that a word may be besides its letters.
    fn values(&self, text: &str, term: &Term) -> Vec<Value> {
        let text = text.trim();
        if let Some(number) = DocumentNumber::parse(text) {
            return vec![Value::DocumentNumber(number)];
        }
        if let Some(date) = CivilDate::parse(text) {
            return vec![Value::Date(date)];
        }
        if let Some(parts) = NumberParts::parse(text) {
            return vec![Value::NumberParts(parts)];
        }
        let mut values = Vec::new();
        let letters = term.letters.as_string();
        let digits = letters.chars().filter(char::is_ascii_digit).count();
        let year = read_years(text).filter(|years| years.start() == years.end() && *years.start() >= 1949);
        values.extend(year.map(|years| Value::Year(*years.start())));
        if digits > 0 && text.contains(['-', '－', '·', '•', '—']) {
            values.extend(ArchivalCode::parse(text).map(Value::ArchivalCode));
        }
        if digits >= ACCEPTANCE_NUMBER_LETTERS {
            values.push(Value::AcceptanceNumber(letters));
        }
        values
    }

    fn field(&mut self, field: QueryField, text: &str, quoted: bool) -> Option<Read> {
        let label = field.label_zh();
        let scope = match field {
            QueryField::DocumentNumber => Scope::DocumentNumber,
            QueryField::ArchivalCode => Scope::ArchivalCode,
            QueryField::AcceptanceNumber => Scope::AcceptanceNumber,
            QueryField::Applicant => Scope::Applicant,
            QueryField::Matter => Scope::Matter,
            QueryField::Agency => Scope::Agency,
            QueryField::Year => return self.facet(Facet::Year, label, text, quoted),
            QueryField::Outcome => return self.facet(Facet::Outcome, label, text, quoted),
            QueryField::DocumentKind => return self.facet(Facet::DocumentKind, label, text, quoted),
            QueryField::Region => return self.facet(Facet::Region, label, text, quoted),
            QueryField::Retention => return self.facet(Facet::Retention, label, text, quoted),
        };
        let mut term = self.term(scope, text, !quoted)?;
        let value = match scope {
            Scope::DocumentNumber => DocumentNumber::parse(text)
                .map(Value::DocumentNumber)
                .or_else(|| NumberParts::parse(text).map(Value::NumberParts)),
            Scope::ArchivalCode => ArchivalCode::parse(text).map(Value::ArchivalCode),
            Scope::AcceptanceNumber => Some(Value::AcceptanceNumber(term.letters.as_string())),
            _ => None,
        };
        if let Some(value) = value {
            // A whole document number is one value: 444号 is not found in 1444号. Other numbers are also found by
            // a piece of them.
            term.only_values = matches!(value, Value::DocumentNumber(_) | Value::NumberParts(_));
            term.values.push(value);
        }
        if !matches!(scope, Scope::Applicant | Scope::Matter | Scope::Agency) {
            term.parts.clear();
        }
        Some((Node::Term(term), format!("{label}含有“{text}”")))
    }

    /// A field with a closed list of values. What is not in the list is searched as text.
    fn facet(&mut self, facet: Facet, label: &str, text: &str, quoted: bool) -> Option<Read> {
        let values = match facet {
            Facet::Region => self.regions(text),
            facet => facet.read_values(text),
        };
        let Some(values) = values else {
            let read = self.word(text, quoted)?;
            self.remarks.push(format!("“{text}”不是{label}的取值，按普通文字检索"));
            return Some(read);
        };
        let labels: Vec<String> = match values.as_slice() {
            [first, .., last] if facet == Facet::Year => vec![format!("{first}至{last}")],
            values => values
                .iter()
                .map(|value| facet.label_of(value, self.dictionaries))
                .collect(),
        };
        Some((Node::Facet { facet, values }, format!("{label}为{}", labels.join("、"))))
    }

    /// The regions with this code or name; 县, 市 or another ending may be left out.
    fn regions(&self, text: &str) -> Option<Vec<String>> {
        let text = text.trim();
        if let Some(code) = RegionCode::parse(text) {
            return Some(vec![code.into()]);
        }
        let endings = ["", "县", "市", "区", "省", "自治区", "自治县", "旗"];
        let found = endings
            .iter()
            .map(|ending| self.dictionaries.regions.find_by_name(&format!("{text}{ending}")))
            .find(|codes| !codes.is_empty());
        let mut codes: Vec<String> = found?.into_iter().map(String::from).collect();
        codes.truncate(limits::SELECTED_VALUES);
        Some(codes)
    }
}

/// What a value adds to the description of its word.
fn describe(value: &Value) -> String {
    match value {
        Value::DocumentNumber(number) => format!("或文号为{number}"),
        Value::NumberParts(parts) => {
            let mut told = "或文号中".to_owned();
            if let Some(code) = &parts.agency_code {
                told.push_str(&format!("代字为{code}"));
            }
            if let Some(year) = parts.year {
                told.push_str(&format!("年份为{year}"));
            }
            if let Some(serial) = parts.serial {
                told.push_str(&format!("序号为{serial}"));
            }
            told
        }
        Value::ArchivalCode(code) => format!("或档号为{code}"),
        Value::AcceptanceNumber(_) => "或受理编号为它".to_owned(),
        Value::Date(date) => format!("或日期为{date}"),
        Value::Year(year) => format!("或年度为{year}"),
    }
}
