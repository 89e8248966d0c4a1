//! Which cases a viewer may see.

use crate::record::{ArchivalCode, CaseFields, RegionCode, SecurityClass};

/// The cases that a viewer may see: those that keep to every restriction. Built once from the viewer's rights and made
/// part of every query, so that hits, totals, facet counts, suggestions and snippets all pass through it; the catalogue
/// asks it about each case by itself. There is no default: a caller has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleCases(Vec<Restriction>);

/// A condition that a visible case keeps to. A case of which is not known whether it does is not visible.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Restriction {
    /// One of these cases, by the key of the catalogue.
    Keys(Vec<u64>),
    /// Of one of these agencies (审批机关), by its name.
    Agencies(Vec<String>),
    /// In one of these regions (行政区划) or below it.
    Regions(Vec<RegionCode>),
    /// Of these years (年度), both included.
    Years(u32, u32),
    /// Of this security class (密级) at most. A case without one counts as internal.
    Clearance(SecurityClass),
}

impl VisibleCases {
    /// Every case.
    #[must_use]
    pub fn all() -> Self {
        Self(Vec::new())
    }

    /// No case at all.
    #[must_use]
    pub fn none() -> Self {
        Self::only([])
    }

    /// Only the cases with these keys.
    #[must_use]
    pub fn only(keys: impl IntoIterator<Item = u64>) -> Self {
        Self(vec![Restriction::Keys(keys.into_iter().collect())])
    }

    /// Those of them that also keep to this.
    #[must_use]
    pub fn and(mut self, restriction: Restriction) -> Self {
        self.0.push(restriction);
        self
    }

    /// What visible cases keep to; nothing when all are visible.
    pub fn restrictions(&self) -> &[Restriction] {
        &self.0
    }

    /// Whether a case is visible.
    pub fn allow(&self, case_key: u64, code: &ArchivalCode, fields: &CaseFields) -> bool {
        self.0.iter().all(|restriction| match restriction {
            Restriction::Keys(keys) => keys.contains(&case_key),
            Restriction::Agencies(names) => fields.agency.as_ref().is_some_and(|agency| names.contains(agency)),
            Restriction::Regions(codes) => fields
                .region
                .as_ref()
                .is_some_and(|region| region.levels().iter().any(|level| codes.contains(level))),
            Restriction::Years(from, to) => fields
                .year()
                .or_else(|| code.year())
                .is_some_and(|year| (*from..=*to).contains(&year)),
            Restriction::Clearance(most) => class_of(fields) <= *most,
        })
    }
}

impl Restriction {
    /// The security classes that a clearance does not reach.
    pub fn classes_above(clearance: SecurityClass) -> impl Iterator<Item = SecurityClass> {
        SecurityClass::ALL
            .iter()
            .copied()
            .filter(move |class| *class > clearance)
    }
}

/// What a case without a security class is taken for: not for everybody, and no secret.
const UNCLASSIFIED: SecurityClass = SecurityClass::Internal;

fn class_of(fields: &CaseFields) -> SecurityClass {
    fields.security_class.unwrap_or(UNCLASSIFIED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(agency: Option<&str>, region: Option<&str>, class: Option<SecurityClass>) -> CaseFields {
        CaseFields {
            agency: agency.map(Into::into),
            region: region.and_then(RegionCode::parse),
            security_class: class,
            ..CaseFields::default()
        }
    }

    #[test]
    fn what_is_not_known_is_not_visible() {
        let code = ArchivalCode::parse("A-2019-1").unwrap();
        let undated = ArchivalCode::parse("甲-乙").unwrap();
        let region = |code: &str| RegionCode::parse(code).unwrap();
        let one = |restriction| VisibleCases::all().and(restriction);
        let county = fields(Some("甲局"), Some("140224"), None);
        let nothing = fields(None, None, None);
        for (visible, of_county, of_nothing) in [
            (VisibleCases::all(), true, true),
            (VisibleCases::none(), false, false),
            (one(Restriction::Agencies(vec!["甲局".into()])), true, false),
            (one(Restriction::Agencies(vec!["乙局".into()])), false, false),
            (one(Restriction::Regions(vec![region("140200")])), true, false),
            (one(Restriction::Regions(vec![region("140224")])), true, false),
            (one(Restriction::Regions(vec![region("140222")])), false, false),
            (one(Restriction::Clearance(SecurityClass::Public)), false, false),
            (one(Restriction::Clearance(SecurityClass::Internal)), true, true),
            (one(Restriction::Years(2018, 2019)), true, true),
            (one(Restriction::Years(2020, 2030)), false, false),
        ] {
            assert_eq!(visible.allow(1, &code, &county), of_county, "{visible:?}");
            assert_eq!(visible.allow(1, &code, &nothing), of_nothing, "{visible:?}");
        }
        let years = one(Restriction::Years(0, 9999));
        assert!(!years.allow(1, &undated, &nothing), "no year is known");
        let secret = fields(None, None, Some(SecurityClass::Secret));
        let cleared = |class| one(Restriction::Clearance(class)).allow(1, &code, &secret);
        assert!(cleared(SecurityClass::Secret) && cleared(SecurityClass::Confidential));
        assert!(!cleared(SecurityClass::Internal));
        assert!(
            !VisibleCases::only([1])
                .and(Restriction::Agencies(vec!["乙局".into()]))
                .allow(1, &code, &county)
        );
    }
}
