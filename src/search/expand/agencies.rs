//! An office under its other names: short ones, those of its predecessors and successors.

use crate::analysis::dictionary::{Agencies, NamedOffice};
use crate::analysis::{Analyser, NormalisedText, Thesaurus};
use crate::search::tree::{Scope, Term, When};

use super::{Found, distinct, other_term};

/// Names that are told; the rest are counted.
const NAMES_TOLD: usize = 12;

/// What stands before an agency's name that is the end of another's: 县税务局, not 国家税务局.
const PLACE_ENDINGS: [&str; 7] = ["省", "市", "县", "区", "州", "旗", "盟"];

/// The names of the office that a term names, with or without its place.
pub(super) fn other_names(term: &Term, analyser: &Analyser) -> Option<Found> {
    if !matches!(term.scope, Scope::Everywhere | Scope::Agency) {
        return None;
    }
    let dictionaries = analyser.dictionaries();
    let letters = term.letters.as_string();
    let (place, name) = analyser.thesaurus().agency(&letters, dictionaries)?;
    let agencies = &dictionaries.agencies;
    let asked = agencies.kind_of(name)?.kind.clone();
    let mut offices = agencies.same_line(name);
    offices.retain(|office| analyser.normalise(&office.name).as_string() != letters);
    offices.retain(|office| !office.partial || is_next(agencies, &asked, office));
    if offices.is_empty() {
        return None;
    }
    let line: Vec<&str> = offices.iter().filter_map(|office| kind(agencies, office)).collect();
    let places = Thesaurus::places(place, dictionaries);
    let mut names: Vec<String> = Vec::new();
    let mut guarded: Vec<String> = Vec::new();
    for office in &offices {
        let mut longer = analyser.thesaurus().ending_with(&office.name, dictionaries);
        if place.is_empty() && longer.any(|other| other.kind != asked && !line.contains(&other.kind.as_str())) {
            guarded.extend(PLACE_ENDINGS.map(|ending| format!("{ending}{}", office.name)));
        } else {
            names.extend(places.iter().map(|place| format!("{place}{}", office.name)));
        }
    }
    // The name as typed, with the ending of its place that was left out.
    names.extend(places.iter().skip(1).map(|place| format!("{place}{name}")));
    let names: Vec<NormalisedText> = names
        .iter()
        .chain(&guarded)
        .map(|name| analyser.normalise(name))
        .collect();
    let others = distinct(names.into_iter(), &letters, |_| true);
    Some(Found {
        others: others.into_iter().map(|other| other_term(term.scope, other)).collect(),
        when: When::Always,
        told: told(&letters, place, &offices),
    })
}

fn kind<'a>(agencies: &'a Agencies, office: &NamedOffice) -> Option<&'a str> {
    agencies.kind_of(&office.name).map(|agency| agency.kind.as_str())
}

/// Whether part of the duties went from one to the other directly. What went on from there, in part, is another office:
/// an approval bureau that became part of a data bureau does not make all approvals files of the data bureau's.
fn is_next(agencies: &Agencies, asked: &str, office: &NamedOffice) -> bool {
    let Some(kind) = kind(agencies, office) else {
        return false;
    };
    let mut next = agencies.successors(asked);
    next.extend(agencies.predecessors(asked));
    next.iter().any(|(other, _)| *other == kind)
}

fn told(typed: &str, place: &str, offices: &[NamedOffice]) -> String {
    let names: Vec<String> = offices
        .iter()
        .take(NAMES_TOLD)
        .map(|office| format!("{place}{}{}", office.name, years(office)))
        .collect();
    let more = match offices.len() {
        count if count > NAMES_TOLD => format!("等{count}个名称"),
        _ => String::new(),
    };
    format!("“{typed}”同时检索{}{more}", names.join("、"))
}

/// When the office bore the name, as it is told; empty when nothing is known.
fn years(office: &NamedOffice) -> String {
    let years = match (office.from, office.to) {
        (Some(from), Some(to)) => format!("{from}—{to}年"),
        (Some(from), None) => format!("{from}年起"),
        (None, Some(to)) => format!("至{to}年"),
        (None, None) => String::new(),
    };
    match (years.as_str(), office.partial) {
        ("", false) => String::new(),
        ("", true) => "（部分职能）".to_owned(),
        (years, false) => format!("（{years}）"),
        (years, true) => format!("（{years}，部分职能）"),
    }
}
