//! The schema: one tantivy document per case.
//!
//! What comes out of the index are case keys, sort keys and facet values, all from fast fields; titles, names and page
//! texts live in the catalogue only. The one thing stored are the normalised letters of a case ([`super::letters`]),
//! which the postings of its tokens hold anyway, without which it could not be searched; deleting a case and merging
//! removes both.
//!
//! A change here changes [`SCHEMA_VERSION`], and with it the fingerprint: old generations then ask for a reindex.

use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::RAW_TOKENIZER_NAME;

use super::Error;
use super::tokenizer::{GRAMS, SOUNDS, WORDS};

/// Version of the schema and of what [`super::IndexDocument`] puts into it.
pub(super) const SCHEMA_VERSION: u32 = 3;

/// A text in two views: `words` rank, `grams` find every substring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextField {
    pub(crate) words: Field,
    pub(crate) grams: Field,
}

/// The fields that hold one facet or one exact value, by their stable names.
macro_rules! fields {
    (
        text { $($text:ident,)+ }
        grams { $($grams:ident,)+ }
        sounds { $($sounds:ident,)+ }
        key { $($key:ident,)+ }
        facet { $($facet:ident,)+ }
        exact { $($exact:ident,)+ }
        number { $($number:ident,)+ }
        date { $($date:ident,)+ }
    ) => {
        /// Every field of the index.
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct Fields {
            /// Key of the case in the catalogue; what every hit comes back as.
            pub(crate) case_key: Field,
            /// Sortable form of the document number; fast only.
            pub(crate) number_sort: Field,
            /// The letters of the case; stored only.
            pub(crate) letters: Field,
            $(pub(crate) $text: TextField,)+
            $(pub(crate) $grams: Field,)+
            $(pub(crate) $sounds: Field,)+
            $(pub(crate) $key: Field,)+
            $(pub(crate) $facet: Field,)+
            $(pub(crate) $exact: Field,)+
            $(pub(crate) $number: Field,)+
            $(pub(crate) $date: Field,)+
        }

        /// The schema of a new generation.
        pub(super) fn build() -> Schema {
            let mut builder = Schema::builder();
            builder.add_u64_field(CASE_KEY, value().set_fast());
            builder.add_text_field(NUMBER_SORT, TextOptions::default().set_fast(RAW_TOKENIZER_NAME));
            builder.add_bytes_field(LETTERS, STORED);
            $(add_text(&mut builder, stringify!($text));)+
            $(builder.add_text_field(stringify!($grams), positions(GRAMS));)+
            $(builder.add_text_field(stringify!($sounds), positions(SOUNDS));)+
            $(builder.add_u64_field(stringify!($key), value().set_fast());)+
            $(builder.add_text_field(stringify!($facet), raw().set_fast(RAW_TOKENIZER_NAME));)+
            $(builder.add_text_field(stringify!($exact), raw());)+
            $(builder.add_u64_field(stringify!($number), value());)+
            $(builder.add_u64_field(stringify!($date), value().set_fast());)+
            builder.build()
        }

        impl Fields {
            /// Finds every field in a schema.
            pub(super) fn of(schema: &Schema) -> Result<Self, Error> {
                let field = |name: &'static str| schema.get_field(name).map_err(|_| Error::MissingField { field: name });
                Ok(Self {
                    case_key: field(CASE_KEY)?,
                    number_sort: field(NUMBER_SORT)?,
                    letters: field(LETTERS)?,
                    $($text: TextField {
                        words: field(concat!(stringify!($text), "_words"))?,
                        grams: field(concat!(stringify!($text), "_grams"))?,
                    },)+
                    $($grams: field(stringify!($grams))?,)+
                    $($sounds: field(stringify!($sounds))?,)+
                    $($key: field(stringify!($key))?,)+
                    $($facet: field(stringify!($facet))?,)+
                    $($exact: field(stringify!($exact))?,)+
                    $($number: field(stringify!($number))?,)+
                    $($date: field(stringify!($date))?,)+
                })
            }
        }
    };
}

fields! {
    text { title, applicant, matter_text, agency_text, body, }
    grams { document_number_grams, archival_code_grams, acceptance_number_grams, }
    sounds { applicant_sounds, }
    key { organisation_key, person_key, }
    facet {
        year, agency, region, matter, outcome, document_kind, applicant_kind, retention, security_class, ocr_quality,
    }
    exact {
        document_number, document_agency_code, archival_code, archival_code_part, acceptance_number,
        mentioned_number,
    }
    number { document_year, document_serial, mentioned_date, }
    date { applied_on, accepted_on, decided_on, served_on, valid_until, case_date, }
}

/// Name of the fast field with the key of the case.
pub(crate) const CASE_KEY: &str = "case_key";
/// Name of the fast field with the key of an applicant's name that may be suggested to everybody: a hash of its letters.
pub(crate) const ORGANISATION_KEY: &str = "organisation_key";
/// Name of the fast field with the key of a person's name.
pub(crate) const PERSON_KEY: &str = "person_key";
/// Name of the fast field with the sortable document number.
pub(crate) const NUMBER_SORT: &str = "number_sort";
/// Name of the stored field with the letters of the case.
pub(crate) const LETTERS: &str = "letters";
/// Name of the fast field with the date under which a case is sorted and filtered.
pub(crate) const CASE_DATE: &str = "case_date";

fn add_text(builder: &mut SchemaBuilder, name: &str) {
    // Words only rank, so they need frequencies and lengths; grams only match, so they need positions.
    let words = TextFieldIndexing::default()
        .set_tokenizer(WORDS)
        .set_index_option(IndexRecordOption::WithFreqs)
        .set_fieldnorms(true);
    builder.add_text_field(
        &format!("{name}_words"),
        TextOptions::default().set_indexing_options(words),
    );
    builder.add_text_field(&format!("{name}_grams"), positions(GRAMS));
}

fn positions(tokenizer: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}

fn raw() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(RAW_TOKENIZER_NAME)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}

fn value() -> NumericOptions {
    NumericOptions::default().set_indexed()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// If this fails you have changed the schema: raise [`SCHEMA_VERSION`] and put the new hash here.
    #[test]
    fn a_change_of_the_schema_needs_a_new_version() {
        let schema = serde_json::to_string(&build()).unwrap();
        let hash = hex::encode(Sha256::digest(schema.as_bytes()));
        insta::assert_snapshot!(format!("{SCHEMA_VERSION} {hash:.16}"), @"3 93f64264570491a7");
    }

    #[test]
    fn every_field_is_found_and_only_letters_are_stored() {
        let schema = build();
        Fields::of(&schema).unwrap();
        for (_, entry) in schema.fields() {
            assert_eq!(entry.is_stored(), entry.name() == LETTERS, "{}", entry.name());
        }
    }
}
