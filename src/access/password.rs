//! Passwords: the rules they keep to, and how they are kept.
//!
//! Kept is what argon2id (RFC 9106) makes of a password and a salt, with the parameters that OWASP recommends (19 MiB of
//! memory, two passes): a guess costs whoever steals the file as much as it costs us.

use argon2::Argon2;
use argon2::password_hash::phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use thiserror::Error;

use super::AccountName;

/// Fewest characters.
const LEAST: usize = 10;
/// Most characters: more would only cost time.
const MOST: usize = 128;
/// From this length on a password needs no characters of several sorts.
const LONG: usize = 16;
/// Sorts of characters that a shorter one needs, of four: lower case, upper case, digits, others.
const SORTS: usize = 3;
/// Different characters that any needs.
const DIFFERENT: usize = 6;
/// What many people take; a password that is little more than one of these is refused.
const COMMON: &[&str] = &[
    "password", "passw0rd", "p@ssw0rd", "qwerty", "1qaz2wsx", "admin", "juanzong", "dangan", "abc123", "123456",
    "654321", "111111", "888888", "iloveyou", "woaini", "welcome", "letmein", "changeme",
];
/// Letters of one-time passwords: none looks like another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789+";
/// Letters of a one-time password: 80 bits.
const ONE_TIME: usize = 16;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WeakPassword {
    /// Too short or too long.
    #[error("a password has {LEAST} to {MOST} characters")]
    Length,
    /// Too simple.
    #[error("a password has letters, digits and signs of three sorts, or {LONG} characters")]
    Simple,
    /// It holds the name of the account, or is one that many take.
    #[error("a password is not the name of the account and none that many people take")]
    Guessable,
    /// It is the one that is to be replaced.
    #[error("the new password is the old one")]
    Unchanged,
}

/// Checks that a password keeps to the rules.
///
/// # Errors
/// Which rule it breaks.
pub fn check_password(name: &AccountName, password: &str) -> Result<(), WeakPassword> {
    let characters: Vec<char> = password.chars().collect();
    if !(LEAST..=MOST).contains(&characters.len()) {
        return Err(WeakPassword::Length);
    }
    let sorts: [fn(&char) -> bool; 4] = [
        |c| c.is_lowercase(),
        |c| c.is_uppercase(),
        |c| c.is_numeric(),
        |c| !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric(),
    ];
    let sorts = sorts.iter().filter(|sort| characters.iter().any(sort)).count();
    let mut different = characters.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT || (sorts < SORTS && characters.len() < LONG) {
        return Err(WeakPassword::Simple);
    }
    let lower = password.to_lowercase();
    // A few characters around a common word do not help.
    let little_more = |word: &str| lower.contains(word) && characters.len() < word.chars().count() + DIFFERENT;
    if lower.contains(name.as_str()) || COMMON.iter().any(|word| little_more(word)) {
        return Err(WeakPassword::Guessable);
    }
    Ok(())
}

/// A password for one login, to be told once and changed then: four groups of four letters.
pub fn one_time_password() -> String {
    let bytes: [u8; ONE_TIME] = rand::random();
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    }
    text
}

/// What is kept of a password, in the PHC string format.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

impl PasswordHash {
    /// Takes some hundredths of a second and 19 MiB.
    ///
    /// # Errors
    /// Never in practice: the parameters are fixed and the password is short. The error says nothing about it.
    pub fn of(password: &str) -> Result<Self, argon2::password_hash::Error> {
        let salt: [u8; 16] = rand::random();
        let hash: phc::PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt)?;
        Ok(Self(hash.to_string()))
    }

    /// As it was stored.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// For storage.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the password; takes as long as [`Self::of`].
    pub fn verify(&self, password: &str) -> bool {
        let Ok(hash) = phc::PasswordHash::new(&self.0) else {
            return false;
        };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    }
}

/// Spends the time of [`PasswordHash::verify`], for an account that there is not.
pub fn verify_against_nothing(password: &str) {
    // Whatever it would be: only the time counts.
    let _ = PasswordHash::of(password);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_name_what_is_broken() {
        let name = AccountName::parse("zhaoxm").unwrap();
        for (password, expected) in [
            ("Ab3!xyz", Some(WeakPassword::Length)),
            ("abcdefghijk", Some(WeakPassword::Simple)),
            ("Aa1Aa1Aa1Aa1", Some(WeakPassword::Simple)),
            ("aaaaaaaaaaaaaaaaaaaaaaaa", Some(WeakPassword::Simple)),
            ("Password123", Some(WeakPassword::Guessable)),
            ("P@ssw0rd2026", Some(WeakPassword::Guessable)),
            ("XZhaoxm-2026", Some(WeakPassword::Guessable)),
            ("Liu-shi-7-jian", None),
            ("晴空万里，明月几时有A1", None),
            ("correct horse battery", None),
        ] {
            assert_eq!(check_password(&name, password).err(), expected, "{password}");
        }
        assert_eq!(check_password(&name, &"xY3-".repeat(40)), Err(WeakPassword::Length));
    }

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let hash = PasswordHash::of("Liu-shi-7-jian").unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let again = PasswordHash::stored(hash.as_str().to_owned());
        assert!(again.verify("Liu-shi-7-jian") && !again.verify("Liu-shi-7-jiam") && !again.verify(""));
        assert_ne!(PasswordHash::of("Liu-shi-7-jian").unwrap(), hash, "salted");
        assert!(!PasswordHash::stored("nonsense".into()).verify("nonsense"));
        assert!(!format!("{hash:?}").contains("argon2"));
    }

    #[test]
    fn one_time_passwords_differ() {
        let (one, two) = (one_time_password(), one_time_password());
        assert_ne!(one, two);
        assert_eq!((one.len(), one.matches('-').count()), (19, 3));
    }
}
