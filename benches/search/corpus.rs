//! The invented cases: clean text, and what each is about.

use juanzong::record::DocumentKind;

use crate::random::Random;
use crate::spelt::trade_initials;
use crate::vocabulary::{
    BRAND, COUNTIES, GIVEN, MATERIALS, MATTERS, Matter, PLACES, RARE_GIVEN, REFORM, ROADS, SENTENCES, SUFFIXES,
    SURNAMES, TOWNS, TRADES,
};

/// A company.
#[derive(Clone)]
pub(crate) struct Company {
    pub(crate) county: &'static str,
    pub(crate) brand: [usize; 2],
    pub(crate) trade: usize,
    pub(crate) suffix: &'static str,
    pub(crate) credit_code: String,
}

impl Company {
    pub(crate) fn brand(&self) -> String {
        self.brand.iter().map(|at| BRAND[*at].0).collect()
    }

    pub(crate) fn trade(&self) -> &'static str {
        TRADES[self.trade].0
    }

    pub(crate) fn name(&self) -> String {
        format!("{}{}{}{}", self.county, self.brand(), self.trade(), self.suffix)
    }

    /// Reading of brand and trade.
    pub(crate) fn pinyin(&self) -> String {
        let brand: String = self.brand.iter().map(|at| BRAND[*at].1).collect();
        format!("{brand}{}", TRADES[self.trade].1).replace('ü', "v")
    }

    /// Initials of the reading of brand and trade.
    pub(crate) fn initials(&self) -> String {
        let initial = |reading: &str| reading.chars().next().unwrap_or_default();
        let brand: String = self.brand.iter().map(|at| initial(BRAND[*at].1)).collect();
        format!("{brand}{}", trade_initials(self.trade()))
    }
}

/// A person.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) id_number: String,
    pub(crate) phone: String,
}

/// One case as it stands on paper.
pub(crate) struct CleanCase {
    pub(crate) company: Company,
    pub(crate) person: Person,
    pub(crate) address: String,
    pub(crate) county: &'static str,
    pub(crate) matter: &'static Matter,
    pub(crate) agency: String,
    pub(crate) year: usize,
    pub(crate) date: (usize, usize, usize),
    pub(crate) number_code: String,
    pub(crate) serial: usize,
    pub(crate) refused: bool,
    /// Whether a catalogue has its document number.
    pub(crate) catalogued: bool,
    pub(crate) documents: Vec<(DocumentKind, Vec<String>)>,
}

impl CleanCase {
    pub(crate) fn document_number(&self) -> String {
        format!("{}〔{}〕{}号", self.number_code, self.year, self.serial)
    }

    pub(crate) fn pages(&self) -> impl Iterator<Item = &String> {
        self.documents.iter().flat_map(|(_, pages)| pages)
    }
}

/// `cases` cases from a seed.
pub(crate) fn generate(seed: u64, cases: usize) -> Vec<CleanCase> {
    let mut random = Random::new(seed, 1);
    let companies = companies(&mut random, cases * 3 / 5 + 1);
    let persons = persons(&mut random, cases * 3 / 5 + 1);
    (0..cases)
        .map(|number| case(&mut random, number, &companies, &persons))
        .collect()
}

/// Companies, a third of which are near-duplicates of another.
fn companies(random: &mut Random, count: usize) -> Vec<Company> {
    let mut companies: Vec<Company> = Vec::new();
    while companies.len() < count {
        let mut company = Company {
            county: random.word(COUNTIES),
            brand: [random.below(BRAND.len()), random.below(BRAND.len())],
            trade: random.below(TRADES.len()),
            suffix: random.word(SUFFIXES),
            credit_code: String::new(),
        };
        if !companies.is_empty() && random.chance(0.33) {
            company = random.pick(&companies).clone();
            match random.below(4) {
                0 => company.brand[0] = random.below(BRAND.len()),
                1 => company.brand[1] = random.below(BRAND.len()),
                2 => company.trade = random.below(TRADES.len()),
                _ => company.county = random.word(COUNTIES),
            }
        }
        company.credit_code = credit_code(random);
        companies.push(company);
    }
    companies
}

fn persons(random: &mut Random, count: usize) -> Vec<Person> {
    let mut persons: Vec<Person> = Vec::new();
    while persons.len() < count {
        let mut name = random.word(SURNAMES).to_owned();
        for _ in 0..random.between(1, 2) {
            name.push_str(if random.chance(0.05) {
                random.word(RARE_GIVEN)
            } else {
                random.word(GIVEN)
            });
        }
        let mut id_number = id_number(random);
        let mut phone = format!("1{}", random.word(&["38", "39", "35", "50", "86", "77", "34"]));
        (0..8).for_each(|_| phone.push_str(&random.below(10).to_string()));
        // Numbers that differ in one digit (with an identity number: and its check digit).
        if !persons.is_empty() && random.chance(0.2) {
            let other = random.pick(&persons).clone();
            phone = change_digit(random, &other.phone, 3);
            let body: String = other.id_number.chars().take(17).collect();
            id_number = with_check_digit(&change_digit(random, &body, 14));
        }
        persons.push(Person { name, id_number, phone });
    }
    persons
}

