//! Who asks.

use std::collections::BTreeSet;

use super::{AccountName, Grant, Right, Role, VisibleCases};
use crate::record::CivilDate;

/// How somebody showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A session of a browser.
    Session,
    /// A token of a program, which may do this at most.
    Token {
        /// Name of the token.
        name: String,
        /// What it may do.
        rights: BTreeSet<Right>,
    },
    /// The command line of somebody who holds the data directory.
    Local,
}

/// Somebody who is known, and what they may do and see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Key of the account.
    pub account_key: u64,
    /// Name of the account.
    pub name: AccountName,
    /// The person, as corrections and the log name them.
    pub person: String,
    /// Role and cases; an account that was granted nothing may do nothing.
    pub grant: Option<Grant>,
    /// What is being done, in the words of who asks, else of the grant.
    pub purpose: Option<String>,
    /// How they showed who they are.
    pub credential: Credential,
    /// Whether the password has to be changed before anything else is done.
    pub must_change_password: bool,
}

impl Viewer {
    /// The role, if there is one.
    pub fn role(&self) -> Option<Role> {
        self.grant.as_ref().map(Grant::role)
    }

    /// Whether this may be done today. A grant that is over, or a password that has to be changed, allows nothing.
    pub fn may(&self, right: Right, today: CivilDate) -> bool {
        !self.must_change_password && self.rights(today).contains(&right)
    }

    /// What may be done today.
    pub fn rights(&self, today: CivilDate) -> BTreeSet<Right> {
        let Some(grant) = self.grant.as_ref().filter(|grant| !grant.is_over(today)) else {
            return BTreeSet::new();
        };
        let by_name = |right: Right| match right {
            Right::Unmask => grant.scope().is_some_and(|scope| scope.unmask),
            Right::IssueCodes => grant.scope().is_some_and(|scope| scope.counter),
            Right::Upload => grant.scope().is_some_and(|scope| scope.upload),
            _ => true,
        };
        let of_role = grant.role().rights().iter().copied();
        let granted = of_role.filter(|right| by_name(*right));
        match &self.credential {
            Credential::Token { rights, .. } => granted.filter(|right| rights.contains(right)).collect(),
            Credential::Session | Credential::Local => granted.collect(),
        }
    }

    /// The cases that may be seen today.
    pub fn visible_cases(&self, today: CivilDate) -> VisibleCases {
        match &self.grant {
            Some(grant) => grant.visible_cases(today),
            None => VisibleCases::none(),
        }
    }

    /// What is being done, for the log.
    pub fn purpose(&self) -> Option<&str> {
        let granted = || Some(self.grant.as_ref()?.scope()?.purpose.as_str());
        self.purpose.as_deref().or_else(granted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::CaseScope;
    use crate::record::SecurityClass;

    fn viewer(credential: Credential, unmask: bool) -> Viewer {
        let scope = CaseScope {
            agencies: None,
            regions: None,
            clearance: SecurityClass::Internal,
            years: None,
            until: CivilDate::parse("2026-06-30"),
            unmask,
            counter: false,
            upload: false,
            purpose: "窗口查档".into(),
        };
        Viewer {
            account_key: 1,
            name: AccountName::parse("zhao").unwrap(),
            person: "赵小满".into(),
            grant: Some(Grant::new(Role::Staff, Some(scope)).unwrap()),
            purpose: None,
            credential,
            must_change_password: false,
        }
    }

    #[test]
    fn rights_are_those_of_all_who_limit_them() {
        let (day, late) = (
            CivilDate::parse("2026-06-30").unwrap(),
            CivilDate::parse("2026-07-01").unwrap(),
        );
        let session = viewer(Credential::Session, false);
        assert!(session.may(Right::Search, day) && !session.may(Right::Unmask, day));
        assert!(!session.may(Right::Search, late), "the grant is over");
        assert!(!session.may(Right::Grant, day) && !session.may(Right::ReadAudit, day));
        assert!(viewer(Credential::Session, true).may(Right::Unmask, day));
        let rights = BTreeSet::from([Right::Search, Right::Grant]);
        let token = viewer(
            Credential::Token {
                name: "report".into(),
                rights,
            },
            true,
        );
        assert_eq!(token.rights(day), BTreeSet::from([Right::Search]));
        let fresh = Viewer {
            must_change_password: true,
            ..session.clone()
        };
        assert!(Right::ALL.iter().all(|right| !fresh.may(*right, day)));
        let nobody = Viewer { grant: None, ..session };
        assert_eq!(nobody.visible_cases(day), VisibleCases::none());
        assert!(nobody.rights(day).is_empty());
    }
}
