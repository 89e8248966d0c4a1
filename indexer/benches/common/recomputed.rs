//! What findings there should be, reckoned from the lines of an archive in the most straightforward way: by maps of texts, one
//! question after the other, with nothing of the program's rules, tables or readers. Numbers are taken apart as the generator
//! writes them, and days off are those on which it plants decisions.

#![allow(clippy::string_slice)] // of numbers and names as the generator writes them

use std::collections::{BTreeMap, BTreeSet};

use juanzong::record::{CaseLine, PageLine};

/// A finding: code of the rule, and the archival codes of the cases that show it.
pub(crate) type Expected = BTreeSet<(&'static str, Vec<String>)>;

/// A case with its texts in clear.
struct Case<'a> {
    code: &'a str,
    agency: &'a str,
    matter: &'a str,
    number: &'a str,
    outcome: &'a str,
    retention: &'a str,
    applied: &'a str,
    accepted: &'a str,
    decided: &'a str,
    served: &'a str,
    until: &'a str,
    name: &'a str,
    kind: &'a str,
    id: &'a str,
    /// Kinds and texts of its papers.
    papers: Vec<(&'a str, &'a str)>,
}

fn case(line: &CaseLine) -> Case<'_> {
    fn text(value: &Option<String>) -> &str {
        value.as_deref().unwrap_or_default()
    }
    let applicant = line.applicant.as_ref();
    let papers = line.documents.iter().map(|document| {
        let page = match document.pages.first() {
            Some(PageLine::Text(text)) => text.as_str(),
            _ => "",
        };
        (text(&document.kind), page)
    });
    Case {
        code: text(&line.archival_code),
        agency: text(&line.agency),
        matter: text(&line.matter),
        number: text(&line.document_number),
        outcome: text(&line.outcome),
        retention: text(&line.retention),
        applied: text(&line.applied_on),
        accepted: text(&line.accepted_on),
        decided: text(&line.decided_on),
        served: text(&line.served_on),
        until: text(&line.valid_until),
        name: applicant.map_or("", |applicant| text(&applicant.name)),
        kind: applicant.map_or("", |applicant| text(&applicant.kind)),
        id: applicant.map_or("", |applicant| text(&applicant.id_number)),
        papers: papers.collect(),
    }
}

/// All that should be found but what needs a calendar or statistics.
pub(crate) fn expected(lines: &[CaseLine]) -> Expected {
    let cases: Vec<Case<'_>> = lines.iter().map(case).collect();
    let mut found = Expected::new();
    numbers(&cases, &mut found);
    single(&cases, &mut found);
    applicants(&cases, &mut found);
    texts(&cases, &mut found);
    retention(&cases, &mut found);
    found
}

fn put(found: &mut Expected, rule: &'static str, cases: &[&Case<'_>]) {
    let codes: BTreeSet<String> = cases.iter().map(|case| case.code.to_owned()).collect();
    found.insert((rule, codes.into_iter().collect()));
}

