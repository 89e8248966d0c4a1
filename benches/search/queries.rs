//! The queries, and which cases each should find: decided on the clean text, by a plain search for letters.

use std::collections::BTreeSet;

use juanzong::analysis::dictionary::Dictionaries;

use crate::corpus::CleanCase;
use crate::random::Random;
use crate::spelt::{digits, numeral, same_initials, same_reading};
use crate::vocabulary::{MATTERS, REFORM, SAME_SOUND};

/// Kinds of queries. The first nine are those of the comparison in the issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Company,
    NamePart,
    Person,
    Address,
    Phrase,
    DocumentNumber,
    IdentityNumber,
    WordPair,
    SingleLetter,
    Phone,
    TypoSound,
    TypoShape,
    HalfWord,
    WordOrder,
    Traditional,
    FullWidth,
    NumeralDate,
    NumberParts,
    Scrambled,
    Exclusion,
    FieldFilter,
    QuotedPhrase,
    Predecessor,
    Pinyin,
    Initials,
}

impl Kind {
    pub(crate) const ALL: [Self; 25] = [
        Self::Company,
        Self::NamePart,
        Self::Person,
        Self::Address,
        Self::Phrase,
        Self::DocumentNumber,
        Self::IdentityNumber,
        Self::WordPair,
        Self::SingleLetter,
        Self::Phone,
        Self::TypoSound,
        Self::TypoShape,
        Self::HalfWord,
        Self::WordOrder,
        Self::Traditional,
        Self::FullWidth,
        Self::NumeralDate,
        Self::NumberParts,
        Self::Scrambled,
        Self::Exclusion,
        Self::FieldFilter,
        Self::QuotedPhrase,
        Self::Predecessor,
        Self::Pinyin,
        Self::Initials,
    ];

    /// Whether it belongs to the comparison of the issue (phones are in its text, among the numbers).
    pub(crate) fn is_core(self) -> bool {
        self <= Self::Phone
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::NamePart => "part of a name",
            Self::Person => "person",
            Self::Address => "address",
            Self::Phrase => "phrase",
            Self::DocumentNumber => "document number, other brackets",
            Self::IdentityNumber => "identity number, credit code",
            Self::WordPair => "pair of words",
            Self::SingleLetter => "single character",
            Self::Phone => "phone",
            Self::TypoSound => "searcher's typo, same sound",
            Self::TypoShape => "searcher's typo, same shape",
            Self::HalfWord => "half words",
            Self::WordOrder => "words in another order",
            Self::Traditional => "traditional characters",
            Self::FullWidth => "full width",
            Self::NumeralDate => "date in numerals",
            Self::NumberParts => "half a document number",
            Self::Scrambled => "scrambled: nothing to find",
            Self::Exclusion => "exclusion",
            Self::FieldFilter => "field filter",
            Self::QuotedPhrase => "quoted phrase",
            Self::Predecessor => "predecessor agencies",
            Self::Pinyin => "pinyin",
            Self::Initials => "initials",
        }
    }
}

/// What a case must be besides holding words.
type Filter = Box<dyn Fn(&CleanCase) -> bool + Send + Sync>;

/// A query with its truth.
pub(crate) struct Query {
    pub(crate) kind: Kind,
    /// As typed.
    pub(crate) text: String,
    /// All of these must stand in the case; of each, one.
    need: Vec<Vec<String>>,
    none: Vec<String>,
    filter: Option<Filter>,
    /// Cases to be found, by number, with their grade: 2 where the case is about it, 1 where it is only mentioned.
    pub(crate) relevant: Vec<(u32, u8)>,
}

/// Letters and digits of a text; what a search can be expected to look at.
pub(crate) fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The letters of each page of a case, pages apart.
fn folded(case: &CleanCase) -> String {
    case.pages().map(|page| letters(page)).collect::<Vec<_>>().join("\n")
}

