//! What an account was granted: its role, and over which cases.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Restriction, Role, VisibleCases};
use crate::record::{CivilDate, RegionCode, SecurityClass};

/// Most characters of a purpose.
pub const PURPOSE_CHARACTERS: usize = 200;
/// Most agencies, and most regions, that a grant names.
const MOST_NAMED: usize = 200;
/// Years that a mandate may name.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2999;

/// A role, and for staff and auditors the cases it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    role: Role,
    scope: Option<CaseScope>,
}

/// Which cases a member of staff, or an auditor by the mandate, may see. `None` sets no bound of this sort; whoever grants
/// has to write it down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseScope {
    /// Names of the agencies; all when `None`.
    pub agencies: Option<Vec<String>>,
    /// Codes of the regions, with all below them; all when `None`.
    #[cfg_attr(feature = "server", schema(value_type = Option<Vec<String>>))]
    pub regions: Option<Vec<RegionCode>>,
    /// The highest security class.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub clearance: SecurityClass,
    /// First and last year (年度); all when `None`.
    #[cfg_attr(feature = "server", schema(value_type = Option<Vec<u32>>))]
    pub years: Option<(u32, u32)>,
    /// Last day of the grant, in Chinese time; without end when `None`.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub until: Option<CivilDate>,
    /// Whether personal data may be seen in full, with a reason, and searched by full numbers.
    pub unmask: bool,
    /// Whether access codes may be issued to citizens at the counter, by staff.
    #[serde(default)]
    pub counter: bool,
    /// Whether scans may be uploaded, by staff.
    #[serde(default)]
    pub upload: bool,
    /// What the account is for, e.g. 窗口查档.
    pub purpose: String,
}

/// Why something cannot be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidGrant {
    /// Staff and auditors need to be told which cases.
    #[error("staff and auditors need agencies, regions, clearance and purpose")]
    ScopeMissing,
    /// Administrators see no case.
    #[error("administrators have no cases")]
    ScopeForAdministrator,
    /// A list without an entry reaches no case, and one is too long to be meant.
    #[error("a list of agencies or regions is empty or too long")]
    List,
    /// A purpose is empty, too long, or has control characters.
    #[error("the purpose must be one line of at most {PURPOSE_CHARACTERS} characters")]
    Purpose,
    /// A mandate has years and an end.
    #[error("an audit mandate needs years and a last day")]
    Mandate,
    /// Years out of order or out of this world.
    #[error("the years are not in order")]
    Years,
}

impl Grant {
    /// Checks a grant.
    ///
    /// # Errors
    /// When something is missing or contradicts the role.
    pub fn new(role: Role, scope: Option<CaseScope>) -> Result<Self, InvalidGrant> {
        match &scope {
            None if role.is_administrator() => {}
            None => return Err(InvalidGrant::ScopeMissing),
            Some(_) if role.is_administrator() => return Err(InvalidGrant::ScopeForAdministrator),
            Some(scope) => scope.check(role)?,
        }
        Ok(Self { role, scope })
    }

    /// The role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The cases; `None` for administrators.
    pub fn scope(&self) -> Option<&CaseScope> {
        self.scope.as_ref()
    }

    /// The cases that may be seen on a day: none by an administrator, and none when the grant is over.
    pub fn visible_cases(&self, today: CivilDate) -> VisibleCases {
        match &self.scope {
            Some(scope) if !self.is_over(today) => scope.visible_cases(),
            _ => VisibleCases::none(),
        }
    }

    /// Whether the last day is past.
    pub fn is_over(&self, today: CivilDate) -> bool {
        let until = self.scope.as_ref().and_then(|scope| scope.until);
        until.is_some_and(|until| until < today)
    }
}

impl CaseScope {
    fn check(&self, role: Role) -> Result<(), InvalidGrant> {
        let fits = |count: usize| (1..=MOST_NAMED).contains(&count);
        let named = self
            .agencies
            .as_ref()
            .is_none_or(|names| fits(names.len()) && names.iter().all(|name| !name.trim().is_empty()));
        if !named || !self.regions.as_ref().is_none_or(|codes| fits(codes.len())) {
            return Err(InvalidGrant::List);
        }
        let purpose = self.purpose.trim();
        let told = !purpose.is_empty()
            && purpose.chars().count() <= PURPOSE_CHARACTERS
            && !purpose.chars().any(char::is_control);
        if !told {
            return Err(InvalidGrant::Purpose);
        }
        if role == Role::Auditor && (self.years.is_none() || self.until.is_none()) {
            return Err(InvalidGrant::Mandate);
        }
        if self
            .years
            .is_some_and(|(from, to)| from > to || !YEARS.contains(&from) || !YEARS.contains(&to))
        {
            return Err(InvalidGrant::Years);
        }
        Ok(())
    }

    fn visible_cases(&self) -> VisibleCases {
        let mut visible = VisibleCases::all().and(Restriction::Clearance(self.clearance));
        if let Some(agencies) = &self.agencies {
            visible = visible.and(Restriction::Agencies(agencies.clone()));
        }
        if let Some(regions) = &self.regions {
            visible = visible.and(Restriction::Regions(regions.clone()));
        }
        if let Some((from, to)) = self.years {
            visible = visible.and(Restriction::Years(from, to));
        }
        visible
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> CaseScope {
        CaseScope {
            agencies: Some(vec!["甲局".into()]),
            regions: None,
            clearance: SecurityClass::Internal,
            years: None,
            until: None,
            unmask: false,
            counter: false,
            upload: false,
            purpose: "窗口查档".into(),
        }
    }

    #[test]
    fn what_contradicts_the_role_is_not_granted() {
        let day = CivilDate::parse("2026-12-31");
        let mandate = CaseScope {
            years: Some((2015, 2020)),
            until: day,
            ..scope()
        };
        for (role, scope, expected) in [
            (Role::Staff, Some(scope()), None),
            (Role::Staff, None, Some(InvalidGrant::ScopeMissing)),
            (Role::SystemAdmin, None, None),
            (
                Role::SystemAdmin,
                Some(scope()),
                Some(InvalidGrant::ScopeForAdministrator),
            ),
            (Role::Auditor, Some(scope()), Some(InvalidGrant::Mandate)),
            (Role::Auditor, Some(mandate.clone()), None),
            (
                Role::Auditor,
                Some(CaseScope {
                    years: Some((2020, 2015)),
                    ..mandate
                }),
                Some(InvalidGrant::Years),
            ),
            (
                Role::Staff,
                Some(CaseScope {
                    agencies: Some(Vec::new()),
                    ..scope()
                }),
                Some(InvalidGrant::List),
            ),
            (
                Role::Staff,
                Some(CaseScope {
                    purpose: " ".into(),
                    ..scope()
                }),
                Some(InvalidGrant::Purpose),
            ),
        ] {
            assert_eq!(Grant::new(role, scope.clone()).err(), expected, "{role:?} {scope:?}");
        }
    }

    #[test]
    fn a_grant_ends_after_its_last_day() {
        let until = CivilDate::parse("2026-06-30");
        let grant = Grant::new(Role::Staff, Some(CaseScope { until, ..scope() })).unwrap();
        let on = |day| grant.visible_cases(CivilDate::parse(day).unwrap());
        assert_ne!(on("2026-06-30"), VisibleCases::none());
        assert_eq!(on("2026-07-01"), VisibleCases::none());
        let admin = Grant::new(Role::LogAdmin, None).unwrap();
        assert_eq!(admin.visible_cases(until.unwrap()), VisibleCases::none());
    }
}
