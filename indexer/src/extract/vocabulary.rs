//! What the rules know besides the text: matters, agencies and regions of the dictionaries.

use std::collections::{HashMap, HashSet};

use juanzong::analysis::dictionary::Dictionaries;

use super::glyphs::{is_han, one_wrong};

/// A name of a matter: its characters, and the principal name of the matter.
type MatterName = (Vec<char>, String);

/// What the rules need to know besides the text.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Known names of matters (审批事项) by their first two characters, longest first.
    matters: HashMap<(char, char), Vec<MatterName>>,
    /// The same by length, for names with a wrong character.
    matters_by_length: HashMap<usize, Vec<MatterName>>,
    /// Names of agencies without their place, longest first.
    agencies: Vec<Vec<char>>,
    agency_names: HashSet<String>,
    /// Codes of the regions of each name.
    regions: HashMap<String, Vec<String>>,
    /// Name of each code.
    region_names: HashMap<String, String>,
}

/// An agency as the table knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KnownAgency {
    /// The name, one or two misread characters put right.
    pub(super) name: String,
    /// Characters that were put right.
    pub(super) repaired: usize,
    /// Whether table or regions know both its parts.
    pub(super) certain: bool,
}

impl Vocabulary {
    /// A vocabulary of matters and of regions (name, code), without agencies.
    pub fn new(matters: Vec<String>, regions: impl IntoIterator<Item = (String, String)>) -> Self {
        let matters = matters.into_iter().map(|name| (name.clone(), name));
        Self::build(matters, regions, [])
    }

    /// What the dictionaries know.
    pub fn from_dictionaries(dictionaries: &Dictionaries) -> Self {
        let matters = dictionaries.matters.iter().flat_map(|matter| {
            let names = std::iter::once(&matter.name).chain(&matter.synonyms);
            names.map(|name| (name.clone(), matter.name.clone()))
        });
        let regions = dictionaries.regions.iter();
        let regions = regions.map(|region| (region.name.clone(), region.code.to_string()));
        let agencies = dictionaries.agencies.iter().map(|agency| agency.name.clone());
        Self::build(matters, regions, agencies)
    }

    fn build(
        matters: impl IntoIterator<Item = (String, String)>,
        regions: impl IntoIterator<Item = (String, String)>,
        agencies: impl IntoIterator<Item = String>,
    ) -> Self {
        let mut known = Self::default();
        let mut seen = HashSet::new();
        for (name, principal) in matters {
            let characters: Vec<char> = name.chars().collect();
            let [first, second, ..] = characters[..] else { continue };
            // The principal names come first, so a name of two matters means the one whose own it is.
            if seen.insert(name) {
                let entry = (characters.clone(), principal.clone());
                known.matters.entry((first, second)).or_default().push(entry.clone());
                known.matters_by_length.entry(characters.len()).or_default().push(entry);
            }
        }
        for names in known.matters.values_mut() {
            names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        }
        for (name, code) in regions {
            let codes = known.regions.entry(name.clone()).or_default();
            if !codes.contains(&code) {
                codes.push(code.clone());
            }
            known.region_names.insert(code, name);
        }
        known.agency_names = agencies.into_iter().collect();
        known.agencies = known.agency_names.iter().map(|name| name.chars().collect()).collect();
        known
            .agencies
            .sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        known
    }

    /// The longest matter whose name begins here: its length, and its principal name.
    pub(super) fn matter_at(&self, characters: &[char]) -> Option<(usize, &str)> {
        let [first, second, ..] = *characters else { return None };
        let names = self.matters.get(&(first, second))?;
        let found = names.iter().find(|(name, _)| characters.starts_with(name))?;
        Some((found.0.len(), &found.1))
    }

    /// The principal name of the matter that is called so, with at most one wrong character in five or more; and
    /// whether there was one.
    pub fn matter_named(&self, name: &str) -> Option<(&str, bool)> {
        let characters: Vec<char> = name.chars().collect();
        if let Some((length, principal)) = self.matter_at(&characters)
            && length == characters.len()
        {
            return Some((principal, false));
        }
        if characters.len() < 5 {
            return None;
        }
        let mut close = self
            .matters_by_length
            .get(&characters.len())?
            .iter()
            .filter(|(known, _)| one_wrong(known, &characters));
        let (_, principal) = close.next()?;
        close.all(|(_, other)| other == principal).then_some((principal, true))
    }

    /// The code of the region with whose name an agency's name begins: the longest such name, when only one region has
    /// it.
    pub fn region_of(&self, agency: &str) -> Option<String> {
        match self.regions_at_start(agency) {
            Some((_, [code])) => Some(code.clone()),
            _ => None,
        }
    }

