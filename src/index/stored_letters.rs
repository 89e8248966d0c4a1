//! The letters of cases as a search reads them: numbers of persons that were sealed are put back into their places.

use std::collections::{HashMap, HashSet};
use std::ops::Deref;

use tantivy::store::StoreReader;
use tantivy::{DocAddress, Searcher, TantivyError};

use super::letters::{Letters, Section, read, read_pages};
use super::reader::Snapshot;
use super::stored_document::stored;
use super::taken::{Taken, from_bytes};

/// Letters of a part of a number.
const PART: usize = 4;
/// Most cases whose numbers tell how common a part is.
const SAMPLE: u32 = 1_000;

/// Whether the numbers of persons are among the letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// Put back into their places, as far as the key opens them.
    Opened,
    /// [`super::HIDDEN`] letters stand for them.
    Hidden,
}

/// The store of each segment, without blocks that are kept: they lie in mapped files as they are.
pub(super) fn stores(searcher: &Searcher) -> tantivy::Result<Vec<StoreReader>> {
    let segments = searcher.segment_readers().iter();
    segments.map(|segment| Ok(segment.get_store_reader(0)?)).collect()
}

impl Snapshot {
    /// The letters of a case in these sections.
    pub(crate) fn letters(
        &self,
        address: DocAddress,
        wanted: &[Section],
        numbers: Numbers,
    ) -> tantivy::Result<Vec<Letters>> {
        self.read(address, numbers, |letters, taken| read(letters, taken, wanted))
    }

    /// The letters of each page of a case.
    pub(crate) fn letters_of_pages(&self, address: DocAddress, numbers: Numbers) -> tantivy::Result<Vec<Letters>> {
        self.read(address, numbers, read_pages)
    }

    fn read<T>(
        &self,
        address: DocAddress,
        numbers: Numbers,
        read: impl FnOnce(&[u8], &[Taken]) -> T,
    ) -> tantivy::Result<T> {
        let document = self.document(address)?;
        let taken = match numbers {
            Numbers::Opened => self.taken(&document)?,
            Numbers::Hidden => Vec::new(),
        };
        Ok(read(stored(&document, self.fields.letters)?, &taken))
    }

    fn document(&self, address: DocAddress) -> tantivy::Result<impl Deref<Target = [u8]>> {
        let store = self.stores.get(address.segment_ord as usize);
        let unknown = || TantivyError::InvalidArgument("no such segment".to_owned());
        store.ok_or_else(unknown)?.get_document_bytes(address.doc_id)
    }

    /// What was taken out of the letters; nothing without the key.
    fn taken(&self, document: &[u8]) -> tantivy::Result<Vec<Taken>> {
        let sealed = stored(document, self.fields.taken_numbers)?;
        let numbers = self.analyser.numbers().filter(|_| !sealed.is_empty());
        let opened = numbers.and_then(|numbers| numbers.open(sealed));
        Ok(opened.map_or_else(Vec::new, |bytes| from_bytes(&bytes)))
    }

    /// About how many cases have a number of a person with this part of four letters: those parts are in no postings.
    pub(crate) fn cases_with_part(&self, part: &[u16]) -> f32 {
        if self.analyser.numbers().is_none() || part.len() != PART {
            return 0.0;
        }
        let parts = self.parts.get_or_init(|| NumberParts::of(self));
        parts.share_of(part) * f32_of(self.searcher.num_docs())
    }
}

/// How common parts of numbers of persons are.
#[derive(Debug, Default)]
pub(super) struct NumberParts {
    /// Cases with each part.
    cases: HashMap<[u16; PART], u32>,
    /// Cases looked at.
    sample: u32,
}

impl NumberParts {
    /// From some cases all over the index.
    fn of(snapshot: &Snapshot) -> Self {
        let mut parts = Self::default();
        for address in spread(&snapshot.searcher) {
            // What cannot be read tells nothing; the search itself fails elsewhere then.
            let read = snapshot
                .document(address)
                .and_then(|document| snapshot.taken(&document));
            let Ok(taken) = read else {
                continue;
            };
            parts.sample += 1;
            let here = taken.iter().flat_map(|number| number.units.windows(PART));
            let here: HashSet<[u16; PART]> = here.filter_map(|part| part.try_into().ok()).collect();
            for part in here {
                *parts.cases.entry(part).or_default() += 1;
            }
        }
        parts
    }

    fn share_of(&self, part: &[u16]) -> f32 {
        let cases = <[u16; PART]>::try_from(part)
            .ok()
            .and_then(|part| self.cases.get(&part));
        f32_of(cases.copied().unwrap_or(0).into()) / f32_of(self.sample.max(1).into())
    }
}

/// Cases at equal distances, all over the index.
fn spread(searcher: &Searcher) -> impl Iterator<Item = DocAddress> + '_ {
    let all: u32 = searcher.segment_readers().iter().map(|segment| segment.max_doc()).sum();
    let every = all.div_ceil(SAMPLE).max(1) as usize;
    let addresses = (0..).zip(searcher.segment_readers()).flat_map(|(ordinal, segment)| {
        let docs = 0..segment.max_doc();
        docs.map(move |doc| (segment, DocAddress::new(ordinal, doc)))
    });
    let addresses = addresses.step_by(every);
    addresses
        .filter(|(segment, address)| {
            segment
                .alive_bitset()
                .is_none_or(|alive| alive.is_alive(address.doc_id))
        })
        .map(|(_, address)| address)
}

#[allow(clippy::cast_precision_loss)] // only the magnitude counts
fn f32_of(count: u64) -> f32 {
    count as f32
}
