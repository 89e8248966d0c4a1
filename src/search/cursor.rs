//! Going on behind the last hit of an answer: the cursor that an answer gives as `next` and a request sends as `after`.
//!
//! A cursor says where the last hit stood in the order, so it costs the same at any depth, and whatever is added, merged
//! or taken away meanwhile moves no other case over the place. It belongs to one search: a sum over the cursor and the
//! request refuses it elsewhere, and when it was not copied whole. It opens nothing: what it goes on with is filtered for
//! the viewer as ever.

use sha2::{Digest, Sha256};

use super::order::Place;
use super::{Error, MatchKind, SearchRequest, Sort};

/// Version of the form.
const VERSION: u8 = 1;
/// Bytes of the sum.
const SUM: usize = 8;
/// Longest cursor in characters; sortable numbers have 200 characters at most.
const LONGEST: usize = 2_000;

/// Where an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Among which hits; by relevance, exact ones stand before tolerant ones.
    pub(super) matched: MatchKind,
    pub(super) place: Place,
}

impl Cursor {
    /// The cursor as it is sent, for the same search.
    pub(super) fn encode(&self, request: &SearchRequest) -> String {
        let mut bytes = vec![VERSION, u8::from(self.matched == MatchKind::Tolerant)];
        bytes.extend(self.place.steps.to_be_bytes());
        bytes.extend(self.place.date.to_be_bytes());
        bytes.extend(self.place.key.to_be_bytes());
        if let Some(number) = &self.place.number {
            bytes.push(1);
            bytes.extend(number.as_bytes());
        }
        let sum = sum(&bytes, request);
        bytes.extend(sum);
        hex::encode(bytes)
    }

    /// Reads the cursor of an answer to the same search.
    ///
    /// # Errors
    /// [`Error::InvalidCursor`] for anything else.
    pub(super) fn decode(text: &str, request: &SearchRequest) -> Result<Self, Error> {
        Self::read(text, request).ok_or(Error::InvalidCursor)
    }

    fn read(text: &str, request: &SearchRequest) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let bytes = hex::decode(text).ok()?;
        let (body, found) = bytes.split_last_chunk::<SUM>()?;
        if sum(body, request) != *found {
            return None;
        }
        let (&[VERSION, matched], rest) = body.split_first_chunk()? else {
            return None;
        };
        let (steps, rest) = rest.split_first_chunk()?;
        let (date, rest) = rest.split_first_chunk()?;
        let (key, rest) = rest.split_first_chunk()?;
        let number = match rest.split_first() {
            None => None,
            Some((_, number)) => Some(String::from_utf8(number.to_vec()).ok()?),
        };
        Some(Self {
            matched: match matched {
                0 => MatchKind::Exact,
                _ => MatchKind::Tolerant,
            },
            place: Place {
                steps: u32::from_be_bytes(*steps),
                date: u64::from_be_bytes(*date),
                number,
                key: u64::from_be_bytes(*key),
            },
        })
    }
}

/// What ties a cursor to a search: size and facets may differ, nothing that changes the hits or their order.
fn sum(body: &[u8], request: &SearchRequest) -> [u8; SUM] {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(bytes);
    };
    part(body);
    part(request.query.as_bytes());
    for (facet, value) in request.filters() {
        part(facet.code().as_bytes());
        part(value.as_bytes());
    }
    for (name, value) in request.narrowing() {
        part(name.as_bytes());
        part(value.as_bytes());
    }
    for date in [request.from, request.to] {
        part(&date.map_or(0, |date| date.as_number()).to_be_bytes());
    }
    part(&[
        match request.sort {
            Sort::Relevance => 0,
            Sort::DateDescending => 1,
            Sort::DateAscending => 2,
            Sort::Number => 3,
        },
        u8::from(request.expand),
    ]);
    let mut sum = [0; SUM];
    for (slot, byte) in sum.iter_mut().zip(hash.finalize()) {
        *slot = byte;
    }
    sum
}
