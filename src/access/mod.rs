//! Who sees what: roles and rights, the cases a viewer may see, masking of personal data, passwords and tokens, and the
//! chain of the audit log. Nothing here knows where any of it is kept.

mod actor;
mod chain;
mod citizen;
mod credentials;
mod grant;
mod keys;
pub mod masking;
mod numbers;
mod password;
mod readable_code;
mod role;
mod sealing;
mod viewer;
mod visible;

pub use actor::{Actor, CITIZEN};
pub use chain::{
    Action, AuditEntry, ChainFinding, ChainHash, Checkpoint, CheckpointKey, FindingKind, Outcome, SealedEntry, Verifier,
};
pub use citizen::{Citizen, CitizenIdentity, CitizenName, CodeTerms};
pub use credentials::{AccountName, Secret, SecretKind};
pub use grant::{CaseScope, Grant, InvalidGrant, PURPOSE_CHARACTERS};
pub use keys::{KeyDirectory, KeyError};
pub use masking::{Masking, Own, PersonalData, ThirdParties, masked_query, personal_areas};
pub use numbers::{AskedNumber, FoundNumber, Pattern, asked_number, is_whole, person_numbers};
pub use password::{PasswordHash, WeakPassword, check_password, one_time_password, verify_against_nothing};
pub use readable_code::ReadableCode;
pub use role::{Right, Role};
pub use sealing::{KeyId, Keyring, LookupCipher, SealError};
pub use viewer::{Credential, Viewer};
pub use visible::{Restriction, VisibleCases};