/// Queries of every kind, `each` of a kind, with their truth.
pub(crate) fn generate(seed: u64, cases: &[CleanCase], each: usize, dictionaries: &Dictionaries) -> Vec<Query> {
    let texts: Vec<String> = cases.iter().map(folded).collect();
    let mut random = Random::new(seed, 2);
    let maker = Maker {
        cases,
        texts: &texts,
        dictionaries,
    };
    let mut queries = Vec::new();
    for kind in Kind::ALL {
        let mut typed = BTreeSet::new();
        for _ in 0..each * 40 {
            if typed.len() == each {
                break;
            }
            let Some(query) = maker.make(kind, &mut random) else {
                continue;
            };
            if !typed.contains(&query.text) {
                typed.insert(query.text.clone());
                queries.push(query);
            }
        }
    }
    let half = queries.len() / 2;
    let (front, back) = queries.split_at_mut(half);
    std::thread::scope(|scope| {
        scope.spawn(|| maker.judge(front));
        maker.judge(back);
    });
    queries.retain(|query| query.kind == Kind::Scrambled || !query.relevant.is_empty());
    queries
}

struct Maker<'a> {
    cases: &'a [CleanCase],
    texts: &'a [String],
    dictionaries: &'a Dictionaries,
}

/// A query for one needle.
fn one(kind: Kind, text: String, needle: &str) -> Query {
    all(kind, text, &[needle])
}

fn all(kind: Kind, text: String, needles: &[&str]) -> Query {
    Query {
        kind,
        text,
        need: needles.iter().map(|needle| vec![letters(needle)]).collect(),
        none: Vec::new(),
        filter: None,
        relevant: Vec::new(),
    }
}

