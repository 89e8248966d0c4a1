//! Citizens: people and companies who look at their own history. They have no account.

use std::future::Future;

use unicode_normalization::UnicodeNormalization;

use super::Actor;
use crate::record::OwnerNumber;

/// Characters of a name.
const NAME: std::ops::RangeInclusive<usize> = 2..=60;

/// Somebody who showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citizen {
    /// The person; for an organisation whom it authorised.
    pub name: CitizenName,
    /// The identity number, or the credit code of the organisation.
    pub number: OwnerNumber,
    /// What stands for them in the log, which holds no name and no number: identifies how they showed it.
    pub pseudonym: String,
}

/// The name of a person as names are compared: whatever the width of its characters, blanks in it and the form of its dots.
#[derive(Clone, PartialEq, Eq)]
pub struct CitizenName(String);

impl std::fmt::Debug for CitizenName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CitizenName(…)")
    }
}

impl CitizenName {
    /// Reads a name as it was typed; `None` when it cannot be one.
    pub fn parse(typed: &str) -> Option<Self> {
        let dot = |c: char| match c {
            '\u{2022}' | '\u{2027}' | '\u{30fb}' | '\u{ff65}' | '\u{ff0e}' | '.' => '·',
            c => c,
        };
        let visible = typed
            .chars()
            .take(4 * NAME.end())
            .map(dot)
            .filter(|c| !c.is_whitespace());
        let name: String = visible.nfkc().map(dot).flat_map(char::to_uppercase).collect();
        let fits = NAME.contains(&name.chars().count()) && typed.chars().count() <= 4 * NAME.end();
        let plain = name.chars().all(|c| c.is_alphabetic() || matches!(c, '·' | '-' | '\''));
        (fits && plain).then_some(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for lists: the first character.
    pub fn masked(&self) -> String {
        let first = self.0.chars().take(1);
        first.chain(self.0.chars().skip(1).map(|_| '*')).collect()
    }
}

/// How long an access code is good, and for how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeTerms {
    /// Days.
    pub days: u32,
    /// Wrong entries after which it is never good again.
    pub tries: u32,
    /// Logins.
    pub uses: u32,
}

impl Default for CodeTerms {
    fn default() -> Self {
        Self {
            days: 7,
            tries: 5,
            uses: 20,
        }
    }
}

/// A way in which citizens show who they are. Access codes from the counter are one; a national identity service by OIDC can
/// become another: whoever was identified gets a session in the same way.
pub trait CitizenIdentity {
    /// What somebody claims and shows.
    type Claim;
    /// Why it is not believed.
    type Error;

    /// Who it is. A claim that is not believed is written down, and answered the same way whatever is wrong with it.
    ///
    /// # Errors
    /// When it is not believed, or cannot be looked at.
    fn identify(&self, claim: &Self::Claim, actor: &Actor)
    -> impl Future<Output = Result<Citizen, Self::Error>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_whatever_their_form() {
        for (typed, name) in [
            ("赵小满", Some("赵小满")),
            (" 赵 小　满 ", Some("赵小满")),
            ("阿依古丽•买买提", Some("阿依古丽·买买提")),
            ("阿依古丽・买买提", Some("阿依古丽·买买提")),
            ("Ｌｉ Ming", Some("LIMING")),
            ("赵", None),
            ("", None),
            ("140224199001011234", None),
            ("赵小满<b>", None),
        ] {
            assert_eq!(
                CitizenName::parse(typed).as_ref().map(CitizenName::as_str),
                name,
                "{typed}"
            );
        }
        assert_eq!(CitizenName::parse(&"赵".repeat(61)), None);
        assert_eq!(CitizenName::parse(&" ".repeat(100_000)), None);
        assert_eq!(CitizenName::parse("赵小满").unwrap().masked(), "赵**");
    }
}
