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

use crate::analysis::is_han;

use super::Error;
use super::tokenizer::{PAIRS, SINGLES, SOUNDS, WORDS};

/// Version of the schema and of what [`super::IndexDocument`] puts into it.
pub(super) const SCHEMA_VERSION: u32 = 7;

/// A text in two views: `words` rank, `grams` find every substring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextField {
    pub(crate) words: Field,
    pub(crate) grams: GramField,
}

impl TextField {
    /// The field that tells how often a dictionary word stands in a text.
    pub(crate) fn of_word(self, word: &str) -> Field {
        if is_pair(word.chars()) {
            self.grams.pairs
        } else {
            self.words
        }
    }
}

/// Whether a word is a pair of Han letters. Most words are, and the pairs know all about them: they are not kept twice.
pub(super) fn is_pair(mut letters: impl Iterator<Item = char>) -> bool {
    letters.next().is_some_and(is_han) && letters.next().is_some_and(is_han) && letters.next().is_none()
}

/// Where every substring of a text is found. Where a single letter stands, its pairs tell as well, so only the pairs have
/// positions: half of what positions would take otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GramField {
    /// Pairs of letters and quads of digits, with positions.
    pub(crate) pairs: Field,
    /// Single letters: in which cases they stand, nothing else.
    pub(crate) singles: Field,
}

impl GramField {
    /// The field with the grams of this many letters.
    pub(crate) fn of_length(self, letters: usize) -> Field {
        if letters == 1 { self.singles } else { self.pairs }
    }
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
        column { $($column:ident,)+ }
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
            /// Numbers of persons that stand among its letters, sealed; stored only.
            pub(crate) taken_numbers: Field,
            $(pub(crate) $text: TextField,)+
            $(pub(crate) $grams: GramField,)+
            $(pub(crate) $sounds: Field,)+
            $(pub(crate) $key: Field,)+
            $(pub(crate) $facet: Field,)+
            $(pub(crate) $exact: Field,)+
            $(pub(crate) $number: Field,)+
            $(pub(crate) $date: Field,)+
            $(pub(crate) $column: Field,)+
        }

        /// The schema of a new generation.
        pub(super) fn build() -> Schema {
            let mut builder = Schema::builder();
            builder.add_u64_field(CASE_KEY, value().set_fast());
            builder.add_text_field(NUMBER_SORT, TextOptions::default().set_fast(RAW_TOKENIZER_NAME));
            builder.add_bytes_field(LETTERS, STORED);
            builder.add_bytes_field(TAKEN_NUMBERS, STORED);
            $(add_text(&mut builder, stringify!($text));)+
            $(add_grams(&mut builder, stringify!($grams));)+
            $(builder.add_text_field(stringify!($sounds), positions(SOUNDS, false));)+
            $(builder.add_u64_field(stringify!($key), value().set_fast());)+
            $(builder.add_text_field(stringify!($facet), raw().set_fast(RAW_TOKENIZER_NAME));)+
            $(builder.add_text_field(stringify!($exact), raw());)+
            $(builder.add_u64_field(stringify!($number), value());)+
            $(builder.add_u64_field(stringify!($date), value().set_fast());)+
            $(builder.add_u64_field(stringify!($column), NumericOptions::default().set_fast());)+
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
                    taken_numbers: field(TAKEN_NUMBERS)?,
                    $($text: TextField {
                        words: field(concat!(stringify!($text), "_words"))?,
                        grams: GramField {
                            pairs: field(concat!(stringify!($text), "_pairs"))?,
                            singles: field(concat!(stringify!($text), "_singles"))?,
                        },
                    },)+
                    $($grams: GramField {
                        pairs: field(concat!(stringify!($grams), "_pairs"))?,
                        singles: field(concat!(stringify!($grams), "_singles"))?,
                    },)+
                    $($sounds: field(stringify!($sounds))?,)+
                    $($key: field(stringify!($key))?,)+
                    $($facet: field(stringify!($facet))?,)+
                    $($exact: field(stringify!($exact))?,)+
                    $($number: field(stringify!($number))?,)+
                    $($date: field(stringify!($date))?,)+
                    $($column: field(stringify!($column))?,)+
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
        missing,
    }
    exact {
        document_number, document_agency_code, archival_code, archival_code_part, acceptance_number,
        mentioned_number,
    }
    number { document_year, document_serial, mentioned_date, person_number, }
    date { applied_on, accepted_on, decided_on, served_on, valid_until, case_date, }
    column { pages, confidence, complete, extended, excluded_time, }
}

/// Name of the fast field with the date of acceptance.
pub(crate) const ACCEPTED_ON: &str = "accepted_on";
/// Name of the fast field with the date of the decision.
pub(crate) const DECIDED_ON: &str = "decided_on";
/// Name of the fast field with the number of pages.
pub(crate) const PAGES: &str = "pages";
/// Name of the fast field with the mean confidence of the text, in parts of `analytics::WHOLE_CONFIDENCE`; none without text.
pub(crate) const CONFIDENCE: &str = "confidence";
/// Name of the fast field that is 1 when nothing is missing that is expected.
pub(crate) const COMPLETE: &str = "complete";
/// Name of the fast field that is 1 when the time limit was extended.
pub(crate) const EXTENDED: &str = "extended";
/// Name of the fast field with the times that do not count towards the limit, as `analytics::ExcludedTime` writes them.
pub(crate) const EXCLUDED_TIME: &str = "excluded_time";

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
/// Name of the stored field with the sealed numbers of persons.
const TAKEN_NUMBERS: &str = "taken_numbers";
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
    add_grams(builder, name);
}

fn add_grams(builder: &mut SchemaBuilder, name: &str) {
    // With lengths, for pairs are words, too.
    builder.add_text_field(&format!("{name}_pairs"), positions(PAIRS, true));
    builder.add_text_field(&format!("{name}_singles"), presence(SINGLES));
}

fn positions(tokenizer: &str, lengths: bool) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(lengths);
    TextOptions::default().set_indexing_options(indexing)
}

fn presence(tokenizer: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}

fn raw() -> TextOptions {
    presence(RAW_TOKENIZER_NAME)
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
        insta::assert_snapshot!(format!("{SCHEMA_VERSION} {hash:.16}"), @"7 eca0ba02a007e60d");
    }

    #[test]
    fn every_field_is_found_and_only_letters_are_stored() {
        let schema = build();
        Fields::of(&schema).unwrap();
        for (_, entry) in schema.fields() {
            let stored = [LETTERS, TAKEN_NUMBERS].contains(&entry.name());
            assert_eq!(entry.is_stored(), stored, "{}", entry.name());
        }
    }
}
