//! Approval matters (审批事项, `matters.tsv`).

use std::collections::HashMap;

use super::agencies::Agencies;
use super::error::Error;
use super::tsv::{Keys, Layers, Row, Table};

/// The kind of a licence (许可类别), after Art. 12 of the Administrative Licensing Law (行政许可法).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LicenceCategory {
    /// 普通: activities that touch safety, health, environment, credit.
    Ordinary,
    /// 特许: use of limited natural or public resources.
    Franchise,
    /// 认可: qualification of persons and organisations.
    Accreditation,
    /// 核准: equipment, facilities and goods checked against technical standards.
    Verification,
    /// 登记: legal status of enterprises and other organisations.
    Registration,
    /// 其他.
    Other,
}

impl LicenceCategory {
    /// All categories with their Chinese names.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Ordinary, "普通"),
        (Self::Franchise, "特许"),
        (Self::Accreditation, "认可"),
        (Self::Verification, "核准"),
        (Self::Registration, "登记"),
        (Self::Other, "其他"),
    ];

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(category, _)| *category == self)
            .map_or("其他", |(_, name)| name)
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Ordinary => "Ordinary licence",
            Self::Franchise => "Franchise",
            Self::Accreditation => "Accreditation",
            Self::Verification => "Verification",
            Self::Registration => "Registration",
            Self::Other => "Other",
        }
    }

    /// The category with this Chinese name.
    pub fn from_name(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(category, _)| *category)
    }

    fn parse(row: &Row<'_>, index: usize) -> Result<Self, Error> {
        Self::from_name(row.text(index)).ok_or_else(|| row.invalid(index, "one of 普通 特许 认可 核准 登记 其他"))
    }
}

/// A matter one can apply for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Its name in the lists of matters.
    pub name: String,
    /// Its category.
    pub category: LicenceCategory,
    /// The kinds of agency that decide it (principal names of [`Agencies`]), at any time.
    pub agencies: Vec<String>,
    /// Older, shorter and popular names.
    pub synonyms: Vec<String>,
}

/// All matters.
#[derive(Debug, Default)]
pub struct Matters {
    matters: Vec<Matter>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Matters {
    pub(super) const FILE: &'static str = "matters.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &["name", "category", "agencies", "synonyms"],
            key: 1,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>, agencies: &Agencies) -> Result<Self, Error> {
        let table = Self::table(text);
        let mut keys = Keys::new();
        let mut matters = Self::default();
        for row in table.rows()? {
            let name = row.text(0);
            keys.add(name, &row)?;
            let kinds = row.several(2)?;
            if let Some(unknown) = kinds.iter().find(|kind| !agencies.is_principal(kind)) {
                return Err(row.unknown(2, unknown, Agencies::FILE));
            }
            let synonyms = row.several(3)?;
            if synonyms.contains(&name) {
                return Err(row.invalid(3, "other names than that in column `name`"));
            }
            for known_as in std::iter::once(&name).chain(&synonyms) {
                let matching = matters.by_name.entry((*known_as).to_owned()).or_default();
                matching.push(matters.matters.len());
            }
            matters.matters.push(Matter {
                name: name.to_owned(),
                category: LicenceCategory::parse(&row, 1)?,
                agencies: kinds.into_iter().map(str::to_owned).collect(),
                synonyms: synonyms.into_iter().map(str::to_owned).collect(),
            });
        }
        Ok(matters)
    }

    /// The matters that have this name or synonym. One with the name itself comes first.
    pub fn find(&self, name: &str) -> Vec<&Matter> {
        let indexes = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<&Matter> = indexes.iter().map(|&index| &self.matters[index]).collect();
        found.sort_by_key(|matter| matter.name != name);
        found
    }

    /// All matters in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Matter> {
        self.matters.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.matters.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.matters.is_empty()
    }
}
