//! Numbers of persons in the index: keyed hashes under a key of the archive (`access/numbers.rs` says of what), and their
//! letters sealed.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::access::{FoundNumber, KeyId, Keyring, LookupCipher, asked_number, is_whole, person_numbers};
use crate::analysis::{Analyser, NumberHashes, NumberKeeper, TakenNumbers};
use crate::catalogue::{self, Catalogue};

use super::Archive;

/// What stands in the place of a character that was taken out: no letter.
const TAKEN: char = '*';

/// For what the letters of numbers are sealed.
const PLACE: &str = "numbers in the index";

/// Hashes and seals numbers under a key of an archive.
pub struct KeyedNumbers {
    name: String,
    mac: Hmac<Sha256>,
    cipher: LookupCipher,
    /// Where other keys are to be had.
    ring: Option<Keyring>,
}

impl KeyedNumbers {
    /// With a key and its name.
    #[allow(clippy::expect_used)]
    pub fn new(name: impl Into<String>, key: [u8; 32]) -> Self {
        let name = name.into();
        // HMAC takes a key of any length.
        let mac = Hmac::new_from_slice(&key).expect("a key of 32 bytes");
        let cipher = LookupCipher::new(&key);
        Self {
            name,
            mac,
            cipher,
            ring: None,
        }
    }

    /// The analyser of an archive: its numbers are hashed under the key in use.
    ///
    /// # Errors
    /// When the key is not to be had.
    pub fn analyser(analyser: &Analyser, catalogue: &Catalogue) -> catalogue::Result<Analyser> {
        let (name, key) = catalogue.lookup_key()?;
        let numbers = Self {
            ring: Some(catalogue.keyring().clone()),
            ..Self::new(name.to_string(), key)
        };
        Ok(analyser.with_number_keeper(Some(Arc::new(numbers))))
    }

    /// 64 bits of a number as it is. Of what leaves something open there are many, and what they find is looked at: 40.
    fn hash(&self, pattern: &str) -> u64 {
        let mut mac = self.mac.clone();
        mac.update(pattern.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let length = if is_whole(pattern) { 8 } else { 5 };
        bytes
            .iter()
            .take(length)
            .fold(0, |hash, byte| hash << 8 | u64::from(*byte))
    }
}

impl Archive {
    /// Goes on with another key, when it was changed; `true` when it was. The index asks to be made anew then, and is read with
    /// the key before until it is.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub fn follow_key(&self) -> catalogue::Result<bool> {
        let (name, _) = self.catalogue().lookup_key()?;
        let wanted = self.index().wanted_analyser();
        if wanted
            .numbers()
            .is_some_and(|numbers| numbers.name() == name.to_string())
        {
            return Ok(false);
        }
        let analyser = KeyedNumbers::analyser(&wanted, self.catalogue())?;
        self.index().use_analyser(&analyser);
        Ok(true)
    }
}

impl NumberKeeper for KeyedNumbers {
    fn name(&self) -> &str {
        &self.name
    }

    fn named(&self, name: &str) -> Option<Arc<dyn NumberKeeper>> {
        let ring = self.ring.clone()?;
        let key = ring.lookup_key(KeyId::parse(name)?).ok()?;
        Some(Arc::new(Self {
            ring: Some(ring),
            ..Self::new(name, key)
        }))
    }

    fn take(&self, text: &str) -> TakenNumbers {
        let found = person_numbers(text);
        if found.is_empty() {
            return TakenNumbers {
                text: text.to_owned(),
                ..TakenNumbers::default()
            };
        }
        let mut characters: Vec<char> = text.chars().collect();
        for at in found.iter().flat_map(|number| &number.places) {
            characters[*at] = TAKEN;
        }
        let mut spans: Vec<_> = found.iter().map(FoundNumber::span).collect();
        spans.sort_unstable_by_key(|span| span.start);
        let patterns = found.iter().flat_map(|number| &number.patterns);
        TakenNumbers {
            hashes: patterns.map(|pattern| self.hash(pattern)).collect(),
            text: characters.into_iter().collect(),
            spans,
        }
    }

    fn asked(&self, word: &str) -> Option<NumberHashes> {
        let asked = asked_number(word)?;
        Some(NumberHashes {
            exact: self.hash(&asked.exact),
            misread: asked.misread.iter().map(|pattern| self.hash(pattern)).collect(),
        })
    }

    fn seal(&self, numbers: &[u8]) -> Option<Vec<u8>> {
        self.cipher.seal(PLACE, numbers).ok()
    }

    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.cipher.open(PLACE, sealed).ok()
    }
}