    /// The longest name of a region with which a text begins: its length in characters, and the codes that have it.
    pub(super) fn regions_at_start(&self, text: &str) -> Option<(usize, &[String])> {
        let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(2).take(14).collect();
        if ends.len() < 14 && text.chars().count() >= 2 {
            ends.push(text.len());
        }
        ends.into_iter().rev().find_map(|end| {
            let name = text.get(..end)?;
            Some((name.chars().count(), self.regions.get(name)?.as_slice()))
        })
    }

    /// The region that an address leads to: province, city and county one after the other, some of which may be left
    /// out. Gives its length in characters and its code.
    pub(super) fn region_of_address(&self, address: &str) -> Option<(usize, String)> {
        let mut rest = address;
        let mut length = 0;
        let mut best: Option<String> = None;
        while let Some((characters, codes)) = self.regions_at_start(rest) {
            let inside = |code: &&String| best.as_deref().is_none_or(|wider| is_inside(code, wider));
            let mut fitting = codes.iter().filter(inside);
            let (Some(code), None) = (fitting.next(), fitting.next()) else {
                break;
            };
            best = Some(code.clone());
            length += characters;
            let at = rest.char_indices().nth(characters).map_or(rest.len(), |(at, _)| at);
            rest = rest.get(at..).unwrap_or_default();
        }
        best.map(|code| (length, code))
    }

    /// Whether there is a region with this code.
    pub(super) fn has_region(&self, code: &str) -> bool {
        self.region_names.contains_key(code)
    }

    /// Whether the region in a credit code (digits 3 to 8) may be one; every region may where no table says which there
    /// are.
    pub(super) fn may_register(&self, credit_code: &str) -> bool {
        self.region_names.is_empty() || credit_code.get(2..8).is_some_and(|code| self.has_region(code))
    }

    /// A name read on paper as the agency it is: a place and a name of the table, each with at most one wrong
    /// character. A name that is not in the table is taken as it is when it ends like an agency's. `None` for
    /// anything else.
    ///
    /// `hints` are codes of the regions that other words of the paper name: of several places that the name may be
    /// misread from, it is the one there.
    pub(super) fn agency(&self, text: &str, hints: &[String]) -> Option<KnownAgency> {
        let read: Vec<char> = text.chars().collect();
        if !(4..=30).contains(&read.len()) || !read.iter().copied().all(is_han) {
            return None;
        }
        let split = |exact: bool| {
            self.agencies.iter().find_map(|name| {
                let at = read.len().checked_sub(name.len()).filter(|at| *at >= 2)?;
                let tail = &read[at..];
                let fits = if exact {
                    tail == name
                } else {
                    name.len() >= 4 && tail.last() == name.last() && one_wrong(tail, name)
                };
                let place = fits.then(|| self.place(&read[..at], hints)).flatten()?;
                let right: String = place.0.iter().chain(name).collect();
                Some((right, place.1 + usize::from(!exact)))
            })
        };
        if let Some((name, repaired)) = split(true).or_else(|| split(false)) {
            let certain = true;
            return Some(KnownAgency {
                name,
                repaired,
                certain,
            });
        }
        const ENDINGS: [&str; 9] = [
            "局",
            "委员会",
            "厅",
            "人民政府",
            "办公室",
            "管委会",
            "服务中心",
            "政务中心",
            "管理处",
        ];
        let agency = ENDINGS.iter().any(|ending| text.ends_with(ending));
        agency.then(|| KnownAgency {
            name: text.to_owned(),
            repaired: 0,
            certain: false,
        })
    }

    /// A place with at most one wrong character: its name, and how many were wrong.
    fn place(&self, read: &[char], hints: &[String]) -> Option<(Vec<char>, usize)> {
        let text: String = read.iter().collect();
        // `山西省灵丘县` is as good as `灵丘县`.
        let known = self.regions_at_start(&text).is_some_and(|(length, _)| {
            length == read.len() || self.region_of_address(&text).is_some_and(|(all, _)| all == read.len())
        });
        if known || self.regions.is_empty() {
            return Some((read.to_vec(), 0));
        }
        let close: Vec<&String> = self
            .regions
            .iter()
            .filter(|(name, _)| {
                let name: Vec<char> = name.chars().collect();
                one_wrong(&name, read)
            })
            .map(|(name, _)| name)
            .collect();
        let hinted = |name: &&&String| {
            let codes = self.regions.get(**name);
            codes.is_some_and(|codes| codes.iter().any(|code| hints.contains(code)))
        };
        let near: Vec<&&String> = close.iter().filter(hinted).collect();
        match (&near[..], &close[..]) {
            ([name], _) => Some((name.chars().collect(), 1)),
            ([], [name]) if read.len() >= 3 => Some((name.chars().collect(), 1)),
            _ => None,
        }
    }
}

/// Whether a region of six digits lies inside a wider one.
fn is_inside(code: &str, wider: &str) -> bool {
    let head = wider.trim_end_matches("00");
    code != wider && code.starts_with(head)
}
