//! Names of accounts, and the random secrets by which sessions and programs are known.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Characters of a name.
const NAME: std::ops::RangeInclusive<usize> = 2..=40;
/// Bytes of a secret: nobody guesses 256 bits.
const SECRET_BYTES: usize = 32;

/// The name of an account: letters (Han too), digits, `.`, `_` and `-`; in lower case, so that it can be typed either
/// way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountName(String);

impl AccountName {
    /// Reads a name as it was typed; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let name: String = text.trim().nfkc().flat_map(char::to_lowercase).collect();
        let fits = NAME.contains(&name.chars().count());
        let plain = name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
        (fits && plain && name.chars().next().is_some_and(char::is_alphabetic)).then_some(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for AccountName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a secret opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// A session of a browser.
    Session,
    /// The API, for a program.
    Token,
    /// The own history of a citizen.
    Citizen,
}

/// A random secret. Only its hash is kept: who reads the file cannot use it. A plain hash will do, since there is
/// nothing to guess.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new one.
    pub fn new(kind: SecretKind) -> Self {
        let bytes: [u8; SECRET_BYTES] = rand::random();
        Self(format!("{}{}", kind.prefix(), hex::encode(bytes)))
    }

    /// Reads a secret as it was sent; `None` when it has not the form of one of this kind.
    pub fn parse(kind: SecretKind, text: &str) -> Option<Self> {
        let digits = text.strip_prefix(kind.prefix())?;
        let valid = digits.len() == 2 * SECRET_BYTES && digits.bytes().all(|b| b.is_ascii_hexdigit());
        valid.then(|| Self(text.to_owned()))
    }

    /// The secret itself, to be told once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl SecretKind {
    /// How secrets of the kind begin, so that one that leaked is recognised.
    fn prefix(self) -> &'static str {
        match self {
            Self::Session => "jzs_",
            Self::Token => "jzt_",
            Self::Citizen => "jzc_",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_alike_however_typed() {
        for (typed, name) in [
            ("Zhao.XM", Some("zhao.xm")),
            (" ｚｈａｏ ", Some("zhao")),
            ("赵小满", Some("赵小满")),
            ("z", None),
            ("1zhao", None),
            ("zhao xm", None),
            ("zhao\n", Some("zhao")),
            ("zhao/../x", None),
            ("local:0", None),
            ("", None),
        ] {
            assert_eq!(
                AccountName::parse(typed).as_ref().map(AccountName::as_str),
                name,
                "{typed:?}"
            );
        }
        assert_eq!(AccountName::parse(&"z".repeat(41)), None);
    }

    #[test]
    fn a_secret_is_of_one_kind_and_not_shown() {
        let secret = Secret::new(SecretKind::Session);
        assert_eq!(
            Secret::parse(SecretKind::Session, secret.reveal()),
            Some(secret.clone())
        );
        assert_eq!(Secret::parse(SecretKind::Token, secret.reveal()), None);
        assert_ne!(Secret::new(SecretKind::Session), secret);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        let digits = secret.reveal().trim_start_matches("jzs_");
        assert!(!secret.hash().contains(digits));
        for wrong in ["", "jzs_", "jzs_00", &format!("{}0", secret.reveal())] {
            assert_eq!(Secret::parse(SecretKind::Session, wrong), None);
        }
    }
}
