//! Who sees what: roles and rights, the cases a viewer may see, masking of personal data, passwords and tokens, and the
//! chain of the audit log. Nothing here knows where any of it is kept.

mod actor;
mod chain;
mod credentials;
mod grant;
mod keys;
pub mod masking;
mod numbers;
mod password;
mod role;
mod sealing;
mod viewer;
mod visible;

pub use actor::Actor;
pub use chain::{
    Action, AuditEntry, ChainFinding, ChainHash, Checkpoint, CheckpointKey, FindingKind, Outcome, SealedEntry, Verifier,
};
pub use credentials::{AccountName, Secret, SecretKind};
pub use grant::{CaseScope, Grant, InvalidGrant, PURPOSE_CHARACTERS};
pub use keys::{KeyDirectory, KeyError};
pub use masking::{Masking, PersonalData, masked_query, personal_areas};
pub use numbers::{AskedNumber, FoundNumber, Pattern, asked_number, is_whole, person_numbers};
pub use password::{PasswordHash, WeakPassword, check_password, one_time_password, verify_against_nothing};
pub use role::{Right, Role};
pub use sealing::{KeyId, Keyring, LookupCipher, SealError};
pub use viewer::{Credential, Viewer};
pub use visible::{Restriction, VisibleCases};
