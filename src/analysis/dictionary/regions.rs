//! Administrative regions (行政区划, `regions.tsv`), with those that were renamed or abolished since 2008, because the
//! files of their time bear the old names.

use std::collections::HashMap;

use crate::record::RegionCode;

use super::error::Error;
use super::tsv::{Keys, Layers, Table};

/// A region under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its code.
    pub code: RegionCode,
    /// Its own name, without those of the regions that contain it: 灵丘县.
    pub name: String,
    /// The first year of a published list that has this code with this name; `None`: before 2009.
    pub from: Option<u16>,
    /// The last such year; `None`: it still has it.
    pub to: Option<u16>,
}

/// All provinces, cities and counties.
#[derive(Debug, Default)]
pub struct Regions {
    regions: Vec<Region>,
    by_code: HashMap<RegionCode, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Regions {
    pub(super) const FILE: &'static str = "regions.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &["code", "name", "from", "to"],
            key: 2,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>) -> Result<Self, Error> {
        let table = Self::table(text);
        let rows = table.rows()?;
        let mut keys = Keys::new();
        let mut regions = Self::default();
        for row in &rows {
            let Some(code) = RegionCode::parse(row.text(0)) else {
                return Err(row.invalid(0, "a region code of six digits"));
            };
            let name = row.text(1);
            keys.add(&format!("{code} {name}"), row)?;
            let (from, to) = (row.year(2)?, row.year(3)?);
            if from.zip(to).is_some_and(|(from, to)| from > to) {
                return Err(row.invalid(3, "a year after that in column `from`"));
            }
            regions.regions.push(Region {
                code,
                name: name.to_owned(),
                from,
                to,
            });
        }
        for (index, region) in regions.regions.iter().enumerate() {
            regions.by_name.entry(region.name.clone()).or_default().push(index);
            // The name a code has now, or the last one it had.
            let known = regions.by_code.entry(region.code.clone()).or_insert(index);
            let last = |at: usize| regions.regions[at].to.unwrap_or(u16::MAX);
            if last(index) > last(*known) {
                *known = index;
            }
        }
        for row in &rows {
            let code = RegionCode::parse(row.text(0)).map(|code| code.levels());
            let province = code.and_then(|levels| levels.into_iter().next());
            if !province.is_some_and(|province| regions.by_code.contains_key(&province)) {
                return Err(row.invalid(0, "inside a province that is listed"));
            }
        }
        Ok(regions)
    }

    fn get(&self, code: &RegionCode) -> Option<&Region> {
        self.by_code.get(code).map(|&index| &self.regions[index])
    }

    /// The region's own name, the latest when it had several. Codes that only group others (`110100` 市辖区) have none.
    pub fn name(&self, code: &RegionCode) -> Option<&str> {
        self.get(code).map(|region| region.name.as_str())
    }

    /// The name with those of the regions that contain it: 山西省大同市灵丘县.
    pub fn full_name(&self, code: &RegionCode) -> Option<String> {
        self.get(code)?;
        Some(code.levels().iter().filter_map(|level| self.name(level)).collect())
    }

    /// The codes of all regions with this name now or in the past, in ascending order. The name may be preceded by names
    /// of containing regions (`山西省大同市灵丘县`, `大同市灵丘县`, `山西省灵丘县`), which narrow the result down.
    pub fn find_by_name(&self, name: &str) -> Vec<RegionCode> {
        let mut codes = Vec::new();
        for (at, _) in name.char_indices() {
            let (containing, own) = name.split_at(at);
            for &index in self.by_name.get(own).map_or(&[][..], Vec::as_slice) {
                let code = &self.regions[index].code;
                if self.is_contained_in(code, containing) {
                    codes.push(code.clone());
                }
            }
        }
        codes.sort();
        codes.dedup();
        codes
    }

    /// Whether `names` is made of names of regions that contain `code`, widest first.
    fn is_contained_in(&self, code: &RegionCode, names: &str) -> bool {
        let mut rest = names;
        for level in code.levels().iter().filter(|&level| level != code) {
            if let Some(shorter) = self.name(level).and_then(|name| rest.strip_prefix(name)) {
                rest = shorter;
            }
        }
        rest.is_empty()
    }

    /// All codes in ascending order, each once.
    pub fn codes(&self) -> Vec<RegionCode> {
        let mut codes: Vec<RegionCode> = self.by_code.keys().cloned().collect();
        codes.sort();
        codes
    }

    /// All regions under all names, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Region> {
        self.regions.iter()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.regions.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.regions.is_empty()
    }
}
