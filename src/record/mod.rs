//! What a case is: numbers, dates, parties, classification, page text.
//!
//! The bottom layer: it uses the standard library and serde only, and nothing else of this crate.
//! Names follow the project's glossary (`docs/glossary.md`); each type gives its Chinese term.

mod archival_code;
mod case;
mod case_line;
mod chinese_number;
mod civil_date;
mod classification;
mod correction;
mod credit_code;
mod declared;
mod document_number;
mod fact;
mod failure_code;
mod geometry;
mod id_number;
mod line_edit;
mod owner;
mod page_text;
mod quantity;
mod region;
mod repair;
mod stage;
mod surname;

pub use archival_code::ArchivalCode;
pub use case::{CaseFields, CaseRecord, DocumentRecord, PageRecord, PageSpan};
pub use case_line::{
    ApplicantLine, CaseLine, CheckedLine, CorrectionLine, DocumentLine, FileLine, IMPORT_ORIGIN, PageFault, PageLine,
    ReadPage, catalogue_fact,
};
pub use chinese_number::{chinese_digit, decimal_digit, parse_chinese_number};
pub use civil_date::{CivilDate, FoundDate};
pub(crate) use classification::closed_list;
pub use classification::{ApplicantKind, DocumentKind, Outcome, Retention, SecurityClass};
pub use correction::{Correction, CorrectionSubject, LineAnchor, Undo};
pub use credit_code::CreditCode;
pub use declared::{ContentsDifference, DeclaredDocument, contents_differences};
pub use document_number::{DocumentNumber, FoundDocumentNumber};
pub use fact::{ADDRESS_OF_PREMISES, Evidence, Fact, FactSource, FieldName};
pub use failure_code::FailureCode;
pub use geometry::PixelBox;
pub use id_number::IdNumber;
pub use line_edit::{AppliedEdit, LineEdit, append_lost_edit, apply_line_edits};
pub use owner::{OwnerKind, OwnerNumber, certain_owner};
pub use page_text::{Alternative, FormField, LineRole, PageText, Seal, TextLine, TextSource, TextWord};
pub use quantity::{FloorArea, Found, Money};
pub use region::RegionCode;
pub use repair::Repair;
pub use stage::{Stage, StageOfCase, StageState};
pub use surname::may_be_surname;
