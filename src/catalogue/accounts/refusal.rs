//! What is not done with accounts, sessions and tokens.

use thiserror::Error;

use crate::access::{InvalidGrant, WeakPassword};

/// Why something about accounts is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AccessRefusal {
    /// Name, password or both are wrong, or the account is disabled: which of them is not told.
    #[error("name or password is wrong")]
    SignIn,
    /// Too many failures; nothing is looked at for some time.
    #[error("too many failed attempts, wait {seconds} seconds")]
    TooManyAttempts {
        /// How long to wait.
        seconds: u32,
    },
    /// What a citizen sent is not right: what of it is not told.
    #[error("name, number or access code is wrong")]
    CitizenSignIn,
    /// Copies were verified very often from one address.
    #[error("too many verifications, wait {seconds} seconds")]
    TooManyVerifications {
        /// How long to wait.
        seconds: u32,
    },
    /// A name that no person has.
    #[error("the name of a person has 2 to 60 letters")]
    CitizenName,
    /// A number that is no identity number and no credit code.
    #[error("neither a valid identity number nor a valid credit code")]
    CitizenNumber,
    /// No such access code, or it was revoked before.
    #[error("there is no such access code")]
    NoCode,
    /// A name that cannot be one.
    #[error("the name of an account has 2 to 40 letters, digits, dots, dashes")]
    Name,
    /// A name that is taken.
    #[error("there is an account of this name")]
    NameTaken,
    /// A text that is empty, too long or has control characters.
    #[error("{what} must be one line and not too long")]
    Text {
        /// Which text.
        what: &'static str,
    },
    /// No such account.
    #[error("there is no such account")]
    NoAccount,
    /// A password that breaks a rule.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// A grant that contradicts itself.
    #[error(transparent)]
    Grant(#[from] InvalidGrant),
    /// Nobody grants oneself.
    #[error("nobody grants oneself")]
    OwnGrant,
    /// Who was one of the three administrators does not become another.
    #[error("an account cannot be two of the three administrators")]
    SecondAdministrator,
    /// The last security administrator.
    #[error("the last security administrator cannot be removed")]
    LastSecurityAdmin,
    /// A token of this name is there already.
    #[error("the account has a token of this name")]
    TokenTaken,
    /// No such token.
    #[error("there is no such token")]
    NoToken,
    /// A token without a right, or with one that the account does not have.
    #[error("the token needs rights that the account has")]
    TokenRights,
    /// A token that ends too late or at once.
    #[error("a token is valid for 1 to {most} days")]
    TokenDays {
        /// The most.
        most: u32,
    },
}
