//! Queries of every kind, taken from the cases themselves.

use serde_json::Value;

/// What is counted beside each query.
const FACETS: &str = "year,agency,outcome";
/// Letters that recognisers and searchers take for one another.
const ALIKE: [(char, char); 12] = [
    ('限', '银'),
    ('公', '么'),
    ('司', '同'),
    ('有', '友'),
    ('县', '具'),
    ('市', '币'),
    ('大', '太'),
    ('天', '夭'),
    ('理', '埋'),
    ('品', '晶'),
    ('人', '入'),
    ('工', '土'),
];

/// A request, for the API and for the library.
pub(crate) struct Query {
    pub(crate) pairs: Vec<(&'static str, String)>,
    pub(crate) path: String,
}

impl Query {
    fn new(q: &str) -> Self {
        let pairs = vec![("q", q.to_owned()), ("facets", FACETS.to_owned())];
        let encoded: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .collect();
        Self {
            path: format!("/api/v1/search?{}", encoded.join("&")),
            pairs,
        }
    }
}

fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// A kind of query, and what is asked of a case.
type Kind = (&'static str, fn(&Value) -> Option<String>);

/// At most `each` different queries of every kind, from cases spread over all that are given.
pub(crate) fn generate(cases: &[Value], each: usize) -> Vec<(&'static str, Vec<Query>)> {
    let every = (cases.len() / (2 * each)).max(1);
    let kinds: [Kind; 13] = [
        ("company", |case| applicant(case, "legal_person")),
        ("part of a name", |case| part_of_name(&applicant(case, "legal_person")?)),
        ("person", |case| applicant(case, "person")),
        ("address", |case| {
            labelled(case, "住所：").map(|text| text.chars().skip(6).take(12).collect())
        }),
        ("phrase", phrase),
        ("document number", |case| text(case, "document_number")),
        ("identity number", |case| {
            case["applicant"]["id_number"].as_str().map(str::to_owned)
        }),
        ("word pair", |case| {
            let name = part_of_name(&applicant(case, "legal_person")?)?;
            Some(format!("{name} {}", text(case, "matter")?))
        }),
        ("two common words", |case| {
            Some(format!("{} 准予", text(case, "matter")?))
        }),
        ("single character", |case| {
            text(case, "matter").and_then(|t| t.chars().next()).map(String::from)
        }),
        ("misread name", |case| misread(&applicant(case, "legal_person")?)),
        ("agency", |case| text(case, "agency")),
        ("pinyin", |case| {
            let name = part_of_name(&applicant(case, "legal_person")?)?;
            let known = [
                ("嘉禾", "jiahe"),
                ("丰源", "fengyuan"),
                ("永兴", "yongxing"),
                ("德润", "derun"),
            ];
            known
                .iter()
                .find(|(han, _)| name.starts_with(han))
                .map(|(_, sound)| (*sound).to_owned())
        }),
    ];
    let spread = |of: fn(&Value) -> Option<String>| {
        let mut found: Vec<String> = Vec::new();
        for q in cases.iter().step_by(every).chain(cases).filter_map(of) {
            if found.len() < each && !found.contains(&q) {
                found.push(q);
            }
        }
        found.iter().map(|q| Query::new(q)).collect::<Vec<_>>()
    };
    let kinds = kinds.into_iter().map(|(kind, of)| (kind, spread(of)));
    kinds.filter(|(_, queries)| !queries.is_empty()).collect()
}

fn text(case: &Value, field: &str) -> Option<String> {
    case[field].as_str().map(str::to_owned)
}

fn applicant(case: &Value, kind: &str) -> Option<String> {
    let applicant = &case["applicant"];
    (applicant["kind"] == kind).then(|| applicant["name"].as_str().map(str::to_owned))?
}

/// The brand and what follows it: what stands between place and ending.
fn part_of_name(name: &str) -> Option<String> {
    let after = name.find(['县', '市', '区', '旗']).map_or(0, |at| at + '县'.len_utf8());
    let part: String = name.get(after..)?.chars().take(4).collect();
    (part.chars().count() == 4).then_some(part)
}

fn pages(case: &Value) -> impl Iterator<Item = &str> {
    let documents = case["documents"].as_array().into_iter().flatten();
    documents
        .flat_map(|document| document["pages"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
}

/// What stands behind a label on some page.
fn labelled(case: &Value, label: &str) -> Option<String> {
    let mut lines = pages(case).flat_map(str::lines);
    lines.find_map(|line| line.strip_prefix(label)).map(str::to_owned)
}

/// Twelve letters from the middle of a page, quoted.
fn phrase(case: &Value) -> Option<String> {
    let line = pages(case).nth(1)?.lines().find(|line| line.chars().count() > 40)?;
    let letters: String = line.chars().skip(11).take(12).filter(|c| *c != '"').collect();
    Some(format!("\"{letters}\""))
}

fn misread(name: &str) -> Option<String> {
    let (right, wrong) = ALIKE.iter().find(|(right, _)| name.contains(*right))?;
    Some(name.replacen(*right, &wrong.to_string(), 1))
}
