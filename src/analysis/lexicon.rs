//! The word list: the general Chinese dictionary of `jieba-rs` with the terms of our own dictionaries.

use jieba_rs::Jieba;

use super::dictionary::Dictionaries;
use super::folding::{Folded, Folding};
use super::is_han;

/// Frequencies of names that have none of their own, chosen against the 60 million of the general dictionary: high
/// enough that a name of three or more characters beats its parts, low enough that it never breaks up common words.
const REGION: usize = 300;
const REGION_WITHOUT_SUFFIX: usize = 60;
const AGENCY: usize = 500;
const MATTER: usize = 100;

/// Builds the word list. Terms of `words.tsv` count with their own frequency; names of regions, agencies and matters
/// are added only where the general dictionary lacks them, since it knows better how common they are.
pub(super) fn lexicon(dictionaries: &Dictionaries, folding: &Folding) -> Jieba {
    let mut jieba = Jieba::new();
    for (term, frequency) in dictionaries.words.iter() {
        if let Some(term) = folded(folding, term) {
            jieba.add_word(&term, Some(frequency), None);
        }
    }
    let mut add = |name: &str, frequency: usize| {
        if let Some(name) = folded(folding, name)
            && name.chars().count() > 1
            && !jieba.has_word(&name)
        {
            jieba.add_word(&name, Some(frequency), None);
        }
    };
    let names = dictionaries.lexicon_names();
    for agency in &names.agencies {
        add(agency, AGENCY);
    }
    for term in &names.terms {
        add(term, MATTER);
    }
    for region in dictionaries.regions.iter() {
        add(&region.name, REGION);
        if let Some(short) = without_suffix(&region.name) {
            add(short, REGION_WITHOUT_SUFFIX);
        }
    }
    jieba
}

/// 灵丘县 → 灵丘: what people write. Districts (城区, 东湖区) keep theirs: without it they are words of other meaning.
fn without_suffix(region: &str) -> Option<&str> {
    let short = ["自治县", "自治州", "自治旗", "省", "市", "县", "地区", "盟"]
        .iter()
        .find_map(|suffix| region.strip_suffix(suffix))?;
    Some(short).filter(|short| (2..=4).contains(&short.chars().count()))
}

/// A term in the letters that texts are searched in; `None` when it has other letters than Han, which the general
/// dictionary would not find again.
fn folded(folding: &Folding, term: &str) -> Option<String> {
    let letter = |c| match folding.fold(c) {
        Folded::One(letter) if is_han(letter) => Some(letter),
        _ => None,
    };
    term.chars().map(letter).collect()
}
