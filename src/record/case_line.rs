//! A case as one line of JSON: what `import` reads and `export` writes, without loss in either direction.
//!
//! Everything but the archival code may be left out. A line that a person or another program writes holds values and
//! texts; one that this program writes also holds, where they say more than the values do, the `facts` behind the values,
//! what people corrected, and pages as objects with their lines and boxes.
//!
//! Values at the top are what the case is to be found by. Where the line has `facts` or `corrections`, a value that these
//! explain is no statement of its own; one that they do not explain is what the archive's catalogue says now, and wins over
//! the facts ([`CaseLine::own_values`]).

mod correction;
mod document;
mod one_or_many;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::{ArchivalCode, CaseFields, CaseRecord, Correction, Fact, FactSource, FieldName};

pub use correction::{CheckedLine, CorrectionLine};
pub use document::{DocumentLine, FileLine, PageFault, PageLine, ReadPage};

/// Origin of the facts that the values of a line become.
pub const IMPORT_ORIGIN: &str = "import";

/// Declares the keys once: fields of which a case has one value, and details of which it may have several.
macro_rules! case_line {
    (values { $($value:ident = $field:ident,)+ } details { $($detail:ident = $kind:ident,)+ }) => {
        /// One line.
        #[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
        pub struct CaseLine {
            /// 档号: the only value that must be there.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub archival_code: Option<String>,
            $(
                #[doc = concat!("See [`FieldName::", stringify!($field), "`].")]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $value: Option<String>,
            )+
            /// 申请人
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub applicant: Option<ApplicantLine>,
            $(
                #[doc = concat!("See [`FieldName::", stringify!($kind), "`]; one text or a list.")]
                #[serde(default, skip_serializing_if = "Vec::is_empty", with = "one_or_many")]
                pub $detail: Vec<String>,
            )+
            /// The documents in order.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub documents: Vec<DocumentLine>,
            /// What catalogue and extraction say, where the values do not say it all.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub facts: Vec<Fact>,
            /// What people corrected, in the order of their numbers.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub corrections: Vec<CorrectionLine>,
            /// Whether the case is withdrawn from all answers.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            pub withdrawn: bool,
            /// Whether personal data in it is masked. Such a line is for reading: it must not be imported.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            pub masked: bool,
        }

        impl CaseLine {
            fn slot(&mut self, field: FieldName) -> Option<&mut Option<String>> {
                match field {
                    $(FieldName::$field => Some(&mut self.$value),)+
                    FieldName::ApplicantName => Some(&mut self.applicant.get_or_insert_default().name),
                    FieldName::ApplicantKind => Some(&mut self.applicant.get_or_insert_default().kind),
                    FieldName::ApplicantIdNumber => Some(&mut self.applicant.get_or_insert_default().id_number),
                    _ => None,
                }
            }

            /// The value of a field at the top, as it is written; `None` for a field that the line does not give, and for
            /// details.
            pub fn value(&self, field: FieldName) -> Option<&str> {
                let applicant = self.applicant.as_ref();
                let value = match field {
                    $(FieldName::$field => self.$value.as_ref(),)+
                    FieldName::ApplicantName => applicant.and_then(|a| a.name.as_ref()),
                    FieldName::ApplicantKind => applicant.and_then(|a| a.kind.as_ref()),
                    FieldName::ApplicantIdNumber => applicant.and_then(|a| a.id_number.as_ref()),
                    _ => None,
                };
                value.map(String::as_str)
            }

            /// The values of a detail at the top, as they are written.
            pub fn details(&self, field: FieldName) -> &[String] {
                match field {
                    $(FieldName::$kind => &self.$detail,)+
                    _ => &[],
                }
            }

            fn details_mut(&mut self, field: FieldName) -> Option<&mut Vec<String>> {
                match field {
                    $(FieldName::$kind => Some(&mut self.$detail),)+
                    // Of single documents, and of what stands on paper: among the facts only.
                    _ => None,
                }
            }
        }
    };
}