impl Maker<'_> {
    fn judge(&self, queries: &mut [Query]) {
        for query in queries {
            for (number, case) in (0..).zip(self.cases) {
                let text = &self.texts[number as usize];
                let holds = |needle: &String| memchr::memmem::find(text.as_bytes(), needle.as_bytes()).is_some();
                if query.need.iter().all(|any| any.iter().any(holds))
                    && !query.none.iter().any(holds)
                    && query.filter.as_ref().is_none_or(|filter| filter(case))
                {
                    let own = letters(&format!(
                        "{} {} {} {} {} {} {}",
                        case.company.name(),
                        case.person.name,
                        case.address,
                        case.document_number(),
                        case.person.id_number,
                        case.matter.name,
                        case.agency
                    ));
                    let about = query.need.iter().flatten().any(|needle| own.contains(needle));
                    query.relevant.push((number, 1 + u8::from(about)));
                }
            }
        }
    }

    fn make(&self, kind: Kind, random: &mut Random) -> Option<Query> {
        let case = random.pick(self.cases);
        let company = &case.company;
        let (brand, trade) = (company.brand(), company.trade());
        Some(match kind {
            Kind::Company => one(kind, company.name(), &company.name()),
            Kind::NamePart => {
                let part = match random.below(3) {
                    0 => format!("{brand}{trade}"),
                    1 => format!("{brand}{trade}{}", company.suffix),
                    _ => format!("{}{brand}", company.county),
                };
                one(kind, part.clone(), &part)
            }
            Kind::Person => one(kind, case.person.name.clone(), &case.person.name),
            Kind::Address => {
                let part = if random.chance(0.5) {
                    case.address.clone()
                } else {
                    case.address.chars().skip(company.county.chars().count()).collect()
                };
                one(kind, part.clone(), &part)
            }
            Kind::Phrase | Kind::HalfWord | Kind::QuotedPhrase => {
                let length = match kind {
                    Kind::Phrase => random.between(6, 14),
                    Kind::QuotedPhrase => random.between(4, 8),
                    _ => random.between(3, 5),
                };
                let part = self.piece(case, length, random)?;
                let text = if kind == Kind::QuotedPhrase {
                    format!("\"{part}\"")
                } else {
                    part.clone()
                };
                one(kind, text, &part)
            }
            Kind::DocumentNumber => {
                let [open, close] = *random.pick(&[
                    ["[", "]"],
                    ["(", ")"],
                    ["（", "）"],
                    ["【", "】"],
                    ["", ""],
                    ["〖", "〗"],
                    [" ", " "],
                ]);
                let (code, year, serial) = (&case.number_code, case.year, case.serial);
                if open == " " && random.chance(0.5) {
                    return Some(one(kind, format!("{code}{year}第{serial}号"), &case.document_number()));
                }
                let text = if open == " " {
                    format!("{code}［{year}］第{serial:04}号")
                } else {
                    format!("{code}{open}{year}{close}{serial}号")
                };
                one(kind, text, &case.document_number())
            }
            Kind::IdentityNumber => {
                let number = if random.chance(0.5) {
                    &case.person.id_number
                } else {
                    &company.credit_code
                };
                one(kind, number.clone(), number)
            }
            Kind::WordPair => {
                let other = match random.below(4) {
                    0 => case.matter.name.to_owned(),
                    1 => case.person.name.clone(),
                    2 => case
                        .address
                        .chars()
                        .skip(company.county.chars().count())
                        .take(3)
                        .collect(),
                    _ => case.county.to_owned(),
                };
                let word = if random.chance(0.5) {
                    brand
                } else {
                    format!("{brand}{trade}")
                };
                all(kind, format!("{word} {other}"), &[&word, &other])
            }
            Kind::SingleLetter => {
                let part = self.piece(case, 1, random)?;
                one(kind, part.clone(), &part)
            }
            Kind::Phone => one(kind, case.person.phone.clone(), &case.person.phone),
            Kind::TypoSound => one(kind, self.mistyped(&company.name(), random, false)?, &company.name()),
            Kind::TypoShape => one(kind, self.mistyped(&company.name(), random, true)?, &company.name()),
            Kind::WordOrder => {
                let text = format!("{trade}{brand}");
                let mut query = all(kind, text, &[&brand, trade]);
                query.kind = kind;
                query
            }
            Kind::Traditional => {
                let text = self.traditional(&company.name())?;
                one(kind, text, &company.name())
            }
            Kind::FullWidth => {
                let number = if random.chance(0.5) {
                    &case.person.phone
                } else {
                    &company.credit_code
                };
                let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap();
                one(kind, number.chars().map(wide).collect(), number)
            }
            Kind::NumeralDate => {
                let (year, month, day) = case.date;
                let text = format!("{}年{}月{}日", digits(year), numeral(month), numeral(day));
                one(kind, text, &format!("{year}年{month}月{day}日"))
            }
            Kind::NumberParts if !case.catalogued => return None,
            Kind::NumberParts => {
                let (code, year, serial) = (case.number_code.clone(), case.year, case.serial);
                let (text, with_serial) = if random.chance(0.5) {
                    (format!("文号:{code} {year}"), false)
                } else {
                    (format!("文号:{code}{year}第{serial}号"), true)
                };
                Query {
                    need: Vec::new(),
                    filter: Some(Box::new(move |case| {
                        case.catalogued
                            && case.number_code == code
                            && case.year == year
                            && (!with_serial || case.serial == serial)
                    })),
                    ..one(kind, text, "")
                }
            }
            Kind::Scrambled => {
                // Letters of a phrase in another order, which stands nowhere.
                let mut part: Vec<char> = self.piece(case, random.between(4, 7), random)?.chars().collect();
                random.shuffle(&mut part);
                let part: String = part.into_iter().collect();
                let nowhere = !self.texts.iter().any(|text| text.contains(&letters(&part)));
                // Reversed pairs may still be close to another phrase; quotes say that the order matters.
                return nowhere.then(|| one(kind, format!("\"{part}\""), &part));
            }
            Kind::Exclusion => {
                let mut query = all(kind, format!("{brand} -{trade}"), &[&brand]);
                query.none.push(letters(trade));
                query
            }
            Kind::FieldFilter => self.field_filter(case, random),
            Kind::Predecessor => {
                let (before, since) = (case.matter.before, case.matter.since);
                if before == since {
                    return None;
                }
                let county = case.county;
                let names: BTreeSet<&str> = if case.year < REFORM {
                    BTreeSet::from([before, since])
                } else {
                    MATTERS
                        .iter()
                        .filter(|m| m.since == since)
                        .map(|m| m.before)
                        .chain([since])
                        .collect()
                };
                let asked = if case.year < REFORM { before } else { since };
                Query {
                    need: vec![names.iter().map(|name| format!("{county}{name}")).collect()],
                    ..one(kind, format!("{county}{asked}"), "")
                }
            }
            Kind::Pinyin => Query {
                need: vec![same_reading(company.brand, company.trade)],
                ..one(kind, company.pinyin(), "")
            },
            Kind::Initials => Query {
                need: vec![same_initials(company.brand, company.trade)],
                ..one(kind, company.initials(), "")
            },
        })
    }

    /// `length` letters of a page that stand side by side in a line.
    fn piece(&self, case: &CleanCase, length: usize, random: &mut Random) -> Option<String> {
        let pages: Vec<&String> = case.pages().collect();
        let page: Vec<char> = random.pick(&pages).chars().collect();
        let start = random.below(page.len().checked_sub(length)?);
        let part = &page[start..start + length];
        let han = |c: &char| matches!(c, '\u{4e00}'..='\u{9fff}');
        part.iter().all(han).then(|| part.iter().collect())
    }

    /// A name with one letter replaced by one that sounds or looks like it.
    fn mistyped(&self, name: &str, random: &mut Random, shape: bool) -> Option<String> {
        let mut chars: Vec<char> = name.chars().collect();
        // The county is mostly picked from a list.
        let at = random.between(2, chars.len() - 3);
        let others: Vec<char> = if shape {
            self.dictionaries
                .confusions
                .read_as(chars[at])
                .iter()
                .map(|confusion| confusion.read)
                .collect()
        } else {
            let group = SAME_SOUND.iter().find(|group| group.contains(chars[at]))?;
            group.chars().filter(|c| *c != chars[at]).collect()
        };
        if others.is_empty() {
            return None;
        }
        chars[at] = *random.pick(&others);
        let typed: String = chars.into_iter().collect();
        // Another company may be called so.
        (!self.texts.iter().any(|text| text.contains(&typed))).then_some(typed)
    }

    fn traditional(&self, text: &str) -> Option<String> {
        let back = |c: char| {
            let variants = self
                .dictionaries
                .variants
                .iter()
                .filter(|(variant, form)| *form == c && *variant != c);
            variants
                .map(|(variant, _)| variant)
                .find(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
                .unwrap_or(c)
        };
        let changed: String = text.chars().map(back).collect();
        (changed != text).then_some(changed)
    }

    fn field_filter(&self, case: &CleanCase, random: &mut Random) -> Query {
        let kind = Kind::FieldFilter;
        let brand = case.company.brand();
        match random.below(3) {
            0 => {
                let year = case.year;
                Query {
                    filter: Some(Box::new(move |case| case.year == year)),
                    ..one(kind, format!("{brand} 年度:{year}"), &brand)
                }
            }
            1 => {
                let county = case.county;
                Query {
                    filter: Some(Box::new(move |case| case.county == county)),
                    ..one(kind, format!("{brand} 机关:{county}"), &brand)
                }
            }
            _ => {
                let refused = case.refused;
                let word = if refused { "不予" } else { "准予" };
                Query {
                    filter: Some(Box::new(move |case| case.refused == refused)),
                    ..one(kind, format!("{brand} 结果:{word}"), &brand)
                }
            }
        }
    }
}

impl Query {
    /// A phrase whose truth is known already.
    pub(crate) fn given(text: String, relevant: Vec<(u32, u8)>) -> Self {
        Self {
            relevant,
            ..one(Kind::Phrase, text, "")
        }
    }
}