fn change_digit(random: &mut Random, digits: &str, from: usize) -> String {
    let mut bytes = digits.as_bytes().to_vec();
    let at = random.between(from, bytes.len() - 1);
    bytes[at] = b'0' + (bytes[at] - b'0' + u8::try_from(random.between(1, 9)).unwrap()) % 10;
    String::from_utf8(bytes).unwrap()
}

fn id_number(random: &mut Random) -> String {
    let region = random.word(&["140224", "371327", "331122", "621227", "140223", "140225"]);
    let (year, month, day) = (random.between(1950, 2003), random.between(1, 12), random.between(1, 28));
    with_check_digit(&format!("{region}{year}{month:02}{day:02}{:03}", random.below(1000)))
}

fn with_check_digit(body: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = body
        .bytes()
        .zip(weights)
        .map(|(digit, weight)| usize::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", char::from(b"10X98765432"[sum % 11]))
}

fn credit_code(random: &mut Random) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let mut code = format!("91{}MA", random.word(&["140224", "371327", "331122", "621227"])).into_bytes();
    while code.len() < 17 {
        code.push(*random.pick(ALPHABET));
    }
    let value = |byte: &u8| ALPHABET.iter().position(|letter| letter == byte).unwrap();
    let sum: usize = code
        .iter()
        .zip(weights)
        .map(|(byte, weight)| value(byte) * weight)
        .sum();
    code.push(ALPHABET[(31 - sum % 31) % 31]);
    String::from_utf8(code).unwrap()
}

fn sentence(random: &mut Random) -> String {
    let mut out = String::new();
    for c in random.word(SENTENCES).chars() {
        match c {
            '#' => out.push_str(&random.between(2, 480).to_string()),
            '@' => out.push_str(random.word(MATERIALS)),
            '%' => out.push_str(random.word(PLACES)),
            c => out.push(c),
        }
    }
    out
}

fn sentences(random: &mut Random, letters: usize) -> String {
    let mut out = String::new();
    while out.chars().count() < letters {
        out.push_str(&sentence(random));
    }
    out
}

fn case(random: &mut Random, number: usize, companies: &[Company], persons: &[Person]) -> CleanCase {
    let company = random.pick(companies).clone();
    let person = random.pick(persons).clone();
    let county = company.county;
    let matter = random.pick(MATTERS);
    let year = random.between(2010, 2024);
    let agency = format!("{county}{}", if year < REFORM { matter.before } else { matter.since });
    let date = (year, random.between(1, 12), random.between(1, 28));
    let number_code = format!("{}{}", county.chars().next().unwrap(), matter.code);
    let serial = random.between(1, 1500);
    let address = format!(
        "{county}{}{}{}号",
        random.word(TOWNS),
        random.word(ROADS),
        random.between(1, 400)
    );
    let refused = random.chance(0.1);
    let (name, document_number) = (company.name(), format!("{number_code}〔{year}〕{serial}号"));
    let (y, m, d) = date;
    let matter_name = matter.name;
    let (id, phone, person_name, credit) = (&person.id_number, &person.phone, &person.name, &company.credit_code);

    let mut application = format!(
        "行政许可申请书\n申请人：{name}\n统一社会信用代码：{credit}\n法定代表人：{person_name}\n身份证号：{id}\n住所：{address}\n联系电话：{phone}\n申请事项：{matter_name}\n"
    );
    application.push_str(&sentences(random, 280));
    application.push_str(&format!("\n申请人（盖章）：{name}\n{y}年{m}月{d}日"));

    let inspector = random.pick(persons).name.clone();
    let mut second = if random.chance(0.5) {
        format!("受理通知书\n受理编号：{y}{number:06}\n{name}：\n你单位提出的{matter_name}申请收悉。\n")
    } else {
        format!("现场核查记录\n被核查单位：{name}\n核查人员：{inspector}\n现场负责人：{person_name}，联系电话{phone}\n")
    };
    second.push_str(&sentences(random, 380));
    if random.chance(0.06) {
        second.push_str(&format!("\n相邻单位{}出具了书面意见。", random.pick(companies).name()));
    }

    let mut decision = format!(
        "{agency}\n{}\n{document_number}\n{name}：\n",
        if refused {
            "不予行政许可决定书"
        } else {
            "准予行政许可决定书"
        }
    );
    decision.push_str(&sentences(random, 330));
    if random.chance(0.7) {
        decision.push_str(&format!("\n许可地址：{address}\n负责人：{person_name}"));
    }
    if random.chance(0.6) {
        decision.push_str(&format!("\n证件号码：{credit}"));
    }
    if random.chance(0.5) {
        decision.push_str(&format!("\n许可证编号：{document_number}"));
    }
    decision.push_str(&format!("\n{agency}\n{y}年{m}月{d}日"));

    let mut documents = vec![
        (DocumentKind::Application, vec![application]),
        (DocumentKind::Inspection, vec![second]),
        (DocumentKind::Decision, vec![decision]),
    ];
    // A few cases have hundreds of pages.
    if random.chance(0.003) {
        let pages = random.between(40, 300);
        documents[1].1.extend((0..pages).map(|_| sentences(random, 300)));
    }
    CleanCase {
        company,
        person,
        address,
        county,
        matter,
        agency,
        year,
        date,
        number_code,
        serial,
        refused,
        catalogued: number.is_multiple_of(3),
        documents,
    }
}
