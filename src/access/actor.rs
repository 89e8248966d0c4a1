//! Who is named in the audit log.

use serde_json::Value;

use super::{Action, AuditEntry, Citizen, Credential, Outcome, Viewer};

/// What stands in the place of a role for citizens, who have none.
pub const CITIZEN: &str = "citizen";

/// Who did something, and under which circumstances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// Key of the account; `None` for who holds the data directory, and for who is not known.
    pub account_key: Option<u64>,
    /// Name of the account, `local:` and a user of the machine, or `-`.
    pub name: String,
    /// Code of the role.
    pub role: Option<String>,
    /// What for.
    pub purpose: Option<String>,
    /// Identifies the request.
    pub request_id: Option<String>,
    /// Where from.
    pub address: Option<String>,
}

impl Actor {
    /// Somebody who has not shown who they are.
    pub fn unknown() -> Self {
        Self {
            name: "-".to_owned(),
            ..Self::default()
        }
    }

    /// Somebody at the command line, by their number on this machine. They hold the data directory, so there is nothing
    /// to refuse them; all there is to do is to write down what they do.
    pub fn local(user: u32) -> Self {
        Self {
            name: format!("local:{user}"),
            ..Self::default()
        }
    }

    /// Nobody: what the program does by itself, at the times that the configuration names.
    pub fn schedule() -> Self {
        Self {
            name: "program:schedule".to_owned(),
            ..Self::default()
        }
    }

    /// The same, when they look with the rights of an account.
    #[must_use]
    pub fn acting_as(self, viewer: &Viewer) -> Self {
        Self {
            name: format!("{} as {}", self.name, viewer.name),
            role: viewer.role().map(|role| role.code().to_owned()),
            purpose: viewer.purpose().map(Into::into),
            ..self
        }
    }

    /// Names the account.
    #[must_use]
    pub fn known(self, viewer: &Viewer) -> Self {
        let name = match &viewer.credential {
            Credential::Token { name, .. } => format!("{} by token {name}", viewer.name),
            Credential::Session | Credential::Local => viewer.name.to_string(),
        };
        Self {
            account_key: Some(viewer.account_key),
            name,
            role: viewer.role().map(|role| role.code().to_owned()),
            purpose: viewer.purpose().map(Into::into),
            ..self
        }
    }

    /// How the log names a citizen.
    pub fn name_of_citizen(pseudonym: &str) -> String {
        format!("{CITIZEN}:{pseudonym}")
    }

    /// A citizen, by what stands for them in the log.
    #[must_use]
    pub fn citizen(self, citizen: &Citizen) -> Self {
        Self {
            name: Self::name_of_citizen(&citizen.pseudonym),
            role: Some(CITIZEN.to_owned()),
            purpose: Some("本人查询".to_owned()),
            ..self
        }
    }

    /// Says what they did; the log adds when.
    pub fn entry(&self, action: Action, outcome: Outcome, details: &Value) -> AuditEntry {
        AuditEntry {
            at: String::new(),
            actor: self.name.clone(),
            role: self.role.clone(),
            action,
            outcome,
            case_id: None,
            purpose: self.purpose.clone(),
            request_id: self.request_id.clone(),
            address: self.address.clone(),
            details: details.to_string(),
        }
    }
}

impl AuditEntry {
    /// Names the case that it was done to.
    #[must_use]
    pub fn of_case(mut self, case_id: &str) -> Self {
        self.case_id = Some(case_id.to_owned());
        self
    }
}
