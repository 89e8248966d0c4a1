//! Names in the letters of the normaliser → names of the dictionaries.
//!
//! A query is compared in its normalised letters, in which 帳戶 and 账户 are one; the dictionaries are written as people
//! write.

use std::collections::HashMap;

use super::dictionary::{Agency, Dictionaries};

/// Most letters of a place before the name of an agency.
const PLACE_LETTERS: usize = 16;

/// What a place ends with.
const PLACE_ENDINGS: [char; 11] = ['省', '市', '县', '区', '州', '旗', '盟', '乡', '镇', '道', '园'];

/// Finds the names of the dictionaries in normalised letters.
#[derive(Debug, Default)]
pub struct Thesaurus {
    agencies: HashMap<String, String>,
    matters: HashMap<String, String>,
    synonyms: HashMap<String, String>,
}

impl Thesaurus {
    /// The names of these dictionaries; `letters` normalises.
    pub(super) fn new(dictionaries: &Dictionaries, letters: impl Fn(&str) -> String) -> Self {
        let table = |names: &mut dyn Iterator<Item = &String>| -> HashMap<String, String> {
            let mut table = HashMap::new();
            for name in names {
                table.entry(letters(name)).or_insert_with(|| name.clone());
            }
            table.remove("");
            table
        };
        let matters = dictionaries.matters.iter();
        let mut agencies = table(&mut dictionaries.agencies.iter().map(|agency| &agency.name));
        // A synonym of an agency's name is another name for it, too short to be read as one in a text: 食药监.
        for group in dictionaries.synonyms.groups() {
            if let Some(name) = group.iter().find_map(|term| agencies.get(&letters(term)).cloned()) {
                for term in group {
                    agencies.entry(letters(term)).or_insert_with(|| name.clone());
                }
            }
        }
        Self {
            agencies,
            matters: table(&mut matters.flat_map(|matter| std::iter::once(&matter.name).chain(&matter.synonyms))),
            synonyms: table(&mut dictionaries.synonyms.groups().flatten()),
        }
    }

    /// The synonym as the dictionary writes it.
    pub fn synonyms(&self, letters: &str) -> Option<&str> {
        self.synonyms.get(letters).map(String::as_str)
    }

    /// The name of a matter as the dictionary writes it.
    pub fn matter(&self, letters: &str) -> Option<&str> {
        self.matters.get(letters).map(String::as_str)
    }

    /// Cuts letters into a place, which may be missing, and the name of an agency as the dictionary writes it; the
    /// longest such name counts. `None` when what stands before it is no place.
    pub fn agency<'a>(&'a self, letters: &'a str, dictionaries: &Dictionaries) -> Option<(&'a str, &'a str)> {
        let (place, name) = letters.char_indices().find_map(|(at, _)| {
            let (place, name) = letters.split_at(at);
            self.agencies.get(name).map(|name| (place, name.as_str()))
        })?;
        is_place(place, dictionaries).then_some((place, name))
    }

    /// A place as it may be written before the name of an agency: as it is, and with the ending it lacks.
    pub fn places(place: &str, dictionaries: &Dictionaries) -> Vec<String> {
        let mut places = vec![place.to_owned()];
        if !place.is_empty() && !place.ends_with(PLACE_ENDINGS) {
            places.extend(regions_called(place, dictionaries));
        }
        places
    }

    /// The names of the dictionary that end with another name: 国家税务局 for 税务局.
    pub fn ending_with<'a>(&self, name: &str, dictionaries: &'a Dictionaries) -> impl Iterator<Item = &'a Agency> {
        dictionaries
            .agencies
            .iter()
            .filter(move |agency| agency.name != name && agency.name.ends_with(name))
    }
}

/// Whether letters before the name of an agency are a place: one of the regions with or without its ending, or
/// anything that ends as places do (zones and towns are in no table).
fn is_place(letters: &str, dictionaries: &Dictionaries) -> bool {
    letters.is_empty()
        || letters.chars().nth(PLACE_LETTERS).is_none()
            && letters.chars().all(super::is_han)
            && (letters.ends_with(PLACE_ENDINGS) || !regions_called(letters, dictionaries).is_empty())
}

/// The names of the regions that are meant by one without its ending: 灵丘县 for 灵丘.
fn regions_called(letters: &str, dictionaries: &Dictionaries) -> Vec<String> {
    let with = ["县", "市", "区", "省", "自治区", "自治县", "自治州", "旗"].map(|ending| format!("{letters}{ending}"));
    let known = |name: &String| !dictionaries.regions.find_by_name(name).is_empty();
    with.into_iter().filter(known).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::ANALYSER;

    #[test]
    fn an_agency_with_and_without_place() {
        let split = |text: &str| {
            let letters = ANALYSER.normalise(text).as_string();
            let found = ANALYSER.thesaurus().agency(&letters, ANALYSER.dictionaries());
            found.map(|(place, name)| (place.to_owned(), name.to_owned()))
        };
        let found = |place: &str, name: &str| Some((place.to_owned(), name.to_owned()));
        for (text, expected) in [
            ("工商局", found("", "工商局")),
            ("灵丘县工商局", found("灵丘县", "工商局")),
            ("靈丘縣工商局", found("灵丘县", "工商局")),
            ("灵丘工商局", found("灵丘", "工商局")),
            ("山西省大同市灵丘县卫计委", found("山西省大同市灵丘县", "卫计委")),
            ("某某开发区环保局", found("某某开发区", "环保局")),
            ("地方税务局", found("", "地方税务局")),
            ("餐饮工商局", None),
            ("丰源餐饮有限公司", None),
            ("", None),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn names_are_found_in_their_letters() {
        let thesaurus = ANALYSER.thesaurus();
        let letters = |text: &str| ANALYSER.normalise(text).as_string();
        assert_eq!(thesaurus.synonyms(&letters("營業執照")), Some("营业执照"));
        assert!(thesaurus.synonyms(&letters("賬戶")).is_some());
        assert_eq!(thesaurus.matter(&letters("食品經營許可")), Some("食品经营许可"));
        assert_eq!(thesaurus.matter(""), None);
    }
}