fn numbers(cases: &[Case<'_>], found: &mut Expected) {
    let mut series: BTreeMap<String, BTreeMap<u32, Vec<&Case<'_>>>> = BTreeMap::new();
    for case in cases {
        let (head, serial) = case.number.split_once('〕').unwrap();
        let serial = serial.trim_end_matches('号').parse().unwrap();
        series
            .entry(head.to_owned())
            .or_default()
            .entry(serial)
            .or_default()
            .push(case);
        let (head, piece) = case.code.rsplit_once('-').unwrap();
        let piece = piece.parse().unwrap();
        series
            .entry(head.to_owned())
            .or_default()
            .entry(piece)
            .or_default()
            .push(case);
    }
    for numbers in series.values() {
        for same in numbers.values().filter(|same| same.len() > 1) {
            put(found, "number_duplicate", same);
        }
        let present: Vec<u32> = numbers.keys().copied().collect();
        for pair in present.windows(2) {
            let missing = pair[1] - pair[0] - 1;
            let sides = [numbers[&pair[0]][0], numbers[&pair[1]][0]];
            match missing {
                0 => {}
                1..=9 => put(found, "number_gap", &sides),
                _ => put(found, "number_jump", &sides),
            }
        }
    }
}

fn single(cases: &[Case<'_>], found: &mut Expected) {
    for case in cases {
        // Dates are written so that they sort as texts.
        let before = |earlier: &str, later: &str| !earlier.is_empty() && !later.is_empty() && earlier < later;
        if before(case.decided, case.accepted) {
            put(found, "decision_before_acceptance", &[case]);
        }
        if before(case.accepted, case.applied) || before(case.served, case.decided) || before(case.until, case.decided)
        {
            put(found, "dates_out_of_order", &[case]);
        }
        if case.decided.ends_with("-10-02") || is_weekend(case.decided) {
            put(found, "decision_on_day_off", &[case]);
        }
        let asked = [
            ("application", case.applied),
            ("acceptance_notice", case.accepted),
            ("review", ""),
            ("decision", case.decided),
            ("service_receipt", case.served),
        ];
        for (kind, date) in asked {
            if !case.papers.iter().any(|(paper, _)| *paper == kind) {
                let rule = if date.is_empty() {
                    "missing_stage"
                } else {
                    "missing_document"
                };
                put(found, rule, &[case]);
            }
        }
        if !valid(case.id) {
            put(found, "invalid_number", &[case]);
        }
        let decision = case.papers.iter().find(|(kind, _)| *kind == "decision");
        let refused = decision.is_some_and(|(_, text)| text.contains("不予"));
        if decision.is_some() && refused != (case.outcome == "refused") {
            put(found, "outcome_contradiction", &[case]);
        }
    }
}

/// Sakamoto's day of the week.
fn is_weekend(date: &str) -> bool {
    let parts: Vec<usize> = date.split('-').map(|part| part.parse().unwrap()).collect();
    let [mut year, month, day] = parts[..] else {
        panic!("a date")
    };
    let shifts = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    year -= usize::from(month < 3);
    matches!(
        (year + year / 4 - year / 100 + year / 400 + shifts[month - 1] + day) % 7,
        0 | 6
    )
}

/// The check character as the standards reckon it.
fn valid(number: &str) -> bool {
    let letters: Vec<char> = number.chars().collect();
    if letters.len() != 18 {
        return false;
    }
    let alphabet: Vec<char> = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().collect();
    let value = |c: char| alphabet.iter().position(|other| *other == c).unwrap();
    let sum = |weights: [usize; 17]| -> usize { weights.iter().zip(&letters).map(|(w, c)| w * value(*c)).sum() };
    let identity = sum([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
    let credit = sum([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]) % 31;
    let is_identity = letters[..17].iter().all(char::is_ascii_digit) && number[6..8].starts_with(['1', '2']);
    match is_identity && !number.starts_with('9') {
        true => letters[17] == "10X98765432".chars().nth(identity).unwrap(),
        false => letters[17] == alphabet[(31 - credit) % 31],
    }
}

fn applicants(cases: &[Case<'_>], found: &mut Expected) {
    let mut by_name: BTreeMap<String, Vec<&Case<'_>>> = BTreeMap::new();
    let mut by_number: BTreeMap<&str, Vec<&Case<'_>>> = BTreeMap::new();
    let mut courses: BTreeMap<(&str, &str), Vec<&Case<'_>>> = BTreeMap::new();
    for case in cases.iter().filter(|case| valid(case.id)) {
        // Namesakes are born on other days, and shops of one name are in other counties.
        let own = match case.kind {
            "person" => &case.id[6..14],
            "organisation" => &case.agency[..9],
            _ => "",
        };
        by_name.entry(format!("{} {own}", case.name)).or_default().push(case);
        by_number.entry(case.id).or_default().push(case);
        courses.entry((case.id, case.matter)).or_default().push(case);
    }
    let differ = |of: &[&Case<'_>], text: fn(&Case<'_>) -> String| {
        of.iter().map(|case| text(case)).collect::<BTreeSet<_>>().len() > 1
    };
    for same in by_name.values().filter(|same| differ(same, |case| case.id.to_owned())) {
        put(found, "applicant_several_numbers", same);
    }
    for same in by_number
        .values()
        .filter(|same| differ(same, |case| case.name.to_owned()))
    {
        put(found, "number_several_names", same);
    }
    for course in courses.values() {
        for refused in course.iter().filter(|case| case.outcome == "refused") {
            let (year, rest) = refused.decided.split_at(4);
            let last = format!("{:04}{rest}", year.parse::<u32>().unwrap() + 1);
            let granted = course.iter().filter(|case| case.outcome == "granted");
            let soon = granted.filter(|case| case.decided >= refused.decided && case.decided <= last.as_str());
            if let Some(first) = soon.min_by_key(|case| case.decided) {
                put(found, "refused_then_granted", &[refused, first]);
            }
        }
        for later in course.iter() {
            let rule = match later.outcome {
                "renewed" => "renewal_after_expiry",
                "changed" => "licence_used_after_expiry",
                _ => continue,
            };
            let earlier = course
                .iter()
                .filter(|case| case.decided < later.applied && !case.until.is_empty());
            if let Some(last) = earlier.max_by_key(|case| case.until)
                && last.until < later.applied
            {
                put(found, rule, &[later, last]);
            }
        }
    }
}

fn texts(cases: &[Case<'_>], found: &mut Expected) {
    let mut same: BTreeMap<&str, Vec<&Case<'_>>> = BTreeMap::new();
    for case in cases {
        for (_, text) in &case.papers {
            same.entry(text).or_default().push(case);
        }
    }
    for of in same.values().filter(|of| of.len() > 1) {
        put(found, "identical_scan", of);
    }
}

fn retention(cases: &[Case<'_>], found: &mut Expected) {
    let rank = |retention: &str| {
        ["Y", "D30", "D10"]
            .iter()
            .position(|other| *other == retention)
            .unwrap()
    };
    let mut groups: BTreeMap<(&str, &str), BTreeMap<usize, Vec<&Case<'_>>>> = BTreeMap::new();
    for case in cases {
        let group = groups.entry((case.matter, case.outcome)).or_default();
        group.entry(rank(case.retention)).or_default().push(case);
    }
    for group in groups.values() {
        // All cases of a matter are kept alike, but for those that were planted.
        let usual = group.iter().max_by_key(|(_, cases)| cases.len()).map(|(rank, _)| *rank);
        for (rank, cases) in group {
            if usual.is_some_and(|usual| *rank > usual) {
                for case in cases {
                    put(found, "retention_too_short", &[case]);
                }
            }
        }
    }
}