case_line! {
    values {
        title = Title,
        agency = Agency,
        region = Region,
        matter = Matter,
        document_number = DocumentNumber,
        acceptance_number = AcceptanceNumber,
        outcome = Outcome,
        retention = Retention,
        security_class = SecurityClass,
        applied_on = AppliedOn,
        accepted_on = AcceptedOn,
        decided_on = DecidedOn,
        served_on = ServedOn,
        valid_from = ValidFrom,
        valid_until = ValidUntil,
    }
    details {
        licence_number = LicenceNumber,
        legal_representative = LegalRepresentative,
        person_id_number = PersonIdNumber,
        address = Address,
        phone = Phone,
        legal_basis = LegalBasis,
        amount = Amount,
        area = Area,
    }
}

/// The applicant of a line.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ApplicantLine {
    /// 申请人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// 申请人类型
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// 证件号码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
}

impl CaseLine {
    /// The line of a case. `case` is the case as it was read or imported, its pages without their corrections; `corrections`
    /// are all that were made, those that were undone among them. Size and media type of files are for the caller to fill
    /// in ([`FileLine`]).
    pub fn of_case(case: &CaseRecord, corrections: &[Correction], withdrawn: bool) -> Self {
        let given: Vec<Fact> = given(&case.facts).cloned().collect();
        let mut line = Self {
            archival_code: Some(case.archival_code.to_string()),
            documents: case.documents.iter().map(DocumentLine::of_document).collect(),
            corrections: corrections.iter().map(CorrectionLine::of_correction).collect(),
            withdrawn,
            ..Self::default()
        };
        for field in FieldName::ALL {
            if let Some(value) = case.fields.get(*field)
                && let Some(slot) = line.slot(*field)
            {
                *slot = Some(value);
            }
        }
        for fact in &given {
            if let Some(values) = line.details_mut(fact.field)
                && !values.contains(&fact.value)
            {
                values.push(fact.value.clone());
            }
        }
        let plain: Vec<Fact> = line
            .own_values()
            .into_iter()
            .map(|(field, value)| catalogue_fact(field, value, None))
            .collect();
        if plain != given {
            line.facts = given;
        }
        line
    }

    /// The values at the top that neither `facts` nor `corrections` explain: fields in their order, then details.
    pub fn own_values(&self) -> Vec<(FieldName, String)> {
        let explained = self.explained();
        let mut values = Vec::new();
        for field in FieldName::ALL {
            if let Some(value) = self.value(*field)
                && explained.get(*field).as_deref() != Some(value)
            {
                values.push((*field, value.to_owned()));
            }
        }
        for field in FieldName::DETAILS {
            let known = |value: &String| self.facts.iter().any(|f| f.field == *field && f.value == *value);
            let own = self.details(*field).iter().filter(|value| !known(value));
            values.extend(own.map(|value| (*field, value.clone())));
        }
        values
    }

    /// The fields as facts and corrections give them.
    fn explained(&self) -> CaseFields {
        if self.facts.is_empty() && self.corrections.is_empty() {
            return CaseFields::default();
        }
        let standing = self
            .corrections
            .iter()
            .rev()
            .filter(|correction| correction.undone.is_none());
        let mut facts: Vec<Fact> = standing.filter_map(CorrectionLine::as_fact).collect();
        facts.extend(given(&self.facts).cloned());
        CaseFields::resolve(&facts)
    }

    /// The case of the line. `own` are the facts that its own values become; they come before its `facts`, so that they win.
    /// A document without a readable kind is taken for [`super::DocumentKind::Other`].
    pub fn into_case(self, archival_code: ArchivalCode, own: Vec<Fact>) -> CaseRecord {
        let mut facts = own;
        facts.extend(
            self.facts
                .into_iter()
                .filter(|fact| fact.source != FactSource::Correction),
        );
        let documents = self.documents.into_iter().zip(1..);
        CaseRecord {
            archival_code,
            fields: CaseFields::resolve(&facts),
            documents: documents.map(|(line, ordinal)| line.into_document(ordinal)).collect(),
            facts,
        }
    }
}

/// The fact that a value of a line becomes.
pub fn catalogue_fact(field: FieldName, value: String, as_read: Option<String>) -> Fact {
    Fact {
        field,
        value,
        as_read,
        source: FactSource::Catalogue,
        origin: IMPORT_ORIGIN.to_owned(),
        evidence: None,
    }
}

/// What is not said by a correction, in the order in which the catalogue keeps it.
fn given(facts: &[Fact]) -> impl Iterator<Item = &Fact> {
    let of = |source| facts.iter().filter(move |fact| fact.source == source);
    of(FactSource::Catalogue).chain(of(FactSource::Extraction))
}
